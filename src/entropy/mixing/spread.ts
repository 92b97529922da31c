import type {Matrix} from "ml-matrix";
import {covarianceOf} from "./tilt.js";

/**
 * Variance of a number read off the weights, by the delta method: dF / dalpha_q = Cov_theta(dF / dtheta, t_q), and with
 * lambda = -alpha the sign turns. Parameters after the statistics do not move the weights.
 *
 * @param sign -1 for multipliers of moments, 1 for those of statistics
 * @param V    covariance of the free parameters, of which the statistics are the first, (F, F)
 * @returns null where V says nothing
 */
export function slopesVariance(slope: Float64Array, theta: Float64Array, t: readonly Float64Array[], sign: 1 | -1, V: Matrix, more: readonly number[] = []): number | null {
  const a = [...t.map((f) => sign * covarianceOf(theta, slope, f)), ...more];
  const P = Math.min(a.length, V.rows);
  let sum = 0;
  for (let p = 0; p < P; ++p) for (let q = 0; q < P; ++q) sum += a[p] * a[q] * V.get(p, q);
  return Number.isFinite(sum) && sum >= 0 ? sum : null;
}
