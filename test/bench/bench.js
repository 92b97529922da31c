import {execFile} from "node:child_process";
import {mkdirSync, mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";
import {promisify} from "node:util";
import {open} from "./child.js";
import {command, installed, peers, scalar, single} from "./python.js";

const here = dirname(fileURLToPath(import.meta.url));

/** What a section works with: processes, problems, and where results are kept. Everything temporary goes with `close`. */
export async function workshop({quick, results}) {
  const temporary = mkdtempSync(join(tmpdir(), "maxent-logit-bench-"));
  const python = await installed();
  const problems = new Map();
  const opened = new Set();
  const kept = async (process) => {
    const child = await process;
    opened.add(child);
    return {...child, close: () => { opened.delete(child); return child.close(); }};
  };
  const script = (name, env) => kept(open(command, [join(here, "peers", name)], {env: {...env, PYTHONDONTWRITEBYTECODE: "1"}, cwd: folder(temporary, "work")}));
  return {
    quick, results, python,
    /** The one of two sizes that this run is for. */
    size: (small, full) => (quick ? small : full),
    /** The folder of a problem, made when first asked for. */
    async problem(recipe) {
      const key = JSON.stringify(recipe);
      if (!problems.has(key)) {
        const path = join(temporary, `problem-${problems.size}`);
        await promisify(execFile)(process.execPath, ["--max-old-space-size=16000", join(here, "problems.js"), key, path]);
        problems.set(key, path);
      }
      return problems.get(key);
    },
    ours: () => kept(open(process.execPath, [join(here, "oursChild.js")])),
    /** Why a peer cannot be run here; undefined when it can. */
    absent: (name) => (!python ? "no Python" : peers.includes(name) && !python.packages[name] ? "not installed" : undefined),
    peer: (name, {threads} = {}) => script(`with_${name}.py`, threads === 1 ? single : {}),
    libm: () => script("libm.py", scalar),
    note: (words) => process.stderr.write(`${words}\n`),
    async close() {
      await Promise.all([...opened].map((child) => child.close()));
      rmSync(temporary, {recursive: true, force: true});
    }
  };
}

function folder(...parts) {
  const path = join(...parts);
  mkdirSync(path, {recursive: true});
  return path;
}
