import assert from "node:assert/strict";
import test from "node:test";
import {datasets} from "../../src/data/datasets.js";
import {fromLong} from "../../src/data/fromLong.js";
import {cells} from "../../src/entropy/cells.js";
import {fitMaxEnt} from "../../src/entropy/fitMaxEnt.js";
import type {MaxEntFit} from "../../src/entropy/maxEntFit.js";
import {fitMnl, fitMnlIntercepts, fitMnlSlopes} from "../../src/estimate/tiers.js";
import {covariance} from "../../src/infer/covariance.js";
import {estimates} from "../../src/infer/estimates.js";
import {simulate} from "../../src/simulate/simulate.js";
import {allClose, close, read, refuses, rowsOf} from "../support/world.js";
import {choicesOf, four, pairs, prices, six} from "./cases.js";

const mnl = {tier: "mnl"} as const;
const world = simulate({tier: "mnlIntercepts"}, {people: 150, situations: 3, seed: 5});
const p = ({programme, solution}: MaxEntFit, n: number) => cells(programme, solution, n).p;

test("without noise it is the multinomial logit: estimates, errors, and an entropy that is minus the log-likelihood", async () => {
  const travel = fromLong(await datasets.travelmode.columns(), {chosen: "choice", alternative: "mode", situation: "individual", attributes: ["gc", "ttme"]});
  // Sets of two and three, weights, and situations of weight zero.
  const ragged = read(rowsOf(world.data).filter(({chosen, situation, alternative}) => chosen === 1 || alternative !== "c" || Number(String(situation).slice(1)) % 3 > 0).map((row) => ({...row, weight: Number(String(row.person).slice(-1)) % 3})), {weights: "weight"});
  for (const data of [world.data, travel, ragged]) for (const [tier, fitted] of [["mnlIntercepts", fitMnlIntercepts], ["mnlSlopes", fitMnlSlopes]] as const) {
    const [own, theirs] = [await fitMaxEnt(data, {tier, noise: false}), await fitted(data, {errors: "robust"})];
    assert.deepEqual(own.parameters.map(({name}) => name), theirs.parameters.map(({name}) => name));
    allClose(own.theta, theirs.theta, 1e-10, "theta");
    close(own.logLikelihood!, theirs.logLikelihood, 1e-12, "log-likelihood");
    close(own.entropies.p, -theirs.logLikelihood, 1e-10, "entropy");
    close(own.solution.value, -theirs.logLikelihood, 1e-10, "dual");
    for (const errors of ["hessian", "opg", "robust"] as const) {
      allClose(estimates(own, {errors}).rows.map(({error}) => error!), (await fitted(data, {errors})).estimates.rows.map(({error}) => error!), 1e-7, errors);
    }
    allClose(own.estimates.rows.map(({error}) => error!), theirs.estimates.rows.map(({error}) => error!), 1e-7);
    assert.equal(own.estimates.words, theirs.estimates.words);
  }
});

test("errors as the model says them are those of the inverse Hessian, for a logit without noise", async () => {
  const fit = await fitMaxEnt(world.data, {noise: false});
  const [model, hessian] = [covariance(fit, "model").matrix, covariance(fit, "hessian").matrix];
  allClose(model.to1DArray().map((v, k) => v / hessian.to1DArray()[k]), model.to1DArray().map(() => 1), 1e-8);
});

test("a fit by likelihood has no errors as the model says them, and is told so before it begins", async () => {
  const fit = await fitMnl(world.data);
  await refuses("infer/unknown-errors", () => covariance(fit, "model"));
  await refuses("infer/unknown-errors", () => estimates(fit, {errors: "model"}));
  await refuses("infer/unknown-errors", () => fitMnl(world.data, {errors: "model" as never}));
});

