import assert from "node:assert/strict";
import test from "node:test";
import {fitMaxEntMixedWeights} from "../../../src/entropy/mixing/fitMaxEntMixedWeights.js";
import {influenceVariance} from "../../../src/entropy/mixing/influence.js";
import {likelihoodRows} from "../../../src/entropy/mixing/rows.js";
import {sequences} from "../../../src/entropy/mixing/sequences.js";
import {tasteGrid, tasteDraws} from "../../../src/entropy/mixing/tastes.js";
import {dot} from "../../../src/entropy/mixing/sums.js";
import type {MixedWeightsFit} from "../../../src/entropy/mixing/types.js";
import {fitMenus} from "../../../src/entropy/mixing/uncertainty.js";
import {solveWeights, type WeightsProblem} from "../../../src/entropy/mixing/weightsDual.js";
import {ChoiceError} from "../../../src/errors.js";
import {close, read, rowsOf} from "../../support/world.js";
import {twoTypes} from "./worlds.js";

const data = twoTypes(80, 8, 7);
const tastes = tasteGrid({price: {from: -4, to: 1, points: 41}});
const hold = {quality: 0.7};
const fit = (tau: number | "cv", more = {}) => fitMaxEntMixedWeights(data, {tastes, hold, tau, sensitivity: false, ...more});

const refuses = async (code: string, work: Promise<unknown>) => assert.rejects(work, (error) => error instanceof ChoiceError && error.code === code, code);

/** ln P_ir, (I, R), from the definition. */
function table(found: MixedWeightsFit): Float64Array[] {
  const menus = fitMenus(found);
  const fill = sequences(menus, found.tastes);
  return Array.from({length: menus.people}, (_, i) => fill(i, new Float64Array(0), 0).logP.slice());
}

/** sum_i P_ir / P_i and ln P_i, from the definition. */
function scoresOf(found: MixedWeightsFit): {readonly scores: Float64Array; readonly value: number} {
  const scores = new Float64Array(found.weights.length);
  let value = 0;
  for (const logP of table(found)) {
    const top = Math.max(...logP);
    const P = logP.reduce((sum, l, r) => sum + found.weights[r] * Math.exp(l - top), 0);
    logP.forEach((l, r) => { scores[r] += Math.exp(l - top) / P; });
    value += top + Math.log(P);
  }
  return {scores, value};
}

for (const tau of [1000, 30, 1, 0.1, 0.01]) {
  test(`tau ${tau}: scores less tau ln(theta / q) are equal at all tastes, to 1e-8 of the people`, async () => {
    const found = await fit(tau);
    assert.ok(found.ending.converged && found.kkt < 1e-10, `${found.kkt}`);
    const {scores, value} = scoresOf(found);
    const levels = scores.map((s, r) => s - tau * (found.logWeights[r] - tastes.logBase[r]));
    const gap = Math.max(...levels) - Math.min(...levels);
    assert.ok(gap / 80 < 1e-8, `${gap}`);
    close(found.logLikelihood, value, 1e-12);
    close(found.penalised, value - tau * found.identification.divergence, 1e-12);
    close(found.weights.reduce((sum, w) => sum + w, 0), 1, 1e-13);
    // No other weights are better: towards any single taste, the penalised likelihood falls.
    for (const r of [0, 12, 20, 28, 40]) {
      const moved = found.weights.map((w, s) => 0.999 * w + (s === r ? 0.001 : 0));
      const likelihood = table(found).reduce((sum, logP) => {
        const top = Math.max(...logP);
        return sum + top + Math.log(logP.reduce((part, l, s) => part + moved[s] * Math.exp(l - top), 0));
      }, 0);
      const divergence = moved.reduce((sum, w, s) => sum + (w > 0 ? w * (Math.log(w) - tastes.logBase[s]) : 0), 0);
      assert.ok(likelihood - tau * divergence < found.penalised);
    }
  });
}

test("the limits of tau: the base at infinity, the nonparametric maximum at zero", async () => {
  const base = await fit(1e7);
  assert.ok(base.identification.divergence < 1e-8);
  base.weights.forEach((w) => close(w, 1 / 41, 1e-3));
  const zero = await fit(0);
  let [last, far] = [-Infinity, Infinity];
  for (const tau of [1, 0.1, 0.01, 1e-3, 1e-4]) {
    const found = await fit(tau);
    assert.ok(found.logLikelihood > last, "likelihood grows as tau falls");
    // tau times the divergence is all that is lost.
    assert.ok(zero.logLikelihood - found.logLikelihood >= -1e-9 && zero.logLikelihood - found.logLikelihood <= tau * zero.identification.divergence);
    [last, far] = [found.logLikelihood, zero.logLikelihood - found.logLikelihood];
  }
  assert.ok(far < 1e-6, `${far}`);
});

