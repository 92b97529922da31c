import assert from "node:assert/strict";
import test from "node:test";
import {ChoiceError} from "../../../src/errors.js";
import {tasteStatistics} from "../../../src/entropy/mixing/statistics.js";
import {tasteAt, tasteDraws, tasteGrid} from "../../../src/entropy/mixing/tastes.js";
import {whiten} from "../../../src/entropy/mixing/whiten.js";
import {momentsOf} from "../../../src/entropy/mixing/tilt.js";
import {close} from "../../support/world.js";

const refuses = (code: string, work: () => unknown) => assert.throws(work, (error) => error instanceof ChoiceError && error.code === code, code);

test("a grid is the tensor product of its axes, the last running fastest", () => {
  const {points, logBase, axes} = tasteGrid({x: [3, 1, 2], y: {from: -1, to: 1, points: 5}});
  assert.deepEqual([...points[0].subarray(0, 7)], [1, 1, 1, 1, 1, 2, 2]);
  assert.deepEqual([...points[1].subarray(0, 6)], [-1, -0.5, 0, 0.5, 1, -1]);
  assert.equal(logBase.length, 15);
  assert.deepEqual(axes!.map((axis) => axis.length), [3, 5]);
  close(logBase.reduce((sum, l) => sum + Math.exp(l), 0), 1, 1e-14);
  const around = tasteGrid({x: {from: -0.7, to: 0.7, points: 8}}).points[0];
  around.forEach((x, k) => assert.equal(x, -around[7 - k], "symmetric to the last bit"));
});

test("a grid spaced by logarithms is even in ln |b|, on either side of zero", () => {
  const [b] = tasteGrid({x: {from: -8, to: -0.5, points: 5, spacing: "log"}}).points;
  const logs = b.map((x) => Math.log(-x));
  for (let k = 1; k < 5; ++k) close(logs[k] - logs[k - 1], Math.log(0.5 / 8) / 4, 1e-14);
  assert.deepEqual([b[0], b[4]], [-8, -0.5]);
});

test("base weights are a density of the coefficients by name, or a number for each point", () => {
  const byDensity = tasteGrid({x: [0, 1], y: [0, 1]}, {base: ({x, y}) => 1 + x + 2 * y});
  const byList = tasteGrid({x: [0, 1], y: [0, 1]}, {base: [1, 3, 2, 4]});
  assert.deepEqual([...byDensity.logBase], [...byList.logBase]);
  close(Math.exp(byList.logBase[3]), 0.4, 1e-15);
});

test("draws are stratified: one in each of R equally likely intervals, the same for the same seed", () => {
  const R = 200;
  const draws = tasteDraws({x: {family: "uniform", from: 2, to: 6}, y: {family: "lognormal", mean: 0.2, sd: 0.5, sign: -1}}, {draws: R, seed: 3});
  const cells = new Set([...draws.points[0]].map((x) => Math.floor(((x - 2) / 4) * R)));
  assert.equal(cells.size, R);
  assert.ok(draws.points[1].every((y) => y < 0));
  // The mean of ln y over strata is nearer to its expectation than that of independent draws by a factor of about sqrt R.
  close(draws.points[1].reduce((sum, y) => sum + Math.log(-y), 0) / R, 0.2, 5e-3);
  assert.deepEqual(tasteDraws({x: {family: "normal", mean: 0, sd: 1}}, {draws: 9, seed: 7}).points, tasteDraws({x: {family: "normal", mean: 0, sd: 1}}, {draws: 9, seed: 7}).points);
});

test("what makes no grid is refused", () => {
  refuses("mixing/too-many", () => tasteGrid({x: {from: 0, to: 1, points: 1001}, y: {from: 0, to: 1, points: 1001}}));
  refuses("mixing/axis", () => tasteGrid({x: {from: 1, to: 0, points: 3}}));
  refuses("mixing/axis", () => tasteGrid({x: {from: -1, to: 2, points: 3, spacing: "log"}}));
  refuses("mixing/axis", () => tasteGrid({x: [1, 1]}));
  refuses("mixing/axis", () => tasteGrid({}));
  refuses("mixing/base", () => tasteGrid({x: [0, 1]}, {base: [1, 0]}));
  refuses("mixing/base", () => tasteGrid({x: [0, 1]}, {base: [1]}));
  refuses("mixing/density", () => tasteDraws({x: {family: "normal", mean: 0, sd: 0}}));
  refuses("mixing/too-many", () => tasteDraws({x: {family: "normal", mean: 0, sd: 1}}, {draws: 0}));
});

