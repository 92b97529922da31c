import {exp2Inside, perUtility} from "./exp";

/**
 * Multinomial logit over a run of situations with equally many alternatives (eq:logit, summed). A vector holds a number of
 * two situations; data are differences to the chosen row, d[pair][j][c], so that every column of a row stands at a fixed
 * distance from the first. Pairs are taken in blocks that stay in the nearest cache: once for utilities, once for sums of
 * p d, and once for every few entries of the curvature.
 */

/** Pairs in a block. */
const block: usize = 32;

/** Vectors of data that are read again and again: 16 KB. */
const near: usize = 1024;

/** Below this a power of two has no full digits left: it counts as none. In 1/256 octaves. */
const least: f64 = -261376.0;

/** Bytes of scratch for a block: largest utilities, sums beside them, inverse weights, means, probabilities; and sums. */
export function multinomialScratch(C: usize, m: usize): usize {
  return 16 * (block * (3 + C + m) + 1 + C + 2 * C * C);
}

@inline
function plus(s: v128, a: v128, b: v128): v128 {
  return f64x2.add(s, f64x2.mul(a, b));
}

/** 2^x for a utility x <= 0, which may be minus infinity. */
@inline
function power(x: v128, table: usize): v128 {
  const octaves = f64x2.mul(x, f64x2.splat(perUtility));
  // andnot rather than and: a NaN is not below, and stays.
  return v128.andnot(exp2Inside(f64x2.pmax(octaves, f64x2.splat(least)), table), f64x2.lt(octaves, f64x2.splat(least)));
}

/**
 * log(1 + a), a >= 0: with 1 + a = 2^k (1 + f), 1 + f between the roots of 1/2 and 2, and s = f / (2 + f), log(1 + f) is
 * 2 s + s³ 2/3 + … as in fdlibm (Sun Microsystems 1993). Where k is zero, f is a itself: nothing is lost. NaN comes through f.
 */
@inline
function log1p(a: v128): v128 {
  const one = f64x2.splat(1.0);
  const k = i64x2.shr_u(i64x2.sub(f64x2.add(a, one), i64x2.splat(0x3FE6A09E667F3BCD)), 52);
  const scale = i64x2.sub(one, i64x2.shl(k, 52)); // 2^-k
  const f = f64x2.add(f64x2.mul(a, scale), f64x2.sub(scale, one));
  const s = f64x2.div(f, f64x2.add(f, f64x2.splat(2.0)));
  const z = f64x2.mul(s, s);
  const w = f64x2.mul(z, z);
  const even = f64x2.mul(w, plus(f64x2.splat(0.3999999999940941908), w, plus(f64x2.splat(0.2222219843214978396), w, f64x2.splat(0.1531383769920937332))));
  const odd = f64x2.mul(z, plus(f64x2.splat(0.6666666666666735130), w, plus(f64x2.splat(0.2857142874366239149), w, plus(f64x2.splat(0.1818357216161805012), w, f64x2.splat(0.1479819860511658591)))));
  const half = f64x2.mul(f64x2.splat(0.5), f64x2.mul(f, f));
  const n = f64x2.sub(v128.or(k, f64x2.splat(4503599627370496.0)), f64x2.splat(4503599627370496.0));
  const log = f64x2.sub(f, f64x2.sub(half, f64x2.mul(s, f64x2.add(half, f64x2.add(even, odd)))));
  return plus(plus(log, n, f64x2.splat(1.90821492927058770002e-10)), n, f64x2.splat(6.93147180369123816490e-01));
}

/** v[row] = sum_c b_c d[row][c]. */
function utilities(v: usize, d: usize, b: usize, C: usize, rows: usize): void {
  const line = C << 4;
  const end = v + (rows << 4);
  let c: usize = 0;
  for (; c + 4 <= C; c += 4, d += 64, b += 32) {
    const b0 = v128.load_splat<f64>(b), b1 = v128.load_splat<f64>(b + 8), b2 = v128.load_splat<f64>(b + 16), b3 = v128.load_splat<f64>(b + 24);
    for (let to = v, at = d; to < end; to += 16, at += line) {
      const s = plus(f64x2.mul(b0, v128.load(at)), b1, v128.load(at, 16));
      const u = f64x2.add(s, plus(f64x2.mul(b2, v128.load(at, 32)), b3, v128.load(at, 48)));
      v128.store(to, c ? f64x2.add(v128.load(to), u) : u);
    }
  }
  for (; c + 2 <= C; c += 2, d += 32, b += 16) {
    const b0 = v128.load_splat<f64>(b), b1 = v128.load_splat<f64>(b + 8);
    for (let to = v, at = d; to < end; to += 16, at += line) {
      const u = plus(f64x2.mul(b0, v128.load(at)), b1, v128.load(at, 16));
      v128.store(to, c ? f64x2.add(v128.load(to), u) : u);
    }
  }
  if (c < C) {
    const b0 = v128.load_splat<f64>(b);
    for (let to = v, at = d; to < end; to += 16, at += line) {
      const u = f64x2.mul(b0, v128.load(at));
      v128.store(to, c ? f64x2.add(v128.load(to), u) : u);
    }
  }
}

