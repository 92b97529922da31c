import assert from "node:assert/strict";
import test from "node:test";
import {fitMaxEntMixed} from "../../../src/entropy/mixing/fitMaxEntMixed.js";
import {expectationMaximization} from "../../../src/entropy/mixing/em.js";
import {layoutOfSpecification, menusOf} from "../../../src/entropy/mixing/layout.js";
import {mixingObjective} from "../../../src/entropy/mixing/objective.js";
import {likelihoodRows} from "../../../src/entropy/mixing/rows.js";
import {tasteStatistics} from "../../../src/entropy/mixing/statistics.js";
import {tasteGrid} from "../../../src/entropy/mixing/tastes.js";
import {momentsOf} from "../../../src/entropy/mixing/tilt.js";
import {whiten} from "../../../src/entropy/mixing/whiten.js";
import {fitMixed, fitMnl, fitMnlIntercepts} from "../../../src/estimate/tiers.js";
import {ChoiceError} from "../../../src/errors.js";
import {estimates} from "../../../src/infer/estimates.js";
import {trapezoid} from "../../../src/integrate/trapezoid.js";
import {logCumulative} from "../../../src/math/normal.js";
import {simulate} from "../../../src/simulate/simulate.js";
import {close, read, rowsOf} from "../../support/world.js";
import {twoTypes} from "./worlds.js";

const refuses = async (code: string, work: Promise<unknown>, words?: RegExp) => assert.rejects(work, (error) => {
  assert.ok(error instanceof ChoiceError && error.code === code, `${code}: ${String(error)}`);
  if (words) assert.match(error.message, words);
  return true;
});
const row = (found: {estimates: {rows: readonly {name: string; estimate: number; error: number | null}[]}}, name: string) => found.estimates.rows.find((r) => r.name === name)!;

const panel = simulate({tier: "mixed", random: ["price"]}, {people: 120, situations: 6, seed: 4}).data;

test("with t = (b, b²) on a fine grid it is the mixed logit with a normal coefficient", async () => {
  const normal = await fitMixed(panel, {random: ["price"], rule: trapezoid(191)});
  const found = await fitMaxEntMixed(panel, {tastes: tasteGrid({price: {from: -9, to: 7, points: 161}}), sensitivity: false});
  assert.ok(found.ending.converged);
  // Spacing 0.1 under a density of sd 0.8 or more: the trapezoid's own error is exp(-2 pi² 8²), that of the ends less than 1e-12.
  close(found.logLikelihood, normal.logLikelihood, 1e-11, "log-likelihood");
  close(row(found, "mean[price]").estimate, row(normal, "price").estimate, 1e-6, "mean");
  close(row(found, "sd[price]").estimate, row(normal, "sd[price]").estimate, 1e-6, "sd");
  for (const name of ["intercept[b]", "intercept[c]", "quality"]) {
    close(row(found, name).estimate, row(normal, name).estimate, 1e-6, name);
    close(row(found, name).error!, row(normal, name).error!, 1e-6, `error of ${name}`);
  }
  // The same model in other parameters: delta errors are the same, too.
  close(row(found, "mean[price]").error!, row(normal, "price").error!, 1e-6, "error of the mean");
  close(row(found, "sd[price]").error!, row(normal, "sd[price]").error!, 1e-6, "error of the sd");
  const [mean, sd] = [row(normal, "price").estimate, row(normal, "sd[price]").estimate];
  // A cell around zero counts by its part below: an error of second order in the spacing.
  close(row(found, "P(price < 0)").estimate, Math.exp(logCumulative(-mean / sd)), 1e-3);
  // And the multipliers are mu / sigma² and -1 / (2 sigma²).
  close(found.theta[0], mean / sd ** 2, 1e-5);
  close(found.theta[1], -1 / (2 * sd ** 2), 1e-5);
  close(found.logLikelihoodAtPoint, (await fitMnlIntercepts(panel)).logLikelihood, 1e-10);
});

