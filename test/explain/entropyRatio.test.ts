import assert from "node:assert/strict";
import test from "node:test";
import type {ChoiceData} from "../../src/data/choiceData.js";
import {datasets} from "../../src/data/datasets.js";
import {fromLong} from "../../src/data/fromLong.js";
import {offersOf} from "../../src/data/offers.js";
import {fitMaxEnt} from "../../src/entropy/fitMaxEnt.js";
import {fitMaxEntSupports} from "../../src/entropy/fitMaxEntSupports.js";
import type {MaxEntFit} from "../../src/entropy/maxEntFit.js";
import {solve} from "../../src/entropy/solve.js";
import {fitMnl, fitMnlIntercepts} from "../../src/estimate/tiers.js";
import {entropyRatio} from "../../src/explain/entropyRatio.js";
import {wald} from "../../src/explain/wald.js";
import {covariance} from "../../src/infer/covariance.js";
import {chiSquaredTail} from "../../src/math/chiSquared.js";
import {source} from "../../src/math/random.js";
import {simulate} from "../../src/simulate/simulate.js";
import {choicesOf, six} from "../entropy/cases.js";
import {close, inverted, read, refuses, rowsOf} from "../support/world.js";
import {raggedData} from "./fixture.js";

const {data} = simulate({tier: "mnlIntercepts"}, {people: 200, situations: 1, seed: 23});

test("travel mode: the entropy ratio against no moment at all, the number known", async () => {
  // Greene's model, as in mutualInformation.test.ts; 183.986894 = 2 (210 ln 4 - 199.12836872) from a program of its own.
  const travel = fromLong(await datasets.travelmode.columns(), {chosen: "choice", alternative: "mode", situation: "individual", attributes: ["gc", "ttme", "hinc"]});
  const options = {noise: false, base: "car", attributes: ["gc", "ttme", {attribute: "hinc", alternatives: ["air"]}]} as const;
  const ratio = await entropyRatio(await fitMaxEnt(travel, options));
  close(ratio.statistic, 183.986894, 1e-8);
  assert.deepEqual([ratio.form, ratio.degrees, ratio.dropped.length], ["entropy ratio", 6, 6]);
  close(ratio.p / chiSquaredTail(ratio.statistic, 6), 1, 1e-12);
});

test("without noise it is the likelihood ratio of the multinomial logit", async () => {
  const fit = await fitMaxEnt(data, {noise: false});
  const [all, some] = [await fitMnlIntercepts(data), await fitMnlIntercepts(data, {attributes: ["quality"]})];
  const ratio = await entropyRatio(fit, "price");
  close(ratio.statistic, 2 * (all.logLikelihood - some.logLikelihood), 1e-9);
  assert.deepEqual([ratio.form, ratio.degrees, ratio.dropped], ["likelihood ratio", 1, ["price"]]);
  const intercepts = await entropyRatio(fit, "intercepts");
  close(intercepts.statistic, 2 * (all.logLikelihood - (await fitMnl(data)).logLikelihood), 1e-9);
  assert.equal(intercepts.degrees, 2);
  const everything = await entropyRatio(fit, fit.moments.map(({name}) => name));
  close(everything.statistic, (await entropyRatio(fit)).statistic, 1e-10);
  close(everything.statistic, 2 * (all.logLikelihood + 200 * Math.log(3)), 1e-9);
});

test("with noise within 1/√N it is twice the difference of the duals, by names as by fits", async () => {
  for (const sumToZero of [true, false]) {
    const noise = {sumToZero};
    const [fit, restricted] = [await fitMaxEnt(data, {noise}), await fitMaxEnt(data, {noise, attributes: ["quality"]})];
    const [named, fitted] = [await entropyRatio(fit, ["price"]), await entropyRatio(fit, restricted)];
    close(named.statistic, 2 * (restricted.solution.value - fit.solution.value), 1e-9);
    close(named.statistic, fitted.statistic, 1e-9);
    assert.deepEqual([named.form, named.degrees, fitted.degrees, fitted.dropped], ["pseudo-likelihood ratio", 1, 1, ["price"]]);
    const zero = await entropyRatio(fit);
    close(zero.statistic, 2 * (200 * Math.log(3) - fit.entropies.p), 1e-10);
    assert.equal(zero.degrees, 4);
  }
});

test("against a prior, the entropy ratio is twice the divergence from it", async () => {
  const fit = await fitMaxEnt(data, {noise: false, prior: {a: 0.5, b: 0.3, c: 0.2}});
  const offset = data.chosen.reduce((sum, row) => sum + Math.log([0.5, 0.3, 0.2][data.alternative[row]]), 0);
  // ln L at the fit less ln L at the prior alone: a logit with the logarithm of the prior as an offset.
  close((await entropyRatio(fit)).statistic, 2 * (fit.logLikelihood! - offset), 1e-9);
});

