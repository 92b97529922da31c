import assert from "node:assert/strict";
import test from "node:test";
import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {JSDOM} from "jsdom";
import {ChoiceError} from "../../src/errors.js";
import {ansiToHtml, overwritten} from "../../src/notebook/ansi.js";
import {exportHtml} from "../../src/notebook/exportHtml.js";
import {highlight} from "../../src/notebook/highlight.js";
import type {Cell, Notebook, Output} from "../../src/notebook/ipynb.js";
import {markdownReader} from "../../src/notebook/markdown.js";
import {sanitize} from "../../src/notebook/sanitize.js";
import {style} from "../../src/notebook/style.js";
import {thrownTrouble} from "../../src/notebook/trace.js";

const page = (...cells: Cell[]): string => exportHtml({cells, metadata: {}, nbformat: 4, nbformat_minor: 5} as Notebook);
const showing = (output: unknown): Cell => ({cell_type: "code", source: "x", metadata: {}, execution_count: 1, outputs: [output as Output]});
const code = (data: Record<string, unknown>): Cell => showing({output_type: "execute_result", execution_count: 1, data, metadata: {}});
const read = (markdown: string): string => markdownReader().read(markdown);

test("the text of highlighted code is the code", () => {
  const sources = ["const a = `x ${b} y`; // done", "if (a < b && /[/]x/g.test(c)) return 1_000n / 2e-3;", "type T = {of: string; default?: A<B>}", "'unclosed", "/* unclosed", "a\t\u2028b"];
  for (const source of sources) {
    const text = new JSDOM(`<pre>${highlight(source)}</pre>`).window.document.querySelector("pre")!.textContent;
    assert.equal(text, source);
  }
  assert.match(highlight("const s = 'const'"), /^<span class="t-keyword">const<\/span> s = <span class="t-string">&#39;const&#39;<\/span>$/);
  assert.doesNotMatch(highlight("fit.of"), /t-keyword/);
});

test("terminal colours become spans that are closed again, and other sequences are dropped", () => {
  assert.equal(ansiToHtml("\u001b[1;31m<b>\u001b[0m c"), '<span class="ansi-bold ansi-red">&lt;b&gt;</span> c');
  assert.equal(ansiToHtml("\u001b[2Ka\u001b[38;5;31mb"), "ab");
  assert.equal(overwritten("10 %\r20 %\rdone\nnext\r\n"), "done\nnext\n");
});

test("what would run or load is taken out, what only looks stays", () => {
  const cases: [string, RegExp, RegExp | undefined][] = [
    ["<script>x</script><b>y</b>", /script/, /<b>y<\/b>/],
    ['<img src="x" onerror="x">', /onerror|src/, /<img>/],
    ['<img src="data:image/png;base64,AA==">', /^$/, /data:image\/png/],
    ['<a href="jAva\tscript:x">y</a>', /href/, /<a>y<\/a>/],
    ['<a href="https://example.org">y</a>', /^$/, /rel="noreferrer"/],
    ['<iframe src="https://a"></iframe><form action="//a"><input></form>', /iframe|form/, undefined],
    ["<style>@import 'https://a'; p{background:url(https://a/x.png);color:red}</style>", /https/, /color:red/],
    ["<style>p{background:u\\72l(https://a/x.png)}</style>", /https/, /<style>/],
    ['<p style="background:URL( //a/x )">y</p>', /\/\/a/, /<p style/],
    ['<svg><image href="https://a/x.png"></image><rect fill="url(#g)"></rect><use href="#s"></use></svg>', /https/, /fill="url\(#g\)".*href="#s"/],
    ['<svg><a xlink:href="javascript:x"><animate attributeName="href" to="javascript:x"/></a></svg>', /javascript/, undefined],
    ['<details open><summary>a</summary></details><table><tr><td align="right" colspan="2">1</td></tr></table>', /^$/, /<details open="">.*align="right" colspan="2"/]
  ];
  for (const [html, gone, kept] of cases) {
    const clean = sanitize(html);
    assert.doesNotMatch(clean, gone, html);
    if (kept) assert.match(clean, kept, html);
    assert.equal(sanitize(clean), clean, "once is enough");
  }
});

test("markup that reads differently a second time cannot bring back what was taken out", () => {
  const refresh = '<meta http-equiv="refresh" content="0;url=//evil">';
  const cases = [
    `<style></sty@import;le>${refresh}</style>`,
    `<style><</sty@import;le>${refresh}</style>`,
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<plaintext>a",
    `<xmp>${refresh}</xmp>`
  ];
  for (const html of cases) {
    const read = new JSDOM(`${sanitize(html)}<p id="end"></p>`).window.document;
    assert.equal(read.querySelectorAll("meta, [onerror], plaintext").length, 0, html);
    const once = sanitize(html);
    assert.equal(sanitize(once), once, html);
  }
  assert.equal(sanitize("<pre>\n\n\n\n\n\n\n\n\na</pre>"), "<pre>\n\n\n\n\n\n\n\n\na</pre>", "line ends stay");
});

test("nothing in a notebook's file becomes markup of the page", () => {
  const evil = 'x"><meta/http-equiv=refresh/content=0;url=//evil><b class="';
  const cells = [
    code({"image/png": evil}),
    code({"image/jpeg": evil, "text/plain": evil}),
    code({"image/svg+xml": `<svg aria-label='${evil}'></svg>`, "text/plain": evil}),
    code({[evil]: 1}),
    code({"text/latex": `$${evil}$`}),
    code({"text/markdown": `# ${evil}`}),
    showing({output_type: "stream", name: evil, text: evil}),
    showing({output_type: "error", ename: evil, evalue: evil, traceback: []}),
    {...code({}), id: evil, execution_count: evil},
    {cell_type: "markdown", metadata: {tags: [evil]}, source: `## ${evil}\n\n## b\n\n![${evil}](attachment:a.png "t")`, attachments: {"a.png": {[evil]: evil, "image/png": evil}}}
  ] as unknown as Cell[];
  const notebook = {cells, metadata: {language_info: {name: evil}, kernelspec: {display_name: evil}, title: evil}, nbformat: 4, nbformat_minor: 5};
  const document = new JSDOM(exportHtml(notebook, {name: evil})).window.document;
  // charset, viewport and policy: the page's own
  assert.equal(document.querySelectorAll("meta").length, 3);
  assert.equal(document.querySelectorAll("main > section").length, cells.length);
  for (const {src} of document.querySelectorAll("img")) assert.match(src, /^data:image\/[a-z+]+;base64,[A-Za-z0-9+/=]*$/);
  assert.equal(document.querySelectorAll(".out.stdout").length, 1, "a stream of no known name is printing");
  assert.throws(() => exportHtml(notebook, {theme: evil as "dark"}), {code: "notebook/theme"});
});

test("pictures of the notebook's folder are in the page, those outside are not, by whatever way they are reached", (context) => {
  const root = mkdtempSync(join(tmpdir(), "pictures-"));
  context.after(() => rmSync(root, {recursive: true}));
  const folder = join(root, "book");
  mkdirSync(join(folder, "figures"), {recursive: true});
  mkdirSync(join(folder, "d.png"));
  for (const path of ["secret.png", "book/a.png", "book/100%.png", "book/figures/b c.png", "book/..a.png"]) writeFileSync(join(root, path), "picture");
  symlinkSync(join(root, "secret.png"), join(folder, "link.png"));
  symlinkSync(root, join(folder, "up"));
  symlinkSync("figures/b c.png", join(folder, "inner.png"));
  const shown = (href: string): string => markdownReader().read(`![words](<${href}>)`, {folder});
  const bytes = Buffer.from("picture").toString("base64");
  for (const href of ["a.png", "./a.png", "figures/b%20c.png", "100%.png", "inner.png", "figures/../a.png", "..a.png"]) {
    assert.equal(shown(href), `<p><img src="data:image/png;base64,${bytes}" alt="words"></p>\n`, href);
  }
  const absolute = join(root, "secret.png");
  for (const href of ["../secret.png", "%2e%2e/secret.png", "link.png", "up/secret.png", absolute]) {
    assert.equal(shown(href), "<p>words <small>[picture left out: it lies outside the notebook's folder]</small></p>\n", href);
  }
  for (const href of ["d.png", "none.png", "50%.png", "a%00.png", "https://example.org/a.png", "//example.org/a.png", `file://${absolute}`, "attachment:100%.png", "attachment:constructor"]) {
    assert.match(shown(href), /^<p>words <small>\[picture left out: it [^<]*\]<\/small><\/p>\n$/, href);
  }
  assert.match(markdownReader().read("![words](a.png)"), /the notebook's folder is not known/);
});

test("a page is made of a notebook that lacks what it should have", () => {
  const cells = [
    {cell_type: "markdown"},
    {cell_type: "markdown", source: "![a](100%.png) $\\begin{constructor}x\\end{constructor}$"},
    {cell_type: "code", source: "no metadata", outputs: [{output_type: "error", ename: "E", evalue: "no traceback"}]},
    {cell_type: "code", metadata: null, source: ["a", null], outputs: [{output_type: "display_data"}, {output_type: "stream"}, {output_type: "odd"}, null]},
    {cell_type: "code", metadata: {tags: "hide-input"}, source: "x", outputs: {}},
    {cell_type: "odd"},
    {},
    null
  ] as unknown as Cell[];
  const html = exportHtml({cells} as Notebook, {folder: join(tmpdir(), "nowhere")});
  assert.match(html, /E: no traceback/);
  assert.match(html, /<code class="math">\$\\begin\{constructor\}/);
  assert.throws(() => exportHtml({} as Notebook), {code: "notebook/format"});
});

test("an error of this library is told with its way out and the user's own lines, in the file and on the page", () => {
  const error = new ChoiceError("data/missing-column", {at: "fromLong(trips)", saw: 'no column "chioce"', want: "the column of choices", hint: 'Did you mean "choice"?'});
  const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");
  error.stack = [
    `ChoiceError: ${error.message}`,
    `    at demand (file://${root}/dist/data/checks.js:9:9)`,
    `    at fromLong (${root}/src/data/fromLong.ts:20:9)`,
    "    at cell-2:2:16",
    "    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)"
  ].join("\n");
  const source = "// my data\nconst data = fromLong(trips)";
  const cells = new Map([["cell-2", {source, locate: (line: number, column: number) => ({line, column})}]]);
  // the notebook lies at the root of the checkout, so that the library's files are below its folder
  const {ename, evalue, traceback} = thrownTrouble(error, {cells, folder: root});
  const message = ['fromLong(trips): no column "chioce"; the column of choices.', 'Did you mean "choice"?'];
  assert.deepEqual([ename, evalue], ["ChoiceError", error.message]);
  assert.deepEqual(traceback.join("\n").replace(/\u001b\[\d+m/g, "").split("\n"), [
    `ChoiceError: ${message[0]}`,
    message[1],
    "  1 | // my data",
    "> 2 | const data = fromLong(trips)",
    "    |                ^",
    "    at cell 2, line 2:16"
  ]);
  const document = new JSDOM(page(showing({output_type: "error", ename, evalue, traceback}))).window.document;
  const lines = [...document.querySelectorAll(".error span.line, .error span.frame")].map((span) => `${span.className}: ${span.textContent}`);
  assert.deepEqual(lines.map((line) => line.split(":")[0]), ["line", "line", "frame", "frame", "frame", "line"]);
  assert.equal(lines[1], `line: ${message[1]}`);
});

test("formulas are told from prices, from code and from what is not known", () => {
  assert.equal(read("costs $5 and $10"), "<p>costs $5 and $10</p>\n");
  assert.match(read("share $s_1$, then"), /<p>share <math><msub><mi>s<\/mi><mn>1<\/mn><\/msub><\/math>, then<\/p>/);
  assert.equal(read("`$s_1$` and \\$s"), "<p><code>$s_1$</code> and $s</p>\n");
  assert.match(read("$$\na = b\n$$\n"), /^<math display="block">/);
  assert.match(read("so $\\weird<1$"), /<code class="math">\$\\weird&lt;1\$<\/code>/);
});

test("headings with the same words have places of their own, and pictures attached to a cell are in the page", () => {
  const reader = markdownReader();
  assert.match(reader.read("## A & b\n\n## A & b\n\n![p](attachment:a.png)", {attachments: {"a.png": {"image/png": "AA=="}}}), /id="a-b".*id="a-b-2".*src="data:image\/png;base64,AA=="/s);
  assert.deepEqual(reader.headings.map(({id, text}) => [id, text]), [["a-b", "A & b"], ["a-b-2", "A & b"]]);
});

test("the richest type of a value is shown", () => {
  const svg = '<svg aria-label="a figure"></svg>';
  const all = {"text/html": "<i>html</i>", "image/svg+xml": svg, "image/png": "AA==", "text/markdown": "*md*", "text/latex": "$x$", "text/plain": "plain"};
  const order: [string, RegExp][] = [
    ["text/html", /<i>html<\/i>/],
    ["image/svg+xml", /alt="a figure" src="data:image\/svg\+xml;base64,/],
    ["image/png", /alt="plain" src="data:image\/png;base64,AA=="/],
    ["text/markdown", /<em>md<\/em>/],
    ["text/latex", /<math display="block"><mi>x<\/mi>/],
    ["text/plain", /<pre>plain<\/pre>/]
  ];
  const left: Record<string, string> = {...all};
  for (const [mime, shown] of order) {
    assert.match(page(code(left)), shown, mime);
    delete left[mime];
  }
});

test("the page asks for nothing and forbids it", () => {
  const loading = '<link rel="stylesheet" href="https://example.org/a.css"><img src="//example.org/b.png">';
  const html = page({cell_type: "markdown", source: "# T <x>\n\n![a](https://example.org/a.png)", metadata: {}}, code({"text/html": loading}));
  const document = new JSDOM(html).window.document;
  assert.equal(document.querySelectorAll("[src], link, script").length, 0);
  assert.match(document.querySelector("meta[http-equiv]")!.getAttribute("content")!, /^default-src 'none'/);
  assert.match(exportHtml({cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5}, {theme: "dark"}), /<html lang="en" data-theme="dark">/);
});

// WCAG 2: relative luminance and contrast ratio; 4.5 is its level AA for text.
test("every colour of text can be read on its ground, light and dark", () => {
  const luminance = (hex: string): number => {
    const full = hex.length === 4 ? hex.replace(/[\da-f]/g, "$&$&") : hex;
    const [r, g, b] = [1, 3, 5].map((i) => Number.parseInt(full.slice(i, i + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const themes = [...style.matchAll(/--ground:[^}]*color-scheme:(light|dark)/g)];
  assert.ok(themes.length >= 2);
  for (const [theme, name] of themes) {
    const colours = Object.fromEntries([...theme.matchAll(/--([\w-]+):(#[\da-f]+)/g)].map(([, key, value]) => [key, value]));
    for (const [key, value] of Object.entries(colours)) {
      if (/ground|panel|line/.test(key)) continue;
      for (const under of key === "bad" || key === "red" ? ["ground", "bad-ground"] : ["ground", "panel"]) {
        const [high, low] = [luminance(value), luminance(colours[under])].sort((a, b) => b - a);
        assert.ok((high + 0.05) / (low + 0.05) >= 4.5, `${name}: ${key} on ${under}`);
      }
    }
  }
});
