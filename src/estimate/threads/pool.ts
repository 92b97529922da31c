import type {Mixing} from "../../integrate/mixing.js";
import {placeSize, type Lattice} from "../../kernels/lattice.js";
import type {Engine} from "../../kernels/panel.js";
import type {Units} from "../../model/choices.js";
import {Stopped} from "../../optimize/climb.js";
import {pause} from "../../optimize/breath.js";
import {resultsIn, stop, type Crew} from "./crew.js";
import {hand, type Hand, type WorkerMaker} from "./hand.js";
import type {Answer, Task} from "./messages.js";
import {latticeFor, partOf, ranges, type Range} from "./parts.js";

/** A crew of threads, with the promise that they have started and taken their parts. */
export interface Pool extends Crew {
  readonly started: Promise<void>;
}

export interface PoolOptions {
  readonly threads: number;
  readonly engine?: Engine;
  /** The call, for errors. */
  readonly at: string;
  readonly Worker: WorkerMaker;
}

/**
 * Threads that each own consecutive units, and write what they find where this thread reads it. They start at once; what is
 * asked of them meanwhile waits, and one call waits for the one before. This thread only waits for messages, so that timers
 * and aborts are heard.
 *
 * @throws {ChoiceError} from each call, estimate/worker when a thread has ended, after which the crew is dismissed
 */
export function poolCrew(units: Units, blend: Mixing, {threads, engine, at, Worker}: PoolOptions): Pool {
  const results = resultsIn((size) => new Float64Array(new SharedArrayBuffer(8 * size)), units, blend);
  const halt = new Int32Array(new SharedArrayBuffer(4));
  const parts = ranges(units, threads);
  const hands: Hand[] = [];
  const close = () => hands.forEach((one) => one.dismiss());
  try {
    parts.forEach((_, k) => hands.push(hand(Worker, {results, halt}, `worker thread ${k + 1} of ${parts.length}`, at)));
  } catch (error) {
    close();
    throw error;
  }
  let used: Engine = engine ?? "wasm";
  let known: Lattice | undefined; // whose nodes every thread has

  /** Asks every hand, waits for all of them, and hurries the rest when one fails. */
  async function together(ask: (one: Hand, part: Range) => Promise<Answer>): Promise<void> {
    const hurried = (error: unknown) => {
      Atomics.store(halt, 0, 1);
      throw error;
    };
    const answers = await Promise.allSettled(hands.map((one, k) => ask(one, parts[k]).catch(hurried)));
    if (hands.some(({gone}) => gone)) close();
    for (const answer of answers) if (answer.status === "rejected") throw answer.reason;
    for (const {value} of answers as PromiseFulfilledResult<Answer>[]) {
      if (value.kind === "stopped") throw new Stopped();
      if (value.kind === "done") used = value.engine;
    }
  }

  /** The same, heeding a signal. */
  async function heeding(task: Task, signal?: AbortSignal): Promise<void> {
    stop(signal);
    Atomics.store(halt, 0, 0);
    const hurry = () => { Atomics.store(halt, 0, 1); };
    signal?.addEventListener("abort", hurry);
    try {
      await together((one) => one.ask(task));
    } finally {
      signal?.removeEventListener("abort", hurry);
    }
  }

  /** Copies a part of something for every hand, and gives way in between: to copy them all may take a while. */
  function dealt(deal: (part: Range) => {readonly task: Task; readonly moved: readonly ArrayBuffer[]}): Promise<void> {
    let before: Promise<unknown> = Promise.resolve();
    return together((one, part) => {
      const mine = before.then(() => deal(part)).then(({task, moved}) => one.ask(task, moved));
      before = before.then(pause);
      return mine;
    });
  }

  const started = dealt((range) => {
    const part = partOf(units, blend, range, engine);
    const {d, row, unit, weight} = part.choices;
    return {task: {kind: "take", part}, moved: buffers(d, row, unit, weight)};
  });
  let last: Promise<unknown> = started.catch(nothing);
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const mine = last.then(() => started).then(work);
    last = mine.catch(nothing);
    return mine;
  };

  return {
    get engine() {
      return used;
    },
    threads: parts.length, results, started, close,
    lay: (whole) => inTurn(() => {
      const same = known !== undefined && sameNodes(whole, known);
      known = undefined; // until all have it
      return dealt((range) => {
        if (same) {
          const size = placeSize(whole.dimensions);
          return {task: {kind: "move", places: whole.places?.slice(range.from * size, range.to * size)}, moved: []};
        }
        const lattice = latticeFor(units, whole, range);
        const {nodes, weights, set, places, inner} = lattice;
        return {task: {kind: "lay", lattice}, moved: buffers(nodes, weights, set, ...(places ? [places] : []), ...(inner && inner.by !== "all" ? [inner.nodes] : []))};
      }).then(() => { known = whole; });
    }),
    compute: (theta, order, signal) => inTurn(() => heeding({kind: "compute", theta: theta.slice(), order}, signal)),
    centre: (theta, how, signal) => inTurn(() => heeding({kind: "centre", theta: theta.slice(), how}, signal))
  };
}

const nothing = () => undefined;

/** Whether two lattices differ in places alone: nodes then need not travel again. */
const sameNodes = (a: Lattice, b: Lattice): boolean => a.nodes === b.nodes && a.weights === b.weights && a.set === b.set && a.inner === b.inner;

/** Arrays that a message may take along: this thread keeps none of them. */
const buffers = (...arrays: readonly (Float64Array | Int32Array)[]): ArrayBuffer[] => arrays.map(({buffer}) => buffer as ArrayBuffer);
