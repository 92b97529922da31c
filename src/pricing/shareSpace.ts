import type {Setting} from "./market.js";

/** Profit as a function of shares, its slope, and the two parts of its Hessian -diag(d) + h 11'. In money. */
export interface Surface {
  readonly profit: number;
  readonly slope: Float64Array; // (J)
  readonly d: Float64Array; // (J)
  readonly h: number;
}

/**
 * Profit in share space (eq:profit), with x_0 = 1 - sum_j x_j:
 *
 *   b Pi(x) = sum_j (v_j - v_0 - b c_j) x_j - sum_j x_j phi_j'(x_j) + (1 - x_0) phi_0'(x_0)
 */
export function surface({values, b, phi}: Setting, {value, phi: phi0}: NonNullable<Setting["outside"]>, costs: Float64Array, x: Float64Array): Surface {
  const inside = x.reduce((sum, v) => sum + v, 0);
  const x0 = 1 - inside;
  const [f0, df0, d2f0] = [phi0.slope(x0), phi0.curvature(x0), phi0.third(x0)];
  let profit = inside * f0;
  const slope = new Float64Array(x.length);
  const d = new Float64Array(x.length);
  for (let j = 0; j < x.length; ++j) {
    const [f, df] = [phi[j].slope(x[j]), phi[j].curvature(x[j])];
    const worth = values[j] - value - b * costs[j];
    profit += x[j] * (worth - f);
    slope[j] = (worth - f - x[j] * df + f0 - inside * df0) / b;
    d[j] = (2 * df + x[j] * phi[j].third(x[j])) / b;
  }
  return {profit: profit / b, slope, d, h: (inside * d2f0 - 2 * df0) / b};
}

/** Where a climb in share space ended. */
export interface Summit {
  readonly x: Float64Array;
  readonly profit: number;
  readonly iterations: number;
}

/**
 * Newton's method inside the simplex: -diag(d) + h 11' is inverted in J steps (Sherman and Morrison 1950), a step stops short
 * of the boundary, and halves until profit rises. Where profit curves the wrong way, |d| and -|h| stand in.
 */
export function climbShares(laid: Setting, outside: NonNullable<Setting["outside"]>, costs: Float64Array, start: Float64Array): Summit {
  let x = start;
  let here = surface(laid, outside, costs, x);
  for (let iterations = 0; ; ++iterations) {
    const {slope, h} = here;
    const d = here.d.map((v) => Math.max(Math.abs(v), 1e-12));
    const down = Math.min(h, 0);
    let [a, c] = [0, 0];
    for (let j = 0; j < x.length; ++j) {
      a += slope[j] / d[j];
      c += 1 / d[j];
    }
    const shift = (down * a) / (1 - down * c);
    const step = slope.map((g, j) => (g + shift) / d[j]);
    const decrement = step.reduce((sum, s, j) => sum + s * slope[j], 0);
    // A Newton step of 1e-13 of every share is rounding.
    if (iterations >= 200 || step.every((s, j) => Math.abs(s) <= 1e-13 * x[j])) return {x, profit: here.profit, iterations};
    let t = 1;
    const total = step.reduce((sum, s) => sum + s, 0);
    const x0 = 1 - x.reduce((sum, v) => sum + v, 0);
    step.forEach((s, j) => { if (s < 0) t = Math.min(t, (-0.95 * x[j]) / s); });
    if (total > 0) t = Math.min(t, (0.95 * x0) / total);
    let next: Float64Array;
    let there: Surface;
    do {
      next = x.map((v, j) => v + t * step[j]);
      there = surface(laid, outside, costs, next);
      t /= 2;
    } while (!(there.profit >= here.profit + 2e-4 * t * decrement) && t > 1e-12 && decrement > 1e-14 * Math.abs(here.profit));
    if (!(there.profit >= here.profit - 1e-14 * Math.abs(here.profit))) return {x, profit: here.profit, iterations};
    x = next;
    here = there;
  }
}
