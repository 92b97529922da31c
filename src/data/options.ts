import {ChoiceError, checkOptions, listed, quote, suggest} from "../errors.js";
import type {Note} from "./choiceData.js";
import {readIds, readNumbers, type Codes, type Reading} from "./cells.js";
import {encodeOptionNames, type EncodeOptions} from "./encode.js";
import {columnOf, frameOf, rowView, type Frame, type Row, type Table} from "./frame.js";
import {heap, raise} from "./trouble.js";

/** Where an attribute or a derived column gets its numbers: a column, or a function of the row. */
export type RowNumber = (row: Row) => number | boolean;

/** Options that long and wide tables share. Column names unless said otherwise. */
export interface TableOptions extends EncodeOptions {
  /** Who chose. Naming it makes the data a panel: the situations of one person belong together. */
  readonly person?: string;
  /** When: a person's situations are sorted by it. */
  readonly time?: string;
  /** How much each situation counts, 0 or more, the same for all rows of a person. */
  readonly weights?: string;
  /** A coarser unit than the person, for clustered errors. */
  readonly clusters?: string;
  /**
   * The outside option, with utility 0 and attributes 0: the name of an alternative of the data, or a new name (`true`
   * for `"outside"`), which is then added to each situation and chosen where nothing else is.
   */
  readonly outside?: string | true;
  /** Which rows to read. */
  readonly where?: (row: Row) => boolean;
  /** What to do with situations that have an empty cell. Default `"error"`. */
  readonly missing?: "error" | "drop";
  /** What to do with situations that offer one alternative. Default `"error"`. */
  readonly single?: "error" | "drop";
  /** `"parse"` reads "1,200" and "12 €" as numbers. Default `"strict"`: plain numerals only. */
  readonly numbers?: "strict" | "parse";
}

export const tableOptionNames = ["person", "time", "weights", "clusters", "outside", "where", "missing", "single", "numbers", ...encodeOptionNames] as const;

/** A table at the door: options checked, rows chosen, nothing read yet. */
export interface Opened {
  readonly frame: Frame;
  readonly at: string;
  readonly recipe: string;
  /** Table rows to read, (rows). */
  readonly rows: Int32Array;
  readonly reading: Reading;
  readonly outside?: string;
  /** The row at a table row's number, for functions of the row. */
  readonly view: (row: number) => Row;
}

const choices = {missing: ["error", "drop"], single: ["error", "drop"], numbers: ["strict", "parse"]} as const;

/** Checks the options and picks the rows. */
export function open(call: string, table: Table, options: TableOptions & {readonly [name: string]: unknown}, required: readonly string[], known: readonly string[]): Opened {
  const at = `${call}(table, ${describe(options, required)})`;
  if (typeof options !== "object" || options === null) {
    throw new ChoiceError("options/missing", {at: `${call}(table)`, saw: "no options", want: `an object with ${listed(required)}`});
  }
  checkOptions(at, options, [...known, ...tableOptionNames]);
  for (const name of required) {
    if (options[name] === undefined) {
      throw new ChoiceError("options/missing", {
        at, saw: `option ${name} is missing`,
        want: `${listed(required)} must be given`
      });
    }
  }
  for (const [name, allowed] of Object.entries(choices)) {
    const value = options[name];
    if (value !== undefined && !(allowed as readonly unknown[]).includes(value)) {
      throw new ChoiceError("options/unknown-value", {
        at, value, saw: `option ${name} is ${quote(value)}`,
        want: `one of ${listed(allowed.map((a) => quote(a)))}`,
        hint: suggest(String(value), allowed)
      });
    }
  }
  if (options.outside !== undefined && options.outside !== true && typeof options.outside !== "string") {
    throw new ChoiceError("options/unknown-value", {
      at, value: options.outside, saw: `option outside is ${quote(options.outside)}`,
      want: "the name of an alternative, or true"
    });
  }
  const frame = frameOf(table, at);
  const view = rowView(frame, at);
  const rows = pick(frame, view, options.where, at);
  const notes: Note[] = [];
  return {
    frame,
    at,
    recipe: `${call}: ${describe(options, Object.keys(options)).slice(1, -1)}`,
    rows,
    reading: {at, notes, bad: new Uint8Array(rows.length), missing: heap(), parse: options.numbers === "parse"},
    outside: options.outside === true ? "outside" : options.outside,
    view
  };
}

