import assert from "node:assert/strict";
import test from "node:test";
import {compare} from "../../src/display/compare.js";
import {comparisonBundle} from "../../src/display/comparisonTable.js";
import {width} from "../../src/display/width.js";
import {ChoiceError} from "../../src/errors.js";
import {choices, fit, logit} from "./fixture.js";
import {page} from "./html.js";
import {fitMaxEntSupports} from "../../src/entropy/fitMaxEntSupports.js";
import {fitMnlIntercepts} from "../../src/estimate/tiers.js";
import {five, pure, revenue} from "./maxEntFixture.js";
import type {ChoiceData} from "../../src/data/choiceData.js";

const other = () => fit({data: choices(undefined, "0ther")});
const code = (expected: string) => (error: unknown) => error instanceof ChoiceError && error.code === expected;

test("rows are the parameters of all fits, each once, null where a fit has none", () => {
  const {rows} = compare([logit(), fit()]);
  assert.deepEqual(rows.map(({name}) => name), ["price", "time", "comfort", "train", "bus", "car", "time: mean of ln(-time)", "halfwidth[comfort]", "sd[price]", "sd[time]: standard deviation of ln(-time)", "cor[time,price]: of ln(-time) and price", "median of time"]);
  assert.equal(rows.find(({name}) => name === "bus")!.cells[0], null);
  assert.equal(rows.find(({name}) => name === "price")!.cells[1]!.estimate, -0.82342);
});

test("names are given, or the keys, or numbers that are explained below", () => {
  assert.deepEqual(compare([logit(), fit()]).fits.map(({name}) => name), ["(1)", "(2)"]);
  assert.match(comparisonBundle(compare([logit(), fit()]))["text/plain"], /\(1\): Multinomial logit · \(2\): Mixed logit, full covariance/);
  assert.deepEqual(compare({plain: logit(), rich: fit()}).fits.map(({name}) => name), ["plain", "rich"]);
  assert.deepEqual(compare([logit()], {names: ["one"]}).fits.map(({name}) => name), ["one"]);
});

test("fits of different data are refused, or allowed with a visible warning", () => {
  assert.throws(() => compare([fit(), other()]), code("compare/different-data"));
  const bundle = comparisonBundle(compare([fit(), other()], {differentData: true}));
  assert.match(page(bundle).querySelector(".warning")!.textContent!, /different data/);
  assert.match(bundle["text/plain"], /⚠ These fits learned from different data/);
  assert.match(bundle["text/plain"], /data a3f9c1d2, 0ther/);
});

test("what cannot be compared is refused in words", () => {
  assert.throws(() => compare([]), code("compare/nothing"));
  assert.throws(() => compare([fit()], {names: ["a", "b"]}), code("compare/names"));
  assert.throws(() => compare([fit()], {name: ["a"]} as never), code("options/unknown"));
});

test("log-likelihood, parameters, criteria, draws and ending stand below", () => {
  const {["text/plain"]: text} = comparisonBundle(compare({logit: logit(), mixed: fit({ending: {code: "time", converged: false, words: "", advice: ""}})}));
  for (const line of [/Log-likelihood +-1390\.20 +-1255\.30/, /Free parameters +3 +9/, /McFadden ρ² +0\.164 +0\.245/, /Draws +none +200 Halton/, /Ending +✓ converged +✗ not converged/]) assert.match(text, line);
  assert.match(text, /⚠ mixed did not converge/);
});

test("many fits are cut into tables that repeat the terms, so that lines stay short", () => {
  const text = comparisonBundle(compare(Array.from({length: 7}, () => fit())))["text/plain"];
  assert.ok(text.split("\n").every((line) => width(line) <= 88));
  assert.equal(text.match(/^ {2}price /gm)!.length, 3);
  for (let f = 1; f <= 7; ++f) assert.match(text, new RegExp(`^Term.*\\(${f}\\)`, "m"));
});

test("each row fills the table, in HTML and in LaTeX", () => {
  // Where there is a derived mean, its mark needs the stars' column.
  for (const [other, stars, wide] of [[fit, true, 10], [fit, false, 10], [logit, true, 10], [logit, false, 7]] as const) {
    const bundle = comparisonBundle(compare([logit(), other(), other()]), {stars});
    const spans = [...page(bundle).querySelector("table")!.rows].map((row) => [...row.cells].reduce((sum, cell) => sum + cell.colSpan, 0));
    assert.deepEqual(new Set(spans), new Set([wide]));
    const latex = bundle["text/latex"]!;
    const body = latex.slice(latex.indexOf("\\toprule"), latex.indexOf("\\bottomrule")).split("\n").filter((line) => line.endsWith("\\\\"));
    const columns = body.map((line) => (line.match(/(?<!\\)&/g) ?? []).length + 1 + [...line.matchAll(/\\multicolumn\{(\d+)\}/g)].reduce((sum, m) => sum + Number(m[1]) - 1, 0));
    assert.deepEqual(new Set(columns), new Set([wide]));
  }
});

test("maximum entropy without noise stands beside multinomial logit with its numbers", async () => {
  const {fits, rows, sameData} = compare({logit: await fitMnlIntercepts(pure.data as ChoiceData), entropy: pure});
  assert.ok(sameData);
  for (const key of ["logLikelihood", "rho2", "aic", "bic"] as const) assert.ok(Math.abs(fits[0][key] - fits[1][key]) < 1e-6 * Math.abs(fits[0][key]), key);
  for (const {name, cells: [a, b]} of rows) assert.ok(Math.abs(a!.estimate - b!.estimate) < 1e-5, name);
  assert.equal(fits[1].converged, true);
});

test("coefficients of supports come with a word on their scale; where choices are not known there is no likelihood", async () => {
  const two = await fitMaxEntSupports(five.data as ChoiceData, {tier: "mnl", kernel: "typescript"});
  const told = comparisonBundle(compare({five, two}))["text/plain"];
  assert.match(told, /Coefficients of five are on the scale of their supports[^]*Coefficients of two are/);
  assert.match(comparisonBundle(compare([revenue]))["text/plain"], /Log-likelihood +—/);
});
