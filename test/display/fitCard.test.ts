import assert from "node:assert/strict";
import test from "node:test";
import {fitCard} from "../../src/display/fitCard.js";
import {estimatesBundle} from "../../src/display/estimatesTable.js";
import {width} from "../../src/display/width.js";
import {estimated, fit, logit, notes, rows} from "./fixture.js";
import {page, parsed} from "./html.js";

const types = ["text/plain", "text/html", "text/markdown", "text/latex"] as const;
const stalled = {code: "iterations", converged: false, words: "reached its limit of 200 steps, before converging", advice: "raise `iterations`"} as const;

test("the same fit has the same bytes, and its time leaves no trace", () => {
  assert.deepEqual(fitCard(fit()), fitCard(fit({seconds: 99.123})));
});

test("every estimate, error, statistic and bound stands in every dress", () => {
  const bundle = fitCard(fit());
  const minus = {"text/plain": "-", "text/html": "\u2212", "text/markdown": "\u2212", "text/latex": "-"};
  for (const type of types) {
    const text = type === "text/html" ? page(bundle).body.textContent! : bundle[type]!;
    for (const number of ["0.424", "0.181", "2.34", "0.019", "-1.208", "-5.48", "[-1.639, -0.776]", "-15.937", "-1255.30", "0.245"]) {
      const written = number.replaceAll("-", minus[type]);
      assert.ok(text.includes(type === "text/markdown" ? written.replace(/[[\]]/g, "\\$&") : written), `${number} in ${type}`);
    }
  }
});

test("rows stand under the heading of their role, in order", () => {
  const headings = [...page(fitCard(fit())).querySelector("table")!.querySelectorAll("th[scope=rowgroup]")].map((th) => th.textContent);
  assert.deepEqual(headings, ["Intercepts", "Means", "Spreads", "Correlations", "Derived"]);
  const plain = [...page(fitCard(logit())).querySelectorAll("th[scope=rowgroup]")].map((th) => th.textContent);
  assert.deepEqual(plain, ["Coefficients"]);
});

test("each row fills the table: heads and cells cover the same columns", () => {
  for (const table of page(fitCard(fit())).querySelectorAll("table")) {
    const spans = [...table.rows].map((row) => [...row.cells].reduce((sum, cell) => sum + cell.colSpan, 0));
    assert.equal(new Set(spans).size, 1);
  }
});

test("a held parameter and a flat one say so, with the reason in sight", () => {
  const {["text/plain"]: text} = fitCard(fit());
  assert.match(text, /halfwidth\[comfort\] +0\.300 +held +— +— +—/);
  assert.match(text, /median of time +0\.00213 +— +— +— +—/);
  assert.match(text, /halfwidth\[comfort\] — held at this value/);
  assert.match(text, /median of time — flat: these data do not say/);
});

test("the ending is a sign and a word; a fit that did not finish says so without being opened", () => {
  const well = page(fitCard(fit()));
  assert.match(well.querySelector(".status")!.textContent!, /✓ converged in 10 iterations/);
  const ill = page(fitCard(fit({ending: stalled})));
  assert.match(ill.querySelector(".status")!.textContent!, /✗ not converged/);
  const warning = ill.querySelector(".warning")!;
  assert.match(warning.textContent!, /did not finish, so read these numbers with care: it reached its limit of 200 steps, before converging\. To go on: raise `iterations`\./);
  assert.equal(warning.closest("details"), null);
});

test("warnings are visible, information is folded away", () => {
  const document = page(fitCard(fit()));
  assert.ok(document.querySelector(".warning")!.textContent!.includes(notes[1].text));
  const details = document.querySelector("details")!;
  assert.equal(details.open, false);
  assert.ok(details.textContent!.includes(notes[0].text));
  assert.ok(!document.body.textContent!.replace(details.textContent!, "").includes(notes[0].text));
});

test("provenance names people, choices, draws, rule, seed, version and data", () => {
  const foot = [...page(fitCard(fit())).querySelectorAll(".foot")].at(-1)!.textContent;
  assert.equal(foot, "N = 1200 choices · 120 people · 200 draws (Halton) · seed 42 · maxent-logit 0.1.0 · data a3f9c1d2");
});

