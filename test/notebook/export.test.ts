// A notebook's outputs as a page, as tables and as figures; and what a notebook by a stranger cannot make of that.
import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import test, {type TestContext} from "node:test";
import {fileURLToPath} from "node:url";
import {JSDOM} from "jsdom";
import {coefficients} from "../../src/display/figures/coefficients.js";
import "../../src/display/register.js";
import {exportCommand} from "../../src/notebook/exportCommand.js";
import {exportHtml} from "../../src/notebook/exportHtml.js";
import {forGithub} from "../../src/notebook/forGithub.js";
import {readNotebook, type Cell, type Notebook, type Output} from "../../src/notebook/ipynb.js";
import {figureFiles, tableFiles} from "../../src/notebook/outputFiles.js";
import {sanitize} from "../../src/notebook/sanitize.js";
import {slug} from "../../src/notebook/slug.js";
import {rasterizer} from "../../src/display/raster.js";
import {rich, shown, type Bundle} from "../../src/rich.js";
import {fit, logit} from "../display/fixture.js";

const bundle = {fit: shown("fit", fit())[rich](), figure: coefficients({logit: logit(), mixed: fit()})[rich]()};
const text = (source: string): Cell => ({cell_type: "markdown", metadata: {}, source});
const code = (data: Record<string, unknown>, source = "x", metadata: Cell["metadata"] = {}): Cell => ({cell_type: "code", source, metadata, execution_count: 1, outputs: [{output_type: "execute_result", execution_count: 1, data, metadata: {}} as Output]});
const value = (b: Bundle, source?: string, metadata?: Cell["metadata"]): Cell => code({...b}, source, metadata);
const book = (...cells: Cell[]): Notebook => ({cells, metadata: {kernelspec: {language: "typescript"}}, nbformat: 4, nbformat_minor: 5});

function desk(context: TestContext): {root: string; write(name: string, notebook: Notebook): string} {
  const root = mkdtempSync(join(tmpdir(), "export-"));
  context.after(() => rmSync(root, {recursive: true}));
  return {root, write: (name, notebook) => {
    const path = join(root, name);
    writeFileSync(path, JSON.stringify(notebook));
    return path;
  }};
}

/** The command, and what it said. */
async function run(...words: string[]): Promise<{status: number; said: string; warned: string}> {
  const [out, err] = [process.stdout.write, process.stderr.write];
  let [said, warned] = ["", ""];
  process.stdout.write = ((part: string) => ((said += part), true)) as never;
  process.stderr.write = ((part: string) => ((warned += part), true)) as never;
  try {
    return {status: await exportCommand(words), said, warned};
  } finally {
    [process.stdout.write, process.stderr.write] = [out, err];
  }
}

test("three headings make a list of contents that leads to each of them, without a script", () => {
  const html = exportHtml(book(text("# Title"), text("## One & two\n\n### Three\n\n#### Four"), text("## Five <b>six</b>\n\n## In 1"), value(bundle.fit)));
  const {document} = new JSDOM(html).window;
  const nav = document.querySelector("nav[aria-label=Contents]")!;
  for (const list of nav.querySelectorAll("ul")) assert.deepEqual([...list.querySelectorAll("a")].map(({textContent}) => textContent), ["One & two", "Three", "Five six", "In 1"]);
  assert.equal(nav.querySelectorAll("ul").length, 2);
  assert.equal(nav.querySelector("details > summary")!.textContent, "Contents");
  assert.ok(!nav.querySelector("details")!.hasAttribute("open"), "folded on a narrow page");
  for (const {hash, textContent} of nav.querySelectorAll("a")) {
    const there = document.getElementById(decodeURIComponent(hash.slice(1)))!;
    assert.match(there.localName, /^h[1-3]$/);
    assert.equal(there.textContent, textContent);
  }
  const ids = [...document.querySelectorAll("[id]")].map(({id}) => id);
  assert.equal(new Set(ids).size, ids.length, "no two places share a name");
  assert.equal(document.querySelectorAll("script").length, 0);
  assert.doesNotMatch(exportHtml(book(text("# Title\n\n## Only one"))), /<nav/);
});

