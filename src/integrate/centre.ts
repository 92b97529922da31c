import {nodesInto, placeSize, type Lattice} from "../kernels/lattice.js";
import type {Choices, PanelKernel, Point} from "../kernels/panel.js";
import {cholesky, inverseInto, solveInto} from "../math/cholesky.js";
import {mix} from "../math/random.js";
import {gaussian} from "../model/distribution.js";
import type {Mixing} from "./mixing.js";

/** How units are to find the place of their nodes (eq:place). */
export interface Centring {
  /**
   * "mode": where a unit's choices and the standard normal prior together are most likely, with the curvature there.
   * "moments": mean and covariance of that posterior, by the nodes that are laid now. "prior": the nodes as they are.
   */
  readonly by: "mode" | "moments" | "prior";
  /** C is that of the posterior times this: a proposal too wide costs little, one too narrow misses tails. Default 1.15 for modes, 1.1 for moments. */
  readonly widen?: number;
}

/** What a unit's place is found from. */
export interface Scene {
  readonly choices: Choices;
  readonly blend: Mixing;
  readonly kernel: PanelKernel;
  /** The standard normal nodes that are laid now. */
  readonly lattice: Lattice;
}

/** Writes the place of a unit: its centre, and the lower triangle of its C. */
export type Seek = (u: number, place: Float64Array) => void;

/**
 * A way to find the places of units at theta (eq:mode, eq:moments). Nothing but a unit's own choices and nodes enters, so that
 * it does not matter who asks, nor in what order.
 */
export function centre(scene: Scene, theta: Float64Array, {by, widen}: Centring): Seek {
  if (by === "mode") return modes(scene, theta, widen ?? 1.15);
  return by === "moments" ? moments(scene, theta, widen ?? 1.1) : (_, place) => unmoved(place, scene.lattice.dimensions);
}

/** The place of a node that stays where it is. */
export function unmoved(place: Float64Array, D: number): void {
  place.fill(0);
  for (let d = 0; d < D; ++d) place[D + (d * (d + 3)) / 2] = 1;
}

/**
 * Turns the nodes of unit u by signs of its own, one for each dimension: a standard normal stays one. Units that share a set
 * then do not share its errors, at no cost: the signs go into the columns of C.
 */
export function turn(place: Float64Array, D: number, u: number): void {
  for (let e = 0; e < D; ++e) {
    if (mix(mix(u) + e) & 1) for (let d = e; d < D; ++d) place[D + (d * (d + 1)) / 2 + e] *= -1;
  }
}

function isPrior(places: Float64Array, at: number, D: number): boolean {
  for (let d = 0; d < D; ++d) {
    if (places[at + d] !== 0) return false;
    for (let e = 0, row = at + D + (d * (d + 1)) / 2; e <= d; ++e) if (Math.abs(places[row + e]) !== (d === e ? 1 : 0)) return false;
  }
  return true;
}

/** Whether modes can be found: every coefficient a smooth function of its mean plus a sum of normals. */
export const hasModes = ({of: {columns}}: Pick<Mixing, "of">): boolean => columns.every(({distribution}) => !distribution || (gaussian(distribution) && distribution.family !== "censored"));

/**
 * The highest point of sum_t log P_t(b(z)) - |z|²/2, by damped Newton from the place before, and C C' = widen² (-H)^-1 there
 * (eq:mode). With normals the function is concave. With lognormals it need not be: where the Hessian fails, the part of it
 * that is always negative definite stands in (Gauss and Newton). What varies within units is taken at its middle, eta = 0.
 */
