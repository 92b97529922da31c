import {mixing} from "../integrate/mixing.js";
import {sobol} from "../integrate/sobol.js";
import type {Point} from "../kernels/panel.js";
import {source} from "../math/random.js";
import type {Fit} from "../estimate/types.js";
import {rowsOf, substitution, type Explained} from "./substitution.js";

/** So many nodes an average over tastes takes: shares of thousands of choices are then off by less than a thousandth. */
const nodes = 512;

/**
 * The probability of every row of a fit's own data, averaged over the population's tastes where they vary (eq:predicted);
 * of maximum entropy, without its errors.
 *
 * @returns (rows), summing to one within a situation
 * @throws {ChoiceError} as `substitution`
 */
export function predicted(fit: Explained, at: string): Float64Array {
  if ("parameters" in fit && "tier" in fit && fit.design.columns.some(({distribution, within}) => distribution ?? within)) return averaged(fit as Fit);
  const s = substitution(fit, at);
  const {situation} = s.data;
  const out = new Float64Array(situation[situation.length - 1]);
  for (let n = 0; n + 1 < situation.length; ++n) out.set(s.react(n, rowsOf(s, n)).p, situation[n]);
  return out;
}

/** Mean over nodes of the logit's probabilities: what a stranger would choose, whatever others of a person's choices say. */
function averaged({data: {situation}, design, parameters, theta}: Fit): Float64Array {
  const {columns, z} = design;
  const blend = mixing(design, parameters);
  const [C, P, D] = [columns.length, parameters.length, blend.dimensions];
  const drawn = sobol(nodes, {shared: true}).build({dimensions: D + blend.within, units: 1, source: source(1)}).at(0);
  const point: Point = {b: new Float64Array(C), jacobian: new Float64Array(P), curve: new Float64Array(0)};
  const out = new Float64Array(situation[situation.length - 1]);
  const p = new Float64Array(out.length);
  for (let r = 0; r < nodes; ++r) {
    const node = drawn.slice(r * (D + blend.within), (r + 1) * (D + blend.within));
    const nu = node.subarray(0, D);
    if (blend.readers) for (let d = 0; d < D; ++d) nu[d] = blend.readers[d](nu[d]);
    blend.at(theta, nu, 0, node.subarray(D), 0, point, 0);
    logits(z, point.b, situation, p);
    for (let row = 0; row < out.length; ++row) out[row] += p[row] / nodes;
  }
  return out;
}

/** Probabilities of all rows at one vector of coefficients (eq:logit). */
function logits(z: Float64Array, b: Float64Array, situation: Int32Array, p: Float64Array): void {
  const C = b.length;
  for (let n = 0; n + 1 < situation.length; ++n) {
    let [most, sum] = [-Infinity, 0];
    for (let row = situation[n]; row < situation[n + 1]; ++row) {
      let v = 0;
      for (let c = 0, at = row * C; c < C; ++c, ++at) v += z[at] * b[c];
      p[row] = v;
      most = Math.max(most, v);
    }
    for (let row = situation[n]; row < situation[n + 1]; ++row) sum += p[row] = Math.exp(p[row] - most);
    for (let row = situation[n]; row < situation[n + 1]; ++row) p[row] /= sum;
  }
}
