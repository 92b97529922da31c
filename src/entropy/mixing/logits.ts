import {addTimes} from "./sums.js";
import type {TastesFacts} from "./tastes.js";

/** Situations with the rows on offer, laid out in columns of which some are random and the rest the same for everybody. */
export interface Menus {
  /** (rows, C), row-major. */
  readonly z: Float64Array;
  readonly columns: number;
  /** Pointers from situations to rows, (N + 1). */
  readonly situation: Int32Array;
  /** The column that each of the D coefficients of the tastes belongs to, (D). */
  readonly random: Int32Array;
  /** Columns whose coefficients everybody shares, (F). */
  readonly fixed: Int32Array;
  /** Utility of columns held at a value, (rows); absent where none are. */
  readonly offset?: Float64Array;
}

/**
 * One situation as seen with every taste: logits relative to a reference row, so that its own numerator is one.
 *
 *   p_jr = e_jr / total_r,   p_reference,r = rest_r / total_r,   total_r = rest_r + sum_j e_jr
 *
 * Overwritten by the next situation; numerators may be made into probabilities in place.
 */
export interface TasteCells {
  /** Rows beside the reference, m of them, in the order of their numerators. */
  readonly rows: Int32Array;
  m: number;
  /** (m, R) */
  readonly e: Float64Array;
  /** (R) */
  readonly total: Float64Array;
  /** exp(-top), (R). */
  readonly rest: Float64Array;
  /** The largest utility relative to the reference, (R), which numerators are divided by where `lifted`; zeros elsewhere. */
  readonly top: Float64Array;
  lifted: boolean;
  /** No ln total_r is larger than this where nothing is lifted. */
  bound: number;
}

/** Utilities up to this far from the reference need no lifting: not even a product of their exponentials' parts overflows. */
const safe = 300;

/**
 * Logit probabilities at all tastes at once. On a grid exp(d · b) is a product of one factor for each coefficient, so that a
 * row costs as many exponentials as the grid has lines, and the rest is multiplication: a hundredth of the time on a grid of
 * 100 × 100 (eq:tasteLogits).
 *
 * @returns a function of the situation, its reference row (an index into all rows) and the F shared coefficients
 */
export function tasteLogits(menus: Menus, tastes: TastesFacts): (n: number, reference: number, shared: Float64Array) => TasteCells {
  const {z, columns: C, situation, random, fixed, offset: given} = menus;
  const {points, axes} = tastes;
  const [D, F, R] = [random.length, fixed.length, points[0].length];
  const widest = situation.reduce((most, _, n) => (n ? Math.max(most, situation[n] - situation[n - 1]) : 0), 0);
  const cells: TasteCells = {
    rows: new Int32Array(widest), m: 0, e: new Float64Array(Math.max(1, widest - 1) * R), total: new Float64Array(R),
    rest: new Float64Array(R).fill(1), top: new Float64Array(R), lifted: false, bound: 0
  };
  const {rows, e, total, rest, top} = cells;
  const far = points.map((list) => list.reduce((most, b) => Math.max(most, Math.abs(b)), 0));
  const highest = points.map((list) => list.reduce((most, b) => Math.max(most, b), -Infinity));
  const lowest = points.map((list) => list.reduce((least, b) => Math.min(least, b), Infinity));
  const slopes = new Float64Array(widest * D);
  const offsets = new Float64Array(widest);
  const factors = axes?.map((axis) => new Float64Array(axis.length));
  const between = axes ? [new Float64Array(R), new Float64Array(R)] : [];

  function differences(n: number, reference: number, shared: Float64Array): void {
    let [m, size, high] = [0, 0, 0];
    for (let row = situation[n]; row < situation[n + 1]; ++row) {
      if (row === reference) continue;
      rows[m] = row;
      let offset = given ? given[row] - given[reference] : 0;
      for (let f = 0; f < F; ++f) offset += (z[row * C + fixed[f]] - z[reference * C + fixed[f]]) * shared[f];
      let [spread, most] = [Math.abs(offset), offset];
      for (let d = 0; d < D; ++d) {
        const slope = z[row * C + random[d]] - z[reference * C + random[d]];
        slopes[m * D + d] = slope;
        spread += Math.abs(slope) * far[d];
        most += Math.max(slope * highest[d], slope * lowest[d]);
      }
      offsets[m++] = offset;
      size = Math.max(size, spread);
      high = Math.max(high, most);
    }
    cells.m = m;
    cells.lifted = !(size <= safe);
    cells.bound = Math.log(m + 1) + high;
  }

  /** exp(offset + slopes · b_r) into e, m-th row. */
  function numerators(m: number): void {
    const to = m * R;
    if (!factors || !axes) {
      utilities(m);
      for (let r = to; r < to + R; ++r) e[r] = Math.exp(e[r]);
      return;
    }
    for (let d = 0; d < D; ++d) {
      const slope = slopes[m * D + d];
      const offset = d === 0 ? offsets[m] : 0;
      for (let k = 0; k < axes[d].length; ++k) factors[d][k] = Math.exp(offset + slope * axes[d][k]);
    }
    let [before, size] = [factors[0], axes[0].length];
    for (let d = 1; d < D; ++d) {
      const after = between[d % 2];
      const list = factors[d];
      const n = list.length;
      const last = d === D - 1;
      const out = last ? e : after;
      for (let i = 0, at = last ? to : 0; i < size; ++i) {
        const part = before[i];
        for (let k = 0; k < n; ++k, ++at) out[at] = part * list[k];
      }
      before = after;
      size *= n;
    }
    if (D === 1) e.set(factors[0], to);
  }

  /** offset + slopes · b_r into e, m-th row. */
  function utilities(m: number): void {
    const to = m * R;
    e.fill(offsets[m], to, to + R);
    for (let d = 0; d < D; ++d) {
      const slope = slopes[m * D + d];
      const list = points[d];
      if (slope !== 0) for (let r = 0; r < R; ++r) e[to + r] += slope * list[r];
    }
  }

  function lift(): void {
    top.fill(0);
    for (let m = 0; m < cells.m; ++m) {
      utilities(m);
      for (let r = 0, at = m * R; r < R; ++r, ++at) if (e[at] > top[r]) top[r] = e[at];
    }
    for (let r = 0; r < R; ++r) total[r] = rest[r] = Math.exp(-top[r]);
    for (let m = 0; m < cells.m; ++m) for (let r = 0, at = m * R; r < R; ++r, ++at) total[r] += e[at] = Math.exp(e[at] - top[r]);
  }

  let lifted = false;
  return (n, reference, shared) => {
    differences(n, reference, shared);
    if (cells.lifted) {
      lift();
      lifted = true;
      return cells;
    }
    if (lifted) {
      top.fill(0);
      rest.fill(1);
      lifted = false;
    }
    total.fill(1);
    for (let m = 0; m < cells.m; ++m) {
      numerators(m);
      addTimes(total, 1, e.subarray(m * R, (m + 1) * R));
    }
    return cells;
  };
}
