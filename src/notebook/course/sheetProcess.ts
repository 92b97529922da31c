import {rmSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {ChoiceError} from "../../errors.js";
import {normalized, notebookText} from "../ipynb.js";
import {runNotebook} from "../run.js";
import {clipped} from "./clip.js";
import type {Job, Told} from "./runSheet.js";

// The process in which one submission is run and watched: whatever it does to its watcher, it does to this one alone.

process.once("message", ({notebook, folder, seconds, flags}: Job) => {
  process.execArgv.push(...flags); // inherited by the process for the cells
  if (flags.length) process.env.TMPDIR = process.env.TEMP = process.env.TMP = folder; // it could write nowhere else
  const path = join(folder, "sheet.ipynb");
  writeFileSync(path, notebookText(notebook));
  // How a notebook is run stands on this line alone. The file is read at once, and gone before the first cell could look at
  // the hidden tests in it.
  const running = runNotebook(path, {timeout: seconds, allowErrors: true});
  rmSync(path);
  running.then(
    ({notebook: run, failure}) => {
      const cells = normalized(run, "the run").cells.map((cell) => (cell.outputs ? {...cell, outputs: clipped(cell.outputs)} : cell));
      tell({kind: "ran", notebook: {...run, cells}, ended: failure && `cell [${failure.cell}] ended the run (${failure.name}: ${failure.message})`});
    },
    (error: unknown) => tell({kind: "failed", code: error instanceof ChoiceError ? error.code : "", message: String((error as Error)?.message ?? error)})
  );
});

const tell = (told: Told): void => void process.send!(told, undefined, {}, () => process.exit(0));