function pick(frame: Frame, view: (row: number) => Row, where: TableOptions["where"], at: string): Int32Array {
  const all = Int32Array.from({length: frame.length}, (_, r) => r);
  if (where === undefined) return all;
  if (typeof where !== "function") {
    throw new ChoiceError("options/not-a-function", {
      at, value: where, saw: `option where is ${quote(where)}`,
      want: "a function of a row that says yes or no"
    });
  }
  const rows = all.filter((r) => {
    const answer: unknown = where(view(r));
    if (typeof answer === "object" && answer !== null) {
      throw new ChoiceError("options/not-a-function", {
        at, row: r, value: answer, saw: `where gives ${quote(answer)} on row ${r}`,
        want: "true or false"
      });
    }
    return Boolean(answer);
  });
  if (rows.length === 0) throw new ChoiceError("data/no-rows", {at, saw: `where keeps none of ${frame.length} rows`, want: "at least one situation"});
  return rows;
}

/** Labels in the column that an option names, or nothing where the option is not given. */
export function ids({frame, at, rows, reading}: Opened, option: string, column: string | undefined): Codes | undefined {
  return column === undefined ? undefined : readIds(reading, {column, cells: columnOf(frame, at, option, column), rows});
}

/**
 * Labels that say where a row belongs. None may be missing, whatever the option `missing` says: a row of no known
 * situation would leave that situation with one alternative less, unseen.
 */
export function owners(opened: Opened, option: string, column: string | undefined): Codes | undefined {
  const missing = heap();
  const codes = ids({...opened, reading: {...opened.reading, missing}}, option, column);
  raise(missing, "data/missing-id", {at: opened.at, want: `an id on each row for option ${option}`, hint: `fill it in, or leave such rows out with where: row => row[${quote(column)}] != null`});
  return codes;
}

/** Numbers of a column or of a function of the row. */
export function numbers({frame, at, rows, reading, view}: Opened, option: string, name: string, source: string | RowNumber, skip?: Uint8Array): Float64Array {
  if (typeof source === "string") return readNumbers(reading, {column: source, cells: columnOf(frame, at, option, source), rows, skip});
  const cells = new Array<unknown>(frame.length);
  for (let i = 0; i < rows.length; ++i) if (!skip?.[i]) cells[rows[i]] = source(view(rows[i]));
  return readNumbers(reading, {column: name, cells, rows, skip});
}

/** Empty cells are an error unless they were to be dropped. */
export function settleMissing({at, reading}: Opened, missing: TableOptions["missing"]): void {
  if (missing === "drop") return;
  raise(reading.missing, "data/missing-cell", {at, want: "no empty cells in the columns that are read", hint: 'missing: "drop" leaves those situations out; or fill the cells in, or leave the column out'});
}

/** Options that hold lists must hold lists of text. */
export function checkList(at: string, option: string, value: unknown): void {
  if (value === undefined || (Array.isArray(value) && value.every((item) => typeof item === "string"))) return;
  throw new ChoiceError("options/not-a-list", {at, value, saw: `option ${option} is ${quote(value)}`, want: "a list of names"});
}

// The options as the user would recognise them; the rest is an ellipsis.
function describe(options: object, names: readonly string[]): string {
  const all = Object.entries(options ?? {}).filter(([, value]) => value !== undefined);
  const shown = all.filter(([name]) => names.includes(name)).map(([name, value]) => `${name}: ${literal(value)}`);
  return `{${[...shown, ...(shown.length < all.length ? ["…"] : [])].join(", ")}}`;
}

function literal(value: unknown): string {
  if (typeof value === "function") return String(value).replace(/\s+/g, " ").slice(0, 120);
  if (Array.isArray(value)) return `[${value.slice(0, 12).map(literal).join(", ")}${value.length > 12 ? ", …" : ""}]`;
  if (typeof value === "object" && value !== null) return `{${Object.entries(value).slice(0, 12).map(([name, entry]) => `${name}: ${literal(entry)}`).join(", ")}}`;
  return quote(value);
}
