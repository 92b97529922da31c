import {Matrix, wrap, type AbstractMatrix} from "ml-matrix";
import type {Breathe} from "../../kernels/mnl.js";
import type {Order} from "../../kernels/panel.js";
import type {Evaluation, Objective} from "../../optimize/objective.js";
import type {LikelihoodRows} from "./rows.js";
import type {ChosenMenus} from "./sequences.js";
import {addTimes, dot, dots, timesInto} from "./sums.js";
import {momentsOf, tilted, type TiltFamily, type Weights} from "./tilt.js";

/** Choices whose likelihood is mixed: menus by units, with weights and owners of the units. */
export interface MixedMenus extends ChosenMenus {
  /** Weight of each unit, (U). */
  readonly weight: Float64Array;
  /** The person each unit belongs to, (U). */
  readonly person: Int32Array;
  readonly people: number;
}

/** One pass over all units. */
export interface MixingPass extends Evaluation {
  /** Expected counts sum_u w_u h_ur of each taste, (R), at order 2. */
  readonly counts: Float64Array;
  /** Scores summed by person, weights included, (people, P); filled where asked for. */
  readonly scores?: AbstractMatrix;
  readonly weights: Weights;
}

export interface MixingObjective extends Objective {
  evaluate(x: Float64Array, order: Order, options?: {readonly scores?: boolean}): Promise<MixingPass>;
}

/**
 * The log-likelihood of a mixed logit whose weights are an exponential family (eq:mixingLikelihood), in x = (alpha, c): Q
 * multipliers of the statistics and F shared coefficients.
 *
 *   l = sum_u w_u ln sum_r theta_r(alpha) P_ur(c)
 *   score of u    E_h t - E_theta t;   E_h s                         h_ur = theta_r P_ur / P_u
 *   Hessian       sum_u w_u Cov_h (t, s) + E_h k  -  W Cov_theta t
 *
 * with s, k the derivatives of L_ur = ln P_ur in c. Sums over units are taken taste by taste before they meet the statistics,
 * so that a Hessian costs little more than a gradient.
 */
