import {ChoiceError} from "../../errors.js";
import {dualAdder, layout, type DualKernel, type DualProblem} from "../../kernels/dual.js";
import {dualPart} from "../../kernels/dualPart.js";
import {dualVectors} from "../../kernels/dualVectors.js";
import type {WasmModule} from "../../kernels/module.js";
import {pause} from "../../optimize/breath.js";
import {hand, type Hand, type WorkerMaker} from "../../optimize/threads/hand.js";
import type {Answer, Task} from "./messages.js";
import {shareOf, shares, type Share} from "./shares.js";

/** A kernel that must be closed when done. */
export interface DualCrew extends DualKernel {
  /** Dismisses the threads; resolves when they are no more. */
  close(): Promise<void>;
}

/** Threads, with the promise that they have started and taken their shares. */
export interface DualPool extends DualCrew {
  readonly started: Promise<void>;
}

export interface DualPoolOptions {
  readonly threads: number;
  readonly module: WasmModule;
  readonly Worker: WorkerMaker;
  /** The call, for errors. */
  readonly at: string;
}

const entry = new URL("./worker", import.meta.url);

/**
 * The dual on several threads, this one among them: each sums consecutive runs, and this one adds all up in their order, so
 * that the bits are those of one thread. Multipliers stand in memory that all share, and so does z if it came in such memory;
 * otherwise the others have copies of the rows that they need.
 *
 * @throws {ChoiceError} from `evaluate`, entropy/worker when a thread has ended
 */
export function dualPool(problem: DualProblem, {threads, module, Worker, at}: DualPoolOptions): DualPool {
  const part = dualPart(problem, (size) => new Float64Array(new SharedArrayBuffer(8 * size)));
  const {size} = layout(problem.moments);
  const [mine, ...others] = shares(part.runs, threads);
  const results = new Float64Array(new SharedArrayBuffer(8 * size * part.runs.length));
  const halt = new Int32Array(new SharedArrayBuffer(4));
  const own = dualVectors(module, {...part, runs: part.runs.slice(mine.from, mine.to)});
  const hands: Hand<Task, Answer>[] = [];
  const close = async () => { await Promise.all(hands.map((one) => one.dismiss())); };
  try {
    others.forEach((_, k) => hands.push(hand(Worker, {entry, desk: {results, halt}, name: `worker thread ${k + 1} of ${others.length}`, lost: (saw) => lost(at, saw)})));
  } catch (error) {
    void close();
    throw error;
  }
  let accepted = false; // since the threads were asked last

  /** Asks every hand and waits for all of them; when one fails the rest are hurried. */
  async function together(ask: (one: Hand<Task, Answer>, share: Share) => Promise<{readonly kind: string}>): Promise<void> {
    const answers = await Promise.allSettled(hands.map((one, k) => ask(one, others[k]).catch((error: unknown) => {
      Atomics.store(halt, 0, 1);
      throw error;
    })));
    for (const answer of answers) if (answer.status === "rejected") throw answer.reason;
  }

  /** Copies a share for every hand, and gives way in between: to copy them all may take a while. */
  function dealt(): Promise<void> {
    let before: Promise<unknown> = Promise.resolve();
    return together((one, share) => {
      const taken = before.then(() => shareOf(part, share)).then(({part, own}) => one.ask({kind: "take", part, run: share.from}, own));
      before = before.then(pause);
      return taken;
    });
  }

  const started = dealt();
  started.catch(() => undefined); // heard of by the first evaluation

  return {
    engine: "wasm", threads: 1 + others.length, started, close,
    async evaluate(move, {breathe} = {}) {
      Atomics.store(halt, 0, 0);
      const theirs = started.then(() => {
        const asked = together((one) => one.ask({kind: "sum", move, accepted}));
        accepted = false;
        return asked;
      });
      theirs.catch(() => undefined); // waited for below
      try {
        own.begin(move);
        for (let k = 0; k < own.runs && Atomics.load(halt, 0) === 0; ++k) {
          const wait = breathe?.();
          if (wait) await wait;
          results.set(own.sum(k), k * size);
        }
      } catch (error) {
        Atomics.store(halt, 0, 1);
        await theirs.catch(() => undefined);
        throw error;
      }
      await theirs;
      const sums = dualAdder(problem.moments);
      for (let k = 0; k < part.runs.length; ++k) sums.add(results.subarray(k * size, (k + 1) * size));
      return sums.total();
    },
    accept() {
      own.accept();
      accepted = true;
    },
    multipliers: () => own.multipliers()
  };
}

/** The error of a thread that is no more. */
export const lost = (at: string, saw: string): ChoiceError => new ChoiceError("entropy/worker", {at, saw, want: "threads that last as long as the solution takes", hint: "threads: 1, which computes the same without any"});
