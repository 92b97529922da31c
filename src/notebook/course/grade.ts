import {statSync} from "node:fs";
import {dirname, resolve} from "node:path";
import {checkOptions, ChoiceError, listed, quote} from "../../errors.js";
import {joined, readNotebook, type Notebook} from "../ipynb.js";
import {ensureSelfLink} from "../selfLink.js";
import {feedback} from "./feedback.js";
import {keyOf, restore, type Key, type Restored} from "./restore.js";
import {isTest, type Role} from "./roles.js";
import {runSheet, type Ran} from "./runSheet.js";
import {scoreByHand, scoreTest, total, type Score} from "./score.js";

/** How to grade. */
export interface GradeOptions {
  /** Seconds a cell may take; default 60. All of them together may take what the instructor's cells could, and ten more. */
  readonly timeout?: number;
  /** Files and folders to lay beside the submission while it runs: data its cells read. Default none. */
  readonly data?: readonly string[];
  /** Run it behind Node's permission model; default true. See `fenced` of what comes back. */
  readonly fence?: boolean;
}

/** A graded submission. */
export interface Graded {
  readonly score: number;
  readonly max: number;
  /** One for each cell that earns points, in the instructor's order. */
  readonly scores: readonly Score[];
  /** For the instructor: what was put back, what is odd. */
  readonly remarks: readonly string[];
  /** As it was run, hidden tests included: for the instructor. undefined when it was not. */
  readonly notebook?: Notebook;
  /** For the student: its outputs, with the points, and without hidden tests. */
  readonly feedback: Notebook;
  /** Whether it ran behind the permission model. */
  readonly fenced: boolean;
}

/**
 * Grades a submission with an instructor's notebook: puts tests and locked cells back, runs the sheet in an empty folder of
 * its own, and reads off what each test earned. A submission that is no notebook, or breaks its run off, earns nothing, and
 * says why; it never keeps the next from being graded.
 *
 * Tests run in the process of the answers they test: who means to can deceive them. What that process can reach is fenced
 * (see `fence`); to grade strangers, put a container around it all.
 *
 * @param instructor path of the instructor's notebook
 * @param submission path of what a student handed in
 * @throws {ChoiceError} course/… for the instructor's notebook, as `assign`; course/timeout, course/data, course/language;
 *   notebook/missing, notebook/not-json, notebook/format for the instructor's; notebook/no-tslab, notebook/start
 * @example
 * const {score, max, scores} = await grade("notebooks/assignment.ipynb", "README.md");
 * [score, max] // [0, 6]
 * scores[0].output.startsWith("the submission cannot be read") // true
 */
export async function grade(instructor: string, submission: string, options: GradeOptions = {}): Promise<Graded> {
  const at = `grade(${quote(instructor)}, …)`;
  checkOptions(at, options, ["timeout", "data", "fence"]);
  const {timeout = 60, data = [], fence = true} = options;
  if (!(timeout > 0 && timeout <= 1e5)) throw new ChoiceError("course/timeout", {at, saw: `timeout ${quote(timeout)}`, want: "seconds above 0, at most 100,000"});
  const key = keyOf(readNotebook(instructor));
  const language = joined(key.notebook.metadata.kernelspec?.language ?? "typescript").toLowerCase();
  if (language !== "typescript" && language !== "javascript") throw new ChoiceError("course/language", {at, saw: `a notebook in ${quote(language)}`, want: "TypeScript or JavaScript"});
  const read = opened(submission);
  if (typeof read === "string") return nothing(key, `the submission cannot be read: ${read}`);
  const sheet = restore(key, read);
  const home = dirname(resolve(instructor));
  ensureSelfLink(home);
  const cells = key.notebook.cells.filter(({cell_type}) => cell_type === "code").length;
  const ran = await runSheet(sheet.notebook, {home, seconds: timeout, altogether: (cells + 10) * timeout, data, fenced: fence});
  return ran.notebook ? scored(key, sheet, {...ran, notebook: ran.notebook}) : {...nothing(key, `the submission could not be run: ${ran.ended ?? "no reason known"}`), fenced: ran.fenced};
}

const mostBytes = 64 * 2 ** 20;
const mostCells = 1000;

/** What was handed in, or why it is no notebook. */
function opened(path: string): Notebook | string {
  try {
    const {size} = statSync(path);
    if (size > mostBytes) return `it has ${Math.ceil(size / 2 ** 20)} megabytes; at most ${mostBytes / 2 ** 20} are read`;
    const notebook = readNotebook(path);
    return notebook.cells.length > mostCells ? `it has ${notebook.cells.length} cells; at most ${mostCells} are run` : notebook;
  } catch (error) {
    return error instanceof ChoiceError ? error.saw : String((error as Error)?.message ?? error);
  }
}

const graded = (roles: Key["roles"]): Role[] => roles.filter((role): role is Role => !!role && (role.grade || role.task));

function nothing(key: Key, why: string): Graded {
  const scores = graded(key.roles).map(({id, points}): Score => ({name: id, score: 0, max: points, output: why, hidden: false, byHand: false}));
  return {...totals(scores), scores, remarks: [why], feedback: feedback(key, {scores, why}), fenced: false};
}

function scored(key: Key, sheet: Restored, ran: Ran & {readonly notebook: Notebook}): Graded {
  const {cells} = ran.notebook;
  const scores = graded(key.roles).map((role): Score => {
    const index = sheet.roles.findIndex((other) => other?.id === role.id);
    return isTest(role) ? scoreTest(cells[index], role, ran.ended ?? "an earlier cell ended the run") : scoreByHand(role, sheet.unanswered.has(role.id), sheet.missing.includes(role.id));
  });
  const remarks = [
    ...(sheet.changed.length ? [`altered by the student, and put back: ${listed(sheet.changed, 99)}`] : []),
    ...(sheet.missing.length ? [`not in the submission: ${listed(sheet.missing, 99)}`] : []),
    ...(ran.ended === undefined ? [] : [ran.ended]),
    ...reaching(sheet)
  ];
  return {...totals(scores), scores, remarks, notebook: ran.notebook, feedback: feedback(key, {scores, ran: {notebook: ran.notebook, roles: sheet.roles}}), fenced: ran.fenced};
}

const totals = (scores: readonly Score[]): {score: number; max: number} => ({score: total(scores, "score"), max: total(scores, "max")});

const machinery = /\bprocess\s*\.\s*(?:send|_send|on|kill|exit|channel)\b|\bchild_process\b|\bworker_threads\b|Jupyter\.kernel|\b(?:assert|Math|Number|Object)(?:\.\w+)?\s*=[^=>]|\.prototype\s*\.\s*\w+\s*=[^=]|\bdefineProperty\b/;

/** Words by which an answer would reach for what grades it: for the instructor to look at, no proof of anything. */
function reaching({notebook, roles}: Restored): string[] {
  return notebook.cells.flatMap((cell, i) => {
    const found = roles[i]?.locked || cell.cell_type !== "code" ? null : machinery.exec(joined(cell.source));
    return found ? [`worth a look: ${quote(found[0].trim())} in ${roles[i] ? roles[i].id : `cell ${i + 1}`}`] : [];
  });
}
