import assert from "node:assert/strict";
import test from "node:test";
import {lambertW} from "../../src/math/lambertW.js";
import {gradientOf} from "../../src/math/derivative.js";
import {source} from "../../src/math/random.js";
import {profitAt} from "../../src/pricing/balance.js";
import {setting} from "../../src/pricing/market.js";
import {optimalPrices, type PricingProblem} from "../../src/pricing/optimalPrices.js";
import type {PerturbationChoice} from "../../src/pricing/perturbation.js";
import {rampPerturbation} from "../../src/pricing/ramps.js";
import {allClose, close} from "../support/world.js";

const ramp = (scale: "share" | "log", heights: number[]) => rampPerturbation({scale, knots: Float64Array.of(0.02, 0.1, 0.2, 0.35, 0.6), heights: Float64Array.from(heights), tail: 0.8});
const profits = ({costs, least: _l, greatest: _g, ...market}: PricingProblem) => {
  const laid = setting("test", market);
  return (p: ArrayLike<number>) => profitAt(laid, costs, p);
};

/** The best profit on a lattice of prices for two goods, refined around the best point. */
function lattice(problem: PricingProblem, low: number[], high: number[]): number {
  const profitOf = profits(problem);
  let [best, at] = [-Infinity, [0, 0]];
  for (let round = 0; round < 6; ++round) {
    for (let i = 0; i <= 14; ++i) for (let j = 0; j <= 14; ++j) {
      const p = [low[0] + (i / 14) * (high[0] - low[0]), low[1] + (j / 14) * (high[1] - low[1])];
      const profit = profitOf(p);
      if (profit > best) [best, at] = [profit, p];
    }
    const reach = low.map((v, k) => 0.15 * (high[k] - v));
    [low, high] = [at.map((v, k) => Math.max(low[k], v - reach[k])), at.map((v, k) => Math.min(high[k], v + reach[k]))];
  }
  return best;
}

test("for entropy the markup is one for all goods, (1 + W(sum exp(v - v_0 - b c - 1))) / b, and profit W / b", () => {
  const chance = source(31).stream("prices");
  for (let world = 0; world < 30; ++world) {
    const J = 1 + (world % 8);
    const [b, outside] = [0.2 + 2 * chance.uniform(), chance.normal()];
    const values = Array.from({length: J}, () => 6 * chance.uniform() - 2);
    const costs = values.map(() => chance.uniform());
    const found = optimalPrices({values, costs, priceCoefficient: b, outside});
    const w = lambertW(values.reduce((sum, v, j) => sum + Math.exp(v - outside - b * costs[j] - 1), 0));
    allClose(found.rows.map(({markup}) => markup), values.map(() => (1 + w) / b), 1e-11);
    close(found.profit, w / b, 1e-12);
    assert.ok(found.global && found.method === "newton" && found.residual < 1e-11 && found.closedForm!.difference < 1e-11, JSON.stringify(found.closedForm));
  }
});

test("more support points make dear goods less elastic and prices higher: nobody can do better on a lattice", () => {
  const prices = ([ "entropy", {supports: 2}, {supports: 5}] as PerturbationChoice[]).map((perturbation) => {
    const problem = {values: [2, 3], costs: [1, 1], perturbation};
    const found = optimalPrices(problem);
    assert.ok(found.global && found.concavity.holds);
    const best = lattice(problem, [1, 1], [20, 20]);
    assert.ok(found.profit >= best - 1e-14 && found.profit - best < 1e-6, `${found.profit}, lattice ${best}`);
    return found.prices[1];
  });
  // Three goods worth 2, 3 and 3 that cost 1: the markup rises from 2.474 to more than six.
  const three = (perturbation: PerturbationChoice) => optimalPrices({values: [2, 3, 3], costs: [1, 1, 1], perturbation}).prices[1];
  close(three("entropy"), 2 + lambertW(1 + 2 * Math.E), 1e-13); // exp(2 - 1 - 1) + 2 exp(3 - 1 - 1)
  // Nested bisections on the outside share, on kappa and on each share, written apart from this library.
  close(three({supports: 2}), 4.305229815084, 1e-11);
  close(three({supports: 5}), 7.341051447925, 1e-11);
  assert.ok(prices[0] < prices[1] && prices[1] < prices[2], prices.join());
});

