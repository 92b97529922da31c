import assert from "node:assert/strict";
import test from "node:test";
import {assign, stub} from "../../../src/notebook/course/assign.js";
import {checksum, rolesOf} from "../../../src/notebook/course/roles.js";
import {joined, notebookText, type Cell} from "../../../src/notebook/ipynb.js";
import {code, graded, locked, mark, notebook, solution, text} from "./make.js";

const source = (cell: Cell): string => joined(cell.source);
const role = (cell: Cell) => cell.metadata.nbgrader as Record<string, unknown>;

test("checksums are those of nbgrader", () => {
  // Python: hashlib.md5 over source, cell type, str(grade), str(solution), str(locked), grade_id and, if graded, str(float(points)).
  const flags = {grade: false, solution: false, locked: false, task: false, points: 0};
  assert.equal(checksum({...flags, id: "q-1", solution: true}, {cell_type: "code", source: "const β = 1;\nβ"}), "60f1c4e1b373b92149f58a51dd382f14");
  assert.equal(checksum({...flags, id: "why", grade: true, solution: true, points: 0.5}, {cell_type: "markdown", source: ["Why?"]}), "fdbdefcf782a631fd9899325030db20c");
  assert.equal(checksum({...flags, id: "t_3", grade: true, locked: true, points: 3}, {cell_type: "code", source: "check(1)"}), "7a05a9298905c8c5a06332771f6b316d");
});

