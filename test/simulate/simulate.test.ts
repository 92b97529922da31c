import test from "node:test";
import assert from "node:assert/strict";
import {source} from "../../src/math/random.js";
import {simulate} from "../../src/simulate/simulate.js";
import {allClose, close, refuses, tierNames} from "../support/world.js";

test("the same seed makes the same world, another seed another", () => {
  const make = (seed: number) => simulate({tier: "mixedDynamic"}, {people: 20, situations: 3, seed}).data.hash;
  assert.equal(make(3), make(3));
  assert.notEqual(make(3), make(4));
  assert.equal(simulate({tier: "mixedDynamic"}, {people: 20, situations: 3, seed: source(3) as never}).data.hash, make(3));
});

test("a larger world begins with the smaller one", () => {
  const [small, large] = [10, 30].map((people) => simulate({tier: "mixed"}, {people, situations: 4, seed: 8}).data);
  const rows = small.alternative.length;
  assert.deepEqual(large.x.slice(0, small.x.length), small.x);
  assert.deepEqual(large.chosen.slice(0, 40), small.chosen);
  assert.deepEqual(large.alternative.slice(0, rows), small.alternative);
});

test("a world has the people, situations and alternatives asked for, and the truth by name in the order of the parameters", () => {
  for (const tier of tierNames) {
    const {data, truth, parameters} = simulate({tier}, {people: 6, situations: 3, seed: 1});
    assert.equal(data.people.length, 6);
    assert.equal(data.situations.length, 18);
    assert.deepEqual(data.alternatives, ["a", "b", "c"]);
    assert.deepEqual(data.attributes, ["price", "quality"]);
    assert.deepEqual(Object.keys(truth), parameters.map(({name}) => name));
    assert.ok(Object.values(truth).every((value) => Number.isFinite(value) && value !== 0));
  }
});

test("choices follow the logit of the truth: shares agree with the probabilities written out", () => {
  const truth = {"intercept[b]": 1, "intercept[c]": -1, price: -0.7, quality: 0};
  const {data} = simulate({tier: "mnlIntercepts"}, {people: 5000, situations: 1, seed: 2, truth});
  const alpha = [0, 1, -1];
  const [shares, wanted] = [[0, 0, 0], [0, 0, 0]];
  let [price, expected] = [0, 0];
  for (let n = 0; n < 5000; ++n) {
    const rows = [0, 1, 2].map((j) => data.situation[n] + j);
    const e = rows.map((row, j) => Math.exp(alpha[j] - 0.7 * data.x[row * 2]));
    const sum = e.reduce((a, b) => a + b);
    e.forEach((v, j) => { wanted[j] += v / sum / 5000; expected += (v / sum) * data.x[rows[j] * 2] / 5000; });
    shares[data.alternative[data.chosen[n]]] += 1 / 5000;
    price += data.x[data.chosen[n] * 2] / 5000;
  }
  // Four standard errors of a share of 5000: 4 √(¼ / 5000) = 0.028.
  allClose(shares, wanted, 0.028);
  close(price, expected, 4 * 1.2 / Math.sqrt(5000));
});

test("coefficients that vary over people leave a trace: a person's choices are alike", () => {
  const {data} = simulate({tier: "mixedIntercepts"}, {people: 800, situations: 2, seed: 6, alternatives: ["a", "b"], attributes: ["price"], truth: {"intercept[b]": 0, "sd[intercept[b]]": 3, price: -0.1, "sd[price]": 0.1}});
  let alike = 0;
  for (let i = 0; i < 800; ++i) if (data.alternative[data.chosen[2 * i]] === data.alternative[data.chosen[2 * i + 1]]) ++alike;
  // Independent choices would agree half the time; a spread of 3 makes it about three quarters.
  assert.ok(alike > 0.65 * 800 && alike < 0.9 * 800, `${alike / 800}`);
});

test("with availability below one some sets are smaller, none has fewer than two, and the outside option is always there", () => {
  const {data} = simulate({tier: "mnl"}, {people: 100, situations: 3, seed: 4, outside: "none", available: 0.5});
  const sizes = new Set<number>();
  for (let n = 0; n < 300; ++n) {
    sizes.add(data.situation[n + 1] - data.situation[n]);
    assert.ok(data.alternative.subarray(data.situation[n], data.situation[n + 1]).includes(data.outside!));
  }
  assert.deepEqual([...sizes].sort(), [2, 3, 4]);
});

test("a held parameter is the truth", () => {
  assert.equal(simulate({tier: "mixed", hold: {"sd[price]": 0.25}}, {people: 3, situations: 2}).truth["sd[price]"], 0.25);
});

test("sizes, chances, names and options that make no sense are refused", async () => {
  const world = {people: 5, situations: 2};
  await refuses("simulate/size", () => simulate({}, {...world, people: 0}), "people");
  await refuses("simulate/size", () => simulate({}, {...world, situations: 1.5}), "situations");
  await refuses("simulate/size", () => simulate({}, {...world, alternatives: ["a"]}), "alternatives");
  await refuses("simulate/size", () => simulate({}, {...world, available: 0}), "available");
  await refuses("simulate/truth", () => simulate({}, {...world, truth: {pricee: 1}}), 'Did you mean "price"?');
  await refuses("options/unknown", () => simulate({}, {...world, poeple: 1} as never), 'Did you mean "people"?');
  await refuses("model/unknown-tier", () => simulate({tier: "mixd" as never}, world), 'Did you mean "mixed"?');
});
