import {Matrix, type AbstractMatrix} from "ml-matrix";
import type {Id} from "../data/choiceData.js";
import {ChoiceError, quote, suggest} from "../errors.js";
import {inverse, negated} from "../math/symmetric.js";
import type {Asymptotic} from "./asymptotic.js";

/** Where standard errors come from: curvature, outer product of scores, both (robust), or both summed by clusters. */
export type ErrorKind = "hessian" | "opg" | "robust" | "clustered";

/** Every kind: "model" is for estimators that need no choices, only totals, see `fitMaxEnt`. */
export type Kind = ErrorKind | "model";

const kinds: readonly ErrorKind[] = ["hessian", "opg", "robust", "clustered"];

/** The covariance of the estimates, and how it was made. */
export interface Covariance {
  /** (F, F) over the free parameters. */
  readonly matrix: Matrix;
  /** How it was made: "robust, scores summed over 361 people". */
  readonly words: string;
  /** Directions in which the data say nothing: unit vectors (F) on the scale of root curvatures; empty when all is well. */
  readonly flat: readonly Float64Array[];
}

/**
 * The covariance of the estimates.
 *
 *   hessian    (-H)^-1                                                                      (eq:hessian)
 *   opg        (sum_i g_i g_i')^-1                                                          (eq:opg)
 *   robust     H^-1 (sum_i g_i g_i') H^-1                                                   (eq:sandwich)
 *   clustered  as robust, with g_c summed over each cluster, times C / (C - 1)
 *   model      H^-1 M H^-1, M the covariance of the sums as the model has it                (eq:model)
 *
 * Scores are always summed by person first: a person's situations share their coefficients, so their score parts are
 * correlated, and an outer product of the parts understates errors, up to threefold on long panels.
 *
 * Weights are counts to the Hessian and the outer product (weight two is being there twice), and sampling weights to the
 * robust kinds (a person of weight two is still one person).
 *
 * @param clusters one label per person, for "clustered"; default the data's own
 * @throws {ChoiceError} infer/unknown-errors, infer/unsound, infer/no-clusters, infer/few-clusters
 */
export function covariance(fit: Asymptotic, kind: Kind = fit.usual ?? "hessian", clusters: readonly Id[] | undefined = fit.data.clusters): Covariance {
  const at = `covariance(fit, ${quote(kind)})`;
  checkKind(kind, at, fit);
  const I = fit.scores.rows;
  if (kind === "opg") {
    const {inverse: matrix, flat} = inverse(outer(fit.scores, fit.weight));
    return {matrix, flat, words: `outer product of the scores of ${I} people`};
  }
  if (kind !== "hessian" && kind !== "model") checkEnough(kind === "clustered" ? clusterGroups(clusters, I, at).size : I, fit.free.length, kind, at, fit.expected ? "model" : "hessian");
  const {inverse: bread, flat} = inverse(negated(fit.hessian));
  if (kind === "hessian") return {matrix: bread, flat, words: "inverse Hessian"};
  if (kind === "model") return {matrix: sandwich(bread, fit.expected!), flat, words: "choices as random as the model says"};
  if (kind === "robust") return {matrix: sandwich(bread, outer(fit.scores)), flat, words: `robust, scores summed over ${I} people`};
  const groups = clusterGroups(clusters, I, at);
  const C = groups.size;
  const sums = Matrix.zeros(C, fit.scores.columns);
  clusters!.forEach((label, i) => {
    const c = groups.get(label)!;
    for (let f = 0; f < sums.columns; ++f) sums.set(c, f, sums.get(c, f) + fit.scores.get(i, f));
  });
  return {matrix: sandwich(bread, outer(sums)).mul(C / (C - 1)), flat, words: `robust, scores summed over ${C} clusters`};
}

/**
 * Numbers the clusters of I people.
 *
 * @throws {ChoiceError} infer/no-clusters, infer/few-clusters
 */
