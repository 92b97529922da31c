import assert from "node:assert/strict";
import {spawn} from "node:child_process";
import {existsSync, writeFileSync} from "node:fs";
import {createServer, type AddressInfo} from "node:net";
import {join} from "node:path";
import test, {after, describe} from "node:test";
import {fileURLToPath} from "node:url";
import {inherited} from "../../../src/notebook/child.js";
import {inCells, preloading, scratchFolder} from "./support.js";

const folder = scratchFolder();
after(() => folder.remove());

/** The command line, from source as these tests are; `status` is null when it had to be ended. */
function command(preload: string, ...words: string[]): Promise<{status: number | null; err: string}> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...inherited(process.execArgv), ...preloading(preload), fileURLToPath(new URL("../../../src/notebook/cli.ts", import.meta.url)), ...words], {cwd: folder.path, stdio: ["ignore", "ignore", "pipe"]});
    const patience = setTimeout(() => child.kill("SIGKILL"), 60_000);
    let err = "";
    child.stderr.on("data", (chunk: Buffer) => void (err += chunk.toString()));
    child.on("close", (status) => {
      clearTimeout(patience);
      resolve({status, err});
    });
  });
}

function connectionFile(ports: readonly number[]): string {
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = ports;
  const path = join(folder.path, "connection.json");
  writeFileSync(path, JSON.stringify({transport: "tcp", ip: "127.0.0.1", shell_port, iopub_port, stdin_port, control_port, hb_port, key: "", signature_scheme: "hmac-sha256"}));
  return path;
}

describe("a kernel that cannot start", {concurrency: 2}, () => {
  test("a port that is taken: it says which and ends with status 2, and no process of cells was begun", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => void taken.listen(0, "127.0.0.1", resolve));
    const {port} = taken.address() as AddressInfo;
    const begun = join(folder.path, "begun");
    const {status, err} = await command(inCells("first", `(await import("node:fs")).writeFileSync(${JSON.stringify(begun)}, "");`), "kernel", "start", "--connection-file", connectionFile([0, 0, 0, port, 0]));
    taken.close();
    assert.deepEqual([status, err.replace(/\(.*\)/, "()")], [2, `kernel start: the control socket cannot be bound to tcp://127.0.0.1:${port} (); five addresses that are free.\nTry: start the kernel again: Jupyter chooses other ports.\n`]);
    assert.match(err, /in use/i);
    assert.ok(!existsSync(begun));
  });

  test("without tslab: it is the kernel's start that says so", async () => {
    const hidden = "import Module from 'node:module'; const find = Module._resolveFilename; Module._resolveFilename = function (name, ...more) { if (name.startsWith('tslab/')) throw new Error('not here'); return find.call(this, name, ...more); };";
    const {status, err} = await command(hidden, "kernel", "start", "--connection-file", connectionFile([0, 0, 0, 0, 0]));
    assert.deepEqual([status, err.split(";")[0]], [2, "kernel start: no tslab beside the notebook nor beside this library"]);
  });

  test("nb run ends when its kernel dies before the first cell", async () => {
    const book = join(folder.path, "book.ipynb");
    writeFileSync(book, JSON.stringify({nbformat: 4, nbformat_minor: 5, metadata: {kernelspec: {name: "maxent-logit", display_name: "TypeScript", language: "typescript"}}, cells: [{cell_type: "code", id: "one", metadata: {}, execution_count: null, outputs: [], source: "1"}]}));
    // the kernel has long answered its first question then, and waits for the cells to answer the second
    const {status, err} = await command(inCells("first", "await new Promise((resolve) => setTimeout(resolve, 5000)); process.kill(process.ppid, 'SIGKILL'); process.exit();"), "nb", "run", book, "--no-page");
    assert.deepEqual([status, /^kernel: a kernel whose process has ended/.test(err)], [2, true], err);
  });
});
