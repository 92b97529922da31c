import {cholesky, solveInto} from "../../math/cholesky.js";
import {dot} from "./sums.js";

/**
 * An exponential family of weights over R points (eq:tilt):
 *
 *   theta_r = q_r exp(alpha' t_r - A(alpha)),   A(alpha) = ln sum_r q_r exp(alpha' t_r)
 *
 * Of all weights with the same means of t, these are the nearest to q, in the sense of sum_r theta_r ln(theta_r / q_r).
 */
export interface TiltFamily {
  /** ln q, (R). */
  readonly logBase: Float64Array;
  /** The Q statistics, each (R). */
  readonly t: readonly Float64Array[];
}

/** Weights over the points, with their logarithms. */
export interface Weights {
  readonly log: Float64Array; // (R)
  readonly theta: Float64Array; // (R)
  /** A(alpha). */
  readonly normaliser: number;
}

/** The member of the family at alpha. */
export function tilted({logBase, t}: TiltFamily, alpha: ArrayLike<number>): Weights {
  const log = logBase.slice();
  for (let q = 0; q < t.length; ++q) {
    const [a, tq] = [alpha[q], t[q]];
    if (a !== 0) for (let r = 0; r < log.length; ++r) log[r] += a * tq[r];
  }
  let top = -Infinity;
  for (let r = 0; r < log.length; ++r) if (log[r] > top) top = log[r];
  const theta = new Float64Array(log.length);
  let sum = 0;
  for (let r = 0; r < log.length; ++r) sum += theta[r] = Math.exp(log[r] - top);
  const normaliser = top + Math.log(sum);
  for (let r = 0; r < log.length; ++r) {
    log[r] -= normaliser;
    theta[r] /= sum;
  }
  return {log, theta, normaliser};
}

/** sum_r theta_r f_r. */
export const meanOf = (theta: Float64Array, f: Float64Array): number => dot(theta, f);

/** Covariance of f and g under weights that sum to one. */
export function covarianceOf(theta: Float64Array, f: Float64Array, g: Float64Array): number {
  const [mf, mg] = [meanOf(theta, f), meanOf(theta, g)];
  let sum = 0;
  for (let r = 0; r < theta.length; ++r) sum += theta[r] * (f[r] - mf) * (g[r] - mg);
  return sum;
}

/** Means (Q) and covariances, the lower triangle row by row (Q (Q + 1) / 2), of the statistics. */
export function momentsOf(theta: Float64Array, t: readonly Float64Array[]): {readonly mean: Float64Array; readonly covariance: Float64Array} {
  const Q = t.length;
  const R = theta.length;
  const mean = Float64Array.from(t, (f) => meanOf(theta, f));
  const covariance = new Float64Array((Q * (Q + 1)) / 2);
  for (let p = 0, at = 0; p < Q; ++p) for (let q = 0; q <= p; ++q, ++at) {
    const [f, g, mf, mg] = [t[p], t[q], mean[p], mean[q]];
    let sum = 0;
    for (let r = 0; r < R; ++r) sum += theta[r] * (f[r] - mf) * (g[r] - mg);
    covariance[at] = sum;
  }
  return {mean, covariance};
}

/** sum_r theta_r ln(theta_r / q_r): 0 at q, in nats. */
export function divergence({log, theta}: Weights, logBase: Float64Array): number {
  let sum = 0;
  for (let r = 0; r < theta.length; ++r) if (theta[r] > 0) sum += theta[r] * (log[r] - logBase[r]);
  return Math.max(0, sum);
}

/** One step of the dual's descent. */
export interface TiltStep {
  readonly value: number;
  /** Largest |target - mean + Omega alpha|, in units of the statistics' spread under q where they are whitened. */
  readonly residual: number;
  readonly step: number;
}

export interface TiltSolution {
  readonly alpha: Float64Array;
  readonly weights: Weights;
  /** Minimised D(alpha) = A(alpha) - alpha' target + alpha' Omega alpha / 2; -D is the divergence (less the noise's share). */
  readonly value: number;
  readonly converged: boolean;
  readonly path: readonly TiltStep[];
}

