import {createHash} from "node:crypto";
import type {Block, Card, Inline} from "../card.js";
import {escapeAttribute, escapeHtml, htmlLabel} from "../escape.js";
import {heads, place} from "../table.js";
import type {Cell, Column, Group, Picture, Placed, Table} from "../table.js";
import {style} from "./style.js";

/**
 * A card as one element with its own style.
 *
 * The class is a hash of the content, so that the style touches nothing else on the page and the same result has the same
 * bytes. Where a host removes the style and the drawings, alignment is kept by attributes and drawings by their text twins,
 * which only the style hides.
 */
export function cardToHtml(card: Card): string {
  const body = card.map(block).join("\n");
  const scope = `ml${createHash("sha1").update(body).digest("hex").slice(0, 8)}`;
  // The other classes keep a host's typesetter from reading a label with dollars as mathematics.
  return `<style>${style(scope)}</style>\n<div class="${scope} tex2jax_ignore mathjax_ignore">\n${body}\n</div>`;
}

function block(b: Block): string {
  if ("table" in b) return table(b.table);
  if ("line" in b) return `<p class="${b.tone}">${b.line.map(inline).join("")}</p>`;
  const facts = b.facts.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${value.map(inline).join("")}</dd>`);
  const list = facts.length ? `<dl>${facts.join("\n")}</dl>` : "";
  return `<details><summary>${escapeHtml(b.summary)}</summary>${list}${(b.tables ?? []).map(table).join("\n")}</details>`;
}

function inline(piece: Inline): string {
  if (typeof piece === "string") return escapeHtml(piece);
  if ("label" in piece) return htmlLabel(piece.label);
  if ("code" in piece) return `<code>${htmlLabel(piece.code)}</code>`;
  if ("number" in piece) return piece.strong ? `<b>${minus(piece.number)}</b>` : minus(piece.number);
  if ("picture" in piece) return twin(piece.picture);
  return `<b>${escapeHtml(piece.strong)}</b>`;
}

function table({caption, columns, groups}: Table): string {
  const head = heads(columns).map(({cell, from, to}) => {
    if (!cell.text) return "<td></td>";
    const scope = to - from > 1 ? ` colspan="${to - from}" scope="colgroup"` : ' scope="col"';
    return `<th${scope}${align(columns[from])}>${content(cell)}</th>`;
  });
  return `<table>\n<caption align="left">${htmlLabel(caption)}</caption>\n<thead><tr>${head.join("")}</tr></thead>\n${groups.map((g) => body(g, columns)).join("\n")}\n</table>`;
}

function body({title, rows}: Group, columns: readonly Column[]): string {
  const heading = title ? `<tr><th scope="rowgroup" colspan="${columns.length}" align="left">${htmlLabel(title)}</th></tr>\n` : "";
  return `<tbody>${heading}${rows.map((row) => `<tr>${place(row).map((p, i) => cell(p, i === 0, columns)).join("")}</tr>`).join("\n")}</tbody>`;
}

function cell({cell, from, to}: Placed, first: boolean, columns: readonly Column[]): string {
  const span = to - from > 1 ? ` colspan="${to - from}"` : "";
  const tag = first ? "th" : "td";
  const joined = columns[from].joined ? ' class="j"' : "";
  // Cells stand on the left by themselves; heads would be centred.
  const side = first || columns[from].align === "right" ? align(columns[from]) : "";
  return `<${tag}${first ? ' scope="row"' : ""}${span}${side}${joined}>${content(cell)}</${tag}>`;
}

const align = (column: Column): string => ` align="${column.align}"`;

function content({text, kind, blanks = 0, title, below, picture}: Cell): string {
  let inner = kind === "number" ? minus(text) + "\u2007".repeat(blanks) : kind === "label" ? htmlLabel(text) : escapeHtml(text);
  if (title) inner = `<abbr title="${escapeAttribute(title)}">${inner}</abbr>`;
  if (below) inner += `<br><small>${htmlLabel(below)}</small>`;
  return picture ? inner + twin(picture) : inner;
}

const twin = ({svg, text}: Picture): string => `${svg}<code class="t">${escapeHtml(text)}</code>`;

const minus = (text: string): string => escapeHtml(text.replaceAll("-", "\u2212"));
