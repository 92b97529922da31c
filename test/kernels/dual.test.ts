import assert from "node:assert/strict";
import test from "node:test";
import {cells} from "../../src/entropy/cells.js";
import type {Multipliers, Programme} from "../../src/entropy/programme.js";
import {dualKernel, dualRun, type DualSums} from "../../src/kernels/dual.js";
import {cumulants, tilt, untilt, type Tilted} from "../../src/kernels/support.js";
import {tie} from "../../src/kernels/tie.js";
import {source, type Stream} from "../../src/math/random.js";
import {even, randomProgramme} from "../support/programmes.js";
import {close} from "../support/world.js";

const at = (support: Tilted, a: number) => {
  const out = cumulants();
  tilt(out, support, a, new Float64Array(support.points.length));
  return out;
};
const near = (actual: number, expected: number, tolerance: number, what = "") => assert.ok(Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)), `${what} ${actual}, ${expected}`);

test("cumulants of a support are sums over its points, and derivatives of each other", () => {
  const support = {points: Float64Array.of(-0.4, 0.1, 0.35, 1.2), logPrior: Float64Array.of(0.2, 0.1, 0.6, 0.1).map(Math.log)};
  for (const a of [-30, -3, -0.2, 0, 1, 12]) {
    const {logZ, mean, variance, third} = at(support, a);
    const weight = support.points.map((s, m) => Math.exp(support.logPrior[m] - s * a));
    const Z = weight.reduce((x, y) => x + y);
    const moment = (power: number, from = 0) => weight.reduce((sum, w, m) => sum + (w / Z) * (support.points[m] - from) ** power, 0);
    near(logZ, Math.log(Z), 1e-14);
    near(mean, moment(1), 1e-14);
    near(variance, moment(2, moment(1)), 1e-14);
    near(third, moment(3, moment(1)), 1e-14);
    const h = 1e-3;
    const slope = (of: "logZ" | "mean" | "variance") => (8 * (at(support, a + h)[of] - at(support, a - h)[of]) - (at(support, a + 2 * h)[of] - at(support, a - 2 * h)[of])) / (12 * h);
    near(slope("logZ"), -mean, 1e-10);
    near(slope("mean"), -variance, 1e-10);
    near(slope("variance"), -third, 1e-10);
  }
});

test("far out, cumulants keep their digits and end in numbers", () => {
  // Two points: logistic. The variance beside an end is exp(-|a|), not 1 - 1.
  for (const a of [-700, -300, -40, 40, 300, 700]) {
    const {mean, variance, third, logZ} = at(even(0, 1, 2), a);
    const rare = Math.exp(-Math.abs(a));
    close(variance / rare, 1, 1e-12);
    close(Math.abs(third) / rare, 1, 1e-12);
    if (a > 0) close(mean / rare, 1, 1e-12);
    close(logZ, Math.max(0, -a) + Math.log1p(rare), 1e-15);
  }
  for (const a of [1e3, 1e5, 1e8, 1e300]) for (const sign of [-1, 1]) for (const M of [1, 2, 3, 11]) {
    const {mean, variance, third, logZ} = at(even(0, 1, M), sign * a);
    const certain = sign < 0 && M > 1;
    for (const [seen, wanted] of [[mean, certain ? 1 : 0], [logZ, certain ? a : 0]]) assert.ok(Math.abs(seen - wanted) < 1e-40, `${a}, ${M}: ${seen}`);
    assert.ok(variance >= 0 && variance < 1e-30 && Math.abs(third) < 1e-30);
  }
});

test("supports symmetric about a half are symmetric in the tilt", () => {
  for (const M of [2, 3, 5, 11]) for (const a of [0.01, 1, 7, 50]) {
    const [left, right] = [at(even(0, 1, M), -a), at(even(0, 1, M), a)];
    close(left.mean, 1 - right.mean, 1e-15);
    close(left.variance / right.variance, 1, 1e-12);
    close(left.logZ, right.logZ + a, 1e-12);
  }
});

test("the tilt of a mean, found again", () => {
  for (const M of [2, 3, 5, 11]) for (const target of [1e-12, 0.01, 1 / 7, 0.5, 0.9]) close(at(even(0, 1, M), untilt(even(0, 1, M), target)).mean / target, 1, 1e-10);
  close(untilt(even(0, 1, 2), 1 / 3), Math.LN2, 1e-15);
  close(untilt(even(-1, 1, 3), 0), 0, 1e-15);
});

test("a tie settles wherever its cells stand, to the last bits", () => {
  const stream = source(1).stream("tie");
  for (let turn = 0; turn < 2000; ++turn) {
    const [J, M, size] = [2 + stream.below(7), 2 + stream.below(9), 10 ** (4 * stream.uniform() - 1)];
    const eta = Float64Array.from({length: J}, () => size * stream.normal());
    for (const [support, target] of [[even(0, 1, M), 1], [even(-0.1, 0.1, M), 0]] as const) {
      const one = tie(support, target, J);
      const mu = one.settle(eta, J);
      // As exact as the multiplier itself can be told.
      const grain = Math.abs(mu) * 2 ** -52 * one.bundle.spread;
      assert.ok(Math.abs(one.bundle.residual) <= 4e-16 * J + 2 * grain, `eta ${size}, J ${J}, M ${M}: ${one.bundle.residual}`);
      const a = one.rest(J);
      const [low, high] = [a - Math.max(...eta), a - Math.min(...eta)];
      assert.ok(mu >= low - 1e-12 * Math.abs(low) && mu <= high + 1e-12 * Math.abs(high), "outside its bracket");
    }
  }
});

