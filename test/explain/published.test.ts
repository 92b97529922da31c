import assert from "node:assert/strict";
import test from "node:test";
import {datasets} from "../../src/data/datasets.js";
import {fromLong} from "../../src/data/fromLong.js";
import {offers} from "../../src/data/offers.js";
import {fitMaxEnt} from "../../src/entropy/fitMaxEnt.js";
import {fitMaxEntSupports} from "../../src/entropy/fitMaxEntSupports.js";
import {fitMnlIntercepts} from "../../src/estimate/tiers.js";
import {discreteChange} from "../../src/explain/discreteChange.js";
import {diversion} from "../../src/explain/diversion.js";
import {elasticities} from "../../src/explain/elasticities.js";
import {marginalEffects} from "../../src/explain/marginalEffects.js";
import {revenueEffect} from "../../src/explain/revenue.js";
import {totalEffect} from "../../src/explain/totalEffect.js";
import {asPrinted, digits} from "../support/lre.js";
import {allClose, close, read, refuses} from "../support/world.js";
import {maxEnt, noise, points} from "./fixture.js";

// Six situations of three alternatives, five supports for each probability and three for each error, which need not sum to
// zero. The numbers are of an implementation of its own, in numpy, of the programme's dual with bisection for mu; errors are of
// the inverse curvature.
const price = [[1, 2, 3], [2.5, 1.5, 2], [3, 1, 2], [1.2, 2.2, 0.8], [2, 2.4, 1.1], [1.5, 1, 2.6]];
const quality = [[0.2, 0.9, 1.4], [1, 0.3, 0.8], [1.3, 0.1, 0.7], [0.4, 1.1, 0.2], [0.9, 1.2, 0.1], [0.6, 0.3, 1.5]];
const chosen = [1, 1, 2, 0, 2, 2];
const six = read(price.flatMap((row, n) => row.map((x, j) => ({person: n, situation: n, alternative: "abc"[j], chosen: Number(chosen[n] === j), price: x, quality: quality[n][j]}))));
const supports = () => maxEnt(six, {attributes: ["price", "quality"]}, {signal: {kind: "supports", support: points(5)}, noise: noise(1 / Math.sqrt(6), false)});

test("six situations: average effects of price, their errors, and elasticities, to all digits known", async () => {
  const fit = await supports();
  digits(fit.theta, [0.585927508622, -1.444499008955], 11, "coefficients");
  const {value, error} = marginalEffects(fit, {attribute: "price"}).tables[0];
  digits([value.get(0, 0), value.get(0, 1), value.get(0, 2), value.get(1, 1), value.get(1, 2), value.get(2, 2)], [0.041712176259, -0.020993497753, -0.020718678506, 0.041710132716, -0.020716634963, 0.041435313469], 10, "effects");
  digits([0, 1, 2].map((j) => error.get(j, j)), [0.090728978594, 0.090485432913, 0.089553865986], 10, "errors");
  const {each} = elasticities(fit, {attribute: "price", each: true}).tables[0];
  const first = [...each!.value.keys()].filter((r) => each!.situation[r] === six.situations[0] && each!.answer[r] === "a");
  digits(first.map((r) => each!.value[r]), [0.116574607907, -0.118408569391, -0.172110969635], 11, "elasticities");
});

test("six situations: the fit itself gives the same effects, with errors that hold", async () => {
  const fit = await fitMaxEntSupports(six, {tier: "mnl", supports: 5, noise: {sumToZero: false}});
  const {tables: [{value, error}], errors} = marginalEffects(fit, {attribute: "price"});
  digits([value.get(0, 0), value.get(1, 1), value.get(2, 2)], [0.041712176259, 0.041710132716, 0.041435313469], 9, "effects");
  assert.equal(errors, fit.estimates.words);
  assert.ok(error.get(0, 0) > 0.0907, "robust errors are larger here than those of the curvature");
  await refuses("infer/unsound", () => marginalEffects(fit, {errors: "hessian"}));
  // Ratios of variances of the two tables are those of the covariances along one gradient.
  const model = marginalEffects(fit, {attribute: "price", errors: "model"});
  assert.ok(model.tables[0].error.get(0, 0) < error.get(0, 0));
});

/**
 * 189 births (Hosmer and Lemeshow 1989; the data of Stata's help for gmentropylogit, webuse lbw): ages of the mothers by
 * whether the weight was low, the mother smoked, and had hypertension.
 */