test("statistics: powers, logarithms, Legendre polynomials, steps, splines and products", () => {
  const tastes = tasteGrid({x: {from: 1, to: 3, points: 41}, y: {from: -2, to: -1, points: 3}, z: [5]});
  const names = (shape: Parameters<typeof tasteStatistics>[1], cross = false) => tasteStatistics(tastes, shape, cross).map(({name}) => name);
  assert.deepEqual(names("normal", true), ["x", "x²", "y", "y²", "x·y"]); // z has one value, and nothing to learn
  assert.deepEqual(names({x: "lognormal", y: "lognormal"}, true), ["ln(x)", "ln(x)²", "ln(-y)", "ln(-y)²", "ln(x)·ln(-y)"]);
  assert.deepEqual(names({x: {steps: 2}, y: "linear"}), ["x in [2, 3]", "y"]);
  assert.deepEqual(names({x: {splines: 2}, y: "linear"}), ["x", "(x beyond 2)", "y"]);
  const [, P2, P3] = tasteStatistics(tastes, {x: {legendre: 3}});
  for (const r of [0, 20, 77, 122]) {
    const u = tastes.points[0][r] - 2; // on [-1, 1]
    close(P2.values[r], (3 * u * u - 1) / 2, 1e-14);
    close(P3.values[r], (5 * u ** 3 - 3 * u) / 2, 1e-14);
  }
  // Steps and what they leave out are a partition.
  const steps = tasteStatistics(tastes, {x: {steps: 4}, y: "linear"}).slice(0, 3);
  tastes.points[0].forEach((x, r) => assert.equal(steps.reduce((sum, {values}) => sum + values[r], 0), x < 1.5 - 1e-9 ? 0 : 1));
  refuses("mixing/shape", () => tasteStatistics(tasteGrid({x: [-1, 0, 1]}), "lognormal"));
  refuses("mixing/shape", () => tasteStatistics(tastes, "gamma" as never));
  refuses("mixing/shape", () => tasteStatistics(tastes, {w: "normal"}));
  assert.deepEqual(tasteAt(tastes, 4), {x: 1.05, y: -1.5, z: 5});
});

test("whitened statistics have mean zero and covariance one under the base, and the way back is exact", () => {
  const tastes = tasteGrid({x: {from: 5, to: 7, points: 60}}, {base: ({x}) => x});
  const t = tasteStatistics(tastes, "normal").map(({values}) => values);
  const white = whiten({logBase: tastes.logBase, t});
  assert.ok(!("redundant" in white));
  const {mean, covariance} = momentsOf(tastes.logBase.map(Math.exp), white.family.t);
  [...mean].forEach((m) => close(m, 0, 1e-9));
  [1, 0, 1].forEach((wanted, k) => close(covariance[k], wanted, 1e-9));
  const alpha = Float64Array.of(0.3, -1.2);
  const a = white.back(alpha);
  white.outside(a).forEach((value, k) => close(value, alpha[k], 1e-10));
  // alpha' t and a' u differ by a constant.
  const gap = (r: number) => alpha[0] * t[0][r] + alpha[1] * t[1][r] - a[0] * white.family.t[0][r] - a[1] * white.family.t[1][r];
  for (const r of [1, 30, 59]) close(gap(r), gap(0), 1e-9);
});

test("a statistic that follows from the others is named", () => {
  const [x] = tasteGrid({x: [0, 1]}).points;
  assert.deepEqual(whiten({logBase: Float64Array.of(Math.log(0.5), Math.log(0.5)), t: [x, x.map((b) => b * b)]}), {redundant: 1});
  assert.deepEqual(whiten({logBase: Float64Array.of(Math.log(0.5), Math.log(0.5)), t: [Float64Array.of(3, 3)]}), {redundant: 0});
});
