import assert from "node:assert/strict";
import test from "node:test";
import {mnlKernel, type MnlSums, type Situations} from "../../src/kernels/mnl.js";
import {mnlVectors} from "../../src/kernels/mnlVectors.js";
import {compiled} from "../../src/kernels/module.js";
import type {Order} from "../../src/kernels/panel.js";
import {source} from "../../src/math/random.js";
import {close} from "../support/world.js";

interface Made {
  /** Alternatives of situation n. */
  readonly size?: (n: number) => number;
  readonly C?: number;
  readonly N?: number;
  readonly weighted?: boolean;
  readonly perPerson?: number;
  /** What every number is multiplied by. */
  readonly scale?: number;
}

/** Situations of normal attributes and of chance choices. */
function made({size = () => 4, C = 6, N = 300, weighted = false, perPerson = 1, scale = 1}: Made = {}): Situations {
  const stream = source(7).stream("situations");
  const situation = new Int32Array(N + 1);
  for (let n = 0; n < N; ++n) situation[n + 1] = situation[n] + size(n);
  return {
    z: Float64Array.from({length: situation[N] * C}, () => scale * stream.normal()), columns: C, situation,
    chosen: Int32Array.from({length: N}, (_, n) => situation[n] + stream.below(size(n))),
    weight: Float64Array.from({length: N}, () => (weighted ? 0.2 + 3 * stream.uniform() : 1)),
    person: Int32Array.from({length: N}, (_, n) => Math.floor(n / perPerson)), people: Math.ceil(N / perPerson)
  };
}

const somewhere = (C: number, size = 1) => Float64Array.from({length: C}, (_, c) => size * (c % 2 ? -0.4 : 0.7) / (1 + c / 3));

/** One situation: rows of attributes, the first of them chosen. */
const one = (...rows: readonly number[][]): Situations => ({z: Float64Array.from(rows.flat()), columns: rows[0].length, situation: Int32Array.of(0, rows.length), chosen: Int32Array.of(0), weight: Float64Array.of(1), person: Int32Array.of(0), people: 1});

async function both(situations: Situations, b: Float64Array, order: Order): Promise<[MnlSums, MnlSums, Float64Array, Float64Array]> {
  const [fast, plain] = [await mnlKernel(situations), await mnlKernel(situations, {engine: "typescript"})];
  assert.equal(fast.engine, "wasm");
  assert.equal(plain.engine, "typescript");
  const scores = [0, 1].map(() => new Float64Array(situations.people * b.length));
  return [await fast.evaluate(b, order, {scores: scores[0]}), await plain.evaluate(b, order, {scores: scores[1]}), scores[0], scores[1]];
}

/** Relative to the largest entry: entries near zero are differences of larger ones. */
function alike(actual: Float64Array, expected: Float64Array, tolerance: number, what: string): void {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expected.forEach((value, at) => assert.ok(Math.abs(actual[at] - value) <= tolerance * largest, `${what}[${at}]: ${actual[at]}, ${value}`));
}

async function agree(situations: Situations, b: Float64Array, tolerance: number): Promise<void> {
  for (const order of [0, 1, 2] as const) {
    const [fast, plain, fastScores, plainScores] = await both(situations, b, order);
    assert.ok(Math.abs(fast.value - plain.value) <= tolerance * Math.abs(plain.value), `order ${order}: ${fast.value}, ${plain.value}`);
    for (const part of ["gradient", "opg", "hessian"] as const) alike(fast[part], plain[part], tolerance, `order ${order}, ${part}`);
    alike(fastScores, plainScores, tolerance, `order ${order}, scores`);
  }
}

for (const [what, options] of Object.entries({
  "four alternatives": {},
  "an odd number of situations": {N: 301},
  "one column": {C: 1},
  "three columns, two alternatives": {C: 3, size: () => 2},
  "twenty-five columns": {C: 25, N: 90},
  "more than a run": {N: 5000, C: 2},
  "weights": {weighted: true},
  "several situations of a person": {perPerson: 7, weighted: true},
  "ragged sets, some of them of one": {size: (n: number) => 1 + ((n * n) % 7), weighted: true, perPerson: 3, N: 400},
  "a set of each size": {size: (n: number) => n + 1, N: 60},
  "a thousand alternatives": {size: () => 1000, N: 12, C: 5}
} satisfies Record<string, Made>)) {
  test(`vectors give what the definition gives: ${what}`, async () => {
    const situations = made(options);
    await agree(situations, somewhere(situations.columns), 1e-12);
    await agree(situations, new Float64Array(situations.columns), 1e-12);
  });
}

