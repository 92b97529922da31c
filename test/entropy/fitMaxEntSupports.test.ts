import assert from "node:assert/strict";
import test from "node:test";
import {cells} from "../../src/entropy/cells.js";
import {fitMaxEnt} from "../../src/entropy/fitMaxEnt.js";
import {fitMaxEntSupports, type MaxEntSupportsOptions} from "../../src/entropy/fitMaxEntSupports.js";
import type {MaxEntFit} from "../../src/entropy/maxEntFit.js";
import {covariance} from "../../src/infer/covariance.js";
import {estimates} from "../../src/infer/estimates.js";
import {simulate} from "../../src/simulate/simulate.js";
import {allClose, close, refuses} from "../support/world.js";
import {choicesOf, four, pairs, prices, six} from "./cases.js";

const mnl = {tier: "mnl"} as const;
const cell = ({programme, solution}: MaxEntFit, n: number) => cells(programme, solution, n);

test("four situations, one price: multipliers, dual and total for supports of 2 to 11 points, with and without noise", async () => {
  const known: readonly [number, MaxEntSupportsOptions["noise"], number, number, number][] = [
    [2, false, 2.428946137294, 5.530604848486, 5.3],
    [3, false, 3.811878176497350, 8.897325325163, 5.3],
    [5, false, 5.452633540020, 13.377519118809, 5.3],
    [11, false, 7.584799606871, 20.930127571287, 5.3],
    [5, {v: 1, sumToZero: false}, 0.065474481169, 31.060771732994, 7.3611289989],
    [5, {v: 1}, 0.505284779006, 30.607035835046, 7.1025189496],
    [5, {v: 0.5, sumToZero: false}, 0.250734807974, 30.868002049354, 7.2515015473],
    [2, {v: 1, sumToZero: false}, 0.064190614025, 20.754250099330, 7.3210435501],
    [2, {v: 1}, 0.436909553911, 20.368255414530, 6.8719892837]
  ];
  for (const [supports, noise, lambda, value, total] of known) {
    const fit = await fitMaxEntSupports(four, {...mnl, supports, noise});
    close(-fit.theta[0], lambda, 1e-11, "lambda");
    close(fit.solution.value, value, 1e-12, "dual");
    close(fit.moments[0].predicted, total, 1e-10, "signal");
  }
});

test("its probabilities, errors, multipliers and entropies", async () => {
  const fit = await fitMaxEntSupports(four, {...mnl, supports: 5, noise: {v: 1, sumToZero: false}});
  const p = [[0.340368225459, 0.333301151298, 0.326330623244], [0.329827635871, 0.336847076790, 0.333325287339], [0.326330623244, 0.340368225459, 0.333301151298], [0.334722371211, 0.327732125228, 0.337545503562]];
  p.forEach((row, n) => allClose(cell(fit, n).p, row, 1e-11));
  allClose(cell(fit, 0).errors, [-0.043618496046, -0.087050735566, -0.130113891604], 1e-11);
  allClose(fit.solution.mu, [1.272391492624, 1.272166359443, 1.272391492624, 1.311532465604], 1e-10);
  close(fit.entropies.signal, 17.944757238744, 1e-12);
  close(fit.entropies.noise, 13.116014494251, 1e-12);
  const pure = await fitMaxEntSupports(four, {...mnl, supports: 5, noise: false});
  allClose(cell(pure, 0).p, [0.768882175822, 0.196395517262, 0.034722306916], 1e-11);
});

test("with priors on the supports and on the noise: cross-entropy", async () => {
  const fit = await fitMaxEntSupports(four, {...mnl, supports: 5, prior: [0.4, 0.3, 0.15, 0.1, 0.05], noise: {v: 1, prior: [0.2, 0.6, 0.2], sumToZero: false}});
  close(-fit.theta[0], 0.107794459877, 1e-11);
  close(fit.solution.value, -0.335808910736, 1e-11, "-KL");
  allClose(cell(fit, 0).p, [0.344224675125, 0.333253066064, 0.322522258811], 1e-11);
  // Entropies themselves, whatever the priors.
  const all = [0, 1, 2, 3].map((n) => cell(fit, n));
  const h = (q: Float64Array) => -q.reduce((sum, value) => sum + value * Math.log(value), 0);
  close(fit.entropies.signal, all.reduce((sum, {pi}) => sum + h(pi!), 0), 1e-12);
  close(fit.entropies.noise, all.reduce((sum, {w}) => sum + h(w!), 0), 1e-12);
  close(fit.entropies.normalized.signal, fit.entropies.signal / (12 * Math.log(5)), 1e-13);
});

