import {endedBy, forkCells} from "./child.js";
import {plainError, type Report} from "./messages.js";

/** A process that runs cells, and the watch over it. */
export interface Session {
  /** Runs a cell and hands on what it reports, until it is done; a cell that will not end is ended at the limit. */
  execute(code: string, options: {count: number; seconds: number; take(report: Report): void}): Promise<void>;
  /** Ends the process; what failed unseen in the background is handed to the last cell's `take`. */
  close(): Promise<void>;
  /** Whether the process has ended: no cell can run any more. */
  readonly over: boolean;
}

/** Starts a session for the cells of one notebook. */
export type SessionStarter = (options: {folder: string; javascript: boolean}) => Promise<Session>;

export const grace = 700; // milliseconds a cell has to hand over what it printed, before it is ended

/**
 * Starts a process that runs the cells of one notebook.
 *
 * @throws {ChoiceError} notebook/no-tslab, notebook/start
 */
export async function startSession({folder, javascript = false}: {folder: string; javascript?: boolean}): Promise<Session> {
  const {child, ready} = forkCells({folder, javascript}, "runNotebook");
  await ready;
  let take: (report: Report) => void = () => {};
  let done: () => void = () => {};
  child.process.on("message", (report: Report) => (report.type === "done" ? done() : take(report)));

  return {
    get over() {
      return child.over;
    },
    execute: (code, {count, seconds, take: taker}) =>
      new Promise<void>((resolve) => {
        take = taker;
        let late = false;
        let told = false;
        const timers: NodeJS.Timeout[] = [];
        const finish = (): void => {
          if (told) return;
          told = true;
          timers.forEach((timer) => clearTimeout(timer));
          if (late) {
            child.end();
            taker({type: "error", ...tooLong(seconds)});
          }
          resolve();
        };
        const died = (how: string): void => {
          if (!late && !told) taker({type: "error", ...plainError("ProcessEnded", endedBy(how, child.outOfMemory))});
          finish();
        };
        const tooLate = (): void => {
          late = true;
          // What the interrupted cell throws is not its own error: only its printing is still wanted.
          take = (report) => void (report.type === "stream" && taker(report));
          if (process.platform !== "win32") child.process.kill("SIGINT");
          timers.push(setTimeout(finish, process.platform === "win32" ? 0 : grace));
        };
        timers.push(setTimeout(tooLate, seconds * 1000));
        done = finish;
        void child.gone.then(died);
        if (!child.over) child.send({type: "execute", code, cell: count, name: `cell-${count}`});
      }),
    async close() {
      if (child.over) return;
      const patience = setTimeout(child.end, 3000);
      done = () => {};
      child.send({type: "close"});
      await child.gone;
      clearTimeout(patience);
    }
  };
}

/** The error of a cell that was ended at its limit. */
export const tooLong = (seconds: number) => plainError("TimeoutError", `the cell took longer than ${seconds} s and was ended`);
