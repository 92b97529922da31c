import assert from "node:assert/strict";
import test from "node:test";
import {JSDOM} from "jsdom";
import {ansiToHtml, overwritten} from "../../src/notebook/ansi.js";
import {exportHtml} from "../../src/notebook/exportHtml.js";
import {highlight} from "../../src/notebook/highlight.js";
import type {Cell, Notebook} from "../../src/notebook/ipynb.js";
import {markdownReader} from "../../src/notebook/markdown.js";
import {sanitize} from "../../src/notebook/sanitize.js";
import {style} from "../../src/notebook/style.js";

const page = (...cells: Cell[]): string => exportHtml({cells, metadata: {}, nbformat: 4, nbformat_minor: 5} as Notebook);
const code = (data: Record<string, unknown>): Cell => ({cell_type: "code", source: "x", metadata: {}, execution_count: 1, outputs: [{output_type: "execute_result", execution_count: 1, data, metadata: {}}]});
const read = (markdown: string): string => markdownReader().read(markdown);

test("the text of highlighted code is the code", () => {
  for (const source of ["const a = `x ${b} y`; // done", "if (a < b && /[/]x/g.test(c)) return 1_000n / 2e-3;", "type T = {of: string; default?: A<B>}", "'unclosed", "/* unclosed", "a\t\u2028b"]) {
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
  const all = {"text/html": "<i>html</i>", "image/svg+xml": '<svg aria-label="a figure"></svg>', "image/png": "AA==", "text/markdown": "*md*", "text/latex": "$x$", "text/plain": "plain"};
  const order: [string, RegExp][] = [["text/html", /<i>html<\/i>/], ["image/svg+xml", /alt="a figure" src="data:image\/svg\+xml;base64,/], ["image/png", /alt="plain" src="data:image\/png;base64,AA=="/], ["text/markdown", /<em>md<\/em>/], ["text/latex", /<math display="block"><mi>x<\/mi>/], ["text/plain", /<pre>plain<\/pre>/]];
  const left: Record<string, string> = {...all};
  for (const [mime, shown] of order) {
    assert.match(page(code(left)), shown, mime);
    delete left[mime];
  }
});

test("the page asks for nothing and forbids it", () => {
  const html = page({cell_type: "markdown", source: "# T <x>\n\n![a](https://example.org/a.png)", metadata: {}}, code({"text/html": '<link rel="stylesheet" href="https://example.org/a.css"><img src="//example.org/b.png">'}));
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
