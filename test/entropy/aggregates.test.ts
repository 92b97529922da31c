import assert from "node:assert/strict";
import test from "node:test";
import {offers, offersOf} from "../../src/data/offers.js";
import {fitMaxEnt} from "../../src/entropy/fitMaxEnt.js";
import {fitMaxEntSupports} from "../../src/entropy/fitMaxEntSupports.js";
import type {Total} from "../../src/entropy/totals.js";
import {covariance} from "../../src/infer/covariance.js";
import {estimates} from "../../src/infer/estimates.js";
import {source} from "../../src/math/random.js";
import {simulate} from "../../src/simulate/simulate.js";
import {allClose, close, inverted, refuses, times} from "../support/world.js";
import {four, prices, rowsOf, six} from "./cases.js";

const table = rowsOf({price: prices});
const shelf = offers(table, {alternative: "alternative", situation: "n"});
const byAlternative = {tier: "mnl", attributes: [{attribute: "price", byAlternative: true}]} as const;
const most = 4 * Math.log(3);

test("one revenue number: one price sensitivity, and what it tells in nats", async () => {
  const fit = await fitMaxEnt(shelf, {tier: "mnl", totals: {price: 5.3}});
  close(-fit.theta[0], 1.514847873090, 1e-11);
  close(most - fit.entropies.p, 1.370, 1e-3);
  assert.deepEqual([fit.moments[0].target, fit.moments[0].given, fit.moments[0].predicted.toFixed(9)], [5.3, true, "5.300000000"]);
  assert.equal(fit.noise, undefined);
  assert.equal(fit.logLikelihood, undefined);
  assert.equal(fit.estimates.errors, "model");
});

test("shares alone: intercepts alone, in closed form", async () => {
  for (const shares of [{a: 0.25, b: 0.25, c: 0.5}, {a: 0.25, b: 0.25}] as Record<string, number>[]) {
    const fit = await fitMaxEnt(shelf, {attributes: [], base: "c", shares});
    allClose(fit.theta, [-Math.LN2, -Math.LN2], 1e-12);
    close(most - fit.entropies.p, 0.236, 1e-3);
    // Multinomial shares of 4 choices: 1 / n_a + 1 / n_c on the diagonal, 1 / n_c beside it.
    allClose(fit.covariance.to1DArray(), [1.5, 0.5, 0.5, 1.5], 1e-11);
  }
  const other = await fitMaxEnt(shelf, {attributes: [], base: "a", shares: {a: 0.25, b: 0.25, c: 0.5}});
  allClose(other.theta, [0, Math.LN2], 1e-12);
  // All but one share say the last.
  const implied = await fitMaxEnt(shelf, {attributes: [], base: "a", shares: {a: 0.25, b: 0.25}});
  allClose(implied.theta, other.theta, 1e-12);
});

test("shares and a revenue; revenues by alternative, in a logit and over supports", async () => {
  const both = await fitMaxEnt(shelf, {base: "c", totals: {price: 5.3}, shares: {a: 0.25, b: 0.25, c: 0.5}});
  assert.deepEqual(both.moments.map(({name}) => name), ["intercept[a]", "intercept[b]", "price"]);
  allClose(both.theta, [-1.5825644566, -1.789634769, -2.1975968482], 1e-9);
  close(both.solution.value, 2.29752238, 1e-8);
  close(most - both.entropies.p, 2.097, 1e-3);
  for (const totals of [{price: {a: 1, b: 1.5, c: 2.8}}, {"price[a]": 1, "price[b]": 1.5, "price[c]": 2.8}] as Record<string, Total>[]) {
    const fit = await fitMaxEnt(shelf, {...byAlternative, totals});
    allClose(fit.theta, [-2.6843098588, -2.3960065506, -1.5889067188], 1e-9);
    close(fit.solution.value, 2.47015025, 1e-8);
    close(most - fit.entropies.p, 1.924, 1e-3);
  }
  const supports = await fitMaxEntSupports(shelf, {...byAlternative, supports: 5, totals: {price: {a: 1, b: 1.5, c: 2.8}}});
  allClose(supports.theta, [-10.4382905918, -9.2179505452, -6.1242100576], 1e-9);
  close(supports.solution.value, 11.44882466, 1e-8);
});

