import {cholesky} from "../../math/cholesky.js";
import {momentsOf, type TiltFamily} from "./tilt.js";

/** Statistics brought to mean zero and covariance one under q: t = centre + L u, so that alpha' t is (L' alpha)' u and a constant. */
export interface Whitened {
  readonly family: TiltFamily;
  readonly centre: Float64Array; // (Q)
  /** L, the lower triangle row by row. */
  readonly factor: Float64Array;
  /** L^-1 (x - centre): a mean of t as one of u. */
  inside(mean: ArrayLike<number>): Float64Array;
  /** Alpha of t from that of u, L'^-1 a. */
  outside(a: ArrayLike<number>): Float64Array;
  /** That of u from alpha of t, L' alpha. */
  back(alpha: ArrayLike<number>): Float64Array;
}

/**
 * Whitens statistics. Powers of a coefficient are nearly collinear as they stand, and no solver minds after this.
 *
 * @returns the index of the first statistic that adds nothing to a constant and those before it, where there is one
 */
export function whiten({logBase, t}: TiltFamily): Whitened | {readonly redundant: number} {
  const Q = t.length;
  const q = logBase.map(Math.exp);
  const {mean, covariance} = momentsOf(q, t);
  const redundant = firstDependent(covariance, t, Q);
  if (redundant >= 0) return {redundant};
  const L = covariance;
  cholesky(L, Q);
  const R = logBase.length;
  const u: Float64Array[] = [];
  for (let k = 0, row = 0; k < Q; row += ++k) {
    const out = t[k].map((value) => value - mean[k]);
    for (let e = 0; e < k; ++e) {
      const [l, other] = [L[row + e], u[e]];
      for (let r = 0; r < R; ++r) out[r] -= l * other[r];
    }
    u.push(out.map((value) => value / L[row + k]));
  }
  const inside = (given: ArrayLike<number>) => {
    const y = mean.map((m, k) => given[k] - m);
    for (let k = 0, row = 0; k < Q; row += ++k) {
      for (let e = 0; e < k; ++e) y[k] -= L[row + e] * y[e];
      y[k] /= L[row + k];
    }
    return y;
  };
  const outside = (a: ArrayLike<number>) => {
    const y = Float64Array.from(a);
    for (let k = Q - 1; k >= 0; --k) {
      for (let e = k + 1; e < Q; ++e) y[k] -= L[(e * (e + 1)) / 2 + k] * y[e];
      y[k] /= L[(k * (k + 3)) / 2];
    }
    return y;
  };
  const back = (alpha: ArrayLike<number>) => mean.map((_, k) => {
    let sum = 0;
    for (let e = k; e < Q; ++e) sum += L[(e * (e + 1)) / 2 + k] * alpha[e];
    return sum;
  });
  return {family: {logBase, t: u}, centre: mean, factor: L, inside, outside, back};
}

/** By the pivots of the factor: what is left of a statistic's variance after those before it. */
function firstDependent(covariance: Float64Array, t: readonly Float64Array[], Q: number): number {
  const A = covariance.slice();
  for (let d = 0, row = 0; d < Q; row += ++d) {
    for (let e = 0, other = 0; e <= d; other += ++e) {
      let sum = A[row + e];
      for (let k = 0; k < e; ++k) sum -= A[row + k] * A[other + k];
      if (e < d) A[row + e] = sum / A[other + e];
      else {
        const size = t[d].reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        if (!(sum > 1e-11 * covariance[row + d]) || !(covariance[row + d] > 1e-24 * size * size)) return d;
        A[row + d] = Math.sqrt(sum);
      }
    }
  }
  return -1;
}
