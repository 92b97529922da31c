import assert from "node:assert/strict";
import os from "node:os";
import test, {afterEach, beforeEach} from "node:test";
import workerThreads, {Worker, type WorkerOptions} from "node:worker_threads";
import type {Programme, Signal} from "../../src/entropy/programme.js";
import type {Solution} from "../../src/entropy/solution.js";
import {solve, type SolveOptions} from "../../src/entropy/solve.js";
import {hireDual} from "../../src/entropy/threads/hire.js";
import {shares} from "../../src/entropy/threads/shares.js";
import {ChoiceError} from "../../src/errors.js";
import type {Move} from "../../src/kernels/dual.js";
import {source} from "../../src/math/random.js";
import {noise, shannon, supports} from "../support/programmes.js";
import {refuses} from "../support/world.js";

// Every worker thread that a test starts is seen, so that none can be left over, and a test may start another in its place.
let seen: Worker[] = [];
let gone = 0;
let instead: {code?: string; options?: WorkerOptions} = {};
const builtin = workerThreads as {Worker: typeof Worker};

class Watched extends Worker {
  constructor(entry: string | URL, options: WorkerOptions) {
    super(instead.code === undefined ? entry : new URL(`data:text/javascript,${encodeURIComponent(instead.code)}`), {...options, ...instead.options});
    seen.push(this);
    this.on("exit", () => ++gone);
  }
}

beforeEach(() => {
  [seen, gone, instead, builtin.Worker] = [[], 0, {}, Watched];
});
afterEach(async () => {
  builtin.Worker = Worker;
  await Promise.all(seen.map((worker) => worker.terminate()));
});

/** Situations and choices that follow a logit, with totals of the choices. */
function choices({N = 5000, size = () => 5, K = 3, signal = supports(3), withNoise = true, shared = false}: {N?: number; size?: (n: number) => number; K?: number; signal?: Signal; withNoise?: boolean; shared?: boolean} = {}): Programme {
  const stream = source(3).stream("threads");
  const situation = new Int32Array(N + 1);
  for (let n = 0; n < N; ++n) situation[n + 1] = situation[n] + size(n);
  const doubles = situation[N] * K;
  const z = shared ? new Float64Array(new SharedArrayBuffer(8 * doubles)) : new Float64Array(doubles);
  for (let c = 0; c < doubles; ++c) z[c] = 4 * stream.uniform() - 2;
  const targets = new Float64Array(K);
  const weight = Float64Array.from({length: N}, (_, n) => 1 + (n % 3));
  for (let n = 0; n < N; ++n) {
    let [best, chosen] = [-Infinity, 0];
    for (let row = situation[n]; row < situation[n + 1]; ++row) {
      let u = -Math.log(-Math.log(stream.uniform()));
      for (let k = 0; k < K; ++k) u += ((k % 2 ? -1 : 1) * z[row * K + k]) / (k + 1);
      if (u > best) [best, chosen] = [u, row];
    }
    for (let k = 0; k < K; ++k) targets[k] += weight[n] * z[chosen * K + k];
  }
  return {z, moments: K, situation, weight, targets, signal, ...(withNoise && {noise: noise(0.02, true)})};
}

const numbers = ({lambda, mu, nu, value, gradient, curvature, entropy, path}: Solution) => [
  ...lambda, ...mu, ...nu, value, ...gradient, ...curvature.to1DArray(), entropy.signal, entropy.noise, ...path.flatMap((step) => [step.value, step.residual, step.step])
];

/** Whether two numbers are the same bits is what Object.is tells, but for NaN, which none may be. */
function sameBits(got: readonly number[], wanted: readonly number[], what: string): void {
  assert.equal(got.length, wanted.length);
  wanted.forEach((value, at) => assert.ok(Object.is(got[at], value) && !Number.isNaN(value), `${what}: number ${at} is ${got[at]}, not ${value}`));
}

