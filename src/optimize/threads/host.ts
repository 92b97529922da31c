import {ChoiceError, quote} from "../../errors.js";
import type {WorkerMaker} from "./hand.js";

/** Milliseconds of work that each thread should have: it takes 200 to 300 until one has repaid its start. */
export const worthAThread = 600;
export const mostThreads = 8;

/** @throws {ChoiceError} options/threads */
export function checkThreads(threads: unknown, at: string): void {
  if (threads === undefined || threads === "auto" || (Number.isSafeInteger(threads) && (threads as number) > 0)) return;
  throw new ChoiceError("options/threads", {at, saw: `threads: ${quote(threads)}`, want: '"auto" or a whole number, 1 or more'});
}

/** Threads that have enough to do, of so many milliseconds of work. */
export const repaid = (work: number): number => Math.min(mostThreads, processors(), Math.floor(work / worthAThread));

/** Processors that this process may use. */
function processors(): number {
  const os = builtin<{availableParallelism?: () => number; cpus: () => readonly unknown[]}>("node:os");
  return os ? os.availableParallelism?.() ?? os.cpus().length : 1;
}

/** What makes threads, where threads and memory that they share can be had. */
export function workers(): WorkerMaker | undefined {
  return typeof SharedArrayBuffer === "undefined" ? undefined : builtin<{Worker: WorkerMaker}>("node:worker_threads")?.Worker;
}

/** A module of Node, or nothing where there is no Node. */
function builtin<Module>(name: string): Module | undefined {
  const {process} = globalThis as {process?: {getBuiltinModule?: (name: string) => Module | undefined}};
  return process?.getBuiltinModule?.(name);
}

/** What an error says. */
export const words = (error: unknown) => (error instanceof ChoiceError ? error.saw : error instanceof Error ? error.message : String(error));
