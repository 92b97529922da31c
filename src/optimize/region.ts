import type {Matrix} from "ml-matrix";
import {combine, project, spectrum} from "../math/symmetric.js";

/** A step within a radius, with what the quadratic model promises of it. */
export interface RegionStep {
  readonly step: Float64Array;
  /** Gain of the quadratic model, g'p - p'Ap/2. */
  readonly gain: number;
  /** Length of the step in the metric of `scale`. */
  readonly length: number;
  /** g'A^-1 g when A is positive definite, else NaN. */
  readonly decrement: number;
  /** Smallest eigenvalue of the scaled A. */
  readonly least: number;
}

/**
 * Maximises g'p - p'Ap/2 over |D p| <= radius, exactly, from the eigenvalues of D^-1 A D^-1 (Moré and Sorensen 1983). A is
 * minus the Hessian, or an outer product of scores standing in for it; it need not be positive definite: where the surface
 * curves up, the step goes to the boundary.
 *
 * @param g gradient (P)   @param A (P, P)   @param scale D, (P)
 */
export function regionStep(g: Float64Array, A: Matrix, scale: Float64Array, radius: number): RegionStep {
  const s = spectrum(A, scale);
  const {values} = s;
  const c = project(s, g); // along the eigenvectors
  const P = c.length;
  const most = Math.max(...values.map(Math.abs), Number.MIN_VALUE);
  const definite = values[0] > 1e-13 * most;
  const at = (shift: number) => c.map((ck, k) => ck / (values[k] + shift));
  const norm = (y: Float64Array) => Math.hypot(...y);
  const decrement = definite ? c.reduce((sum, ck, k) => sum + (ck * ck) / values[k], 0) : NaN;
  let y = definite ? at(0) : undefined;
  if (!definite && radius === Infinity) return {step: new Float64Array(P), gain: 0, length: 0, decrement: NaN, least: values[0]};
  if (!y || norm(y) > radius) {
    // |y(shift)| falls as the shift grows past -least: bisect in the logarithm of the distance past it.
    const edge = Math.max(0, -values[0]);
    let [low, high] = [1e-14 * most, Math.max(norm(c) / radius, most) + most];
    while (norm(at(edge + high)) > radius) high *= 4;
    if (norm(at(edge + low)) <= radius) {
      // The hard case: no gradient along the worst direction. Fill the radius with it.
      y = at(edge + low);
      const rest = Math.sqrt(Math.max(0, radius * radius - norm(y) ** 2));
      y[0] += (c[0] < 0 ? -1 : 1) * rest;
    } else {
      for (let turn = 0; turn < 100 && high / low > 1 + 1e-10; ++turn) {
        const middle = Math.sqrt(low * high);
        if (norm(at(edge + middle)) > radius) low = middle;
        else high = middle;
      }
      y = at(edge + high);
    }
  }
  let gain = 0;
  for (let k = 0; k < P; ++k) gain += c[k] * y[k] - 0.5 * values[k] * y[k] * y[k];
  return {step: combine(s, y), gain, length: norm(y), decrement, least: values[0]};
}
