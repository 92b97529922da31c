import type {Card, Inline} from "../card.js";
import {escapeLatex} from "../escape.js";
import {heads, place, withoutDrawings} from "../table.js";
import type {Cell, Column, Placed, Table} from "../table.js";

/** A card for a paper: a `booktabs` table for each table, the lines under them in small type. */
export function cardToLatex(card: Card): string {
  const parts: string[] = [];
  const first = card.find((block) => "table" in block);
  for (const block of card) {
    if ("table" in block) parts.push(...(parts.length ? ["\\par\\bigskip"] : []), table(withoutDrawings(block.table), block === first));
    else if ("line" in block) parts.push(`\\par\\smallskip{\\footnotesize ${block.line.map(inline).join("").trim()}\\par}`);
  }
  return ["\\begin{table}[htbp]", "\\centering", ...parts, "\\end{table}"].join("\n");
}

function inline(piece: Inline): string {
  if (typeof piece === "string") return spaced(piece);
  if ("label" in piece) return escapeLatex(piece.label);
  if ("picture" in piece) return "";
  if ("code" in piece) return `\\texttt{${escapeLatex(piece.code)}}`;
  if ("number" in piece) return mathematics(piece.number);
  return `\\textbf{${escapeLatex(piece.strong)}}`;
}

const spaced = (text: string): string => text.replace(/\S(?:.*\S)?/s, escapeLatex);

/** A number in math mode where it has a sign, an inequality or a power of ten. */
function mathematics(text: string): string {
  if (!/[-<[]|\de-?\d/.test(text)) return escapeLatex(text);
  return `$${text.replace(/(\d)e(-?\d+)/g, "$1\\times10^{$2}")}$`;
}

function content({text, kind}: Cell): string {
  if (kind === "number") return mathematics(text);
  return /^(\*+†?|†)$/.test(text) ? `$^{${text.replace("†", "\\dagger")}}$` : escapeLatex(text);
}

function table({caption, columns, groups}: Table, captioned: boolean): string {
  const cell = ({cell, from, to}: Placed): string => {
    const inner = content(cell);
    return to - from > 1 ? `\\multicolumn{${to - from}}{${columns[from].align[0]}}{${inner}}` : inner;
  };
  const line = (row: readonly Placed[]): string => `${row.map(cell).join(" & ")} \\\\`;
  const below = ({below}: Cell): string[] => (below ? [`\\quad{\\footnotesize ${escapeLatex(below)}}${" &".repeat(columns.length - 1)} \\\\`] : []);
  const heading = (title: string): string[] => (title ? [`\\multicolumn{${columns.length}}{l}{\\textit{${escapeLatex(title)}}} \\\\`] : []);
  return [
    captioned ? `\\caption{${escapeLatex(caption)}}` : `\\textbf{${escapeLatex(caption)}}\\par`,
    `\\begin{tabular}{${columns.map(letter).join("")}}`,
    "\\toprule",
    line(heads(columns)),
    "\\midrule",
    ...groups.flatMap(({title, rows}) => [...heading(title), ...rows.flatMap((row) => [line(place(row)), ...below(row[0])])]),
    "\\bottomrule",
    "\\end{tabular}"
  ].join("\n");
}

// A joined column stands close to its left neighbour.
const letter = ({align, joined}: Column): string => (joined ? `@{\\,}${align[0]}` : align[0]);
