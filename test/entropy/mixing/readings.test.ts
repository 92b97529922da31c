import assert from "node:assert/strict";
import test from "node:test";
import {offersOf} from "../../../src/data/offers.js";
import {fitMaxEntMixed} from "../../../src/entropy/mixing/fitMaxEntMixed.js";
import {fitMaxEntMixedMoments} from "../../../src/entropy/mixing/fitMaxEntMixedMoments.js";
import {fitMaxEntMixedWeights} from "../../../src/entropy/mixing/fitMaxEntMixedWeights.js";
import {readings} from "../../../src/entropy/mixing/readings.js";
import {tasteElasticities} from "../../../src/entropy/mixing/tasteElasticities.js";
import {tasteMean} from "../../../src/entropy/mixing/tasteMean.js";
import {mixedProbabilities} from "../../../src/entropy/mixing/tasteMeans.js";
import {tasteGrid} from "../../../src/entropy/mixing/tastes.js";
import {tastesByPerson} from "../../../src/entropy/mixing/tastesByPerson.js";
import {tilted} from "../../../src/entropy/mixing/tilt.js";
import {fitMenus, fitShared} from "../../../src/entropy/mixing/uncertainty.js";
import {ChoiceError} from "../../../src/errors.js";
import {simulate} from "../../../src/simulate/simulate.js";
import {close} from "../../support/world.js";

const data = simulate({tier: "mixed"}, {people: 80, situations: 5, seed: 12}).data;
const grid = tasteGrid({price: {from: -5, to: 3, points: 25}, quality: {from: -2, to: 3.5, points: 12}});
const mixture = fitMaxEntMixed(data, {tastes: grid, cross: true, worth: "price", sensitivity: false});

test("means, spreads, shares, correlations and worths: slopes in the weights are derivatives", async () => {
  const {statistics, theta, estimates: {rows}, covariance} = await mixture;
  const family = {logBase: grid.logBase, t: statistics.map(({values}) => values)};
  const Q = statistics.length;
  const at = (alpha: Float64Array) => readings(grid, tilted(family, alpha).theta, {worth: "price"}).map(({value}) => value);
  const alpha = theta.slice(0, Q);
  // d reading / d alpha by differences, then the delta method by hand.
  const slopes = statistics.map((_, q) => {
    const h = 1e-5;
    const [up, down] = [h, -h].map((step) => at(alpha.map((a, p) => (p === q ? a + step : a))));
    return up.map((value, k) => (value - down[k]) / (2 * h));
  });
  const names = readings(grid, tilted(family, alpha).theta, {worth: "price"}).map(({name}) => name);
  assert.deepEqual(names, ["mean[price]", "sd[price]", "P(price < 0)", "mean[quality]", "sd[quality]", "P(quality < 0)", "cor[price,quality]", "worth[quality]"]);
  names.forEach((name, k) => {
    let variance = 0;
    for (let p = 0; p < Q; ++p) for (let q = 0; q < Q; ++q) variance += slopes[p][k] * covariance.get(p, q) * slopes[q][k];
    close(rows.find((row) => row.name === name)!.error! / Math.sqrt(variance), 1, 1e-6, name);
  });
});

test("the interval of a share stays a share's, is the delta method's on the logit scale, and tests nothing", async () => {
  const {estimates: {rows}} = await mixture;
  for (const {name, estimate, error, low, high, z, p} of rows.filter(({name}) => name.startsWith("P("))) {
    assert.deepEqual([z, p], [null, null]);
    assert.ok(low! > 0 && high! < 1 && low! < estimate && estimate < high!, name);
    const logit = (x: number) => Math.log(x / (1 - x));
    close((logit(high!) - logit(estimate)) / (1.959963984540054 * error! / (estimate * (1 - estimate))), 1, 1e-9, name);
    close((logit(high!) + logit(low!)) / 2, logit(estimate), 1e-9, name);
  }
});

test("the mean of any function of the tastes, with the errors of the table where the table has it", async () => {
  const fits = [await mixture, await fitMaxEntMixedMoments(data, {tastes: grid, hold: {"intercept[b]": 0.5}, sensitivity: false}), await fitMaxEntMixedWeights(data, {tastes: grid, tau: 3, sensitivity: false})];
  for (const fit of fits) {
    const mean = await tasteMean(fit, ({price}) => price, {name: "mean[price]"});
    const row = fit.estimates.rows.find(({name}) => name === "mean[price]")!;
    close(mean.estimate, row.estimate, 1e-12);
    close(mean.error!, row.error!, 1e-9);
    const square = await tasteMean(fit, ({price}) => price ** 2);
    close(square.estimate - mean.estimate ** 2, fit.estimates.rows.find(({name}) => name === "sd[price]")!.estimate ** 2, 1e-10);
  }
  await assert.rejects(tasteMean(fits[0], ({price}) => 1 / (price - grid.axes![0][3])), (error) => error instanceof ChoiceError && error.code === "mixing/function");
  await assert.rejects(tasteMean(mixture as never, ({price}) => price), (error) => error instanceof ChoiceError && /await/.test(error.hint!));
});

