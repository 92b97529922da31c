import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {dirname, join, resolve} from "node:path";
import test from "node:test";
import {fileURLToPath} from "node:url";
import {exportHtml, readNotebook, runNotebook, type Cell, type Output} from "../../src/notebook/index.js";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const path = join(root, "notebooks/maximum-entropy.ipynb");
const joined = (text: string | readonly string[]) => [text].flat().join("");
const plain = (output: Output) => ("data" in output ? joined((output.data["text/plain"] ?? "") as string) : "");

test("the committed notebook of maximum entropy holds no outputs", () => {
  for (const cell of readNotebook(path).cells) if (cell.cell_type === "code") assert.deepEqual([cell.outputs, cell.execution_count], [[], null]);
});

test("the notebook of maximum entropy runs, fails only where it means to, and shows the numbers that its text tells", async () => {
  const before = readFileSync(path, "utf8");
  const [{notebook, failure}, again] = await Promise.all([runNotebook(path, {timeout: 600}), runNotebook(path, {timeout: 600})]);
  assert.equal(failure, undefined);
  assert.deepEqual(again.notebook.cells.map(({outputs}) => outputs), notebook.cells.map(({outputs}) => outputs), "the same bits again");
  const code = notebook.cells.filter(({cell_type}) => cell_type === "code");
  const shownBy = (cell: Cell) => (cell.outputs ?? []).map(plain).join("\n");
  /** What the one cell that has these words shows. */
  const of = (words: string): string => {
    const found = code.filter(({source}) => joined(source).includes(words));
    assert.equal(found.length, 1, `one cell says ${words}`);
    return shownBy(found[0]);
  };
  /** The numbers behind a label at the beginning of a line. */
  const line = (text: string, label: string): number[] => {
    const found = text.split("\n").find((words) => words.trimStart().startsWith(label));
    assert.ok(found !== undefined, `a line of ${label} in:\n${text}`);
    return (found.trimStart().slice(label.length).replaceAll("−", "-").match(/-?\d+(\.\d+)?(e[+-]?\d+)?/g) ?? []).map(Number);
  };
  const near = (found: readonly number[], wanted: readonly number[], within: number) => {
    assert.ok(found.length >= wanted.length, `${found} for ${wanted}`);
    wanted.forEach((value, k) => assert.ok(Math.abs(found[k] - value) <= within, `${found[k]} is ${value} within ${within}`));
  };

  const errors = code.flatMap((cell) => (cell.outputs ?? []).filter(({output_type}) => output_type === "error").map((error) => ({cell, error})));
  assert.equal(errors.length, 2);
  for (const {cell} of errors) assert.ok((cell.metadata as {tags?: string[]}).tags?.includes("raises-exception"));
  assert.match(JSON.stringify(errors[0].error), /lies between 4\.3 and 10\.7/);
  assert.match(JSON.stringify(errors[1].error), /no chi-squared/);
  for (const cell of code) if (!errors.some((error) => error.cell === cell)) assert.ok(shownBy(cell).length > 0, joined(cell.source).slice(0, 80));
  const all = code.map(shownBy).join("\n");
  assert.doesNotMatch(all, /✗ (not|did)|NaN|undefined/);

  // 1: one number
  assert.match(of("const ways ="), /'A A B C', 'A B C C', 'B B B C'/);
  near(line(of("const one = await"), "price"), [-1.51], 0.01);
  // 2: four faults
  assert.match(of("const literal"), /lambda: 0\.801433,\s+p: \[ 1 \]/);
  assert.match(of("decompositionBars(wide)"), /98\.1%/);
  const widths = of("const widths");
  near(line(widths, "0 "), [1, 0.065474, 7.3611, 0.9815], 1e-4);
  near(line(widths, "5 "), [0, 5.452634, 5.3, 0], 1e-4);
  near(line(of("const fees"), "free errors"), [0.0654745, 0.00552624], 1e-6);
  near(line(of("const fees"), "errors sum to zero"), [0.505285, 0.505285], 1e-6);
  const bases = of("const costOf");
  for (const [base, free] of [["air", -0.001909], ["train", -0.000211], ["bus", -0.002982], ["car", -0.009028]] as const) near(line(bases, `gc, base ${base}`), [free, -0.015365], 1e-6);
  const models = of("const points = [2");
  for (const [label, lambda] of [["logit", 1.51485], ["M = 2", 2.42895], ["M = 3", 3.81188], ["M = 5", 5.45263], ["M = 11", 7.5848]] as const) {
    const [found, , , , revenue] = line(models, label);
    near([found, revenue], [lambda, 5.3], 1e-5);
  }
  // 3: the programme as written, and its dual
  for (const text of [of("const asWritten"), of("const large")]) {
    const [primal, dual] = [line(text, "as written"), line(text, "dual")];
    near([dual[2] / primal[2], dual[3] / primal[3]], [1, 1], 1e-11);
    for (const residual of [...primal.slice(4), ...dual.slice(4)]) assert.ok(residual < 1e-10);
  }
  // 4: multinomial logit (Greene 2003, table 21.11), the ridge
  const equal = of("const pure =");
  for (const [name, estimate] of [["intercept[air]", 5.207443], ["gc", -0.015501], ["ttme", -0.096125], ["hinc[air]", 0.013287]] as const) {
    const [entropy, likelihood] = line(equal, name);
    near([entropy, likelihood], [estimate, likelihood], 1e-6);
    near([entropy], [likelihood], 1e-10);
  }
  assert.match(of("logLikelihood: exact(logit"), /'199\.128368\d+', logLikelihood: '-199\.128368\d+'/);
  assert.deepEqual(of('noise: {v: "cv"}').split("\n").filter((words) => words.includes("✓")).map((words) => words.trim().split(/\s+/)[1]), ["2"]);
  // 5: more numbers
  const sold = of("const sold");
  near([line(sold, "revenue ")[2], line(sold, "shares ")[2], line(sold, "shares and revenue")[2], line(sold, "revenue by good")[2]], [1.37, 0.236, 2.097, 1.924], 1e-3);
  const totals = of("const aggregates");
  for (const [label, wanted] of [["nothing", -291.12], ["dollars spent", -291.1], ["shares ", -283.76], ["shares, dollars spent, minutes waited", -205.6], ["every choice, and income (part 4)", -199.13]] as const) near(line(totals, label).slice(-1), [wanted], 0.006);
  // 6 and 7: effects, and what was told
  near(line(of("diversion(fit)"), "train → car"), [0.496, 0.48], 1e-3);
  assert.match(of("waterfall(gain)"), /The totals tell 90\.21 nats/);
  assert.match(of("mutualInformation(pure"), /0\.5814 bits/);
  const rejected = of("++found.supports");
  const count = (label: string): number => Number(rejected.split("\n").find((words) => words.includes(label))!.trim().split(/\s+/).pop());
  near([count("entropy ratio, logit"), count("entropy ratio, five supports"), count("robust Wald, five supports")], [6, 41, 5], 2);
  // 8: mixtures
  near(line(of("const mixture ="), "mean[price]"), [-2.901, 2.155], 1e-3);
  const two = of("const sides");
  near(line(two, "on a grid").map((value, k) => value - line(two, "fitMixed")[k]), [0, 0, 0, 0, 0], 5e-4);
  const taus = of("const byTau");
  near(line(taus, "2 "), [1, -1637.75, 2], 0.006);
  near(line(of("const strangers"), "2,929 strangers"), [1.812, 0.343], 2e-3);
  // 9: prices, and goods together
  near([line(of("optimalPrices(market)"), "red")[2]], [3.47], 0.005);
  assert.equal(of("const baskets").match(/'1\.2527629\d+'/g)?.length, 2);

  const page = exportHtml(notebook, {name: "maximum-entropy.ipynb", folder: join(root, "notebooks")});
  assert.doesNotMatch(page, /<script|<link|src="(?!data:)|url\((?!data:)/, "nothing is loaded from elsewhere");
  assert.doesNotMatch(page, /<code class="math"/, "every formula is drawn");
  assert.equal(page.match(/<details><summary>Hint/g)?.length, 3);
  assert.ok(page.length < 1e6);
  assert.equal(readFileSync(path, "utf8"), before, "the original is never touched");
});
