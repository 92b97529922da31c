// nbgrader itself grades the worked assignment with this library's kernel, where `npm run lab:install` has put it.
import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {after, before, test} from "node:test";
import {fileURLToPath} from "node:url";
import {joined, notebookText, readNotebook, type Cell, type Notebook} from "../../../src/notebook/ipynb.js";
import {jupyter} from "./lab.js";
import {hasLab, python} from "./places.js";

const here = dirname(fileURLToPath(import.meta.url));
const skip = hasLab() ? false : "nbgrader is not installed here: npm run lab:install";
const id = (cell: Cell): string => (cell.metadata.nbgrader as {grade_id?: string} | undefined)?.grade_id ?? "";
const kernelspec = {name: "maxent-logit", display_name: "TypeScript (maxent-logit)", language: "typescript"};

let [course, home] = ["", undefined as unknown as ReturnType<typeof jupyter>];
before(() => {
  if (skip) return;
  course = realpathSync(mkdtempSync(join(here, "scratch-"))); // below the library, so that notebooks find it
  home = jupyter();
});
after(() => {
  if (skip) return;
  rmSync(course, {recursive: true, force: true, maxRetries: 5});
  home.remove();
});

function put(path: string, notebook: Notebook): void {
  mkdirSync(dirname(join(course, path)), {recursive: true});
  writeFileSync(join(course, path), notebookText({...notebook, metadata: {...notebook.metadata, kernelspec}}));
}

function nbgrader(...words: string[]): string {
  const {status, stdout, stderr} = spawnSync(python("nbgrader"), words, {cwd: course, env: home.env, encoding: "utf8", timeout: 300_000});
  assert.equal(status, 0, `nbgrader ${words.join(" ")}\n${stdout}\n${stderr}`);
  return stdout;
}

test("half of it right earns 3 of 6, one wrong with its test deleted 4, unanswered 0, by nbgrader as by `nb grade`", {skip, timeout: 500_000}, () => {
  writeFileSync(join(course, "nbgrader_config.py"), `c = get_config()
c.CourseDirectory.course_id = "logit"
c.ClearSolutions.code_stub = {"typescript": 'throw new Error("not answered yet");'}
c.ExecutePreprocessor.timeout = 120
`);
  const key = readNotebook(join(here, "../../../notebooks/assignment.ipynb"));
  put("source/ps/assignment.ipynb", key);
  nbgrader("generate_assignment", "ps", "--create", "--IncludeHeaderFooter.header=");
  const student = readNotebook(join(course, "release/ps/assignment.ipynb"));
  const text = notebookText(student);
  assert.doesNotMatch(text, /sharesAt|geometric sequence/);
  const answers = new Map(key.cells.map((cell) => [id(cell), joined(cell.source)]));
  const answered = (own: Record<string, string>): Notebook => ({...student, cells: student.cells.map((cell) => ({...cell, source: own[id(cell)] ?? cell.source}))});
  const right = {q1: answers.get("q1")!, q2: answers.get("q2")!};
  put("submitted/half/ps/assignment.ipynb", answered({...right, q2: right.q2.replace('estimate(mixed, "sd[cl]")', "0"), q3: "const leastPresuming = (prices: readonly number[], average: number): number[] => prices.map(() => 1 / prices.length);\nconst shares = leastPresuming([2, 3, 5], 2.6);"}));
  const wrong = answered({...right, q3: "const leastPresuming = (prices: readonly number[], average: number): number[] => [0.7, 0, 0.3];\nconst shares = [0.4, 0.6, 0];"});
  put("submitted/wrong/ps/assignment.ipynb", {...wrong, cells: wrong.cells.filter((cell) => id(cell) !== "q3-test")});
  put("submitted/unanswered/ps/assignment.ipynb", student);
  nbgrader("autograde", "ps", "--create");
  nbgrader("export", "--to=grades.csv");
  const [head, ...rows] = readFileSync(join(course, "grades.csv"), "utf8").trim().split(/\r?\n/).map((line) => line.split(","));
  const column = (name: string): number => head.indexOf(name);
  const scores = Object.fromEntries(rows.map((row) => [row[column("student_id")], [Number(row[column("raw_score")]), Number(row[column("max_score")])]]));
  assert.deepEqual(scores, {half: [3, 6], wrong: [4, 6], unanswered: [0, 6]});
});
