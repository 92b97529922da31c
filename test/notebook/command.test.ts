import assert from "node:assert/strict";
import {spawn} from "node:child_process";
import {existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import test, {after, describe} from "node:test";
import {fileURLToPath} from "node:url";
import {inherited} from "../../src/notebook/child.js";
import {notebookText} from "../../src/notebook/ipynb.js";
import {installKernel} from "../../src/notebook/kernel/spec.js";
import {writeRun} from "../../src/notebook/run.js";
import {madeFolder} from "../../src/notebook/safeWrite.js";
import {code, graded, locked, notebook, text} from "./course/make.js";

const scratch = mkdtempSync(join(tmpdir(), "command-"));
after(() => rmSync(scratch, {recursive: true}));
const file = (name: string, content: string): string => {
  writeFileSync(join(scratch, name), content);
  return join(scratch, name);
};
const marked = join(scratch, "ran");
const book = file("book.ipynb", notebookText(notebook(code(`require("fs").writeFileSync(${JSON.stringify(marked)}, "")`))));
const plain = file("plain.ipynb", "no folder");

/** The command line, from source as these tests are. */
function command(...words: string[]): Promise<{status: number | null; out: string; err: string}> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...inherited(process.execArgv), fileURLToPath(new URL("../../src/notebook/cli.ts", import.meta.url)), ...words], {env: {...process.env, NODE_TEST_CONTEXT: undefined}});
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => void (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => void (err += chunk.toString()));
    child.on("close", (status) => resolve({status, out, err}));
  });
}

describe("the words of the command", {concurrency: 2}, () => {
  const refused: readonly [readonly string[], RegExp][] = [
    [["bogus"], /^No command called "bogus"\./],
    [["run"], /^run: a notebook is missing\./],
    [["nb", "frob"], /^nb: no command called "frob"\./],
    [["nb"], /^nb: a command is missing\.[\s\S]*nb run [\s\S]*nb export /],
    [["run", book, "--timeout", "abc"], /--timeout "abc"; seconds above 0/],
    [["nb", "grade", book, book, "--out", join(scratch, "g"), "--timeout", "abc"], /--timeout "abc"; seconds above 0/],
    [["run", book, "--out", plain], /plain\.ipynb", which is no folder; a folder to write into/],
    [["run", book, "--out", join(plain, "below")], /below", where none can be made \(ENOTDIR\)/],
    [["export", book, "--out", join(plain, "below")], /below", where none can be made \(ENOTDIR\)/],
    [["nb", "assign", book, "--out", join(plain, "below")], /below", where none can be made \(ENOTDIR\)/],
    [["nb", "grade", book, book, "--out", join(plain, "below")], /below", where none can be made \(ENOTDIR\)/]
  ];
  for (const [words, says] of refused) {
    test(`${words.map((word) => word.replace(scratch, "…")).join(" ")}: refused before any work`, async () => {
      const {status, err} = await command(...words);
      assert.match(err, says);
      assert.equal(status, 2);
      assert.doesNotMatch(err, /^ +at /m, "no stack of Node's");
      assert.ok(!existsSync(marked), "no cell has run");
    });
  }

  test("nb run --help, nb --help: help, and status 0", async () => {
    for (const words of [["nb", "run", "--help"], ["nb", "--help"]]) {
      const {status, out} = await command(...words);
      assert.deepEqual([status, /nb run +notebook\.ipynb/.test(out)], [0, true]);
    }
  });

  test("what is done, and may not be what was meant, is told", async () => {
    const exported = await command("export", book, "--out", join(scratch, "pages"));
    assert.deepEqual([exported.status, /it has no outputs: run it first/.test(exported.err)], [0, true]);
    const words = file("words.ipynb", notebookText(notebook(text("# Words alone"))));
    assert.equal((await command("export", words, "--out", join(scratch, "pages"))).err, "");
    const assigned = await command("nb", "assign", book, "--out", join(scratch, "students"));
    assert.deepEqual([assigned.status, /no solutions, tests or checks/.test(assigned.err)], [0, true]);
    const tests = file("tests.ipynb", notebookText(notebook(graded("t", 1, "1"))));
    assert.equal((await command("nb", "assign", tests, "--out", join(scratch, "students"))).err, "");
    const nothing = file("nothing.ipynb", notebookText(notebook(locked("begin", "1"))));
    const points = await command("nb", "grade", nothing, nothing, "--out", join(scratch, "graded"));
    assert.deepEqual([points.status, /no cell of it earns points/.test(points.err)], [0, true]);
  });
});

test("a folder is made with those above it; where none can be, that is said at once", {skip: !existsSync("/proc/self") && "no /proc here"}, () => {
  madeFolder("run", join(scratch, "a/b/c"));
  madeFolder("run", join(scratch, "a/b/c"));
  assert.ok(lstatSync(join(scratch, "a/b/c")).isDirectory());
  assert.throws(() => madeFolder("run", "/proc/none/below"), {code: "notebook/outside"});
  assert.throws(() => installKernel({prefix: "/proc/none"}), {code: "kernel/not-writable"});
});

test("a run takes the place of a link, and what it led to stays", {skip: process.platform === "win32" && "links ask for rights there"}, () => {
  const out = join(scratch, "linked");
  mkdirSync(out);
  const precious = file("precious.txt", "precious");
  for (const name of ["book.ipynb", "book.html"]) symlinkSync(precious, join(out, name));
  const written = writeRun(book, out, notebook(code("1")), "<p>page");
  assert.deepEqual(written, {notebook: join(out, "book.ipynb"), page: join(out, "book.html")});
  assert.equal(readFileSync(precious, "utf8"), "precious");
  assert.equal(readFileSync(written.page!, "utf8"), "<p>page");
  for (const path of [written.notebook, written.page!]) assert.ok(lstatSync(path).isFile());
  rmSync(written.notebook);
  mkdirSync(written.notebook);
  assert.throws(() => writeRun(book, out, notebook()), {code: "notebook/outside"});
});
