import assert from "node:assert/strict";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import {join} from "node:path";
import test, {after, describe} from "node:test";
import {awaitsInLoop, withoutExport, type Reader} from "../../src/notebook/cellText.js";
import {clipped} from "../../src/notebook/clip.js";
import {exportHtml} from "../../src/notebook/exportHtml.js";
import {format} from "../../src/notebook/format.js";
import {joined, notebookText, type Cell, type Output} from "../../src/notebook/ipynb.js";
import {runNotebook, type Run} from "../../src/notebook/run.js";
import {code, notebook} from "./course/make.js";

const ts = createRequire(import.meta.url)("typescript") as Reader;
const scratch = mkdtempSync(join(tmpdir(), "cells-"));
after(() => rmSync(scratch, {recursive: true}));

let books = 0;

/** Runs cells, whatever becomes of them. */
async function ran(...sources: string[]): Promise<Run & {readonly shown: (readonly string[])[]}> {
  const path = join(scratch, `${++books}.ipynb`);
  writeFileSync(path, notebookText(notebook(...sources.map((source) => code(source)))));
  const run = await runNotebook(path, {allowErrors: true});
  return {...run, shown: run.notebook.cells.map(({outputs}: Cell) => outputs!.map(words))};
}

function words(output: Output): string {
  if (output.output_type === "stream") return joined(output.text);
  return output.output_type === "error" ? `${output.ename}: ${output.evalue}` : joined(output.data["text/plain"] as string);
}

describe("cells as people write them", {concurrency: 2}, () => {
  test("a promise as last value asks for await; one that failed is its error, once, without a path; none shows what Node wrote on it", async () => {
    const {shown, notebook: book} = await ran(
      "const later = new Promise<number>((resolve) => setTimeout(() => resolve(6), 30));\nlater",
      "Promise.resolve(42)",
      "async function fail(): Promise<number> { throw new Error('no such column'); }\nfail()",
      "async function late(): Promise<number> { await null; await null; throw new Error('soon'); }\nlate()",
      "const handled = Promise.reject(new Error('seen'));\nhandled.catch(() => {});\nhandled",
      "({within: new Promise(() => {}), list: [Promise.resolve(1)]})",
      "console.log(Promise.resolve('one'), new Promise(() => {}));",
      "await later"
    );
    assert.deepEqual(shown[0], ["a promise: write await before it"]);
    assert.deepEqual(shown[1], ["a promise of 42: write await before it"]);
    assert.deepEqual(shown[2], ["Error: no such column"]);
    assert.deepEqual(shown[3], ["Error: soon"]);
    assert.deepEqual(shown[4], ["a promise that has failed: await it within try and catch to see why"]);
    assert.deepEqual(shown[5], ["{ within: Promise { <pending> }, list: [ Promise { 1 } ] }"]);
    assert.deepEqual(shown[6], ["Promise { 'one' } Promise { <pending> }\n"]);
    assert.deepEqual(shown[7], ["6"]);
    assert.doesNotMatch(notebookText(book), /async_id|kResourceStore|node:internal/);
  });

  test("for await makes a cell wait; export is no hindrance, and moves no line", async () => {
    const {shown, notebook: book} = await ran(
      "async function* gen() { yield 1; yield 2; }\nlet sum = 0;\nfor await (const k of gen()) sum += k;\nsum",
      "/** pasted */\nexport const w0 = 2;\nexport function twice(n: number) { return 2 * n; }\nexport abstract class A { n = 3 }\nexport interface I { n: number }\nexport type T = I[];\nexport async function one() { return 1; }",
      "export const w0 = 3; const list: T = [{n: twice(w0) + await one()}];\nlist[0].n",
      "export const w1 = 1;\nexport const bad: string = w1;"
    );
    assert.deepEqual(shown.slice(0, 3), [["3"], [], ["7"]]);
    const trouble = book.cells[3].outputs![0];
    assert.ok(trouble.output_type === "error");
    assert.match(trouble.evalue, /\(line 2\)$/);
    assert.match(trouble.traceback.join("\n").replace(/\u001b\[\d+m/g, ""), /> 2 \| export const bad: string = w1;\n {4}\| {14}\^/);
  });

  test("a variable that still waits for its value when its cell fails is there, undefined; a constant is not", async () => {
    const {shown} = await ran(
      "let worth: number;\nlet [low, high] = [1, 2];\nconst first = 1;\nthrow new Error('not answered yet');\nconst unreached = 1;",
      "String(worth) + low + high + first",
      "unreached",
      "worth = 3;\nlet low: string;\nthrow new Error('again');",
      "worth + low"
    );
    assert.deepEqual(shown[1], ["undefined121"]);
    assert.match(shown[2][0], /Cannot find name 'unreached'/);
    assert.deepEqual(shown[4], ["4"], "one declared anew and not reached is what it was");
  });

  test("a value too long for a notebook is cut, and says so", async () => {
    const {notebook: book, shown} = await ran(
      "\"x\".repeat(3_000_000)",
      "({[Symbol.for('Jupyter.display')]: () => ({'text/plain': 'short', 'text/html': '<p>' + 'x'.repeat(3_000_000)})})",
      "const kernel = (globalThis as any)[Symbol.for('Jupyter.kernel')];\nkernel.displayBundle({'text/plain': 'y'.repeat(3_000_000)});"
    );
    assert.ok(notebookText(book).length < 1e6);
    for (const i of [0, 2]) assert.match(shown[i][0], /^(xxx|yyy)[xy]+\n\[2,700,100 more characters are left out\]$/);
    assert.equal(shown[1][0], "short\n[3,000,003 characters of text/html are left out]");
  });

  test("the page of a run that went on after an error says how many cells failed", async () => {
    const banner = async (...sources: string[]): Promise<string> => /<p class="banner">(.*?)<\/p>/.exec(exportHtml((await ran(...sources)).notebook))![1].replace(/<[^>]*>/g, "").replaceAll("&#39;", "'");
    assert.equal(await banner("1", "throw new Error(1 + '')", "2"), "One cell of this run failed, with an error in cell [2], throw new Error(1 + '').");
    assert.equal(await banner("throw new Error(1 + '')", "throw new Error(2 + '')", "22"), "2 cells of this run failed, the first with an error in cell [1], throw new Error(1 + '').");
    assert.equal(await banner("1", "throw new Error(12 + '')"), "This run ended with an error in cell [2], throw new Error(12 + '').");
  });
});

test("export is blanked before declarations alone; a for await counts outside functions alone", () => {
  for (const code of ["const text = 'export const a = 1';", "export default 1;", "export {a};", "export * from 'm';", "const a = 1; // export"]) assert.equal(withoutExport(ts, code), code);
  assert.equal(withoutExport(ts, "declare const b: 1; export enum E { A }\nexport declare const c: 2;"), "declare const b: 1;        enum E { A }\n       declare const c: 2;");
  assert.ok(awaitsInLoop(ts, "if (true) { for /* each */ await (const a of b) c(a); }"));
  assert.ok(!awaitsInLoop(ts, "async function f() { for await (const a of b) c(a); }\nconst g = async () => { for await (const a of b) c(a); };\n'for await'"));
});

test("figures and images are never cut; what was cut once is not cut again", async () => {
  const long = "x".repeat(500_000);
  const figures = {"text/plain": "a figure", "image/png": long, "image/svg+xml": `<svg>${long}</svg>`, "text/html": `<figure><svg>${long}</svg></figure>`};
  assert.deepEqual(clipped(figures), figures);
  const cut = clipped({"text/plain": long});
  assert.deepEqual(clipped(cut), cut);
  assert.deepEqual(await format(long), cut);
});
