import {sizesOf, type Programme} from "./programme.js";

/** Least and greatest value of a total. */
export interface Bounds {
  readonly least: number;
  readonly greatest: number;
  /** Weight of the situations in which it is not the same whatever is chosen. */
  readonly moved: number;
}

/**
 * Least and greatest sum_n w_n sum_j h_nj (p_nj + e_nj) over all probabilities and errors that a programme allows, h = z d:
 * for d a unit vector, the bounds of one total; for any other, its support function,
 *
 *   greatest(d) = max over p, e of d'b(p, e)                                                (eq:attainable)
 *
 * Each situation is a small linear programme, solved by filling the best cells first.
 *
 * @param d        direction, (K)
 * @param errors   whether errors count; without them bounds are those of probabilities alone
 */
export function bounds(programme: Programme, d: ArrayLike<number>, errors: boolean): Bounds {
  const {z, situation, weight, signal, noise} = programme;
  const {K, N} = sizesOf(programme);
  const [low, high] = signal.kind === "shannon" ? [0, 1] : ends(signal.support.points);
  const [under, over] = errors && noise ? ends(noise.support.points) : [0, 0];
  let [least, greatest, moved] = [0, 0, 0];
  let h = new Float64Array(0);
  for (let n = 0; n < N; ++n) {
    const J = situation[n + 1] - situation[n];
    if (h.length !== J) h = new Float64Array(J);
    for (let j = 0, at = situation[n] * K; j < J; ++j, at += K) {
      let sum = 0;
      for (let k = 0; k < K; ++k) if (d[k]) sum += z[at + k] * d[k];
      h[j] = sum;
    }
    const simplex = low <= 0 && high >= 1;
    if (!simplex || under < 0) h.sort();
    let [bottom, top] = simplex ? extremes(h) : [filled(h, low, high, 1, 1), filled(h, low, high, 1, -1)];
    if (under < 0 && noise!.sumToZero) [bottom, top] = [bottom + filled(h, under, over, 0, 1), top + filled(h, under, over, 0, -1)];
    else if (under < 0) for (const value of h) [bottom, top] = [bottom + Math.min(under * value, over * value), top + Math.max(under * value, over * value)];
    least += weight[n] * bottom;
    greatest += weight[n] * top;
    if (top > bottom) moved += weight[n];
  }
  return {least, greatest, moved};
}

const ends = (points: Float64Array): readonly [number, number] => [points[0], points[points.length - 1]];

function extremes(h: Float64Array): readonly [number, number] {
  let [least, most] = [h[0], h[0]];
  for (let j = 1; j < h.length; ++j) {
    if (h[j] < least) least = h[j];
    else if (h[j] > most) most = h[j];
  }
  return [least, most];
}

/** Sum of h q where q in [low, high] sums to `total`, and goes first to the start of ascending h (side 1) or to its end (-1). */
function filled(h: Float64Array, low: number, high: number, total: number, side: 1 | -1): number {
  let left = total - h.length * low;
  let sum = 0;
  for (let j = 0; j < h.length; ++j) {
    const value = h[side > 0 ? j : h.length - 1 - j];
    const more = Math.max(0, Math.min(left, high - low));
    left -= more;
    sum += value * (low + more);
  }
  return sum;
}

/** Bounds of every total by probabilities alone, (K). */
export function totalBounds(programme: Programme): Bounds[] {
  const {z, situation, weight, signal} = programme;
  const {K, N} = sizesOf(programme);
  if (signal.kind === "supports" && !(signal.support.points[0] <= 0 && signal.support.points[signal.support.points.length - 1] >= 1)) {
    return Array.from({length: K}, (_, k) => bounds(programme, Float64Array.from({length: K}, (_, l) => Number(l === k)), false));
  }
  const [least, greatest, moved, low, high] = Array.from({length: 5}, () => new Float64Array(K));
  for (let n = 0; n < N; ++n) {
    const from = situation[n] * K;
    for (let k = 0; k < K; ++k) low[k] = high[k] = z[from + k];
    for (let c = from + K; c < situation[n + 1] * K;) for (let k = 0; k < K; ++k, ++c) {
      const value = z[c];
      if (value < low[k]) low[k] = value;
      else if (value > high[k]) high[k] = value;
    }
    for (let k = 0; k < K; ++k) {
      least[k] += weight[n] * low[k];
      greatest[k] += weight[n] * high[k];
      if (high[k] > low[k]) moved[k] += weight[n];
    }
  }
  return Array.from({length: K}, (_, k) => ({least: least[k], greatest: greatest[k], moved: moved[k]}));
}
