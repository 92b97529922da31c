import type {EstimateRow} from "../../infer/estimates.js";
import {shareInterval} from "../../infer/shareInterval.js";
import {cumulative, quantile} from "../../math/normal.js";
import {ChoiceError, quote, suggest} from "../../errors.js";
import {covarianceOf, meanOf} from "./tilt.js";
import type {TastesFacts} from "./tastes.js";

/** A number read off the weights, with its derivative. */
export interface Reading {
  readonly name: string;
  readonly words: string;
  readonly role: EstimateRow["role"];
  readonly value: number;
  /** dF / dtheta_r, up to a constant, (R): what the delta method asks for. */
  readonly slope: Float64Array;
}

/**
 * What a reader wants of a mixture: means, standard deviations, shares below zero, correlations; with `worth`, the ratio of
 * mean coefficients -E b / E b_worth.
 *
 * @param worth the coefficient that others are measured in, such as the price
 * @throws {ChoiceError} mixing/worth
 */
export function readings(tastes: TastesFacts, theta: Float64Array, {worth, at = ""}: {readonly worth?: string; readonly at?: string} = {}): Reading[] {
  const {names, points} = tastes;
  const means = points.map((b) => meanOf(theta, b));
  const sds = points.map((b) => Math.sqrt(covarianceOf(theta, b, b)));
  const varied = points.map((b) => b.some((value) => value !== b[0]));
  const own = names.flatMap((name, d): Reading[] => {
    const b = points[d];
    const below = belowZero(tastes, d);
    return [
      {name: `mean[${name}]`, words: "", role: "mean", value: means[d], slope: b},
      ...(varied[d] ? [{name: `sd[${name}]`, words: "", role: "spread", value: sds[d], slope: b.map((value) => (value - means[d]) ** 2 / (2 * sds[d]))} as const] : []),
      {name: `P(${name} < 0)`, words: `${shareOf} with ${name} below zero`, role: "derived", value: meanOf(theta, below), slope: below}
    ];
  });
  const pairs = names.flatMap((name, d) => names.slice(0, d).flatMap((other, e): Reading[] => {
    if (!varied[d] || !varied[e]) return [];
    const rho = covarianceOf(theta, points[d], points[e]) / (sds[d] * sds[e]);
    const [x, y] = [points[e].map((b) => (b - means[e]) / sds[e]), points[d].map((b) => (b - means[d]) / sds[d])];
    return [{name: `cor[${other},${name}]`, words: "", role: "correlation", value: rho, slope: x.map((a, r) => a * y[r] - (rho / 2) * (a * a + y[r] * y[r]))}];
  }));
  return [...own, ...pairs, ...(worth === undefined ? [] : worths(tastes, means, worth, at))];
}

/**
 * The part of each taste that lies below zero: a point of a grid stands for the cell around it, halfway to its neighbours, so
 * that shares of fine and coarse grids agree; a draw is a point, and one at zero counts half.
 */
function belowZero({points, axes}: TastesFacts, d: number): Float64Array {
  const axis = axes?.[d];
  if (!axis || axis.length < 2) return points[d].map((b) => (b < 0 ? 1 : b === 0 ? 0.5 : 0));
  const part = new Map([...axis].map((b, k) => {
    const low = b - (k ? b - axis[k - 1] : axis[1] - b) / 2;
    const high = b + (k + 1 < axis.length ? axis[k + 1] - b : b - axis[k - 1]) / 2;
    return [b, Math.min(1, Math.max(0, -low / (high - low)))];
  }));
  return points[d].map((b) => part.get(b)!);
}

function worths({names, points}: TastesFacts, means: readonly number[], worth: string, at: string): Reading[] {
  const p = names.indexOf(worth);
  if (p < 0) throw new ChoiceError("mixing/worth", {at, saw: `worth: ${quote(worth)}`, want: "a coefficient among the tastes", hint: suggest(String(worth), names)});
  return names.flatMap((name, d) => (d === p ? [] : [{
    name: `worth[${name}]`, words: `-mean ${name} / mean ${worth}`, role: "derived" as const, value: -means[d] / means[p],
    slope: points[d].map((b, r) => -b / means[p] + (means[d] / means[p] ** 2) * points[p][r])
  }]));
}

const shareOf = "share of people";

/** A line of the table; the interval of a share of people is on the logit scale (eq:shareInterval). */
export function readingRow({name, words, role, value}: Omit<Reading, "slope">, variance: number | null, level: number, why = "no errors here"): EstimateRow {
  const error = variance !== null && variance >= 0 && Number.isFinite(variance) ? Math.sqrt(variance) : null;
  if (error === null || error === 0) return {name, words, role, estimate: value, error: null, z: null, p: null, low: null, high: null, ...(error === null && {why})};
  const [z, critical] = [value / error, -quantile((1 - level) / 2)];
  // A share's interval stays a share's, and there is nothing to test against zero.
  if (words.startsWith(shareOf)) return {name, words, role, estimate: value, error, z: null, p: null, ...(shareInterval(value, error, critical) ?? {low: null, high: null})};
  return {name, words, role, estimate: value, error, z, p: 2 * cumulative(-Math.abs(z)), low: value - critical * error, high: value + critical * error};
}
