import {exp2Inside, perUtility} from "./exp";

/**
 * Multinomial logit over a run of situations with equally many alternatives (eq:logit, summed): situations take the lanes.
 *
 * Data stand in blocks of up to 64 situations, an even number, as differences to the chosen row, d[j][c][lane]. A block is
 * read once for utilities, again for sums of p d, and once for each pair of rows of the curvature, from the nearest cache.
 */

/** Bytes of a full row of lanes: 64 numbers. */
const full: usize = 512;

/** Below this a power of two has no full digits left: it counts as none. In 1/256 octaves. */
const least: f64 = -261376.0;

/** Bytes of scratch: largest utilities, the sums beside them, inverse weights, means, probabilities, and sums of two lanes. */
export function multinomialScratch(C: usize, m: usize): usize {
  return full * (3 + C + m) + 16 * (1 + C + 2 * C * C);
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

/** v[lane] = sum_c b_c d[c][lane], the utilities of one alternative. */
function utilities(v: usize, d: usize, b: usize, C: usize, L: usize): void {
  let c: usize = 0;
  for (; c + 4 <= C; c += 4, d += 4 * L, b += 32) {
    const b0 = v128.load_splat<f64>(b), b1 = v128.load_splat<f64>(b + 8), b2 = v128.load_splat<f64>(b + 16), b3 = v128.load_splat<f64>(b + 24);
    for (let o: usize = 0; o < L; o += 16) {
      const at = d + o;
      const s = plus(f64x2.mul(b0, v128.load(at)), b1, v128.load(at + L));
      const t = plus(f64x2.mul(b2, v128.load(at + 2 * L)), b3, v128.load(at + 3 * L));
      const u = f64x2.add(s, t);
      v128.store(v + o, c ? f64x2.add(v128.load(v + o), u) : u);
    }
  }
  for (; c < C; ++c, d += L, b += 8) {
    const b0 = v128.load_splat<f64>(b);
    for (let o: usize = 0; o < L; o += 16) {
      const u = f64x2.mul(b0, v128.load(d + o));
      v128.store(v + o, c ? f64x2.add(v128.load(v + o), u) : u);
    }
  }
}

/** mean[c][lane] = sum_j p[j][lane] d[j][c][lane]. */
function means(mean: usize, p: usize, d: usize, m: usize, C: usize, L: usize): void {
  const row = C * L;
  let j: usize = 0;
  for (; j + 3 <= m; j += 3, p += 3 * L, d += 3 * row) {
    for (let c: usize = 0; c < row; c += L) for (let o: usize = 0; o < L; o += 16) {
      const at = d + c + o;
      const s = plus(plus(f64x2.mul(v128.load(p + o), v128.load(at)), v128.load(p + L + o), v128.load(at + row)), v128.load(p + 2 * L + o), v128.load(at + 2 * row));
      v128.store(mean + c + o, j ? f64x2.add(v128.load(mean + c + o), s) : s);
    }
  }
  for (; j < m; ++j, p += L, d += row) {
    for (let c: usize = 0; c < row; c += L) for (let o: usize = 0; o < L; o += 16) {
      const s = f64x2.mul(v128.load(p + o), v128.load(d + c + o));
      v128.store(mean + c + o, j ? f64x2.add(v128.load(mean + c + o), s) : s);
    }
  }
}

/** sums[c][e] += sum over lanes of p d_c d_e, two lanes apart, for e <= c (and a few beyond): two rows by four, two or one. */
function products(sums: usize, p: usize, d: usize, C: usize, L: usize): void {
  const line = C << 4;
  let c: usize = 0;
  for (; c + 2 <= C; c += 2) {
    const r0 = d + c * L;
    const to = sums + c * line;
    let e: usize = 0;
    for (; e + 4 <= c + 2; e += 4) pair4(to + (e << 4), line, p, r0, d + e * L, L);
    if (e < c + 2) pair2(to + (e << 4), line, p, r0, d + e * L, L);
  }
  if (c < C) {
    const r0 = d + c * L;
    const to = sums + c * line;
    let e: usize = 0;
    for (; e + 2 <= C; e += 2) single2(to + (e << 4), p, r0, d + e * L, L);
    if (e < C) single1(to + (e << 4), p, r0, d + e * L, L);
  }
}

function pair4(to: usize, line: usize, p: usize, x: usize, y: usize, L: usize): void {
  const next = to + line;
  let a0 = v128.load(to), a1 = v128.load(to + 16), a2 = v128.load(to + 32), a3 = v128.load(to + 48);
  let b0 = v128.load(next), b1 = v128.load(next + 16), b2 = v128.load(next + 32), b3 = v128.load(next + 48);
  for (let o: usize = 0; o < L; o += 16) {
    const w = v128.load(p + o);
    const at = y + o;
    const u = f64x2.mul(w, v128.load(x + o)), v = f64x2.mul(w, v128.load(x + L + o));
    const y0 = v128.load(at), y1 = v128.load(at + L), y2 = v128.load(at + 2 * L), y3 = v128.load(at + 3 * L);
    a0 = plus(a0, u, y0); b0 = plus(b0, v, y0);
    a1 = plus(a1, u, y1); b1 = plus(b1, v, y1);
    a2 = plus(a2, u, y2); b2 = plus(b2, v, y2);
    a3 = plus(a3, u, y3); b3 = plus(b3, v, y3);
  }
  v128.store(to, a0); v128.store(to + 16, a1); v128.store(to + 32, a2); v128.store(to + 48, a3);
  v128.store(next, b0); v128.store(next + 16, b1); v128.store(next + 32, b2); v128.store(next + 48, b3);
}

function pair2(to: usize, line: usize, p: usize, x: usize, y: usize, L: usize): void {
  const next = to + line;
  let a0 = v128.load(to), a1 = v128.load(to + 16), b0 = v128.load(next), b1 = v128.load(next + 16);
  for (let o: usize = 0; o < L; o += 16) {
    const w = v128.load(p + o);
    const u = f64x2.mul(w, v128.load(x + o)), v = f64x2.mul(w, v128.load(x + L + o));
    const y0 = v128.load(y + o), y1 = v128.load(y + L + o);
    a0 = plus(a0, u, y0); b0 = plus(b0, v, y0);
    a1 = plus(a1, u, y1); b1 = plus(b1, v, y1);
  }
  v128.store(to, a0); v128.store(to + 16, a1); v128.store(next, b0); v128.store(next + 16, b1);
}

function single2(to: usize, p: usize, x: usize, y: usize, L: usize): void {
  let a0 = v128.load(to), a1 = v128.load(to + 16);
  for (let o: usize = 0; o < L; o += 16) {
    const u = f64x2.mul(v128.load(p + o), v128.load(x + o));
    a0 = plus(a0, u, v128.load(y + o));
    a1 = plus(a1, u, v128.load(y + L + o));
  }
  v128.store(to, a0); v128.store(to + 16, a1);
}

function single1(to: usize, p: usize, x: usize, y: usize, L: usize): void {
  let a0 = v128.load(to);
  for (let o: usize = 0; o < L; o += 16) a0 = plus(a0, f64x2.mul(v128.load(p + o), v128.load(x + o)), v128.load(y + o));
  v128.store(to, a0);
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
 * @param lanes   situations, rounded up to an even number: those past the end have weight 0 and differences 0
 * @param weight  (lanes)
 * @param scores  where w s go, (C, lanes), from order 1; 0 for nowhere
 */
export function multinomial(order: i32, C: usize, m: usize, lanes: usize, b: usize, data: usize, weight: usize, scratch: usize, table: usize, sums: usize, scores: usize): void {
  const best = scratch, rest = best + full, inverse = rest + full, mean = inverse + full, p = mean + C * full, held = p + m * full;
  const gradient = held + 16, outer = gradient + (C << 4), curve = outer + (C * C << 4), end = curve + (C * C << 4);
  for (let at = held; at < end; at += 16) v128.store(at, f64x2.splat(0));
  let value = f64x2.splat(0);
  for (let done: usize = 0; done < lanes; done += 64) {
    const L = min<usize>(64, lanes - done) << 3;
    const rows = m * L;
    for (let j: usize = 0; j < m; ++j) utilities(p + j * L, data + j * C * L, b, C, L);
    for (let o: usize = 0; o < L; o += 16) {
      const first = p + o, last = first + rows;
      // Shifted by the largest utility: the chosen one's, which is zero, or another.
      let top = f64x2.splat(0);
      for (let v = first; v < last; v += L) top = f64x2.pmax(top, v128.load(v));
      let others = f64x2.splat(0);
      for (let v = first; v < last; v += L) {
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
    for (let o: usize = 0; o < L; o += 16) {
      const w = v128.load(weight + o);
      const a = v128.load(rest + o);
      value = f64x2.sub(value, f64x2.mul(w, f64x2.add(v128.load(best + o), log1p(a))));
      v128.store(rest + o, f64x2.div(w, f64x2.add(a, f64x2.splat(1))));
      v128.store(inverse + o, f64x2.pmin(f64x2.div(f64x2.splat(1), w), f64x2.splat(1e300)));
    }
    if (order > 0) for (let v = p; v < p + rows; v += L) for (let o: usize = 0; o < L; o += 16) v128.store(v + o, f64x2.mul(v128.load(v + o), v128.load(rest + o)));
    if (order > 0) {
      means(mean, p, data, m, C, L);
      for (let c: usize = 0; c < C; ++c) {
        let s = v128.load(gradient + (c << 4));
        for (let o: usize = 0; o < L; o += 16) s = f64x2.sub(s, v128.load(mean + c * L + o));
        v128.store(gradient + (c << 4), s);
        if (scores) for (let o: usize = 0; o < L; o += 16) v128.store(scores + ((c * lanes + done) << 3) + o, f64x2.neg(v128.load(mean + c * L + o)));
      }
      products(outer, inverse, mean, C, L);
    }
    if (order > 1) for (let j: usize = 0; j < m; ++j) products(curve, p + j * L, data + j * C * L, C, L);
    data += m * C * L;
    weight += L;
  }
  v128.store(held, value);
  for (let at = held; at < end; at += 16, sums += 8) store<f64>(sums, across(v128.load(at)));
}