test("cards share one style sheet on a page, and every class still has its rules", () => {
  const cells = [value(bundle.fit), value(shown("fit", logit())[rich]()), value(bundle.fit)];
  const {document} = new JSDOM(exportHtml(book(...cells))).window;
  const sheets = [...document.querySelectorAll("main style")].map(({textContent}) => textContent!);
  assert.equal(sheets.length, 1);
  const cards = [...document.querySelectorAll(".out > div")];
  assert.equal(cards.length, 3);
  for (const {classList} of cards) assert.ok(sheets[0].includes(`.${classList[0]} table`));
  const own = '<style>.mlaaaaaaaa{color:red}</style><div class="mlaaaaaaaa x">own</div>';
  assert.match(exportHtml(book(...cells, code({"text/html": own}))), /\.mlaaaaaaaa\{color:red\}/, "another sheet stays");
});

test("tables and figures are named by tag, metadata, label or caption, and numbered in their order", async (context) => {
  const {root, write} = desk(context);
  const path = write("paper.ipynb", book(
    value(bundle.fit, "x", {tags: ["name:Main Résults"]}), value(bundle.fit, "x", {name: "second"}), value(bundle.fit, "//| label: tbl-third\nfit"), value(bundle.fit), value(bundle.figure),
    code({"text/latex": "$\\beta$", "text/plain": "a formula is no table"})
  ));
  const out = join(root, "out");
  const {status, said} = await run(path, "--out", out, "--tables", "--figures");
  assert.equal(status, 0);
  assert.match(said, /paper\.html, 4 files in tables\/, \d files? in figures\//);
  assert.deepEqual(readdirSync(join(out, "tables")), ["01-main-results.tex", "02-second.tex", "03-tbl-third.tex", "04-mixed-logit-full-covariance-the-choice.tex"]);
  assert.deepEqual(readdirSync(join(out, "figures")), [...(rasterizer() ? ["01-estimates-and-95-intervals-of-2.png"] : []), "01-estimates-and-95-intervals-of-2.svg"]);
  const table = readFileSync(join(out, "tables", "02-second.tex"), "utf8");
  assert.match(table, /^% needs \\usepackage\{booktabs\}; then \\input\{tables\/02-second\}\n\\begin\{table\}/);
  assert.ok(table.includes(bundle.fit["text/latex"]!));
  const svg = new (new JSDOM("").window.DOMParser)().parseFromString(readFileSync(join(out, "figures", "01-estimates-and-95-intervals-of-2.svg"), "utf8"), "image/svg+xml");
  assert.equal(svg.querySelector("parsererror"), null);
  assert.equal(svg.documentElement.textContent, new JSDOM(bundle.figure["image/svg+xml"]).window.document.querySelector("svg")!.textContent);
});

test("a table in LaTeX that does more than set a table is left out, and why is said", () => {
  const table = (inside: string): Notebook => book(code({"text/latex": `\\begin{tabular}{l}${inside}\\end{tabular}`}));
  for (const inside of ["\\input{/etc/passwd}", "\\immediate\\write18{rm -rf .}", "\\openout1=x", "\\csname input\\endcsname", "^^5cinput{x}", "\\begin{filecontents}x", "\\def\\a{}", "\\catcode`\\!=0", "\\include{x}", "\\url{http://x}", "\\begin {verbatim}",
    "\\begin%\n{filecontents*}[overwrite]{latexmkrc}\nsystem\n\\end%\n{filecontents*}", "\\begin %\n {filecontents}", "\\begin\n{filecontents}", "\\begin\\bgroup filecontents}", "\\begin\u0000{filecontents}", "\\begin{file\ncontents}", "\\begin{ filecontents }", "\\end%\n{document}", "\\begin{tabular", "\\begin",
    "\\\\\\input x", "%\\\n\\input x", "\\input x", "\\input\tx", "\\@input{x}", "\\input@x", "\\newcommand{\\a}{}", "\\catcode126=0 ~input x", "\\immediate\\openout3=x", "\\let\\a\\b", "\\expandafter\\hline", "\\verb|x|", "\u000b\u000b5cinput x", "\\uppercase{x}"]) {
    const {files, left} = tableFiles(table(inside));
    assert.deepEqual([files.length, left.length], [0, 1], inside);
  }
  for (const inside of ["a & b \\\\ \\midrule", "$-1.2\\times10^{-3}$ \\textbf{x}", "\\cmidrule(lr){1-2} \\multicolumn{2}{c}{x\\_y}", "50\\% \\& \\textbackslash{}input", "a & b \\\\Price & 1", "a \\\\begin{words}", "\\begin{small}x\\end{small}%\n\\hline", "l@{\\,}r \\'e \\\"o"]) assert.equal(tableFiles(table(inside)).files.length, 1, inside);
});

test("no name in a notebook leads out of the folder, nor does a link that lies there", async (context) => {
  const {root, write} = desk(context);
  const out = join(root, "out");
  mkdirSync(join(root, "outside"));
  mkdirSync(out);
  writeFileSync(join(root, "outside", "kept.txt"), "kept");
  const evil = ["../../evil", "..\\..\\evil", "/etc/evil", "a/../../../evil", "..", ".", "", "\u0000evil", "CON", "~/evil", "%2e%2e%2fevil", "$(touch evil)", "evil\n../x", "\u202egnp.exe"];
  const cells = evil.flatMap((name) => [
    value({...bundle.fit, "text/latex": bundle.fit["text/latex"]!.replace(/\\caption\{[^}]*\}/, `\\caption{${name}}`)}, "x", {tags: [`name:${name}`], name}),
    value(bundle.figure, `//| label: ${name}\nx`, {tags: ["name:", `name=${name}`]}),
    {...text(`# ${name}\n\n![x](attachment:${name}) ![y](<${name}>)`), attachments: {[name]: {"image/png": "AA=="}}, id: name}
  ]);
  const path = write("..evil.ipynb", {...book(...cells), metadata: {title: "../../evil", kernelspec: {name: "../evil", language: "typescript"}}});
  const before = tree(root);
  assert.equal((await run(path, "--out", out, "--tables", "--figures")).status, 0);
  const made = tree(root).filter((file) => !before.includes(file));
  assert.ok(made.length > 2 * evil.length);
  for (const file of made) assert.match(file, /^out\/(\.\.evil\.html|(tables|figures)\/\d\d-[a-z0-9-]+\.(tex|svg|png))$/);

  // A folder that is a link out, a page and a table that are links to files elsewhere.
  rmSync(out, {recursive: true});
  mkdirSync(join(out, "figures"), {recursive: true});
  symlinkSync(join(root, "outside", "kept.txt"), join(out, "..evil.html"));
  symlinkSync(join(root, "outside", "kept.txt"), join(out, "figures", "01-evil.svg"));
  symlinkSync(join(root, "outside"), join(out, "tables"));
  assert.equal((await run(path, "--out", out, "--figures")).status, 0);
  await assert.rejects(run(path, "--out", out, "--tables"), {code: "notebook/outside"});
  assert.deepEqual(readdirSync(join(root, "outside")), ["kept.txt"]);
  assert.equal(readFileSync(join(root, "outside", "kept.txt"), "utf8"), "kept");
  assert.ok(!existsSync(join(root, "evil")));
});

