import {JSDOM} from "jsdom";
import type {Bundle} from "../../src/rich.js";

const parser = new (new JSDOM("").window.DOMParser)();

/** A piece of HTML as a browser would read it. */
export const parsed = (html: string): Document => parser.parseFromString(`<!doctype html><body>${html}`, "text/html");

export const page = (bundle: Bundle): Document => parsed(bundle["text/html"]!);

/** Every element and attribute of a document's body, sorted: "td", "td@align". */
export function vocabulary(document: Document): string[] {
  const found = new Set<string>();
  for (const element of document.body.querySelectorAll("*")) {
    found.add(element.localName);
    for (const {name} of element.attributes) found.add(`${element.localName}@${name}`);
  }
  return [...found].sort();
}