test("price sensitivity falls as the revenue rises: zero where every alternative is equally likely, without end at the bounds", async () => {
  const at = async (price: number, supports = 5) => -(await fitMaxEntSupports(shelf, {tier: "mnl", supports, totals: {price}})).theta[0];
  for (const [revenue, lambda, digits] of [[5, 7.548, 1e-3], [6, 2.787, 1e-3], [7.4, 0, 1e-9], [9, -3.201, 1e-3], [10.4, -13.15, 1e-2]]) close(await at(revenue), lambda, digits);
  let last = Infinity;
  for (const revenue of [4.31, 4.6, 5, 6, 7, 7.4, 8, 9, 10, 10.5, 10.69]) {
    const fit = await fitMaxEnt(shelf, {tier: "mnl", totals: {price: revenue}});
    assert.ok(-fit.theta[0] < last, `${revenue}: ${-fit.theta[0]}`);
    if (revenue === 7.4) close(fit.theta[0], 0, 1e-12);
    else assert.equal(fit.theta[0] > 0, revenue > 7.4);
    last = -fit.theta[0];
  }
  const [{least, greatest, atZero}] = (await fitMaxEnt(shelf, {tier: "mnl", totals: {price: 6}})).moments;
  allClose([least, greatest, atZero], [4.3, 10.7, 7.4], 1e-13);
});

test("totals are all that a fit takes from choices: given as totals, they give the same fit", async () => {
  const {data} = simulate({tier: "mnlIntercepts"}, {people: 80, situations: 2, seed: 12});
  for (const [fitted, noise] of [[fitMaxEnt, false], [fitMaxEnt, {}], [fitMaxEntSupports, {v: 0.1}]] as const) {
    const own = await fitted(data, {noise});
    const blind = await fitted(offersOf(data), {noise, totals: Object.fromEntries(own.moments.map(({name, target}) => [name, target]))});
    allClose(blind.theta, own.theta, 1e-10);
    close(blind.solution.value, own.solution.value, 1e-12);
    allClose(blind.covariance.to1DArray(), covariance(own, "model").matrix.to1DArray(), 1e-9);
  }
});

test("one market with many customers is many situations alike", async () => {
  const market = [{brand: "A", price: 2, buyers: 400}, {brand: "B", price: 3, buyers: 400}, {brand: "C", price: 5, buyers: 400}];
  const one = offers(market, {alternative: "brand", weights: "buyers", attributes: ["price"]});
  const many = offers(Array.from({length: 400}, (_, n) => market.map((row) => ({...row, n}))).flat(), {alternative: "brand", situation: "n", attributes: ["price"]});
  const given = {shares: {A: 0.5, B: 0.3, C: 0.2}, attributes: []};
  for (const noise of [false, {}] as const) {
    const [a, b] = [await fitMaxEnt(one, {...given, noise}), await fitMaxEnt(many, {...given, noise})];
    allClose(a.theta, b.theta, 1e-11);
    close(a.solution.value, b.solution.value, 1e-12);
    allClose(a.covariance.to1DArray(), b.covariance.to1DArray(), 1e-9);
  }
  const exact = await fitMaxEnt(one, given);
  allClose(exact.theta, [Math.log(0.3 / 0.5), Math.log(0.2 / 0.5)], 1e-12);
});

test("a total that is not exact is met the closer the surer it is, and its noise is in the errors", async () => {
  const exact = await fitMaxEnt(shelf, {tier: "mnl", totals: {price: 5.3}});
  let last = Infinity;
  for (const sd of [0, 0.01, 0.3, 1, 5]) {
    const fit = await fitMaxEnt(shelf, {tier: "mnl", totals: {price: {total: 5.3, sd}}});
    const [{target, predicted, slack}] = fit.moments;
    close(predicted + slack, target, 1e-12);
    close(slack, sd * sd * fit.theta[0] || 0, 1e-12);
    assert.ok(-fit.theta[0] < last);
    last = -fit.theta[0];
    if (sd === 0) allClose(fit.theta, exact.theta, 1e-13);
  }
  const fit = await fitMaxEnt(six, {tier: "mnl", totals: {price: {total: 10.9, sd: 0.4}}});
  const [G, M] = [fit.solution.curvature.to2DArray(), fit.expected.to2DArray()];
  const bare = await fitMaxEnt(six, {tier: "mnl", totals: {price: fit.moments[0].predicted + fit.moments[0].error}});
  close(fit.solution.curvature.get(0, 0) - bare.solution.curvature.get(0, 0), 0.16, 1e-8, "curvature holds the variance");
  close(fit.expected.get(0, 0) - bare.expected.get(0, 0), 0.16, 1e-8, "and so does the spread of the totals");
  allClose(fit.covariance.to1DArray(), times(times(inverted(G), M), inverted(G)).flat(), 1e-10);
});

