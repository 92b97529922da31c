import assert from "node:assert/strict";
import test from "node:test";
import {mixing} from "../../src/integrate/mixing.js";
import {population} from "../../src/integrate/population.js";
import type {Point} from "../../src/kernels/panel.js";
import {source} from "../../src/math/random.js";
import {design} from "../../src/model/design.js";
import {parameters} from "../../src/model/parameters.js";
import type {Distribution} from "../../src/model/specification.js";
import {simulate} from "../../src/simulate/simulate.js";

const {data} = simulate({tier: "mnl"}, {people: 4, situations: 3, seed: 1, attributes: ["b"]});

/** A model with one random coefficient, and its distribution in closed form. */
function model(distribution: Distribution, mu: number, s: number) {
  const plan = design(data, {tier: "mixed", random: {b: distribution}, intercepts: false});
  const found = parameters(plan);
  const theta = Float64Array.of(mu, ...(found.length > 1 ? [s] : []));
  return {plan, found, theta, law: population(plan, found, theta, 0)!};
}

/** Draws of the coefficient as the likelihood makes them. */
function drawn({plan, found, theta}: ReturnType<typeof model>, n: number): Float64Array {
  const blend = mixing(plan, found);
  const stream = source(7).stream("population");
  const point: Point = {b: new Float64Array(1), jacobian: new Float64Array(2), curve: new Float64Array(4)};
  return Float64Array.from({length: n}, () => {
    const nu = stream.normal();
    blend.at(theta, Float64Array.of(blend.readers ? blend.readers[0](nu) : nu), 0, new Float64Array(0), 0, point, 0);
    return point.b[0];
  });
}

const cases: readonly [string, Distribution, number, number][] = [
  ["normal", {family: "normal"}, -0.8, 0.9], ["lognormal", {family: "lognormal", sign: 1}, -0.3, 0.5], ["negative lognormal", {family: "lognormal", sign: -1}, 0.2, 0.4],
  ["uniform", {family: "uniform"}, 0.3, 0.8], ["uniform on one side", {family: "uniform"}, 2, 0.8], ["triangular", {family: "triangular"}, -0.4, 1], ["triangular, mostly below", {family: "triangular"}, -0.9, 1],
  ["truncated", {family: "truncated", sign: 1}, 0.4, 1.1], ["negative truncated, mean beyond", {family: "truncated", sign: -1}, 0.6, 0.7],
  ["censored", {family: "censored", sign: 1}, 0.4, 1], ["negative censored", {family: "censored", sign: -1}, -0.2, 0.5],
  ["exponential", {family: "exponential", sign: 1}, -0.4, NaN], ["negative exponential", {family: "exponential", sign: -1}, 0.3, NaN]
];

for (const [name, distribution, mu, s] of cases) {
  test(`${name}: shares, mean, spread and quantiles are those of draws`, () => {
    const made = model(distribution, mu, s);
    const {law} = made;
    const n = 200_000;
    const b = drawn(made, n).sort();
    const share = (pick: (x: number) => boolean) => b.reduce((sum, x) => sum + (pick(x) ? 1 : 0), 0) / n;
    for (const [exact, seen] of [[law.below, share((x) => x < 0)], [law.atZero, share((x) => x === 0)], [law.above, share((x) => x > 0)]]) {
      assert.ok(Math.abs(exact - seen) <= 5 * Math.sqrt((exact * (1 - exact)) / n), `${exact} and ${seen}`);
    }
    assert.ok(Math.abs(law.below + law.atZero + law.above - 1) < 1e-14);
    const mean = b.reduce((sum, x) => sum + x, 0) / n;
    const sd = Math.sqrt(b.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n);
    assert.ok(Math.abs(law.mean - mean) < (5 * sd) / Math.sqrt(n), `mean ${law.mean} and ${mean}`);
    assert.ok(Math.abs(law.sd / sd - 1) < 0.02, `sd ${law.sd} and ${sd}`);
    for (const u of [0.1, 0.35, 0.5, 0.8]) assert.ok(Math.abs(law.quantile(u) - b[Math.floor(u * n)]) < 0.02 * Math.max(sd, 0.5), `quantile ${u}`);
  });

  test(`${name}: the density integrates to the shares on either side, and its mean is the mean`, () => {
    const {law} = model(distribution, mu, s);
    // The midpoint rule, on u in quantiles of a wide stretch; corners cost it its order.
    const [low, high] = [Math.min(0, law.quantile(1e-9)), Math.max(0, law.quantile(1 - 1e-9))];
    const integral = (from: number, to: number, f: (b: number) => number) => {
      const steps = 400_000;
      const h = (to - from) / steps;
      let sum = 0;
      for (let k = 0; k < steps; ++k) sum += f(from + (k + 0.5) * h);
      return sum * h;
    };
    assert.ok(Math.abs(integral(low, 0, law.density) - law.below) < 2e-5);
    assert.ok(Math.abs(integral(0, high, law.density) - law.above) < 2e-5);
    const mean = integral(low, 0, (b) => b * law.density(b)) + integral(0, high, (b) => b * law.density(b));
    assert.ok(Math.abs(mean - law.mean) < 1e-4, `${mean} and ${law.mean}`);
    const square = integral(low, 0, (b) => b * b * law.density(b)) + integral(0, high, (b) => b * b * law.density(b));
    assert.ok(Math.abs(Math.sqrt(square - mean * mean) - law.sd) < 1e-3);
  });
}

test("a full covariance has the spread of the whole row, and variation within people adds to it", () => {
  const {data: panel} = simulate({tier: "mnl"}, {people: 6, situations: 4, seed: 1});
  const plan = design(panel, {tier: "mixed", covariance: "full", intercepts: false, within: ["quality"]});
  const found = parameters(plan);
  const theta = Float64Array.from(found, ({role, column, on}) => (role === "mean" ? 0.5 : role === "within" ? 0.6 * Number(column === on) + 0.1 : column === on ? 0.8 : 0.3));
  const c = plan.columns.findIndex(({name}) => name === "quality");
  const loads = found.flatMap(({column, on}, p) => (column === c && on !== undefined ? [theta[p]] : []));
  assert.ok(loads.length >= 3);
  assert.equal(population(plan, found, theta, c)!.sd, Math.sqrt(loads.reduce((sum, x) => sum + x * x, 0)));
});

test("no spread is a point, and a column that is the same for all has no population", () => {
  const {law} = model({family: "normal"}, -0.5, 0);
  assert.deepEqual([law.below, law.above, law.sd, law.quantile(0.3)], [1, 0, 0, -0.5]);
  const edge = model({family: "censored", sign: 1}, -0.5, 0).law;
  assert.deepEqual([edge.mean, edge.atZero], [0, 1]);
  const plan = design(data, {tier: "mnl"});
  assert.equal(population(plan, parameters(plan), Float64Array.of(1), 0), undefined);
});
