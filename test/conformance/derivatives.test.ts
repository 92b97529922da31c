import test from "node:test";
import assert from "node:assert/strict";
import {settled} from "../../src/integrate/settled.js";
import {nodesOf} from "../../src/kernels/lattice.js";
import type {Specification} from "../../src/model/specification.js";
import {simulate, type WorldOptions} from "../../src/simulate/simulate.js";
import {close, expectGradient, freed, problem, read, rowsOf, somewhere, tierNames, type Laying} from "../support/world.js";

const small: WorldOptions = {people: 7, situations: 3, seed: 5};

async function check(specification: Specification, world: Partial<WorldOptions> = {}, laying: Laying = {}, seeds = [1]) {
  const {data} = simulate(specification, {...small, ...world});
  const laid = problem(data, specification, laying);
  for (const seed of seeds) {
    const [objective, theta] = freed(laid, somewhere(laid.found, seed));
    await expectGradient(objective, theta, {names: laid.positions.map((p) => laid.names[p])});
  }
  return laid;
}

for (const tier of tierNames) {
  for (const covariance of tier.startsWith("mixed") ? (["diagonal", "full"] as const) : (["diagonal"] as const)) {
    test(`${tier}, ${covariance}: gradient and Hessian are the derivatives of the log-likelihood`, async () => {
      // Two alternatives keep the widest of these at 7 columns.
      const wide = tier === "mixedSlopes" || tier === "mixedDynamic";
      await check({tier, covariance}, wide ? {alternatives: ["a", "b"], attributes: ["price"]} : {}, wide ? {draws: 6} : {}, [1, 2]);
    });

    test(`${tier}, ${covariance}, with an outside option and sets of different sizes: the derivatives are right`, async () => {
      const wide = tier === "mixedSlopes" || tier === "mixedDynamic";
      await check({tier, covariance}, {outside: "none", available: 0.7, alternatives: ["a", "b"], attributes: wide ? ["price"] : ["price", "quality"]}, {draws: 6});
    });
  }
}

test("the widest tier, three alternatives and two attributes: 22 parameters, each derivative right", async () => {
  const {names} = await check({tier: "mixedDynamic"}, {people: 5}, {draws: 3, ruleWithin: "monteCarlo", drawsWithin: 2});
  assert.equal(names.length, 22);
});

function correlation(x: readonly number[], y: readonly number[]): number {
  const centred = (v: readonly number[]) => v.map((value) => value - v.reduce((a, b) => a + b) / v.length);
  const [a, b] = [centred(x), centred(y)];
  return a.reduce((sum, value, k) => sum + value * b[k], 0) / (Math.hypot(...a) * Math.hypot(...b));
}

const families = ["normal", "lognormal", "-lognormal", "uniform", "triangular", "truncated", "-truncated", "exponential", "-exponential"] as const;

for (const family of families) {
  test(`a coefficient that is ${family}: the derivatives are right`, async () => {
    await check({tier: "mixed", random: {price: family, quality: "normal"}}, {}, {}, [1, 2]);
  });
}

// A censored coefficient has a kink at zero, so the nodes are chosen: six-point Gauss-Hermite at ±0.617, ±1.889 and ±3.324,
// where 0.5 + 0.6 nu is 0.13 or more away from zero.
for (const family of ["censored", "-censored"] as const) {
  test(`a coefficient that is ${family}: the derivatives are right where it is smooth, with a part of the people at zero`, async () => {
    const specification = {tier: "mixed", random: {price: family}} as const;
    const {data} = simulate(specification, small);
    const laid = problem(data, specification, {rule: "gaussHermite", draws: 6});
    const theta = somewhere(laid.found);
    theta[laid.names.indexOf("price")] = family === "censored" ? 0.5 : -0.5;
    theta[laid.names.indexOf("sd[price]")] = 0.6;
    await expectGradient(...freed(laid, theta), {names: laid.names});
  });
}

test("a censored coefficient beyond reach of the data is zero, and so is its derivative", async () => {
  const specification = {tier: "mixed", random: {price: "censored"}} as const;
  const {data} = simulate(specification, small);
  const {objective, names, found} = problem(data, specification, {rule: "gaussHermite", draws: 6});
  const theta = somewhere(found);
  theta[names.indexOf("price")] = -5;
  theta[names.indexOf("sd[price]")] = 0.5;
  const {gradient} = await objective.evaluate(theta, 1);
  assert.equal(gradient[names.indexOf("price")], 0);
  assert.equal(gradient[names.indexOf("sd[price]")], 0);
});

test("a truncated normal far into its tail still has the right derivatives", async () => {
  const specification = {tier: "mixed", random: {price: "truncated"}} as const;
  const {data} = simulate(specification, small);
  const laid = problem(data, specification);
  for (const [mu, s] of [[-3, 0.9], [3, 0.4], [0, 1]]) {
    const theta = somewhere(laid.found);
    theta[laid.names.indexOf("price")] = mu;
    theta[laid.names.indexOf("sd[price]")] = s;
    await expectGradient(...freed(laid, theta), {names: laid.names});
  }
});

