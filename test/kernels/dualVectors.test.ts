import assert from "node:assert/strict";
import test from "node:test";
import type {Noise, Programme, Signal, Support} from "../../src/entropy/programme.js";
import {dualKernel, dualRun, type DualKernel, type DualSums, type Move} from "../../src/kernels/dual.js";
import {source, type Stream} from "../../src/math/random.js";
import {even, noise, randomProgramme, shannon, supports} from "../support/programmes.js";

interface Made {
  readonly N?: number;
  /** Alternatives of situation n. */
  readonly size?: (n: number) => number;
  readonly K?: number;
  readonly signal?: Signal;
  readonly noise?: Noise;
  readonly weight?: (n: number) => number;
  readonly reach?: number;
}

/** A programme of normal attributes, and a lambda at which |eta| is about `reach`. */
function made({N = 37, size = () => 4, K = 3, signal = supports(3), noise, weight = (n) => 0.3 + (n % 5), reach = 1}: Made) {
  const stream = source(11).stream("programme");
  const situation = new Int32Array(N + 1);
  for (let n = 0; n < N; ++n) situation[n + 1] = situation[n] + size(n);
  const programme: Programme = {
    z: Float64Array.from({length: situation[N] * K}, () => stream.normal() + 0.5), moments: K, situation, weight: Float64Array.from({length: N}, (_, n) => weight(n)), targets: new Float64Array(K),
    signal, ...(noise && {noise})
  };
  return {programme, lambda: Float64Array.from({length: K}, () => (reach * stream.normal()) / Math.sqrt(K)), stream};
}

/** Largest |z| of each moment. */
function units({z, moments: K}: Programme): Float64Array {
  const out = new Float64Array(K);
  z.forEach((v, c) => { out[c % K] = Math.max(out[c % K], Math.abs(v)); });
  return out;
}

/**
 * Sums relative to what they are made of: values to the sum of absolute values, moments to the largest totals, curvature to
 * the roots of its diagonal.
 */
function alike(got: DualSums, wanted: DualSums, programme: Programme, tolerance: number, what: string): void {
  const K = programme.moments;
  const unit = units(programme);
  const W = programme.weight.reduce((a, b) => a + b, 0);
  const near = (name: string, a: number, b: number, scale: number) => assert.ok(Math.abs(a - b) <= tolerance * scale, `${what}, ${name}: ${a}, ${b}, off by ${Math.abs(a - b) / scale}`);
  for (const name of ["value", "signal", "noise"] as const) near(name, got[name], wanted[name], wanted.magnitude + W);
  // A measure, which multipliers that could stand anywhere may move.
  assert.ok(Math.abs(got.magnitude - wanted.magnitude) <= 1e3 * tolerance * wanted.magnitude, `${what}, magnitude: ${got.magnitude}, ${wanted.magnitude}`);
  // A square of residuals over variances that may be small.
  near("promise", got.promise, wanted.promise, 1e5 * W + wanted.promise);
  for (let k = 0; k < K; ++k) {
    near("moments", got.moments[k], wanted.moments[k], unit[k] * W);
    near("pull", got.pull[k], wanted.pull[k], unit[k] * W);
    for (let l = 0; l < K; ++l) near("curvature", got.curvature[k * K + l], wanted.curvature[k * K + l], Math.sqrt(wanted.curvature[k * K + k] * wanted.curvature[l * K + l]) + 1e-6 * unit[k] * unit[l] * W);
  }
  near("adding up", got.addingUp, wanted.addingUp, 1);
  near("sum of errors", got.errorSum, wanted.errorSum, 1);
}

