import assert from "node:assert/strict";
import test from "node:test";
import {mixingCard} from "../../../src/display/mixingCard.js";
import {offersOf} from "../../../src/data/offers.js";
import {fitMaxEntMixedMoments, type MixedMomentsOptions} from "../../../src/entropy/mixing/fitMaxEntMixedMoments.js";
import {momentVariance} from "../../../src/entropy/mixing/momentVariance.js";
import {identificationNotes, identify, movesWithBase, spreadInErrors} from "../../../src/entropy/mixing/identification.js";
import {tasteGrid} from "../../../src/entropy/mixing/tastes.js";
import {targets} from "../../../src/entropy/mixing/targets.js";
import {tilted} from "../../../src/entropy/mixing/tilt.js";
import {solve} from "../../../src/entropy/solve.js";
import {ChoiceError} from "../../../src/errors.js";
import {estimates} from "../../../src/infer/estimates.js";
import {simulate} from "../../../src/simulate/simulate.js";
import {fitMenus} from "../../../src/entropy/mixing/uncertainty.js";
import {close, read, rowsOf} from "../../support/world.js";
import {six} from "./worlds.js";

const tastes = tasteGrid({price: {from: -3, to: 0, points: 7}});
const fit = (options: Partial<MixedMomentsOptions> = {}) => fitMaxEntMixedMoments(six, {tastes, hold: {quality: 2}, ...options});
const row = (found: Awaited<ReturnType<typeof fit>>, name: string) => found.estimates.rows.find((r) => r.name === name)!;

const refuses = async (code: string, work: Promise<unknown>, words?: RegExp) => assert.rejects(work, (error) => {
  assert.ok(error instanceof ChoiceError && error.code === code, `${code}: ${String(error)}`);
  if (words) assert.match(error.message, words);
  return true;
});

// Six situations, V = b price + 2 quality, b = -3, -2.5, …, 0 with base weights 1/7. The numbers were found to 12 digits by
// Newton's method on the one-dimensional dual in another language, and the moments g by direct softmax.
const g = [1.309786964528, 1.417349340397, 1.566658111965, 1.756456539542, 1.965522510958, 2.158367921971, 2.309201712537];

test("one revenue, exact: weights, divergence, mean and sd of the price coefficient to the digits printed", async () => {
  const found = await fit();
  assert.ok(found.ending.converged);
  g.forEach((wanted, r) => close(found.means[0][r], wanted, 1e-12, `g ${r}`));
  close(found.theta[0], 0.414645799076, 2e-12);
  [0.172048337524, 0.164543534426, 0.154665531990, 0.142960133774, 0.131089130825, 0.121015052692, 0.113678278769].forEach((wanted, r) => close(found.weights[r], wanted, 1e-12, `theta ${r}`));
  close(found.identification.divergence, 0.010308616984, 1e-12);
  close(row(found, "mean[price]").estimate, -1.642871770450, 2e-12);
  close(row(found, "sd[price]").estimate, 0.989681664319, 1e-12);
  close(found.moments[0].target, 10.4 / 6, 1e-15);
  close(found.moments[0].predicted, 10.4 / 6, 1e-14);
  close(found.value, -found.identification.divergence, 1e-14, "strong duality");
  assert.ok(found.residual < 1e-14);
  assert.equal(found.identification.directions, 1);
});

for (const [mean, lambda, divergence, price] of [[1.6, 1.672719966940, 0.145812450849, -2.029080480630], [1.5, 3.032056333341, 0.375805650022, -2.327290022678]]) {
  test(`a mean given, ${mean}: lambda, divergence and mean coefficient to the digits printed, as a mean or as a total`, async () => {
    for (const options of [{means: {price: mean}}, {totals: {price: 6 * mean}}]) {
      const found = await fit(options);
      close(found.theta[0], lambda, 2e-12);
      close(found.identification.divergence, divergence, 2e-12);
      close(row(found, "mean[price]").estimate, price, 2e-12);
    }
  });
}

