import assert from "node:assert/strict";
import test from "node:test";
import {settled} from "../../src/integrate/settled.js";
import {choose} from "../../src/kernels/choose.js";
import {placeSize, type Lattice} from "../../src/kernels/lattice.js";
import {panelKernel, type Choices, type Coefficients, type Order, type PanelKernel} from "../../src/kernels/panel.js";
import {source} from "../../src/math/random.js";
import type {Specification} from "../../src/model/specification.js";
import {simulate, type WorldOptions} from "../../src/simulate/simulate.js";
import {problem, somewhere, tierNames, type Laying} from "../support/world.js";

const families = ["lognormal", "-lognormal", "uniform", "triangular", "truncated", "-truncated", "censored", "-censored", "exponential"] as const;
const full = {covariance: "full"} as const;
const specifications: readonly Specification[] = [
  ...tierNames.flatMap((tier): Specification[] => (tier.startsWith("mixed") ? [{tier}, {tier, ...full}] : [{tier}])),
  ...families.map((family): Specification => ({tier: "mixed", random: {price: family, quality: "normal"}})),
  {tier: "mixed", ...full, random: {price: "-lognormal", quality: "censored"}},
  {tier: "mixedDynamic", ...full, random: {price: "-lognormal", quality: "normal"}},
  {tier: "mixedDynamic", random: {price: "-lognormal", quality: "censored"}}
];

interface Case {
  readonly choices: Choices;
  readonly coefficients: Coefficients;
  readonly lattice: Lattice;
  readonly theta: Float64Array;
}

/** A place for every unit: some centre, some triangle. */
function placed(lattice: Lattice): Lattice {
  const {dimensions: D, set} = lattice;
  const stream = source(7).stream("places");
  const places = new Float64Array(set.length * placeSize(D));
  for (let u = 0, at = 0; u < set.length; ++u) {
    for (let d = 0; d < D; ++d) places[at++] = 0.4 * stream.normal();
    for (let d = 0; d < D; ++d) for (let e = 0; e <= d; ++e) places[at++] = d === e ? 0.6 + 0.5 * stream.uniform() : 0.2 * stream.normal();
  }
  return {...lattice, places};
}

function laid(specification: Specification, world: Partial<WorldOptions>, laying: Laying, places: boolean): Case {
  const {data} = simulate(specification, {people: 5, situations: 2, seed: 3, alternatives: ["a", "b", "c"], attributes: ["price", "quality"], ...world});
  const {laid: choices, blend, nodes, found} = problem(data, specification, laying);
  return {choices, coefficients: blend, lattice: settled(places && blend.dimensions ? placed(nodes.lattice) : nodes.lattice, blend), theta: somewhere(found, 2)};
}

/** What one kernel says of one unit. */
function asked(kernel: PanelKernel, u: number, P: number, R: number) {
  const [g, h, shares] = [new Float64Array(P), new Float64Array(P * P), new Float64Array(R)];
  const value = kernel.unit(u, g, h);
  const effective = kernel.effective();
  const both = kernel.shares(u, shares);
  return {value: Float64Array.of(value, both), effective: Float64Array.of(effective), g, h, shares};
}

/** The largest gap between the compiled kernel and the definition, relative to the largest entry of each result, or to a thousandth. */
function gap({choices, coefficients, lattice, theta}: Case, orders: readonly Order[] = [0, 1, 2]): number {
  const kernels = [panelKernel(choices, coefficients), choose(choices, coefficients)];
  assert.deepEqual(kernels.map(({engine}) => engine), ["typescript", "wasm"]);
  let worst = 0;
  for (const kernel of kernels) kernel.lay(lattice);
  for (const order of orders) {
    for (const kernel of kernels) kernel.begin(theta, order);
    for (let u = 0; u + 1 < choices.unit.length; ++u) {
      const [wanted, got] = kernels.map((kernel) => asked(kernel, u, coefficients.size, lattice.count));
      for (const key of ["value", "effective", "g", "h", "shares"] as const) {
        const size = wanted[key].reduce((most, x) => Math.max(most, Math.abs(x)), 1e-3);
        wanted[key].forEach((x, at) => {
          const y = got[key][at];
          worst = Math.max(worst, Object.is(x, y) || x === y ? 0 : Math.abs(x - y) / size || (Number.isNaN(x) === Number.isNaN(y) ? 0 : Infinity));
        });
      }
    }
  }
  return worst;
}

const near = (found: Case, tolerance: number, orders?: readonly Order[]) => {
  const worst = gap(found, orders);
  assert.ok(worst <= tolerance, `gap ${worst}`);
};

