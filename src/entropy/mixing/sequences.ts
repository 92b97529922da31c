import type {Order} from "../../kernels/panel.js";
import {tasteLogits, type Menus} from "./logits.js";
import {addProduct, addTimes, scale} from "./sums.js";
import type {TastesFacts} from "./tastes.js";

/** Choices by units: what is mixed together, a person's situations in a panel, else one situation. */
export interface ChosenMenus extends Menus {
  /** The chosen row of each situation, (N). */
  readonly chosen: Int32Array;
  /** Pointers from units to situations, (U + 1). */
  readonly unit: Int32Array;
}

/** The likelihood of one unit's sequence of choices at every taste, with derivatives in the shared coefficients. */
export interface Sequence {
  /** L_r = sum_t ln p_t,chosen,r, (R). */
  readonly logP: Float64Array;
  /** dL_r / dc_f, (F, R). */
  readonly s: Float64Array;
  /** d²L_r / dc_f dc_g, g <= f, (F (F + 1) / 2, R). */
  readonly k: Float64Array;
}

/**
 * ln P_ur of every unit u at every taste r (eq:sequence). Denominators of a unit are multiplied together while their product
 * surely stays within range, so that a logarithm is taken for a unit, not for a situation.
 *
 * @returns fills the sequence of a unit, overwritten by the next: order 0 the values, 1 also s, 2 also k
 */
export function sequences(menus: ChosenMenus, tastes: TastesFacts): (u: number, shared: Float64Array, order: Order) => Sequence {
  const {unit, chosen, z, columns: C, fixed} = menus;
  const cellsOf = tasteLogits(menus, tastes);
  const [R, F] = [tastes.points[0].length, fixed.length];
  const logP = new Float64Array(R);
  const product = new Float64Array(R);
  const s = new Float64Array(F * R);
  const k = new Float64Array(((F * (F + 1)) / 2) * R);
  const part = (flat: Float64Array, at: number) => flat.subarray(at * R, (at + 1) * R);
  const means = Array.from({length: F}, () => new Float64Array(R));
  const slopes = means.map((_, f) => part(s, f));
  const bends = Array.from({length: (F * (F + 1)) / 2}, (_, at) => part(k, at));
  const inverse = new Float64Array(R);
  const d = new Float64Array(F);

  function flush(): void {
    for (let r = 0; r < R; ++r) logP[r] -= Math.log(product[r]);
    product.fill(1);
  }

  /** The score -sum_j p_j d_j and curvature -(sum_j p_j d_j d_j' - m m') of one situation, for all tastes. */
  function derivatives(n: number, {m, rows, e, total}: ReturnType<typeof cellsOf>, order: Order): void {
    means.forEach((mean) => mean.fill(0));
    for (let r = 0; r < R; ++r) inverse[r] = 1 / total[r];
    for (let j = 0; j < m; ++j) {
      const p = e.subarray(j * R, (j + 1) * R);
      scale(p, inverse);
      for (let f = 0; f < F; ++f) d[f] = z[rows[j] * C + fixed[f]] - z[chosen[n] * C + fixed[f]];
      for (let f = 0, at = 0; f < F; ++f) {
        if (d[f] !== 0) addTimes(means[f], d[f], p);
        if (order > 1) for (let g = 0; g <= f; ++g, ++at) if (d[f] * d[g] !== 0) addTimes(bends[at], -d[f] * d[g], p);
      }
    }
    for (let f = 0, at = 0; f < F; ++f) {
      addTimes(slopes[f], -1, means[f]);
      if (order > 1) for (let g = 0; g <= f; ++g, ++at) addProduct(bends[at], means[f], means[g]);
    }
  }

  return (u, shared, order) => {
    logP.fill(0);
    product.fill(1);
    if (order > 0) s.fill(0);
    if (order > 1) k.fill(0);
    let room = 690; // ln of the largest double, and some to spare
    for (let n = unit[u]; n < unit[u + 1]; ++n) {
      const cells = cellsOf(n, chosen[n], shared);
      const {total, top, bound} = cells;
      if (cells.lifted) for (let r = 0; r < R; ++r) logP[r] -= top[r] + Math.log(total[r]);
      else {
        if (bound > room) {
          flush();
          room = 690;
        }
        room -= bound;
        scale(product, total);
      }
      if (order > 0 && F) derivatives(n, cells, order);
    }
    if (room < 690) flush();
    return {logP, s, k};
  };
}
