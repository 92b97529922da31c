import type {Id} from "../data/choiceData.js";
import {checkOptions, ChoiceError, expectFields, quote} from "../errors.js";
import {cumulative, quantile} from "../math/normal.js";
import type {Parameter, Role} from "../model/parameters.js";
import {shown, type Shown} from "../rich.js";
import type {Asymptotic} from "./asymptotic.js";
import {checkKind, covariance, unbounded, type ErrorKind, type Kind} from "./covariance.js";
import {deltaMethod} from "./deltaMethod.js";
import {derived} from "./derived.js";

export type {ErrorKind};

/** One line of the estimates table. */
export interface EstimateRow {
  readonly name: string;
  /** Words under the name, such as "standard deviation of ln(-tod)"; empty when the name says it. */
  readonly words: string;
  readonly role: Role | "correlation" | "derived";
  /** True for entries of Gamma and W, whose meaning the standard deviations and correlations beside them tell: shown folded. */
  readonly detail?: true;
  readonly estimate: number;
  /** null where there is none: a held parameter, or a flat direction; `why` says which. */
  readonly error: number | null;
  readonly z: number | null;
  readonly p: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly why?: string;
}

/** Estimates with their uncertainty. */
export interface EstimatesFacts {
  readonly rows: readonly EstimateRow[];
  readonly errors: Kind;
  /** How the errors were made, in words: "robust, scores summed over 361 people". */
  readonly words: string;
  /** Confidence level of `low` and `high`, such as 0.95. */
  readonly level: number;
}

/** A table of estimates that draws itself. */
export type Estimates = EstimatesFacts & Shown;

/** Which errors, which clusters, which confidence. */
export interface EstimatesOptions {
  /** Default "hessian", and for maximum-entropy fits what they were fitted with. */
  readonly errors?: Kind;
  /** One label per person, for "clustered"; default the data's own. */
  readonly clusters?: readonly Id[];
  /** Confidence level, default 0.95. */
  readonly level?: number;
}

/**
 * Reads a fit as a table: estimate, standard error, z, p and interval, with spreads reported positive (their sign is not
 * identified) and what is derived from them by the delta method.
 *
 * @throws {ChoiceError} infer/level, and as `covariance`
 * @example
 * estimates(fit, {errors: "robust"}).rows[0].error
 */
export function estimates(fit: Asymptotic, options: EstimatesOptions = {}): Estimates {
  expectFields("infer/not-a-fit", "estimates(fit, …)", fit, ["theta", "parameters", "hessian"], "a fit", "estimates(await fitMnl(data))");
  checkOptions("estimates(fit, …)", options, ["errors", "clusters", "level"]);
  const {errors = fit.usual ?? "hessian", level = 0.95} = options;
  checkEstimatesOptions(options, "estimates(fit, …)", fit);
  const V = fit.silence === undefined ? covariance(fit, errors, options.clusters) : {matrix: fit.hessian, flat: [], words: fit.silence};
  const unknown = new Map([...flatParameters(V.flat, fit.free)].map((p) => [p, fit.arrived === false ? "not at a summit" : "flat: these data do not say"]));
  if (fit.silence !== undefined) for (const p of fit.free) unknown.set(p, fit.silence);
  else for (const f of unbounded(fit)) unknown.set(fit.free[f], "ran away: these data set no bound");
  const critical = -quantile((1 - level) / 2);
  const at = new Map(fit.free.map((p, f) => [p, f]));
  const row = (name: string, words: string, role: EstimateRow["role"], estimate: number, variance: number | null, why?: string): EstimateRow => {
    const error = variance !== null && variance >= 0 && Number.isFinite(variance) ? Math.sqrt(variance) : null;
    if (error === null || error === 0) return {name, words, role, estimate, error: null, z: null, p: null, low: null, high: null, ...(why && {why})};
    const z = estimate / error;
    return {name, words, role, estimate, error, z, p: 2 * cumulative(-Math.abs(z)), low: estimate - critical * error, high: estimate + critical * error};
  };
  const more = derived(fit).filter(({of}) => Number.isFinite(of(fit.theta))); // a correlation with what has no spread is none
  const told = (role: Role) => (role === "covariance" || role === "within") && more.some((d) => d.role === (role === "within" ? "within" : "spread"));
  const rows = fit.parameters.map((parameter, p) => {
    const made = parameterRow(parameter, p);
    return told(parameter.role) ? {...made, detail: true as const} : made;
  });
  function parameterRow(parameter: Parameter, p: number): EstimateRow {
    const f = at.get(p);
    const estimate = positive(fit, p);
    if (f === undefined) return row(parameter.name, parameter.words, parameter.role, estimate, null, "held");
    if (unknown.has(p)) return row(parameter.name, parameter.words, parameter.role, estimate, null, unknown.get(p));
    return row(parameter.name, parameter.words, parameter.role, estimate, V.matrix.get(f, f), "no variance");
  }
  const delta = deltaMethod(fit, V.matrix, [...unknown.keys()]);
  const readings = more.map(({name, role, words, of}) => {
    const {variance, leansOn} = delta(of);
    return row(name, words, role, of(fit.theta), variance ?? null, leansOn === undefined ? "no variance" : unknown.get(leansOn));
  });
  return shown("estimates", {rows: [...rows, ...readings], errors, words: V.words, level});
}

/**
 * Refuses a level or a kind of errors nobody knows.
 *
 * @throws {ChoiceError} infer/level, infer/unknown-errors
 */
export function checkEstimatesOptions({errors, level}: EstimatesOptions, at: string, fit?: Pick<Asymptotic, "expected" | "unsound" | "usual">): void {
  if (errors !== undefined) checkKind(errors, at, fit);
  if (level !== undefined && !(level > 0 && level < 1)) {
    throw new ChoiceError("infer/level", {
      at, saw: `level: ${quote(level)}`,
      want: "a number between 0 and 1, such as 0.95"
    });
  }
}

/** Theta_p with the sign of its column of Gamma (or W) turned so that the diagonal is positive. */
function positive({parameters, theta}: Asymptotic, p: number): number {
  const {role, on, column} = parameters[p];
  if (on === undefined) return theta[p];
  const inside = role === "within";
  const diagonal = column === on ? p : parameters.findIndex((q) => q.on === on && q.column === on && (q.role === "within") === inside);
  return diagonal >= 0 && theta[diagonal] < 0 ? -theta[p] || 0 : theta[p];
}

/** Parameters that a flat direction involves to a tenth or more. */
function flatParameters(flat: readonly Float64Array[], free: readonly number[]): Set<number> {
  const out = new Set<number>();
  for (const v of flat) v.forEach((share, f) => { if (Math.abs(share) > 0.1) out.add(free[f]); });
  return out;
}
