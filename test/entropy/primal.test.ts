import assert from "node:assert/strict";
import test from "node:test";
import {errors, probabilities} from "../../src/entropy/cells.js";
import {solvePrimal} from "../../src/entropy/primal.js";
import type {Noise, Signal} from "../../src/entropy/programme.js";
import {solve} from "../../src/entropy/solve.js";
import {envelope, factor, solveEnvelope} from "../../src/math/envelope.js";
import {source} from "../../src/math/random.js";
import {chosen4, chosen6, noise, prices, programmeOf, randomProgramme, shannon, supports, x4, z6} from "../support/programmes.js";
import {allClose, close} from "../support/world.js";

test("an envelope factor solves what it was made of; a row that depends on others costs nothing", () => {
  const stream = source(1).stream("envelope");
  const first = Int32Array.of(0, 0, 2, 1, 3, 0);
  const m = first.length;
  // A = MM' with M in the envelope, so that A is in it too.
  const M = Array.from({length: m}, (_, r) => Array.from({length: m}, (_, c) => (c > r || c < first[r] ? 0 : c === r ? 1 + stream.uniform() : stream.normal())));
  const A = M.map((row) => M.map((other) => row.reduce((sum, v, k) => sum + v * other[k], 0)));
  const wanted = Array.from({length: m}, () => stream.normal());
  const fill = (matrix: number[][]) => {
    const all = envelope(first);
    for (let r = 0; r < m; ++r) for (let c = first[r]; c <= r; ++c) all.values[all.at[r] + c] = matrix[r][c];
    factor(all);
    return all;
  };
  const y = Float64Array.from(A, (row) => row.reduce((sum, v, k) => sum + v * wanted[k], 0));
  solveEnvelope(fill(A), y);
  allClose(y, wanted, 1e-12);
  // The last row twice the first: equations that agree still have a solution.
  const twin = A.map((row, r) => row.map((_, c) => (r === m - 1 ? 2 : 1) * (c === m - 1 ? 2 : 1) * A[r === m - 1 ? 0 : r][c === m - 1 ? 0 : c]));
  const right = Float64Array.from(twin, (row) => row.reduce((sum, v, k) => sum + v * wanted[k], 0));
  const solved = right.slice();
  solveEnvelope(fill(twin), solved);
  assert.equal(solved[m - 1], 0);
  allClose(twin.map((row) => row.reduce((sum, v, k) => sum + v * solved[k], 0)), right, 1e-12);
});

const cases: readonly (readonly [string, Signal, Noise | undefined])[] = [
  ["five points", supports(5), undefined], ["five points, ±1", supports(5), noise(1, false)], ["five points, ±1, tied", supports(5), noise(1, true)],
  ["two points with a prior", supports(2, [0.7, 0.3]), noise(0.5, true, 5)], ["shannon", shannon, undefined], ["shannon, ±1/√6, tied", shannon, noise(1 / Math.sqrt(6), true)]
];
for (const [what, signal, noise] of cases) for (const [data, given] of [["one column", {z: prices(x4), chosen: chosen4}], ["two columns", {z: z6, chosen: chosen6}]] as const) {
  test(`the programme as written has the optimum of its dual: ${what}, ${data}`, async () => {
    const programme = programmeOf({...given, signal, noise});
    const [dual, primal] = [await solve(programme), await solvePrimal(programme)];
    assert.equal(primal.ending, "converged");
    assert.equal(primal.solver, "primal");
    allClose(primal.p, probabilities(programme, dual), 1e-10, "p");
    allClose(primal.errors, errors(programme, dual), 1e-10, "e");
    allClose(primal.lambda, dual.lambda, 1e-9, "lambda");
    allClose(primal.mu, dual.mu, 1e-9, "mu");
    allClose(primal.nu, dual.nu, 1e-9, "nu");
    close(primal.value, dual.value, 1e-12);
    close(primal.entropy.signal, dual.entropy.signal, 1e-11);
    close(primal.entropy.noise, dual.entropy.noise, 1e-11);
    for (const residual of Object.values(primal.certificate)) assert.ok(residual <= 1e-11, JSON.stringify(primal.certificate));
  });
}

test("random programmes, slack and weights among them: p to 1e-8 and better, whatever the multipliers", async () => {
  for (let turn = 0; turn < 80; ++turn) {
    const {programme} = await randomProgramme(source(turn).stream("primal"), [0.3, 2, 6][turn % 3]);
    const [dual, primal] = [await solve(programme), await solvePrimal(programme)];
    assert.equal(primal.ending, "converged");
    allClose(primal.p, probabilities(programme, dual), 1e-9);
    allClose(primal.errors, errors(programme, dual), 1e-9);
    close(primal.value, dual.value, 1e-10);
    assert.ok(Object.values(primal.certificate).every((residual) => residual <= 1e-9), JSON.stringify(primal.certificate));
  }
});

test("slack is what the dual says it is", async () => {
  const programme = programmeOf({z: z6, targets: [9, 4.5], signal: supports(3), noise: noise(0.2, true), slack: [0.5, 0]});
  const [dual, primal] = [await solve(programme), await solvePrimal(programme)];
  assert.equal(primal.ending, "converged");
  allClose(primal.lambda, dual.lambda, 1e-9);
  allClose(primal.p, probabilities(programme, dual), 1e-10);
});

test("moments that say the same twice have many multipliers and one p", async () => {
  const programme = programmeOf({z: z6.map((rows) => rows.map(([price, quality], j) => [price, quality, price + quality, Number(j === 0), Number(j > 0)])), chosen: chosen6});
  const [dual, primal] = [await solve(programme), await solvePrimal(programme)];
  assert.equal(dual.ending, "converged");
  assert.equal(primal.ending, "converged");
  allClose(primal.p, probabilities(programme, dual), 1e-9);
});

test("refuses what is too large, and weights of nothing", async () => {
  const many = programmeOf({z: Array.from({length: 2001}, () => [[1], [2]]), targets: [3000], signal: supports(5)});
  await assert.rejects(solvePrimal(many), {code: "entropy/size"});
  await assert.rejects(solvePrimal(programmeOf({z: prices(x4), chosen: chosen4, weight: [1, 0, 1, 1]})), {code: "entropy/programme"});
  const stopped = await solvePrimal(programmeOf({z: prices(x4), chosen: chosen4}), {signal: AbortSignal.abort()});
  assert.equal(stopped.ending, "stopped");
  assert.ok(stopped.p.every(Number.isFinite));
});