test("at the optimum no price moves profit, for every perturbation and size", () => {
  const chance = source(32).stream("prices");
  for (const perturbation of ["entropy", {supports: 2}, {supports: 3}, {supports: 5}, {supports: 11}, {supports: 41}] as PerturbationChoice[]) for (const J of [1, 3, 9]) {
    const values = Array.from({length: J}, () => 5 * chance.uniform());
    const problem = {values, costs: values.map((v) => 0.5 * v * chance.uniform()), perturbation, priceCoefficient: 1.5, outside: 0.5};
    const found = optimalPrices(problem);
    assert.ok(found.global && found.concavity.holds && found.residual < 1e-9, `${JSON.stringify(perturbation)} ${found.residual}`);
    const profitOf = profits(problem);
    const slope = gradientOf(profitOf, found.prices);
    slope.forEach((g) => close(g, 0, 2e-8));
    close(found.profit, profitOf(found.prices), 1e-12);
    for (let k = 0; k < 20; ++k) assert.ok(profitOf(found.prices.map((p) => p + chance.normal())) < found.profit);
  }
});

test("goods worth next to nothing and goods worth a fortune are priced", () => {
  for (const perturbation of ["entropy", {supports: 2}, {supports: 5}] as PerturbationChoice[]) for (const v of [-60, -20, 0, 20, 200]) {
    const found = optimalPrices({values: [v, 1], costs: [0.5, 0.5], perturbation});
    assert.ok(found.residual <= 1e-9 * Math.max(1, Math.abs(v)), `${JSON.stringify(perturbation)}, ${v}: ${found.residual}`);
    assert.ok(found.prices.every((p) => p > 0.5));
  }
});

test("bounds that bind are met, and the rest is as good as on a lattice", () => {
  for (const perturbation of ["entropy", {supports: 2}, {supports: 5}] as PerturbationChoice[]) {
    const problem = {values: [3, 4], costs: [1, 1.5], perturbation};
    const free = optimalPrices(problem);
    const loose = optimalPrices({...problem, least: 0, greatest: 100});
    allClose(loose.prices, free.prices, 0);
    for (const [least, greatest] of [[[0, 0], [2, Infinity]], [[free.prices[0] + 1, 0], [Infinity, Infinity]], [[0, 0], [2, 2.5]], [[6, 6], [6, Infinity]], [[2, 2], [2, 2]]]) {
      const found = optimalPrices({...problem, least, greatest});
      found.prices.forEach((p, j) => assert.ok(p >= least[j] && p <= greatest[j], `${p} in [${least[j]}, ${greatest[j]}]`));
      const best = lattice(problem, least.map((v, j) => Math.max(v, problem.costs[j])), greatest.map((v, j) => (v === Infinity ? least[j] + 25 : v)));
      assert.ok(found.profit >= best - 1e-13 && found.profit - best < 1e-6, `${JSON.stringify(perturbation)} ${least} ${greatest}: ${found.profit}, lattice ${best}`);
      assert.ok(found.method === "bounds" && !found.global && found.residual < 1e-9 && found.profit <= free.profit, `${found.method} ${found.residual}`);
      assert.ok(found.rows.some(({bound}) => bound));
    }
  }
});

test("where profit is not concave that is said, and the best of many climbs beats a lattice", () => {
  // Points close to 0 make a share's cost rise in two steps; a curve that turns flatter does the same.
  for (const perturbation of [{supports: [0, 0.1, 1]}, {supports: [0, 0.02, 1]}, ramp("share", [0, 2, 2.2, 2.4, 4]), ramp("log", [0, 2, 2.2, 2.4, 4])] as PerturbationChoice[]) {
    const problem = {values: [6, 5], costs: [1, 1], perturbation};
    const found = optimalPrices(problem);
    assert.ok(!found.concavity.holds && !found.global && found.method === "search" && found.notes.some(({code}) => code === "pricing/not-concave"));
    const best = lattice(problem, [1, 1], [15, 15]);
    assert.ok(found.profit >= best - 1e-9, `${found.profit}, lattice ${best}`);
    const held = optimalPrices({...problem, greatest: [3, Infinity]});
    assert.ok(held.prices[0] <= 3 && held.profit >= lattice(problem, [1, 1], [3, 15]) - 1e-6);
  }
});

