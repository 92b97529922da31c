import assert from "node:assert/strict";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, test} from "node:test";
import {inspect} from "node:util";
import {Matrix} from "ml-matrix";
import {findHost} from "../../src/display/hosts/find.js";
import {convergence, display, fitMixed, fitMnl, html, image, md, rich, simulate, svg} from "../../src/index.js";
import {$display} from "../../src/notebook/index.js";
import {format} from "../../src/notebook/format.js";
import type {ChoiceError} from "../../src/errors.js";
import {beside, inKernel} from "./fakeHosts.js";
import {hostile} from "./fixture.js";
import {parsed, vocabulary} from "./html.js";
import {marked} from "marked";

const {data} = simulate({tier: "mnl"}, {people: 50, situations: 2, seed: 1});
const fit = await fitMnl(data);

interface Sent {
  readonly data: Readonly<Record<string, string>>;
  readonly metadata: object;
  readonly transient: {readonly display_id?: string};
}

/** Deno's `Deno.jupyter.broadcast(type, content)`. */
async function inDeno<T>(work: (sent: {type: string; content: Sent}[]) => Promise<T>): Promise<T> {
  const sent: {type: string; content: Sent}[] = [];
  return beside("Deno", {jupyter: {broadcast: async (type: string, content: Sent) => void sent.push({type, content})}}, () => work(sent));
}

/** What stock tslab leaves: a global, and its Jupyter module among those loaded. The module is found once and for all. */
const caught: {content: Sent; update: boolean}[] = [];
const {cache} = createRequire(import.meta.url);
const path = join(tmpdir(), "node_modules/tslab/dist/jupyter.js");
const inTslab = <T>(work: (sent: typeof caught) => Promise<T>, exports: object = {}): Promise<T> => {
  caught.length = 0;
  cache[path] = {exports: {lastWriteDisplayData: (content: Sent, update: boolean) => void caught.push({content, update})}} as never;
  return beside("__tslab__", {exports, require: () => {}}, () => work(caught));
};
after(() => { delete cache[path]; });

async function printed(work: () => Promise<void>): Promise<string> {
  const lines: unknown[] = [];
  const {log} = console;
  console.log = (line: unknown) => void lines.push(line);
  try {
    await work();
  } finally {
    console.log = log;
  }
  return lines.join("\n");
}

test("hosts are found in order: this library's kernel, Deno, stock tslab, none", async () => {
  assert.equal(findHost(), undefined);
  await inTslab(async () => {
    assert.equal(findHost()!.name, "tslab");
    await inDeno(async () => {
      assert.equal(findHost()!.name, "deno");
      await inKernel(async () => assert.equal(findHost()!.name, "kernel"));
    });
  });
  assert.equal(findHost(), undefined);
  await beside("Deno", {version: {}}, async () => assert.equal(findHost(), undefined, "Deno without a notebook"));
});

test("one value, the same bundle in every host; its text in plain Node", async () => {
  for (const value of [fit, convergence(fit), Matrix.eye(2), html`<b>${1}</b>`, {outerHTML: "<svg width=\"1\"></svg>"}, "words", undefined]) {
    const bundle = {...await format(value)};
    await inKernel(async ({messages}) => {
      await display(value);
      assert.deepEqual(messages.map((message) => message.data), [bundle]);
    });
    await inDeno(async (sent) => {
      await display(value);
      assert.deepEqual(sent, [{type: "display_data", content: {data: bundle, metadata: {}, transient: {}}}]);
    });
    await inTslab(async (sent) => {
      await display(value);
      assert.deepEqual(sent, [{content: {data: bundle, metadata: {}, transient: {}}, update: false}]);
    });
    assert.equal(await printed(() => display(value)), bundle["text/plain"]);
  }
});

test("a display is shown anew in its place", async () => {
  const both = async () => {
    await display(1, {displayId: "here", metadata: {isolated: true}});
    await display(2, {displayId: "here", update: true});
  };
  await inKernel(async ({messages}) => {
    await both();
    assert.deepEqual(messages.map(({displayId, update}) => [displayId, update]), [["here", false], ["here", true]]);
  });
  await inDeno(async (sent) => {
    await both();
    assert.deepEqual(sent.map(({type, content}) => [type, content.transient, content.metadata]), [["display_data", {display_id: "here"}, {isolated: true}], ["update_display_data", {display_id: "here"}, {}]]);
  });
  await inTslab(async (sent) => {
    await both();
    assert.deepEqual(sent.map(({content, update}) => [content.transient.display_id, update]), [["here", false], ["here", true]]);
  });
  await assert.rejects(display(1, {update: true}), (error: ChoiceError) => error.code === "display/no-id");
  await assert.rejects(display(1, {display_id: "here"} as never), (error: ChoiceError) => error.code === "options/unknown");
});

