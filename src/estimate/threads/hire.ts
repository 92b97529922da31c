import {ChoiceError, quote} from "../../errors.js";
import type {Mixing} from "../../integrate/mixing.js";
import type {Engine} from "../../kernels/panel.js";
import type {Units} from "../../model/choices.js";
import {soloCrew, type Crew} from "./crew.js";
import {lost, type WorkerMaker} from "./hand.js";
import {blocksOf} from "./parts.js";
import {poolCrew, type Pool} from "./pool.js";

export interface HireOptions {
  /** How many threads, or `"auto"`: as many as repay their start, at most one for each processor and at most eight. */
  readonly threads?: number | "auto";
  readonly engine?: Engine;
  /** Nodes of a unit, with those within them, R S: by this, `"auto"` knows how much work there is. Default 1. */
  readonly nodes?: number;
  /** The call, for errors. */
  readonly at?: string;
}

/** Evaluations in a fit, about: with derivatives, of which some are Hessians. */
const evaluations = 30;
/** Milliseconds for a row of d at a node, with derivatives. */
const perRowAndNode = {wasm: 6e-6, typescript: 1e-4} satisfies Record<Engine, number>;
/**
 * Milliseconds of work that each thread should have. A start takes some 80 ms of a processor, and 200 to 300 ms until a small
 * fit feels it, because the first step has to wait.
 */
const worthAThread = 600;
const mostThreads = 8;

/**
 * A crew to compute with, at once: threads start while their data and nodes are made ready. Close it when done.
 *
 * Where threads cannot be had, this thread works alone and the crew's `note` says why: where there is no Node, no
 * SharedArrayBuffer, no permission; and, with `"auto"`, when they do not start.
 *
 * @throws {ChoiceError} options/threads; each call of the crew, estimate/worker when a thread has ended
 */
export function hireCrew(units: Units, blend: Mixing, {threads = "auto", engine, nodes = 1, at = "fit(data)"}: HireOptions = {}): Crew {
  checkThreads(threads, at);
  const alone = (why?: string): Crew => ({...soloCrew(units, blend, engine), ...(why && {note: `${why}: one thread works alone`})});
  const wanted = (nodes: number) => Math.min(blocksOf(units), threads === "auto" ? repaid(units, nodes, engine) : threads);
  const many = wanted(nodes);
  if (many < 2) return threads === "auto" ? growing(alone(), (nodes) => (wanted(nodes) > 1 ? hireCrew(units, blend, {engine, nodes, at}) : undefined)) : alone();
  const Worker = builtin<{Worker: WorkerMaker}>("node:worker_threads")?.Worker;
  if (!Worker) return alone("there are no worker threads here");
  if (typeof SharedArrayBuffer === "undefined") return alone("there is no SharedArrayBuffer here");
  try {
    const pool = poolCrew(units, blend, {threads: many, engine, at, Worker});
    return threads === "auto" ? orAlone(pool, alone) : pool;
  } catch (error) {
    if (threads === "auto") return alone(`worker threads could not be started (${words(error)})`);
    throw error instanceof ChoiceError ? error : lost(at, `worker threads could not be started: ${words(error)}`);
  }
}

/** A crew that begins as one thread and hires more when so many nodes are laid that they repay it; its results move with it. */
function growing(first: Crew, more: (nodes: number) => Crew | undefined): Crew {
  let crew = first;
  return {
    get engine() { return crew.engine; },
    get threads() { return crew.threads; },
    get note() { return crew.note; },
    get results() { return crew.results; },
    lay(lattice) {
      if (crew === first) crew = more(lattice.count * (lattice.inner?.count ?? 1)) ?? crew;
      return crew.lay(lattice);
    },
    compute: (theta, order, signal) => crew.compute(theta, order, signal),
    centre: (theta, how, signal) => crew.centre(theta, how, signal),
    close: () => crew.close()
  };
}

/** @throws {ChoiceError} options/threads */
export function checkThreads(threads: unknown, at: string): void {
  if (threads === undefined || threads === "auto" || (Number.isSafeInteger(threads) && (threads as number) > 0)) return;
  throw new ChoiceError("options/threads", {at, saw: `threads: ${quote(threads)}`, want: '"auto" or a whole number, 1 or more'});
}

/** As many threads as have enough to do. */
function repaid({row}: Units, nodes: number, engine: Engine = "wasm"): number {
  const work = evaluations * row[row.length - 1] * nodes * perRowAndNode[engine]; // ms
  return Math.min(mostThreads, processors(), Math.floor(work / worthAThread));
}

/** Processors that this process may use. */
function processors(): number {
  const os = builtin<{availableParallelism?: () => number; cpus: () => readonly unknown[]}>("node:os");
  return os ? os.availableParallelism?.() ?? os.cpus().length : 1;
}

/** A module of Node, or nothing where there is no Node. */
function builtin<Module>(name: string): Module | undefined {
  const {process} = globalThis as {process?: {getBuiltinModule?: (name: string) => Module | undefined}};
  return process?.getBuiltinModule?.(name);
}

/** The pool, or this thread alone should it not start. */
function orAlone(pool: Pool, alone: (why: string) => Crew): Crew {
  let crew: Crew = pool;
  let closed = false;
  const settled = pool.started.catch((error) => {
    pool.close();
    if (!closed) crew = alone(`worker threads did not start (${words(error)})`);
  });
  const then = (work: () => Promise<void>) => {
    const done = settled.then(work);
    done.catch(() => undefined); // whoever waits for it hears of it; who asks and leaves is no unhandled rejection
    return done;
  };
  settled.catch(() => undefined);
  return {
    get engine() { return crew.engine; },
    get threads() { return crew.threads; },
    get note() { return crew.note; },
    get results() { return crew.results; },
    lay: (lattice) => then(() => crew.lay(lattice)),
    compute: (theta, order, signal) => then(() => crew.compute(theta, order, signal)),
    centre: (theta, how, signal) => then(() => crew.centre(theta, how, signal)),
    close() {
      closed = true;
      crew.close();
    }
  };
}

const words = (error: unknown) => (error instanceof ChoiceError ? error.saw : error instanceof Error ? error.message : String(error));
