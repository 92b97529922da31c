import {mkdirSync, realpathSync, rmSync, writeFileSync} from "node:fs";
import {basename, isAbsolute, join, relative, sep} from "node:path";
import {ChoiceError, quote} from "../errors.js";

/**
 * Writes files into a folder and the folders directly below it, and nowhere else: not through a link that lies there, be it a file
 * or a folder.
 *
 * @throws {ChoiceError} notebook/outside
 */
export function writerInto(out: string): (name: string, content: string | Uint8Array, folder?: string) => string {
  mkdirSync(out, {recursive: true});
  const root = realpathSync(out);
  return (name, content, folder = "") => {
    const refuse = (saw: string): ChoiceError => new ChoiceError("notebook/outside", {at: `export into ${quote(out)}`, saw, want: "files inside that folder alone", hint: "choose an empty folder with --out"});
    if (name === "" || name === "." || name === ".." || basename(name) !== name || /[\\/\0]/.test(name + folder) || folder === "..") throw refuse(`a file called ${quote(name)}`);
    const place = join(out, folder);
    mkdirSync(place, {recursive: true});
    const way = relative(root, realpathSync(place));
    if (way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way)) throw refuse(`${quote(place)}, a link out of it`);
    const file = join(place, name);
    rmSync(file, {force: true}); // a link goes, and what it led to stays
    writeFileSync(file, content, {flag: "wx"});
    return file;
  };
}
