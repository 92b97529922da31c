import {ChoiceError, quote, suggest} from "../errors.js";

/** A column held as an array: plain or typed. */
export type ColumnArray =
  | readonly unknown[]
  | Float64Array | Float32Array
  | Int32Array | Int16Array | Int8Array
  | Uint32Array | Uint16Array | Uint8Array | Uint8ClampedArray
  | BigInt64Array | BigUint64Array;

/** A danfo.js DataFrame, by its shape. */
export interface DataFrameLike {
  readonly columns: readonly string[];
  readonly shape: readonly number[];
  readonly values: unknown;
  column(name: string): {readonly values: unknown};
}

/** An Apache Arrow Table, by its shape. */
export interface ArrowLike {
  readonly numRows: number;
  readonly schema: {readonly fields: readonly {readonly name: unknown}[]};
  getChildAt(index: number): VectorLike | null;
}

interface VectorLike {
  readonly nullCount: number;
  readonly length: number;
  get(index: number): unknown;
  toArray(): ArrayLike<unknown>;
  memoize?(): VectorLike;
}

/** A record of columns of one length: `{mode: ["car", "bus"], cost: Float64Array.of(3, 1)}`. */
export interface ColumnsRecord {
  readonly [name: string]: ColumnArray;
}

/**
 * What the library reads as a table: a danfo.js DataFrame, an Apache Arrow Table, an array of row objects (keys may be
 * ragged), or an object of columns of one length.
 */
export type Table = DataFrameLike | ArrowLike | readonly object[] | ColumnsRecord;

/** A table of any make, read column by column; a cell may be anything. */
export interface Frame {
  /** Names of the columns, each once. */
  readonly names: readonly string[];
  /** Number of rows. */
  readonly length: number;
  /** Cells of a column, (length); the name must be one of `names`. */
  column(name: string): ArrayLike<unknown>;
}

/** One row as a predicate or a derived column sees it. Cells are `any` so that a notebook can write `row.cost > 3`. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Row = Readonly<Record<string, any>>;

/**
 * Reads a table by its shape, so that neither danfo.js nor Arrow is imported. Columns are fetched when asked for and
 * kept; nothing is copied that need not be.
 *
 * @param table DataFrame, Arrow Table, array of row objects, or object of columns
 * @param at    the call to name in a message
 * @throws {ChoiceError} data/not-a-table, data/empty-table, data/unequal-lengths, data/duplicate-column
 * @example
 * frameOf([{mode: "car", cost: 3}, {mode: "bus", cost: 1}]).column("cost") // [3, 1]
 */
export function frameOf(table: Table, at = "frameOf(table)"): Frame {
  const frame = read(table, at);
  const twice = frame.names.find((name, k) => frame.names.indexOf(name) !== k);
  if (twice !== undefined) {
    throw new ChoiceError("data/duplicate-column", {
      at, column: twice, saw: `two columns are called ${quote(twice)}`,
      want: "names that tell columns apart",
      hint: "rename one of them"
    });
  }
  if (frame.length === 0 || frame.names.length === 0) {
    throw new ChoiceError("data/empty-table", {
      at, saw: `a table of ${frame.length} rows and ${frame.names.length} columns`,
      want: "at least one row and one column"
    });
  }
  const kept = new Map<string, ArrayLike<unknown>>();
  return {
    ...frame,
    column(name) {
      let cells = kept.get(name);
      if (!cells) kept.set(name, (cells = frame.column(name)));
      return cells;
    }
  };
}

/** The cells of the column that an option names. */
export function columnOf(frame: Frame, at: string, option: string, name: unknown): ArrayLike<unknown> {
  if (typeof name !== "string") {
    throw new ChoiceError("options/not-a-column", {
      at, value: name, saw: `option ${option} is ${quote(name)}`,
      want: "the name of a column, as text"
    });
  }
  if (!frame.names.includes(name)) throw missingColumn(frame, at, name, `for option ${option}`);
  return frame.column(name);
}

/**
 * One object that shows row after row through getters, so that a predicate over a million rows makes no million objects.
 * A name that is no column is an error there and then, rather than an `undefined` that compares false for ever.
 */
export function rowView(frame: Frame, at: string): (row: number) => Row {
  let current = 0;
  const view = Object.create(null) as Record<string, unknown>;
  for (const name of frame.names) {
    Object.defineProperty(view, name, {enumerable: true, configurable: true, get: () => frame.column(name)[current]});
  }
  const guarded = new Proxy(view, {
    get(target, name) {
      if (typeof name === "string" && !(name in target)) throw missingColumn(frame, at, name, "in a function of the row");
      return target[name as string];
    }
  });
  return (row) => ((current = row), guarded);
}

