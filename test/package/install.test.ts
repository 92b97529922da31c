import assert from "node:assert/strict";
import {execFileSync, spawnSync} from "node:child_process";
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join, resolve} from "node:path";
import test, {after, before} from "node:test";
import {fileURLToPath} from "node:url";
import {version} from "../../src/version.js";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
let folder = "";
const run = (code: string) => execFileSync(process.execPath, ["--input-type=module", "-e", code], {cwd: folder, encoding: "utf8"});

before(() => {
  folder = mkdtempSync(join(tmpdir(), "install-"));
  const packed = JSON.parse(execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"]})) as [{filename: string}];
  writeFileSync(join(folder, "package.json"), '{"private": true}');
  execFileSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", `./${packed[0].filename}`], {cwd: folder, stdio: "ignore"});
});

after(() => rmSync(folder, {recursive: true, force: true}));

test("the packed library, installed into an empty folder without scripts, fits a simulated world", () => {
  const out = run(`
    import {fitMixed, simulate} from "maxent-logit";
    const {data} = simulate({tier: "mixed"}, {people: 60, situations: 4, seed: 1});
    const fit = await fitMixed(data, {draws: 32});
    console.log(JSON.stringify({ending: fit.ending.code, rows: fit.estimates.rows.length, text: fit.toText().includes("price")}));
  `);
  assert.deepEqual(JSON.parse(out), {ending: "converged", rows: 6, text: true});
});

test("bundled data come with it, and need no danfojs as columns", () => {
  assert.ok(!existsSync(join(folder, "node_modules/danfojs-node")), "danfojs is the user's choice");
  assert.equal(run('import {datasets} from "maxent-logit"; console.log((await datasets.electricity.columns()).pf.length)').trim(), "17232");
});

test("without danfojs a DataFrame is refused with the way out", () => {
  assert.match(run('import {datasets} from "maxent-logit"; await datasets.electricity().catch((error) => console.log(error.code, error.message))'), /data\/no-danfojs[\s\S]*npm install/);
});

test("the command line answers, and a notebook without tslab is refused with the way out", () => {
  const cli = join(folder, "node_modules/.bin", process.platform === "win32" ? "maxent-logit.cmd" : "maxent-logit");
  assert.equal(execFileSync(cli, ["--version"], {encoding: "utf8"}).trim(), version);
  writeFileSync(join(folder, "empty.ipynb"), JSON.stringify({cells: [{cell_type: "code", execution_count: null, id: "a", metadata: {}, outputs: [], source: ["1 + 1"]}], metadata: {}, nbformat: 4, nbformat_minor: 5}));
  const {status, stderr} = spawnSync(cli, ["run", "empty.ipynb"], {cwd: folder, encoding: "utf8"});
  assert.notEqual(status, 0);
  assert.match(stderr, /npm install[^\n]*tslab/);
});

test("figures are drawn from the packed library", () => {
  assert.match(run(`
    import {convergence, fitMnl, simulate, rich} from "maxent-logit";
    const fit = await fitMnl(simulate({tier: "mnl"}, {people: 50, situations: 2, seed: 1}).data);
    console.log(convergence(fit)[rich]()["image/svg+xml"].slice(0, 4));
  `), /^<svg/);
});

test("the version is the one that package.json has", () => {
  assert.equal(version, (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {version: string}).version);
});

interface Locked {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}

const locked = () => Object.entries((JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {packages: Record<string, Locked>}).packages).filter(([name, {link}]) => name && !link);

test("every package comes from the registry with a checksum", () => {
  assert.ok(locked().length > 100);
  for (const [name, {resolved, integrity}] of locked()) {
    assert.ok(integrity, `${name} has a checksum`);
    if (resolved) assert.match(resolved, /^https:\/\/registry\.npmjs\.org\//, name);
  }
});

test("nothing that a user installs has an install script; those of the tools to develop with are not run", () => {
  const scripted = locked().filter(([, {hasInstallScript}]) => hasInstallScript);
  assert.deepEqual(scripted.filter(([, {dev}]) => !dev).map(([name]) => name), []);
  assert.ok(scripted.length > 0, "or the lockfile no longer says who has one");
  assert.match(readFileSync(join(root, ".npmrc"), "utf8"), /^ignore-scripts=true$/m);
});
