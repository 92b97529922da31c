import assert from "node:assert/strict";
import test from "node:test";
import {maxEntCard} from "../../src/display/maxEntCard.js";
import {brief, percent} from "../../src/display/format.js";
import type {MaxEntFit} from "../../src/entropy/maxEntFit.js";
import {certified, fits, five, logit, loose, pure, retold, revenue} from "./maxEntFixture.js";
import {page} from "./html.js";

const table = (fit: MaxEntFit, caption: string): HTMLTableElement => [...page(maxEntCard(fit)).querySelectorAll("table")].find((t) => t.caption!.textContent === caption)!;
const cells = (row: HTMLTableRowElement): string[] => [...row.cells].map((cell) => cell.textContent!.replaceAll("\u2212", "-"));
const body = (t: HTMLTableElement): string[][] => [...t.tBodies].flatMap(({rows}) => [...rows].map(cells));

test("the same fit has the same bytes, and its time leaves no trace", () => {
  assert.deepEqual(maxEntCard(five), maxEntCard(retold("maxent", five, {seconds: 99.123})));
});

test("the status says how much is known, how exactly the fit ended, and that it did", () => {
  const status = page(maxEntCard(certified(five))).querySelector(".status")!.textContent!;
  assert.match(status, /Entropy of choices 6\.569 · of supports 26\.848 · of errors 19\.689 · information index 0\.003 · log-likelihood −6\.52 · gap 1\.2e−16 · ✓ converged in \d+ steps?/);
  assert.doesNotMatch(page(maxEntCard(pure)).querySelector(".status")!.textContent!, /supports|errors/);
  assert.doesNotMatch(page(maxEntCard(revenue)).querySelector(".status")!.textContent!, /log-likelihood/);
});

test("coefficients of supports come with the word on their scale, in sight and once; others without", () => {
  const document = page(maxEntCard(five));
  const told = [...document.querySelectorAll("p, dd")].filter((p) => /scale/.test(p.textContent!));
  assert.deepEqual(told.map(({localName}) => localName), ["p"]);
  assert.match(told[0].textContent!, /on the scale of their supports, 5 points from 0 to 1: compare probabilities and effects/);
  assert.equal(told[0].closest("details"), null);
  for (const type of ["text/plain", "text/markdown", "text/latex"] as const) assert.match(maxEntCard(five)[type]!, /on the scale of their supports/);
  for (const fit of [logit, pure, revenue]) assert.doesNotMatch(maxEntCard(fit)["text/html"]!, /scale of their supports/);
});

test("each condition of the optimum stands with its residual and what it should be", () => {
  const rows = body(table(certified(logit), "Conditions of the optimum"));
  assert.deepEqual(rows, [
    ["Duality gap", "1.2e-16", "0, to 10 decimals", "✓"], ["Stationarity", "0", "0, to 10 decimals", "✓"], ["Totals", "3.4e-15", "0, to 10 decimals", "✓"],
    ["Adding up", "2.2e-16", "0, to 10 decimals", "✓"], ["Sum of errors", "5.6e-17", "0, to 10 decimals", "✓"]
  ]);
  assert.deepEqual(body(table(five, "Conditions of the optimum"))[4].slice(1), ["—", "not asked for", ""]);
  assert.deepEqual(body(table(pure, "Conditions of the optimum"))[4].slice(1), ["—", "no errors", ""]);
});

test("a residual that is no rounding is marked, and a fit that did not finish says so in sight", () => {
  const certificate = {...logit.solution.certificate, moments: 3e-4};
  const ill = retold("maxent", logit, {solution: {...logit.solution, certificate, ending: "iterations"}, notes: [{level: "warning", code: "fit/not-converged", text: "The fit reached its limit of 3 steps."}]});
  assert.deepEqual(body(table(ill, "Conditions of the optimum")).map((row) => row[3]), ["✓", "✓", "✗", "✓", "✓"]);
  const document = page(maxEntCard(ill));
  assert.match(document.querySelector(".status")!.textContent!, /✗ not converged/);
  const warning = document.querySelector(".warning")!;
  assert.match(warning.textContent!, /^⚠ The fit reached its limit of 3 steps\.$/);
  assert.equal(warning.closest("details"), null);
});

