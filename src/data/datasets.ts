import {readFile} from "node:fs/promises";
import {fileURLToPath} from "node:url";
import {ChoiceError} from "../errors.js";
import {readCsv, type Columns} from "./csv.js";

/** One column of a {@link DataFrame}: the members of danfojs's Series that notebooks use. */
export interface Series {
  readonly values: unknown[];
  readonly index: (string | number)[];
  readonly shape: number[];
  readonly size: number;
  readonly dtype: string;
  head(rows?: number): Series;
  tail(rows?: number): Series;
  iloc(rows: (string | number | boolean)[]): Series;
  loc(rows: (string | number | boolean)[]): Series;
  eq(other: Series | number | number[] | boolean[]): Series;
  ne(other: Series | number | number[] | boolean[]): Series;
  lt(other: Series | number | number[] | boolean[]): Series;
  le(other: Series | number | number[] | boolean[]): Series;
  gt(other: Series | number | number[] | boolean[]): Series;
  ge(other: Series | number | number[] | boolean[]): Series;
  and(other: Series | boolean[]): Series;
  or(other: Series | boolean[]): Series;
  add(other: Series | number | number[]): Series;
  sub(other: Series | number | number[]): Series;
  mul(other: Series | number | number[]): Series;
  div(other: Series | number | number[]): Series;
  map<T extends number | string | boolean>(each: (value: T) => number | string | boolean): Series;
  apply<T extends number | string | boolean>(each: (value: T) => number | string | boolean): Series;
  count(): number;
  sum(): number;
  mean(): number;
  median(): number;
  std(): number;
  var(): number;
  min(): number;
  max(): number;
  unique(): Series;
  nUnique(): number;
  valueCounts(): Series;
  round(digits?: number): Series;
  describe(): Series;
  print(): void;
}

/**
 * A danfojs DataFrame, as far as notebooks use it. Written down here so that these declarations need no other package;
 * where the whole of danfojs's type is wanted, say `frame as import("danfojs-node").DataFrame`.
 */
export interface DataFrame {
  readonly columns: string[];
  readonly index: (string | number)[];
  readonly values: unknown[];
  readonly shape: number[];
  readonly size: number;
  readonly dtypes: string[];
  head(rows?: number): DataFrame;
  tail(rows?: number): DataFrame;
  sample(rows?: number, options?: {seed?: number}): Promise<DataFrame>;
  column(name: string): Series;
  at(row: string | number, column: string): string | number | boolean | undefined;
  iat(row: number, column: number): string | number | boolean | undefined;
  iloc(part: {rows?: Series | (string | number | boolean)[]; columns?: (string | number)[]}): DataFrame;
  loc(part: {rows?: Series | (string | number | boolean)[]; columns?: string[]}): DataFrame;
  query(keep: Series | boolean[]): DataFrame;
  addColumn(name: string, values: Series | (number | string | boolean)[], options?: {inplace?: boolean}): DataFrame;
  drop(options: {columns?: string | string[]; index?: (string | number)[]}): DataFrame;
  rename(names: Record<string, string>): DataFrame;
  sortValues(column: string, options?: {ascending?: boolean}): DataFrame;
  setIndex(options: {column?: string; index?: (string | number)[]; drop?: boolean}): DataFrame;
  resetIndex(): DataFrame;
  groupby(columns: string[]): Groups;
  mean(options?: {axis?: 0 | 1}): Series;
  sum(options?: {axis?: 0 | 1}): Series;
  copy(): DataFrame;
  describe(): DataFrame;
  print(): void;
  toString(): string;
}

/** Rows of a {@link DataFrame} taken together by `groupby`. */
export interface Groups {
  col(columns: string[]): Groups;
  count(): DataFrame;
  sum(): DataFrame;
  mean(): DataFrame;
  std(): DataFrame;
  min(): DataFrame;
  max(): DataFrame;
}

/** A data set that comes with the library: call it for a data frame, or ask for its plain columns. */
export interface Dataset {
  /** @throws {ChoiceError} data/no-danfojs when danfojs-node cannot be loaded */
  (): Promise<DataFrame>;
  /** The columns as plain arrays, fresh on each call; needs no danfojs. */
  columns(): Promise<Columns>;
  /** Where the CSV lies on this machine. Its README.md beside it has source, terms, units and published estimates. */
  readonly path: string;
  /** What it is, in one line. */
  readonly about: string;
}

/**
 * Data sets with published estimates, by name.
 *
 * @example
 * const frame = await datasets.electricity(); // a danfojs DataFrame: 17,232 rows, one per supplier shown
 * const {pf, choice} = await datasets.electricity.columns(); // plain arrays
 * datasets.electricity.about // "361 customers, 4,308 choices among 4 electricity suppliers: long, panel"
 */
export const datasets = Object.freeze({
  /** Stated choices of an electricity supplier, the usual example of mixed logit. Prices in US cents per kWh. */
  electricity: dataset("electricity", "361 customers, 4,308 choices among 4 electricity suppliers: long, panel"),
  /** Air, train, bus or car between Australian cities: a first multinomial logit. Australian dollars and minutes. */
  travelmode: dataset("travelmode", "210 travellers among air, train, bus and car: long"),
  /** Intercity travel in Canada with 2, 3 or 4 modes on offer (`noalt`). Canadian dollars and minutes. */
  modecanada: dataset("modecanada", "4,324 travellers among train, car, bus and air, of which they had 2 to 4: long, ragged"),
  /** Train, Swissmetro or car; `*_AV` says what was on offer. CHF and minutes. */
  swissmetro: dataset("swissmetro", "1,192 travellers, 10,728 choices among train, Swissmetro and car: wide, panel"),
  /** Two train journeys side by side. Hundredths of a guilder and minutes. */
  train: dataset("train", "235 travellers, 2,929 choices between 2 train journeys: wide, panel"),
  /** Heating systems of new Californian houses. US dollars, and US dollars a year. */
  heating: dataset("heating", "900 houses among 5 heating systems: wide")
});

function dataset(name: string, about: string): Dataset {
  // src/data and dist/data lie equally deep, so one way up serves both.
  const path = fileURLToPath(new URL(`../../datasets/${name}/data.csv`, import.meta.url));
  const columns = async () => readCsv(await readFile(path, "utf8"));
  const frame = async () => toFrame(`datasets.${name}()`, await columns());
  return Object.freeze(Object.assign(frame, {columns, path, about}));
}

/** What is needed of the module danfojs-node. */
interface Danfo {
  readonly DataFrame: new (columns: object, options: {dtypes: string[]}) => DataFrame;
}

/** Columns to a data frame; loads danfojs when first asked, since that takes a second or two. */
export async function toFrame(at: string, columns: Columns, load: () => Promise<Danfo> = () => import("danfojs-node")): Promise<DataFrame> {
  const danfo = await load().catch((reason: unknown) => {
    throw new ChoiceError("data/no-danfojs", {
      at,
      saw: `danfojs-node could not be loaded (${reason instanceof Error ? reason.message.split("\n")[0] : String(reason)})`,
      want: "data frames are made by that package",
      hint: `npm install danfojs-node, or take the plain columns with await ${at.replace("()", ".columns()")}`
    });
  });
  // danfojs guesses types from the first rows: a column that begins with whole numbers would be called int32 for good.
  return new danfo.DataFrame(columns, {dtypes: Object.values(columns).map(dtype)});
}

const dtype = (values: readonly (number | string)[]) =>
  values.every((v) => typeof v === "number") ? (values.every(Number.isInteger) ? "int32" : "float32") : "string";