const births: readonly (readonly [low: number, smoke: number, ht: number, ages: string])[] = [
  [0, 0, 0, "14 15 16 16 16 16 17 17 17 17 17 18 18 19 19 19 19 19 19 19 20 20 20 20 20 20 20 21 21 21 21 22 22 22 22 22 22 23 23 23 23 23 23 23 24 24 24 24 24 24 24 25 25 25 25 25 25 26 28 28 28 28 28 29 29 29 30 30 30 30 30 31 31 32 32 32 32 33 33 35 36 36 45"],
  [0, 0, 1, "22 22 25"],
  [0, 1, 0, "16 16 17 17 18 18 18 18 18 18 19 19 19 19 20 20 20 21 21 21 22 22 22 23 24 25 25 26 26 26 27 28 28 29 29 29 30 31 31 32 33 35"],
  [0, 1, 1, "19 19"],
  [1, 0, 0, "14 15 15 16 17 18 19 20 20 20 21 21 21 23 23 24 24 25 25 25 25 26 27 27 29"],
  [1, 0, 1, "17 24 25 26"],
  [1, 1, 0, "14 17 17 17 18 19 19 20 20 20 20 20 22 22 23 23 23 24 24 25 26 26 28 28 30 31 32"],
  [1, 1, 1, "21 21 34"]
];

test("low birth weight: average effects and discrete changes of the estimator of gmentropylogit", async () => {
  // Effects were computed from the estimator's definition in another language: mean p (1 - p) b, and p(1) - p(0) for dummies.
  const mothers = births.flatMap(([low, smoke, ht, ages]) => ages.split(" ").map((age) => ({low, smoke, ht, age: Number(age)})));
  assert.equal(mothers.length, 189);
  const data = read(mothers.flatMap(({low, ...mother}, n) => [0, 1].map((is) => ({person: n, situation: n, alternative: is ? "low" : "other", chosen: Number(is === low), ...mother}))));
  const attributes = ["age", "smoke", "ht"].map((attribute) => ({attribute, byAlternative: true}));
  const fit = await fitMaxEnt(data, {attributes, base: "other", noise: {sumToZero: false}, errors: "hessian"});
  const of = (name: string) => fit.estimates.rows.find((row) => row.name === name)!;
  digits(["age[low]", "smoke[low]", "ht[low]", "intercept[low]"].map((name) => of(name).estimate), [-0.0490591, 0.68505574, 1.21108409, -0.02517381], 6, "coefficients");
  digits(["age[low]", "smoke[low]", "ht[low]", "intercept[low]"].map((name) => of(name).error!), [0.03198855, 0.32202138, 0.61527263, 0.75845795], 6, "errors");
  const [age] = marginalEffects(fit, {attribute: "age"}).tables;
  assert.deepEqual([age.reach, age.moves], ["situation", ["age"]]);
  const low = age.answers.indexOf("low");
  asPrinted([age.value.get(low, 0), -age.value.get(1 - low, 0)], ["-0.00996472", "-0.00996472"], "age");
  for (const [attribute, step] of [["smoke", "0.14440232"], ["ht", "0.27720611"]] as const) {
    const [{value, error, attribute: words}] = discreteChange(fit, {attribute}).tables;
    asPrinted([value.get(low, 0)], [step], attribute);
    assert.equal(words, `${attribute} 0 → 1`);
    assert.ok(error.get(low, 0) > 0);
  }
  // Mothers counted by weights are the same mothers.
  const groups = new Map<string, {low: number; smoke: number; ht: number; age: number; weight: number}>();
  for (const mother of mothers) {
    const key = JSON.stringify(mother);
    groups.set(key, {...mother, weight: (groups.get(key)?.weight ?? 0) + 1});
  }
  const fewer = read([...groups.values()].flatMap(({low, ...mother}, n) => [0, 1].map((is) => ({person: n, situation: n, alternative: is ? "low" : "other", chosen: Number(is === low), ...mother}))), {weights: "weight"});
  const weighted = await fitMaxEnt(fewer, {attributes, base: "other", noise: {sumToZero: false}, errors: "hessian"});
  const again = marginalEffects(weighted, {attribute: "age"});
  assert.equal(again.weight, 189);
  assert.equal(again.situations, groups.size);
  const order = again.tables[0].answers.indexOf("low");
  close(again.tables[0].value.get(order, 0), age.value.get(low, 0), 1e-9);
  close(again.tables[0].error.get(order, 0), age.error.get(low, 0), 1e-8);
});

