import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {cpSync, mkdtempSync, rmSync, symlinkSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join, resolve} from "node:path";
import test, {after, before} from "node:test";
import {fileURLToPath, pathToFileURL} from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
let folder = "";

before(() => {
  folder = mkdtempSync(join(tmpdir(), "a folder of ours "));
  for (const name of ["dist", "package.json"]) cpSync(join(root, name), join(folder, name), {recursive: true});
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
});

after(() => rmSync(folder, {recursive: true, force: true}));

const world = `
  const from = (name) => import(process.env.DIST + name + ".js");
  const [{simulate}, {design}, {parameters}, {units}, {mixing}, {spread}, {source}, {hireCrew}] = await Promise.all(["simulate/simulate", "model/design", "model/parameters", "model/choices", "integrate/mixing", "integrate/spread", "math/random", "estimate/threads/hire"].map(from));
  const specification = {tier: "mixed"};
  const {data} = simulate(specification, {people: 100, situations: 3, seed: 1});
  const plan = design(data, specification);
  const found = parameters(plan);
  const laid = units(data, plan);
  const blend = mixing(plan, found);
  const {lattice} = spread(laid, blend, {rule: "sobol", draws: 32, ruleWithin: "monteCarlo"}, source(1));
  const theta = Float64Array.from(found, (_, p) => 0.4 + 0.1 * p);
`;

/** Runs a program that comes as text, as one that knows nothing of threads would be run. */
function run(code: string): string {
  const {status, stdout, stderr} = spawnSync(process.execPath, ["--input-type=module", "-e", code], {cwd: folder, encoding: "utf8", timeout: 60_000, env: {...process.env, DIST: pathToFileURL(join(folder, "dist/")).href}});
  assert.equal(status, 0, stderr || stdout || `ended with ${status}`);
  return stdout.trim();
}

test("built, from a path with spaces, threads give the same bits, and a program that forgets to close its crew ends", () => {
  const out = run(`${world}
    const sums = [];
    for (const threads of [1, 3]) {
      const crew = hireCrew(laid, blend, {threads});
      await crew.lay(lattice);
      await crew.compute(theta, 2);
      sums.push([crew.threads, crew.engine, Buffer.from(Float64Array.from(crew.results.scores).buffer).toString("base64"), crew.results.value.every(Number.isFinite)]);
    }
    console.log(JSON.stringify(sums));
  `);
  const [one, three] = JSON.parse(out) as [number, string, string, boolean][];
  assert.deepEqual([one[0], three[0]], [1, 3]);
  assert.deepEqual(three.slice(1), one.slice(1));
  assert.ok(one[3] && one[2].length > 1000);
});

test("a thread loads the kernels and no package", () => {
  rmSync(join(folder, "node_modules"));
  const out = run(`
    import {Worker} from "node:worker_threads";
    const worker = new Worker(new URL(process.env.DIST + "estimate/threads/worker.js"), {workerData: {}, execArgv: []});
    worker.on("message", ({kind, trouble}) => { console.log(kind, trouble.words); worker.terminate(); });
    worker.postMessage({kind: "compute"});
  `);
  assert.match(out, /^trouble TypeError/, "it runs, and has no part to compute");
});