export function clusterGroups(clusters: readonly Id[] | undefined, I: number, at: string): ReadonlyMap<Id, number> {
  if (!clusters) {
    throw new ChoiceError("infer/no-clusters", {
      at, saw: "no clusters",
      want: "one label per person",
      hint: 'name the column when reading the data: {clusters: "village"}, or pass the labels'
    });
  }
  if (clusters.length !== I) {
    throw new ChoiceError("infer/no-clusters", {
      at, saw: `${clusters.length} labels for ${I} people`,
      want: "one label per person"
    });
  }
  const groups = new Map<Id, number>();
  for (const label of clusters) if (!groups.has(label)) groups.set(label, groups.size);
  if (groups.size < 2) {
    throw new ChoiceError("infer/few-clusters", {
      at, saw: `${groups.size} cluster`,
      want: "several, better dozens: the errors are learned from the spread between clusters"
    });
  }
  return groups;
}

/**
 * Robust errors are learned from the spread of scores over people (or clusters): with no more of them than parameters the
 * spread is nil in some direction, and errors come out as small as one likes.
 *
 * @throws {ChoiceError} infer/few-people
 */
export function checkEnough(count: number, parameters: number, kind: ErrorKind, at: string, instead: Kind = "hessian"): void {
  if (count > parameters) return;
  throw new ChoiceError("infer/few-people", {
    at, saw: `${kind} errors of ${parameters} parameters from ${count} ${kind === "clustered" ? "clusters" : count === 1 ? "person" : "people"}`,
    want: "more of them than parameters, better many more",
    hint: `errors: ${quote(instead)}`
  });
}

/** @throws {ChoiceError} infer/unknown-errors, with the nearest; infer/unsound, with the reason */
export function checkKind(kind: Kind, at: string, {expected, unsound = {}, usual}: Pick<Asymptotic, "expected" | "unsound" | "usual"> = {}): void {
  const known: readonly Kind[] = expected ? [...kinds, "model"] : kinds;
  if (!known.includes(kind)) {
    throw new ChoiceError("infer/unknown-errors", {
      at, saw: `no errors called ${quote(kind)}`,
      want: "a kind of standard error",
      hint: suggest(String(kind), known)
    });
  }
  const reason = unsound[kind];
  if (reason !== undefined) {
    throw new ChoiceError("infer/unsound", {at, saw: `${quote(kind)} errors`, want: `errors that hold here: ${reason}`, hint: `errors: ${quote(usual ?? known.find((other) => !(other in unsound)))}`});
  }
}

/**
 * Positions among the free parameters that have run away: estimates that move utility by hundreds of units, with errors of
 * thousands. (Errors alone may be as large where columns are nearly collinear, at an honest summit.)
 */
export function unbounded({hessian, free, reach, theta}: Asymptotic): readonly number[] {
  if (!reach) return [];
  const {inverse: V} = inverse(negated(hessian));
  return free.flatMap((p, f) => (Math.sqrt(V.get(f, f)) * reach[p] > 1e3 && Math.abs(theta[p]) * reach[p] > 100 ? [f] : []));
}

/** S'S, or sum_i s_i s_i' / w_i: scores hold weights, w g, and a person of weight w is to count as w people, w g g'. */
function outer(S: AbstractMatrix, weight?: Float64Array): Matrix {
  const [I, F] = [S.rows, S.columns];
  const s = new Float64Array(F);
  const sums = new Float64Array(F * F);
  for (let i = 0; i < I; ++i) {
    const part = weight && weight[i] > 0 ? 1 / weight[i] : 1;
    for (let f = 0; f < F; ++f) s[f] = S.get(i, f);
    for (let f = 0; f < F; ++f) for (let g = 0; g <= f; ++g) sums[f * F + g] += part * s[f] * s[g];
  }
  for (let f = 1; f < F; ++f) for (let g = 0; g < f; ++g) sums[g * F + f] = sums[f * F + g];
  return Matrix.from1DArray(F, F, sums);
}

const sandwich = (bread: Matrix, meat: Matrix): Matrix => bread.mmul(meat).mmul(bread);