test("students get stubs for solutions, no hidden tests and no outputs; everything else as it was", () => {
  const answer = solution("q1", `const before = 1;\n  ${mark("SOLUTION", "  const secret = 42;").replace("\n//", "\n  //")}\nconst after = 2;\n${mark("SOLUTION", "more(secret)")}`);
  answer.outputs = [{output_type: "stream", name: "stdout", text: "42\n"}];
  answer.execution_count = 7;
  const instructor = notebook(
    text("# Title"),
    code("setup()"),
    answer,
    graded("q1-test", 2, `visible(1);\n${mark("HIDDEN TESTS", "hidden(42);")}\nvisible(2);`),
    solution("q2", "all of it is secret"),
    text("a secret essay", {grade_id: "essay", points: 3, grade: true, solution: true, locked: false}),
    code(mark("SOLUTION", "unmarked secret")),
    locked("data", "read()")
  );
  const before = structuredClone(instructor);
  const student = assign(instructor);
  assert.deepEqual(instructor, before, "the instructor's notebook is not touched");
  assert.doesNotMatch(notebookText(student), /secret|hidden\(|42/);
  const [title, setup, q1, test1, q2, essay, made, data] = student.cells;
  assert.equal(source(title), "# Title");
  assert.equal(source(setup), "setup()");
  assert.equal(source(q1), ["const before = 1;", ...stub.map((line) => `  ${line}`), "const after = 2;", ...stub].join("\n"));
  assert.deepEqual([q1.outputs, q1.execution_count], [[], null]);
  assert.equal(source(test1), "visible(1);\nvisible(2);");
  assert.equal(source(q2), stub.join("\n"));
  assert.equal(source(essay), "YOUR ANSWER HERE");
  assert.throws(() => new Function(source(q2))(), /not answered yet/);

  assert.deepEqual({...role(test1), checksum: ""}, {schema_version: 3, grade: true, solution: false, locked: true, task: false, grade_id: "q1-test", points: 2, cell_type: "code", checksum: ""});
  assert.deepEqual([role(made).solution, role(made).grade_id, role(made).locked], [true, "cell-7", false], "metadata are made where a solution has none");
  assert.deepEqual([role(data).locked, data.metadata.editable, role(q1).locked, q1.metadata.editable], [true, false, false, undefined]);
  const roles = rolesOf(student, "here");
  student.cells.forEach((cell, i) => roles[i] && assert.equal(role(cell).checksum, checksum(roles[i]!, cell)));
  assert.equal(notebookText(assign(instructor)), notebookText(student), "the same notebook gives the same bytes");
});

test("what cannot be meant is refused, and the cell is named", () => {
  const refused = (cells: Cell[], codeOf: string, words: RegExp): void => assert.throws(() => assign(notebook(...cells)), (error: {code: string; message: string}) => {
    assert.equal(error.code, codeOf);
    assert.match(error.message, words);
    return true;
  });
  refused([code("1"), solution("q1", "// ### BEGIN SOLUTION\nx")], "course/region", /cell 2 .*grade_id "q1", line 1: a BEGIN SOLUTION without its END/);
  refused([solution("q1", "x\n// ### END SOLUTION")], "course/region", /cell 1 .*line 2: an END SOLUTION without its BEGIN/);
  refused([solution("q1", "// ### BEGIN SOLUTION\n// ### BEGIN SOLUTION\n// ### END SOLUTION")], "course/region", /line 2: another BEGIN SOLUTION before the END of that on line 1/);
  // nearly a mark: overlooked, each of these would hand the solution out
  for (const near of ["// begin solution", "// ### BEGIN SOLUTIONS", "// ### BEGIN  SOLUTION", "// BEGIN_SOLUTION", "### BEGIN SOLUTION", "const x = 1; // ### BEGIN SOLUTION"]) {
    refused([solution("q1", `${near}\nsecret\n// ### END SOLUTION`)], "course/region", /cell 1/);
  }
  refused([graded("t", 1, "// ### BEGIN HIDDEN TEST\nsecret\n// ### END HIDDEN TEST")], "course/region", /BEGIN HIDDEN TESTS/);
  refused([solution("q1", "1"), code("2"), graded("q1", 1, "3")], "course/duplicate-id", /cell 3 \("3"\), grade_id "q1", whose id cell 1 \("1"\), grade_id "q1" has already/);
  refused([graded("t", undefined, "1")], "course/points", /cell 1 .*no points/);
  refused([graded("t", -1, "1")], "course/points", /points -1/);
  refused([graded("t", "2", "1")], "course/points", /points "2"/);
  refused([code("1", {grade: true, points: 1})], "course/id", /cell 1 .*no grade_id/);
  refused([code("1", {grade: true, points: 1, grade_id: "../q1"})], "course/id", /"\.\.\/q1"/);
  refused([code("1", {grade: "yes", points: 1, grade_id: "q1"})], "course/metadata", /grade "yes"/);
  refused([text("1", {grade: true, points: 1, grade_id: "q1"})], "course/kind", /a test in a markdown cell/);
  refused([graded("t", 1, mark("SOLUTION", "x"))], "course/place", /a solution in a cell that is no solution cell/);
  refused([code(mark("HIDDEN TESTS", "x"))], "course/place", /hidden tests in a cell that earns no points/);
});

test("a word of a solution in a sentence is no mark", () => {
  const student = assign(notebook(text("Write between BEGIN SOLUTION and END SOLUTION."), code("const solution = 1; // the beginning of a solution")));
  assert.deepEqual(student.cells.map(source), ["Write between BEGIN SOLUTION and END SOLUTION.", "const solution = 1; // the beginning of a solution"]);
});

test("expectations are sealed, and answers that would be readable are refused", () => {
  const questions = "  q1: {answer: 1 / 3, within: 0.001, mistakes: [{answer: 3, hint: \"upside down\"}]},\n  \"q 2\": {answer: [\"Logit\", true, 7]} // the last";
  const instructor = notebook(locked("setup", `const check = checker({\n${mark("CHECKS", questions)}\n});`));
  const sheet = source(assign(instructor).cells[0]);
  assert.doesNotMatch(sheet, /answer|0\.333|Logit|CHECKS/);
  const checks = new Function("checker", `${sheet} return check;`)((given: object) => given) as Record<string, {seal: {salt: string; entries: unknown[]}}>;
  assert.deepEqual(Object.keys(checks), ["q1", "q 2"]);
  assert.equal(checks["q 2"].seal.entries.length, 3);
  assert.notEqual(checks.q1.seal.salt, checks["q 2"].seal.salt);
  assert.throws(() => assign(notebook(locked("setup", "const check = checker({q1: {answer: 3}});"))), {code: "course/unsealed"});
  assert.throws(() => assign(notebook(locked("setup", `checker({\n${mark("CHECKS", "q1: {answer: unknown}")}\n})`))), {code: "course/checks", message: /cell 1 .*unknown is not defined/});
  assert.throws(() => assign(notebook(locked("setup", `checker({\n${mark("CHECKS", "q1: {anwser: 1}")}\n})`))), {code: "options/unknown", message: /did you mean|answer/i});
});
