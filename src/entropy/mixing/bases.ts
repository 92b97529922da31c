import {logSumExp} from "../../math/logSumExp.js";
import type {TastesFacts} from "./tastes.js";

/** Another base: the given one times a beta density of every coefficient over its range. */
export interface AlternativeBase {
  readonly name: string;
  readonly words: string;
  /** Exponents of u and 1 - u, less one. */
  readonly a: number;
  readonly b: number;
}

/**
 * The bases that a fit is tried under beside its own, u^a (1 - u)^b times the base it has, u in (0, 1) the place of a
 * coefficient in its range: domed, peaked, heavy at the ends, leaning low, leaning high. For a uniform base these are the beta
 * densities (2, 2), (4, 4), (1/2, 1/2), (1, 2) and (2, 1) of each coefficient.
 */
export const alternativeBases: readonly AlternativeBase[] = [
  {name: "dome", words: "beta (2, 2)", a: 1, b: 1},
  {name: "peak", words: "beta (4, 4)", a: 3, b: 3},
  {name: "ends", words: "beta (1/2, 1/2)", a: -0.5, b: -0.5},
  {name: "low", words: "beta (1, 2)", a: 0, b: 1},
  {name: "high", words: "beta (2, 1)", a: 1, b: 0}
];

/** ln q of another base, summing to one, (R). Points are taken for midpoints of cells, so that no end gets weight zero. */
export function logBaseOf({points, axes, logBase}: TastesFacts, {a, b}: AlternativeBase): Float64Array {
  const log = logBase.slice();
  points.forEach((list, d) => {
    const [low, high] = [list.reduce((least, x) => Math.min(least, x), Infinity), list.reduce((most, x) => Math.max(most, x), -Infinity)];
    const cells = axes ? axes[d].length : 10;
    if (low === high) return;
    for (let r = 0; r < list.length; ++r) {
      const u = (((cells - 1) * (list[r] - low)) / (high - low) + 0.5) / cells;
      log[r] += a * Math.log(u) + b * Math.log1p(-u);
    }
  });
  const total = logSumExp(log);
  return log.map((value) => value - total);
}
