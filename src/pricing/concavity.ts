import type {Setting} from "./market.js";
import type {Perturbation} from "./perturbation.js";

/** Whether profit is concave in shares, so that its summit is the only one. */
export interface Concavity {
  readonly holds: boolean;
  /** Least of 2 + x phi'''/phi'' over shares from 1e-6 to 1 - 1e-6 (for supports, 2 - x kappa_3 / v^2): none below 0 where it holds. */
  readonly inside: number;
  /** Least of 2 - (1 - x) phi_0'''/phi_0''. */
  readonly outside: number;
}

// Even in the logit of the share.
const grid = Float64Array.from({length: 401}, (_, k) => 1 / (1 + Math.exp(-13.8 + 0.069 * k)));

/**
 * Profit is concave in shares if x phi'(x) is convex and (1 - x) phi_0'(x) concave (eq:profit). For supports the first says
 * x kappa_3 <= 2 v^2. Looked at on 401 shares; a kink of phi' at which it turns flatter breaks the first, one at which it turns steeper the second.
 */
export function concavity({phi, outside}: Setting): Concavity {
  const inside = Math.min(...[...new Set(phi)].map((f) => least(f, (x) => x, 1)));
  const out = outside ? least(outside.phi, (x) => 1 - x, -1) : Infinity;
  return {holds: inside >= -1e-9 && out >= -1e-9, inside, outside: out};
}

function least({curvature, third, knots = []}: Perturbation, factor: (x: number) => number, sign: 1 | -1): number {
  let worst = Infinity;
  for (const x of grid) {
    const c = curvature(x);
    if (c > 0) worst = Math.min(worst, 2 + (sign * factor(x) * third(x)) / c);
  }
  for (const k of knots) {
    const [before, after] = [curvature(k * (1 - 1e-9)), curvature(k * (1 + 1e-9))];
    if (sign * (after - before) < -1e-6 * Math.max(before, after)) worst = -Infinity;
  }
  return worst;
}
