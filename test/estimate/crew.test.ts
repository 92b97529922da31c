import assert from "node:assert/strict";
import os from "node:os";
import test, {afterEach, beforeEach} from "node:test";
import workerThreads, {Worker, type WorkerOptions} from "node:worker_threads";
import {ChoiceError} from "../../src/errors.js";
import {soloCrew, type Crew} from "../../src/estimate/threads/crew.js";
import {hireCrew, type HireOptions} from "../../src/estimate/threads/hire.js";
import {likelihood} from "../../src/estimate/likelihood.js";
import {report, revived} from "../../src/estimate/threads/messages.js";
import {ranges} from "../../src/estimate/threads/parts.js";
import {blockSize} from "../../src/estimate/threads/slice.js";
import {hasModes} from "../../src/integrate/centre.js";
import type {Specification} from "../../src/model/specification.js";
import {Stopped} from "../../src/optimize/climb.js";
import {simulate} from "../../src/simulate/simulate.js";
import {problem, refuses, rowsOf, read, somewhere, type Laying} from "../support/world.js";

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

const allGone = async () => {
  for (const worker of seen) worker.ref();
  while (gone < seen.length) await new Promise((resolve) => setTimeout(resolve, 5));
};

beforeEach(() => {
  [seen, gone, instead, builtin.Worker] = [[], 0, {}, Watched];
});
afterEach(async () => {
  builtin.Worker = Worker;
  await Promise.all(seen.map((worker) => worker.terminate()));
});

/** People of 1 … 7 situations with 2 … 4 alternatives, and one person of forty: parts of different shape, and a last block that is not full. */
function ragged(people = 150) {
  const rows = rowsOf(simulate({tier: "mixed"}, {people, situations: 7, seed: 5, alternatives: ["a", "b", "c", "d"], available: 0.7}).data)
    .filter(({person, situation}) => Number(String(situation).slice(1)) % 7 <= [...String(person)].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 7);
  const last = rows.filter(({person}) => person === rows[rows.length - 1].person);
  const long = Array.from({length: 40}, (_, n) => last.map((row) => ({...row, situation: `${row.situation}.${n}`}))).flat();
  return read([...rows, ...long]);
}
const data = ragged();

type Problem = ReturnType<typeof problem>;
const laid = ({laid, blend}: Problem, options: HireOptions): Crew => hireCrew(laid, blend, options);

/** Everything that a crew finds, at its nodes as they are and moved. */
async function found(crew: Crew, {laid, blend, nodes: {lattice}, found}: Problem) {
  const objective = likelihood(laid, blend, lattice, {crew});
  const theta = somewhere(found);
  const look = async () => {
    const {value, gradient, opg, hessian, scores, effective} = await objective.look(theta, 2);
    return {value: [value], gradient, opg: opg!.to1DArray(), hessian: hessian!.to1DArray(), scores: scores.to1DArray(), effective};
  };
  const plain = await look();
  await crew.centre(theta, {by: blend.within === 0 && hasModes(blend) ? "mode" : "moments"});
  const places = crew.results.places.slice();
  await objective.lay({...lattice, places});
  return {...plain, places, ...Object.fromEntries(Object.entries(await look()).map(([name, numbers]) => [`moved ${name}`, numbers]))};
}

/** Whether two numbers are the same bits is what Object.is tells, but for NaN, which none may be. */
function sameBits(got: Record<string, ArrayLike<number>>, wanted: Record<string, ArrayLike<number>>, what: string): void {
  for (const name of Object.keys(wanted)) {
    assert.equal(got[name].length, wanted[name].length);
    for (let k = 0; k < wanted[name].length; ++k) assert.ok(Object.is(got[name][k], wanted[name][k]) && !Number.isNaN(got[name][k]), `${what}: ${name}[${k}] is ${got[name][k]}, not ${wanted[name][k]}`);
  }
}

