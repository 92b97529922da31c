import {AsyncLocalStorage} from "node:async_hooks";
import {extname} from "node:path";
import {fileURLToPath} from "node:url";
import {Worker} from "node:worker_threads";
import {slots} from "./slots.js";

// How cells are stopped, in their own process. What a cell starts bears its mark (timers, promises, callbacks), so that work
// it left behind is told from the next cell's. A cell is first asked to stop, when it listens. To be stopped where it is,
// its loops look at a word that another thread can write while this one is busy; see checkpoints.ts.

/** A cell that runs, or has run. */
export interface Cell {
  readonly serial: number;
  /** Aborted when the cell is asked to stop. */
  readonly stop: AbortController;
  /** Settles when it was stopped by force. */
  readonly over: Promise<void>;
  /** Whether it was stopped by force: what it left behind must not speak any more. */
  cut: boolean;
}

const {running: RUNNING, hearers: HEARERS, asked: ASKED, cut: CUT, inside: INSIDE} = slots;
const words = new Int32Array(new SharedArrayBuffer(4 * Object.keys(slots).length));
const context = new AsyncLocalStorage<Cell>();
const listeners = new Set<{readonly cell?: Cell; tell(): void}>();
const marked = new WeakSet<object>();
const never = new AbortController().signal;
let current: Cell | undefined;
let latest: Cell | undefined;
let taken = false; // the running cell's signal is in somebody's hands
let finish: () => void = () => {};
let anyCut = false;

/** The error a cell ends with that was stopped by force. */
export function interruption(): Error {
  const error = Object.assign(new Error("the cell was interrupted"), {name: "Interrupted"});
  marked.add(error);
  return error;
}

export const isInterruption = (error: unknown): boolean => typeof error === "object" && error !== null && marked.has(error);

export function beginCell(serial: number): Cell {
  const over = new Promise<void>((resolve) => void (finish = resolve));
  current = latest = {serial, stop: new AbortController(), over, cut: false};
  taken = false;
  [words[ASKED], words[CUT]] = [0, 0];
  count();
  Atomics.store(words, RUNNING, serial);
  return current;
}

export function endCell(): void {
  current = undefined;
  for (const word of [RUNNING, ASKED, CUT, INSIDE]) Atomics.store(words, word, 0);
}

/** Does work that bears a cell's mark. */
export const within = <T>(cell: Cell, work: () => T): T => context.run(cell, work);

/** The cell whose work this is; the last one where nothing tells. */
export const origin = (): Cell | undefined => context.getStore() ?? latest;
export const runningCell = (): Cell | undefined => current;

/** Whether the work that asks was stopped by force: it must not speak any more. */
export const muted = (): boolean => context.getStore()?.cut === true;

/** Whether a cell must stop, as far as this thread or the watching one knows. */
export const mustStop = (cell: Cell): boolean => cell.cut || words[CUT] === cell.serial;

/** Whether the work that asks has been asked to stop: true even before the event loop turns. */
export function askedToStop(): boolean {
  const cell = origin();
  return !!cell && (cell.stop.signal.aborted || words[ASKED] === cell.serial || mustStop(cell));
}

/** Marks the part of a cell's run that a signal can break off. */
export const inside = (yes: boolean): void => void Atomics.store(words, INSIDE, yes ? 1 : 0);

/** The signal for the work that asks; who takes it is trusted to heed it. */
export function takeSignal(): AbortSignal {
  const cell = origin();
  if (cell && cell === current) taken = true;
  count();
  return cell?.stop.signal ?? never;
}

/**
 * Calls a listener whenever the user asks to stop, until the function that is returned is called. It is trusted to end the
 * cell that set it; a later cell that does not listen itself is stopped where it is.
 */
export function listen(tell: () => void): () => void {
  const listener = {cell: origin(), tell};
  listeners.add(listener);
  count();
  return () => {
    listeners.delete(listener);
    count();
  };
}

function count(): void {
  let hearers = taken ? 1 : 0;
  for (const {cell} of listeners) if (cell === current) ++hearers;
  Atomics.store(words, HEARERS, hearers);
}

/** Asks whatever listens to stop. */
export function ask(): void {
  current?.stop.abort();
  for (const listener of [...listeners]) {
    try {
      listener.tell();
    } catch {
      // a listener's trouble is its own: the others must hear
    }
  }
}

/** Stops the running cell where it is. */
export function cut(): void {
  if (!current || current.cut) return;
  current.cut = anyCut = true;
  Atomics.store(words, CUT, current.serial);
  ask();
  finish();
}

/** At each turn of a loop of a cell. The word is read plainly, which costs two nanoseconds; V8 reads it anew at each turn. */
export function turn(): void {
  if (words[CUT] !== 0) heed();
}

/** After each `await` of a cell: work of a cell that was stopped goes no further. */
export function resumed(): void {
  if (anyCut || words[CUT] !== 0) heed();
}

function heed(): void {
  const cell = context.getStore();
  if (cell && mustStop(cell)) throw interruption();
}

/**
 * Starts the thread that hears interrupts while this one is busy, and ends the process when whoever started it is gone.
 *
 * @param line the file descriptor on which each byte is an interrupt
 * @param stop stops the running cell by force
 * @returns settles when it hears; rejects when it did not come up. When it is lost later, the process ends: nobody could stop a cell
 */
export function startWatch(line: number, stop: () => void): Promise<void> {
  const path = fileURLToPath(new URL(`./watch${extname(import.meta.url)}`, import.meta.url));
  const watch = new Worker(path, {workerData: {words, line}});
  watch.unref();
  return new Promise((resolve, reject) => {
    let up = false;
    const lost = (why: unknown): void => (up ? process.exit(1) : reject(new Error(`the thread that hears interrupts did not start (${(why as Error)?.message ?? why})`)));
    watch.on("error", lost).on("exit", (status) => lost(`exit code ${status}`));
    watch.on("message", (said: "up" | {asked: boolean; serial: number}) => {
      if (said === "up") return resolve(void (up = true));
      if (said.asked) ask();
      else if (said.serial === current?.serial) stop();
    });
  });
}
