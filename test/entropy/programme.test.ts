import assert from "node:assert/strict";
import test from "node:test";
import {cells, errors, probabilities} from "../../src/entropy/cells.js";
import type {Programme} from "../../src/entropy/programme.js";
import {solve} from "../../src/entropy/solve.js";
import {source} from "../../src/math/random.js";
import {chosen4, even, noise, prices, programmeOf, randomProgramme, supports, x4} from "../support/programmes.js";
import {allClose, close} from "../support/world.js";

const whole = programmeOf({z: prices(x4), chosen: chosen4, signal: supports(5), noise: noise(0.5, true)});

test("what is no programme is refused, with a reason", async () => {
  const broken: readonly (readonly [string, Partial<Programme>, RegExp])[] = [
    ["entropy/programme", {z: whole.z.slice(1)}, /z of 11/],
    ["entropy/programme", {z: whole.z.map((v, at) => (at === 5 ? NaN : v))}, /z\[5\] = NaN/],
    ["entropy/programme", {targets: Float64Array.of(1, 2)}, /targets of 2/],
    ["entropy/programme", {targets: Float64Array.of(Infinity)}, /targets\[0\] = Infinity/],
    ["entropy/programme", {weight: Float64Array.of(1, 1, -1, 1)}, /weight\[2\] = -1/],
    ["entropy/programme", {slack: Float64Array.of(-1)}, /slack\[0\]/],
    ["entropy/programme", {situation: Int32Array.of(0, 3, 3, 9, 12)}, /situation 1 without rows/],
    ["entropy/programme", {situation: Int32Array.of(0)}, /situation/],
    ["entropy/programme", {moments: -1}, /moments/],
    ["entropy/programme", {signal: {kind: "shannon", logPrior: new Float64Array(3)}}, /logPrior of 3/],
    ["entropy/supports", {signal: {kind: "supports", support: even(0, 0.3, 3)}}, /situation 0: 3 probabilities, each in \[0, 0.3\]/],
    ["entropy/supports", {signal: {kind: "supports", support: even(0.5, 1, 3)}}, /each in \[0.5, 1\]/],
    ["entropy/supports", {signal: {kind: "supports", support: even(-0.5, 1, 3)}}, /over \[-0.5, 1\]/],
    ["entropy/supports", {signal: {kind: "supports", support: {points: Float64Array.of(0, 1, 0.5), logPrior: new Float64Array(3)}}}, /point 2/],
    ["entropy/supports", {signal: {kind: "supports", support: {points: Float64Array.of(0, 1), logPrior: new Float64Array(3)}}}, /2 points and 3 priors/],
    ["entropy/supports", {signal: {kind: "supports", support: {points: Float64Array.of(0, 1), logPrior: Float64Array.of(0, -Infinity)}}}, /log prior 1/],
    ["entropy/supports", {noise: {support: even(0, 1, 3), sumToZero: false}}, /noise over \[0, 1\]/],
    ["entropy/supports", {noise: {support: even(0.1, 0.1, 1), sumToZero: false}}, /noise over/]
  ];
  for (const [code, part, words] of broken) {
    await assert.rejects(solve({...whole, ...part}), (error: {code: string; message: string}) => {
      assert.equal(error.code, code, error.message);
      assert.match(error.message, words);
      return true;
    });
  }
});

test("cells are what the rows say, and their own distributions", async () => {
  for (let turn = 0; turn < 40; ++turn) {
    const {programme} = await randomProgramme(source(turn).stream("cells"), 3);
    const found = await solve(programme);
    const {signal, noise: spread, situation} = programme;
    const [p, e] = [probabilities(programme, found), errors(programme, found)];
    for (let n = 0; n < programme.weight.length; ++n) {
      const one = cells(programme, found, n);
      const [from, to] = [situation[n], situation[n + 1]];
      allClose(one.p, p.slice(from, to), 0);
      allClose(one.errors, e.slice(from, to), 0);
      close(one.p.reduce((a, b) => a + b, 0), 1, 1e-11);
      if (spread?.sumToZero) close(one.errors.reduce((a, b) => a + b, 0), 0, 1e-11);
      if (signal.kind === "shannon") {
        assert.equal(one.pi, undefined);
        allClose(one.spread, one.p, 0);
        allClose(one.skew, one.p, 0);
      }
      const check = (weights: Float64Array, points: Float64Array, mean: Float64Array, j: number, variance?: number, third?: number) => {
        const own = weights.slice(j * points.length, (j + 1) * points.length);
        const moment = (power: number) => own.reduce((sum, q, m) => sum + q * (points[m] - mean[j]) ** power, 0);
        close(own.reduce((a, b) => a + b, 0), 1, 1e-14);
        close(moment(1), 0, 1e-14);
        if (variance !== undefined) close(moment(2), variance, 1e-14);
        if (third !== undefined) close(moment(3), third, 1e-14);
      };
      for (let j = 0; j < to - from; ++j) {
        if (signal.kind === "supports") check(one.pi!, signal.support.points, one.p, j, one.spread[j], one.skew[j]);
        if (spread) check(one.w!, spread.support.points, one.errors, j);
        else assert.ok(one.w === undefined && one.errors[j] === 0);
      }
    }
  }
});

test("p answers to lambda by -v (z - zbar), adding up held: differences", async () => {
  const programme = programmeOf({z: prices(x4), chosen: chosen4, signal: supports(5)});
  const found = await solve(programme);
  const at = async (lambda: number) => probabilities(programme, await solve({...programme, targets: Float64Array.of(await total(lambda))}));
  const total = async (lambda: number) => {
    const {dualKernel} = await import("../../src/kernels/dual.js");
    return (await (await dualKernel(programme)).evaluate({kind: "settle", lambda: Float64Array.of(lambda)})).moments[0];
  };
  const h = 1e-3;
  const [a, b, c, d] = [await at(found.lambda[0] + h), await at(found.lambda[0] - h), await at(found.lambda[0] + 2 * h), await at(found.lambda[0] - 2 * h)];
  for (let n = 0; n < 4; ++n) {
    const {spread} = cells(programme, found, n);
    const V = spread.reduce((x, y) => x + y, 0);
    const mean = x4[n].reduce((sum, x, j) => sum + (spread[j] / V) * x, 0);
    for (let j = 0; j < 3; ++j) close((8 * (a[3 * n + j] - b[3 * n + j]) - (c[3 * n + j] - d[3 * n + j])) / (12 * h), -spread[j] * (x4[n][j] - mean), 1e-9);
  }
});
