import {ChoiceError, quote, suggest} from "../errors.js";
import type {Column, Design} from "./design.js";
import {gaussian} from "./distribution.js";

/** What a parameter is for: the group it stands under in a table. */
export type Role = "intercept" | "mean" | "spread" | "covariance" | "within";

/**
 * One number to be learned, or held.
 *
 * `mean` and `intercept` are the location of a column, `spread` its scale, `covariance` an entry of Gamma when Gamma is
 * full, `within` an entry of the within-person matrix W.
 */
export interface Parameter {
  readonly name: string;
  readonly role: Role;
  /** The column of the design that it belongs to. */
  readonly column: number;
  /** The column whose standard normal it multiplies; absent for locations. */
  readonly on?: number;
  /** The value it is held at; absent when it is estimated. */
  readonly held?: number;
  /** What the number is, in words: "standard deviation of ln(-tod)". Empty when the name says it. */
  readonly words: string;
}

/**
 * The parameters of a design in the order of theta: locations of all columns, then spreads or the lower triangle of Gamma
 * row by row, then those of W.
 *
 * @param hold values to hold parameters at, by name
 * @throws {ChoiceError} model/unknown-parameter, model/held-value
 */
export function parameters(design: Design, hold: Readonly<Record<string, number>> = {}, at = "fit(data)"): Parameter[] {
  const {columns, covariance} = design;
  const made: Parameter[] = columns.map((column, c) => ({name: column.name, role: column.attribute < 0 ? "intercept" : "mean", column: c, words: locationWords(column)}));
  const full = covariance === "full";
  for (const [c, column] of columns.entries()) {
    if (!column.distribution || column.distribution.family === "exponential") continue;
    if (full && gaussian(column.distribution)) {
      for (let e = 0; e <= c; ++e) if (gaussian(columns[e].distribution)) made.push({name: `chol[${column.name},${columns[e].name}]`, role: "covariance", column: c, on: e, words: ""});
    } else {
      made.push({name: `${spreadName(column)}[${column.name}]`, role: "spread", column: c, on: c, words: spreadWords(column)});
    }
  }
  for (const [c, column] of columns.entries()) {
    if (!column.within) continue;
    for (let e = full ? 0 : c; e <= c; ++e) {
      if (!columns[e].within) continue;
      made.push({name: full ? `chol.within[${column.name},${columns[e].name}]` : `sd.within[${column.name}]`, role: "within", column: c, on: e, words: ""});
    }
  }
  const names = made.map((p) => p.name);
  const twice = names.find((name, p) => names.indexOf(name) !== p);
  if (twice !== undefined) {
    throw new ChoiceError("model/ambiguous-name", {
      at, saw: `two parameters called ${quote(twice)}`,
      want: "a name for each: an attribute is called as another parameter is",
      hint: `rename it when reading the data: attributes: {other: ${JSON.stringify(twice)}}`
    });
  }
  for (const [name, value] of Object.entries(hold)) {
    if (!names.includes(name)) {
      throw new ChoiceError("model/unknown-parameter", {
        at, saw: `hold: {${JSON.stringify(name)}: …}`,
        want: "a parameter of this model",
        hint: suggest(name, names)
      });
    }
    if (!Number.isFinite(value)) {
      throw new ChoiceError("model/held-value", {
        at, saw: `hold: {${JSON.stringify(name)}: ${quote(value)}}`,
        want: "a finite number"
      });
    }
  }
  return made.map((p) => (Object.hasOwn(hold, p.name) ? {...p, held: hold[p.name]} : p));
}

const spreadName = ({distribution}: Column) => (["uniform", "triangular"].includes(distribution!.family) ? "halfwidth" : "sd");

const logOf = ({name, distribution}: Column) => `ln(${distribution!.sign === -1 ? "-" : ""}${name})`;

const cut = ({distribution}: Column) => `${distribution!.family} to stay ${distribution!.sign === -1 ? "below" : "above"} zero`;

function locationWords(column: Column): string {
  switch (column.distribution?.family) {
    case "lognormal": return `mean of ${logOf(column)}`;
    case "exponential": return `log of the mean of ${column.distribution.sign === -1 ? "-" : ""}${column.name}`;
    case "truncated": case "censored": return `mean before being ${cut(column)}`;
    case "uniform": case "triangular": return "centre";
    default: return "";
  }
}

function spreadWords(column: Column): string {
  switch (column.distribution!.family) {
    case "lognormal": return `standard deviation of ${logOf(column)}`;
    case "truncated": case "censored": return `standard deviation before being ${cut(column)}`;
    case "uniform": case "triangular": return `half-width, ${column.distribution!.family}`;
    default: return "";
  }
}