test("tau 0: no taste scores above the people's number, those with weight exactly so (Lindsay 1983)", async () => {
  for (const found of [await fit(0), await fitMaxEntMixedWeights(data, {tastes: tasteGrid({price: {from: -4, to: 1, points: 26}, quality: {from: -1, to: 2, points: 13}}), tau: 0}), await fitMaxEntMixedWeights(data, {tastes: tasteDraws({price: {family: "normal", mean: -1, sd: 1.5}}, {draws: 300}), hold, tau: 0})]) {
    assert.ok(found.ending.converged && found.kkt < 1e-9);
    const {scores, value} = scoresOf(found);
    scores.forEach((s, r) => {
      assert.ok(s / 80 < 1 + 1e-9, `${s}`);
      if (found.weights[r] > 0) close(s / 80, 1, 1e-9);
    });
    close(found.logLikelihood, value, 1e-12);
    assert.ok(found.weights.filter((w) => w > 0).length <= 20, "few points");
    assert.ok(found.estimates.rows.every(({error, why}) => error === null && why !== undefined));
  }
});

test("EM from the base climbs to the same weights", async () => {
  const found = await fit(0);
  const rows = table(found).map((logP) => { const top = Math.max(...logP); return logP.map((l) => Math.exp(l - top)); });
  let theta = new Float64Array(41).fill(1 / 41);
  let last = -Infinity;
  for (let step = 0; step < 3000; ++step) {
    const next = new Float64Array(41);
    let value = 0;
    for (const row of rows) {
      const P = dot(theta, row);
      value += Math.log(P);
      row.forEach((p, r) => { next[r] += (theta[r] * p) / P / rows.length; });
    }
    assert.ok(value >= last - 1e-10);
    [theta, last] = [next, value];
  }
  const top = table(found).reduce((sum, logP) => sum + Math.max(...logP), 0);
  assert.ok(found.logLikelihood >= top + last - 1e-10 && found.logLikelihood - (top + last) < 1e-2, `${found.logLikelihood - top - last}`);
});

test("two types of people: the weights gather around them", async () => {
  const world = twoTypes(400, 12, 3);
  const found = await fitMaxEntMixedWeights(world, {tastes: tasteGrid({price: {from: -4, to: 1, points: 51}}), hold, tau: 0.5, sensitivity: false});
  const mass = (low: number, high: number) => found.weights.reduce((sum, w, r) => sum + (found.tastes.points[0][r] > low && found.tastes.points[0][r] < high ? w : 0), 0);
  assert.ok(Math.abs(mass(-2.75, -1.35) - 0.4) < 0.08, `${mass(-2.75, -1.35)}`);
  assert.ok(Math.abs(mass(-0.95, -0.15) - 0.6) < 0.1, `${mass(-0.95, -0.15)}`);
  for (const [name, truth] of [["mean[price]", -1.1], ["sd[price]", Math.sqrt(0.24) * 1.5]] as const) {
    const {estimate, error} = found.estimates.rows.find((row) => row.name === name)!;
    assert.ok(error! > 0.01 && error! < 0.1 && Math.abs(estimate - truth) < 3 * error!, `${name} ${estimate} (${error})`);
  }
});

test("the infinitesimal jackknife is the derivative by people's weights", async () => {
  const found = await fit(2);
  const menus = fitMenus(found);
  const problem: WeightsProblem = {rows: likelihoodRows(menus, tastes), units: Int32Array.from(menus.weight.keys()), weight: menus.weight, logBase: tastes.logBase};
  const slope = tastes.points[0];
  const influence: number[] = [];
  for (let i = 0; i < 80; ++i) {
    const mean = async (w: number) => dot((await solveWeights({...problem, weight: problem.weight.map((v, u) => (u === i ? w : v))}, 2, () => undefined, {start: found.multipliers})).weights.theta, slope);
    influence.push((await mean(1 + 1e-3) - await mean(1 - 1e-3)) / 2e-3);
  }
  const middle = influence.reduce((sum, x) => sum + x, 0) / 80;
  const wanted = influence.reduce((sum, x) => sum + (x - middle) ** 2, 0);
  const [variance] = await influenceVariance(problem, menus, {nu: found.multipliers, weights: {theta: found.weights, log: found.logWeights, normaliser: 0}}, 2, [slope], () => undefined);
  close(variance / wanted, 1, 1e-4);
  close(found.estimates.rows[0].error!, Math.sqrt(wanted), 1e-4);
});