for (const specification of specifications) {
  const name = `${specification.tier}${specification.covariance ? ", full" : ""}${specification.random ? ` ${JSON.stringify(specification.random)}` : ""}`;
  test(`${name}: the compiled kernel gives the numbers of the definition`, () => {
    const wide = specification.covariance === "full" && ["mixedSlopes", "mixedDynamic"].includes(specification.tier!);
    for (const places of [false, true]) {
      // Blocks that end in the middle, one fresh node within people and several.
      near(laid(specification, wide ? {people: 3} : {}, {rule: "sobol", draws: wide ? 9 : 75, ruleWithin: "monteCarlo", drawsWithin: 1}, places), 1e-12);
      if (specification.tier === "mixedDynamic") near(laid(specification, {people: 2}, {rule: "halton", draws: 7, ruleWithin: "monteCarlo", drawsWithin: 3}, places), 1e-12);
    }
  });
}

test("quadrature within people, one set for all", () => {
  const specification: Specification = {tier: "mixed", attributes: ["price", "quality"], random: ["price"], within: ["price"]};
  near(laid(specification, {people: 4, situations: 3}, {rule: "gaussHermite", draws: 5, ruleWithin: "gaussHermite", drawsWithin: 7}, true), 1e-12);
});

for (const size of [2, 3, 6, 14]) {
  test(`one situation to a unit, ${size} alternatives, of which not all are always on offer: sums by alternative`, () => {
    const alternatives = Array.from({length: size}, (_, j) => `a${j}`);
    for (const covariance of ["diagonal", "full"] as const) for (const places of [false, true]) {
      near(laid({tier: "mixed", covariance}, {people: 20, situations: 1, alternatives, available: 0.7}, {rule: "sobol", draws: 75}, places), 1e-12);
      near(laid({tier: "mixed", covariance, panel: false}, {people: 4, situations: 3, alternatives}, {rule: "sobol", draws: 70}, places), 1e-12);
    }
  });
}

test("weights that are negative, as in a sparse grid", () => {
  const found = laid({tier: "mixed"}, {}, {rule: "halton", draws: 12}, false);
  near({...found, lattice: {...found.lattice, weights: Float64Array.from({length: 12}, (_, r) => (r === 5 ? -0.1 : 0.1))}}, 1e-12);
});

// The corners, on columns and rows written out: difference rows are all that a kernel sees.
const R = 24;
function corner(sets: readonly (readonly number[][])[], theta: readonly number[], spread = true): Case {
  const {blend, nodes} = (() => {
    const specification: Specification = {tier: "mixed", random: spread ? {price: "normal"} : {quality: "normal"}};
    const {data} = simulate(specification, {people: 3, situations: 2, seed: 3, attributes: ["price", "quality"]});
    return problem(data, {...specification, attributes: ["price", "quality"], intercepts: false}, {rule: "halton", draws: R});
  })();
  const rows = sets.flat();
  const row = Int32Array.from([0, ...sets.map((_, n) => sets.slice(0, n + 1).reduce((sum, set) => sum + set.length, 0))]);
  const lattice = {...nodes.lattice, nodes: nodes.lattice.nodes.slice(0, R), set: Int32Array.of(0)};
  return {choices: {d: Float64Array.from(rows.flat()), row, unit: Int32Array.of(0, sets.length), columns: 2}, coefficients: blend, lattice, theta: Float64Array.from(theta)};
}

for (const utility of [700, -700, 745, 2500, -2500, 1e5]) {
  test(`a utility of ${utility} beside ordinary ones`, () => {
    near(corner([[[0.3, utility], [-0.2, 0.1]], [[0.4, -0.5]]], [0.5, 1, 0.6]), 1e-9);
    near(corner([[[0.3, utility], [-0.2, 0.1]]], [0.5, 1, 0.6]), 1e-9);
  });
}

test("probabilities of 1e-300 and less, one situation and many", () => {
  near(corner([[[0.1, 690.7755]]], [0.2, 1, 0.3]), 1e-9);
  near(corner(Array.from({length: 7}, (_, n) => [[0.1 * n, 690.7755]]), [0.2, 1, 0.3]), 1e-9);
});

test("a thousand situations of one unit, likely ones and unlikely ones", () => {
  for (const shift of [0, 5, -5]) near(corner(Array.from({length: 1000}, (_, n) => [[Math.sin(n), shift + Math.cos(n)], [Math.cos(2 * n), Math.sin(3 * n)]]), [0.7, 1, 0.9]), 1e-9);
});

