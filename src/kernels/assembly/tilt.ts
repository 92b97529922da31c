import {falling, power} from "./exp";
import {log1p} from "./log";
import {plus} from "./vectors";

/**
 * Supports tilted in the cells of two situations side by side (eq:tilt). A support stands in memory as vectors of two equal
 * numbers, `low` … `flat` below, then two whole numbers, then for each point two vectors: of points an equal gap apart, the
 * prior weight relative to that of the first point, and, read from the other end, relative to that of the last; else the point
 * and its log prior.
 *
 * Points an equal gap apart have weights that are powers of r = exp(-gap |a|), counted from the end that the tilt prefers: one
 * exponential, and no overflow.
 */
export const low: usize = 0, high: usize = 16, gap: usize = 32, square: usize = 48; // ends, distance, its square
export const octaves: usize = 64; // of r in a unit of |a|, 256 to an octave, negative
export const first: usize = 80, last: usize = 96; // log priors of the ends
export const target: usize = 112, astray: usize = 128, flat: usize = 144; // what means add up to; when a residual is too large, a spread too small
export const shape: usize = 160, count: usize = 164; // i32: 0 any points, 1 an equal gap, 2, 3 and 5 as many equal gaps and priors; and M
const each: usize = 176;

/** What is found of a pair: sums of means and of variances; ln Z = lines + log(1 + growth), entropy = slack + log(1 + growth). */
export const sum: usize = 0, spread: usize = 16, growth: usize = 32, lines: usize = 48, slack: usize = 64;
export const found: usize = 80;

/** Cells whose 1 + e are multiplied before a logarithm is taken, in bytes: 32 of them stay far below 2^1023. */
const chunk: usize = 512;

/**
 * Cells at tilts a = eta + mu: means, variances and their sums.
 *
 * @param size    of a situation, 16 J
 * @param mu      (pairs)
 * @param mean    filled, (pairs, J), as are `variance`, `more`, e, and `away`, of the mean from its end
 * @param point   scratch for any points, (M)
 * @param to      `found`, (pairs)
 */
export function look(S: usize, eta: usize, size: usize, pairs: usize, mu: usize, mean: usize, variance: usize, more: usize, away: usize, point: usize, to: usize, table: usize): void {
  const M = load<i32>(S, shape);
  if (M == 0) return any(S, eta, size, pairs, mu, mean, variance, point, to, table);
  // Loops are short, so that what they hold stays in registers.
  const rate = v128.load(S, octaves);
  for (let pair: usize = 0, row: usize = 0; pair < pairs << 4; pair += 16) {
    const shift = v128.load(mu + pair);
    for (const end = row + size; row < end; row += 16) v128.store(more + row, falling(f64x2.mul(f64x2.abs(f64x2.add(v128.load(eta + row), shift)), rate), table));
  }
  switch (M) {
    case 2: spaced(2, S, eta, size, pairs, mu, mean, variance, more, away, to); break;
    case 3: spaced(3, S, eta, size, pairs, mu, mean, variance, more, away, to); break;
    case 5: spaced(5, S, eta, size, pairs, mu, mean, variance, more, away, to); break;
    default: spaced(1, S, eta, size, pairs, mu, mean, variance, more, away, to);
  }
}

/**
 * Points an equal gap apart: 2, 3 or 5 of them with equal priors, or, as 1, any number with any priors.
 *
 * @param more  in: r; out: e
 */
@inline
function spaced(M: i32, S: usize, eta: usize, size: usize, pairs: usize, mu: usize, mean: usize, variance: usize, more: usize, away: usize, to: usize): void {
  const one = f64x2.splat(1), zero = f64x2.splat(0);
  const lowest = v128.load(S, low), highest = v128.load(S, high), wide = v128.load(S, gap), apart = v128.load(S, square);
  const points = S + each + 32, end = S + each + (<usize>load<i32>(S, count) << 5);
  let row: usize = 0;
  for (const stop = to + pairs * found; to < stop; mu += 16, to += found) {
    const shift = v128.load(mu);
    let means = zero, spreads = zero;
    for (const all = row + size; row < all; row += 16) {
      const r = v128.load(more + row);
      const below = f64x2.lt(f64x2.add(v128.load(eta + row), shift), zero);
      // sum q_m r^m = 1 + e relative to the end, and its moments in m.
      let e = r, m1 = r, m2 = r;
      if (M == 3) {
        const r2 = f64x2.mul(r, r);
        e = f64x2.add(r, r2);
        m1 = f64x2.add(e, r2);
        m2 = plus(r, r2, f64x2.splat(4));
      } else if (M == 5) {
        const r2 = f64x2.mul(r, r), r3 = f64x2.mul(r2, r), r4 = f64x2.mul(r2, r2);
        const tail = f64x2.add(r4, r4), even = f64x2.add(r2, tail); // r² + 2 r⁴
        e = f64x2.add(f64x2.add(r, r2), f64x2.add(r3, r4));
        m1 = f64x2.add(plus(r, r3, f64x2.splat(3)), f64x2.add(even, even));
        m2 = f64x2.add(plus(r, r3, f64x2.splat(9)), f64x2.mul(f64x2.splat(4), f64x2.add(even, tail)));
      } else if (M == 1) {
        e = zero;
        m1 = zero;
        m2 = zero;
        let rm = one, m = zero;
        for (let q = points; q < end; q += 32) {
          rm = f64x2.mul(rm, r);
          m = f64x2.add(m, one);
          const part = f64x2.mul(rm, v128.bitselect(v128.load(q, 16), v128.load(q), below));
          const moment = f64x2.mul(m, part);
          e = f64x2.add(e, part);
          m1 = f64x2.add(m1, moment);
          m2 = plus(m2, m, moment);
        }
      }
      const inverse = f64x2.div(one, f64x2.add(one, e));
      const steps = f64x2.mul(m1, inverse);
      const off = f64x2.mul(wide, steps);
      const average = v128.bitselect(f64x2.sub(highest, off), f64x2.add(lowest, off), below);
      const spare = f64x2.mul(apart, f64x2.sub(f64x2.mul(m2, inverse), f64x2.mul(steps, steps)));
      if (M != 2) v128.store(more + row, e);
      v128.store(away + row, off);
      v128.store(mean + row, average);
      v128.store(variance + row, spare);
      means = f64x2.add(means, average);
      spreads = f64x2.add(spreads, spare);
    }
    v128.store(to, means, sum);
    v128.store(to, spreads, spread);
  }
}

