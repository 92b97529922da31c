import assert from "node:assert/strict";
import test from "node:test";
import {datasets} from "../../src/data/datasets.js";
import {fromLong} from "../../src/data/fromLong.js";
import {cells} from "../../src/entropy/cells.js";
import {fitMaxEnt} from "../../src/entropy/fitMaxEnt.js";
import {fitMaxEntSupports} from "../../src/entropy/fitMaxEntSupports.js";
import {fano, mutualInformation} from "../../src/explain/mutualInformation.js";
import {source} from "../../src/math/random.js";
import {simulate} from "../../src/simulate/simulate.js";
import {pairs, six} from "../entropy/cases.js";
import {allClose, close, read, refuses, rowsOf} from "../support/world.js";
import {ragged, raggedData} from "./fixture.js";

const entropy = (x: readonly number[]) => x.reduce((sum, p) => sum - (p > 0 ? p * Math.log(p) : 0), 0);
const mean = (values: readonly number[], weights: readonly number[]) => values.reduce((sum, v, k) => sum + v * weights[k], 0) / weights.reduce((sum, w) => sum + w, 0);
const attributes = ["price", "quality", {attribute: "income", byAlternative: true}];

test("travel mode: for the multinomial logit it is (log-likelihood - that of intercepts) / N, and the number known", async () => {
  // Greene's model: intercepts, generalised cost, terminal time, and income for air alone; the car as base. 0.4030019034 is
  // from a program of its own, as are the log-likelihoods.
  const data = fromLong(await datasets.travelmode.columns(), {chosen: "choice", alternative: "mode", situation: "individual", attributes: ["gc", "ttme", "hinc"]});
  const fit = await fitMaxEnt(data, {noise: false, base: "car", attributes: ["gc", "ttme", {attribute: "hinc", alternatives: ["air"]}]});
  const alone = await fitMaxEnt(data, {noise: false, base: "car", attributes: []});
  close(fit.logLikelihood!, -199.12836872, 1e-10);
  close(alone.logLikelihood!, -283.7587684, 1e-9);
  const {information, marginal, coefficient, sets, availability} = mutualInformation(fit);
  close(information, 0.4030019034, 1e-10);
  close(information, (fit.logLikelihood! - alone.logLikelihood!) / 210, 1e-11);
  close(marginal, 283.7587684 / 210, 1e-9);
  close(coefficient, 1 - 199.12836872 / 283.7587684, 1e-9);
  assert.deepEqual([sets, availability], [1, 0]);
});

test("six situations, supports: the number known", async () => {
  const fit = await fitMaxEntSupports(six, {tier: "mnl", supports: 5, noise: {sumToZero: false}});
  close(mutualInformation(fit).information, 0.003754505209, 1e-12);
});

test("the definition, written out: weights, pointwise divergences, parts by alternative, bits", async () => {
  const {data} = simulate({tier: "mnlIntercepts"}, {people: 60, situations: 2, seed: 2});
  const weighted = read(rowsOf(data).map((row) => ({...row, weight: 1 + (Number(row["person"]) % 4)})), {weights: "weight"});
  for (const fit of [await fitMaxEnt(weighted), await fitMaxEntSupports(weighted, {supports: 3})]) {
    const w = [...weighted.weight];
    const p = w.map((_, n) => [...cells(fit.programme, fit.solution, n).p]);
    const pbar = [0, 1, 2].map((j) => mean(p.map((row) => row[j]), w));
    const found = mutualInformation(fit);
    close(found.marginal, entropy(pbar), 1e-13);
    close(found.conditional, mean(p.map(entropy), w), 1e-13);
    close(found.information, entropy(pbar) - mean(p.map(entropy), w), 1e-13);
    close(found.coefficient, found.information / entropy(pbar), 1e-12);
    allClose(found.pointwise, p.map((row) => row.reduce((sum, v, j) => sum + v * Math.log(v / pbar[j]), 0)), 1e-12);
    close(mean([...found.pointwise], w), found.information, 1e-12);
    allClose(found.alternatives.map(({share}) => share), pbar, 1e-13);
    close(found.alternatives.reduce((sum, row) => sum + row.information, 0), found.information, 1e-12);
    close(found.errorRate.expected, 1 - mean(p.map((row) => Math.max(...row)), w), 1e-13);
    const bits = mutualInformation(fit, {units: "bits"});
    for (const part of ["information", "marginal", "conditional", "attributes"] as const) close(bits[part] * Math.LN2, found[part], 1e-13);
    allClose(bits.pointwise.map((v) => v * Math.LN2), found.pointwise, 1e-13);
    close(bits.coefficient, found.coefficient, 1e-13);
    assert.deepEqual(bits.errorRate, found.errorRate);
  }
});