for (const [name, options] of Object.entries({
  "sets of one size": {},
  "ragged sets": {size: (n: number) => 2 + (n % 5)},
  "in memory that threads share": {shared: true},
  "ragged sets in memory that threads share": {shared: true, size: (n: number) => 2 + (n % 5)},
  "sets of one among them": {size: (n: number) => 1 + (n % 3)},
  "shannon": {signal: shannon, size: (n: number) => 2 + (n % 3)},
  "shannon without errors": {signal: shannon, withNoise: false}
})) {
  test(`${name}: the same bits from any number of threads`, async () => {
    const programme = choices(options);
    const one = await solve(programme, {threads: 1});
    assert.deepEqual([one.ending, one.threads, one.engine, seen.length], ["converged", 1, "wasm", 0]);
    for (const threads of name === "ragged sets" ? [2, 3, 4] : [2]) {
      const many = await solve(programme, {threads});
      assert.equal(many.threads, threads);
      sameBits(numbers(many), numbers(one), `${threads} threads`);
      assert.equal(gone, seen.length, "a thread has outlived its solution");
    }
  });
}

test("log priors of the cells go along, copied or shared", async () => {
  const stream = source(4).stream("priors");
  for (const shared of [false, true]) {
    const programme = choices({signal: shannon, size: (n) => 2 + (n % 3), shared, N: 3000});
    const rows = programme.situation[programme.weight.length];
    const logPrior = shared ? new Float64Array(new SharedArrayBuffer(8 * rows)) : new Float64Array(rows);
    for (let row = 0; row < rows; ++row) logPrior[row] = Math.log(0.1 + stream.uniform());
    const own: Programme = {...programme, signal: {kind: "shannon", logPrior}};
    sameBits(numbers(await solve(own, {threads: 3})), numbers(await solve(own, {threads: 1})), `shared ${shared}`);
  }
});

test("steps that go astray, and shorter ones in their place", async () => {
  const programme = choices({N: 3000, size: (n) => 2 + (n % 4), signal: supports(5)});
  const found = async (threads: number) => {
    const kernel = await hireDual(programme, {threads});
    assert.equal(kernel.threads, threads);
    const out: number[] = [];
    const look = async (move: Move) => {
      const {value, moments, curvature, pull, promise, addingUp} = await kernel.evaluate(move);
      out.push(value, ...moments, ...curvature, ...pull, promise, addingUp);
    };
    let lambda = Float64Array.of(0.3, -0.2, 0.1);
    await look({kind: "settle", lambda});
    kernel.accept();
    for (const far of [20, 1, 0.1]) {
      const along = Float64Array.of(far, -far, 0.5 * far);
      const to = (length: number) => lambda.map((l, k) => l + length * along[k]);
      await look({kind: "step", lambda: to(1), along, length: 1});
      await look({kind: "again", lambda: to(0.5), length: 0.5});
      await look({kind: "again", lambda: to(0.1), length: 0.1});
      kernel.accept();
      lambda = to(0.1);
    }
    const {mu, nu} = kernel.multipliers();
    out.push(...mu, ...nu);
    await kernel.close();
    return out;
  };
  const one = await found(1);
  for (const threads of [2, 3]) sameBits(await found(threads), one, `${threads} threads`);
});

test("moves as given, too", async () => {
  const programme = choices({N: 3000});
  const [one, many] = [await hireDual(programme, {threads: 1}), await hireDual(programme, {threads: 2})];
  const stream = source(5).stream("given");
  const some = () => Float64Array.from(programme.weight, () => stream.normal());
  const move = {kind: "given", lambda: Float64Array.of(0.4, -0.2, 0.1), mu: some(), nu: some()} as const;
  assert.deepEqual(await many.evaluate(move), await one.evaluate(move));
  await many.close();
});

test("shares are consecutive, of about the same size, and none is empty", () => {
  const runs = [5, 1, 1, 1, 8, 2, 2, 4].map((J, k) => ({J, from: 10 * k, to: 10 * k + 10}));
  for (let count = 1; count <= 12; ++count) {
    const cut = shares(runs, count);
    assert.equal(cut.length, Math.min(count, runs.length));
    cut.forEach(({from, to}, k) => assert.ok(to > from && from === (k ? cut[k - 1].to : 0)));
    assert.equal(cut[cut.length - 1].to, runs.length);
  }
  assert.deepEqual(shares(runs, 2), [{from: 0, to: 4}, {from: 4, to: 8}]);
});

test("no more threads than runs of situations, and none for one run", async () => {
  assert.equal((await solve(choices({N: 100}), {threads: 4})).threads, 1);
  assert.equal((await solve(choices({N: 1500}), {threads: 4})).threads, 2);
  assert.equal(gone, seen.length);
});

