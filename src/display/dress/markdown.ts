import type {Block, Card, Inline} from "../card.js";
import {escapeMarkdown} from "../escape.js";
import {heads, place, withoutDrawings} from "../table.js";
import type {Cell, Table} from "../table.js";

/** A card as a pipe table with lines under it, as GitHub, Quarto and pandoc read it. */
export const cardToMarkdown = (card: Card): string => card.map(block).filter(Boolean).join("\n\n");

function block(b: Block): string {
  if ("table" in b) return table(withoutDrawings(b.table));
  return "line" in b ? b.line.map(inline).join("") : "";
}

function inline(piece: Inline): string {
  if (typeof piece === "string") return spaced(piece);
  if ("label" in piece) return escapeMarkdown(piece.label);
  if ("picture" in piece) return "";
  if ("code" in piece) return escapeMarkdown(piece.code);
  if ("number" in piece) return piece.strong ? `**${minus(piece.number)}**` : minus(piece.number);
  return `**${escapeMarkdown(piece.strong)}**`;
}

// Escapes look at the ends of a text, so that the spaces there must be kept apart.
const spaced = (text: string): string => text.replace(/\S(?:.*\S)?/s, escapeMarkdown);

const minus = (text: string): string => escapeMarkdown(text.replaceAll("-", "\u2212"));

function content({text, kind, below}: Cell): string {
  const inner = kind === "number" ? minus(text) : escapeMarkdown(text);
  return below ? `${inner}<br>${escapeMarkdown(below)}` : inner;
}

/** Joined columns become one cell here: a pipe table has no spans. */
function table({caption, columns, groups}: Table): string {
  const head = heads(columns);
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const row = (cells: readonly Cell[]): string => {
    const placed = place(cells);
    return line(head.map(({from, to}) => placed.filter((p) => p.from >= from && p.from < to).map((p) => content(p.cell)).filter(Boolean).join(" ")));
  };
  return [
    `**${escapeMarkdown(caption)}**`,
    "",
    line(head.map(({cell}) => content(cell))),
    line(head.map(({from}) => (columns[from].align === "left" ? ":--" : "--:"))),
    ...groups.flatMap(({title, rows}) => [...(title ? [line([`*${escapeMarkdown(title)}*`, ...head.slice(1).map(() => "")])] : []), ...rows.map(row)])
  ].join("\n");
}
