import {readFileSync} from "node:fs";
import {inspect} from "node:util";
import {ChoiceError, quote} from "../errors.js";
import {rich} from "../rich.js";
import {element} from "./format.js";
import type {MimeData} from "./ipynb.js";

/** A picture that shows itself in a notebook. */
export interface Image {
  /** @internal as in `Shown` */
  [rich](): MimeData;
}

const kinds = [
  {name: "PNG", type: "image/png", begins: [0x89, 0x50, 0x4e, 0x47]},
  {name: "JPEG", type: "image/jpeg", begins: [0xff, 0xd8, 0xff]},
  {name: "GIF", type: "image/gif", begins: [0x47, 0x49, 0x46, 0x38]}
] as const;

/**
 * A picture, PNG, JPEG, GIF or SVG, as the value of a cell, or for `display`: its bytes, or where they lie. It is read at once, and the
 * notebook holds it.
 *
 * @throws {ChoiceError} display/image for what is no such picture, or cannot be read
 * @example
 * const made = image(Uint8Array.of(0x89, 0x50, 0x4e, 0x47));
 * await display(made);
 */
export function image(source: string | URL | Uint8Array): Image {
  const bytes = source instanceof Uint8Array ? source : read(source);
  const data = bundle(bytes);
  if (!data) throw new ChoiceError("display/image", {at: "image(…)", saw: source instanceof Uint8Array ? "bytes of another kind" : `a file of another kind: ${quote(String(source))}`, want: "a picture: PNG, JPEG, GIF or SVG"});
  return Object.defineProperties({} as Image, {[rich]: {value: () => data}, [inspect.custom]: {value: () => data["text/plain"]}});
}

function bundle(bytes: Uint8Array): MimeData | undefined {
  const kind = kinds.find(({begins}) => begins.every((byte, k) => bytes[k] === byte));
  if (kind) return {"text/plain": `[${kind.name}, ${bytes.length} bytes]`, [kind.type]: Buffer.from(bytes).toString("base64")};
  const start = Buffer.from(bytes.subarray(0, 1000)).toString("utf8");
  if (!/^\uFEFF?\s*(<\?xml\b|<!--|<!DOCTYPE svg|<svg\b)/i.test(start)) return undefined;
  const text = Buffer.from(bytes).toString("utf8");
  const from = text.search(/<svg\b/);
  return from < 0 ? undefined : element(text.slice(from).trim());
}

function read(path: string | URL): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new ChoiceError("display/image", {at: "image(…)", saw: (error as Error).message, want: "the path of a picture, from the notebook's folder, or its bytes"});
  }
}
