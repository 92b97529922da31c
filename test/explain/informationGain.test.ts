import assert from "node:assert/strict";
import test from "node:test";
import {fitMaxEnt} from "../../src/entropy/fitMaxEnt.js";
import {fitMaxEntSupports} from "../../src/entropy/fitMaxEntSupports.js";
import type {MaxEntFit} from "../../src/entropy/maxEntFit.js";
import {entropyTable} from "../../src/explain/entropyTable.js";
import {informationGain} from "../../src/explain/informationGain.js";
import {shapley} from "../../src/explain/shapley.js";
import {simulate} from "../../src/simulate/simulate.js";
import {six} from "../entropy/cases.js";
import {allClose, close, read, refuses} from "../support/world.js";
import {ragged, raggedData} from "./fixture.js";

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((all, v) => all + v, 0);
const h = (p: number) => -p * Math.log(p) - (1 - p) * Math.log(1 - p);

// Numbers from a program of its own, in another language: the dual of `test/entropy/cases.ts` solved for every nested set of
// moments, entropies and divergences summed cell by cell.
const five = () => fitMaxEntSupports(six, {tier: "mnl", supports: 5, noise: {sumToZero: false}});

test("six situations, price and quality: the chain from nothing known to both totals, to the last digit known", async () => {
  const {stages, steps, total, explained, residual} = await informationGain(await five());
  assert.deepEqual(stages.map(({name}) => name), ["uniform", "structure", "price", "quality"]);
  assert.deepEqual(stages.map(({moments}) => moments), [[], [], ["price"], ["price", "quality"]]);
  allClose(stages.map((stage) => stage.total), [48.744903619840, 46.694065522828, 46.677194664829, 46.537712143036], 1e-13);
  allClose(steps.map(({gain}) => gain), [2.050838097012, 0.016870857998, 0.139482521794], 1e-12);
  close(steps[1].signal, 0.001666329413, 1e-12);
  close(steps[1].noise, 0.015204528585, 1e-12);
  close(steps[2].signal, 0.052184144941, 1e-12);
  close(steps[2].noise, 0.087298376853, 1e-12);
  close(2 * explained!.total, 0.312706759584, 1e-12);
  close(total, 48.744903619840 - 46.537712143036, 1e-12);
  close(stages[3].signal, 26.848442775375, 1e-13);
  close(stages[3].noise, 19.689269367661, 1e-13);
  assert.ok(residual < 1e-12, `${residual}`);
});

test("six situations: normalised entropies to the last digit known", async () => {
  const {normalized, information, signal, noise, p, labels} = entropyTable(await five());
  assert.deepEqual(labels, ["all"]);
  close(normalized.signal[0], 0.926770857493, 1e-12);
  close(normalized.noise[0], 0.995663629004, 1e-12);
  close(normalized.p[0], 0.996558397432, 1e-12);
  close(information[0], 1 - 0.996558397432, 1e-12);
  allClose([signal[0], noise[0]], [26.848442775375, 19.689269367661], 1e-13);
  close(p[0], 0.996558397432 * 6 * Math.log(3), 1e-12);
});

const attributes = ["price", "quality", {attribute: "income", byAlternative: true}];

/** Programmes of every kind, over choice sets of two to four and over plain ones, weighted or not. */
async function fits(): Promise<readonly (readonly [string, MaxEntFit])[]> {
  const weighted = raggedData(60);
  const {data} = simulate({tier: "mnlIntercepts"}, {people: 50, situations: 2, seed: 11});
  const total = (fit: MaxEntFit, name: string) => fit.moments.find((moment) => moment.name === name)!.target;
  const exact = await fitMaxEnt(weighted, {attributes});
  return [
    ["logit without noise", await fitMaxEnt(weighted, {attributes, noise: false})],
    ["logit", exact],
    ["logit, wide free noise", await fitMaxEnt(data, {noise: {v: 0.7, sumToZero: false, points: 4}})],
    ["logit from a prior, errors expected small", await fitMaxEnt(data, {prior: {a: 0.5, b: 0.3, c: 0.2}, noise: {v: 0.3, prior: [0.1, 0.7, 0.2]}})],
    ["two supports without noise", await fitMaxEntSupports(weighted, {attributes, noise: false})],
    ["five supports", await fitMaxEntSupports(weighted, {attributes, supports: 5})],
    ["supports from a prior, lopsided noise", await fitMaxEntSupports(data, {supports: [0, 0.2, 1], prior: [0.5, 0.3, 0.2], noise: {v: 0.2, points: [-1, 0.2, 1.5]}})],
    ["totals with noise of their own", await fitMaxEnt(weighted, {attributes, totals: {price: {total: total(exact, "price") * 1.05, sd: 6}, quality: {total: total(exact, "quality") + 2, sd: 3}}})]
  ];
}
const all = fits();

