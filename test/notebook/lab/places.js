// Where JupyterLab and Chromium lie.
import {spawnSync} from "node:child_process";
import {existsSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";

export const labFolder = fileURLToPath(new URL("../../../node_modules/.cache/lab", import.meta.url));

/** A command of the environment JupyterLab was installed in. */
export const python = (command) => (process.platform === "win32" ? join(labFolder, "Scripts", `${command}.exe`) : join(labFolder, "bin", command));

/** Whether the installation was finished, with just these packages when they are named. */
export const hasLab = (packages) => existsSync(join(labFolder, "ready")) && (!packages || readFileSync(join(labFolder, "ready"), "utf8") === packages.join("\n"));

/** The path of a Chromium, if there is one. */
export function browser() {
  const named = process.env.CHROMIUM;
  if (named) return existsSync(named) ? named : undefined;
  return ["chromium", "chromium-browser", "google-chrome"].map((name) => spawnSync("which", [name], {encoding: "utf8"}).stdout?.trim()).find((path) => path);
}