test("two alternatives and a symmetric support have a closed form", () => {
  const one = tie(even(0, 1, 5), 1, 2);
  for (const [a, b] of [[0.3, -2], [40, 1], [5, 5]]) close(one.settle(Float64Array.of(a, b), 2), -(a + b) / 2, 1e-13 * Math.max(1, a));
});

test("a lone alternative is certain", () => {
  for (const support of [even(0, 1, 2), even(0, 1, 11), {points: Float64Array.of(0, 1), logPrior: Float64Array.of(0.999, 0.001).map(Math.log)}]) {
    const one = tie(support, 1, 1);
    one.settle(Float64Array.of(3), 1);
    assert.ok(Math.abs(one.bundle.residual) < 1e-15);
  }
});

/** A random programme, and multipliers near those that settle it: residuals are far from zero, but not astray. */
async function around(stream: Stream, reach: number, shake: number) {
  const {programme, lambda} = await randomProgramme(stream, reach);
  const kernel = await dualKernel(programme);
  await kernel.evaluate({kind: "settle", lambda});
  kernel.accept();
  const {mu, nu} = kernel.multipliers();
  const shaken = (values: Float64Array, moves: boolean) => values.map((v) => (moves ? v + shake * stream.normal() : v));
  return {programme, kernel, lambda, mu: shaken(mu, programme.signal.kind === "supports"), nu: shaken(nu, programme.noise?.sumToZero === true)};
}

/** D without the terms in lambda alone. */
const value = (sums: DualSums) => sums.value;

/** sum_j p and sum_j e of every situation. */
function sumsOf(programme: Programme, multipliers: Multipliers) {
  const all = Array.from(programme.weight, (_, n) => cells(programme, multipliers, n));
  const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
  return {p: all.map(({p}) => sum(p)), e: all.map(({errors}) => sum(errors))};
}

test("gradients in all three kinds of multipliers against differences of the dual", async () => {
  for (let turn = 0; turn < 40; ++turn) {
    const stream = source(turn).stream("gradient");
    const {programme, kernel, lambda, mu, nu} = await around(stream, 2, 0.2);
    const here = await kernel.evaluate({kind: "given", lambda, mu, nu});
    const slope = async (of: "lambda" | "mu" | "nu", k: number, h: number) => {
      const moved = async (by: number) => {
        const to = {lambda: lambda.slice(), mu: mu.slice(), nu: nu.slice()};
        to[of][k] += by;
        return value(await kernel.evaluate({kind: "given", ...to}));
      };
      return (8 * ((await moved(h)) - (await moved(-h))) - ((await moved(2 * h)) - (await moved(-2 * h)))) / (12 * h);
    };
    for (let k = 0; k < programme.moments; ++k) {
      const unit = Math.max(...programme.z.filter((_, c) => c % programme.moments === k).map(Math.abs));
      near((await slope("lambda", k, 1e-3 / unit)) / unit, -here.moments[k] / unit, 1e-7, "lambda");
    }
    const {p, e} = sumsOf(programme, {lambda, mu, nu});
    for (let n = 0; n < programme.weight.length; ++n) {
      if (programme.signal.kind === "supports") near(await slope("mu", n, 1e-3), programme.weight[n] * (1 - p[n]), 1e-7, "mu");
      if (programme.noise?.sumToZero) near(await slope("nu", n, 1e-3), -programme.weight[n] * e[n], 1e-7, "nu");
    }
  }
});

test("the profiled curvature against differences of the moments, everything else solved for", async () => {
  for (let turn = 0; turn < 40; ++turn) {
    const {programme, lambda} = await randomProgramme(source(turn).stream("curvature"), 2);
    const K = programme.moments;
    const unit = Float64Array.from({length: K}, (_, k) => Math.max(...programme.z.filter((_, c) => c % K === k).map(Math.abs)));
    const kernel = await dualKernel(programme);
    const {curvature} = await kernel.evaluate({kind: "settle", lambda});
    for (let l = 0; l < K; ++l) {
      const h = 1e-3 / unit[l];
      const moments = async (by: number) => (await kernel.evaluate({kind: "settle", lambda: lambda.map((v, k) => (k === l ? v + by : v))})).moments;
      const [a, b, c, d] = [await moments(h), await moments(-h), await moments(2 * h), await moments(-2 * h)];
      for (let k = 0; k < K; ++k) near((8 * (a[k] - b[k]) - (c[k] - d[k])) / (12 * h) / unit[k] / unit[l], -curvature[k * K + l] / unit[k] / unit[l], 1e-7, `${k}, ${l}`);
    }
  }
});