test("four situations, one price: multipliers and dual to the last digit known", async () => {
  const known: readonly [object | false, number, number, number][] = [
    [false, 1.514847873090, 3.024093094490, 5.3],
    [{v: 1, sumToZero: false}, 0.063001899413, 17.511770061772, 7.2839116222],
    [{v: 0.5, sumToZero: false}, 0.217930215378, 17.350273437557, 7.0024699428],
    [{v: 1}, 0.388306701121, 17.174766249062, 6.7046727267]
  ];
  for (const [noise, lambda, value, total] of known) {
    const fit = await fitMaxEnt(four, {...mnl, noise});
    close(-fit.theta[0], lambda, 1e-11, "lambda");
    close(fit.solution.value, value, 1e-12, "dual");
    close(fit.moments[0].predicted, total, 1e-10, "predicted");
    close(fit.moments[0].predicted + fit.moments[0].error, 5.3, 1e-12, "total");
    assert.equal(fit.solution.ending, "converged");
  }
});

test("a prior moves as little as the totals allow", async () => {
  const known = await fitMaxEnt(four, {...mnl, noise: false, prior: {a: 0.5, b: 0.3, c: 0.2}});
  close(-known.theta[0], 1.545911082383, 1e-11);
  close(-known.solution.value, 1.398696312480, 1e-11, "KL");
  allClose(p(known, 0), [0.872571251027, 0.111576182383, 0.015852566590], 1e-11);
  assert.equal(known.title, "Minimum cross-entropy logit");
  // The same prior by row, by attribute, and not normalised.
  const rows = [0.5, 0.3, 0.2];
  const byRow = await fitMaxEnt(four, {...mnl, noise: false, prior: Array.from({length: 12}, (_, r) => 2 * rows[r % 3])});
  const held = choicesOf({price: prices, last: prices.map(() => rows)}, [0, 1, 2, 2]);
  const byAttribute = await fitMaxEnt(held, {...mnl, noise: false, prior: "last"});
  for (const fit of [byRow, byAttribute]) {
    assert.deepEqual(fit.parameters.map(({name}) => name), ["price"]);
    allClose(fit.theta, known.theta, 1e-13);
  }
  // Rows in the user's order, whatever the order of the data.
  const shuffled = rowsOf(four).reverse();
  const back = await fitMaxEnt(read(shuffled, {person: undefined}), {...mnl, noise: false, prior: shuffled.map(({alternative}) => ({a: 0.5, b: 0.3, c: 0.2})[alternative as "a"])});
  close(back.theta[0], known.theta[0], 1e-12);
  // An even prior is none; one that is a logit of the data leaves nothing to do.
  const even = await fitMaxEnt(four, {...mnl, noise: false, prior: {a: 1, b: 1, c: 1}});
  const plain = await fitMaxEnt(four, {...mnl, noise: false});
  close(even.theta[0], plain.theta[0], 1e-12);
  close(even.solution.value, plain.solution.value - 4 * Math.log(3), 1e-12);
  close(even.entropies.p, plain.entropies.p, 1e-12);
  const done = await fitMaxEnt(four, {...mnl, noise: false, prior: [0, 1, 2, 3].flatMap((n) => [...p(plain, n)])});
  close(done.theta[0], 0, 1e-10);
  close(done.solution.value, 0, 1e-10);
});

test("six situations, price and quality", async () => {
  const pure = await fitMaxEnt(six, {...mnl, noise: false});
  allClose(pure.theta, [1.508678215854, -2.562434015857], 1e-10);
  close(pure.entropies.p, 6.440055880655, 1e-12);
  close(pure.logLikelihood!, -6.440055880655, 1e-12);
  const loose = await fitMaxEnt(six, {...mnl, noise: {sumToZero: false}});
  allClose(loose.theta, [0.322607374698, -0.769367688859], 1e-10);
  close(loose.solution.value, 26.286162329158, 1e-12);
  const tied = await fitMaxEnt(six, mnl);
  allClose(tied.theta, [1.123417746207, -1.907532455825], 1e-10);
  close(tied.solution.value, 26.253305190762, 1e-12);
  assert.deepEqual({...tied.noise}, {points: 3, sumToZero: true, v: 1 / Math.sqrt(6), how: "1/√N"});
  assert.equal(tied.title, "Generalised maximum-entropy logit");
});

