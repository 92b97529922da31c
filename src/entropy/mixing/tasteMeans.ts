import type {Breathe} from "../../kernels/mnl.js";
import {tasteLogits, type Menus} from "./logits.js";
import {addTimes, dot, scale} from "./sums.js";
import type {TastesFacts} from "./tastes.js";

/** Moments by row: what a row counts for in each of K moments if it is chosen. */
export interface MomentColumns {
  /** (rows, K), row-major. */
  readonly z: Float64Array;
  readonly K: number;
  /** Weight of each situation, (N). */
  readonly weight: Float64Array;
}

const none = new Float64Array(0);

/** g_r, the mean of each moment over situations if everybody had taste r: K of (R) (eq:tasteMoments). */
export async function tasteMeans(menus: Menus, {z, K, weight}: MomentColumns, tastes: TastesFacts, breathe: Breathe): Promise<Float64Array[]> {
  const {situation} = menus;
  const R = tastes.points[0].length;
  const cellsOf = tasteLogits(menus, tastes);
  const total = weight.reduce((sum, w) => sum + w, 0);
  const means = Array.from({length: K}, () => new Float64Array(R));
  const inverse = new Float64Array(R);
  const base = new Float64Array(K);
  for (let n = 0; n < weight.length; ++n) {
    const wait = breathe();
    if (wait) await wait;
    const reference = situation[n];
    const {m, rows, e, total: below} = cellsOf(n, reference, none);
    const w = weight[n] / total;
    for (let r = 0; r < R; ++r) inverse[r] = w / below[r];
    for (let k = 0; k < K; ++k) base[k] += w * z[reference * K + k];
    for (let j = 0; j < m; ++j) {
      const p = e.subarray(j * R, (j + 1) * R);
      scale(p, inverse);
      for (let k = 0; k < K; ++k) {
        const d = z[rows[j] * K + k] - z[reference * K + k];
        if (d !== 0) addTimes(means[k], d, p);
      }
    }
  }
  return means.map((list, k) => list.map((value) => value + base[k]));
}

/** What the mixture predicts for each row: sum_r theta_r p_jr, (rows). */
export async function mixedProbabilities(menus: Menus, tastes: TastesFacts, theta: Float64Array, breathe: Breathe, shared: Float64Array = none): Promise<Float64Array> {
  const {situation} = menus;
  const N = situation.length - 1;
  const R = theta.length;
  const cellsOf = tasteLogits(menus, tastes);
  const p = new Float64Array(situation[N]);
  const share = new Float64Array(R);
  for (let n = 0; n < N; ++n) {
    const wait = breathe();
    if (wait) await wait;
    const {m, rows, e, total, rest} = cellsOf(n, situation[n], shared);
    for (let r = 0; r < R; ++r) share[r] = theta[r] / total[r];
    p[situation[n]] = dot(share, rest);
    for (let j = 0; j < m; ++j) p[rows[j]] = dot(share, e.subarray(j * R, (j + 1) * R));
  }
  return p;
}
