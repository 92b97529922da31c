import type {Id} from "../data/choiceData.js";
import {checkOptions, ChoiceError, expectFields, listed, quote} from "../errors.js";
import type {Asymptotic} from "../infer/asymptotic.js";
import {covariance, type Kind} from "../infer/covariance.js";
import {chiSquaredTail} from "../math/chiSquared.js";
import {inverse} from "../math/symmetric.js";
import {shown, type Shown} from "../rich.js";
import {positionsOf, type Names} from "./momentGroups.js";

export interface WaldOptions {
  /** Which covariance. Default: that of the fit's own table, robust for maximum-entropy fits of choices. */
  readonly errors?: Kind;
  /** One label per person, for "clustered"; default the data's own. */
  readonly clusters?: readonly Id[];
}

export interface WaldFacts {
  readonly statistic: number;
  readonly degrees: number;
  /** P(chi-squared >= statistic). */
  readonly p: number;
  /** The parameters said to be zero. */
  readonly names: readonly string[];
  readonly errors: Kind;
  /** How the covariance was made, in words. */
  readonly words: string;
}

export type Wald = WaldFacts & Shown;

/**
 * Tests whether parameters are all zero, by how far their estimates are from it (eq:wald):
 *
 *   W = theta_S' (V_SS)^-1 theta_S  ~  chi-squared with |S| degrees of freedom
 *
 * With a robust covariance it holds for every fit, also where differences of entropies have no chi-squared distribution: for
 * supports, and for noise wider than 1/√N. It is not invariant to how a hypothesis is written, unlike a likelihood ratio.
 *
 * @param fit   a fit of any kind
 * @param names parameters: "price", all of an attribute ("time" for time[car] and time[bus]), "intercepts", or a list;
 *   default all that are free
 * @throws {ChoiceError} explain/unknown-name, explain/not-free for held parameters, explain/flat where the data do not say;
 *   infer/… as `covariance`
 * @example
 * const {statistic, degrees} = wald(logit, "price");
 * degrees // 1
 */
export function wald(fit: Asymptotic, names?: Names, options: WaldOptions = {}): Wald {
  const at = `wald(fit${names === undefined ? "" : `, ${JSON.stringify(names)}`})`;
  expectFields("infer/not-a-fit", at, fit, ["theta", "parameters", "hessian"], "a fit", "wald(await fitMaxEnt(data))");
  checkOptions(at, options, ["errors", "clusters"]);
  const {parameters, free, theta} = fit;
  const positions = names === undefined ? [...free] : positionsOf(parameters.map(({name, role}) => ({name, intercept: role === "intercept"})), names, "parameter", at);
  const held = positions.filter((p) => !free.includes(p));
  if (held.length) throw new ChoiceError("explain/not-free", {at, saw: `${listed(held.map((p) => quote(parameters[p].name)))}, held or not told by the data`, want: "parameters that were estimated"});
  const errors = options.errors ?? fit.usual ?? "hessian";
  const {matrix, flat, words} = covariance(fit, errors, options.clusters);
  const S = positions.map((p) => free.indexOf(p));
  const untold = positions.filter((_, s) => flat.some((direction) => Math.abs(direction[S[s]]) > 0.1));
  if (untold.length) {
    throw new ChoiceError("explain/flat", {at, saw: `${listed(untold.map((p) => quote(parameters[p].name)))} in a direction of which the data say nothing`, want: "parameters that are told apart", hint: "leave one of them out of the fit"});
  }
  const {inverse: precision, flat: singular} = inverse(matrix.subMatrixRow(S).subMatrixColumn(S));
  if (singular.length) throw new ChoiceError("explain/flat", {at, saw: `a covariance of ${S.length} parameters that has rank ${S.length - singular.length}`, want: "more people than parameters", hint: 'errors: "hessian", where it holds'});
  let statistic = 0;
  positions.forEach((p, s) => positions.forEach((q, t) => { statistic += theta[p] * precision.get(s, t) * theta[q]; }));
  return shown("wald", {statistic, degrees: S.length, p: chiSquaredTail(statistic, S.length), names: positions.map((p) => parameters[p].name), errors, words});
}
