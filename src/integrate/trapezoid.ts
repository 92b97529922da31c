import {checkOptions, ChoiceError, quote} from "../errors.js";
import {density} from "../math/normal.js";
import {checkDraws} from "./nodes.js";
import {product, type Line} from "./product.js";
import type {Rule} from "./rule.js";

export interface TrapezoidOptions {
  /** The nodes reach from -range to range: 9.5 standard deviations, beyond which lies 2e-21 of the mass. */
  readonly range?: number;
}

/**
 * The trapezoidal rule: equally spaced nodes weighted by the normal density, the same for all units; in D dimensions the
 * product, with n^D nodes (eq:trapezoid).
 *
 * For analytic integrands its error falls exponentially in n, and a narrow likelihood, on which Gauss-Hermite needs very many
 * points, asks only for a step that is small beside its width. Meant for certifying: raise n until nothing moves, and what
 * remains is the exact integral (Trefethen & Weideman 2014, SIAM Review 56).
 *
 * @param points n per dimension, 2 or more; some 200 for twelve digits
 * @throws {ChoiceError} integrate/draws, integrate/range; integrate/too-many-nodes on building, when n^D exceeds two million
 * @example
 * trapezoid(191)
 */
export function trapezoid(points: number, options: TrapezoidOptions = {}): Rule {
  const at = `trapezoid(${points})`;
  checkOptions(at, options, ["range"]);
  const {range = 9.5} = options;
  checkDraws(at, points, {what: "points", least: 2, most: 2e6, hint: "trapezoid(191)"});
  if (!(range > 0 && range <= 37)) {
    throw new ChoiceError("integrate/range", {
      at, saw: `range: ${quote(range)}`,
      want: "a number above 0 and up to 37",
      hint: "{range: 9.5}",
      value: range
    });
  }
  return {name: "trapezoid", draws: points, exact: true, build: ({dimensions}) => product(at, trapezoidLine(points, range), dimensions)};
}

// From the middle outwards, so that nodes and weights are symmetric to the last bit.
function trapezoidLine(points: number, range: number): Line {
  const step = (2 * range) / (points - 1);
  const nodes = Float64Array.from({length: points}, (_, k) => (k - (points - 1) / 2) * step);
  const mass = nodes.reduce((sum, x) => sum + density(x), 0);
  return {nodes, weights: nodes.map(x => density(x) / mass)};
}
