import {checkOptions, ChoiceError, expectFields, kindOf, listed, quote, suggest} from "../errors.js";
import type {FitFacts} from "../estimate/types.js";
import {ratioTest} from "../explain/likelihoodRatio.js";
import type {RatioTest} from "../explain/likelihoodRatio.js";
import type {EstimateRow} from "../infer/estimates.js";
import {shown} from "../rich.js";
import type {Shown} from "../rich.js";
import {comparable} from "./comparable.js";
import type {Comparable, ComparedFacts} from "./comparable.js";
import {plainRows} from "./estimatesTable.js";
import {goodnessRows, usualGoodness} from "./goodness.js";
import type {Goodness, NamedGoodness} from "./goodness.js";
import {isCalled, namesOf, scaledRows} from "./scales.js";
import type {Scale} from "./scales.js";
import {checkNoTwins, named, picker} from "./terms.js";
import type {TermMap} from "./terms.js";

/** What one fit brings to a comparison. */
export interface ComparedFit {
  readonly name: string;
  readonly title: string;
  readonly logLikelihood: number;
  readonly free: number;
  readonly rho2: number;
  readonly aic: number;
  readonly bic: number;
  /** 1 - (log-likelihood - free parameters) / log-likelihood with all coefficients zero. */
  readonly adjustedRho2: number;
  readonly situations: number;
  readonly people: number;
  /** "500 Halton", or "none". */
  readonly draws: string;
  readonly converged: boolean;
  readonly errors: string;
  readonly hash: string;
  /** True where its coefficients are on the scale of its supports, and compare with no other's. */
  readonly ownScale?: true;
  /** The likelihood-ratio test against the fit before it, where that is nested in it and a test was asked for. */
  readonly test?: RatioTest;
}

/** An estimate in a comparison; `derived` where it is a mean over people, made from parameters on a log scale. */
export type ComparedCell = Pick<EstimateRow, "estimate" | "error" | "z" | "p" | "low" | "high"> & {readonly derived?: true};

/** One parameter over all fits, on one scale; null where a fit does not have it. */
export interface ComparedRow {
  readonly name: string;
  readonly words: string;
  readonly role: EstimateRow["role"];
  /** The scale it is on, where that is not the coefficient's own. */
  readonly scale?: Scale;
  readonly cells: readonly (ComparedCell | null)[];
}

/** What stands with an estimate: its standard error, z, p, the interval, or nothing. */
export type Statistic = "error" | "z" | "p" | "interval" | "none";

/** How a comparison is set. */
export interface ComparisonStyle {
  readonly caption?: string;
  readonly statistic: Statistic;
  readonly layout?: "beside" | "below";
  readonly stars: boolean;
  readonly goodness: readonly NamedGoodness[];
  /** Rows of the user's own, a cell a fit. */
  readonly add: readonly {readonly name: string; readonly cells: readonly string[]}[];
  /** Where the order of the terms was chosen: it is then kept. */
  readonly ordered: boolean;
  /** Confidence of the intervals; absent where fits differ in it. */
  readonly level?: number;
}

export interface ComparisonFacts {
  readonly fits: readonly ComparedFit[];
  readonly rows: readonly ComparedRow[];
  /** False when the fits learned from different data: then log-likelihoods and criteria cannot be compared. */
  readonly sameData: boolean;
  readonly style: ComparisonStyle;
}

/** Fits side by side: a record that draws itself, with `toLaTeX()` and `toMarkdown()` for a paper. */
export type Comparison = ComparisonFacts & Shown;

/** Names for the columns, and whether fits of different data may stand side by side. */
export interface CompareOptions {
  /** Names of the columns. Default: the keys when fits come as a record, else (1), (2), … */
  readonly names?: readonly string[];
  /** `true` allows fits of different data side by side; the table then says so. Default false. */
  readonly differentData?: boolean;
  /**
   * Which terms, in which order, under which names: `{price: "Price", "sd[price]": "Spread"}`, or a list. Terms that go by two names
   * in two fits share a row where both get one name. A plain name is the coefficient on its own scale, for lognormal and exponential
   * ones the derived mean over people; what is on another scale has a name of its own, "price: mean of ln(-price)". Default: all, in
   * order of first appearance.
   */
  readonly coefficients?: TermMap;
  /** Also the terms that `coefficients` leaves out, behind the others. Default false. */
  readonly rest?: boolean;
  /** Rows on how good the fits are: a list, or a record from row to its name in print; `[]` for none. Default: eight of them. */
  readonly goodness?: readonly Goodness[] | Readonly<Partial<Record<Goodness, string>>>;
  /** Rows of your own under those, a cell for each fit: `{"Income effects": ["no", "yes"]}`. */
  readonly add?: Readonly<Record<string, readonly (string | number)[]>>;
  /** What stands with an estimate. Default "error". */
  readonly statistic?: Statistic;
  /** Where it stands. Default: beside the estimate for up to three fits, below for more, and for intervals. */
  readonly layout?: "beside" | "below";
  /** Default true. */
  readonly stars?: boolean;
  /**
   * Likelihood-ratio tests of each fit against the one before it, where that is nested in it (eq:likelihoodRatio). Default:
   * where `goodness` asks for their rows.
   */
  readonly likelihoodRatio?: boolean;
  /** Over the table. Default: how many fits there are. */
  readonly caption?: string;
}

