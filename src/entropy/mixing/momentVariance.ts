import type {Breathe} from "../../kernels/mnl.js";
import {tasteLogits} from "./logits.js";
import type {MixedMenus} from "./objective.js";
import {addTimes, dot, scale} from "./sums.js";
import type {MomentColumns} from "./tasteMeans.js";
import type {TastesFacts} from "./tastes.js";
import {meanOf} from "./tilt.js";

const none = new Float64Array(0);

/**
 * Covariance of the totals of K moments when choices are as random as the mixture says, weights counted as people, the lower
 * triangle on both sides (K, K): by unit, whose situations share their tastes,
 *
 *   sum_n (E_theta sum_j p_jr z_j z_j' - E_theta g_nr g_nr') + Cov_theta (sum_n g_nr)
 */
export async function momentVariance(menus: MixedMenus, {z, K}: MomentColumns, tastes: TastesFacts, theta: Float64Array, breathe: Breathe): Promise<Float64Array> {
  const {situation, unit, weight} = menus;
  const R = theta.length;
  const cellsOf = tasteLogits(menus, tastes);
  const g = Array.from({length: K}, () => new Float64Array(R));
  const sums = Array.from({length: K}, () => new Float64Array(R));
  const out = new Float64Array(K * K);
  const inverse = new Float64Array(R);
  for (let u = 0; u + 1 < unit.length; ++u) {
    sums.forEach((sum) => sum.fill(0));
    for (let n = unit[u]; n < unit[u + 1]; ++n) {
      const wait = breathe();
      if (wait) await wait;
      const reference = situation[n];
      const {m, rows, e, total} = cellsOf(n, reference, none);
      for (let r = 0; r < R; ++r) inverse[r] = 1 / total[r];
      // Moments relative to the reference: a constant has no variance, and its row drops out.
      g.forEach((list) => list.fill(0));
      for (let j = 0; j < m; ++j) {
        const p = e.subarray(j * R, (j + 1) * R);
        scale(p, inverse);
        const mean = dot(theta, p);
        for (let k = 0; k < K; ++k) {
          const dk = z[rows[j] * K + k] - z[reference * K + k];
          if (dk === 0) continue;
          addTimes(g[k], dk, p);
          for (let l = 0; l <= k; ++l) out[k * K + l] += weight[u] * mean * dk * (z[rows[j] * K + l] - z[reference * K + l]);
        }
      }
      for (let k = 0; k < K; ++k) {
        for (let l = 0; l <= k; ++l) out[k * K + l] -= weight[u] * secondMoment(theta, g[k], g[l]);
        addTimes(sums[k], 1, g[k]);
      }
    }
    for (let k = 0; k < K; ++k) for (let l = 0; l <= k; ++l) out[k * K + l] += weight[u] * (secondMoment(theta, sums[k], sums[l]) - meanOf(theta, sums[k]) * meanOf(theta, sums[l]));
  }
  for (let k = 1; k < K; ++k) for (let l = 0; l < k; ++l) out[l * K + k] = out[k * K + l];
  return out;
}

function secondMoment(theta: Float64Array, f: Float64Array, g: Float64Array): number {
  let sum = 0;
  for (let r = 0; r < theta.length; ++r) sum += theta[r] * f[r] * g[r];
  return sum;
}
