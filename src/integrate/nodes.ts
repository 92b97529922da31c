import {ChoiceError, quote} from "../errors.js";
import type {Nodes} from "./rule.js";

/** The largest double below 1. */
const BELOW_ONE = 1 - 2 ** -53;

/** Moves a uniform that rounding brought to 0 or 1 back inside, so that its normal is finite. */
export const inside = (u: number): number => Math.min(Math.max(u, 2 ** -53), BELOW_ONE);

/** Equal weights for R nodes. */
const equal = (count: number): Float64Array => new Float64Array(count).fill(1 / count);

/** Writes the nodes of a unit, the node running fastest, (D, R), to `out` from `from` on. */
export type Draw = (out: Float64Array, from: number, unit: number) => void;

/** Nodes of equal weight, one set for each unit: written where they are wanted, or made when first asked for and then kept. */
export function personalNodes(count: number, dimensions: number, units: number, draw: Draw): Nodes {
  const kept: Float64Array[] = [];
  return {dimensions, count, weights: equal(count), shared: false, into: draw, at: unit => (kept[checkUnit(unit, units)] ??= drawn(count, dimensions, draw, unit))};
}

/** The nodes of one unit, (R, D). */
function drawn(R: number, D: number, draw: Draw, unit: number): Float64Array {
  const turned = new Float64Array(D * R);
  draw(turned, 0, unit);
  const nodes = new Float64Array(R * D);
  for (let d = 0; d < D; ++d) for (let r = 0; r < R; ++r) nodes[r * D + d] = turned[d * R + r];
  return nodes;
}

/** One set of nodes for all units. */
export const sharedNodes = (dimensions: number, nodes: Float64Array, weights: Float64Array): Nodes => ({
  dimensions,
  count: weights.length,
  weights,
  shared: true,
  at: () => nodes
});

/** One set of nodes of equal weight for all units, drawn as those of the first. */
export const sharedDraws = (count: number, dimensions: number, draw: Draw): Nodes => sharedNodes(dimensions, drawn(count, dimensions, draw, 0), equal(count));

/**
 * Refuses a number of draws that is not a positive whole number, or too many.
 *
 * @throws {ChoiceError} integrate/draws
 */
export function checkDraws(at: string, draws: number, {what = "draws", least = 1, most = 2 ** 31, hint = "500"} = {}): void {
  if (Number.isInteger(draws) && draws >= least && draws <= most) return;
  const want = draws > most ? `at most ${most}` : least > 1 ? `a whole number, ${least} or more` : "a positive whole number";
  throw new ChoiceError("integrate/draws", {at, saw: `${quote(draws)} ${what}`, want, hint, value: draws});
}

/**
 * Refuses more dimensions than a rule can serve.
 *
 * @throws {ChoiceError} integrate/dimensions
 */
export function checkDimensions(at: string, dimensions: number, most: number, hint: string): void {
  if (dimensions <= most) return;
  throw new ChoiceError("integrate/dimensions", {
    at, saw: `${dimensions} random dimensions`,
    want: `this rule serves ${most} at most`,
    hint,
    value: dimensions
  });
}

function checkUnit(unit: number, units: number): number {
  if (unit >= 0 && unit < units) return unit;
  throw new ChoiceError("integrate/unit", {
    at: `nodes.at(${quote(unit)})`, saw: `unit ${quote(unit)}`,
    want: `a unit from 0 to ${units - 1}`,
    value: unit
  });
}