/** What is left to know of cells that were looked at: ln Z and entropies. */
export function finish(S: usize, eta: usize, size: usize, pairs: usize, mu: usize, more: usize, away: usize, to: usize): void {
  const M = load<i32>(S, shape);
  if (M == 0) return;
  const one = f64x2.splat(1), zero = f64x2.splat(0);
  const highest = v128.load(S, high), up = f64x2.neg(v128.load(S, low)), left = v128.load(S, first), right = v128.load(S, last);
  let row: usize = 0;
  for (const stop = to + pairs * found; to < stop; mu += 16, to += found) {
    const shift = v128.load(mu);
    let line = zero, slacks = zero;
    for (const all = row + size;;) {
      let grown = zero;
      for (const end = min(all, row + chunk); row < end; row += 16) {
        const a = f64x2.add(v128.load(eta + row), shift);
        const below = f64x2.lt(a, zero);
        const far = f64x2.abs(a);
        const prior = v128.bitselect(right, left, below);
        line = f64x2.add(line, plus(prior, far, v128.bitselect(highest, up, below)));
        slacks = f64x2.add(slacks, plus(prior, far, v128.load(away + row)));
        grown = plus(grown, v128.load(more + row), f64x2.add(one, grown));
      }
      if (row == all) {
        v128.store(to, grown, growth);
        break;
      }
      const log = log1p(grown);
      line = f64x2.add(line, log);
      slacks = f64x2.add(slacks, log);
    }
    v128.store(to, line, lines);
    v128.store(to, slacks, slack);
  }
}

/** Any points: an exponential for each, relative to the largest; means are counted from its point. */
function any(S: usize, eta: usize, size: usize, pairs: usize, mu: usize, mean: usize, variance: usize, point: usize, to: usize, table: usize): void {
  const one = f64x2.splat(1), zero = f64x2.splat(0);
  const from = S + each, end = from + (<usize>load<i32>(S, count) << 5);
  let at: usize = 0;
  for (const last_ = mu + (pairs << 4); mu < last_; mu += 16, to += found) {
    const shift = v128.load(mu);
    let means = zero, spreads = zero, line = zero, slacks = zero;
    for (const all = at + size;;) {
      const stop = min(all, at + chunk);
      let grown = zero;
      for (; at < stop; at += 16) {
        const a = f64x2.add(v128.load(eta + at), shift);
        let most = f64x2.splat(-Infinity);
        for (let s = from, w = point; s < end; s += 32, w += 16) {
          const e = f64x2.sub(v128.load(s, 16), f64x2.mul(v128.load(s), a));
          v128.store(w, e);
          most = f64x2.pmax(most, e);
        }
        // Tops are exactly one and counted apart: what is left beside a near-certain point keeps its digits.
        let others = zero, tops = zero, base = zero, prior = zero;
        for (let s = from, w = point; s < end; s += 32, w += 16) {
          const e = v128.load(w), top = f64x2.eq(e, most), q = power(f64x2.sub(e, most), table);
          v128.store(w, q);
          others = f64x2.add(others, v128.andnot(q, top));
          tops = f64x2.add(tops, v128.and(one, top));
          base = v128.bitselect(v128.load(s), base, top);
          prior = v128.bitselect(v128.load(s, 16), prior, top);
        }
        others = f64x2.add(others, f64x2.sub(tops, one));
        const inverse = f64x2.div(one, f64x2.add(one, others));
        let away = zero;
        for (let s = from, w = point; s < end; s += 32, w += 16) away = plus(away, v128.load(w), f64x2.sub(v128.load(s), base));
        away = f64x2.mul(away, inverse);
        let spare = zero;
        for (let s = from, w = point; s < end; s += 32, w += 16) {
          const d = f64x2.sub(f64x2.sub(v128.load(s), base), away);
          spare = plus(spare, v128.load(w), f64x2.mul(d, d));
        }
        spare = f64x2.mul(spare, inverse);
        const average = f64x2.add(base, away);
        v128.store(mean + at, average);
        v128.store(variance + at, spare);
        means = f64x2.add(means, average);
        spreads = f64x2.add(spreads, spare);
        grown = f64x2.add(grown, plus(others, others, grown));
        line = f64x2.add(line, most);
        slacks = f64x2.add(slacks, plus(prior, a, away));
      }
      if (at == all) {
        v128.store(to, grown, growth);
        break;
      }
      const log = log1p(grown);
      line = f64x2.add(line, log);
      slacks = f64x2.add(slacks, log);
    }
    v128.store(to, means, sum);
    v128.store(to, spreads, spread);
    v128.store(to, line, lines);
    v128.store(to, slacks, slack);
  }
}
