import assert from "node:assert/strict";
import test from "node:test";
import {clipped} from "../../../src/notebook/course/clip.js";
import {plainName} from "../../../src/notebook/course/names.js";
import {keyOf, restore} from "../../../src/notebook/course/restore.js";
import {scoreTest, total} from "../../../src/notebook/course/score.js";
import {assign} from "../../../src/notebook/course/assign.js";
import {feedback} from "../../../src/notebook/course/feedback.js";
import {joined, notebookText, type Cell, type Output} from "../../../src/notebook/ipynb.js";
import {code, graded, locked, mark, notebook, solution, text} from "./make.js";

const role = {id: "t", grade: true, solution: false, locked: true, task: false, points: 3};
const result = (value: string): Output => ({output_type: "execute_result", execution_count: 4, data: {"text/plain": value}, metadata: {}});
const error = (line: number, evalue = "why"): Output => ({output_type: "error", ename: "Error", evalue, traceback: ["\u001b[31mError\u001b[39m: why", `    at cell 4, line ${line}:1`, "    at f (cell 2, line 1:1)"]});
const ran = (outputs: Output[], source = "1"): Cell => ({...code(source), outputs, execution_count: 4});

test("points are given by nbgrader's rule, and never for what did not run", () => {
  const score = (outputs: Output[]) => scoreTest(ran(outputs), role, "").score;
  assert.equal(score([]), 3);
  assert.equal(score([result("fine")]), 3);
  assert.equal(score([result("1.5")]), 1.5);
  assert.equal(score([result("0")]), 0);
  assert.equal(score([result("3")]), 3);
  assert.equal(score([error(1)]), 0);
  assert.equal(score([result("2"), error(1)]), 0, "a value does not outweigh a failure");
  // out of range: the test is at fault, and says so
  for (const value of ["3.01", "-1", "NaN", "1e9", "Infinity"]) assert.match(scoreTest(ran([result(value)]), role, "").output, /the test is at fault/, value);
  assert.equal(score([result("-4958.65")]), 0);
  const never = scoreTest({...code("1"), outputs: []}, role, "cell [2] ended the run");
  assert.deepEqual([never.score, never.output], [0, "this test was not run: cell [2] ended the run"]);
  assert.equal(total([0.1, 0.2, 0.3].map((points) => ({...never, score: points})), "score"), 0.6);
});

test("a failure tells what students may know: its own words before the hidden part, and nothing of the hidden part", () => {
  const source = `visible;\n${mark("HIDDEN TESTS", "hidden;")}\nlater;\nlater;\nlater;`; // hidden: lines 2 to 4
  const output = (failure: Output) => scoreTest(ran([failure], source), role, "").output;
  assert.equal(output(error(1)), "Error: why");
  for (const line of [2, 3, 4, 5, 6]) assert.equal(output(error(line)), "a hidden test failed", `line ${line}, whose trace shows two lines above`);
  assert.equal(output(error(7)), "Error: why");
  assert.equal(output({output_type: "error", ename: "Thrown", evalue: "42", traceback: ["Thrown: 42"]}), "a hidden test failed", "from nobody knows where");
  const types = (line: number): Output => ({output_type: "error", ename: "TypeScriptError", evalue: `Cannot find name 'x'. (line ${line})`, traceback: ["> 3 | hidden;"]});
  assert.match(output(types(1)), /Cannot find name/);
  assert.equal(output(types(3)), "a hidden test failed");
});

const instructor = notebook(
  locked("setup", "const a = 1;"),
  text("## One"),
  solution("q1", `let x = 0;\n${mark("SOLUTION", "x = 1;")}`),
  graded("t1", 1, `if (x !== a) throw new Error();\n${mark("HIDDEN TESTS", "x.toFixed(9);")}`),
  solution("q2", "let y = 2;"),
  graded("t2", 2, "y"),
  graded("t3", 2, "y"),
  text("essay", {grade_id: "essay", points: 1, grade: true, solution: true, locked: false})
);
const ids = (cells: readonly Cell[]): string[] => cells.map((cell) => (cell.metadata.nbgrader as {grade_id?: string} | undefined)?.grade_id ?? "-");

