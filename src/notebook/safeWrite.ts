import {lstatSync, realpathSync, rmSync, statSync, writeFileSync, type Stats} from "node:fs";
import {basename, isAbsolute, join, relative, sep} from "node:path";
import {ChoiceError, quote} from "../errors.js";
import {makeFolder} from "./makeFolder.js";

export const defaultOut = "reports";

/**
 * The folder to write into: the one that was asked for, be it a link; or the default, which must be none. Whoever made the folder
 * that a command runs in could otherwise choose where it writes.
 *
 * @throws {ChoiceError} notebook/outside
 */
export function outFolder(command: string, asked: string | undefined): string {
  if (asked === undefined && isLink(defaultOut)) {
    throw new ChoiceError("notebook/outside", {at: command, saw: `${quote(defaultOut)}, a link that leads elsewhere`, want: "a folder that lies here, unless another is asked for", hint: `--out ${defaultOut}, if it should be written to where the link leads, or another folder`});
  }
  if (asked !== undefined && entry(asked) && !isFolder(asked)) throw noFolder(command, asked);
  return asked ?? defaultOut;
}

/**
 * Refuses notebooks that would be written over each other: what is made of a notebook bears its name, and some file systems tell
 * no capitals apart.
 *
 * @throws {ChoiceError} notebook/same-name
 */
export function expectOwnNames(command: string, paths: readonly string[]): void {
  const first = new Map<string, string>();
  for (const path of paths) {
    const stem = basename(path).replace(/\.ipynb$/i, "").normalize("NFC").toLowerCase();
    const other = first.get(stem);
    if (other !== undefined) {
      throw new ChoiceError("notebook/same-name", {at: command, saw: `${quote(other)} and ${quote(path)}`, want: "notebooks of different names, since what is made of them goes into one folder", hint: `call ${command} once for each, with another --out`});
    }
    first.set(stem, path);
  }
}

/**
 * Writes files into a folder and the folders directly below it, and nowhere else: not through a link that lies there, be it a file
 * or a folder.
 *
 * @throws {ChoiceError} notebook/outside
 */
export function writerInto(out: string, command = "export"): (name: string, content: string | Uint8Array, folder?: string) => string {
  const at = `${command} into ${quote(out)}`;
  madeFolder(at, out);
  const root = realpathSync(out);
  return (name, content, folder = "") => {
    const refuse = (saw: string): ChoiceError => new ChoiceError("notebook/outside", {at, saw, want: "files inside that folder alone", hint: "choose an empty folder with --out"});
    if (name === "" || name === "." || name === ".." || basename(name) !== name || /[\\/\0]/.test(name + folder) || folder === "..") throw refuse(`a file called ${quote(name)}`);
    const place = join(out, folder);
    madeFolder(at, place);
    const way = relative(root, realpathSync(place));
    if (way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way)) throw refuse(`${quote(place)}, a link out of it`);
    const file = join(place, name);
    try {
      rmSync(file, {force: true}); // a link goes, and what it led to stays
      writeFileSync(file, content, {flag: "wx"});
    } catch (error) {
      throw refuse(`${quote(file)}, which cannot be written (${(error as NodeJS.ErrnoException).code})`);
    }
    return file;
  };
}

/**
 * Makes a folder to write into, or sees that it is one: before the work, not after it.
 *
 * @throws {ChoiceError} notebook/outside
 */
export function madeFolder(at: string, folder: string): void {
  try {
    makeFolder(folder);
  } catch (error) {
    throw noFolder(at, folder, error as NodeJS.ErrnoException);
  }
}

function noFolder(at: string, folder: string, error?: NodeJS.ErrnoException): ChoiceError {
  const why = isLink(folder) ? "a link that leads to no folder" : error && isFolder(folder) ? `which cannot be written to (${error.code})` : error && !entry(folder) ? `where none can be made (${error.code})` : "which is no folder";
  return new ChoiceError("notebook/outside", {at, saw: `${quote(folder)}, ${why}`, want: "a folder to write into", hint: "choose another with --out"});
}

/** What lies there, links themselves; undefined for nothing, and below a file. */
function entry(path: string): Stats | undefined {
  try {
    return lstatSync(path, {throwIfNoEntry: false});
  } catch {
    return undefined;
  }
}

const isLink = (path: string): boolean => !!entry(path)?.isSymbolicLink();

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false; // a link to nothing, or to itself
  }
}
