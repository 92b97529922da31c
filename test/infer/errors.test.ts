import test from "node:test";
import assert from "node:assert/strict";
import {Matrix} from "ml-matrix";
import {fitMixed, fitMnl, fitMnlIntercepts} from "../../src/estimate/tiers.js";
import type {Fit} from "../../src/estimate/types.js";
import {covariance} from "../../src/infer/covariance.js";
import {estimates} from "../../src/infer/estimates.js";
import {simulate} from "../../src/simulate/simulate.js";
import {allClose, close, inverted, read, refuses, rowsOf, times} from "../support/world.js";

const {data} = simulate({tier: "mixed", covariance: "full"}, {people: 120, situations: 5, seed: 51});
const quadrature = {rule: "gaussHermite", draws: 7} as const;
const rowOf = (fit: Fit, name: string) => fit.estimates.rows.find((row) => row.name === name)!;
const position = ({parameters, free}: Fit, name: string) => free.indexOf(parameters.findIndex((p) => p.name === name));

/** H^-1 M H^-1 from plain arrays. */
function sandwich(hessian: number[][], scores: number[][], factor = 1): number[][] {
  const bread = inverted(hessian.map((row) => row.map((v) => -v)));
  const meat = hessian.map((_, f) => hessian.map((_, g) => factor * scores.reduce((sum, s) => sum + s[f] * s[g], 0)));
  return times(times(bread, meat), bread);
}

/** Every entry to a relative gap, on the scale of the two variances. */
function same(got: number[][], wanted: number[][], tolerance: number): void {
  wanted.forEach((row, f) => row.forEach((v, g) => close((got[f][g] - v) / Math.sqrt(wanted[f][f] * wanted[g][g]), 0, tolerance, `entry ${f}, ${g}`)));
}

test("each covariance is its formula, written out with another inverse: hessian, opg, robust, clustered", async () => {
  for (const fit of [await fitMnlIntercepts(data), await fitMixed(data, {...quadrature, covariance: "full"}), await fitMixed(data, {...quadrature, hold: {price: -1}})]) {
    const [H, S] = [fit.hessian.to2DArray(), fit.scores.to2DArray()];
    const clusters = data.people.map((_, i) => `village ${i % 17}`);
    const sums = Array.from({length: 17}, (_, c) => H.map((_, f) => S.reduce((sum, s, i) => sum + (i % 17 === c ? s[f] : 0), 0)));
    same(covariance(fit, "hessian").matrix.to2DArray(), inverted(H.map((row) => row.map((v) => -v))), 1e-9);
    same(covariance(fit, "opg").matrix.to2DArray(), inverted(H.map((_, f) => H.map((_, g) => S.reduce((sum, s) => sum + s[f] * s[g], 0)))), 1e-9);
    same(covariance(fit, "robust").matrix.to2DArray(), sandwich(H, S), 1e-9);
    same(covariance(fit, "clustered", clusters).matrix.to2DArray(), sandwich(H, sums, 17 / 16), 1e-9);
  }
});

test("one person per cluster: clustered is robust times I / (I - 1)", async () => {
  const fit = await fitMixed(data, quadrature);
  const [robust, clustered] = [covariance(fit, "robust").matrix.to2DArray(), covariance(fit, "clustered", data.people).matrix.to2DArray()];
  same(clustered, robust.map((row) => row.map((v) => (v * 120) / 119)), 1e-12);
});

test("clusters named when reading the data are the ones used", async () => {
  const named = read(rowsOf(data).map((row) => ({...row, village: Number(row.person) % 10})), {clusters: "village", attributes: ["price", "quality"]});
  const own = await fitMnl(named, {errors: "clustered"});
  const passed = await fitMnl(data, {errors: "clustered", clusters: data.people.map((person) => Number(person) % 10)});
  allClose(own.estimates.rows.map(({error}) => error!), passed.estimates.rows.map(({error}) => error!), 1e-12);
  assert.match(own.estimates.words, /10 clusters/);
});

test("where the model is true and the world is large, all errors agree", async () => {
  const world = simulate({tier: "mnlIntercepts"}, {people: 3000, situations: 2, seed: 17});
  const fit = await fitMnlIntercepts(world.data);
  const of = (errors: "hessian" | "opg" | "robust" | "clustered") => estimates(fit, {errors, clusters: world.data.people.map((_, i) => i >> 2)}).rows.map(({error}) => error!);
  const plain = of("hessian");
  // The relative error of a variance learned from I scores is about √(2 / I): 3% for people, 5% for 750 clusters, and half
  // that for its root. The band is three of these.
  for (const [errors, band] of [["opg", 0.06], ["robust", 0.06], ["clustered", 0.09]] as const) of(errors).forEach((error, f) => close(error / plain[f], 1, band, `${errors}[${f}]`));
});

