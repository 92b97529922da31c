import assert from "node:assert/strict";
import {spawn} from "node:child_process";
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import test, {after, describe} from "node:test";
import {fileURLToPath} from "node:url";
import {exportHtml} from "../../../src/notebook/exportHtml.js";
import {grade, type Graded} from "../../../src/notebook/course/grade.js";
import {gradescope} from "../../../src/notebook/course/results.js";
import {notebookText, type Cell} from "../../../src/notebook/ipynb.js";
import {code, graded, mark, notebook, solution, text} from "./make.js";

// Here submissions run from source, under a loader, and so unfenced; assignment.test.ts runs them fenced.

const scratch = mkdtempSync(join(tmpdir(), "grading-"));
after(() => rmSync(scratch, {recursive: true}));
const save = (name: string, ...cells: Cell[]): string => {
  writeFileSync(join(scratch, name), notebookText(notebook(...cells)));
  return join(scratch, name);
};

/** The command line, from source as these tests are. */
function command(...words: string[]): Promise<{status: number | null; out: string; err: string}> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["--import", "tsx", fileURLToPath(new URL("../../../src/notebook/cli.ts", import.meta.url)), "nb", ...words]);
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => void (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => void (err += chunk.toString()));
    child.on("close", (status) => resolve({status, out, err}));
  });
}

const one = (source: string): Cell => solution("q1", source);
const test1 = graded("q1-test", 1, `if (x !== 2) throw new Error("x is " + x);\n${mark("HIDDEN TESTS", 'if (x * 3 !== 6) throw new Error("the secret of x");')}`);
const test2 = graded("q2-test", 2, "y > 0 ? y / 2 : 0");
const begin = code("let x = 0, y = 0;");
const key = save("key.ipynb", begin, one(mark("SOLUTION", "x = 2;")), test1, solution("q2", mark("SOLUTION", "y = 4;")), test2, text("words", {grade_id: "essay", points: 1, grade: true, solution: true, locked: false}));
const submitted = (name: string, first: string, second = "y = 2;"): string => save(`${name}.ipynb`, begin, one(first), {...test1, source: "1"}, solution("q2", second), test2, text("my own words", {grade_id: "essay", points: 1, grade: true, solution: true, locked: false}));
const points = (result: Graded): number[] => result.scores.map(({score}) => score);
const outputs = (result: Graded): string[] => result.scores.map(({output}) => output);

