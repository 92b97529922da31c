import assert from "node:assert/strict";
import test from "node:test";
import {likelihood} from "../../src/estimate/likelihood.js";
import {multinomialLikelihood} from "../../src/estimate/multinomialLikelihood.js";
import {fit} from "../../src/estimate/fit.js";
import {mixing} from "../../src/integrate/mixing.js";
import {pointLattice} from "../../src/kernels/lattice.js";
import {units} from "../../src/model/choices.js";
import {design} from "../../src/model/design.js";
import {parameters} from "../../src/model/parameters.js";
import {Stopped} from "../../src/optimize/climb.js";
import {source} from "../../src/math/random.js";
import {allClose, close, read} from "../support/world.js";

/** People in three situations each, of two to four alternatives, with weights of people. */
function table(people: number, alternatives = ["a", "b", "c", "d"]) {
  const stream = source(11).stream("table");
  return Array.from({length: 3 * people}, (_, n) => {
    const offered = alternatives.filter((_, j) => j < 2 || (n >> (j - 2)) % 2 === 0);
    const took = stream.below(offered.length);
    return offered.map((alternative, j) => ({person: Math.floor(n / 3), situation: n, alternative, chosen: Number(j === took), price: stream.normal(), time: stream.normal(), weight: 1 + (Math.floor(n / 3) % 3)}));
  }).flat();
}

const data = read(table(60), {weights: "weight"});

test("the likelihood without nodes is the general one at a single node: values, derivatives, scores of people", async () => {
  const plan = design(data, {tier: "mnlSlopes"});
  const laid = units(data, plan);
  const found = parameters(plan);
  const own = await multinomialLikelihood(laid.situations);
  const general = likelihood(laid, mixing(plan, found), pointLattice(laid.weight.length));
  const stream = source(2).stream("b");
  const b = Float64Array.from(found, () => stream.normal());
  const [mine, theirs] = [await own.look(b, 2), await general.look(b, 2)];
  close(mine.value, theirs.value, 1e-13);
  allClose(mine.gradient, theirs.gradient, 1e-12, "gradient");
  for (const part of ["opg", "hessian", "scores"] as const) allClose(mine[part]!.to2DArray().flat(), theirs[part]!.to2DArray().flat(), 1e-12, part);
  assert.equal(mine.scores.rows, 60);
  assert.deepEqual([...mine.effective], [...theirs.effective]);
});

test("a look is the same whether or not the place was visited before, and scores may be asked for later", async () => {
  const {situations} = units(data, design(data, {}));
  const b = Float64Array.of(0.3, -0.2);
  const fresh = await (await multinomialLikelihood(situations)).look(b, 2);
  const visited = await multinomialLikelihood(situations);
  await visited.evaluate(b, 2);
  for (const again of [await visited.look(b, 2), await visited.look(b, 1), await (async () => { await visited.evaluate(Float64Array.of(0, 1), 0); return visited.look(b, 2); })()]) {
    assert.equal(again.value, fresh.value);
    assert.deepEqual(again.scores.to2DArray(), fresh.scores.to2DArray());
  }
});

test("an abort stops an evaluation, not a look", async () => {
  const controller = new AbortController();
  const own = await multinomialLikelihood(units(data, design(data, {})).situations, {signal: controller.signal});
  controller.abort();
  await assert.rejects(own.evaluate(Float64Array.of(0, 0), 2), Stopped);
  assert.ok(Number.isFinite((await own.look(Float64Array.of(0.1, 0), 0)).value));
});

test("where sets differ, the log-likelihood at shares is that of a fit of intercepts alone", async () => {
  const {logLikelihood, logLikelihoodAtShares} = await fit(data, {tier: "mnlIntercepts", attributes: []});
  close(logLikelihoodAtShares, logLikelihood, 1e-11);
});

test("columns that are the attributes themselves are not copied; others are laid out", () => {
  assert.equal(design(data, {tier: "mnl"}).z, data.x);
  const reversed = design(data, {tier: "mnl", attributes: ["time", "price"]}).z;
  data.x.forEach((value, at) => assert.equal(reversed[at ^ 1], value));
});

test("differences are those to the chosen row", () => {
  const {d, row, situations: {z, situation, chosen}} = units(data, design(data, {}));
  for (let n = 0; n < chosen.length; ++n) {
    const rows = Array.from({length: situation[n + 1] - situation[n]}, (_, j) => situation[n] + j).filter((at) => at !== chosen[n]);
    assert.equal(row[n + 1] - row[n], rows.length);
    rows.forEach((at, j) => { for (const c of [0, 1]) assert.equal(d[(row[n] + j) * 2 + c], z[at * 2 + c] - z[chosen[n] * 2 + c]); });
  }
});
