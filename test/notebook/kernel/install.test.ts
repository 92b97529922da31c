import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {isAbsolute, join} from "node:path";
import test, {after, describe} from "node:test";
import {fileURLToPath} from "node:url";
import {dataFolder, searchPath} from "../../../src/notebook/kernel/place.js";

const scratch = realpathSync(mkdtempSync(join(tmpdir(), "install-")));
after(() => rmSync(scratch, {recursive: true, force: true}));

const places = ["HOME", "XDG_DATA_HOME", "JUPYTER_DATA_DIR", "JUPYTER_PATH", "VIRTUAL_ENV", "CONDA_PREFIX", "APPDATA"];
const bare = Object.fromEntries(Object.entries(process.env).filter(([name]) => !places.includes(name)));
let homes = 0;

/** A home of its own for each call, and what it is told besides. */
function fresh(told: (home: string) => Record<string, string> = () => ({})) {
  const home = join(scratch, `home-${++homes}`);
  mkdirSync(home);
  const env: NodeJS.ProcessEnv = {...bare, HOME: home, ...(process.platform === "win32" && {APPDATA: join(home, "AppData")}), ...told(home)};
  const call = (...words: string[]) => spawnSync(process.execPath, ["--import", "tsx", fileURLToPath(new URL("../../../src/notebook/cli.ts", import.meta.url)), "kernel", ...words], {env, encoding: "utf8"});
  return {home, env, call};
}

describe("installing the kernel, without Python", {concurrency: 2}, () => {
  test("where Jupyter keeps its data, as Jupyter decides it", {skip: process.platform !== "linux"}, () => {
    const at = join("/h", ".local/share/jupyter");
    assert.equal(dataFolder({}, {HOME: "/h"}), at);
    assert.equal(dataFolder({user: true}, {HOME: "/h", VIRTUAL_ENV: "/v"}), at);
    assert.equal(dataFolder({}, {HOME: "/h", XDG_DATA_HOME: "/x"}), "/x/jupyter");
    assert.equal(dataFolder({}, {HOME: "/h", XDG_DATA_HOME: "/x", JUPYTER_DATA_DIR: "/j"}), "/j");
    assert.equal(dataFolder({prefix: "/p"}, {HOME: "/h", JUPYTER_DATA_DIR: "/j"}), "/p/share/jupyter");
    assert.equal(dataFolder({sysPrefix: true}, {HOME: "/h", VIRTUAL_ENV: "/v", CONDA_PREFIX: "/c"}), "/v/share/jupyter");
    assert.equal(dataFolder({sysPrefix: true}, {HOME: "/h", CONDA_PREFIX: "/c"}), "/c/share/jupyter");
    assert.deepEqual(searchPath({HOME: "/h", VIRTUAL_ENV: "/v", JUPYTER_PATH: "/a:/b"}), ["/a", "/b", at, "/v/share/jupyter", "/usr/local/share/jupyter", "/usr/share/jupyter"]);
  });

  for (const [name, words, place, told] of [
    ["for the user", [], (home: string) => (process.platform === "linux" ? join(home, ".local/share/jupyter") : dataFolder({}, {HOME: home, APPDATA: join(home, "AppData")})), undefined],
    ["for the user, who moved Jupyter's data", ["--user"], (home: string) => join(home, "moved"), (home: string) => ({JUPYTER_DATA_DIR: join(home, "moved")})],
    ["into an environment", ["--sys-prefix"], (home: string) => join(home, "env/share/jupyter"), (home: string) => ({VIRTUAL_ENV: join(home, "env")})]
  ] as const) {
    test(`${name}: a spec that Jupyter can start, and gone again when it is uninstalled`, () => {
      const {home, call} = fresh(told);
      const folder = join(place(home), "kernels/maxent-logit");
      const installed = call("install", ...words);
      assert.deepEqual([installed.status, installed.stderr], [0, ""]);
      assert.ok(installed.stdout.includes(folder), installed.stdout);
      assert.doesNotMatch(installed.stdout, /JUPYTER_PATH/, "Jupyter looks there");
      const spec = JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8")) as {argv: string[]; language: string; display_name: string; interrupt_mode: string};
      assert.deepEqual([spec.language, spec.interrupt_mode, spec.argv[0]], ["typescript", "message", process.execPath]);
      assert.deepEqual(spec.argv.slice(-4), ["kernel", "start", "--connection-file", "{connection_file}"]);
      const script = spec.argv.at(-5)!;
      assert.ok(isAbsolute(script) && existsSync(script));
      assert.match(readFileSync(join(folder, "logo-svg.svg"), "utf8"), /^<svg xmlns=/);
      assert.equal(call("install", ...words).status, 0, "again, as after an update");
      const removed = call("uninstall");
      assert.deepEqual([removed.status, removed.stdout], [0, `Removed ${folder}\n`], removed.stderr);
      assert.deepEqual(readdirSync(join(folder, "..")), []);
      const missing = call("uninstall");
      assert.equal(missing.status, 2);
      assert.match(missing.stderr, /no kernel where Jupyter looks/);
    });
  }

  test("under a prefix Jupyter may not look, and that is said", () => {
    const {home, call} = fresh();
    const prefix = join(home, "elsewhere");
    const {status, stdout} = call("install", "--prefix", prefix);
    assert.equal(status, 0);
    assert.match(stdout, /JUPYTER_PATH/);
    assert.ok(existsSync(join(prefix, "share/jupyter/kernels/maxent-logit/kernel.json")));
    assert.equal(call("uninstall").status, 2, "what lies where Jupyter does not look is not touched unasked");
    assert.equal(call("uninstall", "--prefix", prefix).status, 0);
  });

  test("what cannot be meant, or written, is refused with the way out", () => {
    const {home, call} = fresh();
    const both = call("install", "--user", "--sys-prefix");
    assert.deepEqual([both.status, /more than one of --user, --prefix and --sys-prefix/.test(both.stderr)], [2, true]);
    const inactive = call("install", "--sys-prefix");
    assert.deepEqual([inactive.status, /activate it, or give its folder with --prefix/.test(inactive.stderr)], [2, true]);
    const file = call("install", "--prefix", fileURLToPath(import.meta.url));
    assert.deepEqual([file.status, /cannot be written/.test(file.stderr)], [2, true], "a file is no folder");
    const unnamed = call("start");
    assert.deepEqual([unnamed.status, /--connection-file is missing/.test(unnamed.stderr)], [2, true]);
    const absent = call("start", "--connection-file", join(home, "nowhere.json"));
    assert.deepEqual([absent.status, /no connection file at/.test(absent.stderr)], [2, true]);
    assert.equal(call("fly").status, 2);
    assert.match(call("--help").stdout, /kernel install/);
  });

  test("jupyter kernelspec list finds it", {skip: spawnSync("jupyter", ["--version"]).status !== 0 && "there is no jupyter here"}, () => {
    const {env, home, call} = fresh();
    assert.equal(call("install").status, 0);
    const {stdout} = spawnSync("jupyter", ["kernelspec", "list", "--json"], {env, encoding: "utf8"});
    const listed = (JSON.parse(stdout) as {kernelspecs: Record<string, {resource_dir: string}>}).kernelspecs["maxent-logit"];
    assert.ok(listed.resource_dir.startsWith(home));
  });
});