test("posterior tastes average to the mixture at an optimum in the means, and what choices said is never negative", async () => {
  const fit = await mixture;
  const {means, sds, information, logLikelihood, effective, people} = await tastesByPerson(fit);
  assert.equal(people.length, 80);
  close(logLikelihood.reduce((sum, l) => sum + l, 0), fit.logLikelihood, 1e-12);
  // The score of alpha at the maximum: E_theta t = mean over people of E_h t, for t = price, quality and their squares.
  for (const [d, name] of ["price", "quality"].entries()) {
    const [mean, sd] = [`mean[${name}]`, `sd[${name}]`].map((row) => fit.estimates.rows.find((r) => r.name === row)!.estimate);
    close(people.reduce<number>((sum, _, i) => sum + means[2 * i + d], 0) / 80, mean, 1e-7);
    close(people.reduce<number>((sum, _, i) => sum + means[2 * i + d] ** 2 + sds[2 * i + d] ** 2, 0) / 80, mean ** 2 + sd ** 2, 1e-7);
  }
  assert.ok(information.every((nats) => nats >= 0) && effective.every((count) => count >= 1));
  await assert.rejects(tastesByPerson(await fitMaxEntMixedMoments(offersOf(data), {tastes: grid, means: {price: -0.5, quality: 0.4}, sensitivity: false})), (error) => error instanceof ChoiceError && error.code === "data/no-choices");
});

for (const [kind, make] of [["statistics", () => mixture], ["moments", () => fitMaxEntMixedMoments(data, {tastes: tasteGrid({price: {from: -3, to: 0, points: 13}}), hold: {quality: 0.7, "intercept[b]": 0.5}, sensitivity: false})]] as const) {
  test(`elasticities and derivatives of shares are those of shares when the attribute is moved (${kind})`, async () => {
    const fit = await make();
    const {elasticities, derivatives, diversion, shares} = await tasteElasticities(fit, "price", {errors: false});
    const menus = fitMenus(fit);
    const moved = async (l: number, change: (x: number) => number) => {
      const C = menus.columns;
      const c = fit.design.columns.findIndex(({name}) => name === "price");
      const z = menus.z.map((value, at) => (at % C === c && data.alternative[Math.floor(at / C)] === l ? change(value) : value));
      const p = await mixedProbabilities({...menus, z}, fit.tastes, fit.weights, () => undefined, fitShared(fit));
      const out = [0, 0, 0];
      p.forEach((value, row) => { out[data.alternative[row]] += value / data.situations.length; });
      return out;
    };
    const now = await moved(0, (x) => x);
    const h = 1e-4;
    for (let l = 0; l < 3; ++l) {
      const [up, down] = [await moved(l, (x) => x * (1 + h)), await moved(l, (x) => x * (1 - h))];
      const [more, less] = [await moved(l, (x) => x + h), await moved(l, (x) => x - h)];
      for (let j = 0; j < 3; ++j) {
        close(shares[j], now[j], 1e-13);
        close(elasticities[j][l], (up[j] - down[j]) / (2 * h) / now[j], 1e-7);
        close(derivatives[j][l], (more[j] - less[j]) / (2 * h), 1e-7);
      }
      close([0, 1, 2].reduce((sum, j) => sum + diversion[j][l], 0), 0, 1e-12); // what l loses goes somewhere
    }
  });
}

test("errors of elasticities are those of refits: against the delta method over all parameters by differences", async () => {
  const fit = await mixture;
  const {errors, elasticities} = await tasteElasticities(fit, "price");
  const family = {logBase: grid.logBase, t: fit.statistics.map(({values}) => values)};
  const Q = fit.statistics.length;
  const at = async (theta: Float64Array) => {
    const weights = tilted(family, theta.slice(0, Q));
    const shared = {...fit.shared};
    fit.parameters.slice(Q).forEach(({name}, k) => { shared[name] = theta[Q + k]; });
    return (await tasteElasticities({...fit, weights: weights.theta, logWeights: weights.log, shared}, "price", {errors: false})).elasticities;
  };
  const P = fit.theta.length;
  const slopes = await Promise.all(Array.from({length: P}, async (_, p) => {
    const h = 1e-4;
    const [up, down] = await Promise.all([h, -h].map((step) => at(fit.theta.map((value, q) => (p === q ? value + step : value)))));
    return [0, 1, 2].map((j) => [0, 1, 2].map((l) => (up[j][l] - down[j][l]) / (2 * h)));
  }));
  for (const [j, l] of [[0, 0], [1, 0], [2, 1]]) {
    let variance = 0;
    for (let p = 0; p < P; ++p) for (let q = 0; q < P; ++q) variance += slopes[p][j][l] * fit.covariance.get(p, q) * slopes[q][j][l];
    close(errors[j][l]! / Math.sqrt(variance), 1, 1e-4);
    assert.ok(Math.abs(elasticities[j][l]) > errors[j][l]!);
  }
  await assert.rejects(tasteElasticities(fit, "prise"), (error) => error instanceof ChoiceError && error.code === "model/unknown-attribute");
});
