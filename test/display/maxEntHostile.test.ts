import assert from "node:assert/strict";
import test from "node:test";
import {JSDOM} from "jsdom";
import {marked} from "marked";
import {decompositionBars} from "../../src/display/figures/decompositionBars.js";
import {noise} from "../../src/display/figures/noise.js";
import {supports} from "../../src/display/figures/supports.js";
import {waterfall} from "../../src/display/figures/waterfall.js";
import {escapeLatex, oneLine} from "../../src/display/escape.js";
import type {Figure} from "../../src/display/figure.js";
import type {MaxEntFit} from "../../src/entropy/maxEntFit.js";
import {rich, type Shown} from "../../src/rich.js";
import {hostile} from "./fixture.js";
import {page, parsed, vocabulary} from "./html.js";
import {five, gains, logit, readings, retold} from "./maxEntFixture.js";

const first = <T>(list: readonly T[], change: (item: T) => T): T[] => list.map((item, k) => (k ? item : change(item)));

const named = (fit: MaxEntFit, label: string): MaxEntFit => retold("maxent", fit, {
  title: label,
  data: retold("choices", fit.data, {alternatives: [label, ...fit.data.alternatives.slice(1)], recipe: label, situations: [label, ...fit.data.situations.slice(1)]}) as MaxEntFit["data"],
  moments: first(fit.moments, (moment) => ({...moment, name: label, given: true})),
  estimates: retold("estimates", fit.estimates, {rows: first(fit.estimates.rows, (row) => ({...row, name: label, words: label})), words: label}) as MaxEntFit["estimates"],
  unsound: {opg: label},
  notes: [{level: "warning", code: "x", text: label}, {level: "info", code: "x", text: label}]
});

const noted = (label: string) => ({notes: [{level: "warning", code: "x", text: label}, {level: "info", code: "x", text: label}]}) as const;

const gain = (label: string) => retold("informationGain", gains.five, {
  stages: gains.five.stages.map((stage, s) => (s === 2 ? {...stage, name: label} : stage)), steps: gains.five.steps.map((step, t) => (t === 1 ? {...step, name: label, moments: [label, "x"]} : step)), ...noted(label)
});

const records: Record<string, (label: string) => Shown> = {
  maxent: (label) => named(five, label),
  gain,
  shelf: (label) => retold("offers", readings.shelf, {alternatives: [label, "B", "C"], attributes: [label], ...noted(label)}),
  "entropies by situation": (label) => retold("entropyTable", readings.bySituation, {labels: [label, ...readings.bySituation.labels.slice(1)]}),
  "mutual information": (label) => retold("mutualInformation", readings.mutual, {alternatives: first(readings.mutual.alternatives, (row) => ({...row, alternative: label})), ...noted(label)}),
  "entropy ratio": (label) => retold("entropyRatio", readings.ratio, {dropped: [label], ...noted(label)}),
  wald: (label) => retold("wald", readings.wald, {names: [label, "x"], words: label}),
  decomposition: (label) => retold("decomposition", readings.decomposition, {rows: readings.decomposition.rows.map((row) => ({...row, name: label, alternatives: first(row.alternatives, (part) => ({...part, alternative: label}))}))}),
  effects: (label) => retold("effects", readings.effects, {model: label, errors: label, tables: readings.effects.tables.map((table) => ({...table, attribute: label, answers: [label, ...table.answers.slice(1)], moves: [label, ...table.moves.slice(1)]})), ...noted(label)}),
  "revenue effect": (label) => retold("revenueEffect", readings.revenueEffect, {price: label, model: label, errors: label, rows: first(readings.revenueEffect.rows, (row) => ({...row, move: label})), ...noted(label)}),
  "total effect": (label) => retold("totalEffect", readings.totalEffect, {attribute: label, model: label, answers: [label, "b", "c"], moves: [label, "b", "c"], coefficients: [label, ...readings.totalEffect.coefficients.slice(1)], ...noted(label)})
};

