import assert from "node:assert/strict";
import test from "node:test";
import {Matrix} from "ml-matrix";
import type {Order} from "../../src/kernels/panel.js";
import {chord} from "../../src/optimize/chord.js";
import {climb} from "../../src/optimize/climb.js";
import type {Objective} from "../../src/optimize/objective.js";

// -sum_k cosh(x_k - k / 2) is concave, with its summit at x_k = k / 2; its Hessian grows with the distance from there.
function hill(P = 3) {
  const asked = [0, 0, 0];
  const objective: Objective = {
    size: P,
    async evaluate(x, order: Order) {
      ++asked[order];
      const gradient = x.map((v, k) => -Math.sinh(v - k / 2));
      const hessian = Matrix.diag([...x].map((v, k) => -Math.cosh(v - k / 2)));
      return {value: -x.reduce((sum, v, k) => sum + Math.cosh(v - k / 2), 0), gradient, opg: Matrix.eye(P), ...(order > 1 && {hessian})};
    }
  };
  return {objective, asked};
}

const start = Float64Array.of(0.3, 0.2, 1.2);
const summit = [0, 0.5, 1];

for (const [words, scale, hessians] of [["the curvature of nearby", 1.05, 1], ["one twice too large, whose steps are timid", 2, 1]] as const) {
  test(`with ${words} the climb takes gradients only, and computes ${hessians} Hessian at the end`, async () => {
    const {objective, asked} = hill();
    const {theta, ending, at} = await climb(objective, start, chord(Matrix.eye(3).mul(scale)), {tolerance: 1e-12});
    assert.equal(ending.code, "converged");
    assert.equal(asked[2], hessians);
    assert.ok(at.hessian, "and it is the one of the point returned");
    theta.forEach((v, k) => assert.ok(Math.abs(v - summit[k]) < 2e-6, `${v}`));
    assert.ok(Math.abs(at.hessian!.get(0, 0) + Math.cosh(theta[0])) < 1e-15);
  });
}

test("a curvature that promises far too much is given up for the Hessian's own", async () => {
  const {objective, asked} = hill();
  const {theta, ending} = await climb(objective, start, chord(Matrix.eye(3).mul(0.05)), {tolerance: 1e-12});
  assert.equal(ending.code, "converged");
  assert.ok(asked[2] > 1);
  theta.forEach((v, k) => assert.ok(Math.abs(v - summit[k]) < 1e-9, `${v}`));
});

test("a flat place that is no summit is not taken for one: the Hessian has the last word", async () => {
  const saddle: Objective = {size: 1, evaluate: async (x) => ({value: x[0] ** 2, gradient: x.map((v) => 2 * v), opg: Matrix.eye(1), hessian: Matrix.diag([2])})};
  const {ending} = await climb(saddle, Float64Array.of(0), chord(Matrix.eye(1)), {tolerance: 1e-8, iterations: 5});
  assert.equal(ending.converged, false);
});