test("entries of Gamma are folded away, with a line that says where", () => {
  const bundle = fitCard(fit());
  const folded = page(bundle).querySelector("details table")!;
  assert.deepEqual([...folded.querySelectorAll("th[scope=row]")].map((th) => th.textContent), ["chol[price,price]", "chol[time,price]", "chol[time,time]"]);
  assert.match(bundle["text/plain"], /3 entries of Gamma stand in the details, and in estimates\.rows\./);
  assert.doesNotMatch(bundle["text/plain"].split("Log-likelihood")[0], /chol/);
});

test("the card stays below 12 kilobytes and 88 columns", () => {
  const bundle = fitCard(fit());
  const twelve = rows.filter(({detail}) => !detail);
  assert.equal(twelve.length, 12);
  assert.ok(Buffer.byteLength(fitCard(fit({estimates: estimated(twelve, "robust", "robust")}))["text/html"]!) < 12 * 1024);
  for (const line of bundle["text/plain"].split("\n")) assert.ok(width(line) <= 88, line);
});

test("the style touches its own card only, and there is no id, script or outside file", () => {
  const document = page(fitCard(fit()));
  const css = document.querySelector("style")!.textContent!;
  const scope = document.querySelector("div")!.className.split(" ")[0];
  assert.match(scope, /^ml[0-9a-f]{8}$/);
  for (const selector of css.match(/[^{}]+(?=\{)/g)!) assert.ok(selector.trim().startsWith(`.${scope}`), selector);
  assert.equal(document.querySelectorAll("[id], script, link, img, [src], [href]").length, 0);
});

test("numbers are aligned by attribute, for pages that remove styles", () => {
  const cells = [...page(fitCard(fit())).querySelectorAll("tbody td")].filter((td) => /^[\u2212\d]/.test(td.textContent!) && !td.querySelector("svg"));
  assert.ok(cells.length > 30);
  assert.ok(cells.every((td) => td.getAttribute("align") === "right"));
});

test("an interval is drawn and twinned in characters, filled only where it leaves zero out", () => {
  const document = page(fitCard(fit()));
  const cell = (name: string) => [...document.querySelectorAll("tbody tr")].find((tr) => tr.querySelector("th")!.textContent === name)!.querySelector("td:last-child")!;
  assert.equal(cell("price").querySelector("svg")!.getAttribute("aria-label"), "95% interval -0.924 to -0.723");
  assert.ok(cell("price").querySelector("code")!.textContent!.includes("●"));
  assert.ok(cell("comfort").querySelector("code")!.textContent!.includes("○"));
  assert.equal(cell("comfort").querySelector("circle")!.getAttribute("fill"), null);
});

test("stars can be left out, with their legend", () => {
  for (const type of types) assert.doesNotMatch(fitCard(fit(), {stars: false})[type]!.replace(/\*\*[^*]+\*\*|^\*\*.*$|\*[A-Z][^*]*\*/gm, ""), /\*\*\*|p < 0\.05/);
});

test("a markdown table has the same number of cells in every row", () => {
  const lines = fitCard(fit())["text/markdown"]!.split("\n").filter((line) => line.startsWith("|"));
  const bars = lines.map((line) => line.match(/(?<!\\)\|/g)!.length);
  assert.deepEqual(new Set(bars), new Set([7]));
});

test("a LaTeX table has the same number of columns in every row", () => {
  const latex = fitCard(fit())["text/latex"]!;
  const body = latex.slice(latex.indexOf("\\toprule"), latex.indexOf("\\bottomrule")).split("\n").filter((line) => line.endsWith("\\\\"));
  const columns = body.map((line) => (line.match(/(?<!\\)&/g) ?? []).length + 1 + [...line.matchAll(/\\multicolumn\{(\d+)\}/g)].reduce((sum, m) => sum + Number(m[1]) - 1, 0));
  assert.deepEqual(new Set(columns), new Set([7]));
});

test("an estimate without a finite error, and infinite numbers, do not break the card", () => {
  const odd = rows.map((r, i) => (i === 0 ? {...r, estimate: NaN, error: NaN, z: NaN, p: NaN, low: NaN, high: NaN} : i === 1 ? {...r, high: Infinity} : r));
  const bundle = estimatesBundle({...fit().estimates, rows: odd});
  assert.doesNotMatch(bundle["text/html"]!, /NaN/);
  assert.ok(parsed(bundle["text/html"]!).querySelectorAll("tbody tr").length > 10);
});

test("no rows at all is a card with a head", () => {
  const bundle = estimatesBundle({...fit().estimates, rows: []});
  assert.match(bundle["text/plain"], /Term/);
});