export function mixingObjective(menus: MixedMenus, rows: LikelihoodRows, {logBase, t}: TiltFamily, breathe: Breathe): MixingObjective {
  const {unit, weight, person, people, fixed} = menus;
  const [U, R, F, Q] = [unit.length - 1, logBase.length, fixed.length, t.length];
  const P = Q + F;
  const total = weight.reduce((sum, w) => sum + w, 0);
  const h = new Float64Array(R);
  const m = new Float64Array(P);
  const pairs = (F * (F + 1)) / 2;

  return {
    size: P,
    async evaluate(x, order, {scores: asked = false} = {}) {
      const weights = tilted({logBase, t}, x);
      const {theta, log} = weights;
      const center = momentsOf(theta, order > 0 ? t : []);
      const counts = new Float64Array(R);
      const withScore = new Float64Array(order > 1 ? F * R : 0); // sum_u w h s, (F, R)
      const g = new Float64Array(P);
      const opg = new Float64Array(P * P);
      const meet = new Float64Array(P * P); // sum_u w m m'
      const inside = new Float64Array(pairs); // sum_u w E_h (k + s s')
      const scores = asked ? new Float64Array(people * P) : undefined;
      let [value, rest] = [0, 0];
      const finite = x.every(Number.isFinite);

      for (let u = 0; finite && u < U; ++u) {
        const wait = breathe();
        if (wait) await wait;
        const w = weight[u];
        const {row, top, s, k} = rows.at(u, x.subarray(Q), order);
        let sum = timesInto(h, theta, row);
        let logP = top + Math.log(sum);
        // Where all the weight sits on tastes that underflow beside the best one, in logs.
        if (sum < 1e-280) [sum, logP] = inLogs(h, log, rows.logs(u, x.subarray(Q)));
        const part = w * logP; // carries what rounding drops (Neumaier 1974)
        const next = value + part;
        rest += Math.abs(value) >= Math.abs(part) ? value - next + part : part - next + value;
        value = next;
        if (order === 0) continue;
        const inverse = 1 / sum;
        dots(h, t, m);
        dots(h, lists(s, R), m, Q);
        for (let p = 0; p < P; ++p) m[p] *= inverse;
        if (order > 1) {
          addTimes(counts, w * inverse, h);
          for (let f = 0; f < F; ++f) for (let r = 0, at = f * R; r < R; ++r, ++at) withScore[at] += w * inverse * h[r] * s[at];
          for (let f = 0, at = 0; f < F; ++f) for (let e = 0; e <= f; ++e, ++at) inside[at] += w * inverse * curvature(h, s, k, at, f, e, R);
          for (let p = 0; p < P; ++p) for (let q = 0; q <= p; ++q) meet[p * P + q] += w * m[p] * m[q];
        }
        for (let q = 0; q < Q; ++q) m[q] -= center.mean[q];
        for (let p = 0; p < P; ++p) {
          g[p] += w * m[p];
          for (let q = 0; q <= p; ++q) opg[p * P + q] += w * m[p] * m[q];
          if (scores) scores[person[u] * P + p] += w * m[p];
        }
      }

      const H = new Float64Array(order > 1 ? P * P : 0);
      if (order > 1) {
        for (let p = 0, at = 0; p < Q; ++p) for (let q = 0; q <= p; ++q, ++at) H[p * P + q] = secondMoment(counts, t[p], t[q]) - meet[p * P + q] - total * center.covariance[at];
        for (let f = 0, at = 0; f < F; ++f) {
          for (let q = 0; q < Q; ++q) H[(Q + f) * P + q] = dot(t[q], withScore.subarray(f * R, (f + 1) * R)) - meet[(Q + f) * P + q];
          for (let e = 0; e <= f; ++e, ++at) H[(Q + f) * P + Q + e] = inside[at] - meet[(Q + f) * P + Q + e];
        }
      }
      if (!finite) [g, opg, H, counts].forEach((list) => list.fill(NaN));
      return {
        value: finite ? value + rest : NaN, gradient: g, counts, weights,
        ...(order > 0 && {opg: mirrored(opg, P)}),
        ...(order > 1 && {hessian: mirrored(H, P)}),
        ...(scores && {scores: P ? wrap(scores, {rows: people}) : new Matrix(people, 0)})
      };
    }
  };
}

/** Shares h (R) of tastes and their sum 1, from ln theta and ln P: returns [1, ln sum_r theta_r P_r]. */
function inLogs(h: Float64Array, log: Float64Array, logP: Float64Array): [number, number] {
  let top = -Infinity;
  for (let r = 0; r < h.length; ++r) top = Math.max(top, log[r] + logP[r]);
  let sum = 0;
  for (let r = 0; r < h.length; ++r) sum += h[r] = Math.exp(log[r] + logP[r] - top);
  for (let r = 0; r < h.length; ++r) h[r] /= sum;
  return [1, top + Math.log(sum)];
}

/** The rows of an (F, R) array. */
const lists = (flat: Float64Array, R: number): Float64Array[] => Array.from({length: flat.length / R}, (_, f) => flat.subarray(f * R, (f + 1) * R));

function secondMoment(counts: Float64Array, f: Float64Array, g: Float64Array): number {
  let sum = 0;
  for (let r = 0; r < counts.length; ++r) sum += counts[r] * f[r] * g[r];
  return sum;
}

/** E_h (k + s s') for one pair of shared coefficients. */
function curvature(h: Float64Array, s: Float64Array, k: Float64Array, pair: number, f: number, e: number, R: number): number {
  let sum = 0;
  for (let r = 0, at = pair * R, a = f * R, b = e * R; r < R; ++r, ++at, ++a, ++b) sum += h[r] * (k[at] + s[a] * s[b]);
  return sum;
}

/** The lower triangle on both sides. */
function mirrored(lower: Float64Array, P: number): Matrix {
  for (let p = 1; p < P; ++p) for (let q = 0; q < p; ++q) lower[q * P + p] = lower[p * P + q];
  return P ? Matrix.from1DArray(P, P, lower) : new Matrix(0, 0);
}
