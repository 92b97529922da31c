import {Matrix} from "ml-matrix";
import {spectrum} from "../math/symmetric.js";
import {sizesOf, type Programme} from "./programme.js";

/**
 * Coordinates y of the directions in which multipliers matter, lambda = lambda0 + B y, one unit of length to a root mean
 * square of 1 of the change in eta within situations: whatever the units of z.
 *
 * Differences within situations count; with errors that need not sum to zero, the level of z does too. A direction in which
 * z has neither leaves every p and e where it is: it is flat wherever lambda stands (eq:curvature), and left out.
 */
export interface Coordinates {
  /** B, (K, R) row-major. */
  readonly basis: Float64Array;
  /** R */
  readonly rank: number;
  /** sum_n w_n J_n: about the greatest curvature there is in these coordinates. */
  readonly size: number;
}

export function coordinates(programme: Programme): Coordinates {
  const {weight, situation} = programme;
  const size = weight.reduce((sum, w, n) => sum + w * (situation[n + 1] - situation[n]), 0) || 1;
  const {scale, values, vectors} = spectrum(products(programme).div(size));
  const [K, most] = [scale.length, Math.max(...values, 0)];
  const kept = [...values.keys()].filter((r) => values[r] > 1e-13 * most).reverse();
  const basis = new Float64Array(K * kept.length);
  kept.forEach((from, r) => { for (let k = 0; k < K; ++k) basis[k * kept.length + r] = vectors.get(k, from) / (scale[k] * Math.sqrt(values[from])); });
  return {basis, rank: kept.length, size};
}

/** Products of z, within situations where only differences count, with the variances of slack, (K, K). */
function products(programme: Programme): Matrix {
  const {z, situation, weight, noise, slack} = programme;
  const {K, N} = sizesOf(programme);
  const level = noise !== undefined && !noise.sumToZero && noise.support.points.length > 1;
  const [sums, mean, away] = [new Float64Array(K * K), new Float64Array(K), new Float64Array(K)]; // lower triangle of sums
  for (let n = 0; n < N; ++n) {
    const [from, to] = [situation[n], situation[n + 1]];
    mean.fill(0);
    if (!level) for (let row = from; row < to; ++row) for (let k = 0; k < K; ++k) mean[k] += z[row * K + k];
    for (let k = 0; k < K; ++k) mean[k] /= to - from;
    for (let row = from; row < to; ++row) {
      for (let k = 0; k < K; ++k) {
        const d = z[row * K + k] - mean[k];
        // What is the same throughout a situation differs from its mean by rounding.
        away[k] = Math.abs(d) > 1e-14 * Math.abs(mean[k]) ? d : 0;
      }
      for (let k = 0; k < K; ++k) {
        const part = weight[n] * away[k];
        for (let l = 0, at = k * K; l <= k; ++l, ++at) sums[at] += part * away[l];
      }
    }
  }
  const out = Matrix.zeros(K, K);
  for (let k = 0; k < K; ++k) for (let l = 0; l <= k; ++l) out.set(k, l, sums[k * K + l] + (slack && k === l ? slack[k] : 0));
  return out;
}
