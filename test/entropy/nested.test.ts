import assert from "node:assert/strict";
import test from "node:test";
import {errors, probabilities} from "../../src/entropy/cells.js";
import {solveNested} from "../../src/entropy/nested.js";
import {solve} from "../../src/entropy/solve.js";
import {source} from "../../src/math/random.js";
import {chosen6, noise, programmeOf, randomProgramme, supports, z6} from "../support/programmes.js";
import {allClose, close} from "../support/world.js";

test("nested and joint Newton meet in the same place", async () => {
  for (let turn = 0; turn < 150; ++turn) {
    const reach = [0.1, 1, 5][turn % 3];
    const {programme} = await randomProgramme(source(turn).stream("nested"), reach);
    const [joint, nested] = [await solve(programme), await solveNested(programme)];
    assert.equal(joint.ending, "converged");
    assert.equal(nested.ending, "converged");
    assert.equal(nested.solver, "nested");
    close(nested.value, joint.value, 1e-11);
    allClose(probabilities(programme, nested), probabilities(programme, joint), 1e-10);
    allClose(errors(programme, nested), errors(programme, joint), 1e-10);
    assert.ok(nested.certificate.addingUp <= 1e-14 && nested.certificate.errorSum <= 1e-14 && nested.certificate.gap <= 1e-11);
  }
});

test("both give the same multipliers where these are unique", async () => {
  for (const errors of [undefined, noise(0.3, false), noise(0.3, true)]) {
    const programme = programmeOf({z: z6, chosen: chosen6, signal: supports(5), noise: errors});
    const [joint, nested] = [await solve(programme), await solveNested(programme)];
    allClose(nested.lambda, joint.lambda, 1e-11);
    allClose(nested.mu, joint.mu, 1e-11);
    allClose(nested.nu, joint.nu, 1e-10);
    allClose(nested.curvature.to1DArray(), joint.curvature.to1DArray(), 1e-10);
  }
});

test("stops, starts and steps as the joint method does", async () => {
  const programme = programmeOf({z: z6, chosen: chosen6, signal: supports(3)});
  const whole = await solveNested(programme);
  assert.ok(whole.iterations > 1);
  assert.equal((await solveNested(programme, {signal: AbortSignal.abort()})).ending, "stopped");
  assert.equal((await solveNested(programme, {iterations: 1})).ending, "iterations");
  assert.equal((await solveNested(programme, {start: whole})).iterations, 0);
});
