import {escapeAttribute, escapeHtml} from "../display/escape.js";
import {checkOptions, ChoiceError, quote} from "../errors.js";
import {ansiToHtml, overwritten} from "./ansi.js";
import {highlight} from "./highlight.js";
import {base64, firstLine, joined, normalized, textIn, type Cell, type MimeData, type Notebook, type Output} from "./ipynb.js";
import {markdownReader, showFormula, type Heading} from "./markdown.js";
import {sanitize} from "./sanitize.js";
import {style} from "./style.js";

/** How to make a page of a notebook. */
export interface PageOptions {
  /** The notebook's file name: said in the foot of the page, and its title when it has no heading. */
  readonly name?: string;
  /** The notebook's folder: pictures that its markdown names in it or below it are put into the page, none from elsewhere. */
  readonly folder?: string;
  /** A fixed look; without it the page follows the reader's system. */
  readonly theme?: "light" | "dark";
}

/** A reader of markdown that the page's parts share. */
type Reader = ReturnType<typeof markdownReader> & {readonly share: (html: string) => string};

/**
 * One page of HTML with a notebook's text, code and outputs, that needs nothing else: no script, no font, no request.
 *
 * Of a value's MIME types the richest is shown: HTML, then SVG, PNG, JPEG, markdown, TeX, plain text. Scripts and whatever
 * would load from elsewhere are taken out of markdown and outputs, and the page's own policy forbids them once more. What
 * a notebook's cells lack (metadata, data, a traceback) is read as empty.
 *
 * @throws {ChoiceError} notebook/format, notebook/theme, options/unknown
 * @example
 * const cell = {cell_type: "markdown", metadata: {}, source: "# Hello"};
 * exportHtml({cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5}).startsWith("<!doctype html>") // true
 */
export function exportHtml(notebook: Notebook, options: PageOptions = {}): string {
  const at = "exportHtml(notebook)";
  checkOptions(at, options, ["name", "folder", "theme"]);
  const {name, folder, theme} = options;
  if (theme !== undefined && theme !== "light" && theme !== "dark") {
    throw new ChoiceError("notebook/theme", {at, saw: `theme ${quote(theme)}`, want: '"light" or "dark"', hint: "leave it out to follow the reader's system"});
  }
  const {cells} = normalized(notebook, at);
  const reader: Reader = {...markdownReader(), share: sharedStyles()};
  const failedAt = cells.findIndex(failedWithoutLeave);
  const ran = cells.some(({execution_count}) => typeof execution_count === "number");
  const body = cells.map((cell, i) => {
    if (cell.cell_type === "markdown") return `<section class="md">${reader.read(joined(cell.source), {folder, attachments: cell.attachments})}</section>`;
    if (cell.cell_type !== "code") return "";
    const skipped = ran && failedAt >= 0 && i > failedAt && cell.execution_count === null;
    return codeCell(cell, {reader, failed: i === failedAt, skipped});
  });
  const title = reader.headings.find(({depth}) => depth === 1)?.text ?? reader.headings[0]?.text ?? name ?? "Notebook";
  const banner = failedAt < 0 ? "" : `<p class="banner">${failureWords(cells, failedAt)}.</p>`;
  return `<!doctype html>
<html lang="en"${theme ? ` data-theme="${theme}"` : ""}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
${contents(title, reader.headings)}
<main>
${[banner, ...body].filter(Boolean).join("\n")}
${name === undefined ? "" : `<footer>Made from <code>${escapeHtml(name)}</code></footer>`}
</main>
</body>
</html>
`;
}

const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; form-action 'none'; base-uri 'none'";

const failedWithoutLeave = ({outputs, metadata}: Cell): boolean =>
  !!outputs?.some(({output_type}) => output_type === "error") && !metadata.tags?.includes("raises-exception");

/** So many headings are worth a list of them. */
const fewHeadings = 3;

/**
 * The page's contents: folded on a narrow page, at its side on a wide one. Which of the two is seen is the style sheet's to say; the
 * other one is there for nobody.
 */
function contents(title: string, headings: readonly Heading[]): string {
  if (headings.length < fewHeadings) return "";
  const place = ({id}: Heading): string => escapeAttribute(`#${encodeURIComponent(id)}`);
  const top = headings.find(({depth, text}) => depth === 1 && text === title);
  const links = headings.filter((heading) => heading !== top && heading.depth <= 3).map((heading) => `<li><a${heading.depth === 3 ? ' class="d3"' : ""} href="${place(heading)}">${escapeHtml(heading.text)}</a></li>`);
  const list = `<ul>${links.join("")}</ul>`;
  const name = top ? `<a href="${place(top)}">${escapeHtml(title)}</a>` : escapeHtml(title);
  return `<nav aria-label="Contents"><details><summary>Contents</summary>${list}</details><div class="side"><b>${name}</b>${list}</div></nav>`;
}

/**
 * Cards carry their style sheet with them, and all sheets are one but for the card's own name: a page keeps the first, and lets the
 * others go by its name.
 */
