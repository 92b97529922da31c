import assert from "node:assert/strict";
import {existsSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import test, {after} from "node:test";
import {readNotebook} from "../../src/notebook/ipynb.js";
import {collectors} from "../../src/notebook/outputs.js";
import {runNotebook} from "../../src/notebook/run.js";
import {ensureSelfLink, ownName} from "../../src/notebook/selfLink.js";

const scratch = mkdtempSync(join(tmpdir(), "notebook-"));
after(() => rmSync(scratch, {recursive: true}));
const file = (name: string, text: string): string => {
  writeFileSync(join(scratch, name), text);
  return join(scratch, name);
};

test("a file that is no notebook is refused by name", async () => {
  assert.throws(() => readNotebook(join(scratch, "none.ipynb")), {code: "notebook/missing"});
  assert.throws(() => readNotebook(file("broken.ipynb", "<<<<<<< HEAD\n{}")), {code: "notebook/not-json"});
  assert.throws(() => readNotebook(file("old.ipynb", '{"nbformat": 3, "worksheets": []}')), {code: "notebook/format"});
  const python = '{"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": {"name": "python3", "language": "python"}}, "cells": []}';
  await assert.rejects(runNotebook(file("python.ipynb", python)), {code: "notebook/language"});
  await assert.rejects(runNotebook("x.ipynb", {timeout: 0}), {code: "notebook/timeout"});
  await assert.rejects(runNotebook("x.ipynb", {timeOut: 3} as never), {code: "options/unknown"});
});

test("cells without an id, or with one that is taken, get one from their place", () => {
  const cell = (id?: string) => ({...(id === undefined ? {} : {id}), cell_type: "markdown", metadata: {}, source: ""});
  const path = file("ids.ipynb", JSON.stringify({nbformat: 4, nbformat_minor: 2, metadata: {}, cells: [cell("a"), cell("a"), cell(), cell("not valid"), cell("cell-6"), cell()]}));
  assert.deepEqual(readNotebook(path).cells.map(({id}) => id), ["a", "cell-2", "cell-3", "cell-4", "cell-6", "cell-6x"]);
});

test("clearing waits for the next output when asked to", () => {
  const collector = collectors()(1);
  collector.take({type: "stream", name: "stdout", text: "a"});
  collector.take({type: "clear", wait: true});
  assert.equal(collector.outputs.length, 1);
  collector.take({type: "stream", name: "stdout", text: "b"});
  assert.deepEqual(collector.outputs, [{output_type: "stream", name: "stdout", text: "b"}]);
  collector.take({type: "clear", wait: false});
  assert.deepEqual(collector.outputs, []);
});

test("a package's own name is linked to its root where notebooks inside import it, once and again when it is lost", () => {
  const root = join(scratch, "package");
  const notebooks = join(root, "notebooks");
  mkdirSync(notebooks, {recursive: true});
  writeFileSync(join(root, "package.json"), JSON.stringify({name: ownName()}));
  const link = ensureSelfLink(notebooks);
  assert.equal(link, join(root, "node_modules", ownName()));
  assert.ok(existsSync(join(link!, "package.json")));
  if (process.platform !== "win32") assert.equal(readlinkSync(link!), "..", "relative, so that the checkout may move");
  assert.equal(ensureSelfLink(notebooks), undefined, "it is there already");
  rmSync(join(root, "node_modules"), {recursive: true});
  assert.equal(ensureSelfLink(notebooks), link, "a clean install took it away");
  rmSync(link!);
  symlinkSync(join(scratch, "gone"), link!, "dir");
  assert.equal(ensureSelfLink(notebooks), link, "it pointed nowhere");
  assert.ok(existsSync(join(link!, "package.json")));
  assert.equal(ensureSelfLink(notebooks, "another-name"), undefined, "not this package's business");
});

test("a package.json that cannot be read counts as none", () => {
  for (const [name, text] of [["broken", "{"], ["empty", ""], ["nothing", "null"]]) {
    const root = join(scratch, name);
    mkdirSync(root);
    writeFileSync(join(root, "package.json"), text);
    assert.equal(ensureSelfLink(root), undefined, name);
    assert.ok(!existsSync(join(root, "node_modules")));
  }
});

test("what a notebook file lacks or holds in another shape is read as empty", () => {
  const outputs = [null, {output_type: "error"}, {output_type: "display_data"}, {output_type: "pyout"}];
  const odd = [null, {cell_type: "code", id: 7, execution_count: "x", outputs}, {cell_type: "markdown", metadata: {tags: "a"}, source: {}}];
  const path = file("odd.ipynb", JSON.stringify({nbformat: 4, cells: odd}));
  const {cells, metadata} = readNotebook(path);
  assert.deepEqual(metadata, {});
  assert.deepEqual(cells, [
    {
      cell_type: "code", id: "cell-1", metadata: {}, source: "", execution_count: null,
      outputs: [{output_type: "error", ename: "Error", evalue: "", traceback: []}, {output_type: "display_data", data: {}, metadata: {}}]
    },
    {cell_type: "markdown", id: "cell-2", metadata: {}, source: ""}
  ]);
  assert.throws(() => readNotebook(file("none-4.ipynb", '{"nbformat": 4}')), {code: "notebook/format"});
});
