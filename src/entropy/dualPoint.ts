import type {DualSums} from "../kernels/dual.js";
import {sizesOf, type Programme} from "./programme.js";

/** The dual and its derivatives at multipliers (eq:dual). */
export interface DualPoint {
  readonly lambda: Float64Array;
  /** D. */
  readonly value: number;
  /** What the rounding of D amounts to. */
  readonly grain: number;
  /** b - sum w z (p + e) + Omega lambda, (K). */
  readonly gradient: Float64Array;
  /** Profiled curvature G + Omega, (K, K) row-major (eq:curvature). */
  readonly curvature: Float64Array;
  /** The entropies there, less half lambda' Omega lambda: what D equals at a solution (eq:gap). */
  readonly primal: number;
  /** Largest moment residual over the largest total that z allows. */
  readonly residual: number;
  readonly sums: DualSums;
}

/** The terms in lambda alone, added to the sums over situations. */
export function dualPoint({targets, slack, moments: K}: Programme, totals: Float64Array, lambda: Float64Array, sums: DualSums): DualPoint {
  const gradient = new Float64Array(K);
  const curvature = sums.curvature.slice();
  let [value, size, primal, residual] = [sums.value, sums.magnitude, sums.signal + sums.noise, 0];
  for (let k = 0; k < K; ++k) {
    const along = lambda[k] * targets[k];
    const own = slack ? slack[k] * lambda[k] : 0;
    value += along + 0.5 * own * lambda[k];
    primal -= 0.5 * own * lambda[k];
    size += Math.abs(along) + 0.5 * own * lambda[k];
    gradient[k] = targets[k] - sums.moments[k] + own;
    curvature[k * K + k] += slack ? slack[k] : 0;
    residual = Math.max(residual, Math.abs(gradient[k]) / totals[k]);
  }
  return {lambda, value, grain: 1e-15 * (1 + size), gradient, curvature, primal, residual, sums};
}

/** |primal - dual| over 1 + |dual|. */
export const gapOf = ({primal, value}: DualPoint) => Math.abs(primal - value) / (1 + Math.abs(value));

/** The largest total that z allows for each moment, sum_n w_n max_j |z_njk|, or |b_k| where that is 0: what residuals are relative to, (K). */
export function largestTotals(programme: Programme): Float64Array {
  const {z, situation, weight, targets} = programme;
  const {K, N} = sizesOf(programme);
  const totals = new Float64Array(K);
  for (let n = 0; n < N; ++n) {
    const [first, end] = [situation[n] * K, situation[n + 1] * K];
    for (let k = 0; k < K; ++k) {
      let most = 0;
      for (let c = first + k; c < end; c += K) most = Math.max(most, Math.abs(z[c]));
      totals[k] += weight[n] * most;
    }
  }
  return totals.map((total, k) => total || Math.abs(targets[k]) || 1);
}