const greene = async () => {
  const {individual, mode, choice, gc, ttme, hinc} = await datasets.travelmode.columns();
  const table = {individual, mode, choice, gc, ttme, incomeAir: hinc.map((income, row) => (mode[row] === "air" ? Number(income) : 0))};
  return fromLong(table, {chosen: "choice", alternative: "mode", situation: "individual", alternatives: ["air", "train", "bus", "car"], attributes: ["gc", "ttme", "incomeAir"]});
};

test("travel mode: maximum entropy without noise has every reading of the multinomial logit, errors included", async () => {
  const data = await greene();
  const logit = await fitMnlIntercepts(data, {base: "car", tolerance: 1e-12});
  const entropy = await fitMaxEnt(data, {base: "car", noise: false, errors: "hessian"});
  close(logit.logLikelihood, -199.12836872, 1e-9);
  for (const read of [marginalEffects, elasticities, diversion, (fit: typeof logit | typeof entropy) => discreteChange(fit, {attribute: "ttme", by: -10}), (fit: typeof logit | typeof entropy) => elasticities(fit, {aggregate: "share"})]) {
    const [a, b] = [read(logit), read(entropy)];
    a.tables.forEach((table, t) => {
      allClose(table.value.to1DArray(), b.tables[t].value.to1DArray(), 1e-8, `${a.what}, ${table.attribute}`);
      allClose(table.error.to1DArray(), b.tables[t].error.to1DArray(), 1e-7, `${a.what}, ${table.attribute}, errors`);
    });
  }
  const [a, b] = [logit, entropy].map((fit) => revenueEffect(fit, {price: "gc"}));
  a.rows.forEach((row, k) => { close(row.effect, b.rows[k].effect, 1e-6); close(row.error, b.rows[k].error, 1e-6); });
  // All intercepts: whoever waits one minute more everywhere for the bus is the same bus.
  allClose(totalEffect(entropy, {attribute: "ttme"}).total.to1DArray(), new Float64Array(16), 1e-10);
});

test("travel mode: the base matters to effects only where errors need not sum to zero", async () => {
  const data = await greene();
  const own = async (base: string, options: object) => {
    const {tables: [{value}]} = marginalEffects(await fitMaxEnt(data, {base, attributes: ["gc", "ttme"], ...options}), {attribute: "gc"});
    return value;
  };
  allClose((await own("air", {})).to1DArray(), (await own("car", {})).to1DArray(), 1e-9);
  const [air, car] = [await own("air", {noise: {sumToZero: false}}), await own("car", {noise: {sumToZero: false}})];
  assert.ok(Math.abs(air.get(0, 0) / car.get(0, 0) - 1) > 0.5);
});

test("totals alone, without choices, have effects with errors of the model", async () => {
  const shelf = offers([{brand: "A", price: 2}, {brand: "B", price: 3}, {brand: "C", price: 5}], {alternative: "brand"});
  const fit = await fitMaxEnt(shelf, {tier: "mnl", totals: {price: {total: 2.6, sd: 0.1}}});
  const {tables: [{value, error, situations}]} = marginalEffects(fit);
  assert.equal(situations.get(0, 1), 1);
  const u = [2, 3, 5].map((x) => Math.exp(fit.theta[0] * x));
  const p = u.map((x) => x / u.reduce((a, b) => a + b, 0));
  for (let j = 0; j < 3; ++j) for (let l = 0; l < 3; ++l) close(value.get(j, l), fit.theta[0] * p[j] * (Number(j === l) - p[l]), 1e-13);
  assert.ok(error.get(0, 0) > 0);
  // The revenue that was given stays, so that a dearer C is met by other coefficients: the total effect keeps revenue but for noise.
  const exact = await fitMaxEnt(shelf, {tier: "mnl", totals: {price: 2.6}});
  const {total} = totalEffect(exact, {attribute: "price"});
  const q = [2, 3, 5].map((x) => Math.exp(exact.theta[0] * x));
  const sum = q.reduce((a, b) => a + b, 0);
  for (let l = 0; l < 3; ++l) close(q[l] / sum + [2, 3, 5].reduce((s, x, j) => s + x * total.get(j, l), 0), 0, 1e-10);
});
