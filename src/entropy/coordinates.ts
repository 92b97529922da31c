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
  let widest = 0;
  for (let n = 0; n < N; ++n) widest = Math.max(widest, situation[n + 1] - situation[n]);
  const away = new Float64Array(widest * K); // z less its mean in a situation, (J, K)
  const sums = new Float64Array(K * K); // lower triangle
  for (let n = 0; n < N; ++n) add(sums, away, z, situation[n] * K, situation[n + 1] * K, K, weight[n], level);
  const out = Matrix.zeros(K, K);
  for (let k = 0; k < K; ++k) for (let l = 0; l <= k; ++l) out.set(k, l, sums[k * K + l] + (slack && k === l ? slack[k] : 0));
  return out;
}

/** Adds w times the products of one situation, its numbers of z in [first, end). */
function add(sums: Float64Array, away: Float64Array, z: Float64Array, first: number, end: number, K: number, w: number, level: boolean): void {
  const size = end - first;
  for (let k = 0; k < K; ++k) {
    let mean = 0;
    if (!level) for (let c = k; c < size; c += K) mean += z[first + c];
    mean /= size / K;
    // What is the same throughout a situation differs from its mean by rounding.
    const rounding = 1e-14 * Math.abs(mean);
    for (let c = k; c < size; c += K) {
      const d = z[first + c] - mean;
      away[c] = Math.abs(d) > rounding ? d : 0;
    }
  }
  for (let k = 0; k < K; ++k) for (let l = 0; l <= k; ++l) {
    let sum = 0;
    for (let c = 0; c < size; c += K) sum += away[c + k] * away[c + l];
    sums[k * K + l] += w * sum;
  }
}
