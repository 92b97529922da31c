import {existsSync, lstatSync, readdirSync, realpathSync} from "node:fs";
import {dirname, join, resolve} from "node:path";
import {fileURLToPath} from "node:url";

/**
 * The flags of Node's permission model for a process that runs what students wrote: it writes in one folder alone, reads
 * there, in this library and in installed packages alone, and starts neither processes nor threads nor native modules.
 * Memory, time, the network and signals to other processes are not fenced.
 *
 * undefined where the model cannot hold: under a loader, such as one for TypeScript, which needs threads of its own.
 *
 * @param home   the instructor's folder, from where packages are looked for
 * @param folder the only folder to write in; what lies beside it can be read
 */
export function fence(home: string, folder: string): string[] | undefined {
  if (process.execArgv.some((flag) => /^(--import|--require|-r|--loader|--experimental-loader)\b/.test(flag))) return undefined;
  const packages = [...packagesAbove(home), ...packagesAbove(libraryRoot)];
  const library = ["dist", "src", "datasets"].map((room) => join(libraryRoot, room, "*"));
  const read = [join(libraryRoot, "package.json"), ...library, ...packages.flatMap((path) => [join(path, "*"), ...linked(path)]), join(dirname(folder), "*")];
  const model = process.allowedNodeEnvironmentFlags.has("--permission") ? "--permission" : "--experimental-permission";
  return [model, ...[...new Set(read)].map((path) => `--allow-fs-read=${path}`), `--allow-fs-write=${join(folder, "*")}`];
}

const libraryRoot = realpathSync(fileURLToPath(new URL("../../../", import.meta.url))).replace(/[\\/]$/, "");

/** The folders of installed packages that a file in a folder finds, the nearest first. */
export function packagesAbove(folder: string): string[] {
  const found: string[] = [];
  for (let at = resolve(folder); ; at = dirname(at)) {
    const path = join(at, "node_modules");
    if (existsSync(path)) found.push(realpathSync(path));
    if (at === dirname(at)) return found;
  }
}

// Packages that are links lead out of their folder, as those of a workspace do. A link to this library opens its rooms
// alone: the instructor's notebooks may lie in its checkout.
function linked(packages: string): string[] {
  const names = readdirSync(packages).flatMap((name) => (name.startsWith("@") ? readdirSync(join(packages, name)).map((inner) => join(name, inner)) : [name]));
  const links = names.map((name) => join(packages, name)).filter((path) => lstatSync(path).isSymbolicLink() && existsSync(path));
  return links.map((path) => realpathSync(path)).filter((path) => path !== libraryRoot && !path.startsWith(packages)).map((path) => join(path, "*"));
}