test("a default folder that is a link is refused, one that was asked for is not; a link to nothing is no folder", async (context) => {
  const {root, write} = desk(context);
  const path = write("a.ipynb", book(value(bundle.fit)));
  const before = process.cwd();
  context.after(() => process.chdir(before));
  process.chdir(root);
  mkdirSync(join(root, "outside"));
  symlinkSync("outside", "reports");
  const cli = fileURLToPath(new URL("../../src/notebook/cli.ts", import.meta.url));
  await assert.rejects(run(path, "--tables"), {code: "notebook/outside", message: /"reports", a link.*--out reports/s});
  const ran = spawnSync(process.execPath, ["--import", import.meta.resolve("tsx"), cli, "run", path], {encoding: "utf8", cwd: root});
  assert.equal(ran.status, 2);
  assert.match(ran.stderr, /^run: "reports", a link/);
  assert.deepEqual(readdirSync("outside"), []);
  assert.equal((await run(path, "--out", "reports")).status, 0);
  assert.deepEqual(readdirSync("outside"), ["a.html"]);

  symlinkSync("nowhere", "dangling");
  symlinkSync("loop", "loop");
  for (const out of ["dangling", "loop", "a.ipynb"]) await assert.rejects(run(path, "--out", out), {code: "notebook/outside"}, out);
  symlinkSync("../nowhere", join("outside", "tables"));
  await assert.rejects(run(path, "--out", "outside", "--tables"), {code: "notebook/outside", message: /a link that leads to no folder/});
  assert.ok(!existsSync("nowhere"));
});