/** All moves that there are, taken by both kernels from the same place. */
async function agree(programme: Programme, lambda: Float64Array, stream: Stream, tolerance: number, multipliers = tolerance): Promise<void> {
  const kernels: [DualKernel, DualKernel] = [await dualKernel(programme), await dualKernel(programme, {engine: "typescript"})];
  assert.deepEqual(kernels.map(({engine}) => engine), ["wasm", "typescript"]);
  const N = programme.weight.length;
  const unit = units(programme);
  const look = async (what: string, move: Move) => {
    const [got, wanted] = [await kernels[0].evaluate(move), await kernels[1].evaluate(move)];
    alike(got, wanted, programme, tolerance, what);
  };
  const accept = (what: string) => {
    for (const kernel of kernels) kernel.accept();
    const [got, wanted] = kernels.map((kernel) => kernel.multipliers());
    for (const name of ["mu", "nu"] as const) {
      assert.equal(got[name].length, N);
      wanted[name].forEach((v, n) => assert.ok(Math.abs(got[name][n] - v) <= multipliers * Math.max(1, Math.abs(v)), `${what}, ${name}[${n}]: ${got[name][n]}, ${v}`));
    }
  };
  await look("settle", {kind: "settle", lambda});
  accept("settle");
  let at = lambda;
  // A step that is taken back and tried shorter, twice; the second from where the first has led, not quite settled.
  for (const size of [0.3, 0.1]) {
    const along = lambda.map((_, k) => (size * stream.normal()) / unit[k] / Math.sqrt(programme.moments));
    const to = (length: number) => at.map((l, k) => l + length * along[k]);
    await look("step", {kind: "step", lambda: to(1), along, length: 1});
    await look("again", {kind: "again", lambda: to(0.25), length: 0.25});
    accept("again");
    at = to(0.25);
  }
  const own = (there: boolean) => Float64Array.from({length: N}, () => (there ? stream.normal() : 0));
  await look("given", {kind: "given", lambda, mu: own(programme.signal.kind === "supports"), nu: own(programme.noise?.sumToZero === true)});
}

const uneven: Support = {points: Float64Array.of(0, 0.1, 0.35, 1), logPrior: Float64Array.of(0.4, 0.3, 0.2, 0.1).map(Math.log)};
const steep: Support = {...even(0, 1, 4), logPrior: Float64Array.of(0, -30, -2, -9)};
const peaked = (v: number): Noise => ({support: {...even(-v, v, 3), logPrior: Float64Array.of(0.05, 0.9, 0.05).map(Math.log)}, sumToZero: true});

for (const [what, options] of Object.entries({
  "two points": {signal: supports(2)},
  "three points": {signal: supports(3)},
  "four": {signal: supports(4)},
  "five, with errors": {signal: supports(5), noise: noise(0.1, true)},
  "eleven": {signal: supports(11)},
  "two with a prior": {signal: supports(2, [0.9, 0.1]), noise: peaked(0.2)},
  "five with a prior": {signal: supports(5, [0.1, 0.3, 0.3, 0.2, 0.1])},
  "points as they come": {signal: {kind: "supports", support: uneven}, noise: noise(0.2, true)},
  "priors far apart": {signal: {kind: "supports", support: steep}},
  "points that stop short of the ends": {signal: {kind: "supports", support: even(0.05, 0.8, 3)}},
  "errors over two points": {noise: noise(0.3, true, 2)},
  "errors over five": {noise: noise(0.3, true, 5)},
  "errors over points as they come": {noise: {support: {points: Float64Array.of(-0.2, -0.05, 0.3), logPrior: new Float64Array(3)}, sumToZero: true}},
  "errors that need not add up": {noise: noise(0.3, false)},
  "errors that need not add up, over points as they come": {noise: {support: {points: Float64Array.of(-0.2, -0.05, 0.3), logPrior: Float64Array.of(-1, -0.5, -2)}, sumToZero: false}},
  "shannon": {signal: shannon},
  "shannon with both errors": {signal: shannon, noise: noise(0.1, true)},
  "shannon with errors that need not add up": {signal: shannon, noise: noise(0.1, false)},
  "one moment": {K: 1, noise: noise(0.1, true)},
  "two moments": {K: 2},
  "five moments": {K: 5, noise: noise(0.1, true)},
  "eight moments": {K: 8},
  "twenty moments": {K: 20, noise: noise(0.1, false)},
  "two alternatives": {size: () => 2, noise: noise(0.1, true)},
  "forty alternatives": {size: () => 40, N: 9, noise: noise(0.1, true)},
  "a thousand": {size: () => 1000, N: 5},
  "a thousand, of points as they come": {size: () => 1000, N: 3, signal: {kind: "supports", support: uneven}},
  "a hundred, shannon": {size: () => 100, N: 9, signal: shannon, noise: noise(0.1, true)},
  "ragged sets": {size: (n: number) => 2 + ((n * n) % 7), N: 200, noise: noise(0.1, true)},
  "sets of one among them": {size: (n: number) => 1 + (n % 4), N: 60, noise: noise(0.1, true)},
  "sets of one among them, shannon": {size: (n: number) => 1 + (n % 4), N: 60, signal: shannon, noise: noise(0.1, true)},
  "a probability forced to the end of its points": {size: (n: number) => 2 + (n % 2), signal: {kind: "supports", support: even(0, 0.5, 3)}},
  "situations without weight": {weight: (n: number) => n % 3, noise: noise(0.1, true)},
  "one situation": {N: 1, noise: noise(0.1, true)},
  "more than a run": {N: 2 * dualRun + 5, K: 2, noise: noise(0.05, true)}
} satisfies Record<string, Made>)) {
  test(`vectors give what the definition gives: ${what}`, async () => {
    for (const reach of [0, 1, 4]) {
      const {programme, lambda, stream} = made({...options, reach});
      await agree(programme, lambda, stream, 1e-12, 1e-11);
    }
  });
}