const known = ["names", "differentData", "coefficients", "rest", "goodness", "add", "statistic", "layout", "stars", "likelihoodRatio", "caption"] as const;
const statistics: readonly Statistic[] = ["error", "z", "p", "interval", "none"];

/**
 * Several fits side by side: every parameter with its error, then how good and how finished each fit is. A row holds numbers of one
 * scale: beside the price coefficient of a logit stands the mean over people of a lognormal one, marked as derived, and the mean of
 * ln(-price) has a row of its own.
 *
 * @param fits  A list of fits, a record of them by name, or one fit.
 * @returns     One row per parameter of any fit, in the order of first appearance; null where a fit has none.
 * @throws {ChoiceError} compare/not-fits for anything else (a promise, say); compare/nothing when there is no fit; compare/names when names and fits differ in number;
 * compare/different-data when the fits learned from different data and that was not allowed; compare/option, compare/goodness, compare/add,
 * terms/unknown, terms/not-a-map, terms/twice for options that cannot be read.
 * @example
 * compare({logit, mixed}).toLaTeX()
 * @example
 * const table = compare({logit, mixed}, {coefficients: {price: "Price", quality: "Quality"}, goodness: ["logLikelihood", "bic"], statistic: "interval", likelihoodRatio: true});
 * table.rows.map(({name}) => name) // ["Price", "Quality"]
 */
export function compare(fits: ComparedFacts | readonly ComparedFacts[] | Readonly<Record<string, ComparedFacts>>, options: CompareOptions = {}): Comparison {
  const at = "compare(fits)";
  checkOptions(at, options, known);
  if (typeof fits !== "object" || fits === null) throw new ChoiceError("compare/not-fits", {at, saw: kindOf(fits), want: "a list of fits, or a record from name to fit", hint: "compare({logit, mixed})"});
  const several = "estimates" in fits && "theta" in fits ? [fits as ComparedFacts] : fits;
  const isList = Array.isArray(several);
  const given = (isList ? several : Object.values(several)) as readonly ComparedFacts[];
  for (const fit of given) expectFields("compare/not-fits", at, fit, ["estimates", "theta", "data"], "fits", "compare({logit, mixed})");
  const list = given.map(comparable);
  for (const fit of list) expectFields("compare/not-fits", at, fit, ["integration", "ending"], "fits of choices", "compare({logit, mixed})");
  if (!list.length) throw new ChoiceError("compare/nothing", {at, saw: "no fits", want: "at least one", hint: "compare([first, second])"});
  const names = options.names ?? (isList ? list.map((_, f) => `(${f + 1})`) : Object.keys(several));
  if (names.length !== list.length) {
    throw new ChoiceError("compare/names", {
      at, saw: `${names.length} names for ${list.length} fits`,
      want: "one name for each fit",
      hint: "leave names out to number them"
    });
  }
  const first = list[0].data.hash;
  const other = list.findIndex(({data}) => data.hash !== first);
  if (other >= 0 && !options.differentData) {
    throw new ChoiceError("compare/different-data", {
      at,
      saw: `${quote(names[0])} learned from data ${first}, ${quote(names[other])} from data ${list[other].data.hash}`,
      want: "fits of the same data, since log-likelihoods of different data cannot be compared",
      hint: "fit them all to one data set, or allow it with compare(fits, {differentData: true})"
    });
  }
  const style = styled(options, names, list, at);
  const tests = style.goodness.some(({key}) => testRows.includes(key));
  const tested = (f: number): RatioTest | undefined => (tests && f > 0 && [f - 1, f].every((k) => isNestable(given[k])) ? ratioTest(given[f - 1] as FitFacts, given[f] as FitFacts) : undefined);
  return shown("comparison", {fits: list.map((fit, f) => compared(fit, names[f], tested(f))), rows: union(list, names, options, at), sameData: other < 0, style});
}

