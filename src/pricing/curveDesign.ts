import type {Panel} from "./panel.js";
import {quantileKnots, rampsInto, type RampScale} from "./ramps.js";

/** Who shares a curve: each good its own, all goods one, or the outside option too. */
export type Curves = "each" | "inside" | "all";

/** One curve of the regression: for which goods, and whether for the outside option. */
export interface Curve {
  readonly goods: readonly number[];
  readonly outside: boolean;
  readonly knots: Float64Array;
}

/** Columns of a regression, deviations from the means of each good: intercepts are gone. */
export interface Columns {
  readonly X: readonly Float64Array[]; // (P), each (T J)
  /** Means of each column by good, (P)(J). */
  readonly means: readonly Float64Array[];
}

export const outsideShares = ({T, J, cells}: Panel): Float64Array =>
  Float64Array.from({length: T}, (_, t) => 1 - cells.subarray(t * J, (t + 1) * J).reduce((sum, x) => sum + x, 0));

/** The curves that a choice of sharing makes, with knots at quantiles of the shares they see. */
export function layCurves(shares: Panel, sharing: Curves, count: number): Curve[] {
  const {T, J, cells} = shares;
  const goods = Array.from({length: J}, (_, j) => j);
  const groups = sharing === "each" ? goods.map((j) => [j]) : [goods];
  const x0 = [...outsideShares(shares)];
  const seen = (group: readonly number[]) => group.flatMap((j) => Array.from({length: T}, (_, t) => cells[t * J + j]));
  if (sharing === "all") return [{goods, outside: true, knots: quantileKnots([...seen(goods), ...x0], count)}];
  return [...groups.map((group) => ({goods: group, outside: false, knots: quantileKnots(seen(group), count)})), {goods: [], outside: true, knots: quantileKnots(x0, count)}];
}

/** The ramps of every curve as regressors of price: minus those of the good's own share, plus those of the outside share (eq:ramps). */
export function rampColumns(shares: Panel, curves: readonly Curve[], scale: RampScale): Float64Array[] {
  const {T, J, cells} = shares;
  const x0 = outsideShares(shares);
  return curves.flatMap(({goods, outside, knots}) => {
    const B = knots.length - 1;
    const columns = Array.from({length: B}, () => new Float64Array(T * J));
    const ramp = new Float64Array(B);
    for (let t = 0; t < T; ++t) {
      for (const j of goods) {
        rampsInto(ramp, cells[t * J + j], knots, scale);
        for (let b = 0; b < B; ++b) columns[b][t * J + j] -= ramp[b];
      }
      if (!outside) continue;
      rampsInto(ramp, x0[t], knots, scale);
      for (let b = 0; b < B; ++b) for (let j = 0; j < J; ++j) columns[b][t * J + j] += ramp[b];
    }
    return columns;
  });
}

/** Berry's (1994) regressor of price: ln x_0 - ln x_j. */
export function logitColumn({T, J, cells}: Panel, x0: Float64Array): Float64Array {
  return Float64Array.from({length: T * J}, (_, i) => Math.log(x0[Math.floor(i / J)]) - Math.log(cells[i]));
}

/** Ramps of each instrument, by good where goods have curves of their own, and of its mean over goods for the outside share. */
export function instrumentColumns(instruments: readonly Panel[], sharing: Curves, count: number): Float64Array[] {
  return instruments.flatMap((z) => {
    const {T, J, cells} = z;
    const mean = Float64Array.from({length: T}, (_, t) => cells.subarray(t * J, (t + 1) * J).reduce((sum, v) => sum + v, 0) / J);
    const groups = sharing === "each" ? Array.from({length: J}, (_, j) => [j]) : [Array.from({length: J}, (_, j) => j)];
    const own = groups.flatMap((group) => ladderOf(group.flatMap((j) => Array.from({length: T}, (_, t) => ({row: t * J + j, value: cells[t * J + j]}))), count, T * J));
    const common = J > 1 ? ladderOf(Array.from({length: T * J}, (_, row) => ({row, value: mean[Math.floor(row / J)]})), count, T * J) : [];
    return [...own, ...common];
  });
}

function ladderOf(places: readonly {row: number; value: number}[], count: number, rows: number): Float64Array[] {
  const sorted = places.map(({value}) => value).sort((a, b) => a - b);
  const knots = [...new Set(Array.from({length: count}, (_, k) => sorted[Math.round((k / (count - 1)) * (sorted.length - 1))]))];
  return knots.slice(1).map((knot, b) => {
    const column = new Float64Array(rows);
    for (const {row, value} of places) column[row] = Math.min(1, Math.max(0, (value - knots[b]) / (knot - knots[b])));
    return column;
  });
}

/** Deviations of columns from their means by good, over the periods in use. */
export function withoutMeans(columns: readonly Float64Array[], J: number, used: readonly number[]): Columns {
  const means = columns.map((column) => {
    const mean = new Float64Array(J);
    for (const t of used) for (let j = 0; j < J; ++j) mean[j] += column[t * J + j] / used.length;
    return mean;
  });
  const X = columns.map((column, p) => Float64Array.from({length: used.length * J}, (_, i) => column[used[Math.floor(i / J)] * J + (i % J)] - means[p][i % J]));
  return {X, means};
}
