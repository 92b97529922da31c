// What people see: JupyterLab 4 in Chromium, with this library's kernel. Both come with `npm run lab:install`; where they are not,
// these tests are skipped and say so. LAB_PICTURES=folder keeps the screenshots.
import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {after, before, describe, test} from "node:test";
import {fileURLToPath} from "node:url";
import {runNotebook, type Output} from "../../../src/notebook/index.js";
import {jupyter, startLab, type Lab} from "./lab.js";
import {browser, hasLab, python} from "./places.js";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const noLab = hasLab() ? false : "JupyterLab is not installed here: npm run lab:install";
const noBrowser = noLab || (browser() ? false : "no Chromium here: npm run lab:install, or name one in CHROMIUM");
const pictures = process.env.LAB_PICTURES;

const notebook = (cells: readonly string[]): string => JSON.stringify({
  nbformat: 4, nbformat_minor: 5,
  metadata: {kernelspec: {name: "maxent-logit", display_name: "TypeScript (maxent-logit)", language: "typescript"}},
  cells: cells.map((source, i) => ({id: `cell-${i}`, cell_type: "code", metadata: {}, execution_count: null, outputs: [], source}))
});

const long = [
  `import {datasets, fromLong, fitMixed} from "maxent-logit";
const choices = fromLong(await datasets.electricity(), {chosen: "choice", alternative: "alt", situation: "chid", person: "id"});
console.log("read");`,
  `const slow = await fitMixed(choices, {intercepts: false, rule: "halton", draws: 3000, tolerance: 1e-12});
console.log(slow.ending.code, slow.ending.converged);`,
  "slow"
];

function folder(): string {
  const path = realpathSync(mkdtempSync(join(here, "scratch-"))); // below the library, so that notebooks find it
  mkdirSync(join(path, "notebooks"));
  mkdirSync(join(path, "datasets"));
  copyFileSync(join(root, "notebooks/quickstart.ipynb"), join(path, "notebooks/quickstart.ipynb"));
  cpSync(join(root, "datasets/electricity"), join(path, "datasets/electricity"), {recursive: true});
  writeFileSync(join(path, "notebooks/long.ipynb"), notebook(long));
  return path;
}

describe("JupyterLab in Chromium", {skip: noBrowser}, () => {
  let [served, lab] = ["", undefined as unknown as Lab];
  before(async () => {
    served = folder();
    lab = await startLab(served);
  }, {timeout: 120_000});
  after(async () => {
    await lab?.close();
    rmSync(served, {recursive: true, force: true, maxRetries: 5});
  }, {timeout: 60_000});

  const keep = async (name: string): Promise<void> => {
    if (pictures) {
      mkdirSync(pictures, {recursive: true});
      await lab.page.screenshot({path: join(pictures, `${name}.png`), clip: {x: 0, y: 0, width: 1000, height: name === "live" ? 430 : 800}});
    }
  };

  test("the quickstart runs from the first cell to the last; its table and its figure are seen, in light and dark", {timeout: 300_000}, async () => {
    await lab.open("notebooks/quickstart.ipynb");
    await lab.command("application:toggle-left-area");
    await lab.runAll();
    await lab.settled(240);
    const {cells} = await lab.saved();
    const code = cells.filter(({cell_type}) => cell_type === "code");
    const outputs = code.flatMap(({outputs}) => outputs ?? []);
    assert.deepEqual(code.map(({execution_count}) => execution_count), code.map((_, i) => i + 1));
    assert.deepEqual(outputs.filter(({output_type}) => output_type === "error"), []);
    assert.ok(outputs.some(({data}) => data?.["text/html"] && data["text/latex"]), "a table");
    assert.ok(outputs.some(({data}) => data?.["image/svg+xml"]), "a figure");
    await lab.page.evaluate("globalThis.__name = (one) => one"); // the compiler of these tests leaves calls of it in functions
    const seen = (selector: string) => lab.page.locator(selector).last();
    for (const theme of ["JupyterLab Light", "JupyterLab Dark"]) {
      await lab.command("apputils:change-theme", {theme});
      await lab.page.waitForFunction(`document.body.dataset.jpThemeName === ${JSON.stringify(theme)}`);
      const figure = seen(".jp-RenderedSVG img, .jp-RenderedSVG svg, .jp-RenderedImage img");
      await figure.scrollIntoViewIfNeeded();
      const drawn = await figure.boundingBox();
      assert.ok(drawn && drawn.width > 300 && drawn.height > 150, "the figure has a size");
      await keep(`figure-${theme.endsWith("Dark") ? "dark" : "light"}`);
      const table = seen(".jp-RenderedHTMLCommon table:has(caption)");
      await table.scrollIntoViewIfNeeded();
      const contrast = await table.locator("td").first().evaluate(contrastOf);
      assert.ok(contrast >= 4.5, `${theme}: the table's contrast is ${contrast.toFixed(1)}`);
      assert.equal(await table.locator("tbody th").first().evaluate((cell) => getComputedStyle(cell).textAlign), "left", "JupyterLab's own rules for tables do not win");
      await keep(`table-${theme.endsWith("Dark") ? "dark" : "light"}`);
    }
  });

  test("a fit that is interrupted ends with the best so far, and the next cell has it", {timeout: 180_000}, async () => {
    await lab.open("notebooks/long.ipynb");
    await lab.command("application:toggle-left-area");
    await lab.runAll();
    const cell = "window.jupyterapp.shell.currentWidget.content.widgets[1].model";
    await lab.page.waitForFunction(`${cell}.outputs?.length > 0`, undefined, {timeout: 90_000}); // the fit shows how it goes
    await lab.page.waitForFunction(`/iteration ([2-9]|\\d\\d)/.test(${cell}.outputs.get(0)?.toJSON().data["text/plain"])`, undefined, {timeout: 90_000});
    await keep("live");
    await lab.command("notebook:interrupt-kernel");
    await lab.page.waitForFunction(`${cell}.executionCount !== null`, undefined, {timeout: 30_000});
    const {cells} = await lab.saved();
    const outputs = cells[1].outputs ?? [];
    assert.deepEqual(outputs.filter(({output_type}) => output_type === "error"), []);
    assert.match(outputs.map(({text}) => [text ?? ""].flat().join("")).join(""), /stopped false/);
    await keep("interrupted");
  });
});

