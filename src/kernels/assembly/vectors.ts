// Vectors of two numbers, of two situations side by side, and sums over rows of them.

/** Vectors of data that are read again and again: 16 KB. */
export const near: usize = 1024;

@inline
export function plus(s: v128, a: v128, b: v128): v128 {
  return f64x2.add(s, f64x2.mul(a, b));
}

@inline
export function across(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}

/** Numbers of two situations, one after the other, side by side: n of each, from pair to pair. */
export function interleave(to: usize, from: usize, n: usize, pairs: usize): void {
  const size = n << 3;
  for (let pair: usize = 0; pair < pairs; ++pair, from += size) {
    const end = from + size;
    for (; from + 16 <= end; from += 16, to += 32) {
      const a = v128.load(from), b = v128.load(from + size);
      v128.store(to, v128.shuffle<f64>(a, b, 0, 2));
      v128.store(to, v128.shuffle<f64>(a, b, 1, 3), 16);
    }
    if (from < end) {
      v128.store(to, v128.load64_lane(from + size, v128.load64_zero(from), 1));
      from += 8;
      to += 16;
    }
  }
}

/** v[row] = sum_c b_c d[row][c]. */
export function utilities(v: usize, d: usize, b: usize, C: usize, rows: usize): void {
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
export function means(mean: usize, p: usize, d: usize, m: usize, C: usize, pairs: usize): void {
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
    if (c + 32 < line) {
      let s0 = f64x2.splat(0), s1 = s0, s2 = s0;
      for (let at = d + c, q = p; q < p + size; q += 16, at += line) {
        const w = v128.load(q);
        s0 = plus(s0, w, v128.load(at)); s1 = plus(s1, w, v128.load(at, 16)); s2 = plus(s2, w, v128.load(at, 32));
      }
      v128.store(mean, s0); v128.store(mean, s1, 16); v128.store(mean, s2, 32);
      c += 48;
      mean += 48;
    }
    for (; c < line; c += 16, mean += 16) {
      let s = f64x2.splat(0);
      for (let at = d + c, q = p; q < p + size; q += 16, at += line) s = plus(s, v128.load(q), v128.load(at));
      v128.store(mean, s);
    }
  }
}

/** sums[c][e] += sum over rows of p d_c d_e, for e <= c (and one beyond), a few rows at a time. */
export function products(sums: usize, p: usize, d: usize, C: usize, rows: usize): void {
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
