import {ChoiceError} from "../errors.js";
import {pointLattice, turned, type Inner, type Lattice} from "../kernels/lattice.js";
import {branch, type Source} from "../math/random.js";
import type {Units} from "../model/choices.js";
import type {Mixing} from "./mixing.js";
import type {Nodes, Rule} from "./rule.js";
import {maybeRule, type RuleName} from "./shorthand.js";

/** Nodes for every unit, ready for a kernel, and the facts to print. */
export interface Spread {
  /** Standard normal nodes; `settled` turns them into what each family reads. */
  readonly lattice: Lattice;
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
  /** How many sets to make, each for as many neighbouring units as another; default one for each unit. */
  readonly sets?: number;
}

/**
 * Lays a rule out over the units of a model (eq:panel, eq:nested).
 *
 * Within people there are two ways. A rule with one set of nodes (quadrature) is nested whole inside every outer node and
 * situation. Draws are fresh for each: a situation's sequence of R S draws is cut into R pieces of S. The product over
 * situations of such averages is unbiased for any S, even one.
 */
export function spread(units: Units, mixing: Mixing, {rule, draws, ruleWithin, drawsWithin, sets = units.weight.length}: SpreadOptions, source: Source): Spread {
  const U = units.weight.length;
  if (!mixing.dimensions) return {lattice: pointLattice(U), rule: "none", draws: 1, shared: true, exact: true};
  const outerRule = maybeRule(rule, draws);
  checkKeepable(outerRule, outerRule.draws, mixing.dimensions, sets);
  if (outerRule.exact && outerRule.draws < 2) {
    throw new ChoiceError("integrate/one-point", {
      at: `${outerRule.name}, ${outerRule.draws} point`, saw: "one node, at zero",
      want: "at least two: at zero no spread is felt",
      hint: "draws: 9"
    });
  }
  const outer = outerRule.build({dimensions: mixing.dimensions, units: sets, source});
  const lattice = {dimensions: mixing.dimensions, count: outer.count, weights: outer.weights, ...gathered(outer, sets, U)};
  const facts = {rule: outerRule.name, draws: outer.count, shared: outer.shared, exact: outerRule.exact === true};
  if (!mixing.within) return {...facts, lattice};
  const {inner, name} = innerNodes(units, mixing, outer.count, ruleWithin, drawsWithin, source);
  return {...facts, lattice: {...lattice, inner}, within: {rule: name, dimensions: inner.dimensions, draws: inner.count}};
}

/** Every set of a rule, the node running fastest. */
function gathered(nodes: Nodes, sets: number, units: number): Pick<Lattice, "nodes" | "set"> {
  const {count: R, dimensions: D, shared} = nodes;
  const G = shared ? 1 : sets;
  const all = new Float64Array(G * D * R);
  for (let g = 0; g < G; ++g) {
    if (nodes.into) nodes.into(all, g * D * R, g);
    else turned(nodes.at(g), R, D, all, 0, g * D * R);
  }
  return {nodes: all, set: Int32Array.from({length: units}, (_, u) => Math.floor((u * G) / units))};
}

function innerNodes(units: Units, mixing: Mixing, R: number, rule: RuleName | Rule, draws: number | undefined, source: Source): {inner: Inner; name: string} {
  const E = mixing.within;
  const N = units.row.length - 1;
  const innerRule = maybeRule(rule, draws);
  const request = {dimensions: E, units: N, skip: mixing.dimensions, source: branch(source, "within")};
  const once = innerRule.build(request);
  const S = once.count;
  const facts = {dimensions: E, count: S, weights: once.weights};
  if (once.shared) return {name: innerRule.name, inner: {...facts, by: "all", nodes: once.at(0)}};
  checkKeepable(innerRule, S * R, E, N);
  if (typeof rule !== "string") { // a rule made by the user has as many draws as it has
    const nodes = new Float64Array(N * S * E);
    for (let n = 0; n < N; ++n) nodes.set(once.at(n), n * S * E);
    return {name: innerRule.name, inner: {...facts, by: "situation", nodes}};
  }
  const many = maybeRule(rule, S * R).build(request);
  const nodes = new Float64Array(N * S * E * R);
  for (let n = 0; n < N; ++n) {
    const eta = many.at(n); // (R, S, E)
    turned(eta, R, S * E, nodes, 0, n * S * E * R);
  }
  return {name: innerRule.name, inner: {...facts, by: "node", nodes}};
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
