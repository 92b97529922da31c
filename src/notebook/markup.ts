import {inspect} from "node:util";
import {escapeAttribute, escapeHtml, escapeMarkdown} from "../display/escape.js";
import {rich} from "../rich.js";
import {element} from "./format.js";
import {base64, type MimeData} from "./ipynb.js";

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
 * cannot become a link or a script. Markup goes in as another piece of markup, a picture as itself, and `md(text)` takes a text
 * as it is.
 *
 * @example
 * const name = "a*b";
 * md`The alternative **${name}**`.markup // "The alternative **a\\*b**"
 * md("# As it is").markup // "# As it is"
 */
export const md: Tag = tag(escapeMarkdown, (data) => data["text/markdown"] ?? pixels(data), (markup) => ({"text/plain": said(markup), "text/markdown": markup}));

/**
 * HTML as the value of a cell, or for `display`. Values in `${…}` are text, unless they show themselves: results of this
 * library, pictures, and other pieces of markup, go in as what they are; lists of them one after another. `html(text)` takes a
 * text as it is. Safe are places between tags and quoted attributes; not what a browser would run: `href`, `style`, `script`.
 *
 * @example
 * const label = "<script>";
 * html`<b>${label}</b>`.markup // "<b>&lt;script&gt;</b>"
 * html`<p>${html`<i>${1}</i>`}</p>`.markup // "<p><i>1</i></p>"
 */
export const html: Tag = tag(escapeHtml, (data) => data["text/html"] ?? data["image/svg+xml"] ?? pixels(data), spoken);

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
    if (value === null || value === undefined) return "";
    const show = (value as {[rich]?: unknown})[rich];
    const data = typeof show === "function" ? (show as () => MimeData | undefined).call(value) : undefined;
    if (typeof data !== "object" || data === null) return escape(String(value));
    const made = nested(data);
    return typeof made === "string" ? made : escape(String(data["text/plain"] ?? value));
  };
  return (template: TemplateStringsArray | string, ...values: readonly unknown[]): Markup => {
    const markup = typeof template === "string" ? template : template.reduce((text, part, k) => `${text}${written(values[k - 1])}${part}`);
    let made: MimeData | undefined;
    const data = (): MimeData => (made ??= bundle(markup));
    return Object.defineProperties({markup} as Markup, {
      [rich]: {value: data},
      [inspect.custom]: {value: () => data()["text/plain"]}
    });
  };
}

/** A picture of pixels inside other markup: its bytes go with it. */
function pixels(data: MimeData): string | undefined {
  const type = ["image/png", "image/jpeg", "image/gif"].find((type) => typeof data[type] === "string");
  if (type === undefined) return undefined;
  const plain = data["text/plain"];
  return `<img alt="${escapeAttribute(typeof plain === "string" ? plain.split("\n")[0] : "")}" src="data:${type};base64,${base64(data[type] as string)}">`;
}

/** Markup with its pictures as their words: bytes say nothing to a reader. */
const said = (markup: string): string => markup.replace(/<img alt="([^"]*)" src="data:[^"]*">/g, "$1");

/** HTML, and what it says once that is asked: pieces that go into others are not. */
function spoken(markup: string): MimeData {
  let text: string | undefined;
  return {get "text/plain"() { return (text ??= words(markup)); }, "text/html": markup};
}

const signs: Readonly<Record<string, string>> = {amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", nbsp: " "};

/** What HTML says, for a terminal. */
function words(markup: string): string {
  const text = withoutSheets(said(markup));
  // Behind the last `>` no tag ends: to look for one there, from each `<`, would take the square of its length.
  const end = text.lastIndexOf(">") + 1;
  const left = text.slice(0, end).replace(/<[^>]*>/g, " ") + text.slice(end);
  return left.replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => signs[name]).replace(/\s+/g, " ").trim() || "[HTML]";
}

/** HTML without style sheets and scripts, in one walk over their tags. */
function withoutSheets(markup: string): string {
  const kept: string[] = [];
  let open: string | undefined;
  markup.split(/(<\/?(?:style|script)(?![\w-])[^>]*>?)/i).forEach((part, k) => {
    if (k % 2 === 0) return void (open === undefined && kept.push(part));
    const [, closing, name] = /^<(\/?)(\w+)/.exec(part.toLowerCase())!;
    if (open === undefined && !closing) open = name;
    else if (closing && name === open) open = undefined;
  });
  return kept.join("");
}
