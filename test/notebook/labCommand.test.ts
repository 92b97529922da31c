import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {delimiter, dirname, join} from "node:path";
import {after, before, test} from "node:test";
import {fileURLToPath} from "node:url";
import {findLab} from "../../src/notebook/labCommand.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const unix = {skip: process.platform === "win32" && "the stand-in is a shell script"};
let folder = "";
before(() => void (folder = mkdtempSync(join(tmpdir(), "bin-"))));
after(() => rmSync(folder, {recursive: true, force: true}));

/** A JupyterLab that writes down what it was asked. */
function standIn(name: string, version: string): NodeJS.ProcessEnv {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh
for word in "$@"; do [ "$word" = --version ] && { echo "${version}"; exit 0; }; done
echo "$JUPYTER_PATH $@" > "${folder}/asked"
cat "\${JUPYTER_PATH%%${delimiter}*}/kernels/maxent-logit/kernel.json" > "${folder}/spec"
exit 7
`);
  chmodSync(path, 0o755);
  return {...process.env, PATH: [folder, dirname(process.execPath), "/bin"].join(delimiter), NODE_TEST_CONTEXT: undefined};
}

const lab = (env: NodeJS.ProcessEnv, ...words: string[]) =>
  spawnSync(process.execPath, [...process.execArgv.filter((flag) => !flag.startsWith("--test")), join(root, "src/notebook/cli.ts"), "lab", ...words], {env, cwd: root, encoding: "utf8", timeout: 60_000});

test("where there is no JupyterLab, two lines say how to get one, and what to do without", () => {
  const {status, stderr} = lab({...process.env, PATH: join(folder, "nothing"), NODE_TEST_CONTEXT: undefined});
  assert.equal(status, 1);
  assert.equal(stderr.trim().split("\n").length, 2);
  assert.match(stderr, /pip install jupyterlab/);
  assert.match(stderr, /VS Code/);
});

test("JupyterLab is started with this kernel at hand, chosen for new notebooks, and its status is ours", unix, () => {
  const {status, stderr} = lab(standIn("jupyter-lab", "4.4.9"), "a notebook.ipynb", "--", "--no-browser");
  assert.equal(status, 7, stderr);
  const asked = readFileSync(join(folder, "asked"), "utf8");
  assert.match(asked, /default_kernel_name=maxent-logit a notebook\.ipynb --no-browser/);
  assert.match(readFileSync(join(folder, "spec"), "utf8"), /"language": "typescript"/);
  const left = spawnSync("ls", [asked.split(/[ :]/)[0]]);
  assert.notEqual(left.status, 0, "the kernel is taken away again");
  rmSync(join(folder, "jupyter-lab"));
});

test("an old JupyterLab is none", unix, () => {
  assert.equal(findLab(standIn("jupyter-lab", "3.6.8")), undefined);
  assert.deepEqual(findLab(standIn("jupyter-lab", "4.0.0")), ["jupyter-lab"]);
});
