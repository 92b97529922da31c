import {spawn, spawnSync} from "node:child_process";
import {existsSync, mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {delimiter, isAbsolute, join} from "node:path";
import {installKernel, kernelName} from "./kernel/spec.js";

const help = `maxent-logit lab: JupyterLab with TypeScript chosen

  maxent-logit lab [notebook or folder] [-- words for JupyterLab]

The kernel is there while JupyterLab runs; "maxent-logit kernel install" keeps it.
`;

/** What is said where there is no JupyterLab. */
const withoutLab = `JupyterLab is not here: "python3 -m pip install jupyterlab", then call this again.
Without Python: open the notebook in VS Code, or run it with "maxent-logit run notebook.ipynb".
`;

// As `python -m jupyterlab`, which would run a jupyterlab.py of the folder one stands in; -P forbids that from Python 3.11 on
// alone, and PYTHONSAFEPATH would reach the user's own scripts in JupyterLab's terminals.
const module = ["-c", "import sys; sys.path = [p for p in sys.path if p]; from runpy import run_module; run_module('jupyterlab', run_name='__main__', alter_sys=True)"];
const ways = [["jupyter-lab"], ["jupyter", "lab"], ["python3", ...module], ["python", ...module], ...(process.platform === "win32" ? [["py", ...module]] : [])];

/** The first words that start a JupyterLab of version 4 or later, if there is one. */
export function findLab(env: NodeJS.ProcessEnv = process.env): readonly string[] | undefined {
  for (const [name, ...words] of ways) {
    const command = process.platform === "win32" ? windowsProgram(name, env) : name;
    if (command === undefined) continue;
    const {status, stdout} = spawnSync(command, [...words, "--version"], {encoding: "utf8", timeout: 60_000, env});
    if (status === 0 && Number(/^\s*(\d+)\./m.exec(stdout)?.[1]) >= 4) return [command, ...words];
  }
  return undefined;
}

/**
 * The path of a program on Windows. Started by its path it needs no shell, to which a notebook's name with a space or an
 * ampersand would be several words or a command; and Windows would look into the folder one stands in first.
 */
export function windowsProgram(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const path = Object.entries(env).find(([key]) => key.toUpperCase() === "PATH")?.[1] ?? "";
  return path.split(delimiter).filter((folder) => isAbsolute(folder)).map((folder) => join(folder, `${name}.exe`)).find((file) => existsSync(file));
}

/**
 * `maxent-logit lab …`; the words after `lab`. Returns when JupyterLab has ended.
 *
 * @returns JupyterLab's exit status; 1 where there is none
 */
export async function labCommand(words: readonly string[]): Promise<number> {
  if (words[0] === "--help" || words[0] === "-h") {
    process.stdout.write(help);
    return 0;
  }
  const lab = findLab();
  if (!lab) {
    process.stderr.write(withoutLab);
    return 1;
  }
  const prefix = mkdtempSync(join(tmpdir(), "maxent-logit-"));
  try {
    installKernel({prefix});
    return await serve(lab, words.filter((word) => word !== "--"), {...process.env, JUPYTER_PATH: [join(prefix, "share", "jupyter"), process.env.JUPYTER_PATH].filter((path) => !!path).join(delimiter)});
  } finally {
    rmSync(prefix, {recursive: true, force: true});
  }
}

function serve([command, ...start]: readonly string[], words: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(command, [...start, `--MultiKernelManager.default_kernel_name=${kernelName}`, ...words], {stdio: "inherit", env});
  // The terminal sends Ctrl+C to both: JupyterLab asks whether it is meant, and decides.
  process.removeAllListeners("SIGINT").on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.removeAllListeners(signal).on(signal, () => void child.kill("SIGTERM"));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (status) => resolve(status ?? 1));
  });
}
