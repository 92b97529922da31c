import assert from "node:assert/strict";
import {existsSync} from "node:fs";
import {dirname, join, resolve} from "node:path";
import test, {after, before, describe} from "node:test";
import {fileURLToPath} from "node:url";
import {heard, kernel, later, scratchFolder, value, type Kernel} from "./support.js";

// A real fit in a real kernel. Cells import the library as users do, by its name: what was built.

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
const folder = scratchFolder();
let k: Kernel;
before(async () => {
  assert.ok(existsSync(join(root, "dist/index.js")), "build first: npm run build");
  k = await kernel(folder.path);
  await k.run("import {fitMixed, simulate} from 'maxent-logit';\nconst kernel = (globalThis as any)[Symbol.for('Jupyter.kernel')];\nconst {data} = simulate({tier: 'mixed'}, {people: 400, situations: 6, seed: 1});");
});
after(async () => {
  await k.close();
  folder.remove();
});

describe("a mixed logit that would take minutes", () => {
  test("interrupted once, it returns the best so far, marked; its cell ends well, and no work goes on behind it", async () => {
    const sign = heard(k, "step 2");
    // no step is small enough for this tolerance within the draws' own rounding: it climbs until it is stopped
    const cell = k.run("let steps = 0;\nconst known = 'kept';\nconst fit = await fitMixed(data, {rule: 'halton', draws: 20000, tolerance: 1e-300, signal: kernel.signal, progress: () => console.log(`step ${++steps}`)});\n[fit.ending.code, fit.ending.converged, Number.isFinite(fit.logLikelihood)].join()");
    await sign;
    assert.equal((await k.interrupt()).reply.content.status, "ok");
    const answer = await cell;
    assert.equal(answer.reply.content.status, "ok", String(answer.reply.content.evalue));
    assert.equal(value(answer), "stopped,false,true");
    assert.equal(value(await k.run("[known, fit.estimates.rows.length > 0].join()")), "kept,true");
    const before = value(await k.run("steps"));
    await later(500);
    assert.equal(value(await k.run("steps")), before);
  });

  test("one that does not listen is stopped where it is awaited: what was finished before is kept, and the kernel lives", async () => {
    const sign = heard(k, "deaf");
    const cell = k.run("const finished = 'before';\nconsole.log('deaf');\nconst lost = await new Promise((resolve) => setTimeout(resolve, 1e6));");
    await sign;
    await k.interrupt();
    assert.equal((await cell).reply.content.ename, "Interrupted");
    assert.equal(value(await k.run("[finished, known].join()")), "before,kept");
  });
});
