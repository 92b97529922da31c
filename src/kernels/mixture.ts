/** How much to compute: 0 the value, 1 the gradient too, 2 the Hessian too. */
export type Order = 0 | 1 | 2;

/**
 * A running average of likelihoods with its derivatives, kept relative to the largest log-likelihood met so far, so that a
 * product of a thousand small probabilities neither underflows nor loses digits (eq:mixture):
 *
 *   P = sum_r w_r exp(L_r)
 *   g = sum_r pi_r u_r,                          pi_r = w_r exp(L_r) / P
 *   H = sum_r pi_r (K_r + u_r u_r') - g g'       (Louis 1982)
 *
 * with u_r, K_r the gradient and Hessian of L_r. Weights may be negative (sparse grids): P then may be too, and the
 * log-likelihood comes out as NaN, which the caller reports.
 */
export interface Mixture {
  top: number;
  total: number;
  /** Sum of squared weights: total² / squares is the effective number of nodes. */
  squares: number;
  readonly u: Float64Array; // (P)
  readonly k: Float64Array; // (P, P), lower triangle
}

export const mixture = (P: number): Mixture => ({top: -Infinity, total: 0, squares: 0, u: new Float64Array(P), k: new Float64Array(P * P)});

export function clear(m: Mixture, order: Order): void {
  m.top = -Infinity;
  m.total = 0;
  m.squares = 0;
  if (order > 0) m.u.fill(0);
  if (order > 1) m.k.fill(0);
}

/** Adds one node: its weight, its log-likelihood L, the gradient u (P) and Hessian k (P, P; lower triangle) of L. */
export function add(m: Mixture, weight: number, L: number, u: Float64Array, k: Float64Array, order: Order): void {
  if (weight === 0 || L === -Infinity) return;
  if (L > m.top) {
    rescale(m, Math.exp(m.top - L), order);
    m.top = L;
  }
  const P = m.u.length;
  const w = weight * Math.exp(L - m.top);
  m.total += w;
  m.squares += w * w;
  if (order > 0) for (let p = 0; p < P; ++p) m.u[p] += w * u[p];
  if (order > 1) {
    const sums = m.k;
    for (let p = 0; p < P; ++p) {
      const up = u[p];
      for (let q = 0, at = p * P; q <= p; ++q, ++at) sums[at] += w * (k[at] + up * u[q]);
    }
  }
}

function rescale(m: Mixture, factor: number, order: Order): void {
  if (m.total === 0) return;
  m.total *= factor;
  m.squares *= factor * factor;
  if (order > 0) for (let p = 0; p < m.u.length; ++p) m.u[p] *= factor;
  if (order > 1) for (let p = 0; p < m.k.length; ++p) m.k[p] *= factor;
}

/** Adds log P's gradient to g (P) and its Hessian to h (P, P; lower triangle), and returns log P. */
export function finishInto(g: Float64Array, h: Float64Array, m: Mixture, order: Order): number {
  const P = m.u.length;
  if (order > 0) {
    for (let p = 0; p < P; ++p) g[p] += m.u[p] /= m.total;
  }
  if (order > 1) {
    for (let p = 0; p < P; ++p) for (let q = 0, at = p * P; q <= p; ++q) h[at + q] += m.k[at + q] / m.total - m.u[p] * m.u[q];
  }
  return m.top + Math.log(m.total);
}
