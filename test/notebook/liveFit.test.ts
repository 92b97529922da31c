import assert from "node:assert/strict";
import {writeFileSync} from "node:fs";
import {join} from "node:path";
import test, {after, before} from "node:test";
import {runNotebook} from "../../src/notebook/run.js";
import {contents, heard, kernel, later, scratchFolder, trace, value, type Kernel} from "./kernel/support.js";

// Fits in this library's own hosts: the headless runner, and its kernel.

const folder = scratchFolder();
let live: Kernel;
const world = 'import {fitMixed, lastResult, simulate} from "maxent-logit";\nconst data = (people: number) => simulate({tier: "mixed"}, {people, situations: 8, seed: 2}).data;\nconst long = {rule: "sobol", draws: 400, optimizer: "bhhh", tolerance: 1e-28, threads: 1} as const;';

before(async () => { live = await kernel(folder.path); });
after(async () => {
  await live?.close();
  folder.remove();
});

test("headless, a fit shows nothing, however long it takes; asked to, its figure, the same bytes each time", async () => {
  const cells = [world, "const slow = await fitMixed(data(300), {...long, iterations: 25});", "const shown = await fitMixed(data(40), {progress: true});"];
  const path = join(folder.path, "fits.ipynb");
  writeFileSync(path, JSON.stringify({
    cells: cells.map((source, k) => ({cell_type: "code", execution_count: null, id: `c${k}`, metadata: {}, outputs: [], source})),
    metadata: {kernelspec: {display_name: "TypeScript", language: "typescript", name: "tslab"}}, nbformat: 4, nbformat_minor: 5
  }));
  const run = async () => {
    const {notebook, failure} = await runNotebook(path);
    assert.equal(failure, undefined);
    return notebook.cells.map((cell) => ("outputs" in cell ? cell.outputs : []));
  };
  const outputs = await run();
  assert.deepEqual(outputs.map((list) => (list ?? []).map(({output_type}) => output_type)), [[], [], ["display_data"]]);
  const [figure] = outputs[2]! as {data: Record<string, unknown>}[];
  assert.match(String(figure.data["image/svg+xml"]), /^<svg/);
  assert.deepEqual(await run(), outputs);
});

test("live, the first interrupt ends a fit: the cell goes on with its best so far, and one figure stands", async () => {
  assert.equal((await live.run(world)).reply.content.status, "ok");
  const shown = new Promise<void>((resolve) => {
    const off = live.listen(({header}) => {
      if (header.msg_type !== "display_data") return;
      off();
      resolve();
    });
  });
  const running = live.run("const best = await fitMixed(data(2000), {...long, draws: 1000});\nbest.ending.code");
  await shown;
  await later(600);
  await live.interrupt();
  const answer = await running;
  assert.equal(answer.reply.content.status, "ok", answer.reply.content.status === "error" ? trace(answer) : "");
  assert.equal(value(answer), "stopped");
  const [first, ...others] = contents(answer, "display_data");
  assert.deepEqual(others, []);
  const updates = contents(answer, "update_display_data");
  const id = (message: Record<string, unknown>) => (message.transient as {display_id: string}).display_id;
  assert.ok(updates.length >= 1);
  assert.ok(updates.every((update) => id(update) === id(first)));
  assert.match(String((first.data as Record<string, unknown>)["text/html"]), /Interrupt the cell/);
  assert.match(String((updates[updates.length - 1].data as Record<string, unknown>)["text/plain"]), /stopped by request/);
  assert.equal(value(await live.run("lastResult() === best")), "true");
});

test("live, a fit that is quiet heeds an interrupt, too", async () => {
  const begun = heard(live, "begun");
  const running = live.run("const fitting = fitMixed(data(2000), {...long, draws: 1000, progress: false});\nfor (let k = 0; k < 10; ++k) await null;\nconsole.log('begun');\nconst quiet = await fitting;\nquiet.ending.code");
  await begun;
  await live.interrupt();
  const answer = await running;
  assert.equal(value(answer), "stopped");
  assert.deepEqual(contents(answer, "display_data"), []);
});
