import assert from "node:assert/strict";
import test from "node:test";
import {simulate} from "../../../src/simulate/simulate.js";
import {layoutOfSpecification, menusOf, withShared} from "../../../src/entropy/mixing/layout.js";
import {tasteLogits} from "../../../src/entropy/mixing/logits.js";
import {mixingObjective} from "../../../src/entropy/mixing/objective.js";
import {likelihoodRows} from "../../../src/entropy/mixing/rows.js";
import {sequences} from "../../../src/entropy/mixing/sequences.js";
import {tasteStatistics} from "../../../src/entropy/mixing/statistics.js";
import {tasteAt, tasteDraws, tasteGrid, type Tastes} from "../../../src/entropy/mixing/tastes.js";
import {whiten} from "../../../src/entropy/mixing/whiten.js";
import type {ChoiceData} from "../../../src/data/choiceData.js";
import {expectGradient, close, read, rowsOf} from "../../support/world.js";

const still = () => undefined;
const at = "test";

/** Utilities of all rows at one taste, the plain way. */
function utilities(data: ChoiceData, layout: ReturnType<typeof layoutOfSpecification>, tastes: Tastes, r: number, shared: Float64Array): Float64Array {
  const {design: {z, columns}, random, fixed} = layout;
  const C = columns.length;
  return Float64Array.from({length: data.alternative.length}, (_, row) => {
    let v = 0;
    random.forEach((c, d) => { v += z[row * C + c] * tastes.points[d][r]; });
    fixed.forEach((c, f) => { v += z[row * C + c] * shared[f]; });
    return v;
  });
}

/** ln p of a row among its situation, by log-sum-exp. */
function logShare(v: Float64Array, from: number, to: number, row: number): number {
  const top = Math.max(...v.subarray(from, to));
  return v[row] - top - Math.log(v.subarray(from, to).reduce((sum, x) => sum + Math.exp(x - top), 0));
}

const world = simulate({tier: "mixed", random: ["price"]}, {people: 7, situations: 3, seed: 5, outside: "none", available: 0.7}).data;

for (const [kind, tastes] of [
  ["a grid", tasteGrid({price: {from: -2, to: 1, points: 4}, quality: {from: -1, to: 2, points: 3}, "intercept[b]": [-0.5, 0.5]})],
  ["draws", tasteDraws({price: {family: "normal", mean: -1, sd: 1}, quality: {family: "uniform", from: 0, to: 1}, "intercept[b]": {family: "normal", mean: 0, sd: 1}}, {draws: 11})]
] as const) {
  test(`probabilities and sequences at all tastes of ${kind} are those of a logit at each`, () => {
    const layout = layoutOfSpecification(world, tastes, {}, at);
    const menus = menusOf(world, layout, at);
    const shared = Float64Array.from(layout.fixed, (_, f) => 0.3 - 0.5 * f);
    const cellsOf = tasteLogits(menus, tastes);
    const fill = sequences(menus, tastes);
    const R = tastes.points[0].length;
    for (let r = 0; r < R; ++r) {
      const v = utilities(world, layout, tastes, r, shared);
      for (let n = 0; n < world.situations.length; ++n) {
        const {m, rows, e, total, rest} = cellsOf(n, world.situation[n], shared);
        close(Math.log(rest[r] / total[r]), logShare(v, world.situation[n], world.situation[n + 1], world.situation[n]), 1e-13);
        for (let j = 0; j < m; ++j) close(Math.log(e[j * R + r] / total[r]), logShare(v, world.situation[n], world.situation[n + 1], rows[j]), 1e-13);
      }
      for (let i = 0; i < world.people.length; ++i) {
        let sum = 0;
        for (let n = world.person[i]; n < world.person[i + 1]; ++n) sum += logShare(v, world.situation[n], world.situation[n + 1], world.chosen[n]);
        close(fill(i, shared, 0).logP[r], sum, 1e-13);
      }
    }
  });
}

test("utilities of 700 and 10 000 beside each other give finite logs, and no NaN", () => {
  const rows = rowsOf(world).map((row, k) => ({...row, price: Number(row.price) * (k % 2 ? 350 : 5000)}));
  const data = read(rows, {outside: "none"});
  const tastes = tasteGrid({price: {from: -2, to: 2, points: 9}, quality: {from: -350, to: 350, points: 5}});
  const layout = layoutOfSpecification(data, tastes, {}, at);
  const menus = menusOf(data, layout, at);
  const shared = new Float64Array(layout.fixed.length).fill(0.1);
  const fill = sequences(menus, tastes);
  let far = 0;
  for (let i = 0; i < data.people.length; ++i) {
    const {logP, s, k} = fill(i, shared, 2);
    assert.ok([...logP, ...s, ...k].every(Number.isFinite));
    for (let r = 0; r < logP.length; ++r) {
      const v = utilities(data, layout, tastes, r, shared);
      let sum = 0;
      for (let n = data.person[i]; n < data.person[i + 1]; ++n) sum += logShare(v, data.situation[n], data.situation[n + 1], data.chosen[n]);
      close(logP[r], sum, 1e-12);
      far = Math.min(far, sum);
    }
  }
  assert.ok(far < -5000, `the farthest is ${far}`);
});

