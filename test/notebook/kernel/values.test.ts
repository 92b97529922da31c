import assert from "node:assert/strict";
import {mkdirSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import test, {after, before, describe} from "node:test";
import {contents, kernel, scratchFolder, trace, types, value, type Kernel} from "./support.js";

const folder = scratchFolder();
let k: Kernel;
before(async () => {
  // A package whose entries, and their types, only an `exports` map tells.
  const home = join(folder.path, "node_modules/mapped");
  mkdirSync(join(home, "inner"), {recursive: true});
  const entry = (name: string) => ({types: `./inner/${name}.d.ts`, default: `./inner/${name}.js`});
  writeFileSync(join(home, "package.json"), JSON.stringify({name: "mapped", version: "1.0.0", type: "module", exports: {".": entry("main"), "./part": entry("part")}}));
  for (const [name, number] of [["main", 1], ["part", 2]] as const) {
    writeFileSync(join(home, `inner/${name}.d.ts`), `export declare const ${name}: ${number};\n`);
    writeFileSync(join(home, `inner/${name}.js`), `export const ${name} = ${number};\n`);
  }
  k = await kernel(folder.path);
});
after(async () => {
  await k.close();
  folder.remove();
});

/** What a cell's last value became. */
async function shown(code: string): Promise<Record<string, string>> {
  const answer = await k.run(code);
  assert.equal(answer.reply.content.status, "ok", String(answer.reply.content.evalue));
  return contents(answer, "execute_result")[0]?.data as Record<string, string>;
}

const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

describe("what a cell's last value becomes", () => {
  test("nothing for undefined and null; texts as they are; all else as Node prints it", async () => {
    for (const code of ["undefined", "null", "const silent = 3", "void 0"]) assert.equal(await shown(code), undefined, code);
    assert.deepEqual(await shown("'a\\nb'"), {"text/plain": "a\nb"});
    assert.deepEqual(await shown("({a: [1, new Map([['k', 1n]])]})"), {"text/plain": "{ a: [ 1, Map(1) { 'k' => 1n } ] }"});
    assert.deepEqual(await shown("new TypeError('a value, not thrown')"), {"text/plain": "TypeError: a value, not thrown"});
  });

  test("its own display, at once or promised; the text is added where it is missing", async () => {
    const own = (method: string): string => `({[Symbol.for('Jupyter.display')]${method}, [Symbol.for('nodejs.util.inspect.custom')]: () => 'as text'})`;
    assert.deepEqual(await shown(own("() { return {'text/html': '<b>1</b>'}; }")), {"text/plain": "as text", "text/html": "<b>1</b>"});
    assert.deepEqual(await shown(own(": async () => ({'text/plain': 'mine', 'text/html': '<b>2</b>'})")), {"text/plain": "mine", "text/html": "<b>2</b>"});
  });

  test("a display that throws, or a promise of one that is broken, fails its cell by its own words", async () => {
    for (const body of ["() { throw new RangeError('cannot be drawn'); }", ": async () => { throw new RangeError('cannot be drawn'); }"]) {
      const answer = await k.run(`1;\n({[Symbol.for('Jupyter.display')]${body}})`, {stop_on_error: false});
      assert.deepEqual([answer.reply.content.ename, answer.reply.content.evalue], ["RangeError", "cannot be drawn"]);
      assert.ok(types(answer).includes("error") && !types(answer).includes("execute_result"));
      assert.match(trace(answer), /> 2 \|/);
    }
  });

  test("a danfojs data frame and an ml-matrix matrix are tables", async () => {
    const frame = await shown("import {DataFrame} from 'danfojs-node';\nnew DataFrame({mode: ['car', '<bus>'], cost: [1.5, -2]})");
    assert.equal(frame["text/plain"], "   mode   cost\n0  car     1.5\n1  <bus>    −2\n2 rows × 2 columns");
    assert.match(frame["text/html"], /<td[^>]*>&lt;bus&gt;<\/td><td align="right"[^>]*>−2<\/td>/);
    const matrix = await shown("import {Matrix} from 'ml-matrix';\nnew Matrix([[1, 0.25]])");
    assert.equal(matrix["text/plain"], "   0     1\n0  1  0.25\nMatrix, 1 × 2");
    assert.match(matrix["text/html"], /^<table/);
  });

  test("a figure of Plot and an SVG are pictures, other elements HTML, PNG bytes a picture", async () => {
    const plot = await shown("import * as Plot from '@observablehq/plot';\nimport {JSDOM} from 'jsdom';\nPlot.plot({document: new JSDOM('').window.document, marks: [Plot.dot([[1, 2], [3, 4]])]})");
    assert.deepEqual(Object.keys(plot).sort(), ["image/svg+xml", "text/plain"]);
    assert.match(plot["image/svg+xml"], /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    assert.equal(plot["image/svg+xml"].match(/<circle/g)?.length, 2);
    assert.deepEqual(Object.keys(await shown("({outerHTML: '<svg width=\"1\"></svg>'})")).sort(), ["image/svg+xml", "text/plain"]);
    assert.deepEqual(await shown("({outerHTML: '<p>words</p>'})"), {"text/plain": "[p element]", "text/html": "<p>words</p>"});
    assert.equal((await shown(`Buffer.from('${png}', 'base64')`))["image/png"], png);
  });
});

describe("what a cell's code may be", () => {
  test("types come through a package's map of exports, and so do its modules", async () => {
    assert.equal(value(await k.run("import {main} from 'mapped';\nimport {part} from 'mapped/part';\nconst exact: 2 = part;\nmain + exact")), "3");
    const wrong = await k.run("const other: 3 = part;", {stop_on_error: false});
    assert.equal(wrong.reply.content.evalue, "Type '2' is not assignable to type '3'. (line 1)");
    const missing = await k.run("import {x} from 'mapped/inner/part.js';", {stop_on_error: false});
    assert.match(String(missing.reply.content.evalue), /^Cannot find module 'mapped\/inner\/part\.js'/);
  });

  test("the library's names have types in a cell", async () => {
    assert.equal(value(await k.run("import {fitMnl, simulate} from 'maxent-logit';\nconst {data: world} = simulate({tier: 'mnl'}, {people: 40, situations: 2, seed: 3});\nconst small = await fitMnl(world);\nconst code: string = small.ending.code;\ncode")), "converged");
    const wrong = await k.run("const never: number = small.ending.code;", {stop_on_error: false});
    assert.match(String(wrong.reply.content.evalue), /is not assignable to type 'number'\. \(line 1\)$/);
  });

  test("members are completed, of the library's records and of what has a symbol for a key", async () => {
    const matches = async (code: string): Promise<string[]> => (await k.ask("complete_request", {code, cursor_pos: code.length})).reply.content.matches as string[];
    await k.run("import {rich} from 'maxent-logit';\nconst keyed = {[rich]() { return 1; }, plain: 2};");
    assert.deepEqual(await matches("small.endi"), ["ending"]);
    assert.ok((await matches("fitMnl(world, {")).includes("intercepts"));
    assert.deepEqual(await matches("keyed."), ["plain"]);
  });

  test("a variable of an earlier cell may stand as a shorthand property, in a value and in a pattern", async () => {
    await k.run("import {join} from 'node:path';\nlet earlier = 1, other = 2;\nconst twice = (n: number) => 2 * n;");
    assert.equal(value(await k.run("JSON.stringify({earlier, deep: [{other}], own: twice(earlier)})")), '{"earlier":1,"deep":[{"other":2}],"own":2}');
    assert.equal(value(await k.run("const inner = () => ({earlier, twice, join});\ntypeof inner().join + inner().twice(inner().earlier)")), "function2");
    assert.equal(value(await k.run("({earlier, other = 7} = {earlier: 5} as {earlier: number, other?: number});\n[earlier, other].join()")), "5,7");
    assert.equal(value(await k.run("const shadow = (earlier: string) => ({earlier});\nconst {other: renamed} = {other};\nshadow('mine').earlier + renamed")), "mine7");
    assert.equal(value(await k.run("const earlier = 'declared anew';\n({earlier}).earlier")), "declared anew");
    const traced = await k.run("const made = {other};\nnull;\n[made].map(({other}) => { throw new Error(String(other)); })", {stop_on_error: false});
    assert.match(trace(traced), /^Error: 7\n[\s\S]*> 3 \| \[made\]/, "and errors keep their lines");
  });
});