function sharedStyles(): (html: string) => string {
  const first = new Map<string, string>();
  return (html) => {
    const match = /^<style>([\s\S]*?)<\/style>\s*<div class="(ml[0-9a-f]{8})(?=[ "])/.exec(html);
    if (!match) return html;
    const [whole, sheet, scope] = match;
    const key = sheet.replaceAll(scope, "");
    const known = first.get(key);
    if (known === undefined) first.set(key, scope);
    return known === undefined ? html : `<div class="${known}${html.slice(whole.length)}`;
  };
}

/** A run may have gone on after its first error. */
function failureWords(cells: readonly Cell[], first: number): string {
  const wentOn = cells.some(({cell_type, execution_count}, i) => i > first && cell_type === "code" && typeof execution_count === "number");
  const failed = cells.filter(failedWithoutLeave).length;
  if (!wentOn) return `This run ended with an error ${label(cells[first])}`;
  return failed === 1 ? `One cell of this run failed, with an error ${label(cells[first])}` : `${failed} cells of this run failed, the first with an error ${label(cells[first])}`;
}

function label({execution_count: count, source}: Cell): string {
  if (typeof count !== "number") return "";
  return `in <a href="#in-${count}">cell [${count}]</a>, <code>${escapeHtml(firstLine(joined(source)))}</code>`;
}

function codeCell(cell: Cell, {reader, failed, skipped}: {reader: Reader; failed: boolean; skipped: boolean}): string {
  const source = joined(cell.source).replace(/\s+$/, "");
  const outputs = (cell.outputs ?? []).map((output) => shownOutput(output, reader)).join("\n");
  if (source === "" && outputs === "") return "";
  const count = cell.execution_count;
  const numbered = typeof count === "number";
  const hidden = cell.metadata.tags?.some((tag) => tag === "hide-input" || tag === "remove-input");
  const number = numbered ? `<span class="count" aria-hidden="true">[${count}]</span>` : "";
  const input = hidden ? "" : `${number}<pre class="in"><code>${highlight(source)}</code></pre>`;
  const classes = `code${failed ? " failed" : ""}${skipped ? " skipped" : ""}`;
  return `<section class="${classes}"${numbered ? ` id="in-${count}"` : ""}>${input}${outputs}</section>`;
}

function shownOutput(output: Output, reader: Reader): string {
  switch (output.output_type) {
    case "stream": {
      const text = overwritten(joined(output.text)).replace(/\n$/, "");
      return text === "" ? "" : `<div class="out ${output.name}${long(text)}"><pre>${ansiToHtml(text)}</pre></div>`;
    }
    case "error": {
      const traceback = output.traceback.length ? output.traceback : [`${output.ename}: ${output.evalue}`];
      return `<div class="out error" role="alert"><pre>${traceHtml(traceback)}</pre></div>`;
    }
    case "display_data":
    case "execute_result":
      return richest(output.data, reader);
  }
}

// Messages wrap; lines of code with their numbers do not, or the mark under a column would lose its place.
const codeLine = /^(?:\u001b\[\d+m)?[ >](?:\u001b\[\d+m)? +\d* +\|/;

const traceHtml = (traceback: readonly string[]): string =>
  traceback
    .flatMap((part) => part.split("\n"))
    .map((line) => `<span class="${codeLine.test(line) ? "frame" : "line"}">${ansiToHtml(line) || "\u200b"}</span>`)
    .join("");

const long = (text: string): string => (text.split("\n").length > 40 ? " long" : "");

function richest(data: MimeData, reader: Reader): string {
  const [html, svg, png, jpeg] = ["text/html", "image/svg+xml", "image/png", "image/jpeg"].map((mime) => textIn(data, mime));
  const [markdown, latex, plain] = ["text/markdown", "text/latex", "text/plain"].map((mime) => textIn(data, mime));
  if (html !== undefined) return `<div class="out">${reader.share(sanitize(html))}</div>`;
  if (svg !== undefined) return picture("image/svg+xml", Buffer.from(svg).toString("base64"), /<svg\b[^>]*\saria-label="([^"]*)"/.exec(svg)?.[1], plain);
  if (png !== undefined) return picture("image/png", png, undefined, plain);
  if (jpeg !== undefined) return picture("image/jpeg", jpeg, undefined, plain);
  if (markdown !== undefined) return `<div class="out md">${reader.read(markdown)}</div>`;
  const formula = latex === undefined ? undefined : /^\s*\$\$?([\s\S]*?)\$\$?\s*$/.exec(latex)?.[1];
  if (formula !== undefined) return `<div class="out">${showFormula(formula, true)}</div>`;
  const types = Object.keys(data);
  const text = plain ?? latex ?? (types.length ? `[${types.join(", ")}]` : "");
  return text === "" ? "" : `<div class="out${long(text)}"><pre>${ansiToHtml(text)}</pre></div>`;
}

// As a picture an SVG keeps its own style sheet and names to itself, and on its light ground it reads the same on a dark
// page. A label is part of an SVG's own markup, and so is escaped already.
function picture(type: string, bytes: string, label: string | undefined, plain: string | undefined): string {
  const said = label ?? escapeAttribute(plain?.split("\n")[0] ?? "figure");
  return `<div class="out"><img class="figure" alt="${said}" src="data:${type};base64,${base64(bytes)}"></div>`;
}
