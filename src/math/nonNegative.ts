import {cholesky, solveInto} from "./cholesky.js";

/** Coefficients of a least-squares problem under signs, with the proof that no other do better. */
export interface NonNegative {
  /** (P), none below zero. */
  readonly x: Float64Array;
  /** c - G x, (P): zero where x > 0 and at most zero elsewhere, to rounding. */
  readonly pull: Float64Array;
  /** Columns left out because others already say the same. */
  readonly dependent: readonly number[];
}

/**
 * min x'G x / 2 - c'x over x >= 0: non-negative least squares from products G = A'A and c = A'b, by the active sets of
 * Lawson and Hanson (1974, ch. 23) in the form of Bro and de Jong (1997). Ends after finitely many steps; columns are brought to one scale first.
 *
 * @param G symmetric, positive semi-definite, (P, P) row by row
 * @param c (P)
 * @example
 * nonNegative([4, 1, 1, 4], [1, -1]).x // Float64Array.of(0.25, 0)
 */
export function nonNegative(G: ArrayLike<number>, c: ArrayLike<number>): NonNegative {
  const P = c.length;
  const scale = Float64Array.from({length: P}, (_, p) => 1 / Math.sqrt(G[p * P + p] || 1));
  const g = (p: number, q: number) => G[p * P + q] * scale[p] * scale[q];
  const target = Float64Array.from({length: P}, (_, p) => c[p] * scale[p]);
  const enough = 1e-12 * Math.max(...target.map(Math.abs), Number.MIN_VALUE);
  const x = new Float64Array(P);
  const pull = target.slice();
  const dependent = new Set<number>();
  let positive: number[] = [];
  const refresh = () => { for (let p = 0; p < P; ++p) pull[p] = positive.reduce((sum, q) => sum - g(p, q) * x[q], target[p]); };

  /** The unconstrained solution over a set of columns; undefined where they are dependent. */
  const solved = (set: readonly number[]): Float64Array | undefined => {
    const lower = Float64Array.from(set.flatMap((p, d) => set.slice(0, d + 1).map((q) => g(p, q))));
    if (!cholesky(lower, set.length)) return undefined;
    const y = Float64Array.from(set, (p) => target[p]);
    solveInto(y, lower, set.length);
    return y;
  };

  for (let round = 0; round < 30 * (P + 1); ++round) {
    let entering = -1;
    for (let p = 0; p < P; ++p) if (!positive.includes(p) && !dependent.has(p) && G[p * P + p] > 0 && pull[p] > enough && (entering < 0 || pull[p] > pull[entering])) entering = p;
    if (entering < 0) break;
    let set = [...positive, entering];
    let y = solved(set);
    if (!y || !(y[y.length - 1] > 0)) {
      dependent.add(entering); // in exact arithmetic it would enter: what is left of it is rounding
      continue;
    }
    for (;;) {
      let stride = 1;
      for (let d = 0; d < set.length; ++d) if (y[d] <= 0) stride = Math.min(stride, x[set[d]] / (x[set[d]] - y[d]));
      for (let d = 0; d < set.length; ++d) x[set[d]] += stride * (y[d] - x[set[d]]);
      if (stride === 1 && y.every((v) => v > 0)) break;
      for (let d = 0; d < set.length; ++d) if (y[d] <= 0 && x[set[d]] <= 1e-14 * Math.abs(y[d])) x[set[d]] = 0;
      set = set.filter((p) => x[p] > 0);
      y = solved(set)!;
    }
    for (let p = 0; p < P; ++p) if (!set.includes(p)) x[p] = 0;
    positive = set;
    refresh();
  }
  return {x: x.map((v, p) => v * scale[p]), pull: pull.map((v, p) => v / scale[p]), dependent: [...dependent].sort((a, b) => a - b)};
}
