import assert from "node:assert/strict";
import test from "node:test";
import {fitMixed, fitMnlIntercepts} from "../../src/estimate/tiers.js";
import {predicted} from "../../src/explain/predict.js";
import {simulate} from "../../src/simulate/simulate.js";
import {source} from "../../src/math/random.js";

const {data} = simulate({tier: "mixed"}, {people: 80, situations: 5, seed: 2});
const logit = await fitMnlIntercepts(data);
const mixed = await fitMixed(data, {rule: "sobol", integration: "plain", draws: 64, threads: 1});
const sums = (p: Float64Array) => Array.from({length: data.situation.length - 1}, (_, n) => p.subarray(data.situation[n], data.situation[n + 1]).reduce((a, b) => a + b, 0));

test("probabilities of a situation add up to one", () => {
  for (const fit of [logit, mixed]) for (const sum of sums(predicted(fit, "test"))) assert.ok(Math.abs(sum - 1) < 1e-12);
});

test("a logit with intercepts predicts as many choices of each alternative as there were", () => {
  const p = predicted(logit, "test");
  const won = [0, 0, 0];
  const said = [0, 0, 0];
  for (const row of data.chosen) ++won[data.alternative[row]];
  p.forEach((value, row) => (said[data.alternative[row]] += value));
  for (const j of [0, 1, 2]) assert.ok(Math.abs(won[j] - said[j]) < 1e-5, `${won[j]} and ${said[j]}`);
});

test("a mixed logit's probabilities are averages over its population", () => {
  const p = predicted(mixed, "test");
  const {design: {columns, z}, parameters, theta} = mixed;
  const value = (name: string) => theta[parameters.findIndex((parameter) => parameter.name === name)];
  const stream = source(3).stream("check");
  const [n, draws] = [4, 100_000];
  const total = [0, 0, 0];
  for (let r = 0; r < draws; ++r) {
    const b = columns.map(({name, distribution}) => value(name) + (distribution ? value(`sd[${name}]`) * stream.normal() : 0));
    const odds = [0, 1, 2].map((j) => Math.exp(b.reduce((sum, coefficient, c) => sum + coefficient * z[(data.situation[n] + j) * columns.length + c], 0)));
    const sum = odds[0] + odds[1] + odds[2];
    odds.forEach((x, j) => (total[j] += x / sum / draws));
  }
  for (const j of [0, 1, 2]) assert.ok(Math.abs(total[j] - p[data.situation[n] + j]) < 5e-3, `${total[j]} and ${p[data.situation[n] + j]}`);
});