test("two alternatives: half of what two supports give", async () => {
  const fit = await fitMaxEnt(pairs, {...mnl, noise: false});
  close(-fit.theta[0], 1.281611657662, 1e-11);
  close(fit.logLikelihood!, -2.6101723960940, 1e-12);
  allClose([0, 1, 2, 3, 4].map((n) => p(fit, n)[0]), [0.782723991328, 0.345064403408, 0.071543138536, 0.782723991328, 0.625426240300], 1e-11);
});

test("the errors of a situation sum to zero, so that neither the base nor a constant added to prices matters; without that both do", async () => {
  const table = await datasets.travelmode.columns();
  const travel = fromLong(table, {chosen: "choice", alternative: "mode", situation: "individual", attributes: ["gc", "ttme"]});
  const moved = fromLong({...table, gc: (table["gc"] as number[]).map((gc, r) => gc + 7 * (Math.floor(r / 4) % 5))}, {chosen: "choice", alternative: "mode", situation: "individual", attributes: ["gc", "ttme"]});
  const slopes = (fit: MaxEntFit) => ["gc", "ttme"].map((name) => fit.estimates.rows.find((row) => row.name === name)!.estimate);
  const loose: number[] = [];
  for (const base of ["air", "train", "bus", "car"]) {
    const fit = await fitMaxEnt(travel, {base});
    allClose(slopes(fit), [-0.0153654168, -0.0939344790], 1e-9, base);
    close(fit.solution.value, 1124.55331684, 1e-11, base);
    loose.push(slopes(await fitMaxEnt(travel, {base, noise: {sumToZero: false}}))[0]);
  }
  allClose(slopes(await fitMaxEnt(moved, {})), [-0.0153654168, -0.0939344790], 1e-9, "constants");
  allClose(slopes(await fitMaxEnt(travel, {noise: false})), [-0.0157837452, -0.097090523], 1e-9, "no noise");
  // Each base another estimate: this is what the sum is for.
  allClose(loose, [-0.00191, -0.00021, -0.00298, -0.00903], 1e-5, "not tied");
});

test("near equal shares noise of width v shrinks every coefficient by 1 / (1 + 2 J v² / 3), and takes up the rest of every moment", async () => {
  const faint = simulate({tier: "mnl"}, {people: 4000, situations: 1, alternatives: ["a", "b", "c", "d"], truth: {price: -0.03, quality: 0.03}, seed: 3}).data;
  const plain = await fitMaxEnt(faint, {...mnl, noise: false});
  for (const v of [1, 0.5, 0.1]) {
    const fit = await fitMaxEnt(faint, {...mnl, noise: {v}});
    const x = (2 * 4 * v * v) / 3;
    fit.theta.forEach((b, k) => close(b / plain.theta[k], 1 / (1 + x), 2e-3, `v = ${v}`));
    for (const {absorbed} of fit.moments) close(absorbed, x / (1 + x), 2e-3, `v = ${v}`);
    assert.equal(fit.notes.some(({code}) => code === "fit/noise-absorbs"), x / (1 + x) > 0.5);
  }
});

test("the penalty of the noise: to fourth order in v it is (v²/3) sum of squares of z'beta around their means", async () => {
  // D + l is the sum of ln Psi; both sides are small, and their difference smaller by v² (z'beta)².
  const v = 0.02;
  const fit = await fitMaxEnt(world.data, {noise: {v}});
  const {programme: {z, situation}, theta} = fit;
  const K = theta.length;
  let squares = 0;
  for (let n = 0; n + 1 < situation.length; ++n) {
    const u = Array.from({length: situation[n + 1] - situation[n]}, (_, j) => theta.reduce((sum, b, k) => sum + b * z[(situation[n] + j) * K + k], 0));
    const mean = u.reduce((a, b) => a + b) / u.length;
    squares += u.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  }
  const cellsInAll = situation[situation.length - 1];
  const penalty = fit.solution.value + fit.logLikelihood! - cellsInAll * Math.log(3);
  close(penalty / ((v * v * squares) / 3), 1, 1e-3);
});

