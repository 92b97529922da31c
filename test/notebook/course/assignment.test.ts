import assert from "node:assert/strict";
import {execFile} from "node:child_process";
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join, resolve} from "node:path";
import test, {after, before} from "node:test";
import {fileURLToPath} from "node:url";
import {promisify} from "node:util";
import {joined, notebookText, readNotebook, type Cell, type Notebook} from "../../../src/notebook/ipynb.js";
import {code, graded, notebook, solution} from "./make.js";

// The worked assignment, by the command as it is installed: submissions run fenced here.

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
const path = join(root, "notebooks/assignment.ipynb");
const scratch = mkdtempSync(join(tmpdir(), "assignment-"));
after(() => rmSync(scratch, {recursive: true}));
before(() => assert.ok(existsSync(join(root, "dist/notebook/course/index.js")), "build first: npm run build"));

const command = async (...words: string[]): Promise<string> => (await promisify(execFile)(process.execPath, [join(root, "dist/notebook/cli.js"), "nb", ...words], {cwd: root})).stdout;
const id = (cell: Cell): string | undefined => (cell.metadata.nbgrader as {grade_id?: string} | undefined)?.grade_id;

interface Results {
  readonly score: number;
  readonly tests: readonly {readonly name: string; readonly score: number; readonly output: string; readonly visibility: string}[];
  readonly extra_data: {readonly fenced: boolean; readonly remarks: readonly string[]};
}
const results = (folder: string): Results => JSON.parse(readFileSync(join(folder, "results.json"), "utf8")) as Results;

test("the committed assignment holds no outputs", () => {
  for (const cell of readNotebook(path).cells) if (cell.cell_type === "code") assert.deepEqual([cell.outputs, cell.execution_count], [[], null]);
});

test("the worked assignment: the key earns 6 of 6, half of it right 3, one wrong with its test deleted 4, unanswered 0", async () => {
  await command("assign", path, "--out", join(scratch, "student"));
  const student = readNotebook(join(scratch, "student/assignment.ipynb"));
  assert.doesNotMatch(notebookText(student), /SOLUTION|HIDDEN|sharesAt|0\.2746|2\.307|estimate\(mnl/, "nothing of the answers is left");
  const sources = new Map(readNotebook(path).cells.map((cell) => [id(cell), joined(cell.source)]));
  const answered = (answers: Record<string, string>): Notebook => ({...student, cells: student.cells.map((cell) => ({...cell, source: answers[id(cell) ?? ""] ?? cell.source}))});

  const handed = join(scratch, "handed");
  mkdirSync(handed);
  const hand = (name: string, submission: Notebook): void => writeFileSync(join(handed, `${name}.ipynb`), notebookText(submission));
  const right = {q1: sources.get("q1")!, q2: sources.get("q2")!, q3: sources.get("q3")!};
  hand("key", readNotebook(path));
  // The first right; of the second the mean alone; the third adds up, but leaves the average price where it was.
  hand("half", answered({q1: right.q1, q2: right.q2.replace('estimate(mixed, "sd[cl]")', "0"), q3: "const leastPresuming = (prices: readonly number[], average: number): number[] => prices.map(() => 1 / prices.length);\nconst shares = leastPresuming([2, 3, 5], 2.6);"}));
  const wrong = answered({...right, q3: "const leastPresuming = (prices: readonly number[], average: number): number[] => [0.7, 0, 0.3];\nconst shares = [0.4, 0.6, 0];"});
  hand("wrong", {...wrong, cells: wrong.cells.filter((cell) => id(cell) !== "q3-test")});
  hand("unanswered", student);

  await command("grade", path, handed, "--out", join(scratch, "graded"), "--timeout", "120");
  const of = (name: string): Results => results(join(scratch, "graded", name));
  assert.deepEqual(["key", "half", "wrong", "unanswered"].map((name) => of(name).score), [6, 3, 4, 0]);
  assert.deepEqual(of("half").tests.map(({score}) => score), [2, 1, 0]);
  assert.deepEqual(of("wrong").tests.map(({score}) => score), [2, 2, 0]);
  assert.equal(of("wrong").tests[2].output, "a hidden test failed", "its shares pass the tests that students see");
  assert.deepEqual(of("wrong").extra_data, {max_score: 6, remarks: ["not in the submission: q3-test"], fenced: true});
  assert.deepEqual(of("key").extra_data, {max_score: 6, remarks: [], fenced: true});
  assert.match(of("half").tests[2].output, /the average price is the one given/);
  assert.match(of("unanswered").tests[0].output, /^ChoiceError: check\("q1"\): not answered yet/, "what was declared is there, without a value");
  assert.deepEqual(of("half").tests.map(({visibility}) => visibility), ["visible", "after_published", "after_published"]);

  const page = (name: string): string => readFileSync(join(scratch, "graded", name, "feedback.html"), "utf8");
  assert.match(page("key"), /<h1>6 of 6 points<\/h1>[\s\S]*✓ q1[\s\S]*✓ q2[\s\S]*✓ q3/, "the sealed checks know the key's answers");
  assert.match(page("half"), /✗ q2: not yet, at \[1\]: let cl alone vary/);
  assert.match(page("unanswered"), /not answered yet: your code goes here/);
  for (const name of ["key", "half", "wrong", "unanswered"]) assert.doesNotMatch(page(name), /geometric sequence|equal factors|<script/, "hidden tests stay hidden");
});

test("a fenced submission writes in its own folder alone, reads no tests, and starts nothing", async () => {
  const home = join(scratch, "fence");
  mkdirSync(home);
  const key = join(home, "key.ipynb");
  const check = graded("t", 1, "if (done.join() !== 'true,false,false,false,false,false') throw new Error(done.join());");
  writeFileSync(key, notebookText(notebook(solution("q", "const done: boolean[] = [];"), check)));
  const tries = [
    "fs.writeFileSync('own.txt', 'mine')",
    `fs.writeFileSync(${JSON.stringify(join(home, "stolen.txt"))}, 'x')`,
    "fs.writeFileSync('../../stolen.txt', 'x')",
    `fs.readFileSync(${JSON.stringify(key)})`,
    `require('child_process').execFileSync(process.execPath, ['-e', '1'])`,
    `new (require('worker_threads').Worker)('1', {eval: true})`
  ];
  const source = `const fs = require('fs');\nconst done: boolean[] = [];\nconst attempt = (act: () => unknown) => { try { act(); done.push(true); } catch { done.push(false); } };\n${tries.map((act) => `attempt(() => ${act});`).join("\n")}`;
  const submission = join(home, "..evil name;.ipynb");
  writeFileSync(submission, notebookText(notebook(code("1"), solution("q", source), check)));
  const said = await command("grade", key, submission, "--out", join(home, "out"), "--json", join(home, "out.json"));
  const result = JSON.parse(readFileSync(join(home, "out.json"), "utf8")) as Results;
  assert.equal(result.tests[0].output, "", "one write is allowed, and nothing else");
  assert.deepEqual([result.score, result.extra_data.fenced], [1, true]);
  assert.match(said, /^evil-name: 1 of 1$/m);
  assert.ok(!existsSync(join(home, "stolen.txt")) && !existsSync(join(tmpdir(), "stolen.txt")));
  assert.ok(existsSync(join(home, "out/evil-name/feedback.html")));
});