test("tests and locked cells are the instructor's again, wherever the student left them, and answers are the student's", () => {
  const key = keyOf(instructor);
  const student = assign(instructor);
  const [setup, one, q1, t1, q2, t2, t3, essay] = student.cells;
  q1.source = "let x = 1;";
  const mine = code("const scratch = 1;");
  const untouched = restore(key, student);
  assert.deepEqual([untouched.changed, untouched.missing], [[], []]);
  assert.deepEqual([...untouched.unanswered], ["q2", "essay"]);
  assert.match(joined(untouched.notebook.cells[3].source), /x\.toFixed/, "hidden tests are back");
  assert.equal(joined(untouched.notebook.cells[2].source), "let x = 1;");

  const altered = {...t1, source: "1", metadata: {...t1.metadata, tags: ["raises-exception"], nbgrader: {...(t1.metadata.nbgrader as object), points: 99, grade: false}}};
  const sheet = restore(key, {...student, cells: [one, q1, mine, altered, q2, essay, {...t3, cell_type: "markdown"}, structuredClone(t3)], metadata: {kernelspec: {name: "python3", language: "python"}}});
  assert.deepEqual(ids(sheet.notebook.cells), ["setup", "-", "q1", "-", "t1", "q2", "t2", "essay", "t3", "-"]);
  assert.deepEqual([sheet.changed, sheet.missing], [["t1", "t3"], ["setup", "t2"]]);
  const again = sheet.notebook.cells[4];
  assert.match(joined(again.source), /x !== a/);
  assert.deepEqual([(again.metadata.nbgrader as {points: number}).points, again.metadata.tags], [1, undefined]);
  assert.equal(sheet.notebook.cells[8].cell_type, "code");
  assert.deepEqual(sheet.notebook.metadata, instructor.metadata, "a submission does not choose its language");
  assert.equal(sheet.roles[4]?.points, 1);
  assert.equal(setup.metadata.editable, false);
  assert.ok(t2);
});

test("an empty submission gets every test, in order", () => {
  const sheet = restore(keyOf(instructor), notebook());
  assert.deepEqual(ids(sheet.notebook.cells), ["setup", "t1", "t2", "t3"]);
});

test("feedback shows points and the student's own work, and nothing hidden", () => {
  const key = keyOf(instructor);
  const sheet = restore(key, assign(instructor));
  const cells = sheet.notebook.cells.map((cell, i): Cell => (cell.cell_type === "code" ? {...cell, execution_count: i + 1, outputs: [{output_type: "stream", name: "stdout", text: i === 3 ? "printed by a hidden test" : `out ${i}`}]} : cell));
  const scores = [{name: "t1", score: 0, max: 1, output: "a hidden test failed", hidden: true, byHand: false}, {name: "t2", score: 2, max: 2, output: "", hidden: false, byHand: false}, {name: "essay", score: 0, max: 1, output: "to be read: <b>", hidden: false, byHand: true}];
  const page = notebookText(feedback(key, {scores, ran: {notebook: {...sheet.notebook, cells}, roles: sheet.roles}}));
  assert.doesNotMatch(page, /toFixed|printed by a hidden test|HIDDEN/);
  assert.match(page, /<h1>2 of 4 points<\/h1>/);
  assert.match(page, /t1: 0 of 1<\/b> · a hidden test failed/);
  assert.match(page, /to be read: &lt;b&gt;/);
  assert.match(page, /out 5/);
});

test("outputs are cut to what is read, and the error that decides is kept", () => {
  const many: Output[] = Array.from({length: 5000}, () => ({output_type: "stream", name: "stdout", text: "x".repeat(50_000)}));
  const kept = clipped([...many, error(1)]);
  assert.ok(JSON.stringify(kept).length < 5e6);
  assert.equal(kept[kept.length - 1].output_type, "error");
  assert.match(joined((kept[0] as {text: string}).text), /30000 more characters are left out/);
  const [big] = clipped([{output_type: "display_data", data: {"text/html": "x".repeat(2e6)}, metadata: {}}]);
  assert.ok(JSON.stringify(big).length < 1000);
});

test("names of submissions are plain folder names", () => {
  for (const name of ["../../etc/passwd", "/abs/olute", "..", ".", "", ".hidden", "a\u0000b", "C:\\x\\y", "con", "NUL.txt", "a/../b", "x".repeat(500), "\u202Etxt.exe", "‮", "名前", "Zoë"]) {
    const plain = plainName(name);
    assert.match(plain, /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}._-]*$/u, JSON.stringify(name));
    assert.ok([...plain].length <= 91 && !/[.-]$|^(con|nul)(\.|$)/i.test(plain), plain);
  }
  assert.equal(plainName("名前"), "名前");
});