test("totals beside choices take the place of theirs, and their errors are the model's", async () => {
  const {data} = simulate({tier: "mnlIntercepts"}, {people: 200, situations: 1, seed: 2});
  const own = await fitMaxEnt(data, {noise: false});
  const price = own.moments.find(({name}) => name === "price")!;
  const moved = await fitMaxEnt(data, {noise: false, totals: {price: price.target - 5}});
  close(moved.moments.find(({name}) => name === "price")!.predicted, price.target - 5, 1e-10);
  for (const {name, predicted} of moved.moments) if (name !== "price") close(predicted, own.moments.find((other) => other.name === name)!.target, 1e-10);
  const slope = ({estimates: {rows}}: typeof own) => rows.find(({name}) => name === "price")!.estimate;
  assert.ok(slope(moved) < slope(own), "less is spent, so price matters more");
  assert.ok(moved.logLikelihood! < own.logLikelihood!);
  assert.equal(moved.estimates.errors, "model");
  await refuses("infer/unsound", () => fitMaxEnt(data, {totals: {price: price.target}, errors: "robust"}), "given from outside");
  await refuses("infer/unsound", () => estimates(moved, {errors: "opg"}));
  const same = await fitMaxEnt(data, {noise: false, totals: {price: price.target}});
  allClose(same.theta, own.theta, 1e-10);
});

test("errors from totals alone are right: over samples, estimates spread as they say", async () => {
  const K = 2;
  const [sum, squares, said] = [new Float64Array(K), new Float64Array(K), new Float64Array(K)];
  const reps = 400;
  const truth = [-0.7, 0.5];
  // One set of offers, new choices each time, those of a logit: what "model" errors are conditional on, nearly.
  const {data: first} = simulate({tier: "mnl"}, {people: 120, situations: 1, seed: 100});
  const {x, situation} = first;
  const stream = source(9).stream("choices");
  for (let r = 0; r < reps; ++r) {
    const totals = new Float64Array(K);
    for (let n = 0; n < 120; ++n) {
      const u = Array.from({length: situation[n + 1] - situation[n]}, (_, j) => Math.exp(x[(situation[n] + j) * 2] * truth[0] + x[(situation[n] + j) * 2 + 1] * truth[1]));
      let left = stream.uniform() * u.reduce((a, b) => a + b);
      let j = 0;
      while ((left -= u[j]) > 0 && j < u.length - 1) ++j;
      for (let k = 0; k < K; ++k) totals[k] += x[(situation[n] + j) * 2 + k];
    }
    const fit = await fitMaxEntSupports(offersOf(first), {tier: "mnl", totals: {price: totals[0], quality: totals[1]}});
    for (let k = 0; k < K; ++k) {
      sum[k] += fit.theta[k] / reps;
      squares[k] += fit.theta[k] ** 2 / reps;
      said[k] += fit.covariance.get(k, k) / reps;
    }
  }
  for (let k = 0; k < K; ++k) close((squares[k] - sum[k] ** 2) / said[k], 1, 0.2, "variance over what it was said to be");
});

test("the moments and shares of what was chosen, forgotten and given back", async () => {
  const fit = await fitMaxEnt(offersOf(four), {base: "c", totals: {price: 5.3}, shares: {a: 0.25, b: 0.25, c: 0.5}});
  const known = await fitMaxEnt(four, {base: "c", noise: false});
  allClose(fit.theta, known.theta, 1e-11);
});