const cases: Record<string, {specification: Specification; laying?: Laying; threads: number[]}> = {
  "normals, one set of nodes for all": {specification: {tier: "mixed", covariance: "full"}, laying: {rule: "gaussHermite", draws: 3}, threads: [2, 3, 4]},
  "a set of nodes for each person": {specification: {tier: "mixed", random: {price: "-lognormal", quality: "normal"}}, threads: [3]},
  "each situation by itself": {specification: {tier: "mixed", panel: false}, threads: [8]},
  "a truncated normal": {specification: {tier: "mixed", random: {price: "-truncated", quality: "normal"}}, threads: [2]},
  "random intercepts and slopes": {specification: {tier: "mixedSlopes", random: {price: "normal", quality: "triangular"}}, threads: [3]},
  "within people, by quadrature": {specification: {tier: "mixedDynamic", intercepts: false, attributes: ["price"]}, laying: {ruleWithin: "gaussHermite", drawsWithin: 2}, threads: [2]},
  "within people, by draws of their own": {specification: {tier: "mixed", intercepts: false, within: ["price"]}, laying: {ruleWithin: "monteCarlo", drawsWithin: 2}, threads: [3]}
};

for (const [name, {specification, laying, threads}] of Object.entries(cases)) {
  test(`${name}: the same bits from ${threads.join(", ")} threads as from this one`, async () => {
    const made = problem(data, specification, laying);
    const wanted = await found(soloCrew(made.laid, made.blend), made);
    assert.ok(wanted.places.some((value) => value !== 0 && value !== 1), "nodes have moved");
    for (const many of threads) {
      const crew = laid(made, {threads: many});
      assert.equal(crew.threads, many);
      sameBits(await found(crew, made), wanted, `${many} threads`);
      crew.close();
    }
  });
}

test("one person with a hundred alternatives to choose from changes no bit of the others, wherever the cut falls", async () => {
  const rows = rowsOf(simulate({tier: "mixed"}, {people: 100, situations: 2, seed: 5, alternatives: ["a", "b", "c"]}).data);
  const wide = Array.from({length: 100}, (_, j) => ({...rows[j], person: rows[0].person, situation: "wide", alternative: `z${j}`, chosen: Number(j === 7)}));
  const made = problem(read([...wide, ...rows]), {tier: "mixed", intercepts: false, covariance: "full"}, {rule: "sobol", draws: 128});
  const wanted = await found(soloCrew(made.laid, made.blend), made);
  for (const threads of [2, 4]) {
    const crew = laid(made, {threads});
    sameBits(await found(crew, made), wanted, `${threads} threads`);
    crew.close();
  }
});

test("no more threads than blocks of people, and none for one block", async () => {
  const two = problem(ragged(40), {tier: "mixed"});
  const crew = laid(two, {threads: 8});
  assert.equal(crew.threads, 2);
  sameBits(await found(crew, two), await found(soloCrew(two.laid, two.blend), two), "two blocks");
  crew.close();
  const one = problem(ragged(20), {tier: "mixed"});
  assert.equal(laid(one, {threads: 8}).threads, 1);
  assert.equal(seen.length, 2);
});

test("people are cut into consecutive ranges on the borders of blocks, with about the same work", () => {
  const {laid: units} = problem(data, {tier: "mixed", panel: false});
  const {row, unit, weight} = units;
  const work = (from: number, to: number) => row[unit[to]] - row[unit[from]] + unit[to] - unit[from];
  const heaviest = Math.max(...Array.from({length: Math.floor(weight.length / blockSize)}, (_, b) => work(b * blockSize, (b + 1) * blockSize)));
  for (const parts of [1, 2, 3, 5, 8, 1000]) {
    const cut = ranges(units, parts);
    assert.equal(cut.length, Math.min(parts, Math.ceil(weight.length / blockSize)));
    assert.equal(cut[0].from, 0);
    assert.equal(cut[cut.length - 1].to, weight.length);
    cut.forEach(({from, to}, k) => {
      assert.ok(to > from && from % blockSize === 0 && (k === 0 || from === cut[k - 1].to), JSON.stringify(cut));
      assert.ok(work(from, to) <= work(0, weight.length) / cut.length + heaviest, `${from} … ${to} has too much`);
    });
  }
  const [first] = ranges({...units, row: Int32Array.from(row, (_, n) => (n > 0 ? 1000 : 0) + n)}, 4);
  assert.deepEqual(first, {from: 0, to: blockSize}, "one heavy situation does not take others with it");
});