test("the definition is the logarithm of a logit probability, written out", async () => {
  const [fast, plain] = await both(one([1, 2], [0.5, -1], [0, 0.25]), Float64Array.of(0.3, -0.8), 0);
  const v = [0.3 - 1.6, 0.15 + 0.8, -0.2];
  for (const {value} of [fast, plain]) close(value, v[0] - Math.log(v.reduce((sum, x) => sum + Math.exp(x), 0)), 1e-14);
});

for (const [size, tolerance] of [[30, 1e-12], [200, 1e-11], [700, 1e-9], [2500, 1e-9]]) {
  test(`utilities of ±${size}`, async () => {
    await agree(made({scale: size, weighted: true}), Float64Array.of(0.4, 0, -0.3, 0, 0.2, 0.1), tolerance);
    // A clear winner, chosen and not: next to nothing, of which no digit is lost, and the distance.
    const b = Float64Array.of(1);
    const won = -Math.log1p(Math.exp(-size) + Math.exp(-2 * size));
    const lost = -size - 0.5 - Math.log1p(Math.exp(-size - 0.5));
    for (const {value} of (await both(one([size], [0], [-size]), b, 2)).slice(0, 2) as MnlSums[]) assert.ok(Math.abs(value - won) <= 1e-13 * Math.abs(won), `${value}, ${won}`);
    for (const {value} of (await both(one([-size], [0.5]), b, 2)).slice(0, 2) as MnlSums[]) close(value, lost, 1e-15);
  });
}

test("probabilities of 1e-300, and their complements", async () => {
  const far = 300 * Math.LN10;
  const [lost] = await both(one([0], [far], [0]), Float64Array.of(1), 2);
  close(lost.value, -far, 1e-14);
  close(lost.gradient[0], -far, 1e-14);
  const [won] = await both(one([far], [0], [0]), Float64Array.of(1), 2);
  close(won.value / 2e-300, -1, 1e-12);
  close(won.gradient[0] / 2e-300, far, 1e-12);
  close(won.hessian[0] / 2e-300, -far * far, 1e-12);
});

test("a near-certain choice keeps its digits, and many add up", async () => {
  for (const v of [-36, -50, -100]) close((await both(one([0], [v]), Float64Array.of(1), 0))[0].value / -Math.log1p(Math.exp(v)), 1, 1e-13);
  const N = 3000;
  const sure: Situations = {z: Float64Array.from({length: 2 * N}, (_, row) => (row % 2 ? -40 : 0)), columns: 1, situation: Int32Array.from({length: N + 1}, (_, n) => 2 * n), chosen: Int32Array.from({length: N}, (_, n) => 2 * n), weight: new Float64Array(N).fill(1), person: new Int32Array(N), people: 1};
  close((await both(sure, Float64Array.of(1), 0))[0].value / (-N * Math.log1p(Math.exp(-40))), 1, 1e-12);
});

test("choices of one say nothing, alone or among others", async () => {
  const [alone, plain] = await both(made({size: () => 1, N: 9}), somewhere(6), 2);
  for (const {value, gradient, hessian} of [alone, plain]) {
    assert.equal(Math.abs(value), 0);
    assert.ok([...gradient, ...hessian].every((x) => x === 0));
  }
});

test("what is not a finite coefficient gives NaN throughout, and so does a utility beyond all numbers", async () => {
  for (const bad of [NaN, Infinity, -Infinity]) for (const at of [0, 5]) {
    const b = somewhere(6);
    b[at] = bad;
    for (const sums of (await both(made({N: 50}), b, 2)).slice(0, 2) as MnlSums[]) assert.ok([sums.value, ...sums.gradient, ...sums.opg, ...sums.hessian].every(Number.isNaN));
  }
  for (const {value} of (await both(one([0], [1e200]), Float64Array.of(1e200), 0)).slice(0, 2) as MnlSums[]) assert.ok(Number.isNaN(value));
});

