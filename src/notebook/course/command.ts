import {existsSync, realpathSync, writeFileSync} from "node:fs";
import {basename, dirname, join, resolve} from "node:path";
import {parseArgs} from "node:util";
import {oneLine} from "../../display/escape.js";
import {ChoiceError, quote} from "../../errors.js";
import {here} from "../here.js";
import {joined, notebookText, readNotebook, type Notebook} from "../ipynb.js";
import {outputPath} from "../run.js";
import {madeFolder, writerInto} from "../safeWrite.js";
import {secondsOf} from "../seconds.js";
import {assign} from "./assign.js";
import {grade, type Graded, type GradeOptions} from "./grade.js";
import {submissionsIn, type Submission} from "./names.js";
import {gradescope} from "./results.js";

/** The lines of the command's help. */
export const help = `maxent-logit nb: notebooks, and assignments in nbgrader's format

  maxent-logit nb assign instructor.ipynb --out folder
  maxent-logit nb grade  instructor.ipynb submission … --out folder [--timeout 60] [--data file] [--json results.json]
  maxent-logit nb run    notebook.ipynb …    runs notebooks in the kernel: see maxent-logit --help
  maxent-logit nb export notebook.ipynb …    pages, tables and figures: see maxent-logit export --help

assign   writes the students' version: no solutions, no hidden tests, sealed expectations
grade    runs submissions (notebooks, or folders of them) with the instructor's tests, and writes for each
         a folder with feedback.html for the student, results.json for Gradescope, and graded.ipynb

  --timeout s      seconds a cell may take; default 60
  --data path      a file or folder to lay beside each submission; as often as needed
  --json file      the results once more: of one submission as Gradescope reads them, of several as a list
  --no-fence       run without Node's permission model

Exit status: 0 all were graded, whatever they earned; 2 the call or the instructor's notebook was wrong.
`;

/**
 * `maxent-logit nb assign` and `maxent-logit nb grade`; the words after `nb`.
 *
 * @returns the exit status
 * @throws {ChoiceError} as `assign` and `grade`; notebook/overwrite
 */
export async function courseCommand(words: readonly string[]): Promise<number> {
  const {values, positionals} = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      out: {type: "string"},
      timeout: {type: "string", default: "60"},
      data: {type: "string", multiple: true, default: []},
      json: {type: "string"},
      "no-fence": {type: "boolean", default: false},
      help: {type: "boolean", short: "h", default: false}
    }
  });
  const [verb, instructor, ...submissions] = positionals;
  if (values.help) return said(help);
  const lacks = verb === undefined ? "a command is missing"
    : verb !== "assign" && verb !== "grade" ? `no command called ${quote(verb)}`
    : instructor === undefined ? "an instructor's notebook is missing"
    : values.out === undefined ? "--out folder is missing"
    : verb === "grade" && !submissions.length ? "a submission is missing"
    : verb === "assign" && submissions.length ? `assign takes one notebook, and ${quote(submissions[0])} is another`
    : undefined;
  if (lacks !== undefined) {
    process.stderr.write(`nb: ${lacks}.\n\n${help}`);
    return 2;
  }
  const out = values.out!;
  if (verb === "assign") return writeAssignment(instructor, out);
  return gradeAll(instructor, submissions, {out, json: values.json, options: {timeout: secondsOf("nb grade", values.timeout!), data: values.data!, fence: !values["no-fence"]}});
}

function writeAssignment(path: string, out: string): number {
  const copy = outputPath(path, out);
  const instructor = readNotebook(path);
  const student = assign(instructor);
  writerInto(out, "nb assign")(basename(copy), notebookText(student));
  const {length} = student.cells.filter(({metadata}) => metadata.nbgrader);
  if (!length && !hasChecks(instructor)) warn(`${here(path)}: there are no solutions, tests or checks in it: students get it as it is, without its outputs`);
  return said(`${here(path)}: ${here(copy)}\n`);
}

const hasChecks = ({cells}: Notebook): boolean => cells.some(({cell_type, source}) => cell_type === "code" && /### *BEGIN CHECKS\b/.test(joined(source)));

const warn = (text: string): void => void process.stderr.write(`${oneLine(text)}\n`);

interface Batch {
  readonly out: string;
  readonly json?: string;
  readonly options: GradeOptions;
}

async function gradeAll(instructor: string, paths: readonly string[], {out, json, options}: Batch): Promise<number> {
  const submissions = submissionsIn(paths);
  refuseOverwriting([instructor, ...submissions.map(({path}) => path)], submissions, out);
  madeFolder("nb grade", out);
  if (json !== undefined) madeFolder("nb grade --json", dirname(json));
  const list: object[] = [];
  let worth = Infinity;
  for (const submission of submissions) {
    const graded = await grade(instructor, submission.path, options);
    const results = gradescope(graded);
    worth = graded.max;
    await write(join(out, submission.name), graded, results);
    list.push({name: submission.name, ...results});
    const notes = [...graded.remarks, ...(options.fence && graded.notebook && !graded.fenced ? ["ran without Node's permission model"] : [])];
    said(`${submission.name}: ${graded.score} of ${graded.max}${notes.map((note) => `\n  ${oneLine(note)}`).join("")}\n`);
    if (json !== undefined) writeFileSync(json, asJson(submissions.length === 1 ? results : {submissions: list}));
  }
  if (worth === 0) warn(`${here(instructor)}: no cell of it earns points: a test needs grade: true and points in its nbgrader metadata`);
  return submissions.length ? said(`${here(out)}: feedback.html, results.json and graded.ipynb of ${submissions.length}\n`) : said("no notebooks there\n");
}

async function write(folder: string, graded: Graded, results: object): Promise<void> {
  const {exportHtml} = await import("../exportHtml.js"); // its parser takes a second to load
  madeFolder("nb grade", folder);
  writeFileSync(join(folder, "results.json"), asJson(results));
  writeFileSync(join(folder, "feedback.html"), exportHtml(graded.feedback));
  if (graded.notebook) writeFileSync(join(folder, "graded.ipynb"), notebookText(graded.notebook));
}

/** @throws {ChoiceError} notebook/overwrite when results would take the place of what is graded */
function refuseOverwriting(sources: readonly string[], submissions: readonly Submission[], out: string): void {
  const kept = new Set(sources.filter((path) => existsSync(path)).map((path) => realpathSync(path)));
  for (const {name} of submissions) for (const file of ["graded.ipynb", "feedback.html", "results.json"]) {
    const path = resolve(out, name, file);
    if (existsSync(path) && kept.has(realpathSync(path))) {
      throw new ChoiceError("notebook/overwrite", {at: "nb grade", saw: `${quote(here(path))}, which is to be graded, would be written over`, want: "another folder for the results", hint: "--out graded"});
    }
  }
}

const asJson = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

function said(text: string): number {
  process.stdout.write(text);
  return 0;
}
