import {existsSync, rmSync, writeFileSync} from "node:fs";
import {extname, join} from "node:path";
import {fileURLToPath} from "node:url";
import {ChoiceError, quote} from "../../errors.js";
import {inherited} from "../child.js";
import {makeFolder} from "../makeFolder.js";
import {logo} from "./logo.js";
import {dataFolder, described, searchPath, type Place} from "./place.js";

export const kernelName = "maxent-logit";

/** The words that start a kernel, up to its options. */
export const kernelCommand = (): string[] => [process.execPath, ...inherited(process.execArgv), fileURLToPath(new URL(`../cli${extname(import.meta.url)}`, import.meta.url)), "kernel", "start"];

/**
 * What Jupyter reads of a kernel. Interrupts come as messages: the process that talks to Jupyter runs no cells and always
 * hears them, on Windows too, where there is no such signal; a signal is understood as well.
 */
const kernelSpec = (): object => ({
  argv: [...kernelCommand(), "--connection-file", "{connection_file}"],
  display_name: "TypeScript (maxent-logit)",
  language: "typescript",
  interrupt_mode: "message",
  metadata: {debugger: false}
});

/** Where a kernel was installed, and whether Jupyter looks there. */
export interface Installed {
  readonly folder: string;
  readonly found: boolean;
}

/**
 * Installs the kernel, without Python.
 *
 * @throws {ChoiceError} kernel/place; kernel/not-writable
 */
export function installKernel(place: Place): Installed {
  const data = dataFolder(place);
  const folder = join(data, "kernels", kernelName);
  try {
    makeFolder(folder);
    writeFileSync(join(folder, "kernel.json"), `${JSON.stringify(kernelSpec(), null, 1)}\n`);
    writeFileSync(join(folder, "logo-svg.svg"), logo);
  } catch (error) {
    throw new ChoiceError("kernel/not-writable", {at: "kernel install", saw: `${quote(folder)} cannot be written (${(error as Error).message})`, want: "a folder of your own", hint: "--user, or --prefix with such a folder"});
  }
  return {folder, found: searchPath().includes(data)};
}

/**
 * Removes the kernel: from the place that is named, otherwise from wherever Jupyter finds it first.
 *
 * @returns the folder that was removed
 * @throws {ChoiceError} kernel/place; kernel/not-installed
 */
export function uninstallKernel(place: Place): string {
  const named = place.user || place.prefix !== undefined || place.sysPrefix;
  const folders = (named ? [dataFolder(place)] : searchPath()).map((data) => join(data, "kernels", kernelName));
  const folder = folders.find((one) => existsSync(join(one, "kernel.json")));
  if (folder === undefined) throw new ChoiceError("kernel/not-installed", {at: "kernel uninstall", saw: named ? `no kernel in ${quote(folders[0])}` : "no kernel where Jupyter looks", want: `the place it was installed in${named ? `, which is not ${described(place)}` : ""}`, hint: "--user, --prefix or --sys-prefix, as for install"});
  rmSync(folder, {recursive: true});
  return folder;
}
