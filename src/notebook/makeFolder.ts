import {accessSync, constants, lstatSync, mkdirSync, statSync} from "node:fs";
import {dirname, resolve} from "node:path";

/**
 * Makes a folder, and those above it that are missing, one after the other: where the system answers oddly, as below `/proc`,
 * Node's own way of making several at once does not come back. One that is there must be a folder that can be written to.
 *
 * @throws the system's error
 */
export function makeFolder(folder: string): void {
  const missing: string[] = [];
  let place = resolve(folder);
  for (; !lstatSync(place, {throwIfNoEntry: false}); place = dirname(place)) missing.unshift(place);
  for (const one of missing) make(one);
  if (!statSync(folder).isDirectory()) throw Object.assign(new Error(`ENOTDIR: not a folder, '${folder}'`), {code: "ENOTDIR"});
  accessSync(folder, constants.W_OK);
}

function make(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error; // another process was faster
  }
}
