import {ChoiceError} from "../errors.js";
import type {UnitNodes} from "../kernels/panel.js";
import {branch, type Source} from "../math/random.js";
import type {Units} from "../model/choices.js";
import type {Mixing} from "./mixing.js";
import type {Nodes, Rule} from "./rule.js";
import {maybeRule, type RuleName} from "./shorthand.js";

/** Nodes for every unit, ready for a kernel, and the facts to print. */
export interface Spread {
  at(unit: number): UnitNodes;
  readonly rule: string;
  readonly draws: number;
  readonly shared: boolean;
  /** True for quadrature, whose error is not of chance. */
  readonly exact: boolean;
  readonly within?: {readonly rule: string; readonly dimensions: number; readonly draws: number};
}

export interface SpreadOptions {
  readonly rule: RuleName | Rule;
  readonly draws?: number;
  readonly ruleWithin: RuleName | Rule;
  readonly drawsWithin?: number;
}

const point: UnitNodes = {nu: new Float64Array(0), weights: Float64Array.of(1), dimensions: 0};

/**
 * Lays a rule out over the units of a model (eq:panel, eq:nested).
 *
 * Within people there are two ways. A rule with one set of nodes (quadrature) is nested whole inside every outer node and
 * situation. Draws are fresh for each: a situation's sequence of R S draws is cut into R pieces of S. The product over
 * situations of such averages is unbiased for any S, even one.
 */
export function spread(units: Units, mixing: Mixing, {rule, draws, ruleWithin, drawsWithin}: SpreadOptions, source: Source): Spread {
  if (!mixing.dimensions) return {at: () => point, rule: "none", draws: 1, shared: true, exact: true};
  const outerRule = maybeRule(rule, draws);
  checkKeepable(outerRule, outerRule.draws, mixing.dimensions, units.weight.length);
  const outer = outerRule.build({dimensions: mixing.dimensions, units: units.weight.length, source});
  if (outerRule.exact && outerRule.draws < 2) {
    throw new ChoiceError("integrate/one-point", {
      at: `${outerRule.name}, ${outerRule.draws} point`, saw: "one node, at zero",
      want: "at least two: at zero no spread is felt",
      hint: "draws: 9"
    });
  }
  const nodesOf = memo(outer, (unit) => mixing.read(outer.at(unit)));
  const facts = {rule: outerRule.name, draws: outer.count, shared: outer.shared, exact: outerRule.exact === true};
  const shell = (unit: number) => ({nu: nodesOf(unit), weights: outer.weights, dimensions: mixing.dimensions});
  if (!mixing.within) return {...facts, at: shell};

  const [E, R] = [mixing.within, outer.count];
  const innerRule = maybeRule(ruleWithin, drawsWithin);
  const request = {dimensions: E, units: units.row.length - 1, skip: mixing.dimensions, source: branch(source, "within")};
  const once = innerRule.build(request);
  const within = {rule: innerRule.name, dimensions: E, draws: once.count};
  if (once.shared) {
    const inner = {eta: once.at(0), weights: once.weights, dimensions: E, start: () => 0};
    return {...facts, within, at: (unit) => ({...shell(unit), within: inner})};
  }
  const S = once.count;
  checkKeepable(innerRule, S * R, E, units.row.length - 1);
  const many = typeof ruleWithin === "string" ? maybeRule(ruleWithin, S * R).build(request) : once;
  const pieces = typeof ruleWithin === "string" ? R : 1; // a rule made by the user has as many draws as it has
  const strip = many.count * E;
  const etaOf = memo(many, (unit) => {
    const [from, to] = [units.unit[unit], units.unit[unit + 1]];
    const eta = new Float64Array((to - from) * strip);
    for (let n = from; n < to; ++n) eta.set(many.at(n), (n - from) * strip);
    return eta;
  });
  const weights = once.weights;
  return {
    ...facts, within,
    at: (unit) => ({...shell(unit), within: {eta: etaOf(unit), weights, dimensions: E, start: (r, t) => t * strip + (pieces === 1 ? 0 : r * S * E)}})
  };
}

/** Keeps what was made for each unit, or once when it is the same for all. */
function memo(nodes: Nodes, make: (unit: number) => Float64Array): (unit: number) => Float64Array {
  const made = new Map<number, Float64Array>();
  return (unit) => {
    const key = nodes.shared ? 0 : unit;
    let value = made.get(key);
    if (!value) made.set(key, value = make(unit));
    return value;
  };
}

/** Drawn nodes are kept: what cannot be kept is refused before the machine runs out of memory. */
function checkKeepable(rule: Rule, draws: number, dimensions: number, units: number): void {
  const most = 4e8;
  const sets = rule.shared ? 1 : units;
  const numbers = draws * dimensions * sets;
  if (rule.exact || numbers <= most) return;
  throw new ChoiceError("integrate/too-many-draws", {
    at: `${rule.name}, ${draws} draws`, saw: `${draws} draws in ${dimensions} dimensions for ${sets} ${sets === 1 ? "set" : "units"}: ${((numbers * 8) / 1e9).toPrecision(2)} GB`,
    want: `at most ${((most * 8) / 1e9).toPrecision(2)} GB`,
    hint: `at most ${Math.floor(most / (dimensions * sets))} draws${sets > 1 ? ", or one set for all: rule: sobol(1024, {shared: true})" : ""}`
  });
}