test("the same bits however often the work waits, and while another evaluation runs beside it", async () => {
  const situations = made({N: 6000, size: (n) => 2 + (n % 3), weighted: true, perPerson: 4});
  const [b, other] = [somewhere(6), somewhere(6, -2)];
  const bits = (sums: MnlSums, scores: Float64Array) => Buffer.from(Float64Array.of(sums.value, ...sums.gradient, ...sums.opg, ...sums.hessian, ...scores).buffer).toString("hex");
  for (const engine of ["wasm", "typescript"] as const) {
    const breaths: (undefined | (() => Promise<void> | undefined))[] = [undefined, () => Promise.resolve()];
    let turn = 0;
    breaths.push(() => (++turn % 3 ? undefined : new Promise((resolve) => { setImmediate(resolve); })));
    const found: string[] = [];
    for (const breathe of breaths) {
      const kernel = await mnlKernel(situations, {engine, breathe});
      const scores = new Float64Array(situations.people * 6);
      const [sums] = await Promise.all([kernel.evaluate(b, 2, {breathe, scores}), kernel.evaluate(other, 1, {breathe})]);
      found.push(bits(sums, scores));
    }
    assert.equal(found[1], found[0]);
    assert.equal(found[2], found[0]);
  }
});

test("data in several memories give the same bits as in one", async () => {
  const situations = made({N: 5000, size: (n) => 1 + (n % 3), C: 3});
  const engines = [await mnlVectors(compiled()!, situations), await mnlVectors(compiled()!, situations, undefined, 60_000)];
  for (const engine of engines) engine.begin(somewhere(3), 2);
  assert.equal(engines[0].runs, engines[1].runs);
  assert.ok(engines[0].runs > 3);
  for (let k = 0; k < engines[0].runs; ++k) assert.deepEqual(engines[0].sum(k), engines[1].sum(k));
});

test("gradient and Hessian are the differences of the value", async () => {
  const kernel = await mnlKernel(made({size: (n) => 2 + (n % 4), weighted: true}));
  const b = somewhere(6);
  const {gradient, hessian} = await kernel.evaluate(b, 2);
  const h = 1e-4;
  for (let c = 0; c < 6; ++c) {
    const at = (step: number) => kernel.evaluate(b.map((value, e) => value + (e === c ? step : 0)), 1);
    const [low, high] = [await at(-h), await at(h)];
    close((high.value - low.value) / (2 * h), gradient[c], 1e-6);
    for (let e = 0; e < 6; ++e) close((high.gradient[e] - low.gradient[e]) / (2 * h), hessian[c * 6 + e], 1e-6);
  }
});

test("scores add up to the gradient, and their products, one situation a person, to the outer product", async () => {
  const situations = made({N: 250, size: (n) => 2 + (n % 2)});
  const [{gradient, opg}, , scores] = await both(situations, somewhere(6), 1);
  for (let c = 0; c < 6; ++c) {
    const column = Array.from({length: 250}, (_, i) => scores[i * 6 + c]);
    close(column.reduce((sum, s) => sum + s, 0), gradient[c], 1e-12);
    for (let e = 0; e < 6; ++e) close(column.reduce((sum, s, i) => sum + s * scores[i * 6 + e], 0), opg[c * 6 + e], 1e-12);
  }
});

test("a situation of weight three counts as three", async () => {
  const whole = made({N: 40});
  const [sums] = await both({...whole, weight: whole.weight.map((_, n) => (n === 5 ? 3 : 1))}, somewhere(6), 2);
  const [plain] = await both(whole, somewhere(6), 2);
  const [only] = await both({...whole, weight: whole.weight.map((_, n) => (n === 5 ? 2 : 0))}, somewhere(6), 2);
  close(sums.value, plain.value + only.value, 1e-13);
  for (const part of ["gradient", "opg", "hessian"] as const) alike(sums[part], plain[part].map((value, at) => value + only[part][at]), 1e-12, part);
});