test("a mean with noise of variance 0.02 is met up to -Omega lambda", async () => {
  const found = await fit({means: {price: {mean: 10.4 / 6, sd: Math.sqrt(0.02)}}});
  close(found.theta[0], 0.354851865208, 1e-12);
  close(found.moments[0].slack, -0.007097037304, 1e-12);
  close(found.moments[0].predicted + found.moments[0].slack, 10.4 / 6, 1e-14);
  close(found.value, -found.identification.divergence - 0.5 * 0.02 * found.theta[0] ** 2, 1e-14);
  const asTotal = await fit({totals: {price: {total: 10.4, sd: 6 * Math.sqrt(0.02)}}});
  close(asTotal.theta[0], found.theta[0], 1e-13);
  assert.equal(found.estimates.words, "from the standard deviations given");
});

test("it is the maximum-entropy programme of one situation whose alternatives are the tastes", async () => {
  const grid = tasteGrid({price: {from: -3, to: 0, points: 6}, quality: {from: 0, to: 3, points: 4}}, {base: ({price, quality}) => 1 + quality - price});
  const found = await fitMaxEntMixedMoments(six, {tastes: grid, means: {price: 1.7, quality: 0.645}});
  const R = 24;
  const z = Float64Array.from({length: 2 * R}, (_, at) => found.means[at % 2][at >> 1]);
  const solution = await solve({
    z, moments: 2, situation: Int32Array.of(0, R), weight: Float64Array.of(1), targets: Float64Array.from(found.moments, ({target}) => target),
    signal: {kind: "shannon", logPrior: grid.logBase}
  });
  solution.lambda.forEach((lambda, k) => close(lambda, found.theta[k], 1e-9));
  close(solution.value, found.value, 1e-12);
});

test("moments out of reach are refused with bounds; so are those out of reach together", async () => {
  await refuses("identify/infeasible-total", fit({means: {price: 2.4}}), /between 1\.30979 and 2\.3092/);
  await refuses("identify/infeasible-total", fit({means: {price: 1.3097}}));
  await refuses("identify/infeasible-total", fit({means: {price: 1.5, quality: 1.0}}), /no mixture of these tastes has together: /);
});

test("the bounds told with a combination are those of the tastes", async () => {
  const error = await fit({means: {price: 1.5, quality: 1.0}}).then(() => assert.fail("in reach"), (e: ChoiceError) => e);
  const [, left, asked] = /together: (.*) = (.*)$/.exec(error.saw)!;
  const bound = Number(/less than (\S+),/.exec(error.want)![1]);
  const weights = [...left.replaceAll("- ", "+ -").split(" + ")].map((part) => part.trim().split(" "));
  const {means} = await fit({means: {price: {mean: 1.5, sd: 1}, quality: {mean: 1, sd: 1}}});
  const at = means[0].map((_, r) => weights.reduce((sum, [w, name]) => sum + Number(w) * means[name === "price" ? 0 : 1][r], 0));
  close(Math.max(...at), bound, 1e-4);
  assert.ok(Number(asked) > bound - 1e-5);
});

test("redundant moments, unknown ones and numbers for others are refused", async () => {
  const wide = tasteGrid({price: [-2, 0], "intercept[b]": [-2, 0, 2], "intercept[c]": [-2, 0, 2]});
  await refuses("mixing/redundant", fit({tastes: wide, moments: ["intercept[a]", "intercept[b]", "intercept[c]"]}), /intercept\[c\]/);
  await refuses("model/unknown-column", fit({moments: ["prise"]}), /price/);
  await refuses("mixing/moments", fit({moments: ["price"], means: {quality: 1}}));
  await refuses("mixing/held-taste", fit({hold: {price: 1}}));
  await refuses("data/no-choices", fitMaxEntMixedMoments(offersOf(six), {tastes, hold: {quality: 2}}));
  await refuses("options/shares", fit({shares: {a: 0.5, b: 0.2, c: 0.2}}));
  await refuses("options/total", fit({means: {price: 1.6}, totals: {price: 10}}));
  await refuses("options/unknown", fit({variances: {price: 1}} as never));
  await refuses("infer/unsound", fit({errors: "hessian"}));
  await refuses("mixing/not-tastes", fit({tastes: [1, 2] as never}));
});

