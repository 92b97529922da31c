// Sums over tastes are what passes are made of. One running sum waits for its own last addition, and a loop of one step for its
// own counter; four at a time take half the time.

/** sum_r a_r b_r, in four running sums. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const n = a.length;
  const even = n - (n % 4);
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let r = 0; r < even; r += 4) {
    s0 += a[r] * b[r];
    s1 += a[r + 1] * b[r + 1];
    s2 += a[r + 2] * b[r + 2];
    s3 += a[r + 3] * b[r + 3];
  }
  for (let r = even; r < n; ++r) s0 += a[r] * b[r];
  return s0 + s1 + (s2 + s3);
}

/** sum_r h_r f_r for each of several f, four at a time, into `out` from `to` on. */
export function dots(h: Float64Array, lists: readonly Float64Array[], out: Float64Array, to = 0): void {
  const R = h.length;
  let q = 0;
  for (; q + 4 <= lists.length; q += 4) {
    const [a, b, c, d] = [lists[q], lists[q + 1], lists[q + 2], lists[q + 3]];
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    for (let r = 0; r < R; ++r) {
      const x = h[r];
      s0 += x * a[r];
      s1 += x * b[r];
      s2 += x * c[r];
      s3 += x * d[r];
    }
    out[to + q] = s0;
    out[to + q + 1] = s1;
    out[to + q + 2] = s2;
    out[to + q + 3] = s3;
  }
  for (; q < lists.length; ++q) out[to + q] = dot(h, lists[q]);
}

/** y += w x */
export function addTimes(y: Float64Array, w: number, x: Float64Array): void {
  const n = y.length;
  const even = n - (n % 4);
  for (let r = 0; r < even; r += 4) {
    y[r] += w * x[r];
    y[r + 1] += w * x[r + 1];
    y[r + 2] += w * x[r + 2];
    y[r + 3] += w * x[r + 3];
  }
  for (let r = even; r < n; ++r) y[r] += w * x[r];
}

/** y += a b */
export function addProduct(y: Float64Array, a: Float64Array, b: Float64Array): void {
  const n = y.length;
  const even = n - (n % 4);
  for (let r = 0; r < even; r += 4) {
    y[r] += a[r] * b[r];
    y[r + 1] += a[r + 1] * b[r + 1];
    y[r + 2] += a[r + 2] * b[r + 2];
    y[r + 3] += a[r + 3] * b[r + 3];
  }
  for (let r = even; r < n; ++r) y[r] += a[r] * b[r];
}

/** h = theta row, and its sum. */
export function timesInto(h: Float64Array, theta: Float64Array, row: Float64Array): number {
  const R = h.length;
  const even = R - (R % 4);
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let r = 0; r < even; r += 4) {
    s0 += h[r] = theta[r] * row[r];
    s1 += h[r + 1] = theta[r + 1] * row[r + 1];
    s2 += h[r + 2] = theta[r + 2] * row[r + 2];
    s3 += h[r + 3] = theta[r + 3] * row[r + 3];
  }
  for (let r = even; r < R; ++r) s0 += h[r] = theta[r] * row[r];
  return s0 + s1 + (s2 + s3);
}

/** y *= x */
export function scale(y: Float64Array, x: Float64Array): void {
  const n = y.length;
  const even = n - (n % 4);
  for (let r = 0; r < even; r += 4) {
    y[r] *= x[r];
    y[r + 1] *= x[r + 1];
    y[r + 2] *= x[r + 2];
    y[r + 3] *= x[r + 3];
  }
  for (let r = even; r < n; ++r) y[r] *= x[r];
}