function modes({choices: {d, row, unit, columns: C}, blend, lattice}: Scene, theta: Float64Array, widen: number): Seek {
  const {columns, parameters} = blend.of;
  const D = lattice.dimensions;
  const random = Int32Array.from(columns.flatMap(({distribution}, c) => (distribution ? [c] : []))); // the column of each dimension
  const half = (D * (D + 1)) / 2;
  const Gamma = new Float64Array(D * D);
  for (const [p, {column, on, role}] of parameters.entries()) if (on !== undefined && role !== "within") Gamma[random.indexOf(column) * D + random.indexOf(on)] = theta[p];
  const point: Point = {b: new Float64Array(C), jacobian: new Float64Array(blend.size), curve: new Float64Array(blend.size * blend.size)};
  const eta = new Float64Array(blend.within);
  let probability = new Float64Array(8);
  const [s, m, own, slope, bend] = [0, 1, 2, 3, 4].map(() => new Float64Array(D));
  const [A, AG] = [new Float64Array(D * D), new Float64Array(D * D)]; // minus the Hessian in b, and times its loadings
  const here = {z: new Float64Array(D), g: new Float64Array(D), H: new Float64Array(half), sure: new Float64Array(half)};
  const there = {z: new Float64Array(D), g: new Float64Array(D), H: new Float64Array(half), sure: new Float64Array(half)};
  const [step, column, L] = [new Float64Array(D), new Float64Array(D), new Float64Array(half)];

  /** The log posterior at z, up to a constant, its gradient g, minus its Hessian H, and the sure part of that. */
  function look(u: number, {z, g, H, sure}: typeof here): number {
    blend.at(theta, z, 0, eta, 0, point, 2);
    const {b, jacobian, curve} = point;
    s.fill(0);
    A.fill(0);
    let value = 0;
    for (let n = unit[u]; n < unit[u + 1]; ++n) {
      const [first, last] = [row[n], row[n + 1]];
      if (last - first > probability.length) probability = new Float64Array(2 * (last - first));
      let top = 0;
      for (let j = first; j < last; ++j) {
        let v = 0;
        for (let c = 0, at = j * C; c < C; ++c, ++at) v += d[at] * b[c];
        probability[j - first] = v;
        if (v > top) top = v;
      }
      let sum = Math.exp(-top);
      for (let j = 0; j < last - first; ++j) sum += probability[j] = Math.exp(probability[j] - top);
      value -= top + Math.log(sum);
      m.fill(0);
      for (let j = first; j < last; ++j) {
        const p = probability[j - first] / sum;
        for (let k = 0, at = j * C; k < D; ++k) own[k] = d[at + random[k]];
        for (let k = 0; k < D; ++k) {
          const pd = p * own[k];
          m[k] += pd;
          for (let l = 0, at = k * D; l <= k; ++l, ++at) A[at] += pd * own[l];
        }
      }
      for (let k = 0; k < D; ++k) {
        s[k] -= m[k];
        for (let l = 0; l <= k; ++l) A[k * D + l] -= m[k] * m[l];
      }
    }
    for (let k = 0; k < D; ++k) {
      const c = random[k];
      slope[k] = jacobian[c];
      bend[k] = s[k] * curve[c * blend.size + c];
      for (let l = 0; l < k; ++l) A[l * D + k] = A[k * D + l];
    }
    for (let k = 0; k < D; ++k) for (let e = 0; e < D; ++e) {
      let sum = 0;
      for (let l = e; l < D; ++l) sum += A[k * D + l] * slope[l] * Gamma[l * D + e];
      AG[k * D + e] = sum;
    }
    for (let e = 0, at = 0; e < D; ++e) {
      value -= 0.5 * z[e] * z[e];
      g[e] = -z[e];
      for (let k = e; k < D; ++k) g[e] += slope[k] * Gamma[k * D + e] * s[k];
      for (let f = 0; f <= e; ++f, ++at) {
        let [sum, bent] = [e === f ? 1 : 0, 0];
        for (let k = e; k < D; ++k) {
          sum += slope[k] * Gamma[k * D + e] * AG[k * D + f];
          bent += bend[k] * Gamma[k * D + e] * Gamma[k * D + f];
        }
        sure[at] = sum;
        H[at] = sum - bent;
      }
    }
    return value;
  }

  /** The factor of minus the Hessian, or of its sure part. */
  function factor({H, sure}: typeof here): void {
    L.set(H);
    if (cholesky(L, D)) return;
    L.set(sure);
    cholesky(L, D);
  }

  return (u, place) => {
    if (lattice.places) here.z.set(lattice.places.subarray(u * placeSize(D), u * placeSize(D) + D));
    else here.z.fill(0);
    let value = look(u, here);
    for (let turn = 0; turn < 40; ++turn) {
      factor(here);
      step.set(here.g);
      solveInto(step, L, D);
      let decrement = 0;
      for (let e = 0; e < D; ++e) decrement += step[e] * here.g[e];
      if (!(decrement > 1e-4)) break; // a hundredth of a posterior standard deviation: nothing to a proposal
      let stride = 1;
      for (; stride > 1e-3; stride *= 0.5) {
        for (let e = 0; e < D; ++e) there.z[e] = here.z[e] + stride * step[e];
        const next = look(u, there);
        if (!(next >= value + 1e-3 * stride * decrement)) continue;
        value = next;
        break;
      }
      if (stride <= 1e-3) break;
      for (const name of ["z", "g", "H", "sure"] as const) here[name].set(there[name]);
    }
    factor(here);
    settle(place, here.z, L, widen);
  };

  /** C from the factor L of minus the Hessian: C C' = widen² (LL')^-1. */
  function settle(place: Float64Array, z: Float64Array, L: Float64Array, widen: number): void {
    const C = place.subarray(D);
    inverseInto(C, L, D, column);
    for (let at = 0; at < half; ++at) C[at] *= widen * widen;
    if (z.every(Number.isFinite) && cholesky(C, D)) place.set(z);
    else unmoved(place, D);
  }
}