test("as data grow, noise of width 1/√N loses its hold", async () => {
  const gaps: number[] = [];
  for (const people of [100, 1600]) {
    const {data} = simulate({tier: "mnl"}, {people, situations: 1, seed: 8});
    const [with_, without] = [await fitMaxEnt(data, mnl), await fitMaxEnt(data, {...mnl, noise: false})];
    gaps.push(Math.hypot(...with_.theta.map((b, k) => b - without.theta[k])));
  }
  assert.ok(gaps[1] < gaps[0] / 8, `${gaps[0]} and ${gaps[1]}`);
});

test("perfectly predicted choices: noise keeps the coefficient finite, and less so as it narrows", async () => {
  const cheapest = choicesOf({price: prices}, [0, 1, 1, 2]);
  for (const [v, loose, tied] of [[0.5, 0.326050945867, 1.330602477689], [0.01, 8.037580557429, 12.042436102833]]) {
    close(-(await fitMaxEnt(cheapest, {...mnl, noise: {v, sumToZero: false}})).theta[0], loose, 1e-10);
    close(-(await fitMaxEnt(cheapest, {...mnl, noise: {v}})).theta[0], tied, 1e-10);
  }
});

test("weights are counts: a weight of two is being there twice", async () => {
  const rows = rowsOf(world.data);
  const weight = (n: string) => 1 + (Number(n.slice(1)) % 3);
  const weighed = read(rows.map((row) => ({...row, weight: weight(String(row.situation))})), {weights: "weight", person: undefined});
  const repeated = read(rows.flatMap((row) => Array.from({length: weight(String(row.situation))}, (_, copy) => ({...row, situation: `${row.situation}, ${copy}`}))), {person: undefined});
  for (const noise of [false, {}] as const) {
    const [own, copies] = [await fitMaxEnt(weighed, {noise}), await fitMaxEnt(repeated, {noise})];
    allClose(own.theta, copies.theta, 1e-10);
    close(own.solution.value, copies.solution.value, 1e-12);
    for (const which of ["signal", "noise", "p", "information"] as const) close(own.entropies[which], copies.entropies[which], 1e-10, which);
    for (const errors of ["hessian", "opg", "model"] as const) allClose(estimates(own, {errors}).rows.map(({error}) => error!), estimates(copies, {errors}).rows.map(({error}) => error!), 1e-8, errors);
  }
});

test("entropies by hand, from the cells", async () => {
  const fit = await fitMaxEnt(six, {...mnl, noise: {v: 0.7, prior: [0.2, 0.6, 0.2]}});
  const h = (q: Float64Array) => -q.reduce((sum, value) => sum + value * Math.log(value), 0);
  const all = Array.from({length: 6}, (_, n) => cells(fit.programme, fit.solution, n));
  const [hp, hw] = [all.reduce((sum, cell) => sum + h(cell.p), 0), all.reduce((sum, cell) => sum + h(cell.w!), 0)];
  close(fit.entropies.p, hp, 1e-12);
  close(fit.entropies.signal, hp, 1e-12);
  close(fit.entropies.noise, hw, 1e-12);
  close(fit.entropies.normalized.p, hp / (6 * Math.log(3)), 1e-12);
  close(fit.entropies.normalized.noise, hw / (18 * Math.log(3)), 1e-12);
  close(fit.entropies.information, 1 - hp / (6 * Math.log(3)), 1e-12);
  assert.ok(Number.isNaN((await fitMaxEnt(six, {...mnl, noise: false})).entropies.normalized.noise));
  const [moment] = fit.moments;
  const sum = (of: (cell: (typeof all)[number]) => Float64Array) => all.reduce((total, cell, n) => total + of(cell).reduce((part, value, j) => part + value * six.x[(3 * n + j) * 2], 0), 0);
  close(moment.predicted, sum((cell) => cell.p), 1e-12);
  close(moment.error, sum((cell) => cell.errors), 1e-12);
  close(moment.target, 10.4, 1e-14);
  close(moment.atZero, six.x.reduce((total, value, at) => total + (at % 2 ? 0 : value / 3), 0), 1e-14);
  close(moment.least, [1, 1.5, 1, 0.8, 1.1, 1].reduce((a, b) => a + b), 1e-14);
  close(moment.greatest, [3, 2.5, 3, 2.2, 2.4, 2.6].reduce((a, b) => a + b), 1e-14);
});