for (const [name, record] of Object.entries(records)) {
  test(`${name} shows any label as itself in HTML, and no label adds an element or attribute`, () => {
    const harmless = vocabulary(page(record("label")[rich]()));
    for (const label of hostile) {
      const document = page(record(label)[rich]());
      assert.ok(document.body.textContent!.includes(label.replaceAll("\u001b", "␛")), label);
      assert.deepEqual(vocabulary(document).filter((word) => !harmless.includes(word) && word !== "bdi"), [], label);
    }
  });

  test(`${name} shows any label as itself in Markdown, and keeps it on its line in plain text`, () => {
    for (const label of hostile) {
      const bundle = record(label)[rich]();
      const document = parsed(marked.parse(bundle["text/markdown"]!, {async: false}));
      assert.ok(document.body.textContent!.replaceAll(/\s+/g, " ").includes(oneLine(label).replaceAll(/\s+/g, " ")), `${label}\n${document.body.textContent!.slice(0, 300)}`);
      assert.equal(document.querySelectorAll("a, img, script, pre, del, ul, ol, h1, h2").length, 0, label);
      assert.doesNotMatch(bundle["text/plain"], /[\u0000-\u0009\u000b-\u001f]/, label);
      if (oneLine(label).length < 12) {
        const tame = record("x".repeat(oneLine(label).length))[rich]()["text/plain"];
        assert.ok(Math.abs(bundle["text/plain"].split("\n").length - tame.split("\n").length) <= 2, label);
      }
    }
  });

  test(`${name} shows any label in LaTeX as escaped text only`, () => {
    for (const label of hostile) assert.ok(record(label)[rich]()["text/latex"]!.includes(escapeLatex(label).replace(/^\{([[*])\}/, "$1")) || record(label)[rich]()["text/latex"]!.includes(escapeLatex(label)), label);
  });
}

test("long labels are wrapped, not cut: every letter of a name is in the text, the table and the picture", () => {
  const long = "a name of many words, each of which has something to say about the alternative that it stands for, ".repeat(2).trim();
  const letters = (text: string): string => text.replaceAll(/[\s|]|\\(?=[,()])/g, "");
  for (const record of Object.values(records)) {
    const bundle = record(long)[rich]();
    for (const type of ["text/plain", "text/html", "text/markdown", "text/latex"] as const) {
      const text = type === "text/html" ? page(bundle).body.textContent! : bundle[type]!;
      assert.ok(letters(text).includes(letters(long)) || type === "text/plain" && wrapped(text, long), `${type}\n${text.slice(0, 1200)}`);
    }
  }
  for (const figure of figures(long)) {
    const drawn = new (new JSDOM("").window.DOMParser)().parseFromString(figure[rich]()["image/svg+xml"]!, "image/svg+xml");
    assert.ok(letters(drawn.documentElement.textContent!).includes(letters(long)), figure.figure);
  }
});

/** Whether the words of a label stand in a text in their order, whatever columns stand between its lines. */
function wrapped(text: string, label: string): boolean {
  let at = 0;
  return label.split(" ").every((word) => (at = text.indexOf(word, at) + word.length) >= word.length);
}

const figures = (label: string): Figure[] => {
  const [supported, tried] = [named(five, label), named(logit, label)];
  return [waterfall(gain(label) as never), supports(supported), supports(tried, {alternative: label}), noise(tried), decompositionBars(tried)];
};

test("figures show any label as itself, are well-formed, and hold nothing but drawing", () => {
  const parser = new (new JSDOM("").window.DOMParser)();
  const allowed = new Set(["svg", "g", "rect", "path", "text", "tspan", "line", "circle"]);
  for (const label of hostile) {
    for (const figure of figures(label)) {
      const bundle = figure[rich]();
      const document = parser.parseFromString(bundle["image/svg+xml"]!, "image/svg+xml");
      assert.equal(document.querySelector("parsererror"), null);
      for (const element of document.querySelectorAll("*")) {
        assert.ok(allowed.has(element.localName), `${figure.figure}: ${element.localName}`);
        for (const {name} of element.attributes) assert.doesNotMatch(name, /^on|href|src|^style|^class|^id$/);
      }
      assert.ok(document.documentElement.textContent!.includes(oneLine(label).split(" ")[0].slice(0, 20)), `${figure.figure}: ${label}`);
      assert.ok(document.documentElement.getAttribute("aria-label")!.includes(oneLine(label)), `${figure.figure}: ${label}`);
      assert.doesNotMatch(bundle["text/plain"], /[\u0000-\u0009\u000b-\u001f]/);
    }
  }
});
