import {checkOptions, ChoiceError, listed, quote, suggest} from "../errors.js";
import type {NoiseOptions} from "./options.js";
import type {Support} from "./programme.js";

/** M points from `low` to `high`, equally spaced. */
export const spaced = (M: number, low: number, high: number): Float64Array => Float64Array.from({length: M}, (_, m) => low + ((high - low) * m) / (M - 1));

/** Points without a prior all count alike: entropy; with one: cross-entropy, relative to it. */
export function support(points: Float64Array, prior: readonly number[] | undefined, at: string): Support {
  if (prior === undefined) return {points, logPrior: new Float64Array(points.length)};
  checkPrior(prior, points.length, "point", at);
  const sum = prior.reduce((total, q) => total + q, 0);
  return {points, logPrior: Float64Array.from(prior, (q) => Math.log(q / sum))};
}

/** @throws {ChoiceError} options/prior for a wrong length, or a weight that is not positive */
export function checkPrior(prior: unknown, length: number, what: string, at: string): asserts prior is readonly number[] {
  const list = Array.isArray(prior) || ArrayBuffer.isView(prior);
  if (!list || (prior as ArrayLike<number>).length !== length) {
    throw new ChoiceError("options/prior", {at, saw: list ? `${(prior as ArrayLike<number>).length} prior weights for ${length} ${what}s` : `prior: ${quote(prior)}`, want: `a list of ${length} positive numbers, one for each ${what}`});
  }
  const bad = Array.from(prior as ArrayLike<number>).findIndex((q) => !(typeof q === "number" && q > 0 && Number.isFinite(q)));
  if (bad >= 0) {
    const value: unknown = (prior as ArrayLike<number>)[bad];
    throw new ChoiceError("options/prior", {at, saw: `prior weight ${bad} is ${quote(value)}`, want: "positive numbers", hint: value === 0 ? `leave that ${what} out: a prior of zero can never become more` : undefined});
  }
}

/** @throws {ChoiceError} options/points, for what are not increasing numbers, two or more */
function increasing(points: ArrayLike<unknown>, what: string, at: string): Float64Array {
  const odd = Array.from(points).find((s) => typeof s !== "number" || !Number.isFinite(s));
  if (odd !== undefined) throw new ChoiceError("options/points", {at, saw: `a ${what} of ${quote(odd)}`, want: "finite numbers"});
  const list = Float64Array.from(points as ArrayLike<number>);
  if (list.length < 2) throw new ChoiceError("options/points", {at, saw: `${list.length} ${what}${list.length === 1 ? "" : "s"}`, want: "two or more: with one there is nothing to learn"});
  const stuck = list.findIndex((s, m) => m > 0 && !(s > list[m - 1]));
  if (stuck > 0) throw new ChoiceError("options/points", {at, saw: `${what}s that do not increase: ${list[stuck - 1]}, ${list[stuck]}`, want: "increasing numbers, each once", hint: `[${listed([...new Set(list)].sort((a, b) => a - b)).replace(" and", ",")}]`});
  return list;
}

function count(M: number, option: string, at: string): number {
  if (!Number.isInteger(M) || M < 2) throw new ChoiceError("options/points", {at, saw: `${option}: ${quote(M)}`, want: "a whole number of points, two or more, or a list of them"});
  return M;
}

/**
 * Support of a probability: M points from 0 to 1, or a list in [0, 1].
 *
 * @param sets how many alternatives choice sets have, each number once
 * @throws {ChoiceError} options/points, options/prior; options/support-sum where probabilities over such points cannot sum to one
 */
export function signalSupport(points: number | readonly number[], prior: readonly number[] | undefined, sets: Iterable<number>, at: string): Support {
  if (typeof points !== "number" && !Array.isArray(points)) throw new ChoiceError("options/points", {at, saw: `supports: ${quote(points)}`, want: "how many points, or a list of them: 2, or [0, 0.5, 1]"});
  const list = typeof points === "number" ? spaced(count(points, "supports", at), 0, 1) : increasing(points, "support", at);
  const [low, high] = [list[0], list[list.length - 1]];
  if (low < 0 || high > 1) throw new ChoiceError("options/points", {at, saw: `a support of ${low < 0 ? low : high}`, want: "points from 0 to 1: they are values of a probability"});
  for (const J of sets) {
    if (J * low < 1 && J * high > 1) continue;
    throw new ChoiceError("options/support-sum", {
      at, saw: `supports from ${low} to ${high} and a choice set of ${J}: its probabilities sum to ${J * high <= 1 ? `${Number((J * high).toPrecision(6))} at most` : `${Number((J * low).toPrecision(6))} at least`}`,
      want: "points between which probabilities can sum to one", hint: "let them go from 0 to 1: supports: 2"
    });
  }
  return support(list, prior, at);
}

/** Noise as asked for, its width still to be settled. */
export interface NoiseShape {
  /** A number, or how to find it. */
  readonly v: number | "1/√N" | "cv";
  readonly sumToZero: boolean;
  /** How many points. */
  readonly points: number;
  /** The support at half-width v. */
  at(v: number): Support;
}

/** @throws {ChoiceError} options/unknown, options/noise, options/points, options/prior */
export function noiseShape(options: NoiseOptions, call: string): NoiseShape {
  const at = `${call}, noise`;
  checkOptions(at, options, ["v", "points", "prior", "sumToZero"]);
  const {v = "1/√N", points = 3, prior, sumToZero = true} = options;
  const named = v === "invsqrt" ? "1/√N" : v;
  if (typeof named === "number" ? !(named > 0 && Number.isFinite(named)) : named !== "1/√N" && named !== "cv") {
    throw new ChoiceError("options/noise", {at, saw: `v: ${quote(v)}`, want: 'a positive number, "1/√N" or "cv"', hint: named === 0 ? "noise: false, for no errors" : typeof named === "string" ? suggest(named, ["1/√N", "invsqrt", "cv"]) : "v: \"1/√N\""});
  }
  if (typeof sumToZero !== "boolean") throw new ChoiceError("options/noise", {at, saw: `sumToZero: ${quote(sumToZero)}`, want: "true or false"});
  if (typeof points !== "number" && !Array.isArray(points)) throw new ChoiceError("options/points", {at, saw: `points: ${quote(points)}`, want: "how many points, or a list of them: 3, or [-1, 0, 1]"});
  const list = typeof points === "number" ? spaced(count(points, "points", at), -1, 1) : increasing(points, "noise point", at);
  const [low, high] = [list[0], list[list.length - 1]];
  if (!(low < 0 && high > 0)) throw new ChoiceError("options/points", {at, saw: `noise points from ${low} to ${high}`, want: "points on both sides of zero: errors go either way", hint: "points: [-1, 0, 1]"});
  const {logPrior} = support(list, prior, at);
  return {v: named, sumToZero, points: list.length, at: (width) => ({points: list.map((u) => u * width), logPrior})};
}