function missingColumn(frame: Frame, at: string, name: string, where: string): ChoiceError {
  return new ChoiceError("data/missing-column", {at, column: name, saw: `no column called ${quote(name)}`, want: `a column of the table ${where}`, hint: suggest(name, frame.names)});
}

function read(table: unknown, at: string): Frame {
  if (isArrow(table)) return readArrow(table);
  if (isDataFrame(table)) return readDataFrame(table);
  if (Array.isArray(table)) return readRows(table, at);
  if (isObject(table)) return readColumns(table, at);
  throw notATable(at, table, `got ${quote(table)}`);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

const isArray = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));

const isArrow = (table: unknown): table is ArrowLike =>
  isObject(table) && typeof table.getChildAt === "function" && isObject(table.schema) && Array.isArray(table.schema.fields);

const isDataFrame = (table: unknown): table is DataFrameLike =>
  isObject(table) && typeof table.column === "function" && Array.isArray(table.columns);

function notATable(at: string, value: unknown, saw: string): ChoiceError {
  return new ChoiceError("data/not-a-table", {at, value, saw, want: "a DataFrame, an Arrow table, an array of row objects, or an object of columns", ...(typeof value === "string" && {hint: 'read a file first: import {readCSV} from "danfojs-node"; await readCSV("choices.csv")'})});
}

function readArrow(table: ArrowLike): Frame {
  const names = table.schema.fields.map((field) => String(field.name));
  const column = (name: string): ArrayLike<unknown> => {
    const vector = table.getChildAt(names.indexOf(name));
    if (!vector) return new Array<unknown>(table.numRows).fill(null);
    // toArray() of numbers is the raw buffer: fast, but null slots hold leftovers, so columns with nulls go cell by cell.
    if (vector.nullCount === 0) {
      const cells = vector.toArray();
      if (ArrayBuffer.isView(cells) && cells.length === table.numRows) return cells;
    }
    const fast = vector.memoize?.() ?? vector;
    return Array.from({length: table.numRows}, (_, r) => fast.get(r));
  };
  return {names, length: table.numRows, column};
}

function readDataFrame(table: DataFrameLike): Frame {
  const names = table.columns.map(String);
  const {values} = table;
  const byRow = Array.isArray(values) && values.length > 0 && values.every((row) => isArray(row) && row.length === names.length);
  // Cells by position where the rows are at hand: a column's name never becomes a property that way.
  const column = (name: string): ArrayLike<unknown> => {
    const k = names.indexOf(name);
    return byRow ? Array.from(values as unknown[][], (row) => row[k]) : (table.column(name).values as ArrayLike<unknown>);
  };
  return {names, length: table.shape?.[0] ?? (Array.isArray(values) ? values.length : 0), column};
}

function readRows(rows: readonly unknown[], at: string): Frame {
  const names = new Set<string>();
  for (let r = 0; r < rows.length; ++r) {
    const row = rows[r];
    if (!isObject(row) || isArray(row)) {
      throw new ChoiceError("data/not-a-table", {
        at, row: r, value: row, saw: `row ${r} is ${quote(row)}`,
        want: "an object for each row",
        hint: "write rows as {mode: \"car\", cost: 3}, or pass an object of columns"
      });
    }
    for (const name in row) if (!names.has(name) && Object.hasOwn(row, name)) names.add(name);
  }
  // Own properties only: a column called "constructor" must not read what every object inherits.
  const column = (name: string): ArrayLike<unknown> =>
    rows.map((row) => (Object.hasOwn(row as object, name) ? (row as Record<string, unknown>)[name] : undefined));
  return {names: [...names], length: rows.length, column};
}

function readColumns(table: Record<string, unknown>, at: string): Frame {
  const columns = new Map(Object.entries(table));
  let first: [string, number] | undefined;
  for (const [name, cells] of columns) {
    if (!isArray(cells)) throw notATable(at, cells, `an object whose entry ${quote(name)} is ${quote(cells)}, not an array`);
    first ??= [name, cells.length];
    if (cells.length !== first[1]) {
      throw new ChoiceError("data/unequal-lengths", {
        at, column: name, saw: `column ${quote(first[0])} has ${first[1]} rows and column ${quote(name)} has ${cells.length}`,
        want: "columns of one length"
      });
    }
  }
  return {names: [...columns.keys()], length: first?.[1] ?? 0, column: (name) => columns.get(name) as ArrayLike<unknown>};
}