test("fits show themselves in every host: one place, a figure in the end", async () => {
  const check = (messages: readonly {id?: string; update: boolean; data: Readonly<Record<string, unknown>>}[]) => {
    assert.ok(messages.length >= 1);
    assert.equal(new Set(messages.map(({id}) => id)).size, 1);
    assert.deepEqual(messages.map(({update}) => update), messages.map((_, k) => k > 0));
    assert.match(String(messages[messages.length - 1].data["image/svg+xml"]), /^<svg/);
  };
  const run = () => fitMixed(simulate({tier: "mixed"}, {people: 100, situations: 5, seed: 3}).data, {draws: 128, progress: true});
  await inDeno(async (sent) => {
    await run();
    check(sent.map(({type, content}) => ({id: content.transient.display_id, update: type === "update_display_data", data: content.data})));
  });
  const before = process.listenerCount("SIGINT");
  await inTslab(async (sent) => {
    const fitting = run();
    assert.equal(process.listenerCount("SIGINT"), before, "not in the part of a cell that runs without a break");
    await null;
    await null;
    assert.equal(process.listenerCount("SIGINT"), before + 1);
    await fitting;
    check(sent.map(({content, update}) => ({id: content.transient.display_id, update, data: content.data})));
  });
  assert.equal(process.listenerCount("SIGINT"), before);
});

test("a host that refuses a message later on does not end the process", async () => {
  await beside("Deno", {jupyter: {broadcast: () => Promise.reject(new Error("closed"))}}, async () => {
    await display(1);
    assert.equal((await fitMnl(data, {progress: true})).ending.code, "converged");
  });
});

test("html and svg: what is put in is text, unless it shows itself; what they are called with is markup", () => {
  for (const label of hostile) {
    const page = parsed(html`<p title="${label}">${label}</p>`.markup);
    assert.deepEqual(vocabulary(page), ["p", "p@title"], label);
    assert.equal(page.querySelector("p")!.getAttribute("title")!.replace(/\n/g, ""), page.querySelector("p")!.textContent!.replace(/\n/g, ""));
    assert.deepEqual(vocabulary(parsed(svg`<svg><text>${label}</text></svg>`.markup)), ["svg", "text"], label);
  }
  assert.equal(html`<ul>${["<a>", "b"].map((item) => html`<li>${item}</li>`)}</ul>${null}${undefined}${0}`.markup, "<ul><li>&lt;a&gt;</li><li>b</li></ul>0");
  assert.equal(html("<hr>").markup, "<hr>");
  assert.ok(html`<div>${fit}</div>`.markup.includes(fit.toHTML()));
  assert.match(html`<div>${convergence(fit)}</div>`.markup, /^<div><svg/);
  assert.equal(inspect(html`<style>b {}</style><b>1 &lt; 2</b>`), "1 < 2");
  assert.match(svg`
    <svg width="2"></svg>`[rich]()["image/svg+xml"] as string, /^<svg style="[^"]*" xmlns="[^"]*" width="2"|^<svg [^>]*xmlns/);
  assert.equal($display, Symbol.for("Jupyter.display"));
});

test("md: what is put in stays the text it is", () => {
  for (const label of hostile) {
    const page = parsed(marked.parse(md`The **${label}** alternative`.markup, {async: false}));
    assert.deepEqual(vocabulary(page).filter((word) => !["p", "strong"].includes(word)), [], label);
  }
  const bundle = md`# ${"A_b"}\n\n${md("*as it is*")}`[rich]();
  assert.deepEqual(bundle, {"text/plain": "# A\\_b\n\n*as it is*", "text/markdown": "# A\\_b\n\n*as it is*"});
});

test("image: bytes or a path, of a picture", async () => {
  const png = Buffer.from(convergence(fit)[rich]()["image/png"] ?? "iVBORw0KGgo=", "base64");
  const folder = mkdtempSync(join(tmpdir(), "image-"));
  try {
    writeFileSync(join(folder, "a.png"), png);
    writeFileSync(join(folder, "a.svg"), '<?xml version="1.0"?>\n<svg width="1"></svg>');
    writeFileSync(join(folder, "a.txt"), "words");
    const expected = {"text/plain": `[PNG, ${png.length} bytes]`, "image/png": png.toString("base64")};
    assert.deepEqual(image(png)[rich](), expected);
    assert.deepEqual(image(join(folder, "a.png"))[rich](), expected);
    assert.deepEqual(Object.keys(image(Uint8Array.of(0xff, 0xd8, 0xff, 0))[rich]()), ["text/plain", "image/jpeg"]);
    assert.match(image(join(folder, "a.svg"))[rich]()["image/svg+xml"] as string, /^<svg/);
    for (const wrong of [join(folder, "a.txt"), join(folder, "none.png"), Uint8Array.of(1, 2)]) assert.throws(() => image(wrong), (error: ChoiceError) => error.code === "display/image");
  } finally {
    rmSync(folder, {recursive: true});
  }
});

