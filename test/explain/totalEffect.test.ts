import assert from "node:assert/strict";
import test from "node:test";
import {fitMnl, fitMnlIntercepts} from "../../src/estimate/tiers.js";
import {marginalEffects} from "../../src/explain/marginalEffects.js";
import {totalEffect} from "../../src/explain/totalEffect.js";
import {design} from "../../src/model/design.js";
import type {Specification} from "../../src/model/specification.js";
import {allClose, close, read, refuses, type Row} from "../support/world.js";
import {maxEnt, noise, overBoth, points, programme, ragged, shifted, slowly, type Shape} from "./fixture.js";

const rows = ragged(40, 6);
const names = ["a", "b", "c", "d"];
const reading = (changed: readonly Row[]) => read(changed, {weights: "weight", alternatives: names});
const data = reading(rows);
const specification: Specification = {tier: "mnlIntercepts", attributes: ["price", "quality", {attribute: "income", byAlternative: true}]};

const shapes: readonly (readonly [string, Shape])[] = [
  ["entropy of p", {signal: {kind: "shannon"}}],
  ["with errors that sum to zero", {signal: {kind: "shannon"}, noise: noise(0.3, true)}],
  ["with errors that need not", {signal: {kind: "shannon"}, noise: noise(0.3, false)}],
  ["two supports", {signal: {kind: "supports", support: points(2)}}],
  ["five supports, a prior, errors", {signal: {kind: "supports", support: points(5, [0.3, 0.3, 0.2, 0.1, 0.1])}, noise: noise(0.2, true)}],
  ["totals with noise of their own", {signal: {kind: "shannon"}, slack: Float64Array.from({length: 8}, (_, k) => 1 + k)}]
];

/** Probabilities of a new fit to changed rows, at the changed rows. */
async function refitted(changed: readonly Row[], shape: Shape): Promise<Float64Array> {
  const moved = reading(changed);
  const fit = await maxEnt(moved, specification, shape);
  assert.equal(fit.solution.ending, "converged");
  return slowly(fit, design(moved, specification).z);
}

test("total effects are what new fits to changed data say; direct ones keep the coefficients", async () => {
  const h = 1e-3;
  for (const [name, shape] of shapes) {
    const fit = await maxEnt(data, specification, shape);
    for (const [attribute, change] of [["price", "unit"], ["quality", "proportional"], ["income", "unit"]] as const) {
      const {direct, total, reestimated, moves, answers, situations} = totalEffect(fit, {attribute, change});
      const effect = marginalEffects(fit, {attribute}).tables[0];
      if (change === "unit") allClose(direct.to1DArray(), effect.value.to1DArray(), 1e-14);
      assert.deepEqual(situations.to1DArray(), effect.situations.to1DArray());
      allClose(total.to1DArray(), direct.to1DArray().map((x, k) => x + reestimated.to1DArray()[k]), 1e-15);
      for (const [m, move] of moves.entries()) {
        if (m % 2) continue;
        const alternative = attribute === "income" ? "" : move;
        const at = (step: number) => refitted(shifted(rows, attribute, alternative, (x) => (change === "unit" ? x + step : x * (1 + step))), shape);
        const [low, down, up, high] = await Promise.all([-2 * h, -h, h, 2 * h].map(at));
        const slope = up.map((p, r) => (low[r] - high[r] + 8 * (p - down[r])) / (12 * h));
        answers.forEach((answer, a) => close(total.get(a, m), overBoth(data, slope, answer, alternative), 1e-8, `${name}, ${attribute}, ${answer} by ${move}`));
      }
    }
  }
});

test("totals given from outside stay where they are when the data change", async () => {
  const h = 1e-3;
  const own = programme(data, specification, {signal: {kind: "shannon"}}).targets;
  const targets = own.map((b, k) => (k === 3 ? 0.97 * b : b)); // revenue a little lower than the choices'
  const fit = await maxEnt(data, specification, {signal: {kind: "shannon"}, targets, given: [3]});
  const {total} = totalEffect(fit, {attribute: "price", change: "proportional"});
  const at = async (step: number) => {
    const changed = shifted(rows, "price", "c", (x) => x * (1 + step));
    // Intercepts, quality and income keep the totals of the choices, price its own.
    return refitted(changed, {signal: {kind: "shannon"}, targets: programme(reading(changed), specification, {signal: {kind: "shannon"}}).targets.map((b, k) => (k === 3 ? targets[k] : b))});
  };
  assert.equal(fit.design.columns[3].name, "price");
  const [low, down, up, high] = await Promise.all([-2 * h, -h, h, 2 * h].map(at));
  const slope = up.map((p, r) => (low[r] - high[r] + 8 * (p - down[r])) / (12 * h));
  names.forEach((answer, a) => close(total.get(a, 2), overBoth(data, slope, answer, "c"), 1e-8, answer));
  assert.ok(Math.abs(total.get(0, 2)) > 0.01);
});

