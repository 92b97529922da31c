import type {Socket} from "node:net";
import type {ChoiceError} from "../../errors.js";
import {endedBy, forkCells, type Child} from "../child.js";
import {plainError, type CellError, type Question, type Report, type StartOptions} from "../messages.js";

/** How a cell came out. */
export interface Outcome {
  readonly error?: CellError;
  /** Whether the process ended with it: all variables are gone. */
  readonly ended: boolean;
}

/** The process of a kernel's cells: one that ends is followed by a fresh one. */
export interface CellsProcess {
  /** Runs a cell, after the process has started. One at a time. */
  run(code: string, place: {readonly cell: number; readonly name: string}): Promise<Outcome>;
  /** Undefined when there is no answer. */
  ask(question: Question): Promise<unknown>;
  interrupt(): void;
  /** Ends it; a cell that runs never comes out. */
  close(): Promise<void>;
}

interface Started {
  readonly child: Child;
  readonly ready: Promise<void>;
  /** Whether it has become ready. */
  able: boolean;
}

interface Pending {
  readonly cell: number;
  /** Whether it was handed to the process, or waits for it to start. */
  begun: boolean;
  error?: CellError;
  /** Set when the cell is being stopped by force. */
  cutAt?: number;
  /** Set while an interrupt has found nobody who hears. */
  deafAt?: number;
  unheard?: NodeJS.Timeout;
  readonly timers: NodeJS.Timeout[];
  settle(outcome: Outcome): void;
}

const echo = 250; // milliseconds; see watch.ts
const noteAfter = 1000; // milliseconds until a cell that does not stop is spoken of
const unheardAfter = 2000; // milliseconds until an interrupt without an answer was heard by nobody
const endAfter = 10_000; // milliseconds until it is ended with its process

/** @param report takes what cells show, each with its cell */
export function cellsProcess(options: Omit<StartOptions, "watched">, report: (report: Report) => void): CellsProcess {
  let pending: Pending | undefined;
  let latest = 0;
  let closing = false;
  let questions = 0;
  const asked = new Map<number, (content: unknown) => void>();
  let started: Started | undefined = start();

  function start(): Started {
    const {child, ready} = forkCells({...options, watched: true}, "kernel start");
    const mine: Started = {child, ready, able: false};
    // After a start that failed the next cell tries again.
    ready.then(() => void (mine.able = true), () => void (started = started === mine ? undefined : started));
    child.process.on("message", heard);
    let said = "";
    line(child).on("data", (chunk: Buffer) => {
      const words = (said + chunk.toString()).split("\n");
      said = words.pop()!;
      words.forEach(answered);
    }).on("error", () => {});
    void child.gone.then((how) => {
      for (const answer of asked.values()) answer(undefined);
      if (closing || !mine.able) return;
      started = start();
      lost(how, child.outOfMemory);
    });
    return mine;
  }

  function heard(message: Report): void {
    const own = pending !== undefined && message.cell === pending.cell;
    if (message.type === "answer") return asked.get(message.id)?.(message.content);
    if (message.type === "done") return own ? settle(false) : undefined;
    if (message.type === "error" && own) pending!.error = message;
    report(message);
  }

  function settle(ended: boolean): void {
    const {timers, unheard, error, settle: tell} = pending!;
    [...timers, unheard].forEach((timer) => clearTimeout(timer));
    pending = undefined;
    tell({error, ended});
  }

  function fail(error: CellError, ended = false): void {
    pending!.error = error;
    report({type: "error", cell: pending!.cell, ...error});
    settle(ended);
  }

  function lost(how: string, memory: boolean): void {
    if (!pending) return report({type: "stream", name: "stderr", text: `The process of the cells has ended (${how}): its variables are gone, and a fresh one has started.\n`, cell: latest});
    fail((pending.cutAt ?? pending.deafAt) === undefined ? plainError("ProcessEnded", endedBy(how, memory)) : plainError("Interrupted", "the cell was interrupted, and its process had to be ended: all variables are gone"), true);
  }

  /** What the watching thread says to an interrupt (watch.ts). It may come late, when the cell it names is over. */
  function answered(word: string): void {
    if (!pending) return;
    clearTimeout(pending.unheard);
    pending.unheard = pending.deafAt = undefined;
    if (word === `c${pending.cell}`) cutting();
  }

  /** Nobody heard the interrupt: the thread may be dead, or only late. */
  function deaf(): void {
    pending!.deafAt = performance.now();
    report({type: "stream", name: "stderr", text: "The process of the cell does not hear that the cell shall stop. One more interrupt ends it at once, and all variables are lost.\n", cell: pending!.cell});
  }

  /** The cell is being stopped by force: its own loops stop at once, other code may take its time. */
  function cutting(): void {
    if (!pending || pending.cutAt !== undefined) return;
    pending.cutAt = performance.now();
    const {cell} = pending;
    const text = `The cell is in code that does not stop by itself. It has ${endAfter / 1000} seconds; one more interrupt ends its process at once, and all variables are lost.\n`;
    pending.timers.push(setTimeout(() => report({type: "stream", name: "stderr", text, cell}), noteAfter), setTimeout(() => started?.child.end(), endAfter));
  }

  return {
    run: (code, {cell, name}) =>
      new Promise<Outcome>((resolve) => {
        latest = cell;
        const mine: Pending = {cell, begun: false, timers: [], settle: resolve};
        pending = mine;
        const {child, ready} = (started ??= start());
        ready.then(
          () => {
            if (pending !== mine) return;
            mine.begun = true;
            child.send({type: "execute", code, cell, name});
          },
          (trouble: ChoiceError) => void (pending === mine && !closing && fail(plainError(trouble.name, trouble.message)))
        );
      }),
    async ask(question) {
      const {child, ready} = (started ??= start());
      try {
        await ready;
      } catch {
        return undefined;
      }
      const id = ++questions;
      const answer = new Promise((resolve) => asked.set(id, resolve));
      child.send({type: "ask", id, question});
      return answer.finally(() => asked.delete(id));
    },
    interrupt() {
      if (pending && !pending.begun) return fail(plainError("Interrupted", "the cell was interrupted before it began"));
      const since = pending?.cutAt ?? pending?.deafAt;
      if (since !== undefined && performance.now() - since > echo) return started?.child.end();
      if (started) line(started.child).write("i");
      if (pending) pending.unheard ??= setTimeout(deaf, unheardAfter);
    },
    async close() {
      closing = true;
      const idle = !pending;
      pending = undefined;
      if (!started) return;
      const {child, able} = started;
      if (!idle || !able) return child.end();
      child.send({type: "close"});
      const patience = setTimeout(child.end, 3000);
      await child.gone;
      clearTimeout(patience);
    }
  };
}

const line = ({process}: Child): Socket => process.stdio[4] as Socket;