test("two alternatives and supports {0, 1}: binary logit, with twice its coefficient and twice its entropy", async () => {
  const [own, logit] = [await fitMaxEntSupports(pairs, {...mnl, noise: false}), await fitMaxEnt(pairs, {...mnl, noise: false})];
  close(-own.theta[0], 2.563223315325, 1e-11);
  close(own.theta[0], 2 * logit.theta[0], 1e-11);
  close(own.solution.value, 5.220344792188, 1e-12);
  close(own.logLikelihood!, logit.logLikelihood!, 1e-12);
  close(own.entropies.p, logit.entropies.p, 1e-12);
});

test("three alternatives: no logit, as its probabilities say", async () => {
  const [own, logit] = [await fitMaxEntSupports(four, {...mnl, noise: false}), await fitMaxEnt(four, {...mnl, noise: false})];
  const gap = Math.max(...[0, 1, 2, 3].flatMap((n) => [...cell(own, n).p].map((q, j) => Math.abs(q - cell(logit, n).p[j]))));
  assert.ok(gap > 0.01, `${gap}`);
});

test("six situations, price and quality: multipliers, entropies, the model's covariance and the sandwich", async () => {
  const fit = await fitMaxEntSupports(six, {...mnl, supports: 5, noise: {sumToZero: false}});
  allClose(fit.theta, [0.585927508622, -1.444499008955], 1e-10);
  close(fit.solution.value, 46.537712143036, 1e-12);
  close(fit.entropies.signal, 26.848442775375, 1e-12);
  close(fit.entropies.noise, 19.689269367661, 1e-12);
  allClose([fit.entropies.normalized.signal, fit.entropies.normalized.noise, fit.entropies.normalized.p], [0.926770857493, 0.995663629004, 0.996558397432], 1e-11);
  allClose(fit.solution.mu, [1.377047561646, 1.567925747601, 1.569261387988, 1.409706991478, 1.430648391090, 1.256480895417], 1e-10);
  allClose(cell(fit, 0).p, [0.369085120844, 0.322495245274, 0.308419633882], 1e-11);
  allClose(fit.solution.curvature.to1DArray(), [8.369341037817, 3.760460408947, 3.760460408947, 1.822429716070], 1e-11);
  allClose(covariance(fit, "robust").matrix.to1DArray(), [1.979116209679, -4.925676644273, -4.925676644273, 12.264948983821], 1e-9, "sandwich");
  allClose(fit.covariance.to1DArray(), covariance(fit, "robust").matrix.to1DArray(), 0);
  allClose(covariance(fit, "model").matrix.to1DArray(), [1.359931364992, -3.456775051453, -3.456775051453, 8.832070706627], 1e-9, "model");
  const tied = await fitMaxEntSupports(six, {...mnl, supports: 5});
  allClose(tied.theta, [2.301083559195, -3.905216746930], 1e-10);
  close(tied.solution.value, 46.462488435120, 1e-12);
  close(tied.entropies.signal, 26.804966120679, 1e-12);
  close(tied.entropies.noise, 19.657522314441, 1e-12);
});

test("a constant added to a choice set changes nothing where errors sum to zero, and much where they do not", async () => {
  const moved = choicesOf({price: prices.map((row, n) => row.map((x) => x + [5, -2, 1, 10][n]))}, [0, 1, 2, 2]);
  for (const [sumToZero, before, after] of [[true, 0.505284779006, 0.505284779006], [false, 0.065474481169, 0.0055262422]] as const) {
    const noise = {v: 1, sumToZero};
    close(-(await fitMaxEntSupports(four, {...mnl, supports: 5, noise})).theta[0], before, 1e-11);
    close(-(await fitMaxEntSupports(moved, {...mnl, supports: 5, noise})).theta[0], after, 1e-9);
  }
});

