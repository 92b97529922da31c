import {basename, dirname, resolve} from "node:path";
import {parseArgs} from "node:util";
import {oneLine} from "../display/escape.js";
import {ChoiceError, quote} from "../errors.js";
import {exportHtml} from "./exportHtml.js";
import {forGithub} from "./forGithub.js";
import {here} from "./here.js";
import {notebookText, readNotebook} from "./ipynb.js";
import {figureFiles, tableFiles, type OutputFiles} from "./outputFiles.js";
import {outputPath, pagePath} from "./run.js";
import {defaultOut, expectOwnNames, madeFolder, outFolder, writerInto} from "./safeWrite.js";

const help = `maxent-logit nb export: a notebook's outputs as a page, as tables, as figures

  maxent-logit nb export notebook.ipynb … [--out reports] [--tables] [--figures] [--target page]

writes one self-contained page of HTML from the outputs that a notebook already has; nothing is run

  --out folder     where to write, and nowhere else; default ${defaultOut}
  --tables         also each table in LaTeX, to tables/NN-name.tex, for \\input in a paper
  --figures        also each figure, to figures/NN-name.svg and .png
  --target github  instead of the page a copy of the notebook for GitHub's viewer: PNG for SVG, tables without style
  --help

Names come from a cell's tag "name:…", its metadata's name, a line //| label: … in its code, or the caption.
Exit status: 0 all went well, 2 the call or a notebook was wrong.
`;

/**
 * `maxent-logit nb export`, and `maxent-logit export`; the words after it.
 *
 * @returns the exit status
 * @throws {ChoiceError} as `readNotebook`; notebook/overwrite, notebook/outside, notebook/same-name, notebook/target
 */
export async function exportCommand(words: readonly string[]): Promise<number> {
  const {values, positionals} = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      out: {type: "string"},
      tables: {type: "boolean", default: false},
      figures: {type: "boolean", default: false},
      target: {type: "string", default: "page"},
      help: {type: "boolean", short: "h", default: false}
    }
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  if (!positionals.length) {
    process.stderr.write(`export: a notebook is missing.\n\n${help}`);
    return 2;
  }
  const {target, tables, figures} = values as {target: string; tables: boolean; figures: boolean};
  if (target !== "page" && target !== "github") throw new ChoiceError("notebook/target", {at: "export", saw: `--target ${quote(target)}`, want: '"page" or "github"'});
  expectOwnNames("export", positionals);
  const out = outFolder("export", values.out);
  const own = positionals.length > 1; // tables and figures of several notebooks must not mix
  madeFolder("export", out);
  for (const path of positionals) exportOne(path, out, {target, tables, figures, own});
  return 0;
}

interface Wanted {
  readonly target: "page" | "github";
  readonly tables: boolean;
  readonly figures: boolean;
  readonly own: boolean;
}

function exportOne(path: string, out: string, {target, tables, figures, own}: Wanted): void {
  const notebook = readNotebook(path);
  const name = basename(path);
  if (target === "github") outputPath(path, out); // refused before anything is written
  const code = notebook.cells.filter(({cell_type}) => cell_type === "code");
  if (code.length && !code.some(({outputs}) => outputs?.length)) process.stderr.write(`${here(path)}: it has no outputs: run it first\n`);
  const write = writerInto(out);
  const stem = name.replace(/\.ipynb$/i, "");
  const main = target === "github" ? write(name, notebookText(forGithub(notebook))) : write(basename(pagePath(name)), exportHtml(notebook, {name, folder: dirname(resolve(path))}));
  const told = [here(main)];
  const extra = (folder: string, {files, left}: OutputFiles): void => {
    for (const file of files) write(file.name, file.content, own ? `${folder}-${stem}` : folder);
    told.push(`${files.length} ${files.length === 1 ? "file" : "files"} in ${own ? `${folder}-${stem}` : folder}/`);
    for (const reason of left) process.stderr.write(`${here(path)}: left out ${oneLine(reason)}\n`);
  };
  if (tables) extra("tables", tableFiles(notebook));
  if (figures) extra("figures", figureFiles(notebook));
  process.stdout.write(`${here(path)}: ${told.join(", ")}\n`);
}