// Symmetric nodes make a spread and its negative one model: the same value, the derivative in the spread mirrored. The nodes of
// a truncated normal are read by its own size, so that there it holds for draws as well.
for (const family of [...families.filter((name) => !name.endsWith("exponential")), "censored", "-censored"] as const) {
  test(`a coefficient that is ${family} with a negative spread: the value of the positive one, the derivatives mirrored and right`, async () => {
    const specification = {tier: "mixed", random: {price: family}} as const;
    const {data} = simulate(specification, small);
    for (const laying of [{rule: "gaussHermite", draws: 6}, ...(family.endsWith("truncated") ? [{rule: "halton", draws: 9}] as const : [])] as const) {
      const laid = problem(data, specification, laying);
      const s = laid.names.findIndex((name) => /^(sd|halfwidth)/.test(name));
      const theta = somewhere(laid.found);
      theta[laid.names.indexOf("price")] = family.startsWith("-") ? -0.5 : 0.5; // away from the kink of a censored one
      theta[s] = 0.6;
      const flipped = theta.map((value, p) => (p === s ? -value : value));
      const [up, down] = [await laid.objective.evaluate(theta, 2), await laid.objective.evaluate(flipped, 2)];
      const turn = (p: number) => (p === s ? -1 : 1);
      close(down.value, up.value, 1e-14, "value");
      for (let p = 0; p < theta.length; ++p) {
        close(down.gradient[p] * turn(p), up.gradient[p], 1e-12, `d/d ${laid.names[p]}`);
        for (let q = 0; q < theta.length; ++q) close(down.hessian!.get(p, q) * turn(p) * turn(q), up.hessian!.get(p, q), 1e-11, `d²/d ${laid.names[p]} d ${laid.names[q]}`);
      }
      assert.ok(Math.abs(up.gradient[s]) > 1e-3, "the spread matters here");
      await expectGradient(...freed(laid, flipped), {names: laid.names});
    }
  });
}

test("negative spreads under draws, which are not symmetric: derivatives right, diagonal and full, between people and within", async () => {
  for (const [specification, laying] of [
    [{tier: "mixed"}, {}],
    [{tier: "mixed", covariance: "full"}, {}],
    [{tier: "mixed", random: {price: "-lognormal", quality: "triangular"}}, {}],
    [{tier: "mixedDynamic", covariance: "full", attributes: [{attribute: "price", byAlternative: false}, {attribute: "quality", byAlternative: false}], random: ["price", "quality"]}, {ruleWithin: "halton", drawsWithin: 2}]
  ] as const) {
    const {data} = simulate(specification, small);
    const laid = problem(data, specification, laying);
    const theta = somewhere(laid.found).map((value, p) => (laid.found[p].on === laid.found[p].column ? -value : value));
    assert.ok(theta.some((value, p) => laid.found[p].on === laid.found[p].column && value < 0));
    await expectGradient(...freed(laid, theta), {names: laid.names});
  }
});

test("a full covariance over a mixture of families joins the Gaussian ones and leaves the others alone: derivatives right", async () => {
  const {names} = await check({tier: "mixedIntercepts", covariance: "full", random: {"intercept[b]": "normal", "intercept[c]": "triangular", price: "-lognormal", quality: "normal"}});
  assert.deepEqual(names.filter((name) => /^(chol|sd|halfwidth)/.test(name)), ["chol[intercept[b],intercept[b]]", "halfwidth[intercept[c]]", "chol[price,intercept[b]]", "chol[price,price]", "chol[quality,intercept[b]]", "chol[quality,price]", "chol[quality,quality]"]);
});

test("a lognormal that varies within people, too, full covariance: derivatives right", async () => {
  await check({tier: "mixedDynamic", covariance: "full", attributes: [{attribute: "price", byAlternative: false}, {attribute: "quality", byAlternative: false}], random: {price: "-lognormal", quality: "normal"}, within: ["price", "quality"]}, {}, {}, [1, 2]);
});

for (const [rule, draws] of [["monteCarlo", 10], ["halton", 10], ["scrambledHalton", 10], ["sobol", 8], ["mlhs", 10], ["gaussHermite", 4]] as const) {
  test(`nodes by ${rule}: derivatives right`, () => check({tier: "mixed", covariance: "full"}, {}, {rule, draws}).then(() => undefined));
}

for (const [ruleWithin, drawsWithin] of [["gaussHermite", 3], ["monteCarlo", 1], ["monteCarlo", 3], ["sobol", 4], ["halton", 2]] as const) {
  test(`variation within people by ${ruleWithin} of ${drawsWithin}: derivatives right`, async () => {
    await check({tier: "mixedDynamic", attributes: [{attribute: "price", byAlternative: false}, {attribute: "quality", byAlternative: false}], random: ["price", "quality"]}, {}, {ruleWithin, drawsWithin});
  });
}