test("where people differ and the model denies it, the errors of multinomial logit are too small, and a note says so", async () => {
  const world = simulate({tier: "mixedIntercepts"}, {people: 200, situations: 12, seed: 7, truth: {"sd[intercept[b]]": 2, "sd[intercept[c]]": 2}});
  const fit = await fitMnlIntercepts(world.data);
  const [plain, robust] = [estimates(fit), estimates(fit, {errors: "robust"})];
  assert.ok(robust.rows[0].error! > 1.5 * plain.rows[0].error!, `${robust.rows[0].error} and ${plain.rows[0].error}`);
  assert.ok(fit.notes.some(({code, level}) => code === "fit/robust" && level === "warning"), "a warning");
});

test("in a panel of multinomial logit scores are summed by person: residuals times attributes, written out", async () => {
  const fit = await fitMnlIntercepts(data);
  const {columns, z} = fit.design;
  const C = columns.length;
  for (const i of [0, 7, 119]) {
    const score = new Float64Array(C);
    for (let n = data.person[i]; n < data.person[i + 1]; ++n) {
      const rows = Array.from({length: data.situation[n + 1] - data.situation[n]}, (_, k) => data.situation[n] + k);
      const e = rows.map((row) => Math.exp(columns.reduce((v, _, c) => v + z[row * C + c] * fit.theta[c], 0)));
      const sum = e.reduce((a, b) => a + b);
      rows.forEach((row, k) => { for (let c = 0; c < C; ++c) score[c] += ((row === data.chosen[n] ? 1 : 0) - e[k] / sum) * z[row * C + c]; });
    }
    allClose(fit.scores.getRow(i), score, 1e-12, `person ${i}`);
  }
  assert.equal(fit.scores.rows, 120);
});

test("z, p and the interval follow from estimate and error", async () => {
  const {estimates: {rows}} = await fitMnl(data, {level: 0.9});
  for (const {estimate, error, z, p, low, high} of rows) {
    close(z!, estimate / error!, 1e-14);
    close(low!, estimate - 1.6448536269514722 * error!, 1e-12); // the 95% point of the standard normal
    close(high!, estimate + 1.6448536269514722 * error!, 1e-12);
    assert.ok(p! >= 0 && p! <= 1, `${p}`);
  }
});

test("p values: 1.959964 standard errors make five per cent", () => {
  const table = estimates({parameters: [{name: "x", role: "mean", column: 0, words: ""}], design: {columns: [{name: "x", attribute: 0, alternatives: [], within: false}]}, theta: Float64Array.of(1.959963984540054), free: [0], hessian: new Matrix([[-1]]), scores: new Matrix([[1]]), data: {people: [1]}});
  close(table.rows[0].p!, 0.05, 1e-12);
});

test("standard deviations and correlations of a full covariance, with errors by the delta method, against the formulas", async () => {
  const fit = await fitMixed(data, {...quadrature, covariance: "full"});
  const V = covariance(fit).matrix;
  const [p, q, r] = ["chol[price,price]", "chol[quality,price]", "chol[quality,quality]"].map((name) => position(fit, name));
  const [a, b, c] = [p, q, r].map((f) => fit.theta[fit.free[f]]);
  const sd = Math.hypot(b, c);
  const at = (gradient: [number, number][]) => Math.sqrt(gradient.reduce((sum, [f, u]) => sum + gradient.reduce((inner, [g, w]) => inner + u * V.get(f, g) * w, 0), 0));
  close(rowOf(fit, "sd[price]").estimate, Math.abs(a), 1e-12);
  close(rowOf(fit, "sd[price]").error!, Math.sqrt(V.get(p, p)), 1e-7);
  close(rowOf(fit, "sd[quality]").estimate, sd, 1e-12);
  close(rowOf(fit, "sd[quality]").error!, at([[q, b / sd], [r, c / sd]]), 1e-7);
  const correlation = rowOf(fit, "cor[quality,price]");
  close(correlation.estimate, (Math.sign(a) * b) / sd, 1e-12);
  close(correlation.error!, at([[q, c ** 2 / sd ** 3], [r, (-b * c) / sd ** 3]]), 1e-7);
  assert.equal(correlation.role, "correlation");
});

