import assert from "node:assert/strict";
import {spawn, spawnSync} from "node:child_process";
import {chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {delimiter, dirname, join} from "node:path";
import {after, before, test} from "node:test";
import {fileURLToPath} from "node:url";
import {inherited} from "../../src/notebook/child.js";
import {findLab, windowsProgram} from "../../src/notebook/labCommand.js";

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

const command = (...words: string[]): string[] => [...inherited(process.execArgv), join(root, "src/notebook/cli.ts"), "lab", ...words];
const lab = (env: NodeJS.ProcessEnv, ...words: string[]) => labIn(root, env, ...words);
const labIn = (cwd: string, env: NodeJS.ProcessEnv, ...words: string[]) => spawnSync(process.execPath, command(...words), {env, cwd, encoding: "utf8", timeout: 60_000});

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

test("the kernel is taken away when the terminal is closed, too", unix, async () => {
  const env = standIn("jupyter-lab", "4.4.9");
  const asked = join(folder, "asked");
  const begun = join(folder, "begun");
  writeFileSync(join(folder, "jupyter-lab"), readFileSync(join(folder, "jupyter-lab"), "utf8").replace("exit 7", `echo $$ > "${begun}.new"; mv "${begun}.new" "${begun}"; exec sleep 60`));
  rmSync(asked, {force: true});
  const child = spawn(process.execPath, command(), {env, cwd: root, stdio: "ignore"});
  const ended = new Promise((resolve) => child.once("exit", resolve));
  while (!existsSync(begun) && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 50));
  const [prefix] = readFileSync(asked, "utf8").split(/[ :]/);
  assert.match(prefix, /maxent-logit-\w+\/share\/jupyter$/);
  try {
    assert.ok(existsSync(prefix));
    child.kill("SIGHUP");
    await ended;
    assert.ok(!existsSync(prefix));
  } finally {
    try {
      process.kill(Number(readFileSync(begun, "utf8")), "SIGKILL");
    } catch {
      // it has ended with the rest
    }
    rmSync(join(prefix, "../.."), {recursive: true, force: true});
    rmSync(join(folder, "jupyter-lab"));
  }
});

const python = spawnSync("python3", ["-c", "import sys; print(sys.executable)"], {encoding: "utf8"});

test("JupyterLab started as Python's module is the one that is installed, not a file of the folder one stands in", {skip: (process.platform === "win32" || python.status !== 0) && "there is no python3 here"}, () => {
  const [bin, installed, here] = ["bin", "installed/jupyterlab", "here"].map((name) => join(folder, name));
  for (const one of [bin, installed, here]) mkdirSync(one, {recursive: true});
  writeFileSync(join(bin, "python3"), `#!/bin/sh\nexec "${python.stdout.trim()}" "$@"\n`);
  chmodSync(join(bin, "python3"), 0o755);
  for (const name of ["jupyterlab", "runpy"]) writeFileSync(join(here, `${name}.py`), "open('ran', 'w')\nprint('4.0.0')\n");
  writeFileSync(join(installed, "__init__.py"), "");
  writeFileSync(join(installed, "__main__.py"), `import sys\nif '--version' in sys.argv:\n  print('4.4.9')\nelse:\n  open(${JSON.stringify(join(folder, "words"))}, 'w').write('|'.join(sys.argv[1:]))\n  sys.exit(7)\n`);
  const {status, stderr} = labIn(here, {...process.env, PATH: [bin, "/bin"].join(delimiter), PYTHONPATH: join(folder, "installed"), NODE_TEST_CONTEXT: undefined}, "a & b.ipynb");
  assert.ok(!existsSync(join(here, "ran")));
  assert.equal(status, 7, stderr);
  assert.match(readFileSync(join(folder, "words"), "utf8"), /default_kernel_name=maxent-logit\|a & b\.ipynb$/);
});

test("on Windows a program is started by its path, which needs no shell", () => {
  const [first, second] = ["first", "second"].map((name) => join(folder, name));
  for (const one of [first, second]) mkdirSync(one, {recursive: true});
  writeFileSync(join(first, "jupyter-lab.cmd"), "");
  writeFileSync(join(second, "jupyter-lab.exe"), "");
  const env = {Path: [".", first, second].join(delimiter)};
  assert.equal(windowsProgram("jupyter-lab", env), join(second, "jupyter-lab.exe"));
  assert.equal(windowsProgram("jupyter", env), undefined);
});
