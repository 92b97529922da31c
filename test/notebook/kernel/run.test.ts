import assert from "node:assert/strict";
import {spawn} from "node:child_process";
import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import test, {after, describe} from "node:test";
import {fileURLToPath} from "node:url";
import {inherited} from "../../../src/notebook/child.js";
import {notebookText, readNotebook} from "../../../src/notebook/ipynb.js";
import {startKernelSession} from "../../../src/notebook/kernel/kernelSession.js";
import {runNotebook, runNotebookIn, type RunOptions} from "../../../src/notebook/run.js";

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}.ipynb`, import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "notebook-"));
after(() => rmSync(scratch, {recursive: true}));

/** The command line, from source as these tests are. */
function command(...words: string[]): Promise<{status: number | null; out: string; err: string}> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...inherited(process.execArgv), fileURLToPath(new URL("../../../src/notebook/cli.ts", import.meta.url)), ...words]);
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => void (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => void (err += chunk.toString()));
    child.on("close", (status) => resolve({status, out, err}));
  });
}

describe("running a notebook in the kernel, over its sockets", {concurrency: 2}, () => {
  const ways: readonly [string, RunOptions][] = [
    ["plain", {}], ["throws", {}], ["errors", {allowErrors: true}], ["exits", {}], ["exits", {allowErrors: true}], ["endless", {timeout: 2}], ["hangs", {timeout: 2, allowErrors: true}]
  ];
  for (const [name, options] of ways) {
    test(`${name} ${JSON.stringify(options)}: the same notebook, byte for byte, and the same failure, as without sockets`, async () => {
      const [direct, served] = [await runNotebook(fixture(name), options), await runNotebookIn(startKernelSession, fixture(name), options)];
      assert.equal(notebookText(served.notebook), notebookText(direct.notebook));
      assert.deepEqual([served.failure, served.cells], [direct.failure, direct.cells]);
      assert.equal(served.failure !== undefined, name !== "plain" && name !== "errors");
    });
  }

  test("nb run: the failing cell is named, with status 1; where errors are allowed all cells run, with status 0", async () => {
    const failed = await command("nb", "run", fixture("throws"), "--out", join(scratch, "failed"));
    assert.equal(failed.status, 1);
    assert.match(failed.err, /throws\.ipynb: cell \[2\] failed, at "\/\/ the second cell"\nRangeError: minutes must be above 0, not 0\n/);
    assert.match(readFileSync(join(scratch, "failed/throws.html"), "utf8"), /cell \[2\]/);
    const allowed = await command("nb", "run", fixture("throws"), "--out", join(scratch, "allowed"), "--allow-errors", "--no-page");
    assert.deepEqual([allowed.status, allowed.err], [0, ""]);
    assert.match(allowed.out, /throws\.ipynb: 3 cells ran, 1 with an error that was allowed/);
    assert.deepEqual(readNotebook(join(scratch, "allowed/throws.ipynb")).cells.map(({execution_count}) => execution_count), [1, 2, 3]);
    const late = await command("nb", "run", fixture("endless"), "--out", join(scratch, "late"), "--timeout", "1", "--no-page");
    assert.deepEqual([late.status, /TimeoutError: the cell took longer than 1 s and was ended/.test(late.err)], [1, true]);
  });
});
