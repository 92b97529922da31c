import {ChoiceError} from "../../errors.js";
import {dualKernel, type DualProblem} from "../../kernels/dual.js";
import {forVectors} from "../../kernels/dualPart.js";
import type {Breathe} from "../../kernels/mnl.js";
import {compiled} from "../../kernels/module.js";
import type {Engine} from "../../kernels/panel.js";
import {Stopped} from "../../optimize/climb.js";
import {checkThreads, repaid, words, workers} from "../../optimize/threads/host.js";
import {dualPool, lost, type DualCrew, type DualPool} from "./pool.js";

export interface HireOptions {
  /** How many threads, this one counted, or `"auto"`, the default: as many as repay their start, at most one for each processor and at most eight. */
  readonly threads?: number | "auto";
  readonly engine?: Engine;
  readonly breathe?: Breathe;
  /** The call, for errors. */
  readonly at?: string;
}

/** Passes that a solution takes, about. */
const passes = 9;
/** Milliseconds for a cell with K moments. */
const perCell = (K: number) => 2e-5 + 4e-6 * K + 4e-7 * K * K;

/**
 * Who sums the dual: this thread, or several. All of them give the same bits. Close it when done.
 *
 * Where threads cannot be had, or with "auto" do not start, this thread works alone. The definition always does.
 *
 * @throws {ChoiceError} options/threads; entropy/worker when threads that were asked for do not start
 */
export async function hireDual(problem: DualProblem, {threads = "auto", engine = "wasm", breathe, at = "solve(programme)"}: HireOptions = {}): Promise<DualCrew> {
  checkThreads(threads, at);
  const alone = async (): Promise<DualCrew> => ({...(await dualKernel(problem, {engine, breathe})), close: async () => undefined});
  const {moments: K, situation, weight} = problem;
  const many = threads === "auto" ? repaid(passes * situation[weight.length] * perCell(K)) : threads;
  const module = many > 1 && engine === "wasm" && forVectors(problem) ? compiled() : undefined;
  const Worker = module && workers();
  if (!Worker) return alone();
  try {
    const pool = dualPool(problem, {threads: many, module, Worker, at});
    return threads === "auto" ? orAlone(pool, alone) : pool;
  } catch (error) {
    if (threads === "auto") return alone();
    throw error instanceof ChoiceError ? error : lost(at, `worker threads could not be started: ${words(error)}`);
  }
}

/** The pool, or this thread alone should it not start. */
function orAlone(pool: DualPool, alone: () => Promise<DualCrew>): DualCrew {
  let crew: DualCrew = pool;
  let closed = false;
  const settled = pool.started.catch(async () => {
    if (closed) return;
    await pool.close();
    crew = await alone();
  });
  return {
    get engine() { return crew.engine; },
    get threads() { return crew.threads; },
    async evaluate(move, options) {
      const asked = crew;
      try {
        return await asked.evaluate(move, options);
      } catch (error) {
        await settled;
        // Threads that do not start have summed nothing, and nothing has been accepted: another can begin in their place.
        if (asked === crew || error instanceof Stopped) throw error;
        return crew.evaluate(move, options);
      }
    },
    accept: () => crew.accept(),
    multipliers: () => crew.multipliers(),
    async close() {
      closed = true;
      await crew.close();
    }
  };
}
