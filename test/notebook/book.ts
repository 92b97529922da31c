import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {homedir, tmpdir} from "node:os";
import {dirname, join, resolve} from "node:path";
import {fileURLToPath} from "node:url";
import {exportHtml, readNotebook, runNotebook, type Cell, type Output} from "../../src/notebook/index.js";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const joined = (text: string | readonly string[]): string => [text].flat().join("");
const plain = (output: Output): string => ("data" in output ? joined((output.data["text/plain"] ?? "") as string) : "");

/** A notebook that ran: what its cells showed, and its page. */
export interface Book {
  readonly cells: readonly Cell[];
  readonly page: string;
  /** What a cell shows, in plain text. */
  shown(cell: Cell): string;
  /** What the cell with this id shows. */
  of(id: string): string;
}

/**
 * Runs a notebook of `notebooks/` twice and asserts what is to be true of all of them: committed without outputs, never
 * touched, every cell shows something, errors only where they are meant, the same bits again, and a page that needs and
 * tells nothing of where it was made.
 */
export async function readBook(name: string): Promise<Book> {
  const path = join(root, "notebooks", name);
  const before = readFileSync(path, "utf8");
  const committed = readNotebook(path);
  for (const cell of committed.cells) if (cell.cell_type === "code") assert.deepEqual([cell.outputs, cell.execution_count], [[], null], `${name}, ${cell.id}: committed without outputs`);
  assert.deepEqual(committed.metadata.kernelspec, {display_name: "TypeScript (maxent-logit)", language: "typescript", name: "maxent-logit"});

  const [first, again] = await Promise.all([runNotebook(path, {timeout: 600}), runNotebook(path, {timeout: 600})]);
  assert.equal(first.failure, undefined);
  assert.equal(readFileSync(path, "utf8"), before, "the original is never touched");
  const cells = first.notebook.cells.filter(({cell_type}) => cell_type === "code");
  again.notebook.cells.filter(({cell_type}) => cell_type === "code").forEach((cell, k) => assert.deepEqual(cell.outputs, cells[k].outputs, `${name}, ${cell.id}: the same bits again`));

  const shown = ({outputs}: Cell): string => (outputs ?? []).map(plain).join("\n");
  for (const cell of cells) {
    const failed = cell.outputs?.some(({output_type}) => output_type === "error");
    if (failed) assert.ok(cell.metadata.tags?.includes("raises-exception"), `${name}, ${cell.id}: an error that is not meant`);
    else assert.ok(shown(cell).length > 0 || declares(joined(cell.source)) || cell.metadata.nbgrader, `${name}, ${cell.id} shows something`);
  }
  assert.doesNotMatch(cells.map(shown).join("\n"), /✗ (not|did)|\bNaN\b|\bundefined\b/);

  const page = exportHtml(first.notebook, {name, folder: join(root, "notebooks")});
  assert.doesNotMatch(page, /<script|<link|src="(?!data:)|url\((?!data:)/, "nothing is loaded from elsewhere");
  assert.doesNotMatch(page, /<code class="math"/, "every formula is drawn");
  for (const folder of [root, homedir(), tmpdir()]) if (folder !== "/") assert.ok(!page.includes(folder), `no ${folder} in the page`);
  assert.ok(page.length < 1.5e6);
  return {cells, page, shown, of: (id) => {
    const found = cells.find((cell) => cell.id === id);
    assert.ok(found, `a cell ${id}`);
    return shown(found);
  }};
}

/** Whether a cell ends in a declaration, and has no value to show. */
const declares = (source: string): boolean => /(^|\n)(const|let|function|type|\}|\}\);|\]\);)[^\n]*$/.test(source.trimEnd());

/** The numbers behind a label at the beginning of a line. */
export function numbers(text: string, label: string): number[] {
  const found = text.split("\n").find((words) => words.trimStart().replace(/^\d+ {2,}/, "").startsWith(label));
  assert.ok(found !== undefined, `a line of ${label} in:\n${text}`);
  const rest = found.slice(found.indexOf(label) + label.length).replaceAll("−", "-");
  return (rest.match(/(?<![\w.])-?\d+(\.\d+)?(e[+-]?\d+)?/g) ?? []).map(Number);
}

export function near(found: readonly number[], wanted: readonly number[], within: number): void {
  assert.ok(found.length >= wanted.length, `${found} for ${wanted}`);
  wanted.forEach((value, k) => assert.ok(Math.abs(found[k] - value) <= within, `${found[k]} is ${value} within ${within}`));
}
