import {existsSync, realpathSync} from "node:fs";
import {basename, dirname, join, resolve} from "node:path";
import {ChoiceError, checkOptions, quote} from "../errors.js";
import {firstLine, joined, notebookText, readNotebook, type Notebook} from "./ipynb.js";
import type {CellError, Report} from "./messages.js";
import {collectors} from "./outputs.js";
import {writerInto} from "./safeWrite.js";
import {ensureSelfLink} from "./selfLink.js";
import {startSession, type SessionStarter} from "./session.js";

/** The cell at which a run failed. */
export interface Failure {
  /** Which code cell, counted from 1 as in `[3]` beside it. */
  readonly cell: number;
  /** Its first line with something on it. */
  readonly firstLine: string;
  readonly name: string;
  readonly message: string;
}

/** How a run went. A failing cell is no exception: the partial notebook is there to be looked at. */
export interface Run {
  readonly notebook: Notebook;
  /** How many code cells were run. */
  readonly cells: number;
  /** The first cell that failed without leave, or undefined when all went well. */
  readonly failure?: Failure;
}

/** How to run a notebook. */
export interface RunOptions {
  /** Seconds a cell may take; default 600. */
  readonly timeout?: number;
  /** Run on after a cell that fails, as long as the process lives. Default false. A cell tagged `raises-exception` may always fail. */
  readonly allowErrors?: boolean;
}

/**
 * Runs a notebook's cells, from the first to the last, in a fresh process whose working folder is the notebook's, and
 * gives the notebook with its new outputs. The file itself is not touched. Neither Jupyter, Python nor a network is needed.
 *
 * Cells after a failing one are not run and have no outputs. The same notebook gives the same outputs, byte for byte, as
 * long as its cells do: nothing here writes a date, a random name or a path of this machine.
 *
 * @throws {ChoiceError} notebook/missing, notebook/not-json, notebook/format, notebook/language, notebook/no-tslab, notebook/start
 * @example
 * const {failure} = await runNotebook("notebooks/quickstart.ipynb", {timeout: 60});
 * failure?.message // undefined: every cell ran
 */
export const runNotebook = (path: string, options: RunOptions = {}): Promise<Run> => runNotebookIn(startSession, path, options);

/** Runs a notebook's cells in a session of another kind; otherwise as `runNotebook`. */
export async function runNotebookIn(start: SessionStarter, path: string, options: RunOptions = {}): Promise<Run> {
  const at = `runNotebook(${quote(path)})`;
  checkOptions(at, options, ["timeout", "allowErrors"]);
  const {timeout = 600, allowErrors = false} = options;
  if (!(timeout > 0 && timeout <= 2e6)) throw new ChoiceError("notebook/timeout", {at, saw: `timeout ${quote(timeout)}`, want: "seconds above 0, at most 2,000,000"});
  const notebook = readNotebook(path);
  const language = languageOf(notebook);
  if (language !== "typescript" && language !== "javascript") {
    throw new ChoiceError("notebook/language", {at, saw: `a notebook in ${quote(language)}`, want: "TypeScript or JavaScript", hint: "choose the TypeScript kernel in Jupyter and save it"});
  }
  const folder = realpathSync(dirname(resolve(path)));
  ensureSelfLink(folder);
  const session = await start({folder, javascript: language === "javascript"});
  try {
    return await runCells();
  } finally {
    await session.close();
  }

  async function runCells(): Promise<Run> {
    const collectorOf = collectors();
    const takers = new Map<number, (report: Report) => void>();
    const cells = notebook.cells.map((cell) => ({...cell}));
    const last = cells.filter((cell) => cell.cell_type === "code" && joined(cell.source).trim() !== "").pop();
    let failure: Failure | undefined;
    let count = 0;
    for (const cell of cells) {
      if (cell.cell_type !== "code") continue;
      [cell.outputs, cell.execution_count] = [[], null];
      const source = joined(cell.source);
      if (source.trim() === "" || session.over || failure) continue;
      const collector = collectorOf(++count);
      [cell.outputs, cell.execution_count] = [collector.outputs, count];
      let error: CellError | undefined;
      const take = (report: Report): void => {
        if (report.type === "error") error = report;
        // Work left behind by an earlier cell speaks at that cell's place.
        ((report.type !== "error" && takers.get(report.cell ?? count)) || collector.take)(report);
      };
      takers.set(count, collector.take);
      await session.execute(source, {count, seconds: timeout, take});
      const dead = session.over;
      // The last cell answers for work that was left in the background and failed since.
      if (cell === last && !dead) await session.close();
      const allowed = allowErrors || cell.metadata.tags?.includes("raises-exception");
      if (error && (dead || !allowed)) failure ??= {cell: count, firstLine: firstLine(source), name: error.ename, message: error.evalue};
    }
    return {notebook: {...notebook, cells, metadata: {...notebook.metadata, language_info: {...notebook.metadata.language_info, name: language}}}, cells: count, failure};
  }
}

function languageOf({metadata}: Notebook): string {
  const named = metadata.kernelspec?.language || metadata.language_info?.name;
  return (joined(named) || (metadata.kernelspec?.name === "jslab" ? "javascript" : "typescript")).toLowerCase();
}

/** Where a run is written: a copy of the notebook and, unless it is not wanted, a page. */
export interface Written {
  readonly notebook: string;
  readonly page?: string;
}

/**
 * Writes a run into a folder, made when it is missing: the notebook under its own name, and beside it the page when one is
 * given. A link that lies there under such a name goes, and what it led to stays.
 *
 * @throws {ChoiceError} notebook/overwrite when that would replace the notebook that was run; notebook/outside where nothing can be written
 */
export function writeRun(path: string, out: string, notebook: Notebook, page?: string): Written {
  const copy = outputPath(path, out);
  const write = writerInto(out, "run");
  const name = basename(copy);
  const written = write(name, notebookText(notebook));
  return page === undefined ? {notebook: written} : {notebook: written, page: write(pagePath(name), page)};
}

/** The path of the executed copy; refused when it is the notebook itself, by whatever way it is reached. */
export function outputPath(path: string, out: string): string {
  const copy = join(out, basename(path));
  const same = existsSync(copy) && existsSync(path) && realpathSync(copy) === realpathSync(path);
  if (same || resolve(copy) === resolve(path)) {
    throw new ChoiceError("notebook/overwrite", {
      at: `run ${path}`,
      saw: `the output folder ${quote(out)} is the notebook's own`,
      want: "another folder, since the notebook itself is never changed",
      hint: "--out reports"
    });
  }
  return copy;
}

export const pagePath = (notebook: string): string => `${notebook.replace(/\.ipynb$/i, "")}.html`;
