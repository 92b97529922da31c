import {ChoiceError, quote} from "../errors.js";
import type {Id, Note} from "./choiceData.js";
import {add, cell, heap, raise, type Heap} from "./trouble.js";

/** What goes along while columns are read: where to complain, what is missing so far, and what to tell the user. */
export interface Reading {
  readonly at: string;
  /** Which rows had a missing cell, (rows being read). */
  readonly bad: Uint8Array;
  readonly missing: Heap;
  readonly notes: Note[];
  /** `numbers: "parse"`: "1,200" and "12 €" are numbers. */
  readonly parse: boolean;
}

/** Labels as small integers: `ids[code[r]]` is the label of row r; -1 where it is missing. */
export interface Codes {
  readonly code: Int32Array; // (rows)
  readonly ids: readonly Id[];
}

/** A column in the table: its name and cells, the table rows to read, and rows whose cells do not matter. */
export interface Cells {
  readonly column: string;
  readonly cells: ArrayLike<unknown>;
  readonly rows: Int32Array;
  readonly skip?: Uint8Array;
}

const clean = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const dressed = /^[€$£¥]?\s*[-+]?\d[\d.,'\s_]*([€$£¥%]|chf|eur|usd|gbp|jpy|km|mi|min|hr?s?)?$/i;
const absent = /^(|na|n\/a|nan|null|none|undefined)$/i;

/** A column of numbers, (rows), which may be the table's own array, not to be written to. Missing cells are recorded and read as 0. */
export function readNumbers(reading: Reading, {column, cells, rows, skip}: Cells): Float64Array {
  if (cells instanceof Float64Array && !skip && asItIs(cells, rows)) return cells;
  const values = new Float64Array(rows.length);
  const infinite = heap();
  const text = heap();
  const other = heap();
  const seen = {number: 0, boolean: 0, string: 0};
  let example = "";
  for (let i = 0; i < rows.length; ++i) {
    if (skip?.[i]) continue;
    let value = cells[rows[i]];
    if (typeof value === "bigint") value = Number(value);
    if (typeof value === "number") {
      if (Number.isFinite(value)) {
        values[i] = value;
        ++seen.number;
      } else if (Number.isNaN(value)) miss(reading, i, column, rows[i], value);
      else add(infinite, {column, row: rows[i], value});
    } else if (value === null || value === undefined) miss(reading, i, column, rows[i], value);
    else if (typeof value === "boolean") {
      values[i] = Number(value);
      ++seen.boolean;
    } else if (typeof value === "string") {
      const trimmed = value.trim();
      if (absent.test(trimmed)) {
        miss(reading, i, column, rows[i], value);
        continue;
      }
      const parsed = clean.test(trimmed) ? Number(trimmed) : reading.parse ? parse(trimmed) : NaN;
      ++seen.string;
      if (Number.isNaN(parsed)) add(text, {column, row: rows[i], value});
      else if (!Number.isFinite(parsed)) add(infinite, {column, row: rows[i], value});
      else {
        values[i] = parsed;
        example ||= `${quote(value)} as ${parsed}`;
      }
    } else add(other, {column, row: rows[i], value});
  }
  const {at} = reading;
  raise(infinite, "data/not-finite", {at, want: "finite numbers", hint: `leave such rows out with where: row => Number.isFinite(row[${quote(column)}])`});
  raise(other, "data/not-a-number", {at, want: "a number in each cell"});
  raise(text, "data/text-number", {
    at,
    want: `numbers in column ${quote(column)}`,
    hint: text.places.some(({value}) => dressed.test(String(value).trim()))
      ? 'numbers: "parse", or clean the column with Number()'
      : `dummies: [${quote(column)}] if it holds categories, or leave it out of the attributes`
  });
  if (Object.values(seen).filter(Boolean).length > 1 && !reading.parse) throw mixed(reading, column, cells, rows, skip);
  if (example) reading.notes.push({level: "info", code: "data/string-numbers", text: `Column ${quote(column)} holds numbers as text; they were read as numbers (${example}).`});
  return values;
}

/** Whether every row is read, in its place, and nothing has to be said of any. */
function asItIs(cells: Float64Array, rows: Int32Array): boolean {
  if (rows.length !== cells.length) return false;
  for (let i = 0; i < rows.length; ++i) if (rows[i] !== i || !Number.isFinite(cells[i])) return false;
  return true;
}

/** A column of labels, (rows), numbered in order of first appearance. Missing cells are recorded and coded -1. */
export function readIds(reading: Reading, from: Cells): Codes {
  const {column, rows} = from;
  const codes = codify(reading.at, from);
  for (let i = 0; i < rows.length; ++i) {
    if (codes.code[i] < 0 && !from.skip?.[i]) miss(reading, i, column, rows[i], from.cells[rows[i]]);
  }
  const kinds = new Set(codes.ids.map((id) => typeof id));
  if (kinds.size > 1) {
    const known = new Map<string, Id>();
    for (const id of codes.ids) {
      const twin = known.get(String(id));
      if (twin !== undefined) {
        reading.notes.push({level: "warning", code: "data/mixed-ids", text: `Column ${quote(column)} holds both ${quote(twin)} (${typeof twin}) and ${quote(id)} (${typeof id}); they count as different labels, except as alternatives, which are known by their text.`});
        break;
      }
      known.set(String(id), id);
    }
  }
  return codes;
}

/** Labels without a word on missing cells: those are coded -1. */
export function codify(at: string, {column, cells, rows, skip}: Cells): Codes {
  const code = new Int32Array(rows.length).fill(-1);
  const known = new Map<unknown, number>();
  const ids: Id[] = [];
  const bad = heap();
  let last: unknown;
  let lastCode = -1;
  for (let i = 0; i < rows.length; ++i) {
    if (skip?.[i]) continue;
    let value = cells[rows[i]];
    if (value === last && lastCode >= 0) {
      code[i] = lastCode;
      continue;
    }
    if (value instanceof Date) value = Number.isNaN(value.getTime()) ? null : value.toISOString();
    if (value === null || value === undefined || value === "" || Number.isNaN(value)) continue;
    if (typeof value === "object" || typeof value === "function" || typeof value === "symbol" || value === Infinity || value === -Infinity) {
      add(bad, {column, row: rows[i], value});
      continue;
    }
    let c = known.get(value);
    if (c === undefined) {
      known.set(value, (c = ids.length));
      ids.push(value as Id);
    }
    code[i] = c;
    last = value;
    lastCode = c;
  }
  raise(bad, "data/bad-id", {at, want: "text, numbers or booleans as labels"});
  return {code, ids};
}

/** A column of yes and no, (rows): 1 or 0. Missing cells are recorded and read as 0. */
export function readFlags(reading: Reading, from: Cells, want: string): Uint8Array {
  const {column, cells, rows, skip} = from;
  const {code, ids} = codify(reading.at, from);
  const meaning = ids.map(flag);
  const flags = new Uint8Array(rows.length);
  const bad = heap();
  for (let i = 0; i < rows.length; ++i) {
    if (skip?.[i]) continue;
    if (code[i] < 0) miss(reading, i, column, rows[i], cells[rows[i]]);
    else if (meaning[code[i]] === undefined) add(bad, {column, row: rows[i], value: cells[rows[i]]});
    else flags[i] = meaning[code[i]] as number;
  }
  raise(bad, "data/not-yes-no", {at: reading.at, want});
  return flags;
}

/** 1, 0, or undefined for what is neither yes nor no. */
export function flag(id: Id): 1 | 0 | undefined {
  const word = String(id).trim().toLowerCase();
  return /^(1|true|yes|y)$/.test(word) ? 1 : /^(0|false|no|n)$/.test(word) ? 0 : undefined;
}

/** What a column seems to hold, so that only numbers become attributes by default. */
export function looksNumeric({cells, rows, skip}: Cells): boolean {
  if (ArrayBuffer.isView(cells)) return true;
  let numbers = 0;
  let words = 0;
  for (let i = 0; i < rows.length; ++i) {
    const value = cells[rows[i]];
    if (skip?.[i] || value === null || value === undefined || Number.isNaN(value)) continue;
    if (typeof value !== "string") typeof value === "object" ? ++words : ++numbers;
    else if (!absent.test(value.trim())) dressed.test(value.trim()) || clean.test(value.trim()) ? ++numbers : ++words;
  }
  return numbers > words;
}

function miss(reading: Reading, index: number, column: string, row: number, value: unknown): void {
  reading.bad[index] = 1;
  add(reading.missing, {column, row, value});
}

// "1,200.50", "1.200,50", "1 200", "12,5", "12 €": a comma or point before three digits groups thousands, else it is decimal.
function parse(text: string): number {
  if (!dressed.test(text)) return NaN;
  const bare = text.replace(/[^\d.,+-]/g, "");
  if (/^[-+]?\d{1,3}(,\d{3})+(\.\d*)?$/.test(bare)) return Number(bare.replaceAll(",", ""));
  if (/^[-+]?\d{1,3}(\.\d{3})+,\d*$|^[-+]?\d{1,3}(\.\d{3}){2,}$/.test(bare)) return Number(bare.replaceAll(".", "").replace(",", "."));
  if (/^[-+]?\d+,\d+$/.test(bare)) return Number(bare.replace(",", "."));
  return clean.test(bare) ? Number(bare) : NaN;
}

function mixed({at}: Reading, column: string, cells: ArrayLike<unknown>, rows: Int32Array, skip?: Uint8Array): ChoiceError {
  const first = new Map<string, number>();
  for (let i = 0; i < rows.length; ++i) {
    const value = cells[rows[i]];
    const kind = typeof value === "bigint" ? "number" : typeof value;
    const counts = kind === "number" ? !Number.isNaN(Number(value)) : kind === "boolean" || (kind === "string" && !absent.test((value as string).trim()));
    if (!skip?.[i] && counts && !first.has(kind)) first.set(kind, rows[i]);
  }
  const places = [...first.values()].map((row) => ({column, row, value: cells[row]}));
  return new ChoiceError("data/mixed-types", {at, saw: places.map(cell).join("; "), want: `one kind of value in column ${quote(column)}`, hint: 'numbers: "parse", or make them all numbers with Number()', ...places[0]}, places);
}
