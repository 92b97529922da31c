import {readFileSync, realpathSync, statSync} from "node:fs";
import {extname, isAbsolute, join, relative, sep} from "node:path";
import {Marked} from "marked";
import {escapeAttribute, escapeHtml} from "../display/escape.js";
import {highlight} from "./highlight.js";
import {base64, joined} from "./ipynb.js";
import {sanitize} from "./sanitize.js";
import {texToMathml} from "./texToMathml.js";

/** A heading of the page: its place (`#id`), how deep it is, and its words as HTML and as text. */
export interface Heading {
  readonly id: string;
  readonly depth: number;
  readonly text: string;
}

/** What a markdown cell may lean on: the folder its pictures lie in, and the pictures attached to it. */
export interface MarkdownSurroundings {
  readonly folder?: string;
  readonly attachments?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const pictures: Readonly<Record<string, string>> = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".gif": "gif", ".webp": "webp", ".svg": "svg+xml"};
const mostBytes = 5_000_000;

/**
 * A reader of markdown for one page: it remembers the headings met so far, so that each has a place of its own.
 *
 * Formulas between `$` or `$$` become MathML; what this part of TeX does not know stays as its source. Pictures in the
 * notebook's folder or attached to a cell are put into the page; of any other only its words are left, with the reason.
 */
export function markdownReader(): {readonly headings: readonly Heading[]; read(text: string, surroundings?: MarkdownSurroundings): string} {
  const headings: Heading[] = [];
  let around: MarkdownSurroundings = {};
  const marked = new Marked({
    gfm: true,
    extensions: [formula("inline"), formula("block")],
    renderer: {
      heading({tokens, depth}) {
        const html = this.parser.parseInline(tokens);
        const text = textOf(html);
        const id = freeId(text, headings);
        headings.push({id, depth, text});
        return `<h${depth} id="${escapeAttribute(id)}">${html}</h${depth}>\n`;
      },
      code({text, lang}) {
        return `<pre><code>${/^(ts|js|typescript|javascript)\b/.test(lang ?? "") ? highlight(text) : escapeHtml(text)}</code></pre>\n`;
      },
      image({href, title, text, tokens}) {
        const alt = tokens ? this.parser.parseInline(tokens, this.parser.textRenderer) : escapeHtml(text);
        const {data, missing} = pictureIn(around, href);
        if (data === undefined) return `${alt} <small>[picture left out: ${missing}]</small>`;
        return `<img src="${escapeAttribute(data)}" alt="${alt}"${title ? ` title="${escapeAttribute(title)}"` : ""}>`;
      }
    }
  });
  return {
    headings,
    read(text, surroundings = {}) {
      around = surroundings;
      return sanitize(marked.parse(text, {async: false}));
    }
  };
}

// Not a price: "$5 and $10" has a space before its second sign. A formula may stand on lines of its own, between $$.
const rules = {
  inline: /^\$\$((?:\\[\s\S]|[^$\\])+?)\$\$|^\$(?![\s$])((?:\\[\s\S]|[^$\\\n]|\n(?!\s*\n))+?)(?<![\s\\])\$(?!\d)/,
  block: /^ {0,3}\$\$((?:\\[\s\S]|[^$\\])+?)\$\$[ \t]*(?:\n|$)/
};

function formula(level: "inline" | "block") {
  return {
    name: `formula-${level}`,
    level,
    start: (source: string): number | undefined => {
      const at = level === "inline" ? source.indexOf("$") : source.search(/(^|\n) {0,3}\$\$/);
      return at < 0 ? undefined : at;
    },
    tokenizer(source: string) {
      const match = rules[level].exec(source);
      return match ? {type: `formula-${level}`, raw: match[0], tex: (match[1] ?? match[2]).trim(), display: match[1] !== undefined} : undefined;
    },
    renderer: ({tex, display}: {tex?: string; display?: boolean}): string => showFormula(tex ?? "", !!display)
  };
}

/** A formula as MathML where it can be, otherwise its source. */
export function showFormula(tex: string, display: boolean): string {
  const sign = display ? "$$" : "$";
  return texToMathml(tex, display) ?? `<code class="math">${escapeHtml(sign + tex + sign)}</code>`;
}

type Picture = {readonly data: string; readonly missing?: undefined} | {readonly data?: undefined; readonly missing: string};

function pictureIn({folder, attachments}: MarkdownSurroundings, href: string): Picture {
  if (/^data:image\//i.test(href)) return {data: href};
  if (href.startsWith("attachment:")) return attachedPicture(attachments, decoded(href.slice("attachment:".length)));
  if (/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(href)) return {missing: "it lies elsewhere"};
  if (folder === undefined) return {missing: "the notebook's folder is not known"};
  return pictureFile(folder, decoded(href));
}

function attachedPicture(attachments: MarkdownSurroundings["attachments"], name: string): Picture {
  const types = attachments && Object.hasOwn(attachments, name) ? Object.entries(attachments[name] ?? {}) : [];
  const [type, bytes] = types.find(([mime]) => /^image\/[a-z+]+$/.test(mime)) ?? [];
  return type === undefined ? {missing: "it is not attached to the cell"} : {data: `data:${type};base64,${base64(joined(bytes))}`};
}

// Whoever writes a notebook must not choose which files of its reader get into a page: a picture has to lie in the
// notebook's folder, also after links are followed.
function pictureFile(folder: string, name: string): Picture {
  if (isAbsolute(name)) return {missing: outside};
  const type = pictures[extname(name).toLowerCase()];
  if (type === undefined) return {missing: "it is of no type known here"};
  try {
    const path = realpathSync(join(folder, name));
    const way = relative(realpathSync(folder), path);
    if (way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way)) return {missing: outside};
    const file = statSync(path);
    if (!file.isFile()) return {missing: "it is no file"};
    if (file.size > mostBytes) return {missing: `it is larger than ${mostBytes / 1e6} MB`};
    return {data: `data:image/${type};base64,${readFileSync(path).toString("base64")}`};
  } catch {
    return {missing: "it cannot be read"};
  }
}

const outside = "it lies outside the notebook's folder";

/** A picture's name as files bear it; a percent sign that is no code stands for itself. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

const textOf = (html: string): string =>
  html.replace(/<[^>]*>/g, "").replace(/&(lt|gt|quot|amp|#39);/g, (_, name: string) => ({lt: "<", gt: ">", quot: '"', amp: "&", "#39": "'"})[name]!).trim();

function freeId(text: string, headings: readonly Heading[]): string {
  let words = text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "section";
  if (/^in-\d+$/.test(words)) words = `section-${words}`; // places of cells
  let id = words;
  for (let i = 2; headings.some((heading) => heading.id === id); ++i) id = `${words}-${i}`;
  return id;
}
