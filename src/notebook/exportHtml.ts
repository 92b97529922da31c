import {escapeAttribute, escapeHtml} from "../display/escape.js";
import {checkOptions} from "../errors.js";
import {ansiToHtml, overwritten} from "./ansi.js";
import {highlight} from "./highlight.js";
import {firstLine, joined, type Cell, type MimeData, type Notebook, type Output} from "./ipynb.js";
import {markdownReader, showFormula} from "./markdown.js";
import {sanitize} from "./sanitize.js";
import {style} from "./style.js";

/** How to make a page of a notebook. */
export interface PageOptions {
  /** The notebook's file name: said in the foot of the page, and its title when it has no heading. */
  readonly name?: string;
  /** The notebook's folder: pictures that its markdown names there are put into the page. */
  readonly folder?: string;
  /** A fixed look; without it the page follows the reader's system. */
  readonly theme?: "light" | "dark";
}

/** A reader of markdown that the page's parts share. */
type Reader = ReturnType<typeof markdownReader>;

/**
 * One page of HTML with a notebook's text, code and outputs, that needs nothing else: no script, no font, no request.
 *
 * Of a value's MIME types the richest is shown: HTML, then SVG, PNG, JPEG, markdown, TeX, plain text. Scripts and whatever
 * would load from elsewhere are taken out of markdown and outputs, and the page's own policy forbids them once more.
 *
 * @example
 * const cell = {cell_type: "markdown", metadata: {}, source: "# Hello"};
 * exportHtml({cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5}).startsWith("<!doctype html>") // true
 */
export function exportHtml(notebook: Notebook, options: PageOptions = {}): string {
  checkOptions("exportHtml(notebook)", options, ["name", "folder", "theme"]);
  const {name, folder, theme} = options;
  const reader = markdownReader();
  const failedAt = notebook.cells.findIndex((cell) => cell.outputs?.some(({output_type}) => output_type === "error") && !cell.metadata.tags?.includes("raises-exception"));
  const ran = notebook.cells.some((cell) => typeof cell.execution_count === "number");
  const body = notebook.cells.map((cell, i) => (cell.cell_type === "markdown" ? `<section class="md">${reader.read(joined(cell.source), {folder, attachments: cell.attachments})}</section>` : cell.cell_type === "code" ? codeCell(cell, {reader, failed: i === failedAt, skipped: ran && failedAt >= 0 && i > failedAt && cell.execution_count === null}) : "")).filter(Boolean);
  const title = reader.headings.find(({depth}) => depth === 1)?.text ?? reader.headings[0]?.text ?? name ?? "Notebook";
  const sections = reader.headings.filter(({depth}) => depth === 2);
  const contents = sections.length > 1 ? `<nav aria-label="Contents"><b>${escapeHtml(title)}</b>${sections.map(({id, text}) => `<a href="#${escapeAttribute(encodeURIComponent(id))}">${escapeHtml(text)}</a>`).join("")}</nav>` : "";
  const banner = failedAt < 0 ? "" : `<p class="banner">This run ended with an error ${label(notebook.cells[failedAt])}.</p>`;
  return `<!doctype html>
<html lang="en"${theme ? ` data-theme="${theme}"` : ""}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; form-action 'none'; base-uri 'none'">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
${contents}
<main>
${[banner, ...body].filter(Boolean).join("\n")}
${name === undefined ? "" : `<footer>Made from <code>${escapeHtml(name)}</code></footer>`}
</main>
</body>
</html>
`;
}

const label = (cell: Cell): string => (typeof cell.execution_count === "number" ? `in <a href="#in-${cell.execution_count}">cell [${cell.execution_count}]</a>, <code>${escapeHtml(firstLine(joined(cell.source)))}</code>` : "");

function codeCell(cell: Cell, {reader, failed, skipped}: {reader: Reader; failed: boolean; skipped: boolean}): string {
  const source = joined(cell.source).replace(/\s+$/, "");
  const outputs = (cell.outputs ?? []).map((output) => shownOutput(output, reader)).join("\n");
  if (source === "" && outputs === "") return "";
  const count = cell.execution_count;
  const numbered = typeof count === "number";
  const hidden = cell.metadata.tags?.some((tag) => tag === "hide-input" || tag === "remove-input");
  const input = hidden ? "" : `${numbered ? `<span class="count" aria-hidden="true">[${count}]</span>` : ""}<pre class="in"><code>${highlight(source)}</code></pre>`;
  return `<section class="code${failed ? " failed" : ""}${skipped ? " skipped" : ""}"${numbered ? ` id="in-${count}"` : ""}>${input}${outputs}</section>`;
}

function shownOutput(output: Output, reader: Reader): string {
  switch (output.output_type) {
    case "stream": {
      const text = overwritten(joined(output.text)).replace(/\n$/, "");
      return text === "" ? "" : `<div class="out ${output.name}${long(text)}"><pre>${ansiToHtml(text)}</pre></div>`;
    }
    case "error":
      return `<div class="out error" role="alert"><pre>${traceHtml(output.traceback.length ? output.traceback : [`${output.ename}: ${output.evalue}`])}</pre></div>`;
    case "display_data":
    case "execute_result":
      return richest(output.data, reader);
  }
}

// Messages wrap; lines of code with their numbers do not, or the mark under a column would lose its place.
const traceHtml = (traceback: readonly string[]): string =>
  traceback
    .flatMap((part) => part.split("\n"))
    .map((line) => `<span class="${/^(?:\u001b\[\d+m)?[ >](?:\u001b\[\d+m)? +\d* +\|/.test(line) ? "frame" : "line"}">${ansiToHtml(line) || "\u200b"}</span>`)
    .join("");

const long = (text: string): string => (text.split("\n").length > 40 ? " long" : "");

function richest(data: MimeData, reader: Reader): string {
  const [html, svg, png, jpeg, markdown, latex, plain] = ["text/html", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/latex", "text/plain"].map((mime) => (mime in data ? joined(data[mime]) : undefined));
  if (html !== undefined) return `<div class="out">${sanitize(html)}</div>`;
  if (svg !== undefined) return picture("image/svg+xml", Buffer.from(svg).toString("base64"), /<svg\b[^>]*\saria-label="([^"]*)"/.exec(svg)?.[1], plain);
  if (png !== undefined) return picture("image/png", png, undefined, plain);
  if (jpeg !== undefined) return picture("image/jpeg", jpeg, undefined, plain);
  if (markdown !== undefined) return `<div class="out md">${reader.read(markdown)}</div>`;
  const formula = latex === undefined ? undefined : /^\s*\$\$?([\s\S]*?)\$\$?\s*$/.exec(latex)?.[1];
  if (formula !== undefined) return `<div class="out">${showFormula(formula, true)}</div>`;
  return `<div class="out${long(plain ?? "")}"><pre>${ansiToHtml(plain ?? latex ?? `[${Object.keys(data).join(", ")}]`)}</pre></div>`;
}

// As a picture an SVG keeps its own style sheet and names to itself, and on its light ground it reads the same on a dark page.
function picture(type: string, base64: string, label: string | undefined, plain: string | undefined): string {
  const said = label ?? escapeAttribute(plain?.split("\n")[0] ?? "figure");
  return `<div class="out"><img class="figure" alt="${said}" src="data:${type};base64,${base64.replace(/\s/g, "")}"></div>`;
}