test("gains are never negative, add up to all that is told, and are the divergences between the distributions", async () => {
  for (const [name, fit] of await all) {
    const {stages, steps, total, explained, residual, complete} = await informationGain(fit, {shapley: false});
    assert.ok(complete, name);
    assert.ok(residual < 1e-9, `${name}: ${residual}`);
    for (const step of steps) {
      assert.ok(step.gain > -1e-10, `${name}, ${step.name}: ${step.gain}`);
      for (const part of [step.signal, step.noise, step.slack]) assert.ok(part > -1e-10, `${name}, ${step.name}`);
    }
    close(sum(steps.map(({gain}) => gain)), total, 1e-11, name);
    close(explained!.signal + explained!.noise + explained!.slack, explained!.total, 1e-9, name);
    close(sum(steps.slice(1).map(({gain}) => gain)), explained!.total, 1e-11, name);
    close(stages[stages.length - 1].total, fit.solution.value, 1e-13, name);
    close(stages[stages.length - 1].p, fit.entropies.p, 1e-11, name);
    close(stages[stages.length - 1].information, fit.entropies.information, 1e-11, name);
  }
});

test("a prior is where the chain begins: nothing is told there", async () => {
  const {stages} = await informationGain((await all)[3][1]);
  assert.equal(stages[0].name, "prior");
  close(stages[0].total, 0, 1e-12);
  assert.ok(stages[1].total <= 1e-12 && stages[stages.length - 1].total < -1e-3);
});

test("the structure costs a logit nothing, and two supports the entropy of coins that must agree", async () => {
  const [plain, coins] = await Promise.all([informationGain((await all)[0][1]), informationGain((await all)[4][1])]);
  close(plain.steps[0].gain, 0, 1e-12);
  const {weight, situation} = (await all)[4][1].programme;
  const cost = sum(weight.map((w, n) => {
    const J = situation[n + 1] - situation[n];
    return w * J * (Math.LN2 - h(1 / J));
  }));
  close(coins.steps[0].gain, cost, 1e-12);
});

test("stages, drops and what a group adds alone are those of fits with these moments only", async () => {
  const data = raggedData(60);
  for (const fitted of [(attributes: string[], intercepts = true) => fitMaxEnt(data, {attributes, intercepts, noise: {v: 0.2}}), (attributes: string[], intercepts = true) => fitMaxEntSupports(data, {attributes, intercepts, supports: 3, noise: {v: 0.2}})]) {
    const whole = await fitted(["price", "quality"]);
    const {stages, steps} = await informationGain(whole, {chain: ["price", "intercepts", "quality"]});
    const D = async (attributes: string[], intercepts?: boolean) => (await fitted(attributes, intercepts)).solution.value;
    close(stages[2].total, await D(["price"], false), 1e-12);
    close(stages[3].total, await D(["price"]), 1e-12);
    close(steps[1].dropped!, await D(["quality"]) - whole.solution.value, 1e-10);
    close(steps[2].dropped!, await D(["price", "quality"], false) - whole.solution.value, 1e-10);
    close(steps[3].dropped!, await D(["price"]) - whole.solution.value, 1e-10);
    close(steps[3].alone!, stages[1].total - await D(["quality"], false), 1e-10);
    close(steps[1].alone!, steps[1].gain, 1e-12);
  }
});

test("Shapley values add up to what the moments tell, in whatever order they are named", async () => {
  for (const [name, fit] of (await all).filter((_, k) => [1, 5, 7].includes(k))) {
    const chains = [["price", "intercepts", "quality", "income"], ["income", "quality", "price", "intercepts"]];
    const [one, other] = await Promise.all(chains.map((chain) => informationGain(fit, {chain})));
    close(sum(one.steps.slice(1).map((step) => step.shapley!)), one.explained!.total, 1e-10, name);
    for (const step of one.steps.slice(1)) {
      const same = other.steps.find((again) => again.name === step.name)!;
      close(step.shapley!, same.shapley!, 1e-10, `${name}, ${step.name}`);
      close(step.alone!, same.alone!, 1e-10, `${name}, ${step.name}`);
      close(step.dropped!, same.dropped!, 1e-10, `${name}, ${step.name}`);
    }
  }
});

