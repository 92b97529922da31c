// Where style sheets, drawings and classes are taken out, every number is still there to be read.
import assert from "node:assert/strict";
import test from "node:test";
import {shown, rich, type Bundle, type Shown} from "../../src/rich.js";
import "../../src/display/register.js";
import {compare} from "../../src/display/compare.js";
import {errorCard} from "../../src/display/errorCard.js";
import {optimalPrices} from "../../src/pricing/optimalPrices.js";
import {priceLadder} from "../../src/pricing/priceLadder.js";
import {ChoiceError} from "../../src/errors.js";
import {exportHtml} from "../../src/notebook/exportHtml.js";
import {forGithub} from "../../src/notebook/forGithub.js";
import type {Cell, Notebook} from "../../src/notebook/ipynb.js";
import {simulate} from "../../src/simulate/simulate.js";
import {estimated, fit, logit, rows} from "./fixture.js";
import {githubFilter} from "./githubFilter.js";
import {parsed} from "./html.js";
import {fits, gains, readings} from "./maxEntFixture.js";
import {bundles, curves, elastic, free, market, met, mixed, pairs, people} from "./marketFixture.js";

const drawn = (record: Shown): Bundle => record[rich]();
const error = new ChoiceError("x/y", {at: "fit(data)", saw: "12.5 in row 7", want: "0 or 1"}, [{column: "choice", row: 7, value: 12.5}, {column: "choice", row: 19, value: 3}]);

const all: Readonly<Record<string, Bundle>> = {
  fit: drawn(shown("fit", fit())), "a fit that did not finish": drawn(shown("fit", fit({ending: {code: "time", converged: false, words: "reached its limit of 60 s", advice: "raise it"}}))),
  estimates: drawn(estimated(rows, "robust", "robust, scores summed over 120 people")), choices: drawn(simulate({tier: "mnl"}, {people: 20, situations: 3, seed: 1}).data),
  comparison: drawn(compare({logit: logit(), mixed: fit()})), intervals: drawn(compare({logit: logit(), mixed: fit()}, {statistic: "interval", add: {Sample: [1, 2.5]}})),
  "many fits": drawn(compare([logit(), fit(), logit(), fit(), logit()])), error: errorCard(error),
  ...Object.fromEntries(Object.entries(fits).map(([name, record]) => [`maximum entropy, ${name}`, drawn(record)])),
  ...Object.fromEntries(Object.entries(gains).map(([name, record]) => [`information, ${name}`, drawn(record)])),
  ...Object.fromEntries(Object.entries(readings).map(([name, record]) => [name, drawn(record)])),
  mixture: drawn(mixed()), moments: drawn(met()), weights: drawn(free()), people: drawn(people()), "taste elasticities": drawn(elastic()), pricing: drawn(optimalPrices(market())),
  ladder: drawn(priceLadder({...market(), levels: [1.99, 2.49]})), perturbations: drawn(curves()), pairs: drawn(pairs()), bundles: drawn(bundles())
};

/** Numbers of a text, each as it is written. */
const numbers = (text: string): string[] => text.replaceAll("\u2212", "-").match(/-?\d+(?:\.\d+)?(?:e-?\d+)?/g) ?? [];

/** The numbers that a reader meets, cells set apart as the eye does. */
function readable(document: Document): Set<string> {
  for (const cell of document.querySelectorAll("td, th, dt, dd, li, br")) cell.after(" ");
  return new Set(numbers(document.body.textContent!));
}

for (const [name, bundle] of Object.entries(all)) {
  test(`${name}: a strict host still shows every number`, () => {
    const left = readable(githubFilter(bundle["text/html"]!));
    const told = numbers(bundle["text/plain"]);
    assert.ok(told.length > 0);
    assert.deepEqual(told.filter((number) => !left.has(number)), []);
  });

  test(`${name}: what stands in for a drawing is hidden only by what goes with the drawing`, () => {
    const document = parsed(bundle["text/html"]!);
    for (const twin of document.querySelectorAll("code.t")) assert.equal(twin.previousElementSibling?.localName === "svg" || twin.textContent === "", true);
    assert.equal(document.querySelectorAll("[hidden], [style]").length, 0);
    const filtered = githubFilter(bundle["text/html"]!);
    assert.equal(filtered.querySelectorAll("svg, style, [class]").length, 0);
    // Tables stay tables: as many cells, with their spans.
    assert.equal(filtered.querySelectorAll("td, th").length, document.querySelectorAll("td, th").length);
    assert.equal(filtered.querySelectorAll("[colspan], [scope]").length, document.querySelectorAll("[colspan], [scope]").length);
  });
}

test("a page made of all of them, and a notebook for GitHub, bear the same filter", () => {
  const cells: Cell[] = Object.values(all).map((bundle, k) => ({cell_type: "code", source: `value${k}`, metadata: {}, execution_count: k + 1, outputs: [{output_type: "execute_result", execution_count: k + 1, data: {...bundle}, metadata: {}}]}));
  const notebook: Notebook = {cells, metadata: {}, nbformat: 4, nbformat_minor: 5};
  const page = readable(githubFilter(exportHtml(notebook)));
  const plainer = new Set(forGithub(notebook).cells.flatMap(({outputs}) => [...readable(githubFilter(String((outputs![0] as {data: Record<string, unknown>}).data["text/html"])))]));
  for (const bundle of Object.values(all)) for (const number of numbers(bundle["text/plain"])) assert.ok(page.has(number) && plainer.has(number), number);
});