describe("grading", {concurrency: 2}, () => {
  test("a submission earns what its answers earn: all, a part by its last value, and words wait for a reader", async () => {
    const result = await grade(key, submitted("good", "x = 2;\nconsole.log(require('fs').readdirSync('.'))"), {timeout: 60});
    assert.deepEqual([points(result), result.score, result.max], [[1, 1, 0], 2, 4]);
    assert.deepEqual(outputs(result), ["", "", "to be read: up to 1 points"]);
    assert.deepEqual(result.remarks, ["altered by the student, and put back: q1-test"]);
    const results = gradescope(result);
    assert.deepEqual(results.tests.map(({name, score, max_score, visibility, status}) => [name, score, max_score, visibility, status]), [
      ["q1-test", 1, 1, "after_published", "passed"],
      ["q2-test", 1, 2, "visible", "failed"],
      ["essay", 0, 1, "visible", "failed"]
    ]);
    assert.equal(results.output, "Still to be read by hand: essay.");
    assert.match(notebookText(result.notebook!), /the secret of x/, "the instructor's copy holds the hidden tests");
    const page = exportHtml(result.feedback);
    assert.doesNotMatch(page, /secret of x|sheet\.ipynb|class="banner"/, "the student's page does not, and no file of the sheet lay beside the cells");
    assert.match(page, /<h1>2 of 4 points<\/h1>/);
  });

  test("a loop without end is ended at the limit, its printing cut; what was not run earns nothing and says why", async () => {
    const result = await grade(key, submitted("loop", "x = 2;", "for (;;) console.log('x'.repeat(99));"), {timeout: 2});
    assert.deepEqual(points(result), [1, 0, 0]);
    assert.match(outputs(result)[1], /^this test was not run: cell \[4\] ended the run \(TimeoutError: the cell took longer than 2 s/);
    assert.ok(notebookText(result.notebook!).length < 1e5, "a page of prints, not millions");
  });

  test("an answer that ends the process is told", async () => {
    const result = await grade(key, submitted("exit", "x = 2;\nprocess.exit(0);"));
    assert.deepEqual(points(result), [0, 0, 0]);
    assert.match(outputs(result)[0], /not run: cell \[2\] ended the run \(ProcessEnded: .*exit code 0/);
    assert.ok(result.remarks.some((remark) => remark === 'worth a look: "process.exit" in q1'));
  });

  test("an answer that breaks its watcher breaks its own run alone", async () => {
    const result = await grade(key, submitted("forged", "x = 2;\nprocess.send!({type: 'error'});"));
    assert.deepEqual(points(result), [0, 0, 0]);
    assert.match(result.remarks[0], /could not be run: the run broke off/);
    assert.equal(result.notebook, undefined);
    assert.match(exportHtml(result.feedback), /0 of 4 points/);
  });

  test("a failing test tells its words, and so does a test that is itself at fault", async () => {
    const result = await grade(key, submitted("wrong", "x = 3;\nObject.defineProperty(globalThis, 'seen', {value: 1});", "y = 5;"));
    assert.deepEqual(points(result), [0, 0, 0]);
    assert.deepEqual(outputs(result).slice(0, 2), ["Error: x is 3", "the test is at fault: its last value, 2.5, is no score between 0 and 2"]);
    assert.deepEqual(result.remarks.slice(1), ['worth a look: "defineProperty" in q1'], "for the instructor's eyes");
  });

  test("data are laid beside it, and nothing else of the instructor's", async () => {
    mkdirSync(join(scratch, "tables"));
    writeFileSync(join(scratch, "tables/a.csv"), "2\n");
    const path = submitted("reads", "const fs = require('fs');\nx = Number(fs.readFileSync('tables/a.csv', 'utf8'));\nfs.writeFileSync('own.txt', 'x');\nconsole.log(fs.readdirSync('.').sort().join());");
    const result = await grade(key, path, {data: [join(scratch, "tables")]});
    assert.deepEqual(points(result), [1, 1, 0]);
    assert.match(notebookText(result.notebook!), /own\.txt,tables\\n/);
    assert.ok(!existsSync("own.txt") && !existsSync(join(scratch, "own.txt")));
    await assert.rejects(grade(key, path, {data: ["nowhere.csv"]}), {code: "course/data"});
  });
});

test("what is no notebook earns nothing, and says why; a wrong key or option is the instructor's error", async () => {
  for (const [name, content, words] of [["broken.ipynb", "<<<<<<< HEAD", /not JSON/], ["old.ipynb", '{"nbformat": 3}', /nbformat 3/], ["null.ipynb", "null", /nbformat undefined/], ["cells.ipynb", '{"nbformat": 4, "cells": 7}', /no list of cells/], ["empty.ipynb", "", /not JSON/], ["many.ipynb", notebookText(notebook(...Array.from({length: 1001}, () => begin))), /1001 cells/]] as const) {
    writeFileSync(join(scratch, name), content);
    const result = await grade(key, join(scratch, name));
    assert.deepEqual([result.score, result.max, result.scores.length, result.notebook], [0, 4, 3, undefined], name);
    assert.match(outputs(result)[0], words);
    assert.match(exportHtml(result.feedback), /<h1>0 of 4 points<\/h1>/);
  }
  assert.match(outputs(await grade(key, join(scratch, "none.ipynb")))[0], /cannot be read/);
  await assert.rejects(grade(join(scratch, "broken.ipynb"), key), {code: "notebook/not-json"});
  await assert.rejects(grade(save("twice.ipynb", one("1"), one("2")), key), {code: "course/duplicate-id"});
  await assert.rejects(grade(key, key, {timeout: 0}), {code: "course/timeout"});
  await assert.rejects(grade(key, key, {timeOut: 1} as never), {code: "options/unknown"});
});

test("the command writes into its folder alone, under names of its own, and never over what it grades", async () => {
  const handed = join(scratch, "handed");
  mkdirSync(join(handed, "a"), {recursive: true});
  mkdirSync(join(handed, ".ipynb_checkpoints"));
  for (const name of ["..\\..\\x.ipynb", "-.ipynb", "a/x.ipynb", ".ipynb_checkpoints/x.ipynb", "A-x.ipynb", "notes.txt"]) writeFileSync(join(handed, name), "no notebook");
  const out = join(scratch, "out", "here");
  const before = readdirSync(scratch).filter((name) => name !== "out");
  assert.equal((await command("grade", key, handed, "--out", out, "--json", join(scratch, "out.json"))).status, 0);
  assert.deepEqual(readdirSync(out).sort(), ["A-x", "a-x-2", "submission", "x"].sort());
  assert.deepEqual(readdirSync(scratch).filter((name) => name !== "out" && name !== "out.json"), before);
  const all = JSON.parse(readFileSync(join(scratch, "out.json"), "utf8")) as {submissions: {name: string; score: number; tests: object[]}[]};
  assert.deepEqual(all.submissions.map(({score, tests}) => [score, tests.length]), [[0, 3], [0, 3], [0, 3], [0, 3]]);

  mkdirSync(join(out, "graded"));
  writeFileSync(join(out, "graded/graded.ipynb"), "handed in from here");
  const over = await command("grade", key, join(out, "graded/graded.ipynb"), "--out", out);
  assert.equal(over.status, 2);
  assert.match(over.err, /would be written over/);
  assert.match((await command("assign", key, "--out", scratch)).err, /the notebook itself is never changed/);
  assert.match((await command("grade", key, "--out", out)).err, /a submission is missing/);
  assert.match((await command("grade", key, "nowhere.ipynb", "--out", out)).err, /nothing at "nowhere\.ipynb"/);
  assert.match((await command("assign", key)).err, /--out folder is missing/);
});