test("a curve of one steepness in the logarithm is entropy in other units: one climb, global, and the closed form", () => {
  const sigma = 0.8;
  const knots = Float64Array.of(0.02, 0.1, 0.6);
  const perturbation = rampPerturbation({scale: "log", knots, heights: knots.map((k) => sigma * Math.log(k / knots[0])), tail: sigma});
  const found = optimalPrices({values: [2, 1], costs: [0.1, 0.4], perturbation});
  assert.ok(found.global && found.method === "newton" && found.concavity.holds);
  const w = lambertW(Math.exp(1.9 / sigma - 1) + Math.exp(0.6 / sigma - 1));
  allClose(found.rows.map(({markup}) => markup), [sigma * (1 + w), sigma * (1 + w)], 1e-11);
});

test("bounds within which next to nobody buys nothing, or next to everybody does, are searched all the same", () => {
  for (const v of [35, 40, 300, 900]) {
    const found = optimalPrices({values: [v], costs: [1], least: 2, greatest: 5});
    assert.equal(found.prices[0], 5);
    close(found.profit, 4, 1e-12); // 1 - exp(5 - v) of all customers, four each
    assert.equal(found.rows[0].bound, "greatest");
  }
  assert.deepEqual([...optimalPrices({values: [45, 44], costs: [1, 1], least: 2, greatest: 5}).prices], [5, 5]);
  assert.equal(optimalPrices({values: [60], costs: [1], least: 2, greatest: 5, perturbation: {supports: 2}}).prices[0], 5);
  // One good held at 5, with no bound on the other from above: its customers are worth more than theirs.
  const two = {values: [40, 39], costs: [1, 1], greatest: [5, Infinity]};
  assert.ok(optimalPrices(two).profit >= lattice(two, [1, 1], [5, 45]) - 1e-9);
  // Hardly anybody buys: the markup is (1 + W) / b, W = exp(-102), unless a bound is above.
  const [dear, held] = [optimalPrices({values: [-100, -101], costs: [1, 1], least: [1.5, 2.5], greatest: 5}), optimalPrices({values: [-100], costs: [1], least: 2.5, greatest: 5})];
  allClose(dear.prices, [2, 2.5], 1e-12);
  assert.equal(held.prices[0], 2.5);
});

test("values so far apart that shares underflow: entropy keeps its markup, and nothing that is not finite is called best", () => {
  for (const values of [[800, 3], [740, 0], [-800, -900]]) {
    const found = optimalPrices({values, costs: [1, 2]});
    // w + ln w = ln sum exp(v - c - 1), by bisection on the left side, in which the dearest good is all there is.
    const z = Math.max(values[0] - 2, values[1] - 3);
    let [low, high] = [0, 900];
    for (let k = 0; k < 200; ++k) if ((low + high) / 2 + Math.log((low + high) / 2) < z) low = (low + high) / 2; else high = (low + high) / 2;
    allClose(found.prices, [2 + high, 3 + high], 1e-12);
    close(found.profit, high, 1e-12);
    assert.ok(found.global && found.residual < 1e-9, `${found.residual}`);
  }
  for (const perturbation of [{supports: 3}, {supports: 2}] as PerturbationChoice[]) for (const values of [[800, 3], [-3000, -9000]]) {
    const found = optimalPrices({values, costs: [1, 1], perturbation});
    const settled = Number.isFinite(found.profit) && found.prices.every(Number.isFinite) && found.residual <= 1e-3;
    assert.ok(settled || (!found.global && found.notes.some(({code, level}) => code === "pricing/not-settled" && level === "warning")), `${JSON.stringify(perturbation)} ${values}: ${found.prices}, ${found.residual}`);
  }
});

test("prices below zero are seen to be held by their bounds", () => {
  const low = optimalPrices({values: [3], costs: [-5], greatest: -1});
  assert.ok(low.prices[0] === -1 && low.rows[0].bound === "greatest" && low.residual === 0);
  const high = optimalPrices({values: [-9], costs: [-5], least: -2});
  assert.ok(high.prices[0] === -2 && high.rows[0].bound === "least" && high.residual === 0);
});
