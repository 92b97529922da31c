import {power} from "./exp";
import {log1p} from "./log";
import {across, means, near, plus, products, utilities} from "./vectors";

/**
 * Multinomial logit over a run of situations with equally many alternatives (eq:logit, summed). A vector holds a number of
 * two situations; data are differences to the chosen row, d[pair][j][c], so that every column of a row stands at a fixed
 * distance from the first. Pairs are taken in blocks that stay in the nearest cache: once for utilities, once for sums of
 * p d, and once for every few entries of the curvature.
 */

/** Pairs in a block. */
const block: usize = 32;

/** Bytes of scratch for a block: largest utilities, sums beside them, inverse weights, means, probabilities; and sums. */
export function multinomialScratch(C: usize, m: usize): usize {
  return 16 * (block * (3 + C + m) + 1 + C + 2 * C * C);
}

/**
 * Sums over a run of situations, every one with m alternatives beside the chosen:
 *
 *   sums = [sum w log P, sum w s (C), sum w s s' (C, C), sum_j w p d d' (C, C)],   s = -sum_j p_j d_j
 *
 * the matrices in their lower triangles; the second is there from order 1, the last at order 2 (then H = third - fourth).
 *
 * @param pairs   of situations: one past the end has weight 0 and differences 0
 * @param weight  (pairs, 2)
 * @param scores  where w s go, (pairs, C, 2), from order 1; 0 for nowhere
 */
export function multinomial(order: i32, C: usize, m: usize, pairs: usize, b: usize, data: usize, weight: usize, scratch: usize, table: usize, sums: usize, scores: usize): void {
  const column = block << 4, line = C << 4, size = m << 4;
  const best = scratch, rest = best + column, inverse = rest + column, mean = inverse + column, p = mean + C * column, held = p + m * column;
  const gradient = held + 16, outer = gradient + line, curve = outer + C * line, end = curve + C * line;
  for (let at = held; at < end; at += 16) v128.store(at, f64x2.splat(0));
  let value = f64x2.splat(0);
  const most = max<usize>(1, min<usize>(block, near / (m * C)));
  for (let left = pairs; left > 0;) {
    const now = min<usize>(most, left);
    const last = now << 4;
    utilities(p, data, b, C, m * now);
    for (let o: usize = 0, first = p; o < last; o += 16, first += size) {
      // Shifted by the largest utility: the chosen one's, which is zero, or another.
      let top = f64x2.splat(0);
      for (let v = first; v < first + size; v += 16) top = f64x2.pmax(top, v128.load(v));
      let others = f64x2.splat(0);
      for (let v = first; v < first + size; v += 16) {
        const e = power(f64x2.sub(v128.load(v), top), table);
        v128.store(v, e);
        others = f64x2.add(others, e);
      }
      const own = power(f64x2.neg(top), table);
      v128.store(best + o, top);
      // own - 1 is exactly zero where the chosen alternative is best: a near-certain choice keeps its digits.
      v128.store(rest + o, f64x2.add(others, f64x2.sub(own, f64x2.splat(1))));
    }
    // A loop of its own: one situation's logarithm need not wait for another's exponentials.
    for (let o: usize = 0; o < last; o += 16) {
      const w = v128.load(weight + o);
      const a = v128.load(rest + o);
      value = f64x2.sub(value, f64x2.mul(w, f64x2.add(v128.load(best + o), log1p(a))));
      v128.store(rest + o, f64x2.div(w, f64x2.add(a, f64x2.splat(1))));
      v128.store(inverse + o, f64x2.pmin(f64x2.div(f64x2.splat(1), w), f64x2.splat(1e300)));
    }
    if (order > 0) {
      for (let o: usize = 0, v = p; o < last; o += 16) {
        const part = v128.load(rest + o);
        for (const to = v + size; v < to; v += 16) v128.store(v, f64x2.mul(v128.load(v), part));
      }
      means(mean, p, data, m, C, now);
      for (let c: usize = 0; c < line; c += 16) {
        let s = v128.load(gradient + c);
        for (let at = mean + c; at < mean + now * line; at += line) s = f64x2.sub(s, v128.load(at));
        v128.store(gradient + c, s);
      }
      products(outer, inverse, mean, C, now);
      if (scores) for (let at = mean; at < mean + now * line; at += 16, scores += 16) v128.store(scores, f64x2.neg(v128.load(at)));
    }
    if (order > 1) products(curve, p, data, C, m * now);
    data += now * m * line;
    weight += last;
    left -= now;
  }
  v128.store(held, value);
  for (let at = held; at < end; at += 16, sums += 8) store<f64>(sums, across(v128.load(at)));
}
