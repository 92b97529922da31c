import {fork, type ChildProcess} from "node:child_process";
import {cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync} from "node:fs";
import {tmpdir} from "node:os";
import {basename, extname, join} from "node:path";
import {fileURLToPath} from "node:url";
import {ChoiceError, quote} from "../../errors.js";
import type {Notebook} from "../ipynb.js";
import {fence, packagesAbove} from "./fence.js";

/** What the process that runs a submission is asked. */
export interface Job {
  readonly notebook: Notebook;
  readonly folder: string;
  readonly seconds: number;
  readonly flags: readonly string[];
}

/** What it answers. */
export type Told =
  | {readonly kind: "ran"; readonly notebook: Notebook; readonly ended?: string}
  | {readonly kind: "failed"; readonly code: string; readonly message: string};

/** How a submission ran. */
export interface Ran {
  /** With outputs; undefined when the run itself broke off. */
  readonly notebook?: Notebook;
  /** Why cells were not run, in words. */
  readonly ended?: string;
  readonly fenced: boolean;
}

export interface SheetOptions {
  /** The instructor's folder: packages are looked for from there. */
  readonly home: string;
  /** Seconds a cell may take, and all of them together, start and end aside. */
  readonly seconds: number;
  readonly altogether: number;
  /** Files and folders to lay beside the submission. */
  readonly data: readonly string[];
  readonly fenced: boolean;
}

/**
 * Runs a sheet in an empty folder of its own, in processes of their own, behind Node's permission model where that can
 * hold. The folder is gone afterwards, and so is every process that was started.
 *
 * @throws {ChoiceError} course/data when a file to lay beside is not there; notebook/no-tslab, notebook/start where no notebook could run
 */
export async function runSheet(notebook: Notebook, {home, seconds, altogether, data, fenced}: SheetOptions): Promise<Ran> {
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), "sheet-")));
  const clear = (): void => removed(scratch);
  process.once("exit", clear);
  try {
    const folder = join(scratch, "work");
    mkdirSync(folder);
    for (const path of data) {
      if (!existsSync(path)) throw new ChoiceError("course/data", {at: "grade(…)", saw: `no file ${quote(path)}`, want: "files or folders to lay beside each submission"});
      cpSync(path, join(folder, basename(realpathSync(path))), {recursive: true});
    }
    const [packages] = packagesAbove(home);
    if (packages !== undefined) symlinkSync(packages, join(scratch, "node_modules"), "junction"); // outside of what may be written
    const flags = fenced ? fence(home, folder) : undefined;
    const told = await asked({notebook, folder, seconds, flags: flags ?? []}, altogether + beside);
    if (told.kind === "ran") return {notebook: told.notebook, ended: told.ended, fenced: !!flags};
    if (told.code === "notebook/no-tslab" || told.code === "notebook/start") throw new ChoiceError(told.code, {at: "grade(…)", saw: told.message, want: "a process that runs cells"});
    return {ended: told.message, fenced: !!flags};
  } finally {
    process.off("exit", clear);
    clear();
  }
}

// A submission may have locked folders of its own: they must not keep the next from being graded.
function removed(folder: string): void {
  try {
    rmSync(folder, {recursive: true, force: true, maxRetries: 3});
  } catch {
    // what cannot be removed stays in the system's folder for such things
  }
}

const beside = 300; // seconds for all but the cells: two processes start, and end

function asked(job: Job, limit: number): Promise<Told> {
  const child = fork(fileURLToPath(new URL(`./sheetProcess${extname(import.meta.url)}`, import.meta.url)), [], {
    execArgv: [...process.execArgv.filter((flag) => !/^--(test|inspect|watch)/.test(flag)), "--max-old-space-size=2048"],
    env: plainEnvironment(),
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    detached: true // a group of processes that can be ended together
  });
  const end = (): void => endGroup(child);
  process.prependOnceListener("exit", end); // before the folder is removed
  return new Promise<Told>((resolve) => {
    const failed = (message: string): void => resolve({kind: "failed", code: "", message});
    const patience = setTimeout(() => failed("it took too long altogether"), Math.min(2 ** 31 - 1, limit * 1000));
    child.once("message", (told) => resolve(told as Told));
    child.once("error", (error) => failed(error.message));
    child.once("exit", (status, signal) => failed(`the run broke off (${signal ?? `exit code ${status}`})`));
    child.once("close", () => clearTimeout(patience));
    child.send(job, (error) => void (error && failed(error.message)));
  }).finally(() => {
    process.off("exit", end);
    end();
  });
}

function endGroup(child: ChildProcess): void {
  try {
    if (process.platform !== "win32") process.kill(-child.pid!, "SIGKILL");
    else child.kill("SIGKILL");
  } catch {
    // it has ended by itself
  }
}

// Passwords and tokens often stand in the environment: what students wrote gets what Node needs.
const needed = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "USERPROFILE", "NODE_PATH"];
const plainEnvironment = (): NodeJS.ProcessEnv => Object.fromEntries(Object.entries(process.env).filter(([name]) => needed.includes(name.toUpperCase())));