test("a step of the arrow is Newton's step of the whole dual", async () => {
  for (let turn = 0; turn < 25; ++turn) {
    const stream = source(turn).stream("arrow");
    const {programme, kernel, lambda, mu, nu} = await around(stream, 1, 0.01);
    const K = programme.moments;
    const here = await kernel.evaluate({kind: "given", lambda, mu, nu});
    kernel.accept();
    // Any dlambda: mu and nu must follow so that their own residuals vanish to second order.
    const along = lambda.map((_, k) => stream.normal() / Math.max(...programme.z.filter((_, c) => c % K === k).map(Math.abs)));
    const short = 1e-5;
    await kernel.evaluate({kind: "step", lambda: lambda.map((l, k) => l + short * along[k]), along, length: short});
    kernel.accept();
    const to = {mu: kernel.multipliers().mu.slice(), nu: kernel.multipliers().nu.slice()};
    const [before, after] = [sumsOf(programme, {lambda, mu, nu}), sumsOf(programme, {lambda: lambda.map((l, k) => l + short * along[k]), ...to})];
    for (let n = 0; n < mu.length; ++n) {
      // d(residual) = -residual for a whole step, so -residual times the length for a short one.
      if (programme.signal.kind === "supports") near((after.p[n] - before.p[n]) / short, 1 - before.p[n], 1e-4, "mu");
      if (programme.noise?.sumToZero) near((after.e[n] - before.e[n]) / short, -before.e[n], 1e-4, "nu");
    }
    // The moments then move as G and the pull say: d(moments) = pull - G dlambda.
    const there = await kernel.evaluate({kind: "given", lambda: lambda.map((l, k) => l + short * along[k]), ...to});
    for (let k = 0; k < K; ++k) {
      let expected = here.pull[k];
      for (let l = 0; l < K; ++l) expected -= here.curvature[k * K + l] * along[l];
      const unit = Math.max(...programme.z.filter((_, c) => c % K === k).map(Math.abs));
      near((there.moments[k] - here.moments[k]) / short / unit, expected / unit, 1e-3, `moment ${k}`);
    }
  }
});

test("runs add up to what one long sum gives, in the same bits however often others are let through", async () => {
  const stream = source(3).stream("runs");
  const N = 2 * dualRun + 77;
  const situation = Int32Array.from({length: N + 1}, (_, n) => 3 * n);
  const programme: Programme = {
    z: Float64Array.from({length: 6 * N}, () => stream.normal()), moments: 2, situation, weight: Float64Array.from({length: N}, () => 0.5 + stream.uniform()), targets: new Float64Array(2),
    signal: {kind: "supports", support: even(0, 1, 3)}, noise: {support: even(-0.1, 0.1, 3), sumToZero: true}
  };
  const lambda = Float64Array.of(0.7, -1.1);
  const whole = await (await dualKernel(programme)).evaluate({kind: "settle", lambda});
  let waits = 0;
  const interrupted = await (await dualKernel(programme)).evaluate({kind: "settle", lambda}, {breathe: () => Promise.resolve().then(() => { ++waits; })});
  assert.equal(waits, 3);
  assert.deepEqual(interrupted, whole);
  const half = (from: number, to: number) => dualKernel({...programme, z: programme.z.slice(6 * from, 6 * to), situation: situation.slice(0, to - from + 1), weight: programme.weight.slice(from, to)});
  const [left, right] = [await (await half(0, 1500)).evaluate({kind: "settle", lambda}), await (await half(1500, N)).evaluate({kind: "settle", lambda})];
  for (const part of ["value", "signal", "noise", "magnitude"] as const) close(left[part] + right[part], whole[part], 1e-12 * Math.abs(whole[part]));
  for (const part of ["moments", "curvature", "pull"] as const) whole[part].forEach((v, c) => close(left[part][c] + right[part][c], v, 1e-11));
});

test("a situation of weight two is the situation twice", async () => {
  for (const signal of [{kind: "shannon"}, {kind: "supports", support: even(0, 1, 4)}] as const) {
    const rows = Float64Array.of(1, 2, 0.3, -1, 2, 0.5);
    const base = {moments: 2, targets: new Float64Array(2), signal, noise: {support: even(-0.2, 0.2, 3), sumToZero: true}};
    const once = await (await dualKernel({...base, z: rows, situation: Int32Array.of(0, 3), weight: Float64Array.of(2)})).evaluate({kind: "settle", lambda: Float64Array.of(0.4, 0.9)});
    const twice = await (await dualKernel({...base, z: Float64Array.of(...rows, ...rows), situation: Int32Array.of(0, 3, 6), weight: Float64Array.of(1, 1)})).evaluate({kind: "settle", lambda: Float64Array.of(0.4, 0.9)});
    for (const part of ["value", "signal", "noise", "promise"] as const) close(once[part], twice[part], 1e-14);
    for (const part of ["moments", "curvature", "pull"] as const) once[part].forEach((v, c) => close(v, twice[part][c], 1e-14));
  }
});
