import {readdirSync, statSync} from "node:fs";
import {basename, join, relative} from "node:path";
import {ChoiceError, quote} from "../../errors.js";

/** A submission: where it lies, and the name of the folder its results go to. */
export interface Submission {
  readonly path: string;
  readonly name: string;
}

/**
 * The submissions among files and folders: of a folder, every notebook in it or below it. Each gets a name of its own that
 * is a plain folder name on every system, whatever its file is called.
 *
 * @throws {ChoiceError} course/submission when a path leads to nothing
 */
export function submissionsIn(paths: readonly string[]): Submission[] {
  const found = paths.flatMap((path) => {
    const entry = statSync(path, {throwIfNoEntry: false});
    if (!entry) throw new ChoiceError("course/submission", {at: "nb grade", saw: `nothing at ${quote(path)}`, want: "notebooks, or folders of them"});
    return entry.isDirectory() ? notebooksBelow(path).map((file) => ({path: join(path, file), said: file})) : [{path, said: basename(path)}];
  });
  const taken = new Set<string>();
  return found.map(({path, said}) => {
    const plain = plainName(said.replace(/\.ipynb$/i, ""));
    let name = plain;
    for (let i = 2; taken.has(name.toLowerCase()); ++i) name = `${plain}-${i}`;
    taken.add(name.toLowerCase());
    return {path, name};
  });
}

const notebooksBelow = (folder: string): string[] =>
  readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile() && /\.ipynb$/i.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath ?? (entry as {path?: string}).path ?? folder, entry.name)))
    .filter((file) => !/(^|[\\/])(\.ipynb_checkpoints|node_modules)[\\/]/.test(file))
    .sort();

/**
 * A name that is one folder, neither hidden nor another's: letters and digits of any script, `.`, `-` and `_`, without dots
 * at its ends, at most 80 characters, and no name that Windows keeps for devices.
 *
 * @example
 * plainName("../../etc/Zoë Ω") // "etc-Zoë-Ω"
 */
export function plainName(text: string): string {
  const plain = [...text.normalize("NFC").replace(/[^\p{L}\p{M}\p{N}._-]+/gu, "-").replace(/^[.-]+/, "")].slice(0, 80).join("").replace(/[.-]+$/, "");
  return plain === "" || /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(plain) ? `submission${plain && `-${plain}`}` : plain;
}

