/**
 * The definition of a logit choice, in utilities relative to the chosen alternative (eq:logit):
 *
 *   log P = -log(1 + sum_j exp(v_j)),   v_j = d_j · b,   d_j = z_j - z_chosen,   j over the alternatives not chosen.
 *
 * Differences make the chosen alternative exact, need no availability, and never overflow: the sum is shifted by the
 * largest utility, and a near-certain choice keeps its digits through log1p.
 *
 * @param d     differences to the chosen row, (rows, C) row-major
 * @param from  first row of the situation, `to` one past the last; none (a choice of one) gives 0
 * @param b     coefficients (C)
 * @param p     scratch, filled with the probabilities of the rows not chosen (to - from)
 * @returns     log-probability of the choice made
 */
export function logitInto(p: Float64Array, d: Float64Array, from: number, to: number, b: Float64Array): number {
  const C = b.length;
  let top = 0;
  for (let row = from; row < to; ++row) {
    let v = 0;
    for (let c = 0, at = row * C; c < C; ++c) v += d[at + c] * b[c];
    p[row - from] = v;
    if (v > top) top = v;
  }
  let others = 0;
  for (let j = 0; j < to - from; ++j) others += p[j] = Math.exp(p[j] - top);
  const sum = others + Math.exp(-top);
  for (let j = 0; j < to - from; ++j) p[j] /= sum;
  return top === 0 ? -Math.log1p(others) : -(top + Math.log(sum));
}

/** Adds d log P / db = -sum_j p_j d_j to s (C), for the rows and probabilities of `logitInto`. */
export function addScore(s: Float64Array, d: Float64Array, from: number, to: number, p: Float64Array): void {
  const C = s.length;
  for (let row = from; row < to; ++row) {
    const pj = p[row - from];
    for (let c = 0, at = row * C; c < C; ++c) s[c] -= pj * d[at + c];
  }
}

/**
 * Adds the score to s (C), and d² log P / db db' = -(sum_j p_j d_j d_j' - m m'), m = sum_j p_j d_j = -score, to the lower
 * triangle of h (C, C).
 *
 * @param weighted scratch for p_j d_j, at least (to - from) C   @param m scratch (C)
 */
export function addCurvature(s: Float64Array, h: Float64Array, d: Float64Array, from: number, to: number, p: Float64Array, weighted: Float64Array, m: Float64Array): void {
  const C = m.length;
  const start = from * C;
  const size = (to - from) * C;
  for (let c = 0; c < C; ++c) m[c] = 0;
  for (let j = 0, at = 0; at < size; ++j) {
    const pj = p[j];
    for (let c = 0; c < C; ++c, ++at) m[c] += weighted[at] = pj * d[start + at];
  }
  for (let c = 0; c < C; ++c) {
    const mc = m[c];
    s[c] -= mc;
    for (let e = 0, to = c * C; e <= c; ++e, ++to) {
      let sum = mc * m[e];
      for (let at = 0; at < size; at += C) sum -= weighted[at + c] * d[start + at + e];
      h[to] += sum;
    }
  }
}