test("where choice sets differ, what availability tells and what attributes tell beside it add up", async () => {
  const data = raggedData(200);
  const fit = await fitMaxEnt(data, {attributes});
  const found = mutualInformation(fit);
  assert.equal(found.sets, 4);
  const key = data.weight.reduce<string[]>((keys, _, n) => [...keys, data.alternative.subarray(data.situation[n], data.situation[n + 1]).slice().sort().join()], []);
  const [w, J] = [[...data.weight], data.alternatives.length];
  const p = w.map((_, n) => {
    const row = Array<number>(J).fill(0);
    cells(fit.programme, fit.solution, n).p.forEach((v, j) => { row[data.alternative[data.situation[n] + j]] = v; });
    return row;
  });
  const pbar = (members: readonly number[]) => Array.from({length: J}, (_, j) => mean(members.map((n) => p[n][j]), members.map((n) => w[n])));
  const everyone = w.map((_, n) => n);
  const within = [...new Set(key)].reduce((sum, own) => {
    const members = everyone.filter((n) => key[n] === own);
    return sum + entropy(pbar(members)) * members.reduce((total, n) => total + w[n], 0);
  }, 0) / w.reduce((a, b) => a + b, 0);
  close(found.availability, entropy(pbar(everyone)) - within, 1e-12);
  close(found.attributes, within - mean(p.map(entropy), w), 1e-12);
  close(found.availability + found.attributes, found.information, 1e-12);
  assert.ok(found.availability > 0 && found.attributes > 0);
  assert.deepEqual(found.notes, []);
  const few = mutualInformation(await fitMaxEnt(raggedData(16), {attributes: ["price"], intercepts: false}));
  assert.ok(few.notes.some(({code}) => code === "explain/many-sets"), "four sets in sixteen situations");
});

test("attributes that tell nothing have no information, and a situation told twice has its weight", async () => {
  const flat = await fitMaxEnt(six, {noise: false, attributes: []});
  close(mutualInformation(flat).information, 0, 1e-12);
  close(mutualInformation(flat).coefficient, 0, 1e-12);
  const rows = ragged(40);
  const copies = rows.flatMap((row) => Array.from({length: Number(row["weight"])}, (_, copy) => ({...row, person: `${row["person"]}/${copy}`, situation: `${row["situation"]}/${copy}`, weight: 1})));
  const [one, other] = [mutualInformation(await fitMaxEnt(read(rows, {weights: "weight"}), {attributes})), mutualInformation(await fitMaxEnt(read(copies), {attributes}))];
  for (const part of ["information", "marginal", "availability", "coefficient"] as const) close(one[part], other[part], 1e-10, part);
});

test("no guess is wrong less often than Fano allows, whatever the probabilities", () => {
  const stream = source(3).stream("fano");
  for (let turn = 0; turn < 2000; ++turn) {
    const J = 2 + stream.below(8);
    const sharpness = Math.exp(4 * stream.uniform() - 1);
    const q = Array.from({length: J}, () => stream.uniform() ** sharpness);
    const p = q.map((v) => v / q.reduce((a, b) => a + b, 0));
    const wrong = 1 - Math.max(...p);
    const {fano: usual, sharp} = fano(entropy(p), J);
    assert.ok(sharp <= wrong + 1e-12, `${p.join(" ")}: ${sharp} but ${wrong}`);
    if (J >= 3) assert.ok(usual <= sharp + 1e-12 && usual >= 0);
    else assert.ok(Number.isNaN(usual));
  }
  // It is met where all others are alike.
  const p = [0.7, 0.1, 0.1, 0.1];
  close(fano(entropy(p), 4).sharp, 0.3, 1e-12);
  close(fano(entropy(p), 4).fano, (entropy(p) - Math.LN2) / Math.log(3), 1e-15);
  close(fano(Math.log(5), 5).sharp, 0.8, 1e-12);
  close(fano(entropy([0.2, 0.8]), 2).sharp, 0.2, 1e-12);
  assert.equal(fano(0, 3).sharp < 1e-12, true);
});

test("choices between two: the usual bound says nothing, the sharp one does", async () => {
  const {errorRate} = mutualInformation(await fitMaxEnt(pairs, {tier: "mnl", noise: false}));
  assert.ok(Number.isNaN(errorRate.fano));
  assert.ok(errorRate.sharp > 0 && errorRate.sharp <= errorRate.expected);
});

test("what is no fit, and what is no unit, is refused", async () => {
  const fit = fitMaxEnt(six, {tier: "mnl"});
  await refuses("explain/not-maxent", () => mutualInformation(fit as never), "await");
  await refuses("explain/units", async () => mutualInformation(await fit, {units: "bans" as never}), "nats");
  await refuses("options/unknown", async () => mutualInformation(await fit, {base: 2} as never));
});