/**
 * The weights nearest to q whose statistics have given means (eq:tiltDual): Newton's method on the dual, which is convex,
 *
 *   D(alpha) = A(alpha) - alpha' b + alpha' Omega alpha / 2
 *   gradient   E_theta t - b + Omega alpha,     Hessian   Cov_theta t + Omega
 *
 * with steps halved until they pay (Armijo). Means that no weights have show as an alpha that runs away.
 *
 * @param omega lower triangle (Q (Q + 1) / 2) of the covariance of noise in the means; absent for exact means
 */
export function solveTilt(family: TiltFamily, target: Float64Array, {omega, start, iterations = 200}: {readonly omega?: Float64Array; readonly start?: Float64Array; readonly iterations?: number} = {}): TiltSolution {
  const Q = target.length;
  const noise = (alpha: Float64Array) => (omega ? symmetricTimes(omega, alpha) : new Float64Array(Q));
  const value = (alpha: Float64Array, {normaliser}: Weights) => normaliser - dot(alpha, target) + 0.5 * dot(alpha, noise(alpha));
  let alpha = start?.slice() ?? new Float64Array(Q);
  let weights = tilted(family, alpha);
  let D = value(alpha, weights);
  const path: TiltStep[] = [];
  let taken = NaN;
  for (let turn = 0; ; ++turn) {
    const {mean, covariance} = momentsOf(weights.theta, family.t);
    const slack = noise(alpha);
    const g = mean.map((m, q) => m - target[q] + slack[q]);
    const residual = g.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    path.push({value: D, residual, step: taken});
    const scale = 1 + target.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    if (residual <= 4e-16 * scale) return {alpha, weights, value: D, converged: true, path};
    const good = residual <= 1e-11 * scale;
    if (turn >= iterations || alpha.some((a) => !(Math.abs(a) < 1e6))) return {alpha, weights, value: D, converged: good, path};
    const H = omega ? covariance.map((c, at) => c + omega[at]) : covariance;
    const step = newtonStep(H, g, Q);
    const slope = dot(g, step);
    let moved = false;
    for (taken = 1; taken > 1e-8; taken /= 2) {
      const next = alpha.map((a, q) => a - taken * step[q]);
      const trial = tilted(family, next);
      const Dn = value(next, trial);
      if (!(Dn <= D - 1e-4 * taken * slope + 1e-15 * (1 + Math.abs(D)))) continue;
      moved = !(good && Dn >= D);
      if (moved || residualAt(family, trial, next, target, noise) < residual) {
        [alpha, weights, D, moved] = [next, trial, Dn, true];
      }
      break;
    }
    if (!moved) return {alpha, weights, value: D, converged: good, path};
  }
}

/** At the summit values no longer tell which of two points is nearer; residuals do. */
function residualAt({t}: TiltFamily, {theta}: Weights, alpha: Float64Array, target: Float64Array, noise: (alpha: Float64Array) => Float64Array): number {
  const slack = noise(alpha);
  return target.reduce((most, b, q) => Math.max(most, Math.abs(meanOf(theta, t[q]) - b + slack[q])), 0);
}

/** H^-1 g; where H has lost its rank (weights on few points), with as much added to its diagonal as it takes. */
function newtonStep(H: Float64Array, g: Float64Array, Q: number): Float64Array {
  let largest = 0;
  for (let q = 0; q < Q; ++q) largest = Math.max(largest, H[(q * (q + 3)) / 2]);
  for (let ridge = 0; ; ridge = ridge ? 100 * ridge : 1e-14 * (largest || 1)) {
    const L = H.slice();
    for (let q = 0; q < Q; ++q) L[(q * (q + 3)) / 2] += ridge;
    if (!cholesky(L, Q)) continue;
    const step = g.slice();
    solveInto(step, L, Q);
    return step;
  }
}

/** A x for a symmetric A given by its lower triangle. */
export function symmetricTimes(A: Float64Array, x: Float64Array): Float64Array {
  const out = new Float64Array(x.length);
  for (let p = 0, at = 0; p < x.length; ++p) for (let q = 0; q <= p; ++q, ++at) {
    out[p] += A[at] * x[q];
    if (q < p) out[q] += A[at] * x[p];
  }
  return out;
}