test("another base, or one price cut into one by alternative: nested, though columns differ", async () => {
  const whole = await fitMaxEnt(data, {noise: false, attributes: [{attribute: "price", byAlternative: true}, "quality"]});
  const other = await fitMaxEnt(data, {noise: false, base: "c"});
  const ratio = await entropyRatio(whole, other);
  close(ratio.statistic, 2 * (whole.logLikelihood! - other.logLikelihood!), 1e-9);
  assert.equal(ratio.degrees, 2);
});

test("Wald: the quadratic form written out with another inverse, and the square of z for one", async () => {
  const fit = await fitMaxEntSupports(data, {supports: 3});
  for (const errors of ["robust", "model"] as const) {
    const one = wald(fit, "price", {errors});
    const k = fit.parameters.findIndex(({name}) => name === "price");
    close(one.statistic, fit.theta[k] ** 2 / covariance(fit, errors).matrix.get(k, k), 1e-12);
    assert.deepEqual([one.degrees, one.names, one.errors], [1, ["price"], errors]);
    const V = inverted(covariance(fit, errors).matrix.to2DArray());
    const all = wald(fit, undefined, {errors});
    close(all.statistic, [...fit.theta].reduce((sum, b, p) => sum + [...fit.theta].reduce((inner, c, q) => inner + b * V[p][q] * c, 0), 0), 1e-9);
    close(all.p, chiSquaredTail(all.statistic, 4), 0);
  }
  assert.equal(wald(fit, "price").errors, "robust");
  const [row] = fit.estimates.rows.filter(({name}) => name === "quality");
  close(wald(fit, "quality").statistic, row.z! ** 2, 1e-10);
});

test("Wald serves every fit, here a logit, whose likelihood ratio it is near", async () => {
  const fit = await fitMnlIntercepts(data);
  const test = wald(fit, "intercepts");
  const ratio = 2 * (fit.logLikelihood - (await fitMnl(data)).logLikelihood);
  assert.equal(test.degrees, 2);
  assert.ok(Math.abs(test.statistic / ratio - 1) < 0.15, `${test.statistic} and ${ratio}`);
});

test("size: true hypotheses are rejected about as often as said, and by supports they would not be", async () => {
  // 300 times the choices of 100 situations of three, two attributes that matter nothing, a test at 5%. A rate of 5% over 300 worlds has a
  // standard error of 1.3%: bands are three of these.
  const worlds = 300;
  const stream = source(2).stream("size");
  const critical = 5.991464547107979; // of chi-squared with 2 degrees of freedom
  let [plain, noisy, zero, robust, supports] = [0, 0, 0, 0, 0];
  const column = () => Array.from({length: 100}, () => Array.from({length: 3}, () => stream.normal()));
  const shelves = choicesOf({x: column(), y: column()}, Array<number>(100).fill(0));
  const nearly = await fitMaxEnt(shelves, {tier: "mnl"});
  const exactly = {...nearly, programme: {...nearly.programme, noise: undefined}} as MaxEntFit;
  for (let turn = 0; turn < worlds; ++turn) {
    const world = {...shelves, chosen: Int32Array.from({length: 100}, (_, n) => 3 * n + stream.below(3))} as ChoiceData;
    const [exact, near] = [await light(world, exactly), await light(world, nearly)];
    plain += Number((await entropyRatio(exact, ["x", "y"])).p < 0.05);
    noisy += Number((await entropyRatio(near, ["x", "y"])).p < 0.05);
    zero += Number((await entropyRatio(near)).p < 0.05);
    const tiltable = await fitMaxEntSupports(world, {tier: "mnl", supports: 5, noise: false});
    robust += Number(wald(tiltable).p < 0.05);
    supports += Number(2 * (tiltable.programme.weight.length * structure5 - tiltable.solution.value) > critical);
  }
  for (const [name, count] of [["likelihood ratio", plain], ["pseudo-likelihood ratio", noisy], ["entropy ratio", zero], ["robust Wald", robust]] as const) {
    assert.ok(count / worlds > 0.012 && count / worlds < 0.088, `${name} rejects ${count} of ${worlds}`);
  }
  assert.ok(supports / worlds > 0.25, `five supports: ${supports} of ${worlds}`);
});

/** A fit of other choices from the same sets, as far as `entropyRatio` reads it: the dual without its errors and notes, which take most of the time. */
async function light(world: ChoiceData, fit: MaxEntFit): Promise<MaxEntFit> {
  const {z, moments: K} = fit.programme;
  const targets = Float64Array.from({length: K}, (_, k) => world.chosen.reduce((sum, row) => sum + z[row * K + k], 0));
  const programme = {...fit.programme, targets};
  return {...fit, data: world, programme, solution: await solve(programme)};
}