test("Shapley values are taken unasked up to four groups, and beyond when asked for", async () => {
  const [, fit] = (await all)[1];
  const given = async (options: object) => (await informationGain(fit, options)).steps.slice(1).map((step) => step.shapley !== undefined);
  assert.deepEqual(await given({}), Array<boolean>(6).fill(false));
  assert.deepEqual(await given({shapley: true}), Array<boolean>(6).fill(true));
  assert.deepEqual(await given({chain: ["price"], shapley: false}), [false, false]);
  assert.deepEqual(await given({chain: ["price"]}), [true, true]);
});

test("of two groups, each has the mean of being first and of being last", async () => {
  const {steps} = await informationGain(await five());
  for (const step of steps.slice(1)) close(step.shapley!, (step.alone! + step.dropped!) / 2, 1e-12);
});

test("Shapley values of games that are known: the glove game, a majority, and one that adds up", () => {
  // One has a left glove, two have right ones; a pair is worth one.
  allClose(shapley((s) => Number((s & 1) > 0 && (s & 6) > 0), 3), [2 / 3, 1 / 6, 1 / 6], 1e-15);
  // Votes 4, 3, 2, 1 with a quota of 6: of the 24 orders, 10, 6, 6 and 2 have each as the one that decides.
  const votes = [4, 3, 2, 1];
  const own = (s: number, worth: readonly number[]) => worth.reduce((total, w, g) => total + (s & (1 << g) ? w : 0), 0);
  allClose(shapley((s) => Number(own(s, votes) >= 6), 4), [10 / 24, 6 / 24, 6 / 24, 2 / 24], 1e-15);
  allClose(shapley((s) => own(s, [0.3, -1, 2, 5, 0.1, 7, 8, 9]), 8), [0.3, -1, 2, 5, 0.1, 7, 8, 9], 1e-13);
});

test("bits are nats over ln 2; shares stay as they are", async () => {
  const fit = await five();
  const [nats, bits] = [await informationGain(fit), await informationGain(fit, {units: "bits"})];
  bits.steps.forEach((step, t) => {
    for (const part of ["gain", "signal", "noise", "slack", "dropped", "alone", "shapley"] as const) if (step[part] !== undefined) close(step[part]! * Math.LN2, nats.steps[t][part]!, 1e-14, part);
    if (t) close(step.onNoise, nats.steps[t].onNoise, 1e-14);
  });
  bits.stages.slice(1).forEach((stage, t) => {
    for (const part of ["signal", "noise", "total", "p"] as const) close(stage[part] * Math.LN2, nats.stages[t + 1][part], 1e-14, part);
    close(stage.information, nats.stages[t + 1].information, 1e-14);
  });
  close(bits.total * Math.LN2, nats.total, 1e-14);
  close(nats.entropies.bits.signal * Math.LN2, fit.entropies.signal, 1e-14);
  assert.deepEqual(nats.entropies.nats, fit.entropies);
});

test("groups: all intercepts at once, attributes by name, and the rest at the end", async () => {
  const {data} = simulate({tier: "mnlSlopes"}, {people: 80, situations: 2, seed: 4});
  const fit = await fitMaxEnt(data, {tier: "mnlSlopes"});
  const names = async (chain?: (string | string[])[]) => (await informationGain(fit, {chain, shapley: false})).steps.map(({name, moments}) => [name, moments.length]);
  const columns = fit.moments.map(({name}) => name);
  const byAlternative = columns.filter((name) => name.startsWith("price["));
  assert.ok(byAlternative.length >= 2);
  assert.deepEqual(await names(), [["structure", 0], ["intercepts", 2], ...columns.slice(2).map((name) => [name, 1])]);
  assert.deepEqual(await names(["price"]), [["structure", 0], ["price", byAlternative.length], ["rest", columns.length - byAlternative.length]]);
  assert.deepEqual(await names([["intercepts", byAlternative[0]]]), [["structure", 0], [`intercepts + ${byAlternative[0]}`, 3], ["rest", columns.length - 3]]);
});

test("entropies by situation and by alternative add up, on ragged sets with weights", async () => {
  for (const [name, fit] of await all) {
    const [total, situations, alternatives] = (["total", "situation", "alternative"] as const).map((by) => entropyTable(fit, {by}));
    for (const part of ["signal", "noise", "p"] as const) {
      close(sum(situations[part]), total[part][0], 1e-12, name);
      close(sum(alternatives[part]), total[part][0], 1e-12, name);
      close(sum(situations.most[part]), total.most[part][0], 1e-12, name);
      close(sum(alternatives.most[part]), total.most[part][0], 1e-12, name);
      close(total[part][0], fit.entropies[part], 1e-11, name);
    }
    close(total.weight[0], sum(fit.programme.weight), 1e-12);
    assert.deepEqual(situations.labels, fit.data.situations);
    assert.deepEqual(alternatives.labels, fit.data.alternatives);
    assert.ok(situations.normalized.p.every((s) => s > 0 && s <= 1 + 1e-12), name);
    assert.ok(alternatives.normalized.signal.every((s) => s > 0) && alternatives.normalized.signal.every((s) => fit.kind === "logit" || s <= 1), name);
  }
  const twice = (await all)[5][1];
  const n = 7;
  const {situation, weight} = twice.programme;
  const J = situation[n + 1] - situation[n];
  const row = entropyTable(twice, {by: "situation", units: "bits"});
  close(row.most.signal[n], weight[n] * J * Math.log2(5), 1e-12);
  close(row.most.p[n], weight[n] * Math.log2(J), 1e-12);
  close(row.weight[n], weight[n], 0);
});

