import assert from "node:assert/strict";
import {fork, type ChildProcess} from "node:child_process";
import {existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join, resolve} from "node:path";
import test, {after, before} from "node:test";
import {fileURLToPath} from "node:url";

// The library as built, in tslab as it comes from the registry.

interface Shown {
  readonly data: Readonly<Record<string, string>>;
  readonly transient: {readonly display_id?: string};
}
type Told = {stream: string; text: string} | {shown: Shown; update: boolean} | {done: boolean} | {ready: true};

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../..");
let folder = "";
let child: ChildProcess;
let told: Told[] = [];

const until = (what: (message: Told) => boolean): Promise<Told> => new Promise((resolve, reject) => {
  const take = (message: Told) => {
    if (!what(message)) return;
    child.off("message", take).off("exit", gone);
    resolve(message);
  };
  const gone = (code: number | null, signal: string | null) => reject(new Error(`tslab's process ended: ${code ?? signal}`));
  child.on("message", take).once("exit", gone);
});
const run = async (code: string): Promise<{good: boolean; told: Told[]}> => {
  told = [];
  const ended = until((message) => "done" in message);
  child.send({run: code});
  return {good: (await ended as {done: boolean}).done, told};
};
const shown = (messages: readonly Told[]) => messages.flatMap((message) => ("shown" in message ? [message.shown] : []));
const printed = (messages: readonly Told[]) => messages.map((message) => ("text" in message ? message.text : "")).join("");

before(async () => {
  assert.ok(existsSync(join(root, "dist/notebook/auto.js")), "build first: npm run build");
  folder = mkdtempSync(join(tmpdir(), "stock-tslab-"));
  mkdirSync(join(folder, "node_modules/@observablehq"), {recursive: true});
  const link = (name: string, to: string) => symlinkSync(to, join(folder, "node_modules", name), "junction");
  link("maxent-logit", root);
  for (const name of ["@types", "jsdom", "ml-matrix", "@observablehq/plot"]) link(name, join(root, "node_modules", name));
  child = fork(join(here, "stockTslab.js"), {cwd: folder, execArgv: [], stdio: ["ignore", "inherit", "inherit", "ipc"]});
  child.on("message", (message: Told) => told.push(message));
  await until((message) => "ready" in message);
});

after(() => {
  child?.kill("SIGKILL");
  rmSync(folder, {recursive: true, force: true});
});

const world = 'import {fitMixed, fitMnl, simulate, convergence, lastResult, display, html} from "maxent-logit";\nconst {data} = simulate({tier: "mixed"}, {people: 60, situations: 4, seed: 1});\n';

test("without auto, last values are text; display shows a whole bundle", async () => {
  const first = await run(`${world}const quick = await fitMnl(data);\nquick`);
  assert.ok(first.good, printed(first.told));
  assert.deepEqual(shown(first.told), []);
  assert.match(printed(first.told), /Log-likelihood/);
  const second = await run('await display(quick, {displayId: "here"});\nawait display(html`<b>${"<i>"}</b>`, {displayId: "here", update: true});');
  const bundles = shown(second.told);
  assert.deepEqual(Object.keys(bundles[0].data), ["text/plain", "text/html", "text/markdown", "text/latex"]);
  assert.deepEqual(bundles.map(({transient}) => transient), [{display_id: "here"}, {display_id: "here"}]);
  assert.equal(bundles[1].data["text/html"], "<b>&lt;i&gt;</b>");
  assert.deepEqual(second.told.flatMap((message) => ("update" in message ? [message.update] : [])), [false, true]);
});

test("auto draws the last values of later cells, and is harmless twice", async () => {
  assert.ok((await run('import "maxent-logit/auto";\nimport "maxent-logit/auto";')).good);
  const fitted = await run("quick");
  assert.match(shown(fitted.told)[0].data["text/html"], /<table>/);
  assert.equal(shown(fitted.told).length, 1);
  assert.equal(printed(fitted.told), "");
  const figure = await run("convergence(quick)");
  assert.match(shown(figure.told)[0].data["image/svg+xml"], /^<svg/);
  const plot = await run('import {plot, dot} from "@observablehq/plot";\nconst {JSDOM} = require("jsdom");\nconst drawn = plot({document: new JSDOM("").window.document, marks: [dot([[1, 2]])]});\ndrawn');
  assert.ok(plot.good, printed(plot.told));
  assert.match(shown(plot.told)[0].data["image/svg+xml"], /^<svg[^>]* xmlns=/);
  const matrix = await run('import {Matrix} from "ml-matrix";\nMatrix.eye(2)');
  assert.match(shown(matrix.told)[0].data["text/html"], /<table/);
  const awaited = await run("await Promise.resolve();\nquick.estimates");
  assert.match(shown(awaited.told)[0].data["text/html"], /<table>/);
});

test("what has no more to it than text is left to tslab, and console.log is text", async () => {
  const logged = await run('console.log(quick);\n"a text"');
  assert.deepEqual(shown(logged.told), []);
  assert.match(printed(logged.told), /Log-likelihood[\s\S]*a text/);
  assert.match(printed((await run("({one: 1})")).told), /one: 1/);
  assert.equal(printed((await run("const nothing = 1;")).told), "");
  const failing = await run('({[Symbol.for("Jupyter.display")]() { throw new Error("no picture today"); }})');
  assert.ok(failing.good);
  assert.match(printed(failing.told), /no picture today/);
  assert.match(printed((await run("const later = quick.ending.code;\nlater")).told), /converged/);
});

test("an interrupted fit ends at its best so far, is not heard of again, and lastResult has it", async () => {
  const begun = until((message) => "shown" in message || "done" in message);
  const running = run(`const big = simulate({tier: "mixed"}, {people: 4000, situations: 10, seed: 2}).data;\nconst lost = await fitMixed(big, {rule: "sobol", draws: 400, optimizer: "bhhh", threads: 1, progress: true});`);
  await begun;
  assert.match(shown(told)[0].data["text/html"], /fitMixed\(data, …\)[\s\S]*Interrupt the cell/);
  const final = until((message) => "shown" in message && "image/svg+xml" in message.shown.data);
  process.kill(child.pid!, "SIGINT");
  const cell = await running;
  assert.equal(cell.good, false, "tslab gives the cell up");
  await final;
  const ids = new Set(shown(told).map(({transient}) => transient.display_id));
  assert.equal(ids.size, 1);
  assert.deepEqual(told.flatMap((message) => ("update" in message ? [message.update] : [])).indexOf(true), 1, "shown once, then anew");
  const count = shown(told).length;
  await new Promise((resolve) => setTimeout(resolve, 700));
  assert.equal(shown(told).length, count, "nothing after the end");
  const kept = await run('const kept = lastResult();\nawait null;\nconsole.log((kept as any).ending.code, (kept as any).theta.length, process.listenerCount("SIGINT"));');
  assert.match(printed(kept.told), /^stopped \d+ 1$/m);
});

test("a second interrupt when nothing runs does not end the process", async () => {
  process.kill(child.pid!, "SIGINT");
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.match(printed((await run("1 + 1")).told), /2/);
});