test("two notebooks of one name are refused before any work, by export and by run", async (context) => {
  const {root, write} = desk(context);
  for (const folder of ["a", "b"]) mkdirSync(join(root, folder));
  const out = join(root, "out");
  const [one, other, capital] = ["a/x.ipynb", "b/x.ipynb", "b/X.ipynb"].map((name) => write(name, book(value(bundle.fit))));
  for (const second of [other, capital]) await assert.rejects(run(one, second, "--out", out, "--tables"), {code: "notebook/same-name"});
  const cli = fileURLToPath(new URL("../../src/notebook/cli.ts", import.meta.url));
  const ran = spawnSync(process.execPath, ["--import", import.meta.resolve("tsx"), cli, "run", "a/x.ipynb", "b/x.ipynb", "--out", out], {encoding: "utf8", cwd: root});
  assert.equal(ran.status, 2);
  assert.match(ran.stderr, /"a\/x\.ipynb" and "b\/x\.ipynb"/);
  assert.ok(!existsSync(out));
});

const tree = (root: string): string[] => (readdirSync(root, {recursive: true}) as string[]).filter((file) => statSync(join(root, file)).isFile());

test("nothing that is written would load anything, whatever the notebook holds", async (context) => {
  const {root, write} = desk(context);
  const far = "https://tracker.example/x";
  const svg = `<?xml-stylesheet href="${far}.css"?><!DOCTYPE svg [<!ENTITY e SYSTEM "${far}">]><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9" onload="fetch('${far}')"><script href="${far}">fetch('${far}')</script><style>@import "${far}"; rect{fill:url(${far})}</style><image xlink:href="${far}.png"/><image href="/etc/passwd"/><use href="${far}#a"/><a href="javascript:x"><rect width="9" height="9" filter="url(${far}#f)"/></a><foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="${far}"></iframe></foreignObject></svg>`;
  const html = `<link rel="stylesheet" href="${far}"><img src="${far}"><video poster="${far}"></video><div style="background:url(${far})">x</div><script src="${far}"></script><object data="${far}"></object><base href="${far}">`;
  const path = write("far.ipynb", book(text(`# a\n\n![x](${far}.png) <img src="${far}"> <iframe src="${far}"></iframe>\n\n## b\n\n## c`), code({"text/html": html}), code({"image/svg+xml": svg, "text/plain": "drawing"}), code({"text/markdown": `![x](${far})`})));
  const out = join(root, "out");
  assert.equal((await run(path, "--out", out, "--tables", "--figures", "--out", out)).status, 0);
  const page = readFileSync(join(out, "far.html"), "utf8");
  for (const [name, markup] of [["page", page], ["svg", readFileSync(join(out, "figures", "01-drawing.svg"), "utf8")]]) {
    const {document} = new JSDOM(markup, name === "svg" ? {contentType: "image/svg+xml"} : {}).window;
    assert.equal(document.querySelectorAll("script, iframe, object, link, base, foreignObject, animate").length, 0, name);
    for (const element of document.querySelectorAll("*")) for (const {name: attribute, value: held} of element.attributes) {
      if (/^xmlns/.test(attribute) || (element.localName === "a" && attribute === "href")) continue;
      assert.doesNotMatch(attribute, /^on/);
      assert.doesNotMatch(held, /tracker|passwd|javascript/, `${name}: ${element.localName}@${attribute}`);
    }
    for (const {textContent} of document.querySelectorAll("style")) assert.doesNotMatch(textContent!, /tracker/);
  }
  // Drawings in the page are pictures: what they hold was cleaned for the file, and as a picture it could load nothing anyway.
  assert.match(page, /default-src 'none'/);
});