/** Some seconds of work for the readable kernel. */
const big = () => problem(simulate({tier: "mixed"}, {people: 1500, situations: 4, seed: 2}).data, {tier: "mixed"}, {rule: "sobol", draws: 256});

test("timers run while threads compute, an abort stops them, and the crew answers afterwards", async (t) => {
  const made = big();
  const crew = laid(made, {threads: 2, engine: "typescript"});
  await crew.lay(made.nodes.lattice);
  const theta = somewhere(made.found);
  const {value} = crew.results;
  await crew.compute(theta, 0);
  const wanted = value.slice();
  value.fill(NaN);
  const stop = new AbortController();
  let [ticks, lag, last, asked] = [0, 0, performance.now(), 0];
  const timer = setInterval(() => {
    const now = performance.now();
    [lag, last] = [Math.max(lag, now - last - 2), now];
    if (++ticks < 10 || Number.isNaN(value[0]) || stop.signal.aborted) return;
    asked = now;
    stop.abort();
  }, 2);
  await assert.rejects(crew.compute(theta, 2, stop.signal), Stopped);
  t.diagnostic(`timers came at most ${lag.toFixed(1)} ms late; the abort took ${(performance.now() - asked).toFixed(1)} ms`);
  clearInterval(timer);
  assert.ok(ticks >= 10, "timers ran");
  assert.ok(!Number.isNaN(value[0]) && value.some(Number.isNaN), "it was stopped in the middle");
  await assert.rejects(crew.compute(theta, 0, stop.signal), Stopped, "a signal that has aborted");
  await assert.rejects(crew.centre(theta, {by: "moments"}, AbortSignal.abort()), Stopped);
  const {laid: units, blend, nodes: {lattice}} = problem(data, {tier: "mixed"});
  await crew.compute(theta, 0);
  sameBits({value}, {value: wanted}, "after a stop");
  crew.close();
  const alone = soloCrew(units, blend, "typescript");
  await alone.lay(lattice);
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 0);
  await assert.rejects((async () => { for (;;) await alone.compute(theta, 1, controller.signal); })(), Stopped, "this thread alone hears it too");
});

test("calls that do not wait for each other are answered in their turn", async () => {
  const made = problem(data, {tier: "mixed"});
  const alone = soloCrew(made.laid, made.blend);
  const theta = somewhere(made.found);
  await alone.lay(made.nodes.lattice);
  await alone.compute(theta, 1);
  const crew = laid(made, {threads: 2});
  await Promise.all([crew.lay(made.nodes.lattice), crew.compute(theta.map(() => 0), 2), crew.compute(theta, 1)]);
  sameBits({value: crew.results.value, scores: crew.results.scores}, {value: alone.results.value, scores: alone.results.scores}, "the last call");
  crew.close();
});

test("after close no thread is left, and the crew says that it was dismissed", async () => {
  const made = problem(data, {tier: "mixed"});
  const crew = laid(made, {threads: 3});
  await crew.lay(made.nodes.lattice);
  const late = crew.compute(somewhere(made.found), 1);
  const refused = refuses("estimate/worker", () => late, "dismissed");
  crew.close();
  await Promise.all([refused, allGone()]);
  assert.equal(seen.length, 3);
  await refuses("estimate/worker", () => crew.compute(somewhere(made.found), 0), "dismissed");
  crew.close();
  const unused = laid(made, {threads: 2});
  unused.close();
  await allGone();
});

