import assert from "node:assert/strict";
import {spawn} from "node:child_process";
import {existsSync, mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import test, {after, describe} from "node:test";
import {fileURLToPath} from "node:url";
import {exportHtml} from "../../src/notebook/exportHtml.js";
import {joined, notebookText, readNotebook, type Output} from "../../src/notebook/ipynb.js";
import {runNotebook, type Run} from "../../src/notebook/run.js";

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}.ipynb`, import.meta.url));
const codeCells = (run: Run) => run.notebook.cells.filter((cell) => cell.cell_type === "code");
const outputs = (run: Run, cell: number): Output[] => codeCells(run)[cell - 1].outputs!;
const printed = (output: Output): string => (output.output_type === "stream" ? joined(output.text) : "");
const shown = (output: Output, mime = "text/plain"): string => ("data" in output ? joined(output.data[mime]) : "");
const trace = (output: Output): string => (output.output_type === "error" ? output.traceback.join("\n").replace(/\u001b\[\d+m/g, "") : "");

const scratch = mkdtempSync(join(tmpdir(), "notebook-"));
after(() => rmSync(scratch, {recursive: true}));

/** The command line, from source as these tests are. */
function command(...words: string[]): Promise<{status: number | null; out: string; err: string}> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["--import", "tsx", fileURLToPath(new URL("../../src/notebook/cli.ts", import.meta.url)), ...words]);
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => void (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => void (err += chunk.toString()));
    child.on("close", (status) => resolve({status, out, err}));
  });
}

describe("running a notebook", {concurrency: 2}, () => {
  test("values, streams, displays and updates come out in order, and the page shows them harmlessly", async () => {
    const before = readFileSync(fixture("plain"), "utf8");
    const run = await runNotebook(fixture("plain"));
    assert.equal(readFileSync(fixture("plain"), "utf8"), before, "the notebook itself is not touched");
    assert.equal(run.failure, undefined);
    assert.deepEqual(codeCells(run).map((cell) => cell.execution_count), [1, null, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);

    assert.deepEqual(outputs(run, 1), [
      {output_type: "stream", name: "stdout", text: "first\nsecond\n"},
      {output_type: "execute_result", execution_count: 1, data: {"text/plain": "1"}, metadata: {}}
    ]);
    assert.deepEqual(outputs(run, 3).map((output) => [(output as {name: string}).name, printed(output)]), [["stdout", "out\n"], ["stderr", "err\n"], ["stdout", "out again\n"]]);
    assert.equal(shown(outputs(run, 4)[0]), "    0    1\n0   1  2.5\n1  −3    4\nMatrix, 2 × 2");
    assert.match(shown(outputs(run, 4)[0], "text/html"), /<td[^>]*>2\.5<\/td>/);
    // 3,000 updates reach the one display; the next cell's update reaches it too
    const told = outputs(run, 5).map((output) => `${output.output_type} ${printed(output)}${shown(output)}`);
    assert.deepEqual(told, ["display_data done", "stream between\n", "display_data Error: shown, not thrown", "execute_result 1 function"]);
    assert.deepEqual(outputs(run, 6), []);
    assert.equal(shown(outputs(run, 7)[0]), "rich", "an async bundle is awaited");
    assert.match(shown(outputs(run, 8)[0], "image/svg+xml"), /^<svg style="background:#fff[^"]*" xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    assert.match(shown(outputs(run, 9)[0], "text/html"), /&lt;car&gt;/);
    assert.equal(trace(outputs(run, 10)[0]).split("\n")[0], "TypeError: expected here", "a cell tagged raises-exception may fail");
    assert.deepEqual(outputs(run, 11), [{output_type: "display_data", data: {"text/html": "<b>by tslab</b>"}, metadata: {}}]);
    assert.deepEqual(outputs(run, 12), [], "undefined shows nothing");

    const page = exportHtml(run.notebook, {name: "plain.ipynb"});
    assert.match(page, /<title>Plain cells<\/title>/);
    assert.match(page, /<msub><mi>s<\/mi><mrow><mi>i<\/mi><mi>j<\/mi><\/mrow><\/msub>/);
    assert.match(page, /<a href="#one">One<\/a><\/li><li><a href="#two">Two<\/a>/);
    assert.match(page, /<td>&lt;script&gt;alert\(1\)&lt;\/script&gt;<\/td>/, "a hostile label stays a text");
    assert.doesNotMatch(page, /<script|onclick=|src="http/);
    assert.doesNotMatch(page, /class="banner"|class="code failed/, "an error with leave is no failure");

    const text = notebookText(run.notebook);
    const stored = JSON.parse(text) as {nbformat_minor: number; cells: {id: string; source: unknown; outputs?: {text?: unknown}[]}[]};
    assert.equal(stored.nbformat_minor, 5);
    assert.deepEqual(stored.cells.slice(0, 3).map(({id}) => id), ["cell-1", "cell-2", "cell-3"]);
    assert.deepEqual(stored.cells[1].outputs![0].text, ["first\n", "second\n"]);
    assert.ok(!text.includes(process.cwd()), "no path of this machine");
  });

  test("a cell that throws ends the run with status 1, and its trace points at the lines the user wrote", async () => {
    const out = join(scratch, "throws");
    const {status, err} = await command("run", fixture("throws"), "--out", out);
    assert.equal(status, 1);
    assert.match(err, /throws\.ipynb: cell \[2\] failed, at "\/\/ the second cell"\nRangeError: minutes must be above 0, not 0\n/);
    const copy = readNotebook(join(out, "throws.ipynb"));
    const [, second, third] = copy.cells;
    assert.equal(printed(second.outputs![0]), "before\n");
    assert.equal(
      trace(second.outputs![1]),
      [
        "RangeError: minutes must be above 0, not 0",
        "  3 | function speed(trip: Trip): number {",
        "  4 |   // a trip takes time",
        "> 5 |   if (trip.minutes <= 0) throw new RangeError(`minutes must be above 0, not ${trip.minutes}`);",
        "    |                                ^",
        "    at speed (cell 1, line 5:32)",
        "    at cell 2, line 7:1"
      ].join("\n")
    );
    assert.deepEqual([third.execution_count, third.outputs], [null, []], "later cells are not run");
    const page = readFileSync(join(out, "throws.html"), "utf8");
    assert.match(page, /<p class="banner">This run ended with an error in <a href="#in-2">cell \[2\]<\/a>/);
    assert.match(page, /<section class="code skipped">/);
  });

  test("a loop without end is ended at the limit, and what it printed is kept", async () => {
    const out = join(scratch, "endless");
    const begun = performance.now();
    const {status, err} = await command("run", fixture("endless"), "--out", out, "--timeout", "2", "--no-page");
    assert.equal(status, 1);
    assert.match(err, /cell \[1\] failed.*\nTimeoutError: the cell took longer than 2 s and was ended/);
    assert.ok(performance.now() - begun < 60_000);
    assert.equal(printed(readNotebook(join(out, "endless.ipynb")).cells[0].outputs![0]), "before the loop\nstill before\n");
    assert.ok(!existsSync(join(out, "endless.html")));
  });

  test("a promise that never settles is ended too, even where errors are allowed", async () => {
    const run = await runNotebook(fixture("hangs"), {timeout: 2, allowErrors: true});
    assert.equal(run.failure?.name, "TimeoutError");
    assert.equal(printed(outputs(run, 1)[0]), "waiting\n");
    assert.equal(outputs(run, 1).length, 2);
  });

  test("a cell that ends the process is named", async () => {
    const run = await runNotebook(fixture("exits"));
    assert.deepEqual([run.failure?.cell, run.failure?.name], [1, "ProcessEnded"]);
    assert.match(run.failure!.message, /exit code 3/);
    assert.equal(printed(outputs(run, 1)[0]), "last words\n");
    assert.equal(codeCells(run)[1].execution_count, null);
  });

  test("where errors are allowed the run goes on, and each is told in its place", async () => {
    const run = await runNotebook(fixture("errors"), {allowErrors: true});
    assert.equal(run.failure, undefined);
    const errors = codeCells(run).map(({outputs}) => outputs!.find(({output_type}) => output_type === "error"));
    const heads = errors.map((output) => output && trace(output).split("\n")[0]);
    const mismatch = "TypeScriptError: Type 'number' is not assignable to type 'string'.";
    assert.deepEqual(heads, [undefined, mismatch, undefined, "Thrown: a word", "Error: nobody awaited me", "Error: cannot be drawn", undefined, "Error: deep down", "Error: too late"]);
    const [types] = outputs(run, 2);
    assert.equal(outputs(run, 2).length, 1, "a cell that does not type-check is not run");
    assert.match(trace(types), /> 2 \| const label: string = price;\n {4}\| {7}\^/);
    assert.equal(types.output_type === "error" && types.evalue, "Type 'number' is not assignable to type 'string'. (line 2)");
    assert.deepEqual(outputs(run, 3).map(({output_type}) => output_type), ["stream", "execute_result"], "20,000 prints are one stream");
    assert.equal(printed(outputs(run, 3)[0]), Array.from({length: 20_000}, (_, i) => `line ${i}\n`).join(""));
    assert.equal(shown(outputs(run, 7)[0]), "3", "variables live on");
    assert.match(trace(outputs(run, 8)[0]), /> 2 \| down\(down, 30\)\n.*\^\n {4}at cell 8, line 2:1$/, "the cell is found below a library's own calls");
    assert.equal(notebookText(run.notebook), notebookText((await runNotebook(fixture("errors"), {allowErrors: true})).notebook), "a second run gives the same bytes");
  });

  test("the command line refuses to overwrite the notebook, and says what it wants", async () => {
    const into = fileURLToPath(new URL("fixtures", import.meta.url));
    const overwrite = await command("run", fixture("plain"), "--out", into);
    const missing = await command("run", "nowhere.ipynb");
    const nothing = await command("fly", fixture("plain"));
    const version = await command("--version");
    assert.equal(overwrite.status, 2);
    assert.match(overwrite.err, /the notebook itself is never changed/);
    assert.equal(missing.status, 2);
    assert.match(missing.err, /no file that can be read there/);
    assert.equal(nothing.status, 2);
    assert.match(nothing.err, /No command called "fly"/);
    assert.match(version.out, /^\d+\.\d+\.\d+/);
  });
});