test("scores are the gradient, person by person: they sum to zero, and robust errors are their sandwich", async () => {
  const fit = await fitMaxEnt(world.data, {noise: {v: 0.2}});
  assert.equal(fit.scores.rows, 150);
  for (let k = 0; k < fit.theta.length; ++k) close(fit.scores.getColumn(k).reduce((a, b) => a + b, 0), 0, 1e-9);
  allClose(fit.covariance.to1DArray(), covariance(fit, "robust").matrix.to1DArray(), 0);
  assert.equal(fit.estimates.errors, "robust");
  assert.equal(estimates(fit).errors, "robust");
});

test("cross-validation: seeded, by person, and it takes the width under which held-out choices are likeliest", async () => {
  const {data} = simulate({tier: "mnl"}, {people: 30, situations: 2, seed: 21});
  const fit = await fitMaxEnt(data, {...mnl, noise: {v: "cv"}, seed: 4});
  const {noise} = fit;
  assert.equal(noise!.how, "cross-validated");
  const root = Math.sqrt(60);
  allClose(noise!.tried!.map(({v}) => v * root), [0.25, 0.5, 1, 2, 4], 1e-13);
  const best = noise!.tried!.reduce((a, b) => (b.heldOut > a.heldOut ? b : a));
  assert.equal(noise!.v, best.v);
  const again = await fitMaxEnt(data, {...mnl, noise: {v: "cv"}, seed: 4});
  assert.deepEqual(again.noise, noise);
  assert.deepEqual(again.theta, fit.theta);
  const other = await fitMaxEnt(data, {...mnl, noise: {v: "cv"}, seed: 5});
  assert.notDeepEqual(other.noise!.tried, noise!.tried);
  allClose((await fitMaxEnt(data, {...mnl, noise: {v: best.v}})).theta, fit.theta, 1e-12);
});

test("a held-out log-likelihood is what fits without each fold say of its choices", async () => {
  // Two people, hence two folds of one person each, whatever the seed: held-out values can be made by hand.
  const {data} = simulate({tier: "mnl"}, {people: 2, situations: 12, seed: 2});
  const {noise} = await fitMaxEnt(data, {...mnl, noise: {v: "cv"}, errors: "hessian"});
  const rows = rowsOf(data);
  const [first, second] = [...new Set(rows.map(({person}) => person))].map((who) => read(rows.filter(({person}) => person === who), {person: undefined}));
  for (const [k, c] of [0.25, 0.5, 1, 2, 4].entries()) {
    let sum = 0;
    for (const [train, held] of [[first, second], [second, first]]) {
      const {theta} = await fitMaxEnt(train, {...mnl, noise: {v: c / Math.sqrt(12)}, errors: "hessian"});
      const {logLikelihood} = await fitMnl(held, {hold: {price: theta[0], quality: theta[1]}});
      sum += logLikelihood;
    }
    close(noise!.tried![k].heldOut, sum, 1e-9);
  }
});

test("a fit that was stopped says so, and gives no errors", async () => {
  const controller = new AbortController();
  controller.abort();
  const fit = await fitMaxEnt(world.data, {signal: controller.signal});
  assert.equal(fit.solution.ending, "stopped");
  assert.ok(fit.estimates.rows.every(({error}) => error === null));
  assert.ok(fit.notes.some(({code, text}) => code === "fit/not-converged" && /stopped/.test(text)));
  const short = await fitMaxEnt(world.data, {iterations: 1});
  assert.equal(short.solution.ending, "iterations");
  assert.ok(short.notes.some(({code}) => code === "fit/not-converged"));
});

test("progress is told of every step", async () => {
  const seen: number[] = [];
  const fit = await fitMaxEnt(world.data, {progress: ({value}) => seen.push(value)});
  assert.deepEqual(seen, fit.solution.path.map(({value}) => value));
  assert.ok(seen.length > 2);
});
