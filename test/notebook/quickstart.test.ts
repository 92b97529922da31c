import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {dirname, join, resolve} from "node:path";
import test from "node:test";
import {fileURLToPath} from "node:url";
import {exportHtml, readNotebook, runNotebook, type Output} from "../../src/notebook/index.js";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const path = join(root, "notebooks/quickstart.ipynb");
const plain = (output: Output) => ("data" in output ? [output.data["text/plain"] ?? ""].flat().join("") : "");

test("the committed quickstart holds no outputs, so that a run is what is seen", () => {
  for (const cell of readNotebook(path).cells) if (cell.cell_type === "code") assert.deepEqual([cell.outputs, cell.execution_count], [[], null]);
});

test("the quickstart runs from data to report: every cell, every tier, one self-contained page", async () => {
  const before = readFileSync(path, "utf8");
  const {notebook, failure} = await runNotebook(path, {timeout: 600});
  assert.equal(failure, undefined);
  const outputs = notebook.cells.filter(({cell_type}) => cell_type === "code").map(({outputs}) => (outputs ?? []).map(plain).join("\n"));
  assert.ok(outputs.every((text) => text.length > 0), "every cell shows something");
  const all = outputs.join("\n");
  // Log-likelihoods of multinomial logit on both data sets, as in test/reference (agreed by three packages; Biogeme b01c).
  assert.match(all, /-4958\.65/);
  assert.match(all, /-5331\.25/);
  assert.equal(all.match(/✗/g), null, "no fit failed to converge");
  const ladder = outputs[outputs.length - 1];
  const rungs = ["1 mnl", "2 + intercepts", "3 + slopes by mode", "4 mixed", "5 + intercepts", "6 + slopes by mode", "7 + within people"];
  assert.deepEqual(rungs.filter((title) => !ladder.includes(title)), [], "each rung of the ladder heads a column");
  const page = exportHtml(notebook, {name: "quickstart.ipynb", folder: join(root, "notebooks")});
  assert.doesNotMatch(page, /<script|<link|src="(?!data:)|url\((?!data:)/, "nothing is loaded from elsewhere");
  assert.ok(page.length < 1e6);
  assert.equal(readFileSync(path, "utf8"), before, "the original is never touched");
});