test("a thread that is killed is an error that says so, and takes the others with it", async () => {
  const made = big();
  const crew = laid(made, {threads: 2, engine: "typescript", at: "fitMixed(data)"});
  await crew.lay(made.nodes.lattice);
  const pending = crew.compute(somewhere(made.found), 2);
  const refused = refuses("estimate/worker", () => pending, "fitMixed(data)", "worker thread 2 of 2", "threads: 1");
  setTimeout(() => void seen[1].terminate(), 20);
  await Promise.all([refused, allGone()]);
  await refuses("estimate/worker", () => crew.compute(somewhere(made.found), 0));
});

test("a thread that ends by itself, throws or runs out of memory is an error that says which", async () => {
  const made = problem(data, {tier: "mixed"});
  const onTask = (code: string) => `import {parentPort} from "node:worker_threads"; parentPort.on("message", () => { ${code} });`;
  const ends: [string, RegExp, WorkerOptions?][] = [
    ["process.exit(7)", /worker thread 1 of 2 ended with exit code 7/],
    [onTask("process.exit(0)"), /ended with exit code 0/],
    [onTask('throw new RangeError("no room")'), /ended: no room/],
    [onTask("const all = []; for (;;) all.push(new Array(1e5).fill(1.5))"), /memory/, {resourceLimits: {maxOldGenerationSizeMb: 24}}]
  ];
  for (const [code, said, options] of ends) {
    instead = {code, options};
    const crew = laid(made, {threads: 2});
    await refuses("estimate/worker", () => crew.lay(made.nodes.lattice), said);
  }
  await allGone();
});

test("what a thread throws while it works arrives, and it works on", async () => {
  const made = problem(data, {tier: "mixed"});
  const crew = laid(made, {threads: 2});
  const theta = somewhere(made.found);
  await refuses("estimate/worker", () => crew.centre(theta, {by: "moments"}), /worker thread 1 of 2 failed: TypeError/); // no nodes yet
  await crew.lay(made.nodes.lattice);
  await crew.compute(theta, 0);
  assert.ok(crew.results.value.every(Number.isFinite));
  crew.close();
  const error = new ChoiceError("integrate/negative", {at: "fit(data)", saw: "this", want: "that", hint: "do so", row: 3, value: -1});
  const back = revived(structuredClone(report(error)), () => assert.fail("it is a ChoiceError"));
  assert.ok(back instanceof ChoiceError);
  assert.deepEqual({...back, message: back.message, stack: back.stack}, {...error, message: error.message, stack: error.stack});
});

test("auto hires none for little work, at most one for each processor, and works alone where threads do not start", async () => {
  const made = problem(data, {tier: "mixed"});
  const {availableParallelism} = os;
  try {
    os.availableParallelism = () => 3;
    const none = laid(made, {nodes: 12});
    assert.deepEqual([none.threads, none.note, seen.length], [1, undefined, 0]);
    const three = laid(made, {nodes: 1e6});
    assert.equal(three.threads, 3);
    three.close();
    instead = {code: "throw new Error('not here')"};
    const crew = laid(made, {nodes: 1e6});
    sameBits(await found(crew, made), await found(soloCrew(made.laid, made.blend), made), "alone");
    assert.equal(crew.threads, 1);
    assert.match(crew.note!, /not here.*alone/);
    crew.close();
  } finally {
    os.availableParallelism = availableParallelism;
  }
  await allGone();
});

test("where there is no thread or no shared memory, this thread works alone and says why", () => {
  const made = problem(data, {tier: "mixed"});
  const shared = globalThis.SharedArrayBuffer;
  try {
    delete (globalThis as {SharedArrayBuffer?: unknown}).SharedArrayBuffer;
    assert.match(laid(made, {threads: 2}).note!, /SharedArrayBuffer/);
  } finally {
    globalThis.SharedArrayBuffer = shared;
  }
  delete (builtin as {Worker?: unknown}).Worker;
  const {threads, note} = laid(made, {threads: 2});
  assert.equal(threads, 1);
  assert.match(note!, /no worker threads/);
});

test("a number of threads that is none is refused", async () => {
  const made = problem(data, {tier: "mixed"});
  for (const threads of [0, -1, 1.5, NaN, "two"]) await refuses("options/threads", () => laid(made, {threads: threads as number}), "auto");
});