describe("other programs of Jupyter", {skip: noLab}, () => {
  let home: ReturnType<typeof jupyter>;
  before(() => void (home = jupyter()));
  after(() => home.remove());
  const call = (words: readonly string[], cwd = root) => spawnSync(python("jupyter"), words, {env: home.env, cwd, encoding: "utf8", timeout: 240_000});

  test("jupyter kernelspec list knows the kernel", () => {
    assert.match(call(["kernelspec", "list"]).stdout, /^\s*maxent-logit\s/m);
  });

  test("nbconvert, by nbclient, runs the quickstart to the outputs the library's own runner has", {timeout: 400_000}, async () => {
    const served = folder();
    try {
      const path = join(served, "notebooks/quickstart.ipynb");
      const {status, stderr} = call(["nbconvert", "--to", "notebook", "--execute", "--ExecutePreprocessor.kernel_name=maxent-logit", "--output", "executed.ipynb", path], served);
      assert.equal(status, 0, stderr);
      const executed = JSON.parse(readFileSync(join(served, "notebooks/executed.ipynb"), "utf8")) as {cells: {outputs?: Output[]}[]};
      const {notebook, failure} = await runNotebook(path, {timeout: 600});
      assert.equal(failure, undefined);
      // Displays are left out: a fit that lasts shows how it goes where somebody may look on.
      const told = (outputs: readonly Output[] = []) => outputs.filter(({output_type}) => output_type !== "display_data").map((output) => ("data" in output ? Object.fromEntries(Object.entries(output.data).map(([type, data]) => [type, [data].flat().join("").trim()])) : output.output_type));
      executed.cells.forEach(({outputs}, i) => assert.deepEqual(told(outputs), told(notebook.cells[i].outputs as Output[]), `cell ${i}`));
      const page = call(["nbconvert", "--to", "html", "--output", "executed.html", join(served, "notebooks/executed.ipynb")], served);
      assert.equal(page.status, 0, page.stderr);
    } finally {
      rmSync(served, {recursive: true, force: true, maxRetries: 5});
    }
  });
});

/** The contrast of an element's text with the ground behind it, after WCAG 2.1. Runs in the page. */
function contrastOf(element: Element): number {
  const numbers = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? []).map(Number);
  let ground: Element | null = element;
  while (ground && (numbers(getComputedStyle(ground).backgroundColor)[3] ?? 1) === 0) ground = ground.parentElement;
  const light = (colour: string): number => {
    const [r, g, b] = numbers(colour).slice(0, 3).map((part) => (part / 255 <= 0.03928 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [a, b] = [light(getComputedStyle(element).color), light(ground ? getComputedStyle(ground).backgroundColor : "rgb(255,255,255)")];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
