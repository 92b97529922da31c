import {inspect} from "node:util";
import {escapeHtml, escapeMarkdown} from "../display/escape.js";
import {rich} from "../rich.js";
import {element} from "./format.js";
import type {MimeData} from "./ipynb.js";

/** Markup that shows itself in a notebook. */
export interface Markup {
  /** As it was put together. */
  readonly markup: string;
  /** @internal as in `Shown` */
  [rich](): MimeData;
}

/** Writes markup: as a tag, with what stands in `${…}` made safe; or, called with a text, as it is. */
export interface Tag {
  (template: TemplateStringsArray, ...values: readonly unknown[]): Markup;
  (markup: string): Markup;
}

/**
 * Markdown as the value of a cell, or for `display`.
 *
 * Deno's function of this name puts values in as they are. Here they are text, whatever they look like: a label from a table
 * cannot become a link or a script. Markup goes in as another piece of markup, and `md(text)` takes a text as it is.
 *
 * @example
 * const name = "a*b";
 * md`The alternative **${name}**`.markup // "The alternative **a\\*b**"
 * md("# As it is").markup // "# As it is"
 */
export const md: Tag = tag(escapeMarkdown, (data) => data["text/markdown"], (markup) => ({"text/plain": markup, "text/markdown": markup}));

/**
 * HTML as the value of a cell, or for `display`. Values in `${…}` are text, unless they show themselves: results of this
 * library, and other pieces of markup, go in as what they are; lists of them one after another. `html(text)` takes a text as
 * it is. Safe are places between tags and quoted attributes; not what a browser would run: `href`, `style`, `script`.
 *
 * @example
 * const label = "<script>";
 * html`<b>${label}</b>`.markup // "<b>&lt;script&gt;</b>"
 * html`<p>${html`<i>${1}</i>`}</p>`.markup // "<p><i>1</i></p>"
 */
export const html: Tag = tag(escapeHtml, (data) => data["text/html"] ?? data["image/svg+xml"], (markup) => ({"text/plain": words(markup), "text/html": markup}));

/**
 * A picture in SVG, which travels as one: with a name space, and a ground of its own. Values are made safe as in `html`.
 *
 * @example
 * svg`<svg width="10" height="10"><circle r="${4}"/></svg>`.markup // '<svg width="10" height="10"><circle r="4"/></svg>'
 */
export const svg: Tag = tag(escapeHtml, (data) => data["image/svg+xml"], (markup) => element(markup.trim()));

function tag(escape: (text: string) => string, nested: (data: MimeData) => unknown, bundle: (markup: string) => MimeData): Tag {
  const written = (value: unknown): string => {
    if (Array.isArray(value)) return value.map(written).join("");
    const show = (value as {[rich]?: unknown} | null | undefined)?.[rich];
    const made = typeof show === "function" ? nested((show as () => MimeData).call(value)) : undefined;
    return typeof made === "string" ? made : value === null || value === undefined ? "" : escape(String(value));
  };
  return (template: TemplateStringsArray | string, ...values: readonly unknown[]): Markup => {
    const markup = typeof template === "string" ? template : template.reduce((text, part, k) => `${text}${written(values[k - 1])}${part}`);
    const made = bundle(markup);
    return Object.defineProperties({markup} as Markup, {
      [rich]: {value: () => made},
      [inspect.custom]: {value: () => made["text/plain"]}
    });
  };
}

const signs: Readonly<Record<string, string>> = {amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", nbsp: " "};

/** What HTML says, for a terminal. */
const words = (markup: string): string =>
  markup.replace(/<(style|script)\b[\s\S]*?<\/\1>/gi, "").replace(/<[^>]*>/g, " ").replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => signs[name]).replace(/\s+/g, " ").trim() || "[HTML]";
