import {fork, type ChildProcess} from "node:child_process";
import {createRequire} from "node:module";
import {extname} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";
import {ChoiceError} from "../errors.js";
import type {Report, Request} from "./messages.js";

/** A process that runs cells, and the watch over it. */
export interface Session {
  /** Runs a cell and hands on what it reports, until it is done; a cell that will not end is ended at the limit. */
  execute(code: string, options: {count: number; seconds: number; take(report: Report): void}): Promise<void>;
  /** Ends the process; what failed unseen in the background is handed to the last cell's `take`. */
  close(): Promise<void>;
  /** Whether the process has ended: no cell can run any more. */
  readonly over: boolean;
}

const startLimit = 120; // seconds; a slow machine under load takes 15
const grace = 700; // milliseconds a cell has to hand over what it printed, before it is ended

/**
 * Starts a process that runs the cells of one notebook.
 *
 * @throws {ChoiceError} notebook/no-tslab, notebook/start
 */
export async function startSession({folder, javascript = false}: {folder: string; javascript?: boolean}): Promise<Session> {
  const child = fork(fileURLToPath(new URL(`./cells${extname(import.meta.url)}`, import.meta.url)), [], {
    execArgv: [...inherited(process.execArgv), "--disable-warning=ExperimentalWarning"],
    env: {...process.env, NO_COLOR: "1", FORCE_COLOR: "0"},
    stdio: ["ignore", "pipe", "pipe", "ipc"]
  });
  let said = ""; // what the process itself says when it dies: memory ran out, a native module failed
  for (const stream of [child.stdout!, child.stderr!]) stream.on("data", (chunk: Buffer) => void (said = (said + chunk.toString()).slice(-4000)));
  const end = (): boolean => child.kill("SIGKILL");
  process.once("exit", end);
  let over = false;
  // A process may be seen to end before its last words are read: it is gone when its channel is empty, too.
  const gone = new Promise<string>((resolve) => {
    child.once("exit", (status, signal) => {
      over = true;
      process.off("exit", end);
      const finish = (): void => resolve(signal ?? `exit code ${status}`);
      if (!child.connected) return finish();
      child.once("disconnect", finish);
      setTimeout(finish, 2000).unref();
    });
  });

  const limit = setTimeout(end, startLimit * 1000);
  const first = await nextReport(child, {type: "start", folder, javascript});
  clearTimeout(limit);
  if (first?.type !== "ready") {
    end();
    if (first?.type === "trouble") throw new ChoiceError(first.code, {at: "runNotebook", saw: first.saw, want: first.want, hint: first.hint});
    const saw = `the process for the cells ended at its start${said ? `: ${said.trim()}` : ""}`;
    throw new ChoiceError("notebook/start", {at: "runNotebook", saw, want: "a process that runs cells"});
  }

  let take: (report: Report) => void = () => {};
  let done: () => void = () => {};
  child.on("message", (report: Report) => (report.type === "done" ? done() : take(report)));

  return {
    get over() {
      return over;
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
            end();
            over = true;
            const ename = "TimeoutError";
            const evalue = `the cell took longer than ${seconds} s and was ended`;
            taker({type: "error", ename, evalue, traceback: [`\u001b[31m${ename}\u001b[39m: ${evalue}`]});
          }
          resolve();
        };
        const died = (how: string): void => {
          if (!late && !told) {
            const ename = "ProcessEnded";
            const memory = /heap out of memory/.test(said) ? ": it ran out of memory" : "";
            const evalue = `the cell ended the process that runs the notebook (${how})${memory}`;
            taker({type: "error", ename, evalue, traceback: [`\u001b[31m${ename}\u001b[39m: ${evalue}`]});
          }
          finish();
        };
        const tooLate = (): void => {
          late = true;
          // What the interrupted cell throws is not its own error: only its printing is still wanted.
          take = (report) => void (report.type === "stream" && taker(report));
          if (process.platform !== "win32") child.kill("SIGINT");
          timers.push(setTimeout(finish, process.platform === "win32" ? 0 : grace));
        };
        timers.push(setTimeout(tooLate, seconds * 1000));
        done = finish;
        void gone.then(died);
        if (!over) child.send({type: "execute", code, count} satisfies Request);
      }),
    async close() {
      if (over) return;
      const patience = setTimeout(end, 3000);
      done = () => {};
      child.send({type: "close"} satisfies Request);
      await gone;
      clearTimeout(patience);
    }
  };
}

function nextReport(child: ChildProcess, request: Request): Promise<Report | undefined> {
  return new Promise((resolve) => {
    child.once("message", (report) => resolve(report as Report));
    child.once("exit", () => resolve(undefined));
    child.send(request);
  });
}

/**
 * The flags of this process that its child needs: loaders, with bare names resolved from here, since the child may work in
 * another folder; not those of a test runner or a debugger.
 */
function inherited(flags: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < flags.length; ++i) {
    const flag = flags[i];
    if (flag === "--import" || flag === "--require" || flag === "-r" || flag === "--loader") kept.push(flag, resolved(flags[++i]));
    else if (!/^--(test|inspect|watch|eval|print)|^-[ep]$/.test(flag)) kept.push(flag);
    else if (flag === "-e" || flag === "-p" || flag === "--eval" || flag === "--print") ++i;
  }
  return kept;
}

function resolved(name: string): string {
  if (/^[a-z]+:/.test(name)) return name;
  try {
    return pathToFileURL(createRequire(`${process.cwd()}/`).resolve(name)).href;
  } catch {
    return name;
  }
}
