import {existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync} from "node:fs";
import {dirname, join, resolve} from "node:path";
import {fileURLToPath} from "node:url";

/** The name in the nearest package.json at or above a folder, and the folder it lies in. One that cannot be read counts as none. */
function packageAround(folder: string): {root: string; name?: unknown} | undefined {
  for (let root = resolve(folder); ; root = dirname(root)) {
    try {
      const {name} = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {name?: unknown};
      return {root, name};
    } catch {
      // none here, or none that is JSON: look above
    }
    if (root === dirname(root)) return undefined;
  }
}

/** The name this library is installed under. */
export const ownName = (): string => String(packageAround(dirname(fileURLToPath(import.meta.url)))?.name ?? "maxent-logit");

/**
 * Lets a notebook that lies inside this library's own checkout import the library by its name.
 *
 * The type checker of tslab does not follow a package's reference to itself; it does follow `node_modules/<name>`. So
 * where the notebook's package bears that very name and the entry is missing, a link to the package's root is made there.
 * A clean install removes it, and the next run makes it again. Where nothing is to be done, or the folder is read-only,
 * nothing happens.
 *
 * @param folder the notebook's folder
 * @returns      the link's path when it was made now, otherwise undefined
 * @example
 * ensureSelfLink("notebooks") // "/…/node_modules/maxent-logit", the first time
 */
export function ensureSelfLink(folder: string, name = ownName()): string | undefined {
  const around = packageAround(folder);
  if (!around || around.name !== name) return undefined;
  const link = join(around.root, "node_modules", name);
  if (existsSync(link)) return undefined;
  try {
    mkdirSync(dirname(link), {recursive: true});
    if (lstatSync(link, {throwIfNoEntry: false})?.isSymbolicLink()) rmSync(link); // it points nowhere: the checkout has moved
    // A junction needs no rights on Windows, but an absolute target; elsewhere a relative one survives a move.
    if (process.platform === "win32") symlinkSync(around.root, link, "junction");
    else symlinkSync(name.startsWith("@") ? "../.." : "..", link, "dir");
    return link;
  } catch (error) {
    if (["EEXIST", "EACCES", "EPERM", "EROFS"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}