test("the certificate is the distance to the summit in standard errors", async () => {
  const options = {tastes: tasteGrid({price: {from: -6, to: 4, points: 31}}), sensitivity: false};
  const best = await fitMaxEntMixed(panel, options);
  assert.ok(best.certificate.residual < 1e-4 && best.certificate.gap === undefined, `${best.certificate.residual}`);
  const early = await fitMaxEntMixed(panel, {...options, em: 10, iterations: 1});
  // Near the summit half its square is what is left to gain.
  const gain = best.logLikelihood - early.logLikelihood;
  assert.ok(gain > 1e-8 && Math.abs(early.certificate.residual ** 2 / 2 / gain - 1) < 0.3, `${early.certificate.residual ** 2 / 2} for ${gain}`);
});

test("with t in ln |b| on a grid of logarithms it is the lognormal", async () => {
  const data = simulate({tier: "mixed", random: {price: "-lognormal"}, intercepts: false}, {people: 100, situations: 6, seed: 6}).data;
  const lognormal = await fitMixed(data, {random: {price: "-lognormal"}, intercepts: false, rule: trapezoid(191)});
  const found = await fitMaxEntMixed(data, {tastes: tasteGrid({price: {from: -60, to: -0.005, points: 181, spacing: "log"}}), statistics: "lognormal", intercepts: false, sensitivity: false});
  close(found.logLikelihood, lognormal.logLikelihood, 1e-9);
  close(row(found, "mean[price]").estimate, row(lognormal, "mean of price").estimate, 1e-4);
});

test("robust errors are those of the mixed logit, too", async () => {
  const few = read(rowsOf(panel).filter(({person}) => Number(person) <= 60));
  const normal = await fitMixed(few, {random: ["price"], intercepts: false, rule: trapezoid(121), errors: "robust"});
  const found = await fitMaxEntMixed(few, {tastes: tasteGrid({price: {from: -9, to: 7, points: 121}}), intercepts: false, errors: "robust", sensitivity: false});
  close(row(found, "mean[price]").error!, row(normal, "price").error!, 1e-5);
  close(row(found, "quality").error!, row(normal, "quality").error!, 1e-5);
  close(estimates(found, {errors: "robust"}).rows[2].error!, row(found, "quality").error!, 1e-12);
});

test("a grid of one point is a multinomial logit with that coefficient held", async () => {
  const point = await fitMaxEntMixed(panel, {tastes: tasteGrid({price: [-0.9]}), intercepts: false});
  const held = await fitMnl(panel, {hold: {price: -0.9}});
  close(point.logLikelihood, held.logLikelihood, 1e-12);
  close(row(point, "quality").estimate, row(held, "quality").estimate, 1e-7);
  close(row(point, "quality").error!, row(held, "quality").error!, 1e-7);
  assert.deepEqual([...point.weights], [1]);
  assert.equal(row(point, "mean[price]").estimate, -0.9);
  assert.equal(point.identification.divergence, 0);
});

