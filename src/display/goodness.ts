import {ChoiceError, quote, suggest} from "../errors.js";
import type {ComparedFit} from "./compare.js";
import {twoDecimals} from "./estimatesTable.js";
import {fixed, nothing, pValue} from "./format.js";
import {label, number, words} from "./table.js";
import type {Cell} from "./table.js";

interface GoodnessRow {
  readonly name: string;
  readonly cell: (fit: ComparedFit, narrow: boolean) => Cell;
}

/** The rows a comparison can have below its coefficients. */
const rows = {
  logLikelihood: {name: "Log-likelihood", cell: (f) => number(twoDecimals(f.logLikelihood))},
  free: {name: "Free parameters", cell: (f) => number(String(f.free))},
  rho2: {name: "McFadden ρ²", cell: (f) => number(fixed(f.rho2, 3))},
  adjustedRho2: {name: "Adjusted ρ²", cell: (f) => number(fixed(f.adjustedRho2, 3))},
  aic: {name: "AIC", cell: (f) => number(fixed(f.aic, 1))},
  bic: {name: "BIC", cell: (f) => number(fixed(f.bic, 1))},
  choices: {name: "Choices", cell: (f) => number(String(f.situations))},
  people: {name: "People", cell: (f) => number(String(f.people))},
  draws: {name: "Draws", cell: (f, narrow) => label(narrow ? f.draws.split(",")[0] : f.draws)},
  errors: {name: "Errors", cell: (f) => label(f.errors)},
  ending: {name: "Ending", cell: (f, narrow) => words(narrow ? (f.converged ? "✓ yes" : "✗ no") : f.converged ? "✓ converged" : "✗ not converged")},
  likelihoodRatio: {name: "Likelihood ratio (df)", cell: ({test}) => (test ? number(`${twoDecimals(test.statistic)} (${test.degrees})`) : words(nothing))},
  likelihoodRatioP: {name: "p, against the fit before", cell: ({test}) => (test ? number(pValue(test.p)) : words(nothing))}
} as const satisfies Record<string, GoodnessRow>;

/** A row below the coefficients of a comparison. */
export type Goodness = keyof typeof rows;

/** The rows that a comparison has unless told otherwise. */
export const usualGoodness: readonly Goodness[] = ["logLikelihood", "free", "rho2", "aic", "bic", "choices", "draws", "ending"];

/** A row with its name in print. */
export interface NamedGoodness {
  readonly key: Goodness;
  readonly name: string;
}

/**
 * Reads a list of rows, or a record from row to its name in print.
 *
 * @throws {ChoiceError} compare/goodness
 */
export function goodnessRows(asked: readonly Goodness[] | Readonly<Partial<Record<Goodness, string>>>, at: string): NamedGoodness[] {
  const isList = Array.isArray(asked);
  if (typeof asked !== "object" || asked === null) throw new ChoiceError("compare/goodness", {at, saw: `goodness: ${quote(asked)}`, want: "a list of rows, or a record from row to its name in print", hint: 'goodness: ["logLikelihood", "bic"]'});
  const keys = (isList ? asked : Object.keys(asked)) as Goodness[];
  const stray = keys.find((key) => !Object.hasOwn(rows, key));
  if (stray !== undefined) throw new ChoiceError("compare/goodness", {at, saw: `goodness: ${quote(stray)}`, want: "rows that a comparison can have", hint: suggest(String(stray), Object.keys(rows))});
  return keys.map((key) => ({key, name: isList ? rows[key].name : String((asked as Record<Goodness, string>)[key])}));
}

/** What a fit has in a row; `narrow` where many fits stand side by side. */
export const goodnessCell = (key: Goodness, fit: ComparedFit, narrow: boolean): Cell => (rows[key] as GoodnessRow).cell(fit, narrow);

/** The name of the ending's row, where columns are narrow. */
export const endingName = (name: string, narrow: boolean): string => (narrow && name === rows.ending.name ? "Converged" : name);
