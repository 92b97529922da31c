import {largestTotals} from "./dualPoint.js";
import {sizesOf, type Programme} from "./programme.js";

/**
 * A programme as it is written, over all its unknowns (eq:programme):
 *
 *   min  sum_i f_i x_i ln(x_i / q_i) + sum_k s_k² / (2 Omega_k)     s.t.  A x = c
 *
 * Unknowns: pi (or p) of every cell, w of every cell, slack. Constraints, situation by situation: the distributions of its
 * cells add up to one, p add up to one, e to zero; then the moments, each over the largest total that z allows.
 */
export interface WrittenOut {
  readonly unknowns: number;
  readonly constraints: number;
  /** Those before it are parts of distributions, those from it on slack. */
  readonly slack: number;
  /** f_i; for slack 1, (unknowns). */
  readonly weight: Float64Array;
  /** ln q_i; for slack Omega_k. */
  readonly prior: Float64Array;
  /** Coefficients of unknown i stand from start[i] to start[i + 1], their constraints in increasing order. */
  readonly start: Int32Array;
  readonly constraint: Int32Array;
  readonly coefficient: Float64Array;
  /** c, (constraints). */
  readonly right: Float64Array;
  /** The first constraint that shares an unknown with each, (constraints). */
  readonly first: Int32Array;
  /** Where things are. */
  readonly places: {
    /** First unknown of the signal and of the noise of each cell, (rows), and how many there are. */
    readonly signal: Int32Array;
    readonly noise: Int32Array;
    readonly M: number;
    readonly H: number;
    /** The constraints of adding up and of the sum of errors of each situation, (N); -1 for none. */
    readonly addingUp: Int32Array;
    readonly errorSum: Int32Array;
    /** The first moment. */
    readonly moments: number;
  };
  /** What each moment was divided by, (K). */
  readonly totals: Float64Array;
}

/** How many unknowns a programme has when written out. */
export function unknownsOf(programme: Programme): number {
  const {rows} = sizesOf(programme);
  const {signal, noise, slack} = programme;
  return rows * ((signal.kind === "supports" ? signal.support.points.length : 1) + (noise?.support.points.length ?? 0)) + (slack?.filter((variance) => variance > 0).length ?? 0);
}

export function writtenOut(programme: Programme): WrittenOut {
  const {z, situation, weight, targets, slack, signal, noise} = programme;
  const {K, N, rows} = sizesOf(programme);
  const totals = largestTotals(programme);
  const [points, errors] = [signal.kind === "supports" ? signal.support.points : undefined, noise?.support.points];
  const [M, H] = [points?.length ?? 1, errors?.length ?? 0];
  const unknowns = unknownsOf(programme);
  const places = {signal: new Int32Array(rows), noise: new Int32Array(rows), M, H, addingUp: new Int32Array(N).fill(-1), errorSum: new Int32Array(N).fill(-1), moments: 0};
  const [f, prior] = [new Float64Array(unknowns), new Float64Array(unknowns)];
  const [right, first, start, constraint, coefficient]: number[][] = [[], [], [0], [], []];
  const claim = (value: number, from = right.length) => {
    first.push(from);
    return right.push(value) - 1;
  };
  // Moments come last, and share unknowns with all.
  let most = 0;
  for (let n = 0; n < N; ++n) most += (situation[n + 1] - situation[n]) * ((points ? 1 : 0) + (noise ? 1 : 0)) + 1 + (noise?.sumToZero ? 1 : 0);
  places.moments = most;
  let i = 0;
  const unknown = (w: number, q: number, entries: readonly (readonly [number, number])[]) => {
    f[i] = w;
    prior[i] = q;
    for (const [r, a] of entries) if (a) constraint.push(r), coefficient.push(a);
    start.push(constraint.length);
    return i++;
  };
  const moments = (row: number, w: number, s: number) => Array.from({length: K}, (_, k) => [most + k, (w * s * z[row * K + k]) / totals[k]] as const);
  for (let n = 0; n < N; ++n) {
    const [from, to, w] = [situation[n], situation[n + 1], weight[n]];
    const cells = right.length;
    if (points) for (let row = from; row < to; ++row) claim(w);
    if (errors) for (let row = from; row < to; ++row) claim(w);
    const [signals, noises] = [cells, cells + (points ? to - from : 0)];
    const up = (places.addingUp[n] = claim(w, signals));
    const sum = noise?.sumToZero ? (places.errorSum[n] = claim(0, noises)) : -1;
    for (let row = from; row < to; ++row) {
      places.signal[row] = i;
      for (let m = 0; m < M; ++m) {
        const s = points ? points[m] : 1;
        const q = signal.kind === "supports" ? signal.support.logPrior[m] : signal.logPrior ? signal.logPrior[row] : 0;
        unknown(w, q, [...(points ? [[signals + row - from, w] as const] : []), [up, w * s], ...moments(row, w, s)]);
      }
    }
    for (let row = from; errors && row < to; ++row) {
      places.noise[row] = i;
      for (let h = 0; h < H; ++h) {
        unknown(w, noise!.support.logPrior[h], [[noises + row - from, w], ...(sum >= 0 ? [[sum, w * errors[h]] as const] : []), ...moments(row, w, errors[h])]);
      }
    }
  }
  const distributed = i;
  for (let k = 0; k < K; ++k) {
    claim(targets[k] / totals[k], 0);
    if (slack && slack[k] > 0) unknown(1, slack[k], [[most + k, 1 / totals[k]]]);
  }
  return {
    unknowns, constraints: right.length, slack: distributed, weight: f, prior, start: Int32Array.from(start), constraint: Int32Array.from(constraint), coefficient: Float64Array.from(coefficient),
    right: Float64Array.from(right), first: Int32Array.from(first), places, totals
  };
}