test("choice sets alone with the choices' own totals give the same mixture", async () => {
  const chosen = await fit();
  const known = await fitMaxEntMixedMoments(offersOf(six), {tastes, hold: {quality: 2}, totals: {price: 10.4}});
  known.weights.forEach((w, r) => close(w, chosen.weights[r], 1e-14));
  assert.equal(known.estimates.words, "choices as random as the mixture says");
  assert.equal(known.logLikelihood, undefined);
  assert.ok(Number.isFinite(chosen.logLikelihood));
  await refuses("infer/unsound", fitMaxEntMixedMoments(offersOf(six), {tastes, hold: {quality: 2}, totals: {price: 10.4}, errors: "robust"}));
});

test("shares as moments are met, and all of them are as good as all but the last", async () => {
  const grid = tasteGrid({price: {from: -3, to: 0, points: 5}, "intercept[b]": {from: -2, to: 2, points: 5}, "intercept[c]": {from: -2, to: 2, points: 5}});
  const found = await fitMaxEntMixedMoments(six, {tastes: grid, shares: {a: 0.25, b: 0.4, c: 0.35}});
  assert.deepEqual(found.moments.map(({name}) => name), ["intercept[a]", "intercept[b]"]);
  close(found.moments[0].predicted, 0.25, 1e-13);
  close(found.moments[1].predicted, 0.4, 1e-13);
});

test("a grid of one point is a multinomial logit: its moments are the only ones in reach", async () => {
  const point = tasteGrid({price: [-1]});
  const mean = (await fit({tastes: point, means: {price: {mean: 1.7, sd: 1}}})).moments[0].atBase;
  let byHand = 0;
  for (let n = 0; n < 6; ++n) {
    const rows = [0, 1, 2].map((j) => six.x.subarray(2 * (3 * n + j), 2 * (3 * n + j) + 2));
    const e = rows.map(([price, quality]) => Math.exp(-price + 2 * quality));
    byHand += rows.reduce((sum, [price], j) => sum + price * e[j], 0) / e.reduce((sum, x) => sum + x, 0) / 6;
  }
  close(mean, byHand, 1e-14);
  const met = await fit({tastes: point, means: {price: mean}, errors: "model"});
  assert.deepEqual([...met.weights], [1]);
  await refuses("identify/infeasible-total", fit({tastes: point, means: {price: 1.7}}));
});

test("errors are those of the moments, carried by the derivative of the fit: against refits with other means", async () => {
  const data = simulate({tier: "mixed", random: ["price"], intercepts: false}, {people: 60, situations: 3, seed: 8}).data;
  const grid = tasteGrid({price: {from: -4, to: 2, points: 25}, quality: {from: -1, to: 2, points: 13}});
  const found = await fitMaxEntMixedMoments(data, {tastes: grid, worth: "price", sensitivity: false});
  const means = Object.fromEntries(found.moments.map(({name, target}) => [name, target]));
  // Var b from the scores, which are moments not met, person by person.
  const W = found.situations;
  const B = found.scores.transpose().mmul(found.scores).mul(1 / W ** 2);
  const names = found.estimates.rows.filter(({detail}) => !detail).map(({name}) => name);
  assert.ok(names.includes("worth[quality]") && names.includes("cor[price,quality]"));
  const slopes = await Promise.all(["price", "quality"].map(async (name) => {
    const [up, down] = await Promise.all([1e-4, -1e-4].map((h) => fitMaxEntMixedMoments(data, {tastes: grid, worth: "price", sensitivity: false, means: {...means, [name]: means[name] + h}})));
    return names.map((reading) => (up.estimates.rows.find((r) => r.name === reading)!.estimate - down.estimates.rows.find((r) => r.name === reading)!.estimate) / 2e-4);
  }));
  names.forEach((name, k) => {
    const a = [slopes[0][k], slopes[1][k]];
    const variance = a[0] ** 2 * B.get(0, 0) + 2 * a[0] * a[1] * B.get(0, 1) + a[1] ** 2 * B.get(1, 1);
    close(found.estimates.rows.find((r) => r.name === name)!.error!, Math.sqrt(variance), 1e-5, name);
  });
  // And the table can be asked of the fit itself.
  assert.equal(estimates(found).words, `robust, scores summed over 60 people`);
  close(estimates(found).rows[0].error!, found.estimates.rows[0].error!, 1e-13);
});

