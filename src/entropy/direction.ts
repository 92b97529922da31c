import {Matrix} from "ml-matrix";
import {spectrum} from "../math/symmetric.js";
import type {Coordinates} from "./coordinates.js";
import type {DualPoint} from "./dualPoint.js";

/** Which way the multipliers go next. */
export interface Direction {
  /** Of lambda, (K); mu and nu follow (eq:arrow). */
  readonly along: Float64Array;
  /** Of the dual along it, mu and nu moving too. */
  readonly slope: number;
  /** Root mean square change of eta, and what it is of Newton's whole step. */
  readonly length: number;
  readonly whole: number;
  /** Least curvature of any direction, a part of the greatest that there could be. */
  readonly least: number;
}

/**
 * Newton's direction in coordinates in which z is of unit size, no longer than a radius: G + shift I, with the least shift
 * that is enough (Levenberg 1944). Curvature below 1e-15 of the largest is rounding, and floored.
 */
export function direction(at: DualPoint, {basis, rank, size}: Coordinates, radius: number): Direction {
  const K = at.lambda.length;
  const right = uphill(at);
  const {values, vectors} = spectrum(inCoordinates(at.curvature, basis, K, rank), new Float64Array(rank).fill(1));
  // B V: the eigenvectors as directions of lambda, (K, R).
  const ways = new Float64Array(K * rank);
  for (let k = 0; k < K; ++k) for (let e = 0; e < rank; ++e) for (let r = 0; r < rank; ++r) ways[k * rank + e] += basis[k * rank + r] * vectors.get(r, e);
  const part = new Float64Array(rank);
  for (let k = 0; k < K; ++k) for (let e = 0; e < rank; ++e) part[e] += ways[k * rank + e] * right[k];
  const most = Math.max(...values, 1e-300);
  const step = (shift: number) => part.map((v, e) => v / (Math.max(values[e], 1e-15 * most) + shift));
  let y = step(0);
  const whole = Math.hypot(...y);
  if (whole > radius) {
    let [low, high] = [1e-16 * most, Math.hypot(...part) / radius];
    while (high > 1.1 * low) {
      const middle = Math.sqrt(low * high);
      if (Math.hypot(...step(middle)) > radius) low = middle;
      else high = middle;
    }
    y = step(high);
  }
  const along = new Float64Array(K);
  for (let k = 0; k < K; ++k) for (let e = 0; e < rank; ++e) along[k] += ways[k * rank + e] * y[e];
  return {along, slope: slopeAt(at, along) - at.sums.promise, length: Math.hypot(...y), whole, least: rank ? values[0] / size : Infinity};
}

/** The slope of the dual along a direction of lambda, mu and nu solved for. */
export function slopeAt(at: DualPoint, along: Float64Array): number {
  const right = uphill(at);
  return -along.reduce((sum, v, k) => sum + v * right[k], 0);
}

/** The right-hand side of the arrow, (K) (eq:arrow). */
const uphill = ({gradient, sums}: DualPoint) => gradient.map((g, k) => sums.pull[k] - g);

/** B'GB, (R, R). */
function inCoordinates(G: Float64Array, basis: Float64Array, K: number, rank: number): Matrix {
  const half = new Float64Array(K * rank);
  for (let k = 0; k < K; ++k) for (let l = 0; l < K; ++l) for (let r = 0; r < rank; ++r) half[k * rank + r] += G[k * K + l] * basis[l * rank + r];
  const out = Matrix.zeros(rank, rank);
  for (let r = 0; r < rank; ++r) for (let q = 0; q <= r; ++q) {
    let sum = 0;
    for (let k = 0; k < K; ++k) sum += basis[k * rank + r] * half[k * rank + q];
    out.set(r, q, sum);
    out.set(q, r, sum);
  }
  return out;
}
