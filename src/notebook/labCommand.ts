import {spawn, spawnSync} from "node:child_process";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {delimiter, join} from "node:path";
import {installKernel, kernelName} from "./kernel/spec.js";

const help = `maxent-logit lab: JupyterLab with TypeScript chosen

  maxent-logit lab [notebook or folder] [-- words for JupyterLab]

The kernel is there while JupyterLab runs; "maxent-logit kernel install" keeps it.
`;

/** What is said where there is no JupyterLab. */
export const withoutLab = `JupyterLab is not here: "python3 -m pip install jupyterlab", then call this again.
Without Python: open the notebook in VS Code, or run it with "maxent-logit run notebook.ipynb".
`;

const ways = [["jupyter-lab"], ["jupyter", "lab"], ["python3", "-m", "jupyterlab"], ["python", "-m", "jupyterlab"]];

/** The first words that start a JupyterLab of version 4 or later, if there is one. */
export function findLab(env: NodeJS.ProcessEnv = process.env): readonly string[] | undefined {
  return ways.find(([command, ...words]) => {
    const {status, stdout} = spawnSync(command, [...words, "--version"], {encoding: "utf8", timeout: 60_000, env, shell: process.platform === "win32"});
    return status === 0 && Number(/^\s*(\d+)\./m.exec(stdout)?.[1]) >= 4;
  });
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
  const child = spawn(command, [...start, `--MultiKernelManager.default_kernel_name=${kernelName}`, ...words], {stdio: "inherit", env, shell: process.platform === "win32"});
  // The terminal sends Ctrl+C to both: JupyterLab asks whether it is meant, and decides.
  process.removeAllListeners("SIGINT").on("SIGINT", () => {});
  process.removeAllListeners("SIGTERM").on("SIGTERM", () => void child.kill("SIGTERM"));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (status) => resolve(status ?? 1));
  });
}