test("a weight is a situation told as often", async () => {
  const rows = ragged(30);
  const copies = rows.flatMap((row) => Array.from({length: Number(row["weight"])}, (_, copy) => ({...row, person: `${row["person"]}/${copy}`, situation: `${row["situation"]}/${copy}`, weight: 1})));
  const [weighted, repeated] = [read(rows, {weights: "weight"}), read(copies)];
  for (const fitted of [fitMaxEnt, fitMaxEntSupports]) {
    const chain = ["intercepts", "price", "quality", "income"];
    const [one, other] = [await informationGain(await fitted(weighted, {attributes}), {chain}), await informationGain(await fitted(repeated, {attributes}), {chain})];
    allClose(one.steps.map(({gain}) => gain), other.steps.map(({gain}) => gain), 1e-10);
    allClose(one.steps.slice(1).map((step) => step.shapley!), other.steps.slice(1).map((step) => step.shapley!), 1e-10);
  }
});

test("stopped before it begins, or on the way, it returns what it has and says so", async () => {
  const fit = await five();
  const early = await informationGain(fit, {signal: AbortSignal.abort()});
  assert.deepEqual([early.complete, early.steps.length, early.stages.length, early.explained], [false, 0, 1, undefined]);
  assert.ok(early.notes.some(({code}) => code === "explain/stopped"));
  close(early.total, 2.207191476804, 1e-12);

  const big = await fitMaxEnt(simulate({tier: "mnlSlopes"}, {people: 400, situations: 5, seed: 4}).data, {tier: "mnlSlopes"});
  const whole = await informationGain(big, {shapley: false});
  const controller = new AbortController();
  // Once some of the programmes were begun, but before all were solved.
  let asked = 0;
  const signal = new Proxy(controller.signal, {get: (target, key) => (key === "aborted" && ++asked > 12 ? true : (Reflect.get(target, key) as unknown))});
  const late = await informationGain(big, {signal, shapley: false});
  assert.equal(late.complete, false);
  assert.ok(late.steps.length > 0 && late.steps.length < whole.steps.length, `${late.steps.length} of ${whole.steps.length}`);
  late.steps.forEach((step, t) => {
    close(step.gain, whole.steps[t].gain, 1e-10);
    if (t) close(step.dropped!, whole.steps[t].dropped!, 1e-10);
  });
  assert.ok(late.steps.every((step) => step.shapley === undefined));
});

test("what cannot be told is refused, with a way out", async () => {
  const fit = await five();
  await refuses("explain/not-maxent", () => informationGain(five() as never), "write await");
  await refuses("explain/not-maxent", () => entropyTable({} as never));
  await refuses("explain/unknown-name", () => informationGain(fit, {chain: ["prise"]}), "price");
  await refuses("explain/moment-twice", () => informationGain(fit, {chain: ["price", ["quality", "price"]]}));
  await refuses("explain/no-names", () => informationGain(fit, {chain: "price" as never}));
  await refuses("explain/no-names", () => informationGain(fit, {chain: [[]]}));
  await refuses("explain/units", () => informationGain(fit, {units: "bit" as never}), "bits");
  await refuses("explain/by", () => entropyTable(fit, {by: "alternatives" as never}), "alternative");
  await refuses("options/unknown", () => informationGain(fit, {order: []} as never));
  await refuses("options/kind", () => informationGain(fit, {shapley: 8 as never}));
  await refuses("options/kind", () => informationGain(fit, {signal: {} as never}), "controller.signal");
  const {data} = simulate({tier: "mnlSlopes"}, {people: 80, situations: 3, attributes: ["price", "quality", "size"], seed: 4});
  const many = await fitMaxEnt(data, {tier: "mnlSlopes"});
  await refuses("explain/too-many-groups", () => informationGain(many, {shapley: true}), "chain:");
  await refuses("explain/not-at-optimum", async () => informationGain(await fitMaxEnt(six, {iterations: 1})), "iterations");
});
