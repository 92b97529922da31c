import {checkOptions, ChoiceError, expectFields, kindOf, listed, quote} from "../errors.js";
import type {EstimateRow} from "../infer/estimates.js";
import {shown} from "../rich.js";
import type {Shown} from "../rich.js";
import {comparable} from "./comparable.js";
import type {Comparable, ComparedFacts} from "./comparable.js";
import {plainRows} from "./estimatesTable.js";

/** What one fit brings to a comparison. */
export interface ComparedFit {
  readonly name: string;
  readonly title: string;
  readonly logLikelihood: number;
  readonly free: number;
  readonly rho2: number;
  readonly aic: number;
  readonly bic: number;
  readonly situations: number;
  /** "500 Halton", or "none". */
  readonly draws: string;
  readonly converged: boolean;
  readonly errors: string;
  readonly hash: string;
  /** True where its coefficients are on the scale of its supports, and compare with no other's. */
  readonly ownScale?: true;
}

/** One parameter over all fits; null where a fit does not have it. */
export interface ComparedRow {
  readonly name: string;
  readonly words: string;
  readonly role: EstimateRow["role"];
  readonly cells: readonly (Pick<EstimateRow, "estimate" | "error" | "p"> | null)[];
}

export interface ComparisonFacts {
  readonly fits: readonly ComparedFit[];
  readonly rows: readonly ComparedRow[];
  /** False when the fits learned from different data: then log-likelihoods and criteria cannot be compared. */
  readonly sameData: boolean;
}

/** Fits side by side: a record that draws itself, with `toLaTeX()` and `toMarkdown()` for a paper. */
export type Comparison = ComparisonFacts & Shown;

/** Names for the columns, and whether fits of different data may stand side by side. */
export interface CompareOptions {
  /** Names of the columns. Default: the keys when fits come as a record, else (1), (2), … */
  readonly names?: readonly string[];
  /** `true` allows fits of different data side by side; the table then says so. Default false. */
  readonly differentData?: boolean;
}

/**
 * Several fits side by side: every parameter with its error, then how good and how finished each fit is.
 *
 * @param fits  A list of fits, or a record of them by name.
 * @returns     One row per parameter of any fit, in the order of first appearance; null where a fit has none.
 * @throws {ChoiceError} compare/not-fits for anything else (a promise, say); compare/nothing when there is no fit; compare/names when names and fits differ in number;
 * compare/different-data when the fits learned from different data and that was not allowed.
 * @example
 * compare({logit, mixed}).toLaTeX()
 */
export function compare(fits: readonly ComparedFacts[] | Readonly<Record<string, ComparedFacts>>, options: CompareOptions = {}): Comparison {
  const at = "compare(fits)";
  checkOptions(at, options, ["names", "differentData"]);
  const one = typeof fits === "object" && fits !== null && "estimates" in fits;
  if (one || typeof fits !== "object" || fits === null) throw new ChoiceError("compare/not-fits", {at, saw: one ? "one fit" : kindOf(fits), want: "a list of fits, or a record from name to fit", hint: "compare({logit, mixed})"});
  const isList = Array.isArray(fits);
  const given = (isList ? fits : Object.values(fits)) as readonly ComparedFacts[];
  for (const fit of given) expectFields("compare/not-fits", at, fit, ["estimates", "theta", "data"], "fits", "compare({logit, mixed})");
  const list = given.map(comparable);
  for (const fit of list) expectFields("compare/not-fits", at, fit, ["integration", "ending"], "fits of choices", "compare({logit, mixed})");
  if (!list.length) throw new ChoiceError("compare/nothing", {at, saw: "no fits", want: "at least one", hint: "compare([first, second])"});
  const names = options.names ?? (isList ? list.map((_, f) => `(${f + 1})`) : Object.keys(fits));
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
  return shown("comparison", {fits: list.map((fit, f) => compared(fit, names[f])), rows: union(list), sameData: other < 0});
}

const compared = ({title, logLikelihood, free, rho2, aic, bic, data, integration, ending, estimates, ownScale}: Comparable, name: string): ComparedFit => ({
  name,
  title,
  logLikelihood,
  free: free.length,
  rho2,
  aic,
  bic,
  situations: data.situation.length - 1,
  draws: integration.rule === "none" ? "none" : `${integration.draws} ${integration.rule}`,
  converged: ending.converged,
  errors: estimates.errors,
  hash: data.hash,
  ...(ownScale && {ownScale})
});

function union(fits: readonly Comparable[]): ComparedRow[] {
  const key = ({role, name}: EstimateRow): string => `${role} ${name}`;
  const tables = fits.map(({estimates}) => new Map(plainRows(estimates.rows).map((row) => [key(row), row])));
  const all = new Map(tables.flatMap((table) => [...table]));
  return [...all].map(([k, {name, words, role}]) => ({
    name,
    words,
    role,
    cells: tables.map((table) => {
      const row = table.get(k);
      return row ? {estimate: row.estimate, error: row.error, p: row.p} : null;
    })
  }));
}

/** The kinds of errors in a comparison, in words. */
export const errorKinds = (fits: readonly ComparedFit[]): string => listed([...new Set(fits.map(({errors}) => errors))]);