test("multinomial logit: the total effect is that of fitting again", async () => {
  const h = 1e-3;
  const options = {attributes: ["price", "quality"], tolerance: 1e-12};
  const fit = await fitMnl(data, options);
  const {total, shift, coefficients} = totalEffect(fit, {attribute: "price"});
  assert.deepEqual(coefficients, ["price", "quality"]);
  const fits = await Promise.all([-2 * h, -h, h, 2 * h].map(async (step) => {
    const moved = reading(shifted(rows, "price", "a", (x) => x + step));
    const again = await fitMnl(moved, options);
    return {theta: again.theta, p: slowly({theta: again.theta, programme: {signal: {kind: "shannon"}, situation: moved.situation}} as never, again.design.z)};
  }));
  const slope = (of: (k: number) => number) => (of(0) - of(3) + 8 * (of(2) - of(1))) / (12 * h);
  for (const c of [0, 1]) close(shift.get(c, 0), slope((k) => fits[k].theta[c]), 1e-7);
  const p = fits[0].p.map((_, r) => slope((k) => fits[k].p[r]));
  names.forEach((answer, a) => close(total.get(a, 0), overBoth(data, p, answer, "a"), 1e-7, answer));
});

test("a price raised everywhere is taken up by intercepts, with and without errors: no total effect", async () => {
  for (const [name, shape] of shapes.slice(0, 5)) {
    if (name === "with errors that need not") continue; // there a constant added to a column changes the fit
    const {direct, total, shift, coefficients} = totalEffect(await maxEnt(data, specification, shape), {attribute: "price"});
    allClose(total.to1DArray(), new Float64Array(16), 1e-10, name);
    assert.ok(Math.abs(direct.get(0, 0)) > 1e-3);
    const price = coefficients.indexOf("price");
    for (let m = 0; m < 4; ++m) close(shift.get(price, m), 0, 1e-9);
  }
  const {total} = totalEffect(await fitMnlIntercepts(data, {attributes: ["price"], tolerance: 1e-12}), {attribute: "price"});
  allClose(total.to1DArray(), new Float64Array(16), 1e-9);
});

test("changes may be given row by row", async () => {
  const fit = await maxEnt(data, specification, {signal: {kind: "shannon"}, noise: noise(0.3, true)});
  const x = data.attributes.indexOf("price");
  const own = Float64Array.from(data.alternative, (_, row) => data.x[row * data.attributes.length + x]);
  const [byRow, proportional] = [own, "proportional" as const].map((change) => totalEffect(fit, {attribute: "price", change}));
  assert.equal(byRow.change, "given");
  allClose(byRow.total.to1DArray(), proportional.total.to1DArray(), 1e-14);
  await refuses("explain/change", () => totalEffect(fit, {attribute: "price", change: [1, 2]}), String(data.alternative.length));
  await refuses("explain/change", () => totalEffect(fit, {attribute: "price", change: "percent" as never}));
  await refuses("explain/change", () => totalEffect(fit, {attribute: "price", change: [...own].map(String) as never}), "change[0]");
  await refuses("explain/change", () => totalEffect(fit, {attribute: "price", change: own.map((value, k) => (k === 1 ? NaN : value))}), "change[1]");
  await refuses("explain/unknown-attribute", () => totalEffect(fit, {} as never));
});

test("where coefficients are not determined, or no optimum was reached, it is said", async () => {
  const twin = reading(rows.map((row) => ({...row, cents: 100 * Number(row["price"])})));
  const fit = await maxEnt(twin, {attributes: ["price", "cents", "quality"]}, {signal: {kind: "shannon"}});
  await refuses("explain/flat", () => totalEffect(fit, {attribute: "quality"}));
  const stopped = await fitMnl(data, {attributes: ["price", "quality"], iterations: 1, optimizer: "bfgs"});
  assert.equal(stopped.ending.converged, false);
  assert.deepEqual(totalEffect(stopped, {attribute: "price"}).notes.map(({code}) => code), ["explain/not-at-optimum"]);
});