test("median and mean of a negative lognormal, with errors by the delta method, against the formulas", async () => {
  const world = simulate({tier: "mixed", random: {price: "-lognormal"}}, {people: 150, situations: 6, seed: 52});
  const fit = await fitMixed(world.data, {...quadrature, random: {price: "-lognormal"}});
  const V = covariance(fit).matrix;
  const [m, s] = [position(fit, "price"), position(fit, "sd[price]")];
  const [mu, sigma] = [fit.theta[fit.free[m]], fit.theta[fit.free[s]]];
  const [median, mean] = [-Math.exp(mu), -Math.exp(mu + sigma ** 2 / 2)];
  close(rowOf(fit, "median of price").estimate, median, 1e-12);
  close(rowOf(fit, "median of price").error!, Math.abs(median) * Math.sqrt(V.get(m, m)), 1e-7);
  close(rowOf(fit, "mean of price").estimate, mean, 1e-12);
  close(rowOf(fit, "mean of price").error!, Math.abs(mean) * Math.sqrt(V.get(m, m) + 2 * sigma * V.get(m, s) + sigma ** 2 * V.get(s, s)), 1e-7);
});

test("a spread that came out negative is reported positive, with its whole column of Gamma turned", async () => {
  const how = {...quadrature, covariance: "full"} as const;
  const plain = await fitMixed(data, how);
  const start = Object.fromEntries(plain.parameters.map(({name, on}, p) => [name, name.endsWith(",price]") && on !== undefined ? -plain.theta[p] : plain.theta[p]]));
  const turned = await fitMixed(data, {...how, start});
  assert.ok(turned.theta[turned.parameters.findIndex(({name}) => name === "chol[price,price]")] < 0, "the climb stays on its side");
  plain.estimates.rows.forEach(({name, estimate, error}, r) => {
    close(turned.estimates.rows[r].estimate, estimate, 1e-5, name);
    close(turned.estimates.rows[r].error!, error!, 1e-5, name);
  });
  assert.ok(turned.notes.some(({code}) => code === "fit/mode"), "a note says which side");
});

test("held parameters have no error, and do not touch the errors of others through the covariance", async () => {
  const free = await fitMnlIntercepts(data);
  const held = await fitMnlIntercepts(data, {hold: {quality: free.theta[3]}});
  const row = rowOf(held, "quality");
  assert.deepEqual([row.error, row.z, row.p, row.low, row.high, row.why], [null, null, null, null, null, "held"]);
  // Knowing one parameter never widens the errors of others.
  for (const name of ["intercept[b]", "intercept[c]", "price"]) assert.ok(rowOf(held, name).error! <= rowOf(free, name).error! * (1 + 1e-9), name);
  same(covariance(held).matrix.to2DArray(), inverted(free.hessian.to2DArray().slice(0, 3).map((line) => line.slice(0, 3).map((v) => -v))), 1e-6);
});

test("weights: scores are weighted, so that they sum to the gradient, and twice the weight halves the variance by curvature", async () => {
  const double = read(rowsOf(data).map((row) => ({...row, weight: 2})), {weights: "weight"});
  const [one, two] = [await fitMnl(data), await fitMnl(double)];
  same(covariance(two).matrix.to2DArray(), covariance(one).matrix.to2DArray().map((row) => row.map((v) => v / 2)), 1e-8);
  same(covariance(two, "robust").matrix.to2DArray(), covariance(one, "robust").matrix.to2DArray(), 1e-8);
  same(covariance(two, "opg").matrix.to2DArray(), covariance(one, "opg").matrix.to2DArray().map((row) => row.map((v) => v / 2)), 1e-8);
  const atOnce = await fitMnl(double, {errors: "opg"});
  assert.deepEqual(estimates(two, {errors: "opg"}).rows.map(({error}) => error), atOnce.estimates.rows.map(({error}) => error), "asked later, the same");
});

test("the information identities of a fit: rho², AIC and BIC from the log-likelihood, zero coefficients in closed form", async () => {
  const {logLikelihood, logLikelihoodAtZero, logLikelihoodAtShares, rho2, aic, bic, free} = await fitMnlIntercepts(data);
  close(logLikelihoodAtZero, -600 * Math.log(3), 1e-13);
  const counts = [0, 0, 0];
  data.chosen.forEach((row) => { counts[data.alternative[row]] += 1; });
  close(logLikelihoodAtShares, counts.reduce((sum, n) => sum + n * Math.log(n / 600), 0), 1e-12);
  close(rho2, 1 - logLikelihood / logLikelihoodAtZero, 1e-14);
  close(aic, 2 * free.length - 2 * logLikelihood, 1e-14);
  close(bic, free.length * Math.log(600) - 2 * logLikelihood, 1e-14);
});

test("errors, level and clusters that make no sense are refused", async () => {
  const fit = await fitMnl(data);
  await refuses("infer/unknown-errors", () => estimates(fit, {errors: "hesian" as never}), 'Did you mean "hessian"?');
  await refuses("infer/level", () => estimates(fit, {level: 1}), "level: 1");
  await refuses("infer/no-clusters", () => estimates(fit, {errors: "clustered"}));
  await refuses("options/unknown", () => estimates(fit, {error: "robust"} as never), '"errors"');
});
