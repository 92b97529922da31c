import {existsSync, readFileSync, statSync} from "node:fs";
import {extname, join} from "node:path";
import {Marked, type Tokens} from "marked";
import {escapeAttribute, escapeHtml} from "../display/escape.js";
import {highlight} from "./highlight.js";
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
 * Formulas between `$` or `$$` become MathML; what this part of TeX does not know stays as its source. Pictures beside the
 * notebook or attached to a cell are put into the page.
 */
export function markdownReader(): {readonly headings: readonly Heading[]; read(text: string, surroundings?: MarkdownSurroundings): string} {
  const headings: Heading[] = [];
  let around: MarkdownSurroundings = {};
  const marked = new Marked({
    gfm: true,
    extensions: [formula("inline"), formula("block")],
    walkTokens(token) {
      if (token.type === "image") (token as Tokens.Image).href = pictureIn(around, (token as Tokens.Image).href);
    },
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

function pictureIn({folder, attachments}: MarkdownSurroundings, href: string): string {
  const attached = href.startsWith("attachment:") ? Object.entries(attachments?.[decodeURIComponent(href.slice(11))] ?? {})[0] : undefined;
  if (attached) return `data:${attached[0]};base64,${attached[1].replace(/\s/g, "")}`;
  const type = pictures[extname(href).toLowerCase()];
  if (folder === undefined || !type || /^([a-z][a-z0-9+.-]*:|\/)/i.test(href)) return href;
  const path = join(folder, decodeURIComponent(href));
  if (!existsSync(path) || statSync(path).size > mostBytes) return href;
  return `data:image/${type};base64,${readFileSync(path).toString("base64")}`;
}

const textOf = (html: string): string =>
  html.replace(/<[^>]*>/g, "").replace(/&(lt|gt|quot|amp|#39);/g, (_, name: string) => ({lt: "<", gt: ">", quot: '"', amp: "&", "#39": "'"})[name]!).trim();

function freeId(text: string, headings: readonly Heading[]): string {
  const words = text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "section";
  let id = words;
  for (let i = 2; headings.some((heading) => heading.id === id); ++i) id = `${words}-${i}`;
  return id;
}