test("vectors give what the definition gives: log priors of every cell", async () => {
  for (const size of [() => 4, (n: number) => 2 + (n % 3)]) {
    const {programme, lambda, stream} = made({signal: shannon, noise: noise(0.1, true), size});
    const logPrior = Float64Array.from({length: programme.situation[programme.weight.length]}, () => Math.log(0.05 + stream.uniform()));
    await agree({...programme, signal: {kind: "shannon", logPrior}}, lambda, stream, 1e-12, 1e-11);
  }
});

for (const [reach, tolerance] of [[1, 1e-12], [5, 1e-12], [30, 1e-11], [1000, 1e-9], [1e5, 1e-9]]) {
  test(`any programme with |eta| of ${reach}`, async () => {
    for (let turn = 0; turn < 120; ++turn) {
      const stream = source(turn).stream(`reach ${reach}`);
      const {programme, lambda} = await randomProgramme(stream, reach);
      // With choices as certain as that, multipliers can stand anywhere between the cells.
      await agree(programme, lambda, stream, tolerance, reach <= 5 ? 1e-9 : Infinity);
    }
  });
}

test("there is no NaN where lambda is absurd", async () => {
  for (const reach of [1e8, 1e15, 1e100]) for (let turn = 0; turn < 40; ++turn) {
    const stream = source(turn).stream("absurd");
    const {programme, lambda} = await randomProgramme(stream, 1);
    const kernel = await dualKernel(programme);
    const {value, moments, curvature, pull, promise, signal, noise: errors} = await kernel.evaluate({kind: "settle", lambda: lambda.map((l) => l * reach)});
    assert.ok([value, promise, signal, errors, ...moments, ...curvature, ...pull].every(Number.isFinite), `${reach}, ${turn}`);
  }
});

test("where compiled numbers end, a run is the definition's", async () => {
  // eta is beyond all numbers in one situation of the first run, and in none of the second.
  const {programme, lambda} = made({N: dualRun + 40, K: 2, signal: supports(2)});
  programme.z[8] = 1e308;
  const far = lambda.map(() => 2);
  const [fast, plain] = [await dualKernel(programme), await dualKernel(programme, {engine: "typescript"})];
  const [got, wanted] = [await fast.evaluate({kind: "settle", lambda: far}), await plain.evaluate({kind: "settle", lambda: far})];
  assert.equal(fast.engine, "wasm");
  assert.ok(!Number.isFinite(wanted.value) && Object.is(got.value, wanted.value), `${got.value}, ${wanted.value}`);
  fast.accept();
  plain.accept();
  const [mine, theirs] = [fast.multipliers().mu, plain.multipliers().mu];
  for (let n = 0; n < dualRun; ++n) assert.ok(Object.is(mine[n], theirs[n]), `mu[${n}]: ${mine[n]}, ${theirs[n]}`);
});

test("what has nothing to compile is the definition's: no moments, supports of a point", async () => {
  const {programme} = made({});
  for (const odd of [
    {...programme, z: new Float64Array(0), moments: 0, targets: new Float64Array(0)},
    {...programme, noise: noise(0.1, true, 1)}
  ]) assert.equal((await dualKernel(odd)).engine, "typescript");
});

test("the same bits however often others are let through", async () => {
  const {programme, lambda} = made({N: 2 * dualRun + 77, size: (n) => 2 + (n % 3), noise: noise(0.1, true)});
  const along = lambda.map((l) => 0.1 * l);
  const found = async (breathe?: () => Promise<void> | undefined) => {
    const kernel = await dualKernel(programme, {breathe});
    await kernel.evaluate({kind: "settle", lambda}, {breathe});
    kernel.accept();
    return [await kernel.evaluate({kind: "step", lambda: lambda.map((l, k) => l + along[k]), along, length: 1}, {breathe}), kernel.multipliers()];
  };
  assert.deepEqual(await found(() => Promise.resolve()), await found());
});