test("sets of a single alternative say nothing, alone or among others", () => {
  near(corner([[]], [0.5, 1, 0.6]), 1e-12);
  near(corner([[], [[0.3, 0.2]], [], [[1, -1], [0.2, 0.4]], []], [0.5, 1, 0.6]), 1e-12);
  const {choices, coefficients, lattice, theta} = corner([[]], [0.5, 1, 0.6]);
  const kernel = choose(choices, coefficients);
  kernel.lay(lattice);
  kernel.begin(theta, 2);
  const [g, h] = [new Float64Array(3), new Float64Array(9)];
  assert.equal(Math.abs(kernel.unit(0, g, h)) < 1e-15, true);
  assert.deepEqual([...g, ...h].filter((x) => x !== 0), []);
});

test("a thousand alternatives in a set", () => {
  const set = Array.from({length: 999}, (_, j) => [Math.sin(j), Math.cos(j)]);
  near(corner([set], [0.5, 1, 0.6]), 1e-11);
  near(corner([set, [[0.1, 0.2]]], [0.5, 1, 0.6]), 1e-11);
});

test("a spread of zero, and one so large that utilities reach thousands", () => {
  const sets = [[[0.3, 0.5], [-0.2, 0.1]], [[0.4, -0.5]]];
  near(corner(sets, [0.5, 1, 0]), 1e-12);
  near(corner(sets, [0.5, 1, 3000]), 1e-9);
});

test("coefficients that are not numbers give no number", () => {
  for (const bad of [NaN, Infinity, -Infinity]) {
    const {choices, coefficients, lattice, theta} = corner([[[0.3, 0.5], [-0.2, 0.1]]], [0.5, bad, 0.6]);
    const kernel = choose(choices, coefficients);
    kernel.lay(lattice);
    kernel.begin(theta, 0);
    const value = kernel.unit(0, new Float64Array(3), new Float64Array(9));
    if (bad === -Infinity) assert.equal(value, 0); // nobody would choose anything else
    else assert.ok(!Number.isFinite(value), String(value));
  }
});

/** Four nodes near one, the rest of the vector padded. */
function few(sets: readonly (readonly number[][])[], theta: readonly number[]): Case {
  const made = corner(sets, theta);
  return {...made, lattice: {dimensions: 1, count: 4, nodes: Float64Array.of(1, 1.01, 1.02, 1.03), weights: new Float64Array(4).fill(0.25), set: Int32Array.of(0)}};
}

test("nodes that are no multiple of eight, all of them far less likely than zero", () => {
  for (const far of [500, 690, 705, 720]) {
    const spread = Math.log(2 * Math.exp(far / 1000) - 1); // a thousand situations lose `far` from zero to one
    near(few(Array.from({length: 1000}, () => [[1, 0]]), [0, 0, spread]), 1e-9);
  }
});

test("the effective number of nodes of one unlikely choice", () => {
  for (const utility of [100, 360, 400, 600]) {
    const {choices, coefficients, lattice, theta} = few([[[0, utility]]], [0.1, 1, 0.5]);
    const kernel = choose(choices, coefficients);
    kernel.lay(lattice);
    kernel.begin(theta, 0);
    kernel.unit(0, new Float64Array(3), new Float64Array(9));
    assert.ok(Math.abs(kernel.effective() - 4) < 1e-9, `${utility}: ${kernel.effective()}`); // all nodes alike
  }
});

test("laying other nodes forgets the former ones, larger or smaller", () => {
  const [small, large] = [9, 700].map((draws) => laid({tier: "mixed", ...full}, {}, {rule: "halton", draws}, true));
  const kernel = choose(small.choices, small.coefficients);
  const value = (lattice: Lattice) => {
    kernel.lay(lattice);
    kernel.begin(small.theta, 0);
    return kernel.unit(0, new Float64Array(0), new Float64Array(0));
  };
  const first = value(small.lattice);
  assert.notEqual(value(large.lattice), first);
  assert.equal(value(small.lattice), first);
});

test("the shares of nodes sum to one, and the choices given may be let go of", () => {
  const {choices, coefficients, lattice, theta} = laid({tier: "mixed"}, {}, {rule: "halton", draws: 20}, false);
  const kernel = choose(choices, coefficients);
  kernel.lay(lattice);
  kernel.begin(theta, 1);
  const shares = new Float64Array(20);
  const before = kernel.shares(1, shares);
  assert.ok(Math.abs(shares.reduce((sum, x) => sum + x) - 1) < 1e-14);
  choices.d.fill(NaN);
  assert.equal(kernel.shares(1, shares), before);
});