test("an abort is heard, and no thread outlives it", async () => {
  const programme = choices({N: 8000});
  const before = new AbortController();
  before.abort();
  const stopped = await solve(programme, {threads: 2, signal: before.signal});
  assert.equal(stopped.ending, "stopped");
  assert.ok(numbers(stopped).every(Number.isFinite));
  assert.equal(gone, seen.length);
  const during = new AbortController();
  const two = await solve(programme, {threads: 2, signal: during.signal, onStep: ({iteration}) => { if (iteration === 2) during.abort(); }});
  assert.deepEqual([two.ending, two.iterations], ["stopped", 2]);
  assert.equal(gone, seen.length);
  // In the middle of a pass: what stands is what was accepted before it.
  const kernel = await hireDual(programme, {threads: 2});
  const settled = await kernel.evaluate({kind: "settle", lambda: Float64Array.of(0.1, 0.2, 0.3)});
  kernel.accept();
  const mu = kernel.multipliers().mu.slice();
  let parts = 0;
  await assert.rejects(kernel.evaluate({kind: "settle", lambda: Float64Array.of(9, 9, 9)}, {breathe: () => { if (++parts > 1) throw new Error("enough"); return undefined; }}), /enough/);
  assert.deepEqual(kernel.multipliers().mu, mu);
  assert.deepEqual(await kernel.evaluate({kind: "settle", lambda: Float64Array.of(0.1, 0.2, 0.3)}), settled);
  await kernel.close();
});

test("what is thrown by who watches ends the solution and its threads", async () => {
  await assert.rejects(solve(choices(), {threads: 2, onStep: ({iteration}) => { if (iteration === 1) throw new Error("watched"); }}), /watched/);
  assert.equal(gone, seen.length);
  assert.equal(seen.length, 1);
});

const threw = async (programme: Programme, options: SolveOptions): Promise<ChoiceError> => refuses("entropy/worker", () => solve(programme, options));

test("a thread that ends on the way is an error with a way out, and the others go with it", async () => {
  const error = await threw(choices({N: 9000}), {threads: 3, onStep: ({iteration}) => { if (iteration === 1) void seen[0].terminate(); }});
  assert.match(error.message, /worker thread 1 of 2 ended with exit code 1[^]*threads: 1/);
  assert.equal(gone, seen.length);
});

test("threads that were asked for and do not start are an error; with auto this thread works alone", async () => {
  instead = {code: "throw new Error('not here')"};
  assert.match((await threw(choices(), {threads: 2})).message, /not here/);
  const {availableParallelism} = os;
  try {
    os.availableParallelism = () => 3;
    // Work enough for several threads, most of it in the moments.
    const programme = choices({N: 45_000, size: () => 3, K: 60, withNoise: false});
    const crew = await hireDual(programme);
    assert.equal(crew.threads, 3);
    const found = await crew.evaluate({kind: "settle", lambda: new Float64Array(60).fill(0.01)});
    assert.equal(crew.threads, 1);
    await crew.close();
    const one = await hireDual(programme, {threads: 1});
    assert.deepEqual(found, await one.evaluate({kind: "settle", lambda: new Float64Array(60).fill(0.01)}));
    instead = {};
    const many = await hireDual(programme);
    assert.equal(many.threads, 3);
    await many.close();
    assert.equal((await hireDual(choices())).threads, 1, "too little work");
  } finally {
    os.availableParallelism = availableParallelism;
  }
  assert.equal(gone, seen.length);
});

test("where there is no thread or no shared memory, and for the definition, this thread works alone", async () => {
  const shared = globalThis.SharedArrayBuffer;
  try {
    delete (globalThis as {SharedArrayBuffer?: unknown}).SharedArrayBuffer;
    assert.equal((await solve(choices({N: 3000}), {threads: 2})).threads, 1);
  } finally {
    globalThis.SharedArrayBuffer = shared;
  }
  const plain = await solve(choices({N: 1500}), {threads: 2, engine: "typescript"});
  assert.deepEqual([plain.threads, plain.engine], [1, "typescript"]);
  delete (builtin as {Worker?: unknown}).Worker;
  assert.equal((await solve(choices({N: 3000}), {threads: 2})).threads, 1);
  assert.equal(seen.length, 0);
});

test("a number of threads that is none is refused", async () => {
  for (const threads of [0, -1, 1.5, NaN, "two"]) await refuses("options/threads", () => solve(choices({N: 10}), {threads: threads as number}), "auto");
});
