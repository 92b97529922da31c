#!/usr/bin/env node
import {readFileSync} from "node:fs";
import {basename, dirname, resolve} from "node:path";
import {parseArgs} from "node:util";
import {ChoiceError, quote} from "../errors.js";
import {here} from "./here.js";
import {readNotebook, type Notebook} from "./ipynb.js";
import {outputPath, runNotebook, runNotebookIn, writeRun} from "./run.js";
import {secondsOf} from "./seconds.js";
import {defaultOut, expectOwnNames, madeFolder, outFolder} from "./safeWrite.js";

const help = `maxent-logit: run TypeScript notebooks without Jupyter, and make pages of them

  maxent-logit run    notebook.ipynb … [--out reports] [--timeout 600] [--allow-errors] [--no-page]
  maxent-logit export notebook.ipynb … [--out reports] [--tables] [--figures] [--target github]
  maxent-logit nb run notebook.ipynb …    as run, through the kernel's sockets
  maxent-logit kernel install | uninstall TypeScript in Jupyter; --help says more
  maxent-logit lab [notebook]             JupyterLab with TypeScript chosen
  maxent-logit nb assign | grade …        assignments; --help says more

run      runs the cells from the first to the last in a fresh process, and writes the notebook with
         its outputs and one page of HTML into a folder; the notebook itself is not changed
export   makes the page from the outputs a notebook already has, and files of its tables and figures;
         --help after it says more

  --out folder     where to write; default ${defaultOut}
  --timeout s      seconds a cell may take; default 600
  --allow-errors   run on after a cell that fails
  --no-page        write no page
  --help, --version

Exit status: 0 all went well, 1 a cell failed, 2 the call was wrong.
`;

/** Runs one notebook, writes what came of it, and says how it went; true when it went well. */
async function run(path: string, {out, timeout, allowErrors, page, kernel}: {out: string; timeout: number; allowErrors: boolean; page: boolean; kernel: boolean}): Promise<boolean> {
  outputPath(path, out); // refused before the work, not after it
  readNotebook(path);
  madeFolder("run", out);
  const {notebook, cells, failure} = kernel ? await runNotebookIn((await import("./kernel/kernelSession.js")).startKernelSession, path, {timeout, allowErrors}) : await runNotebook(path, {timeout, allowErrors});
  const html = page ? await pageOf(path, notebook) : undefined;
  const written = writeRun(path, out, notebook, html);
  const files = [written.notebook, written.page].filter((file) => file !== undefined).map(here).join(", ");
  if (failure) process.stderr.write(`${here(path)}: cell [${failure.cell}] failed, at ${JSON.stringify(failure.firstLine)}\n${failure.name}: ${failure.message}\nAs far as it came: ${files}\n`);
  else {
    const errors = notebook.cells.filter((cell) => cell.outputs?.some(({output_type}) => output_type === "error")).length;
    process.stdout.write(`${here(path)}: ${cells} cells ran${errors ? `, ${errors} with an error that was allowed` : ""}: ${files}\n`);
  }
  return !failure;
}

// The page's parser takes a second to load: only a call that makes a page waits for it.
async function pageOf(path: string, notebook: Notebook): Promise<string> {
  const {exportHtml} = await import("./exportHtml.js");
  return exportHtml(notebook, {name: basename(path), folder: dirname(resolve(path))});
}

const version = (): string => (JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {version: string}).version;

async function main(words: string[]): Promise<number> {
  if (words[0] === "nb" && words[1] !== "run" && words[1] !== "export") return (await import("./course/command.js")).courseCommand(words.slice(1));
  if (words[0] === "kernel") return (await import("./kernel/command.js")).kernelCommandLine(words.slice(1));
  if (words[0] === "lab") return (await import("./labCommand.js")).labCommand(words.slice(1));
  if (words[0] === "export" || (words[0] === "nb" && words[1] === "export")) return (await import("./exportCommand.js")).exportCommand(words.slice(words[0] === "nb" ? 2 : 1));
  const kernel = words[0] === "nb" && words[1] === "run"; // like run, in a kernel
  const {values, positionals} = parseArgs({
    args: kernel ? words.slice(1) : words,
    allowPositionals: true,
    options: {
      out: {type: "string"},
      timeout: {type: "string", default: "600"},
      "allow-errors": {type: "boolean", default: false},
      "no-page": {type: "boolean", default: false},
      help: {type: "boolean", short: "h", default: false},
      version: {type: "boolean", default: false}
    }
  });
  if (values.version) return say(`${version()}\n`);
  if (values.help) return say(help);
  const [command, ...notebooks] = positionals;
  if (command !== "run" || notebooks.length === 0) {
    process.stderr.write(`${command === undefined ? "A command is missing" : command === "run" ? "run: a notebook is missing" : `No command called ${quote(command)}`}.\n\n${help}`);
    return 2;
  }
  expectOwnNames("run", notebooks);
  const out = outFolder("run", values.out);
  const timeout = secondsOf("run", values.timeout!);
  let good = true;
  for (const notebook of notebooks) good = (await run(notebook, {out, timeout, allowErrors: values["allow-errors"]!, page: !values["no-page"], kernel})) && good;
  return good ? 0 : 1;
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

// Leaving by a signal must still end the process that runs the cells: only a proper exit does.
for (const [signal, status] of [["SIGINT", 130], ["SIGTERM", 143]] as const) process.once(signal, () => process.exit(status));

main(process.argv.slice(2)).then(
  (status) => void (process.exitCode = status),
  (error: unknown) => {
    const known = error instanceof ChoiceError || String((error as {code?: string})?.code).startsWith("ERR_PARSE_ARGS");
    process.stderr.write(known ? `${(error as Error).message}\n` : `${(error as Error)?.stack ?? String(error)}\n`);
    process.exitCode = 2;
  }
);