test("auto does nothing where there is no stock tslab, and once where there is", async () => {
  const left: Record<string, unknown> = {};
  await import("../../src/notebook/auto.js");
  await inKernel(async () => beside("__tslab__", {exports: left, require: () => {}}, async () => {
    const tslab = (globalThis as unknown as {__tslab__: {exports: object}}).__tslab__;
    await import(`../../src/notebook/auto.js?${"again"}`);
    assert.equal(tslab.exports, left, "this library's kernel draws last values by itself");
  }));
  await inTslab(async (sent) => {
    const tslab = (globalThis as unknown as {__tslab__: {exports: Record<string, unknown>}}).__tslab__;
    await import(`../../src/notebook/auto.js?${"first"}`);
    const watched = tslab.exports;
    assert.notEqual(watched, left);
    await import(`../../src/notebook/auto.js?${"second"}`);
    assert.equal(tslab.exports, watched, "once");
    const drawn = html`<b>1</b>`;
    watched.tsLastExpr = drawn;
    assert.deepEqual(sent.map(({content}) => content.data), [drawn[rich]()]);
    assert.equal(left.tsLastExpr, undefined, "what is drawn is not printed too");
    Object.assign(watched, {tsLastExpr: 5, named: drawn});
    assert.deepEqual([left.tsLastExpr, left.named, sent.length], [5, drawn, 1], "numbers are printed, names stay");
  }, left);
});

test("markup holds pictures as pictures, and what has no form in it as its text", () => {
  const bytes = {png: [0x89, 0x50, 0x4e, 0x47], jpeg: [0xff, 0xd8, 0xff], gif: [0x47, 0x49, 0x46, 0x38]};
  for (const [kind, begins] of Object.entries(bytes)) for (const tag of [html, md]) {
    const picture = image(Uint8Array.from(begins));
    const made = tag`a ${picture} b`;
    const shown = parsed(tag === md ? marked.parse(made.markup, {async: false}) : made.markup).querySelector("img")!;
    assert.equal(shown.src, `data:image/${kind};base64,${Buffer.from(begins).toString("base64")}`);
    assert.equal(shown.alt, `[${kind.toUpperCase()}, ${begins.length} bytes]`);
    assert.equal(made[rich]()["text/plain"], `a ${shown.alt} b`);
  }
  const textOnly = {[rich]: () => ({"text/plain": "<1 & 2>"})};
  assert.equal(html`${textOnly}`.markup, "&lt;1 &amp; 2&gt;");
  assert.equal(md`${image(Buffer.from("<svg aria-label='x'></svg>"))}`.markup, "\\[figure\\]");
  assert.equal(svg`<svg>${image(Uint8Array.from(bytes.gif))}</svg>`.markup, "<svg>[GIF, 4 bytes]</svg>");
});

test("what markup says takes time in proportion to it, and none until it is asked", () => {
  const text = (markup: string) => html(markup)[rich]()["text/plain"];
  assert.equal(text("<style>a{}</style>1 <b title='x<y'>&lt; 2</b><script>s</script> 3 < 4"), "1 < 2 3 < 4");
  assert.equal(text("a<STYLE>b<script>c</style>d<styled-p>e</styled-p>"), "ad e");
  assert.equal(text("<br>"), "[HTML]");
  // The steps of an engine cannot be counted: a million signs that took hours now take less than a second.
  for (const sign of ["<", "<style", "<style>", "<script></style>", "<!--", '<img alt="', '<img alt="" src="data:', "&lt"]) text(sign.repeat(1e6));
  let asked = 0;
  const piece = {[rich]: () => ({get "text/plain"() { return String(++asked); }, "text/html": "<i>1</i>"})};
  assert.equal(html`<b>${piece}</b>`.markup, "<b><i>1</i></b>");
  assert.equal(asked, 0, "pieces are not read for what they say");
  assert.equal(typeof Object.getOwnPropertyDescriptor(html("<b>")[rich](), "text/plain")!.get, "function");
});