test("EM never loses, its M-step meets the means of the E-step, and Newton goes on to the summit that it nears", async () => {
  const data = read(rowsOf(panel).filter(({person}) => Number(person) <= 50));
  const tastes = tasteGrid({price: {from: -5, to: 3, points: 17}, quality: {from: -1, to: 3, points: 9}});
  const layout = layoutOfSpecification(data, tastes, {intercepts: false}, "");
  const menus = menusOf(data, layout, "");
  const white = whiten({logBase: tastes.logBase, t: tasteStatistics(tastes, "normal", true).map(({values}) => values)});
  assert.ok(!("redundant" in white));
  const objective = mixingObjective(menus, likelihoodRows(menus, tastes), white.family, () => undefined);
  const {path} = await expectationMaximization(objective, white.family, new Float64Array(5), 50, {steps: 60, gain: 1e-9});
  assert.ok(path.length > 20, `${path.length} steps`);
  for (let k = 1; k < path.length; ++k) assert.ok(path[k].logLikelihood >= path[k - 1].logLikelihood, `step ${k} lost`);
  const once = await expectationMaximization(objective, white.family, new Float64Array(5).fill(0.1), 50, {steps: 1, gain: 0});
  const before = await objective.evaluate(new Float64Array(5).fill(0.1), 2);
  const meant = before.counts.map((count) => count / 50);
  momentsOf(once.at.weights.theta, white.family.t).mean.forEach((m, q) => close(m, meant.reduce((sum, h, r) => sum + h * white.family.t[q][r], 0), 1e-9, "M-step"));
  const found = await fitMaxEntMixed(data, {tastes, cross: true, intercepts: false, sensitivity: false});
  assert.ok(found.ending.converged);
  assert.ok(found.logLikelihood >= path[path.length - 1].logLikelihood - 1e-9);
  close(found.logLikelihood, path[path.length - 1].logLikelihood, 1e-3);
  const newtonAlone = await fitMaxEntMixed(data, {tastes, cross: true, intercepts: false, sensitivity: false, em: 0});
  close(newtonAlone.logLikelihood, found.logLikelihood, 1e-10);
});

test("two types of people: mean, spread and the valley between are recovered by polynomials and by steps", async () => {
  const data = twoTypes(300, 10, 7, 0.3);
  const tastes = tasteGrid({price: {from: -3.5, to: 1, points: 46}});
  const truth = {"mean[price]": 0.4 * -2 + 0.6 * -0.5, "sd[price]": Math.sqrt(0.4 * 0.6 * 1.5 ** 2 + 0.3 ** 2), quality: 0.7};
  const normal = await fitMaxEntMixed(data, {tastes, intercepts: false, sensitivity: false});
  for (const statistics of [{legendre: 4}, {steps: 5}] as const) {
    const found = await fitMaxEntMixed(data, {tastes, statistics, intercepts: false, sensitivity: false, starts: 2, seed: 2});
    assert.ok(found.ending.converged, found.ending.words);
    for (const [name, wanted] of Object.entries(truth)) {
      const {estimate, error} = row(found, name);
      assert.ok(error! > 0.01 && error! < 0.15 && Math.abs(estimate - wanted) < 3 * error!, `${name} ${estimate} (${error}), not ${wanted}`);
    }
    const mass = (low: number, high: number) => found.weights.reduce((sum, w, r) => sum + (tastes.points[0][r] > low && tastes.points[0][r] < high ? w : 0), 0);
    // Five steps are 0.9 wide each, and cannot show it.
    if ("legendre" in statistics) assert.ok(mass(-1.55, -1.05) < 0.8 * Math.min(mass(-2.35, -1.85), mass(-0.75, -0.25)), `no valley: ${mass(-2.35, -1.85)}, ${mass(-1.55, -1.05)}, ${mass(-0.75, -0.25)}`);
    assert.ok(found.logLikelihood > normal.logLikelihood + 5, "better than a normal");
    assert.equal(found.basins!.reduce((sum, {starts}) => sum + starts, 0), 2);
    assert.equal(found.basins![0].logLikelihood, Math.max(...found.basins!.map(({logLikelihood}) => logLikelihood)));
  }
});

test("where choices leave a part of the range without weight, the climb says so, and means keep their errors", async () => {
  const found = await fitMaxEntMixed(twoTypes(120, 10, 5), {tastes: tasteGrid({price: {from: -4, to: 1, points: 51}}), statistics: {steps: 10}, intercepts: false, hold: {quality: 0.7}, sensitivity: false});
  assert.ok(found.notes.some(({code}) => code === "mixing/flat"));
  assert.match(found.ending.words, /ran away/);
  const {estimate, error} = row(found, "mean[price]");
  assert.ok(error! > 0.03 && error! < 0.15, `${error}`);
  assert.ok(Math.abs(estimate + 1.1) < 3 * error!, `${estimate} (${error})`);
  assert.ok(found.weights.some((w) => w < 1e-8));
});

