import {frameOf, columnOf, type Frame, type Table} from "../data/frame.js";
import {add, cell, heap, raise} from "../data/trouble.js";
import {ChoiceError, quote, suggest} from "../errors.js";

/** How often each bundle was bought: `{"tea+milk": 30, tea: 20, milk: 15, none: 35}`. */
export type BundleCounts = Readonly<Record<string, number>>;

/** Which columns are what. */
export interface BundleColumns {
  /** Columns of the goods, 1 where bought and 0 where not. Default: all columns that no other option names. */
  readonly goods?: readonly string[];
  /** Column that says how often a row occurred. Default: each row once. */
  readonly count?: string;
  /** Column that sorts customers or occasions into strata. */
  readonly stratify?: string;
}

/** Purchases, row by row. */
export interface Bundles {
  readonly goods: readonly string[]; // (J)
  /** 1 where row r holds good j, (R, J) row-major. */
  readonly holds: Uint8Array;
  readonly count: Float64Array; // (R)
  readonly n: number;
  /** The stratum of each row, (R), and their labels; absent where there are none. */
  readonly strata?: {readonly of: Int32Array; readonly labels: readonly string[]};
}

const nothing = ["none", "neither", "nothing", ""];

/** Counts by bundle, or a table of purchases, as rows. */
export function readBundles(at: string, input: Table | BundleCounts, columns: BundleColumns): Bundles {
  const bundles = isCounts(input) ? fromCounts(at, input, columns) : fromTable(at, input, columns);
  if (bundles.goods.length < 2) throw new ChoiceError("bundles/goods", {at, saw: `${bundles.goods.length === 1 ? `one good, ${quote(bundles.goods[0])}` : "no good"}`, want: "at least two goods", hint: 'goods: ["tea", "milk"], or {"tea+milk": 30, tea: 20, milk: 15, none: 35}'});
  if (!(bundles.n > 0)) throw new ChoiceError("bundles/empty", {at, saw: "counts that are all 0", want: "at least one purchase decision"});
  return bundles;
}

const isCounts = (input: unknown): input is BundleCounts =>
  typeof input === "object" && input !== null && !Array.isArray(input) && Object.values(input).length > 0 && Object.values(input).every((v) => typeof v === "number");

function fromCounts(at: string, counts: BundleCounts, {goods: asked, count, stratify}: BundleColumns): Bundles {
  if (count !== undefined || stratify !== undefined) throw new ChoiceError("bundles/option", {at, saw: `option ${count !== undefined ? "count" : "stratify"} with counts by bundle`, want: "a table, where columns are to be named"});
  const parts = Object.keys(counts).map((name) => (nothing.includes(name.trim().toLowerCase()) ? [] : name.split("+").map((part) => part.trim())));
  const found = [...new Set(parts.flat())];
  const unknown = asked?.find((good) => !found.includes(good));
  if (unknown !== undefined) throw new ChoiceError("bundles/goods", {at, saw: `no bundle holds ${quote(unknown)}`, want: "goods that bundles hold", hint: suggest(unknown, found)});
  const goods = asked ?? found;
  const bad = heap();
  Object.entries(counts).forEach(([name, value], row) => { if (!(value >= 0 && Number.isFinite(value))) add(bad, {column: name, row, value}); });
  raise(bad, "bundles/count", {at, want: "counts of 0 or more"}, ({column, value}) => `bundle ${quote(column)} counts ${quote(value)}`);
  const seen = new Map<string, string>();
  const holds = new Uint8Array(parts.length * goods.length);
  Object.keys(counts).forEach((name, r) => {
    goods.forEach((good, j) => { holds[r * goods.length + j] = Number(parts[r].includes(good)); });
    const key = [...parts[r]].sort().join("+");
    const twin = seen.get(key);
    if (twin !== undefined || new Set(parts[r]).size < parts[r].length) throw new ChoiceError("bundles/twice", {at, column: name, saw: twin === undefined ? `bundle ${quote(name)} names a good twice` : `bundles ${quote(twin)} and ${quote(name)} are the same`, want: "each bundle once"});
    seen.set(key, name);
  });
  const count_ = Float64Array.from(Object.values(counts));
  return {goods, holds, count: count_, n: count_.reduce((sum, v) => sum + v, 0)};
}

