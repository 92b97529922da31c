import type {Block, Card, Inline} from "../card.js";
import {oneLine} from "../escape.js";
import {heads, place, withoutDrawings} from "../table.js";
import type {Cell, Placed, Table} from "../table.js";
import {pad, width, wrap} from "../width.js";

const page = 88;
const longestLabel = 28;

/** A card for a terminal: no wider than 88 columns where labels allow; details are left to the notebook. */
export const cardToPlain = (card: Card): string => card.map(block).filter(Boolean).join("\n");

function block(b: Block): string {
  if ("table" in b) return table(withoutDrawings(b.table));
  if (!("line" in b)) return "";
  return folded(b.line.map(inline).join("")).join("\n  ");
}

/** Breaks a line between its pieces where it can, inside a piece where it must. */
function folded(line: string): string[] {
  const lines: string[] = [];
  for (const piece of line.split(" · ")) {
    const last = lines[lines.length - 1];
    if (last !== undefined && width(last) + 3 + width(piece) <= page) lines[lines.length - 1] = `${last} · ${piece}`;
    else lines.push(...wrap(piece, page - 2));
  }
  return lines;
}

const inline = (piece: Inline): string => {
  if (typeof piece === "string") return oneLine(piece);
  if ("picture" in piece) return piece.picture.text;
  return oneLine("label" in piece ? piece.label : "code" in piece ? piece.code : "number" in piece ? piece.number : piece.strong);
};

function table(whole: Table): string {
  return panels(whole).map(panel).join("\n\n");
}

/** Cuts a table that is too wide into several that repeat its first column. */
function panels(whole: Table): Table[] {
  const widths = columnWidths(whole);
  const units = heads(whole.columns).slice(1);
  const groups: Placed[][] = [[]];
  let used = widths[0];
  for (const unit of units) {
    let w = 0;
    for (let c = unit.from; c < unit.to; ++c) w += widths[c] + gap(whole, c);
    if (used + w > page && groups[groups.length - 1].length) {
      groups.push([]);
      used = widths[0];
    }
    groups[groups.length - 1].push(unit);
    used += w;
  }
  if (groups.length === 1) return [whole];
  return groups.map((units, g) => {
    const keep = (c: number) => c === 0 || units.some(({from, to}) => c >= from && c < to);
    return {
      caption: g ? `${whole.caption} (continued)` : whole.caption,
      columns: whole.columns.filter((_, c) => keep(c)),
      // Rows that say nothing in this piece are left out of it.
      groups: whole.groups.map(({title, rows}) => ({title, rows: rows.map((row) => place(row).filter(({from}) => keep(from)).map(({cell}) => cell)).filter((row) => row.slice(1).some(({text}) => text))})).filter(({rows}) => rows.length)
    };
  });
}

const gap = ({columns}: Table, c: number): number => (c === 0 ? 0 : columns[c].joined ? 1 : 2);

const text = ({text, kind, blanks = 0}: Cell): string => (kind === "label" ? oneLine(text) : text) + " ".repeat(blanks);

function columnWidths(whole: Table): number[] {
  const {columns, groups} = whole;
  const rows = [heads(columns), ...groups.flatMap((g) => g.rows.map(place))];
  const indent = groups.some((g) => g.title) ? 2 : 0;
  const widths = columns.map(() => 0);
  const size = ({cell, from}: Placed) => (from ? width(text(cell)) : Math.min(longestLabel, width(text(cell))) + indent);
  for (const row of rows) for (const p of row) if (p.to - p.from === 1) widths[p.from] = Math.max(widths[p.from], size(p));
  // What covers several columns widens the last of them.
  for (const row of rows) {
    for (const p of row) {
      if (p.to - p.from === 1) continue;
      let have = widths[p.from];
      for (let c = p.from + 1; c < p.to; ++c) have += widths[c] + gap(whole, c);
      widths[p.to - 1] += Math.max(0, size(p) - have);
    }
  }
  return widths;
}

function panel(whole: Table): string {
  const {caption, columns, groups} = whole;
  const widths = columnWidths(whole);
  const total = widths.reduce((sum, w, c) => sum + w + gap(whole, c), 0);
  const indent = groups.some((g) => g.title) ? "  " : "";

  const set = (row: readonly Placed[], first: string): string => {
    let line = "";
    for (const {cell, from, to} of row) {
      let w = widths[from];
      for (let c = from + 1; c < to; ++c) w += widths[c] + gap(whole, c);
      line += " ".repeat(gap(whole, from)) + pad(from ? text(cell) : first, w, columns[from].align);
    }
    return line.trimEnd();
  };
  const lines = (row: readonly Cell[]): string[] => {
    const pieces = wrap(text(row[0]), longestLabel);
    const below = row[0].below ? wrap(oneLine(row[0].below), page - 6).map((l) => `${indent}  ${l}`) : [];
    return [...pieces.slice(0, -1).map((l) => indent + l), set(place(row), indent + pieces[pieces.length - 1]), ...below];
  };

  const head = heads(columns);
  return [
    ...wrap(oneLine(caption), page),
    "=".repeat(total),
    set(head, text(head[0].cell)),
    "-".repeat(total),
    ...groups.flatMap(({title, rows}) => [...(title ? [oneLine(title)] : []), ...rows.flatMap(lines)]),
    "=".repeat(total)
  ].join("\n");
}
