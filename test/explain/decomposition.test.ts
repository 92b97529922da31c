import assert from "node:assert/strict";
import test from "node:test";
import {offersOf} from "../../src/data/offers.js";
import {fitMaxEnt} from "../../src/entropy/fitMaxEnt.js";
import {fitMaxEntSupports} from "../../src/entropy/fitMaxEntSupports.js";
import {decomposition} from "../../src/explain/decomposition.js";
import {four, six} from "../entropy/cases.js";
import {allClose, close, refuses} from "../support/world.js";
import {raggedData} from "./fixture.js";

const attributes = ["price", "quality", {attribute: "income", byAlternative: true}];
const sum = (values: readonly number[]) => values.reduce((all, v) => all + v, 0);

test("four situations, one revenue: how much of it noise takes up, to the last digit known", async () => {
  // Revenue 5.3, 7.4 with nothing known; what probabilities predict from a program of its own, see test/entropy/cases.ts.
  const known = [
    [() => fitMaxEntSupports(four, {tier: "mnl", supports: 5, noise: {v: 1, sumToZero: false}}), 7.3611289989],
    [() => fitMaxEntSupports(four, {tier: "mnl", supports: 5, noise: {v: 1}}), 7.1025189496],
    [() => fitMaxEnt(four, {tier: "mnl", noise: {v: 1, sumToZero: false}}), 7.2839116222],
    [() => fitMaxEnt(four, {tier: "mnl", noise: {v: 1}}), 6.7046727267],
    [() => fitMaxEnt(four, {tier: "mnl", noise: false}), 5.3]
  ] as const;
  for (const [fit, predicted] of known) {
    const {rows: [row]} = decomposition(await fit());
    close(row.total, 5.3, 1e-14);
    close(row.atZero, 7.4, 1e-13);
    close(row.gap, -2.1, 1e-13);
    close(row.predicted, predicted, 1e-10);
    close(row.error, 5.3 - predicted, 1e-9);
    close(row.absorbed, (5.3 - predicted) / -2.1, 1e-9);
    close(row.explained, predicted - 7.4, 1e-9);
    assert.equal(row.slack, 0);
    assert.ok(Math.abs(row.residual) < 1e-10);
  }
});

test("near equal shares noise of width v absorbs x / (1 + x) of every gap, x = 2 J v² / 3", async () => {
  // Second order around p = 1/J: the noise has variance 2 v² / 3 and the probabilities 1/J (three points, errors that sum to zero).
  const fit = await fitMaxEnt(raggedData(300), {attributes: ["price", "quality"], intercepts: false, noise: {v: 1}, totals: {}});
  const {rows} = decomposition(fit);
  for (const row of rows) {
    // Sets have two to four alternatives.
    const part = (J: number) => (2 * J) / 3 / (1 + (2 * J) / 3);
    assert.ok(row.absorbed > part(2) - 0.02 && row.absorbed < part(4) + 0.02, `${row.name}: ${row.absorbed}`);
  }
});

test("parts by alternative add up, agree with the fit's own moments, and stand beside what was observed", async () => {
  const data = raggedData(80);
  for (const fit of [await fitMaxEnt(data, {attributes}), await fitMaxEntSupports(data, {attributes, noise: {v: 0.3, sumToZero: false}}), await fitMaxEnt(data, {attributes, prior: {a: 0.4, b: 0.3, c: 0.2, d: 0.1}})]) {
    const {rows, sumToZero} = decomposition(fit);
    assert.equal(sumToZero, fit.noise!.sumToZero);
    rows.forEach((row, k) => {
      const moment = fit.moments[k];
      assert.deepEqual(row.alternatives.map(({alternative}) => alternative), data.alternatives);
      allClose([row.total, row.predicted, row.error, row.atZero, row.absorbed], [moment.target, moment.predicted, moment.error, moment.atZero, moment.absorbed], 1e-9, row.name);
      for (const part of ["predicted", "error", "atZero"] as const) close(sum(row.alternatives.map((own) => own[part])), row[part], 1e-11);
      close(sum(row.alternatives.map(({observed}) => observed!)), row.total, 1e-11);
      assert.ok(Math.abs(row.residual) < 1e-8 * Math.max(1, Math.abs(row.total)));
    });
    // An intercept's total is that of one alternative alone, and is met there.
    const own = rows.find(({name}) => name === "intercept[b]")!;
    const b = own.alternatives[1];
    close(b.predicted + b.error, b.observed!, 1e-9);
    assert.deepEqual(own.alternatives.filter((_, j) => j !== 1).map(({predicted, observed}) => [predicted, observed]), [[0, 0], [0, 0], [0, 0]]);
  }
});

test("a total with noise of its own: its slack is the variance times the multiplier", async () => {
  const fit = await fitMaxEnt(offersOf(six), {tier: "mnl", totals: {price: {total: 9.5, sd: 0.8}, quality: 3.9}});
  const {rows: [price, quality]} = decomposition(fit);
  close(price.slack, -0.64 * fit.solution.lambda[0], 1e-12);
  close(price.predicted + price.slack, 9.5, 1e-10);
  close(price.absorbed, price.slack / price.gap, 1e-12);
  assert.ok(Math.abs(price.slack) > 0.01);
  assert.deepEqual([quality.slack, quality.error], [0, 0]);
  assert.ok(price.alternatives.every((part) => !("observed" in part)), "nobody wrote down who chose what");
});

test("without a gap there is no share of it", async () => {
  const fit = await fitMaxEnt(offersOf(four), {tier: "mnl", totals: {price: 7.4}});
  const {rows: [row]} = decomposition(fit);
  close(row.gap, 0, 1e-12);
  assert.ok(Number.isNaN(row.absorbed));
});

test("what is no maximum-entropy fit is refused", async () => {
  await refuses("explain/not-maxent", () => decomposition(fitMaxEnt(four, {tier: "mnl"}) as never), "await");
});
