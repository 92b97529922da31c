import {createRequire} from "node:module";
import type * as Plots from "@observablehq/plot";

export type PlotModule = typeof Plots;

/** As much of an element as figures need: the same in jsdom, in a browser, and in declarations without DOM types. */
export interface Element {
  readonly localName: string;
  readonly children: Iterable<Element> & ArrayLike<Element>;
  readonly attributes: Iterable<{readonly name: string; readonly value: string}>;
  textContent: string | null;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  append(...children: Element[]): void;
  remove(): void;
}

interface Page {
  createElementNS(space: string, name: string): Element;
}

/** Plot with a page to draw on. */
export interface Studio {
  readonly Plot: PlotModule;
  readonly document: Page;
  serialize(element: Element): string;
}

let opened: Studio | undefined;

/**
 * Opens the studio when the first figure is drawn: a page costs about a second, which work without figures never
 * pays. Synchronous, since a notebook host wants its bundle at once.
 */
export function studio(): Studio {
  if (opened) return opened;
  const require = createRequire(import.meta.url);
  const {JSDOM} = require("jsdom") as {JSDOM: new (html: string) => {window: {document: Page; XMLSerializer: new () => {serializeToString(node: Element): string}}}};
  const Plot = require("@observablehq/plot") as PlotModule;
  const {document, XMLSerializer} = new JSDOM("").window;
  const serializer = new XMLSerializer();
  return (opened = {Plot, document, serialize: (element) => serializer.serializeToString(element)});
}
