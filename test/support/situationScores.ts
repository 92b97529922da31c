import {Matrix} from "ml-matrix";
import {addScore, logitInto} from "../../src/kernels/logit.js";
import {nodesOf} from "../../src/kernels/lattice.js";
import type {Point} from "../../src/kernels/panel.js";
import type {Composed} from "./objective.js";

/**
 * The score of a person's panel likelihood, cut into the parts of the situations, (N, P):
 *
 *   g_it = sum_r pi_ir d log P_it(b_ir) / d theta,   pi_ir = prod_t P_it(b_ir) / sum_s prod_t P_it(b_is)
 *
 * so that sum_t g_it is the person's score. Written apart from the kernel that sums them at once; weights of nodes are equal.
 */
export function situationScores({units: {d, row, unit, columns: C}, mixing, nodes}: Composed, theta: Float64Array): Matrix {
  const P = mixing.size;
  const none = new Float64Array(0);
  const point: Point = {b: new Float64Array(C), jacobian: new Float64Array(P), curve: new Float64Array(P * P)};
  const p = new Float64Array(64);
  const s = new Float64Array(C);
  const out = Matrix.zeros(row.length - 1, P);
  for (let u = 0; u + 1 < unit.length; ++u) {
    const {nu, weights} = nodesOf(nodes.lattice, u);
    const {dimensions} = nodes.lattice;
    const [from, to, R] = [unit[u], unit[u + 1], weights.length];
    const L = new Float64Array(R);
    const parts = new Float64Array(R * (to - from) * P); // (r, t, p)
    for (let r = 0; r < R; ++r) {
      mixing.at(theta, nu, r * dimensions, none, 0, point, 1);
      for (let n = from; n < to; ++n) {
        L[r] += logitInto(p, d, row[n], row[n + 1], point.b);
        s.fill(0);
        addScore(s, d, row[n], row[n + 1], p);
        for (let q = 0; q < P; ++q) parts[(r * (to - from) + n - from) * P + q] = s[mixing.owner[q]] * point.jacobian[q];
      }
    }
    const top = Math.max(...L);
    const total = L.reduce((sum, l) => sum + Math.exp(l - top), 0);
    for (let r = 0; r < R; ++r) {
      const pi = Math.exp(L[r] - top) / total;
      for (let n = from; n < to; ++n) for (let q = 0; q < P; ++q) out.set(n, q, out.get(n, q) + pi * parts[(r * (to - from) + n - from) * P + q]);
    }
  }
  return out;
}