/** mean[pair][c] = sum_j p[pair][j] d[pair][j][c]. */
function means(mean: usize, p: usize, d: usize, m: usize, C: usize, pairs: usize): void {
  const line = C << 4;
  const size = m << 4;
  const end = p + pairs * size;
  for (; p < end; p += size, d += m * line) {
    let c: usize = 0;
    for (; c + 64 <= line; c += 64, mean += 64) {
      let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0;
      for (let at = d + c, q = p; q < p + size; q += 16, at += line) {
        const w = v128.load(q);
        s0 = plus(s0, w, v128.load(at)); s1 = plus(s1, w, v128.load(at, 16));
        s2 = plus(s2, w, v128.load(at, 32)); s3 = plus(s3, w, v128.load(at, 48));
      }
      v128.store(mean, s0); v128.store(mean, s1, 16); v128.store(mean, s2, 32); v128.store(mean, s3, 48);
    }
    for (; c < line; c += 16, mean += 16) {
      let s = f64x2.splat(0);
      for (let at = d + c, q = p; q < p + size; q += 16, at += line) s = plus(s, v128.load(q), v128.load(at));
      v128.store(mean, s);
    }
  }
}

/** sums[c][e] += sum over rows of p d_c d_e, for e <= c (and one beyond), a few rows at a time. */
function products(sums: usize, p: usize, d: usize, C: usize, rows: usize): void {
  const line = C << 4;
  const most = max<usize>(8, near / C);
  for (; rows > 0;) {
    const now = min<usize>(most, rows);
    const end = p + (now << 4);
    let c: usize = 0;
    for (; c + 2 <= C; c += 2) {
      const x = d + (c << 4);
      const to = sums + c * line;
      let e: usize = 0;
      for (; e + 4 <= c + 2; e += 4) pair4(to + (e << 4), line, p, end, x, d + (e << 4));
      if (e < c + 2) pair2(to + (e << 4), line, p, end, x, d + (e << 4));
    }
    if (c < C) for (let e: usize = 0; e < C; ++e) single(sums + c * line + (e << 4), line, p, end, d + (c << 4), d + (e << 4));
    p = end;
    d += now * line;
    rows -= now;
  }
}

/** Two entries of x by four of y. */
function pair4(to: usize, line: usize, p: usize, end: usize, x: usize, y: usize): void {
  const next = to + line;
  let a0 = v128.load(to), a1 = v128.load(to, 16), a2 = v128.load(to, 32), a3 = v128.load(to, 48);
  let b0 = v128.load(next), b1 = v128.load(next, 16), b2 = v128.load(next, 32), b3 = v128.load(next, 48);
  for (; p < end; p += 16, x += line, y += line) {
    const w = v128.load(p);
    const u = f64x2.mul(w, v128.load(x)), v = f64x2.mul(w, v128.load(x, 16));
    const y0 = v128.load(y), y1 = v128.load(y, 16), y2 = v128.load(y, 32), y3 = v128.load(y, 48);
    a0 = plus(a0, u, y0); b0 = plus(b0, v, y0);
    a1 = plus(a1, u, y1); b1 = plus(b1, v, y1);
    a2 = plus(a2, u, y2); b2 = plus(b2, v, y2);
    a3 = plus(a3, u, y3); b3 = plus(b3, v, y3);
  }
  v128.store(to, a0); v128.store(to, a1, 16); v128.store(to, a2, 32); v128.store(to, a3, 48);
  v128.store(next, b0); v128.store(next, b1, 16); v128.store(next, b2, 32); v128.store(next, b3, 48);
}

/** Two by two. */
function pair2(to: usize, line: usize, p: usize, end: usize, x: usize, y: usize): void {
  const next = to + line;
  let a0 = v128.load(to), a1 = v128.load(to, 16), b0 = v128.load(next), b1 = v128.load(next, 16);
  for (; p < end; p += 16, x += line, y += line) {
    const w = v128.load(p);
    const u = f64x2.mul(w, v128.load(x)), v = f64x2.mul(w, v128.load(x, 16));
    const y0 = v128.load(y), y1 = v128.load(y, 16);
    a0 = plus(a0, u, y0); b0 = plus(b0, v, y0);
    a1 = plus(a1, u, y1); b1 = plus(b1, v, y1);
  }
  v128.store(to, a0); v128.store(to, a1, 16); v128.store(next, b0); v128.store(next, b1, 16);
}

function single(to: usize, line: usize, p: usize, end: usize, x: usize, y: usize): void {
  let a = v128.load(to);
  for (; p < end; p += 16, x += line, y += line) a = plus(a, f64x2.mul(v128.load(p), v128.load(x)), v128.load(y));
  v128.store(to, a);
}

@inline
function across(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
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