const testRows: readonly Goodness[] = ["likelihoodRatio", "likelihoodRatioP"];

const isNestable = (fit: ComparedFacts): fit is FitFacts => !("programme" in fit) && Array.isArray(fit.parameters);

function styled({caption, statistic = "error", layout, stars = true, goodness, likelihoodRatio = false, add = {}, coefficients}: CompareOptions, names: readonly string[], list: readonly Comparable[], at: string): ComparisonStyle {
  const refuse = (option: string, value: unknown, all: readonly string[]) => new ChoiceError("compare/option", {at, saw: `${option}: ${quote(value)}`, want: `one of ${listed(all.map(quote))}`, hint: suggest(String(value), all)});
  if (!statistics.includes(statistic)) throw refuse("statistic", statistic, statistics);
  if (layout !== undefined && layout !== "beside" && layout !== "below") throw refuse("layout", layout, ["beside", "below"]);
  const rows = Object.entries(add).map(([name, cells]) => {
    if (!Array.isArray(cells) || cells.length !== names.length) throw new ChoiceError("compare/add", {at, saw: `${Array.isArray(cells) ? cells.length : quote(cells)} in the row ${quote(name)}`, want: `one cell for each of ${names.length} fits`});
    return {name, cells: cells.map(String)};
  });
  const asked = goodnessRows(goodness ?? usualGoodness, at);
  const levels = [...new Set(list.map(({estimates: {level}}) => level))];
  return {
    ...(caption !== undefined && {caption}), statistic, ...(layout && {layout}), stars, add: rows, ordered: coefficients !== undefined, ...(levels.length === 1 && {level: levels[0]}),
    goodness: likelihoodRatio && !asked.some(({key}) => testRows.includes(key)) ? [...asked, ...goodnessRows(testRows, at)] : asked
  };
}

const compared = ({title, logLikelihood, free, rho2, aic, bic, data, integration, ending, estimates, ownScale}: Comparable, name: string, test?: RatioTest): ComparedFit => ({
  name,
  title,
  logLikelihood,
  free: free.length,
  rho2,
  aic,
  bic,
  adjustedRho2: 1 - (1 - rho2) * (1 - free.length / logLikelihood),
  situations: data.situation.length - 1,
  people: data.person.length - 1,
  draws: integration.rule === "none" ? "none" : `${integration.draws} ${integration.rule}`,
  converged: ending.converged,
  errors: estimates.errors,
  hash: data.hash,
  ...(ownScale && {ownScale}),
  ...(test && {test})
});

function union(fits: readonly Comparable[], names: readonly string[], {coefficients: map, rest}: CompareOptions, at: string): ComparedRow[] {
  const scaled = fits.map(({estimates}) => scaledRows(estimates.rows));
  const known = [...new Set(scaled.flatMap(namesOf))];
  const pick = picker(map, {known, rest, at});
  const key = ({role, label, told}: {readonly role: string; readonly label: string; readonly told?: string}): string => JSON.stringify([role, label, told]);
  const picked = scaled.map((mine, f) => {
    // A map may ask for what is folded otherwise.
    const rows = pick(map ? mine.filter((row) => !row.detail || named(map).some((name) => isCalled(row, name))) : plainRows(mine));
    if (map) checkNoTwins(rows, names[f], at);
    return rows;
  });
  const tables = picked.map((rows) => new Map(rows.map((row) => [key(row), row])));
  const all = [...new Map(tables.flatMap((table) => [...table]))];
  // First appearance is by fit: with a map it is by the map.
  all.sort(([, a], [, b]) => a.place - b.place);
  return all.map(([k, {name, label, words, role, scale, told}]) => ({
    name: label,
    words: told !== undefined ? (label.endsWith(`: ${told}`) ? "" : told) : label === name ? words : "",
    role,
    ...(scale && {scale}),
    cells: tables.map((table) => {
      const row = table.get(k);
      return row ? {estimate: row.estimate, error: row.error, z: row.z, p: row.p, low: row.low, high: row.high, ...(row.derived && {derived: true as const})} : null;
    })
  }));
}

/** The kinds of errors in a comparison, in words. */
export const errorKinds = (fits: readonly ComparedFit[]): string => listed([...new Set(fits.map(({errors}) => errors))]);