test("supports as a list are those points, and stopping short of 0 and 1 they bound the totals", async () => {
  const [counted, listed] = [await fitMaxEntSupports(four, {...mnl, supports: 3, noise: false}), await fitMaxEntSupports(four, {...mnl, supports: [0, 0.5, 1], noise: false})];
  allClose(listed.theta, counted.theta, 0);
  const short = await fitMaxEntSupports(six, {...mnl, supports: [0.1, 0.4, 0.7], noise: {v: 0.9}});
  assert.equal(short.solution.ending, "converged");
  // 0.1 + 0.1 + 0.7 is short of one: the best gets 0.7, the second what is left, the worst 0.1.
  const best = [1, 1.5, 1, 0.8, 1.1, 1];
  const middle = [2, 2, 2, 1.2, 2, 1.5];
  const worst = [3, 2.5, 3, 2.2, 2.4, 2.6];
  close(short.moments[0].least, best.reduce((sum, x, n) => sum + 0.7 * x + 0.2 * middle[n] + 0.1 * worst[n], 0), 1e-13);
  close(short.moments[0].greatest, best.reduce((sum, x, n) => sum + 0.1 * x + 0.2 * middle[n] + 0.7 * worst[n], 0), 1e-13);
});

test("its curvature is not the variance of its moments: such errors are refused, with the reason", async () => {
  const {data} = simulate({tier: "mnl"}, {people: 60, situations: 2, seed: 1});
  for (const errors of ["hessian", "opg"] as const) {
    await refuses("infer/unsound", () => fitMaxEntSupports(data, {...mnl, errors}), "one entropy for each alternative", 'errors: "robust"');
    const fit = await fitMaxEntSupports(data, mnl);
    await refuses("infer/unsound", () => estimates(fit, {errors}), "one entropy for each alternative");
    await refuses("infer/unsound", () => covariance(fit, errors));
  }
  const model = await fitMaxEntSupports(data, {...mnl, errors: "model"});
  assert.equal(model.estimates.errors, "model");
  const clustered = await fitMaxEntSupports(data, {...mnl, errors: "clustered", clusters: data.people.map((_, i) => i % 12)});
  assert.match(clustered.estimates.words, /12 clusters/);
});

test("it says what it is, and that coefficients are on a scale of the supports' own", async () => {
  const fit = await fitMaxEntSupports(six, mnl);
  assert.equal(fit.title, "Entropy-support choice model (perturbed utility)");
  assert.equal(fit.kind, "supports");
  assert.ok(fit.notes.some(({code}) => code === "fit/scale-of-supports"));
  assert.ok((await fitMaxEnt(six, mnl)).notes.every(({code}) => code !== "fit/scale-of-supports"));
});

test("many points and a Poisson prior over them bring the logit back", async () => {
  // s = m / L with L huge: what remains of each alternative is a Poisson count, whose mean is exp(-eta - mu).
  const logit = await fitMaxEnt(four, {...mnl, noise: false});
  const gaps: number[] = [];
  for (const L of [10, 40, 160]) {
    const mean = L / 3;
    const logs = [-mean];
    for (let m = 1; m <= L; ++m) logs.push(logs[m - 1] + Math.log(mean / m));
    const fit = await fitMaxEntSupports(four, {...mnl, supports: L + 1, prior: logs.map(Math.exp), noise: false});
    gaps.push(Math.max(...[0, 1, 2, 3].flatMap((n) => [...cell(fit, n).p].map((q, j) => Math.abs(q - cell(logit, n).p[j])))));
  }
  assert.ok(gaps[0] > gaps[1] && gaps[1] > gaps[2] && gaps[2] < 1e-3, `${gaps}`);
});

test("cross-validation works over supports, too", async () => {
  const {data} = simulate({tier: "mnl"}, {people: 40, situations: 2, seed: 6});
  const fit = await fitMaxEntSupports(data, {...mnl, supports: 3, noise: {v: "cv"}});
  assert.equal(fit.noise!.tried!.length, 5);
  assert.equal(fit.noise!.v, fit.noise!.tried!.reduce((a, b) => (b.heldOut > a.heldOut ? b : a)).v);
  assert.ok(fit.noise!.tried!.every(({heldOut}) => heldOut < 0 && heldOut > -80 * Math.log(9)));
});