/** Entropy of three cells over five points with mean 1/3 each: the most there is once probabilities add up. */
const structure5 = (() => {
  const points = [0, 0.25, 0.5, 0.75, 1];
  const tilted = (a: number) => {
    const q = points.map((s) => Math.exp(-s * a));
    return q.map((v) => v / q.reduce((x, y) => x + y, 0));
  };
  let [low, high] = [0, 20];
  for (let turn = 0; turn < 100; ++turn) {
    const a = (low + high) / 2;
    if (tilted(a).reduce((sum, q, m) => sum + q * points[m], 0) > 1 / 3) low = a;
    else high = a;
  }
  return -3 * tilted(low).reduce((sum, q) => sum + q * Math.log(q), 0);
})();

test("where there is no chi-squared it is refused, and Wald pointed to", async () => {
  await refuses("explain/no-chi-squared", async () => entropyRatio(await fitMaxEntSupports(data)), "wald");
  await refuses("explain/no-chi-squared", async () => entropyRatio(await fitMaxEnt(data, {noise: {v: 0.08}}), "price"), "wald", "1/√N = 0.0707");
  const narrow = await entropyRatio(await fitMaxEnt(data, {noise: {v: 0.05}}), "price");
  assert.equal(narrow.form, "pseudo-likelihood ratio");
  await refuses("explain/no-chi-squared", async () => entropyRatio(await fitMaxEnt(offersOf(six), {tier: "mnl", totals: {price: {total: 10, sd: 1}, quality: 3.9}})), "wald");
});

test("fits that are not nested, moments that are not there, and what is no fit are refused", async () => {
  const fit = await fitMaxEnt(data, {attributes: ["price"]});
  const other = await fitMaxEnt(data, {attributes: ["quality"]});
  await refuses("explain/not-nested", () => entropyRatio(fit, other), "quality");
  await refuses("explain/not-nested", async () => entropyRatio(fit, await fitMaxEnt(data, {attributes: [], noise: false})), "noise");
  await refuses("explain/not-nested", async () => entropyRatio(fit, await fitMaxEnt(data, {attributes: [], prior: {a: 0.5, b: 0.3, c: 0.2}})), "priors");
  const [free, based] = [await fitMaxEnt(data, {noise: {sumToZero: false}}), await fitMaxEnt(data, {noise: {sumToZero: false}, attributes: ["price"], base: "c"})];
  await refuses("explain/not-nested", () => entropyRatio(free, based));
  await refuses("explain/nothing-dropped", () => entropyRatio(fit, fit));
  await refuses("explain/other-data", async () => entropyRatio(fit, await fitMaxEnt(simulate({tier: "mnlIntercepts"}, {people: 200, situations: 1, seed: 24}).data, {attributes: []})));
  await refuses("explain/unknown-name", () => entropyRatio(fit, "quality"), "price");
  await refuses("explain/not-maxent", () => entropyRatio(fit, fitMaxEnt(data) as never), "await");
  await refuses("explain/not-maxent", () => entropyRatio(fitMaxEnt(data) as never), "await");
  await refuses("explain/unknown-name", () => wald(fit, "prise"), "price");
  await refuses("explain/not-free", async () => wald(await fitMnl(data, {hold: {price: -1}}), "price"));
  await refuses("infer/unsound", async () => wald(await fitMaxEntSupports(data), "price", {errors: "hessian"}));
  await refuses("infer/not-a-fit", () => wald(fitMnl(data) as never), "await");
});

test("what the test takes for granted is said: people with several situations, weights that are no counts, totals", async () => {
  const codes = async (fit: Awaited<ReturnType<typeof fitMaxEnt>>) => (await entropyRatio(fit)).notes.map(({code}) => code);
  assert.deepEqual(await codes(await fitMaxEnt(data)), []);
  assert.deepEqual(await codes(await fitMaxEnt(simulate({tier: "mnl"}, {people: 40, situations: 3, seed: 1}).data)), ["explain/panel"]);
  const sampled = read(rowsOf(data).map((row) => ({...row, weight: 0.7 + (Number(row["person"]) % 2)})), {weights: "weight"});
  assert.deepEqual(await codes(await fitMaxEnt(sampled)), ["explain/weights"]);
  assert.deepEqual(await codes(await fitMaxEnt(raggedData(50), {attributes: ["price"]})), []);
  assert.deepEqual(await codes(await fitMaxEnt(offersOf(six), {tier: "mnl", totals: {price: 10, quality: 3.9}})), ["explain/totals"]);
});
