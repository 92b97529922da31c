import type {Order} from "../kernels/panel.js";
import {cumulative, density, logCumulative, quantile} from "../math/normal.js";
import type {Distribution} from "../model/specification.js";

/** T and its first two derivatives at an index; written into `out` as (T, T', T''). */
export type Transform = (index: number, out: Float64Array) => void;

/**
 * How a family reads the standard normal of its column: the number that its spread multiplies (eq:mixing). For a normal it
 * is nu itself; for a uniform 2 Phi(nu) - 1; for an exponential the log of a unit exponential; for a truncated normal the
 * log of 1 - Phi(nu), which `truncatedInto` needs. Done once when nodes are laid out, never in a kernel.
 */
export function readNode({family}: Distribution): (nu: number) => number {
  switch (family) {
    case "uniform": return (nu) => 2 * cumulative(nu) - 1;
    case "triangular": return (nu) => (nu < 0 ? Math.sqrt(2 * cumulative(nu)) - 1 : 1 - Math.sqrt(2 * cumulative(-nu)));
    case "exponential": return (nu) => Math.log(-logCumulative(-nu));
    case "truncated": return (nu) => logCumulative(-nu);
    default: return (nu) => nu;
  }
}

/** The coefficient as a function of mu + Gamma nu + W eta, for every family that is one. */
export function transform({family, sign = 1}: Distribution): Transform | undefined {
  switch (family) {
    case "lognormal": case "exponential": return (index, out) => { out.fill(sign * Math.exp(index)); };
    case "censored": return (index, out) => {
      const open = sign * index > 0;
      out[0] = open ? index : 0;
      out[1] = open ? 1 : 0;
      out[2] = 0;
    };
    default: return undefined; // the identity
  }
}

/**
 * A normal truncated to one side of zero, by inversion, with its derivatives in mu and s (eq:truncated). On the positive
 * side, with a = mu / s and tau = (1 - u) Phi(a),
 *
 *   beta = mu + s q,   q = -Phi^-1(tau),   dq/da = -rho,   rho = tau phi(a) / (Phi(a) phi(q)),   d²q/da² = rho (a + q rho).
 *
 * The negative side is the mirror image: beta(mu, s) = -beta⁺(-mu, s).
 *
 * @param logRest log(1 - u)
 * @param out     (beta, d mu, d s, d mu mu, d mu s, d s s)
 */
export function truncatedInto(out: Float64Array, mu: number, s: number, logRest: number, sign: 1 | -1, order: Order): void {
  // A spread and its negative are one model.
  const size = Math.abs(s);
  const turn = s < 0 ? -sign : sign;
  if (size === 0) {
    // No spread: the mean, or the edge where the mean lies beyond it.
    const open = sign * mu > 0;
    out.fill(0);
    out[0] = open ? mu : 0;
    out[1] = open ? 1 : 0;
    return;
  }
  const a = (sign * mu) / size;
  const logTau = logRest + logCumulative(a);
  // From whichever side of one half keeps its digits.
  const q = logTau < -Math.LN2 ? -quantile(Math.exp(logTau)) : quantile(-Math.expm1(logTau));
  out[0] = mu + sign * size * q;
  if (order === 0) return;
  const rho = Math.exp(logTau - logCumulative(a)) * (density(a) / density(q));
  out[1] = 1 - rho;
  out[2] = turn * (q + a * rho);
  const bend = (rho * (a + q * rho)) / size;
  out[3] = sign * bend;
  out[4] = -a * bend * (s < 0 ? -1 : 1);
  out[5] = sign * a * a * bend;
}