test("the variance that a mixture gives to totals is that of choices drawn from it", async () => {
  const grid = tasteGrid({price: [-2, 0], quality: [0, 1.5]});
  const found = await fitMaxEntMixedMoments(read(rowsOf(six).map((r) => ({...r, person: Number(String(r.situation).slice(1)) % 3})), {}), {tastes: grid, means: {price: {mean: 1.7, sd: 0.3}, quality: {mean: 0.8, sd: 0.3}}});
  const {data, tastes: {points}, weights} = found;
  const wanted = targets(data, ["price"], {moments: ["price", "quality"]}, "");
  const got = await momentVariance(fitMenus(found), wanted, found.tastes, weights, () => undefined);
  // By enumeration: every person's two situations have nine outcomes, under each of four tastes.
  const byHand = [0, 0, 0];
  for (let i = 0; i < data.people.length; ++i) {
    let [e0, e1, e00, e01, e11] = [0, 0, 0, 0, 0];
    const [n, m] = [data.person[i], data.person[i] + 1];
    for (let r = 0; r < 4; ++r) {
      const p = (s: number) => {
        const e = [0, 1, 2].map((j) => Math.exp(points[0][r] * data.x[2 * (data.situation[s] + j)] + points[1][r] * data.x[2 * (data.situation[s] + j) + 1]));
        return e.map((v) => v / e.reduce((sum, x) => sum + x, 0));
      };
      const [pn, pm] = [p(n), p(m)];
      for (let j = 0; j < 3; ++j) for (let k = 0; k < 3; ++k) {
        const w = weights[r] * pn[j] * pm[k];
        const a = data.x[2 * (data.situation[n] + j)] + data.x[2 * (data.situation[m] + k)];
        const b = data.x[2 * (data.situation[n] + j) + 1] + data.x[2 * (data.situation[m] + k) + 1];
        e0 += w * a; e1 += w * b; e00 += w * a * a; e01 += w * a * b; e11 += w * b * b;
      }
    }
    byHand[0] += e00 - e0 * e0; byHand[1] += e01 - e0 * e1; byHand[2] += e11 - e1 * e1;
  }
  close(got[0], byHand[0], 1e-12);
  close(got[1], byHand[1], 1e-12);
  close(got[3], byHand[2], 1e-12);
});

test("with utilities of 700 nothing is NaN", async () => {
  const wide = await fit({tastes: tasteGrid({price: {from: -233, to: 233, points: 41}}), hold: {quality: 100}, means: {price: 1.9}});
  assert.ok(wide.ending.converged);
  assert.ok([...wide.weights, ...wide.means[0], wide.logLikelihood!, ...wide.estimates.rows.map(({estimate}) => estimate)].every(Number.isFinite));
});