for (const rule of ["monteCarlo", "halton", "scrambledHalton", "sobol", "mlhs"] as const) {
  test(`one draw by ${rule}: the log-likelihood of multinomial logit at that draw's coefficients, and its derivatives`, async () => {
    const {nodes, laid, blend, objective, found} = await check({tier: "mixed", covariance: "full"}, {}, {rule, draws: 1});
    assert.equal(nodes.draws, 1);
    const theta = somewhere(found);
    const point = {b: new Float64Array(blend.columns), jacobian: new Float64Array(blend.size), curve: new Float64Array(blend.size ** 2)};
    const none = new Float64Array(0);
    const C = laid.columns;
    let value = 0;
    for (let u = 0; u < laid.weight.length; ++u) {
      const {nu, weights} = nodesOf(settled(nodes.lattice, blend), u);
      assert.deepEqual([...weights], [1]);
      blend.at(theta, nu, 0, none, 0, point, 0);
      for (let n = laid.unit[u]; n < laid.unit[u + 1]; ++n) {
        let sum = 1; // the chosen alternative's own term
        for (let row = laid.row[n]; row < laid.row[n + 1]; ++row) sum += Math.exp(point.b.reduce((v, b, c) => v + laid.d[row * C + c] * b, 0));
        value -= Math.log(sum);
      }
    }
    close((await objective.evaluate(theta, 0)).value, value, 1e-13);
  });
}

// Sequences in the same primes would send the draws within people up and down with those between them.
test("Halton within Halton: draws between people and within them are uncorrelated", () => {
  const specification = {tier: "mixedDynamic", attributes: [{attribute: "price", byAlternative: false}, {attribute: "quality", byAlternative: false}], random: ["price", "quality"]} as const;
  const {data} = simulate(specification, {people: 600, situations: 2, seed: 5});
  const {nodes, laid} = problem(data, specification, {rule: "halton", draws: 8, ruleWithin: "halton", drawsWithin: 2});
  const [U, R, D] = [laid.weight.length, 8, 2];
  for (let d = 0; d < D; ++d) for (let e = 0; e < D; ++e) for (const [r, t, s] of [[], [0, 0, 0], [5, 1, 1]]) {
    const [x, y]: [number[], number[]] = [[], []];
    for (let u = 0; u < U; ++u) {
      const {nu} = nodesOf(nodes.lattice, u);
      const inner = nodes.lattice.inner!;
      assert.ok(inner.count === 2 && inner.dimensions === D && inner.by === "node");
      for (let k = 0; k < R; ++k) for (let situation = 0; situation < 2; ++situation) for (let draw = 0; draw < 2; ++draw) {
        if (r !== undefined && (k !== r || situation !== t || draw !== s)) continue;
        x.push(nu[k * D + d]);
        y.push(inner.nodes[(((laid.unit[u] + situation) * 2 + draw) * D + e) * R + k]);
      }
    }
    const found = correlation(x, y);
    assert.ok(Math.abs(found) < 0.1, `dimension ${d} between and ${e} within, ${r === undefined ? "all draws" : `draw ${r}, situation ${t}, draw ${s} within`}: ${found} over ${x.length}`);
  }
});

test("held parameters stay, and the derivatives of the rest are right", async () => {
  const laid = await check({tier: "mixed", covariance: "full", hold: {quality: 0.4, "chol[quality,price]": 0.2}});
  assert.equal(laid.positions.length, laid.names.length - 2);
});

test("a held spread of zero: the derivatives of the rest are right", () => check({tier: "mixed", hold: {"sd[price]": 0}}).then(() => undefined));

test("draws fresh in every situation (panel: false): derivatives right, and every situation is a unit", async () => {
  const {laid} = await check({tier: "mixed", panel: false});
  assert.equal(laid.weight.length, 21);
});

test("weights, also zero: derivatives right", async () => {
  const specification = {tier: "mixed", covariance: "full"} as const;
  const {data} = simulate(specification, small);
  const weights = [0.5, 2, 1, 0, 3, 0.1, 1.7];
  const weighted = read(rowsOf(data).map((row) => ({...row, weight: weights[Number(row.person) - 1]})), {weights: "weight"});
  const laid = problem(weighted, specification);
  await expectGradient(...freed(laid, somewhere(laid.found)), {names: laid.names});
});

test("the differences can fail: a gradient off by one part in ten thousand is caught", async () => {
  const {data} = simulate({tier: "mixed"}, small);
  const laid = problem(data, {tier: "mixed"});
  const [objective, theta] = freed(laid, somewhere(laid.found));
  const crooked = {...objective, evaluate: async (at: Float64Array, order: 0 | 1 | 2) => {
    const e = await objective.evaluate(at, order);
    return {...e, gradient: e.gradient.map((g, p) => (p === 2 ? g * 1.0001 : g))};
  }};
  await assert.rejects(expectGradient(crooked, theta, {hessian: false}), /by differences/);
});