test("a drawing holds no other document, by whatever name and reference", () => {
  const inner = "data:image/svg+xml,%3Csvg%20id='x'%20onload='alert(1)'/%3E";
  const pixels = "data:image/png;base64,iVBORw0KGgo=";
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:s="http://www.w3.org/2000/svg" xmlns:h="http://www.w3.org/1999/xhtml"><use href="${inner}#x"/><use xlink:href="${inner}#x"/><use href="${pixels}"/><pattern href="${inner}#x"/><image href="${inner}"/><image xlink:href="${pixels}"/><use href="#here"/><filter id="f"><feImage href="${inner}"/><feImage href="${pixels}"/></filter><rect fill="url(&quot;${inner}#x&quot;)" filter="url(#f)" style="mask:url(${inner}#x);fill:url(https://x.example/y"/><style>rect{filter:url(${inner}#x)}</style><s:script>alert(1)</s:script><h:iframe src="${pixels}"/></svg>`;
  const {files: [{content}]} = figureFiles(book(code({"image/svg+xml": svg, "text/plain": "drawing"})));
  const {document} = new JSDOM(content as string, {contentType: "image/svg+xml"}).window;
  assert.deepEqual(["script", "iframe"].map((name) => document.getElementsByTagNameNS("*", name).length), [0, 0]);
  assert.doesNotMatch(content as string, /svg\+xml|onload|example/);
  const held = [...document.querySelectorAll("use, image, feImage")].map((element) => element.getAttribute("href") ?? element.getAttribute("xlink:href"));
  assert.deepEqual(held.filter((reference) => reference !== null), [pixels, "#here", pixels]);
  assert.equal(document.querySelector("rect")!.getAttribute("filter"), "url(#f)");
  const page = sanitize(`<svg><use href="${inner}#x"></use></svg><img src="${inner}"><p style="background:url(${pixels})">x</p>`);
  assert.doesNotMatch(page, /use href/);
  assert.match(page, /<img src="data:image\/svg\+xml.*background:url\(data:image\/png/, "as a picture a drawing runs nothing");
});

test("for GitHub there is PNG in place of SVG, and tables lose their dress, not their numbers", async (context) => {
  const {root, write} = desk(context);
  const svgOnly = code({"image/svg+xml": "<svg></svg>", "text/plain": "no picture in pixels"});
  const path = write("a.ipynb", book(value(bundle.fit), value({...bundle.figure, "image/png": "iVBORw0KGgo="} as Bundle), svgOnly, text("words")));
  const out = join(root, "out");
  assert.equal((await run(path, "--out", out, "--target", "github")).status, 0);
  assert.deepEqual(readdirSync(out), ["a.ipynb"]);
  const [table, figure, drawing] = readNotebook(join(out, "a.ipynb")).cells.map(({outputs}) => (outputs?.[0] as {data?: Record<string, unknown>} | undefined)?.data ?? {});
  assert.doesNotMatch([table["text/html"]].flat().join(""), /<style|<svg|class=|style=/);
  assert.ok(!("image/svg+xml" in figure) && "image/png" in figure);
  assert.ok("image/svg+xml" in drawing);
  await assert.rejects(run(path, "--out", root, "--target", "github"), {code: "notebook/overwrite"});
  await assert.rejects(run(path, "--target", "gitlab"), {code: "notebook/target"});
  assert.deepEqual(forGithub(forGithub(readNotebook(path))), forGithub(readNotebook(path)));
});

test("an SVG that is none is left out, and a PNG that is none is not written", () => {
  const {files, left} = figureFiles(book(code({"image/svg+xml": "<p>no</p>"}), code({"image/png": "bm8="}), code({"image/svg+xml": '<svg sodipodi:x="1"></svg>'})));
  assert.deepEqual([files.length, left.length], [0, 3]);
});

test("the command line finds it, and tells what was wrong with a status of 2", (context) => {
  const {root, write} = desk(context);
  const path = write("b.ipynb", book(value(bundle.fit)));
  const cli = fileURLToPath(new URL("../../src/notebook/cli.ts", import.meta.url));
  const call = (...words: string[]) => spawnSync(process.execPath, ["--import", import.meta.resolve("tsx"), cli, ...words], {encoding: "utf8", cwd: root});
  assert.equal(call("nb", "export", path, "--out", "out", "--tables").status, 0);
  assert.ok(existsSync(join(root, "out", "b.html")) && existsSync(join(root, "out", "tables")));
  const wrong = call("export", "nothing.ipynb");
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /no file that can be read/);
});

test("a slug holds nothing that a file system or a shell would read", () => {
  for (const words of ["../..", "a/b\\c", "Ünïcode & co.", "\u0000", "x".repeat(200), "-rf"]) assert.match(slug(words), /^([a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?)?$/);
  assert.equal(slug("Ünïcode & co."), "unicode-co");
});