function fromTable(at: string, table: Table, options: BundleColumns): Bundles {
  const frame = frameOf(table, at);
  const {count, stratify} = options;
  const goods = options.goods ?? frame.names.filter((name) => name !== count && name !== stratify);
  if (!Array.isArray(goods)) throw new ChoiceError("bundles/goods", {at, saw: `goods: ${quote(goods)}`, want: "an array of column names"});
  const twice = goods.find((name, k) => goods.indexOf(name) !== k || name === count || name === stratify);
  if (twice !== undefined) throw new ChoiceError("bundles/goods", {at, column: twice, saw: `column ${quote(twice)} is named twice`, want: "each column in one role"});
  const holds = new Uint8Array(frame.length * goods.length);
  const [empty, other] = [heap(), heap()];
  goods.forEach((good, j) => {
    const cells = columnOf(frame, at, "goods", good);
    for (let r = 0; r < frame.length; ++r) {
      const value = cells[r];
      const number = typeof value === "boolean" || typeof value === "bigint" ? Number(value) : value;
      if (number === 0 || number === 1) holds[r * goods.length + j] = number;
      else add(number === null || number === undefined || number === "" || Number.isNaN(number) ? empty : other, {column: good, row: r, value});
    }
  });
  raise(empty, "bundles/empty-cell", {at, want: "1 or 0 in each cell of a good", hint: "drop such rows, or write 0 where nothing was bought"});
  raise(other, "bundles/not-a-purchase", {at, want: "1 where the good was bought and 0 where not", hint: options.goods ? "turn quantities into (x > 0)" : "name the columns of the goods: goods: [\"tea\", \"milk\"]"});
  const counts = count === undefined ? new Float64Array(frame.length).fill(1) : readCounts(frame, at, count);
  return {goods, holds, count: counts, n: counts.reduce((sum, v) => sum + v, 0), ...(stratify !== undefined && {strata: readStrata(frame, at, stratify)})};
}

function readCounts(frame: Frame, at: string, name: string): Float64Array {
  const cells = columnOf(frame, at, "count", name);
  const bad = heap();
  const counts = Float64Array.from({length: frame.length}, (_, r) => {
    const value = typeof cells[r] === "bigint" ? Number(cells[r]) : cells[r];
    if (typeof value === "number" && value >= 0 && Number.isFinite(value)) return value;
    add(bad, {column: name, row: r, value: cells[r]});
    return 0;
  });
  raise(bad, "bundles/count", {at, want: "counts of 0 or more"});
  return counts;
}

function readStrata(frame: Frame, at: string, name: string): NonNullable<Bundles["strata"]> {
  const cells = columnOf(frame, at, "stratify", name);
  const labels: string[] = [];
  const known = new Map<string, number>();
  const missing = heap();
  const of = Int32Array.from({length: frame.length}, (_, r) => {
    const value = cells[r];
    if (value === null || value === undefined || value === "" || Number.isNaN(value)) {
      add(missing, {column: name, row: r, value});
      return -1;
    }
    const label = String(value);
    let k = known.get(label);
    if (k === undefined) known.set(label, (k = labels.push(label) - 1));
    return k;
  });
  raise(missing, "bundles/empty-cell", {at, want: "a stratum for each row"}, cell);
  if (labels.length > 1000) throw new ChoiceError("bundles/strata", {at, column: name, saw: `${labels.length} strata in column ${quote(name)}`, want: "at most 1000", hint: "sort numbers into a few ranges first"});
  return {of, labels};
}