test("a thousand situations of a person multiply without underflow", () => {
  const data = simulate({tier: "mixed", random: ["price"]}, {people: 1, situations: 1000, seed: 2}).data;
  const tastes = tasteGrid({price: [-1, 2], quality: [0, 1]});
  const layout = layoutOfSpecification(data, tastes, {intercepts: false}, at);
  const {logP} = sequences(menusOf(data, layout, at), tastes)(0, new Float64Array(0), 0);
  assert.ok(Math.min(...logP) < -1500);
  for (let r = 0; r < 4; ++r) {
    const v = utilities(data, layout, tastes, r, new Float64Array(0));
    let sum = 0;
    data.chosen.forEach((row, n) => { sum += logShare(v, data.situation[n], data.situation[n + 1], row); });
    close(logP[r], sum, 1e-13);
  }
});

const setup = (data: ChoiceData, tastes: Tastes, options: Parameters<typeof layoutOfSpecification>[2] = {}) => {
  const layout = layoutOfSpecification(data, tastes, options, at);
  const menus = menusOf(data, layout, at);
  const white = whiten({logBase: tastes.logBase, t: tasteStatistics(tastes, "normal", true).map(({values}) => values)});
  assert.ok(!("redundant" in white));
  return {layout, menus, family: white.family};
};

for (const panel of [true, false]) {
  test(`gradient and Hessian of the log-likelihood agree with differences to 1e-7, ${panel ? "in a panel" : "situation by situation"}`, async () => {
    const data = simulate({tier: "mixed"}, {people: 25, situations: 4, seed: 9}).data;
    const weighted = read(rowsOf(data).map((row) => ({...row, weight: Number(row.person) % 3 ? 1 : 2.5})), {weights: "weight"});
    const tastes = tasteGrid({price: {from: -3, to: 1, points: 9}, quality: {from: -1, to: 2, points: 7}});
    const {layout, menus, family} = setup(weighted, tastes, {panel});
    const objective = mixingObjective(menus, likelihoodRows(menus, tastes), family, still);
    assert.equal(objective.size, 5 + layout.fixed.length);
    const gap = await expectGradient(objective, Float64Array.from({length: objective.size}, (_, p) => 0.4 * Math.cos(3 * p)), {tolerance: 1e-7});
    assert.ok(gap > 0);
  });
}

test("scores by person sum to the gradient, and their products to the outer product", async () => {
  const data = simulate({tier: "mixed"}, {people: 25, situations: 4, seed: 9}).data;
  const tastes = tasteGrid({price: {from: -3, to: 1, points: 9}, quality: {from: -1, to: 2, points: 7}});
  const {menus, family} = setup(data, tastes);
  const objective = mixingObjective(menus, likelihoodRows(menus, tastes), family, still);
  const x = new Float64Array(objective.size).fill(0.2);
  const {gradient, scores, opg, counts} = await objective.evaluate(x, 2, {scores: true});
  gradient.forEach((g, p) => close(scores!.getColumn(p).reduce((sum, s) => sum + s, 0), g, 1e-12));
  close(scores!.transpose().mmul(scores!).get(1, 6), opg!.get(1, 6), 1e-12);
  close(counts.reduce((sum, c) => sum + c, 0), 25, 1e-13);
});

test("likelihoods kept in a table, and computed anew on every pass, are the same bits", async () => {
  const data = simulate({tier: "mixed"}, {people: 12, situations: 3, seed: 4}).data;
  const tastes = tasteGrid({price: {from: -3, to: 1, points: 9}, quality: {from: -1, to: 2, points: 7}});
  const {menus, family} = setup(data, tastes);
  const held = withShared(menus, new Float64Array(menus.fixed.length).fill(0.2));
  const values = await Promise.all([undefined, 0].map(async (most) => {
    const {value, gradient} = await mixingObjective(held, likelihoodRows(held, tastes, most), family, still).evaluate(new Float64Array(5).fill(0.3), 2);
    return [value, ...gradient];
  }));
  assert.deepEqual(values[0], values[1]);
  // And both are the likelihood with the coefficients free, at the same place.
  const free = await mixingObjective(menus, likelihoodRows(menus, tastes), family, still).evaluate(Float64Array.from([0.3, 0.3, 0.3, 0.3, 0.3, ...menus.fixed].map((v, k) => (k < 5 ? v : 0.2))), 0);
  close(values[0][0], free.value, 1e-13);
});

test("weights that leave a person's own tastes with nothing keep a finite log-likelihood", async () => {
  // Alpha so steep that the weight of every other taste underflows, and data that speak for the other end.
  const data = simulate({tier: "mixed", random: ["price"]}, {people: 1, situations: 400, seed: 3, truth: {price: 3, "sd[price]": 0.01}}).data;
  const tastes = tasteGrid({price: {from: -4, to: 4, points: 9}});
  const layout = layoutOfSpecification(data, tastes, {hold: {quality: 0}, intercepts: false}, at);
  const menus = menusOf(data, layout, at);
  const family = {logBase: tastes.logBase, t: [tastes.points[0]]};
  const {value, gradient} = await mixingObjective(menus, likelihoodRows(menus, tastes), family, still).evaluate(Float64Array.of(-2000), 1);
  const {logP} = sequences(menus, tastes)(0, new Float64Array(0), 0);
  const steep = [...logP.keys()].map((r) => -2000 * (tastes.points[0][r] - tastes.points[0][0]) + logP[r]);
  const top = Math.max(...steep);
  close(value, top + Math.log(steep.reduce((sum, l) => sum + Math.exp(l - top), 0)), 1e-12);
  assert.ok(Number.isFinite(gradient[0]));
  assert.equal(Object.keys(tasteAt(tastes, 0)).length, 1);
});
