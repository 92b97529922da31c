import {relative, resolve} from "node:path";

/** A path as one would type it from here. */
export function here(path: string): string {
  const short = relative(process.cwd(), resolve(path));
  return short.startsWith("..") ? path : short || ".";
}