test("totals stand with what was predicted, left to error and to slack, and what could be", () => {
  for (const fit of [five, logit, loose, revenue]) {
    const rows = body(table(fit, "Totals"));
    const slack = fit === loose;
    assert.deepEqual(rows.map((row) => row.slice(1)), fit.moments.map((m) => [
      brief(m.target, 6), brief(m.predicted, 6), brief(m.error), ...(slack ? [brief(m.slack)] : []), percent(m.absorbed), `[${brief(m.least, 4)}, ${brief(m.greatest, 4)}]`
    ]));
  }
  assert.equal(body(table(revenue, "Totals"))[0][0], "pricegiven");
  assert.equal(body(table(loose, "Totals")).find(([name]) => name.startsWith("price"))![0], "pricegiven, sd 5");
});

test("entropies stand in nats and bits", () => {
  for (const [, nats, bits] of body(table(five, "Entropies of the fit"))) assert.ok(Math.abs(Number(bits) - Number(nats) / Math.LN2) < 2e-3, `${nats} ${bits}`);
  assert.deepEqual(body(table(five, "Entropies of the fit")).map(([name]) => name), ["supports", "errors", "choices"]);
  assert.deepEqual(body(table(pure, "Entropies of the fit")).map(([name]) => name), ["choices"]);
});

test("the noise is told in words, and every width that was tried, the one taken marked", () => {
  const words = (fit: MaxEntFit): string => [...page(maxEntCard(fit)).querySelectorAll("dt")].find((dt) => dt.textContent === "Noise")!.nextElementSibling!.textContent!;
  assert.equal(words(five), "errors within ±v, v = 0.408248 = 1/√N; 3 points; free to sum to anything in a situation");
  assert.match(words(logit), /the likeliest for held-out choices; 3 points; summing to zero in each situation$/);
  assert.equal(words(pure), "none: probabilities meet the totals by themselves");
  const tried = body(table(logit, "Widths of the noise tried"));
  assert.equal(tried.length, logit.noise!.tried!.length);
  assert.deepEqual(tried.map((row) => row[2] === "taken"), logit.noise!.tried!.map(({v}) => v === logit.noise!.v));
});

test("errors that do not hold are listed with the reason, each once", () => {
  const heads = [...page(maxEntCard(five)).querySelectorAll("dt")].map((dt) => dt.textContent!).filter((head) => head.startsWith("No errors"));
  assert.deepEqual(heads, ['No errors "hessian" or "opg"']);
});

test("provenance names choices or situations, weight, people, seed, version and data", () => {
  const foot = (fit: MaxEntFit): string => [...page(maxEntCard(fit)).querySelectorAll(".foot")].at(-1)!.textContent!;
  assert.equal(foot(logit), `N = 60 choices (weight 120) · 60 people · seed 1 · maxent-logit ${logit.version} · data ${logit.data.hash}`);
  assert.equal(foot(revenue), `N = 1 situation, choices not known · seed 1 · maxent-logit ${revenue.version} · data ${revenue.data.hash}`);
});

test("a fit without coefficients is a card, too", () => {
  const none = retold("maxent", revenue, {estimates: {...revenue.estimates, rows: []}, moments: []});
  assert.match(maxEntCard(none as MaxEntFit)["text/plain"], /^Entropy of choices/);
});

test("every fit fills its tables", () => {
  for (const fit of Object.values(fits)) {
    for (const {rows} of page(maxEntCard(fit)).querySelectorAll("table")) {
      assert.equal(new Set([...rows].map((row) => [...row.cells].reduce((sum, cell) => sum + cell.colSpan, 0))).size, 1);
    }
  }
});