test("what the base decides is told: ranges under other bases, and a warning where they are wide", async () => {
  const found = await fit();
  const {sensitivity} = found.identification;
  assert.deepEqual(sensitivity!.refits.map(({base}) => base), ["dome", "peak", "ends", "low", "high"]);
  const sd = sensitivity!.ranges.find(({name}) => name === "sd[price]")!;
  assert.ok(sd.low < 0.6 && sd.high > 1.1, `${sd.low} to ${sd.high}`);
  // Refits meet the same moment: the peaked base by hand.
  const u = tastes.points[0].map((b) => (6 * (b + 3) / 3 + 0.5) / 7);
  const peaked = await fit({tastes: tasteGrid({price: {from: -3, to: 0, points: 7}}, {base: [...u].map((v) => (v * (1 - v)) ** 3)})});
  close(sd.low, row(peaked, "sd[price]").estimate, 1e-12);
  assert.ok(found.notes.some(({code}) => code === "mixing/base"));
  assert.ok(found.notes.some(({code, text}) => code === "mixing/identification" && /nats from the base/.test(text)));
});

test("a share that stands still to the last bits is not said to move with the base, whatever its error", () => {
  const ranges = [{name: "P(price < 0)", low: 1 - 1e-16, high: 1}, {name: "sd[price]", low: 0.5, high: 1.1}];
  const weights = tilted({logBase: tastes.logBase, t: []}, []);
  const facts = identify(tastes, weights, 1, {refits: [], ranges});
  const warned = (errors: [string, number][]) => identificationNotes(tastes, facts, {errors: new Map(errors)}).filter(({code}) => code === "mixing/base").map(({text}) => text);
  assert.deepEqual(warned([["P(price < 0)", 1e-27]]), []);
  const [text] = warned([["P(price < 0)", 1e-27], ["sd[price]", 0.01]]);
  assert.match(text, /^sd\[price\] \(0\.5 to 1\.1\): further/);
  assert.equal(spreadInErrors(tastes, ranges[0], 1e-27), undefined);
  assert.equal(spreadInErrors(tastes, {name: "P(price < 0)", low: 0.2, high: 1}, 1e-27), undefined, "an error that is rounding divides nothing");
  close(spreadInErrors(tastes, ranges[1], 0.01)!, 60, 1e-12);
  // The same tastes in cents: what is small is so beside them.
  const cents = tasteGrid({price: {from: -3e-8, to: 0, points: 7}});
  assert.ok(movesWithBase(cents, {name: "sd[price]", low: 0.5e-8, high: 1.1e-8}));
});

test("columns that are not in utility are named; where nothing is left out nothing is said", async () => {
  const left = async (options: Partial<MixedMomentsOptions>) => (await fit(options)).notes.filter(({code}) => code === "mixing/left-out").map(({text}) => text);
  assert.match((await left({hold: {}}))[0], /^Not in utility: quality and intercepts\./);
  assert.match((await left({}))[0], /^Not in utility: intercepts\./);
  assert.match((await left({hold: {quality: 2, "intercept[b]": 0.1}}))[0], /intercepts of all but one of a and c/);
  assert.deepEqual(await left({hold: {quality: 2, "intercept[b]": 0.1, "intercept[c]": 0}}), []);
});

test("the certificate: divergence and dual agree, with exact moments and noisy ones; before convergence they do not", async () => {
  for (const options of [{}, {means: {price: {mean: 1.6, sd: 0.1}}}]) {
    const {certificate, residual} = await fit(options);
    assert.ok(certificate.gap! < 1e-14, `${certificate.gap}`);
    assert.equal(certificate.residual, residual);
  }
  assert.match(mixingCard(await fit())["text/html"]!, /Certificate.*gap/s);
  const early = await fit({means: {price: 1.4}, iterations: 1});
  assert.ok(!early.ending.converged && early.certificate.gap! > 1e-6 && early.certificate.residual > 1e-4, `${early.certificate.gap}`);
});

test("a signal that has aborted ends a fit with a word", async () => {
  const data = simulate({tier: "mixed"}, {people: 200, situations: 10, seed: 1}).data;
  await refuses("mixing/stopped", fitMaxEntMixedMoments(data, {tastes: tasteGrid({price: {from: -3, to: 0, points: 200}, quality: {from: 0, to: 3, points: 20}}), signal: AbortSignal.abort()}));
});
