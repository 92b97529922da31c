/** A small drawing inside a cell, and the text that stands in where drawings are removed. */
export interface Picture {
  /** An `<svg>` element, made of numbers only. */
  readonly svg: string;
  readonly text: string;
}

/** A cell says what it holds; each dress decides how that looks. */
export interface Cell {
  readonly text: string;
  /** Labels come from the user and are escaped; numbers get a true minus; words are ours. Default `"words"`. */
  readonly kind?: "label" | "number" | "words";
  /** Blanks after a number that bring its decimal point under its neighbours'. */
  readonly blanks?: number;
  /** A remark on the text, shown when pointed at. */
  readonly title?: string;
  /** A second, smaller line. */
  readonly below?: string;
  readonly picture?: Picture;
  /** Takes this many columns. Default 1. */
  readonly span?: number;
}

export interface Column {
  readonly head: string;
  readonly headKind?: "label" | "words";
  readonly title?: string;
  readonly align: "left" | "right";
  /** Belongs to the column on its left and stands under its head: stars, an error in parentheses. */
  readonly joined?: boolean;
  /** A drawing: only in HTML. */
  readonly drawing?: boolean;
}

/** Rows under a common heading; no heading when the title is empty. */
export interface Group {
  readonly title: string;
  readonly rows: readonly (readonly Cell[])[];
}

export interface Table {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly groups: readonly Group[];
}

export const label = (text: string, more: Partial<Cell> = {}): Cell => ({text, kind: "label", ...more});
export const number = (text: string, more: Partial<Cell> = {}): Cell => ({text, kind: "number", ...more});
export const words = (text: string, more: Partial<Cell> = {}): Cell => ({text, ...more});

/** A cell, the columns that it covers. */
export interface Placed {
  readonly cell: Cell;
  readonly from: number;
  readonly to: number;
}

/** Where the cells of a row stand. */
export function place(row: readonly Cell[]): Placed[] {
  let from = 0;
  return row.map((cell) => {
    const to = from + (cell.span ?? 1);
    const placed = {cell, from, to};
    from = to;
    return placed;
  });
}

/** The heads as cells, each over its own and its joined columns. */
export function heads(columns: readonly Column[]): Placed[] {
  const row: Cell[] = [];
  for (let c = 0; c < columns.length; ) {
    let to = c + 1;
    while (to < columns.length && columns[to].joined) ++to;
    const {head, headKind, title} = columns[c];
    row.push({text: head, kind: headKind, title, span: to - c});
    c = to;
  }
  return place(row);
}

/** The table without its drawings, for dresses made of text. */
export function withoutDrawings(table: Table): Table {
  const keep = table.columns.map((column) => !column.drawing);
  if (keep.every(Boolean)) return table;
  const rows = (group: Group) => group.rows.map((row) => place(row).filter(({from}) => keep[from]).map(({cell}) => cell));
  return {
    ...table,
    columns: table.columns.filter((_, c) => keep[c]),
    groups: table.groups.map((group) => ({...group, rows: rows(group)}))
  };
}