/**
 * Mean and covariance of a unit's posterior by the shares of its nodes in its likelihood (eq:moments; Naylor and Smith 1982).
 * Few effective nodes say little about a covariance: it is shrunk towards that of the proposal they were drawn from, wholly
 * where there are no more of them than it has entries.
 */
function moments({kernel, lattice, blend}: Scene, theta: Float64Array, widen: number): Seek {
  const {dimensions: D, count: R, places} = lattice;
  const half = (D * (D + 1)) / 2;
  const [z, w, share] = [new Float64Array(R * D), new Float64Array(R), new Float64Array(R)];
  const [mean, off, S] = [new Float64Array(D), new Float64Array(D), new Float64Array(half)];
  kernel.begin(theta, 0);

  /** Mean and covariance, node by node; the sum of squared shares. */
  function summed(u: number): number {
    kernel.shares(u, share);
    nodesInto(z, w, lattice, u);
    let squares = 0;
    mean.fill(0);
    S.fill(0);
    for (let r = 0, at = 0; r < R; ++r) {
      const own = share[r];
      squares += own * own;
      for (let e = 0; e < D; ++e, ++at) mean[e] += own * z[at];
    }
    for (let r = 0, from = 0; r < R; ++r, from += D) {
      const own = share[r];
      if (own < 1e-12) continue;
      for (let e = 0; e < D; ++e) off[e] = z[from + e] - mean[e];
      for (let e = 0, at = 0; e < D; ++e) {
        const part = own * off[e];
        for (let f = 0; f <= e; ++f, ++at) S[at] += part * off[f];
      }
    }
    return squares;
  }

  return (u, place) => {
    // The kernel's own nodes are standard normals only where every family reads the normal itself.
    const effective = blend.readers ? NaN : kernel.moments?.(u, mean, S) ?? NaN;
    const squares = Number.isNaN(effective) ? summed(u) : 1 / effective;
    const C = place.subarray(D);
    const from = places && u * placeSize(D) + D;
    // These choices say next to nothing: under the prior a constant is integrated exactly, elsewhere only nearly.
    if (R * squares < 1.05 && (from === undefined || isPrior(places!, from - D, D))) return unmoved(place, D);
    const trust = Math.max(0, 1 - half * squares);
    for (let e = 0, at = 0; e < D; ++e) for (let f = 0; f <= e; ++f, ++at) {
      let before = e === f ? 1 : 0;
      if (from !== undefined) {
        before = 0;
        for (let k = 0; k <= f; ++k) before += places![from + (e * (e + 1)) / 2 + k] * places![from + (f * (f + 1)) / 2 + k];
      }
      C[at] = trust * widen * widen * S[at] + (1 - trust) * before;
    }
    if (mean.every(Number.isFinite) && cholesky(C, D)) place.set(mean);
    else unmoved(place, D);
  };
}