test("weights are counts: a person of weight two is there twice", async () => {
  const rows = rowsOf(panel).filter(({person}) => Number(person) <= 40);
  const twice = [...rows, ...rows.filter(({person}) => Number(person) % 2 === 0).map((r) => ({...r, person: `${r.person} again`, situation: `${r.situation} again`}))];
  const options = {tastes: tasteGrid({price: {from: -6, to: 4, points: 41}}), intercepts: false, sensitivity: false} as const;
  const weighted = await fitMaxEntMixed(read(rows.map((r) => ({...r, weight: Number(r.person) % 2 === 0 ? 2 : 1})), {weights: "weight"}), options);
  const counted = await fitMaxEntMixed(read(twice), options);
  close(weighted.logLikelihood, counted.logLikelihood, 1e-11);
  close(row(weighted, "sd[price]").error!, row(counted, "sd[price]").error!, 1e-6);
});

test("held coefficients stand still and have no errors; sensitivity and notes say what is the base", async () => {
  const found = await fitMaxEntMixed(panel, {tastes: tasteGrid({price: {from: -6, to: 4, points: 41}}), intercepts: false, hold: {quality: 0.7}, sensitivity: true});
  assert.equal(found.shared["quality"], 0.7);
  assert.equal(row(found, "quality").error, null);
  const sd = found.identification.sensitivity!.ranges.find(({name}) => name === "sd[price]")!;
  assert.ok(sd.high - sd.low < 0.2 * row(found, "sd[price]").error!, "two moments of a panel say nearly all");
  assert.equal(found.identification.sensitivity!.refits.length, 5);
  assert.ok(!found.notes.some(({code}) => code === "mixing/cross-section"));
  const cross = await fitMaxEntMixed(panel, {tastes: tasteGrid({price: {from: -6, to: 4, points: 41}}), intercepts: false, panel: false, sensitivity: false});
  assert.ok(cross.notes.some(({code}) => code === "mixing/cross-section"));
  const narrow = await fitMaxEntMixed(panel, {tastes: tasteGrid({price: {from: -1.4, to: -0.8, points: 13}}), intercepts: false, sensitivity: false});
  assert.ok(narrow.notes.some(({code, text}) => code === "mixing/edge" && /cuts the mixture off/.test(text)));
});

test("what is not understood is refused", async () => {
  const tastes = tasteGrid({price: {from: -6, to: 4, points: 5}});
  await refuses("mixing/redundant", fitMaxEntMixed(panel, {tastes, statistics: {legendre: 5}}), /P5\(price\)/);
  await refuses("model/unknown-column", fitMaxEntMixed(panel, {tastes: tasteGrid({prise: [0, 1]})}));
  await refuses("options/unknown", fitMaxEntMixed(panel, {tastes, statistic: "normal"} as never), /statistics/);
  await refuses("options/number", fitMaxEntMixed(panel, {tastes, starts: 0}));
  await refuses("mixing/held-taste", fitMaxEntMixed(panel, {tastes, hold: {price: 1}}));
  await refuses("mixing/worth", fitMaxEntMixed(panel, {tastes, worth: "prise"}), /price/);
  await refuses("identify/collinear", fitMaxEntMixed(read(rowsOf(panel).map((r) => ({...r, twin: 2 * Number(r["quality"])}))), {tastes}));
});

test("a fit that is stopped returns its best so far, marked so", async () => {
  const data = simulate({tier: "mixed", random: ["price"]}, {people: 300, situations: 8, seed: 4}).data;
  const stop = new AbortController();
  const found = await fitMaxEntMixed(data, {tastes: tasteGrid({price: {from: -8, to: 6, points: 201}}), signal: stop.signal, progress: ({method}) => { if (method === "newton") stop.abort(); }});
  assert.equal(found.ending.code, "stopped");
  assert.ok(Number.isFinite(found.logLikelihood) && found.estimates.rows.every(({error}) => error === null));
  assert.ok(found.logLikelihood > found.path[0].logLikelihood);
});
