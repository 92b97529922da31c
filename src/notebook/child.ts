import {fork, type ChildProcess} from "node:child_process";
import {createRequire} from "node:module";
import {extname} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";
import {ChoiceError} from "../errors.js";
import type {Report, Request, StartOptions} from "./messages.js";

/** A process in which cells run. */
export interface Child {
  readonly process: ChildProcess;
  /** Settles when it has ended and all it said was heard: how it ended. */
  readonly gone: Promise<string>;
  readonly over: boolean;
  /** Whether it ended for want of memory. */
  readonly outOfMemory: boolean;
  send(request: Request): void;
  /** Ends it at once. */
  end(): void;
}

export const startLimit = 120; // seconds; a slow machine under load takes 15

/**
 * Starts a process for cells: `ready` settles when it can run them.
 *
 * @param at the call as the user would recognise it, for messages
 * @throws {ChoiceError} notebook/no-tslab, notebook/start, both as rejections of `ready`
 */
export function forkCells(options: StartOptions, at: string): {child: Child; ready: Promise<void>} {
  const process_ = fork(fileURLToPath(new URL(`./cells${extname(import.meta.url)}`, import.meta.url)), [], {
    execArgv: [...inherited(process.execArgv), "--disable-warning=ExperimentalWarning"],
    env: {...process.env, NO_COLOR: "1", FORCE_COLOR: "0"},
    stdio: ["ignore", "pipe", "pipe", "ipc", ...(options.watched ? ["pipe" as const] : [])]
  });
  let said = ""; // what the process itself says when it dies: memory ran out, a native module failed
  for (const stream of [process_.stdout!, process_.stderr!]) stream.on("data", (chunk: Buffer) => void (said = (said + chunk.toString()).slice(-4000)));
  let over = false;
  const end = (): void => {
    over = true;
    process_.kill("SIGKILL");
  };
  process.once("exit", end);
  // A process may be seen to end before its last words are read: it is gone when its channel is empty, too.
  const gone = new Promise<string>((resolve) => {
    process_.once("exit", (status, signal) => {
      over = true;
      process.off("exit", end);
      const finish = (): void => resolve(signal ?? `exit code ${status}`);
      if (!process_.connected) return finish();
      process_.once("disconnect", finish);
      setTimeout(finish, 2000).unref();
    });
  });
  const child: Child = {
    process: process_,
    gone,
    get over() {
      return over;
    },
    get outOfMemory() {
      return /heap out of memory/.test(said);
    },
    send: (request) => void process_.send(request, () => {}), // one that has just ended is told of by `gone`
    end
  };
  const limit = setTimeout(end, startLimit * 1000);
  const ready = nextReport(process_, {type: "start", ...options}).then((first) => {
    clearTimeout(limit);
    if (first?.type === "ready") return;
    end();
    if (first?.type === "trouble") throw new ChoiceError(first.code, {at, saw: first.saw, want: first.want, hint: first.hint});
    const saw = `the process for the cells ended at its start${said ? `: ${said.trim()}` : ""}`;
    throw new ChoiceError("notebook/start", {at, saw, want: "a process that runs cells"});
  });
  return {child, ready};
}

/** What is said of a cell whose process ended, in a run as in a live notebook. */
export const endedBy = (how: string, memory: boolean): string => `the cell ended the process that runs the notebook (${how})${memory ? ": it ran out of memory" : ""}; all variables are gone`;

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
export function inherited(flags: readonly string[]): string[] {
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