test("weights of people are counts", async () => {
  const rows = rowsOf(data);
  const twice = [...rows, ...rows.filter(({person}) => Number(person) % 2 === 0).map((r) => ({...r, person: `${r.person} again`, situation: `${r.situation} again`}))];
  const options = {tastes, hold, tau: 1, sensitivity: false};
  const weighted = await fitMaxEntMixedWeights(read(rows.map((r) => ({...r, weight: Number(r.person) % 2 === 0 ? 2 : 1})), {weights: "weight"}), options);
  const counted = await fitMaxEntMixedWeights(read(twice), options);
  weighted.weights.forEach((w, r) => close(w, counted.weights[r], 1e-10));
});

test("tau chosen on people left out: the likelihood of people never seen, for each tau, the best taken", async () => {
  const found = await fit("cv", {taus: [0.1, 3, 300], folds: 4, seed: 5});
  assert.equal(found.how, "cross-validated");
  assert.deepEqual(found.tried!.map(({tau}) => tau), [0.1, 3, 300]);
  assert.equal(found.tau, found.tried!.reduce((best, item) => (item.heldOut > best.heldOut ? item : best)).tau);
  assert.ok(found.tried!.every(({heldOut}) => heldOut < found.logLikelihood), "held out is worse than seen");
  const again = await fit("cv", {taus: [0.1, 3, 300], folds: 4, seed: 5});
  assert.deepEqual(again.tried, found.tried);
});

test("a tau at an end of those tried is told, one inside is not", async () => {
  const whole = await fit("cv", {taus: [0.1, 3, 300], folds: 4, seed: 5});
  const said = async (taus: number[]) => (await fit("cv", {taus, folds: 4, seed: 5})).notes.filter(({code}) => code === "mixing/edge-of-taus").map(({text}) => text);
  assert.equal(whole.tau, 3);
  assert.deepEqual(await said([300, 0.1, 3]), []);
  assert.match((await said([300, 3]))[0], /smallest tau tried, 3: a smaller/);
  assert.match((await said([0.1, 3]))[0], /largest tau tried, 3: a larger/);
  assert.deepEqual(await said([3]), []);
});

test("the certificate bounds what the penalised log-likelihood can gain, and columns left out are named", async () => {
  for (const tau of [1, 0]) {
    const {certificate, kkt, notes} = await fit(tau);
    assert.equal(certificate.residual, kkt);
    assert.ok(certificate.gap! >= 0 && certificate.gap! < 1e-9, `${certificate.gap}`);
    assert.match(notes.find(({code}) => code === "mixing/left-out")!.text, /^Not in utility: intercepts\./);
  }
  const best = await fit(0.1);
  const early = await fit(0.1, {iterations: 1});
  const lost = (best.penalised - early.penalised) / 80;
  assert.ok(!early.ending.converged && lost > 1e-9 && early.certificate.gap! >= lost, `${lost} of at most ${early.certificate.gap}`);
});

test("what is not understood is refused; a fit that is stopped returns its best so far", async () => {
  await refuses("mixing/tau", fit(-1));
  await refuses("mixing/tau", fit("auto" as never));
  await refuses("mixing/tau", fit("cv", {folds: 1}));
  await refuses("mixing/tau", fit("cv", {taus: []}));
  await refuses("options/unknown", fit(1, {tua: 1}));
  await refuses("model/held-value", fit(1, {hold: {quality: NaN}}));
  await refuses("model/unknown-column", fit(1, {hold: {qualty: 1}}));
  const stop = new AbortController();
  const big = twoTypes(300, 6, 2);
  const found = await fitMaxEntMixedWeights(big, {tastes: tasteGrid({price: {from: -4, to: 1, points: 41}, quality: {from: -1, to: 3, points: 41}}), tau: 0.01, signal: stop.signal, progress: () => stop.abort()});
  assert.equal(found.ending.code, "stopped");
  close(found.weights.reduce((sum, w) => sum + w, 0), 1, 1e-12);
});

test("with utilities of 700 nothing is NaN", async () => {
  const wild = read(rowsOf(data).map((r) => ({...r, price: Number(r["price"]) * 90})));
  for (const tau of [1, 0]) {
    const found = await fitMaxEntMixedWeights(wild, {tastes, hold: {quality: 300}, tau, sensitivity: false});
    assert.ok(found.ending.converged);
    assert.ok([...found.weights, found.logLikelihood, ...found.estimates.rows.map(({estimate}) => estimate)].every(Number.isFinite));
  }
});
