import assert from "node:assert/strict";
import test from "node:test";
import {marked} from "marked";
import {compare} from "../../src/display/compare.js";
import {comparisonBundle} from "../../src/display/comparisonTable.js";
import {dataCard} from "../../src/display/dataCard.js";
import {errorCard} from "../../src/display/errorCard.js";
import {escapeLatex, oneLine} from "../../src/display/escape.js";
import {figureBundle as drawn} from "../../src/display/drawing.js";
import type {Figure} from "../../src/display/figure.js";
import {coefficients} from "../../src/display/figures/coefficients.js";
import {convergence} from "../../src/display/figures/convergence.js";
import {shares} from "../../src/display/figures/shares.js";
import {fitCard} from "../../src/display/fitCard.js";
import type {SummaryFacts} from "../../src/data/summary.js";
import {ChoiceError} from "../../src/errors.js";
import type {FitFacts} from "../../src/estimate/types.js";
import type {Bundle} from "../../src/rich.js";
import {JSDOM} from "jsdom";
import {choices, estimated, fit, hostile, row} from "./fixture.js";
import {page, parsed, vocabulary} from "./html.js";

const named = (label: string): FitFacts =>
  fit({
    title: label,
    data: choices([label, "other"]),
    specification: {attributes: [label], hold: {[label]: 1}},
    estimates: estimated([row(label, "mean", 1.5, 0.2, {words: label}), row(`${label}!`, "mean", -0.5, 0.2), row(`${label}?`, "spread", 0, null, {why: label})], "robust", label),
    ending: {code: "stuck", converged: false, words: label, advice: label},
    notes: [{level: "warning", code: "x", text: label}, {level: "info", code: "x", text: label}],
    integration: {rule: label, dimensions: 1, draws: 10, shared: true, exact: false, seed: 1}
  });

const held = (label: string): SummaryFacts => ({
  people: 2, situations: 4, rows: 8, panel: true, situationsPerPerson: {min: 2, median: 2, max: 2}, choiceSetSize: {min: 2, median: 2, max: 2},
  alternatives: [{name: label, chosen: 1, share: 0.25, available: 4, shareWhenAvailable: 0.25}, {name: "other", chosen: 3, share: 0.75, available: 4, shareWhenAvailable: 0.75}],
  attributes: [{name: label, mean: 1, sd: 1, min: 0, max: 2, variesWithin: 1, kind: "alternative"}],
  odd: [{level: "warning", code: "x", text: label}], hash: "h"
});

const trouble = (label: string): ChoiceError => new ChoiceError("x/y", {at: label, saw: label, want: label, hint: label}, [{column: label, row: 0, value: 1}, {column: label, row: 1, value: label.slice(0, 9)}]);

const cards: Record<string, (label: string) => Bundle> = {
  fit: (label) => fitCard(named(label)),
  comparison: (label) => comparisonBundle(compare([named(label), fit({data: choices(["a", "b"])})], {names: [label, "b"]})),
  data: (label) => dataCard(held(label)),
  error: (label) => errorCard(trouble(label))
};

for (const [name, card] of Object.entries(cards)) {
  test(`the ${name} card shows any label as itself in HTML, and no label adds an element or attribute`, () => {
    const harmless = vocabulary(page(card("label")));
    for (const label of hostile) {
      const document = page(card(label));
      const visible = label.replaceAll("\u001b", "␛");
      assert.ok(document.body.textContent!.includes(visible), label);
      const foreign = vocabulary(document).filter((word) => !harmless.includes(word) && word !== "bdi");
      assert.deepEqual(foreign, [], label);
    }
  });

  test(`the ${name} card shows any label as itself in Markdown`, () => {
    for (const label of hostile) {
      const document = parsed(marked.parse(card(label)["text/markdown"]!, {async: false}));
      const visible = oneLine(label).replaceAll(/\s+/g, " ");
      assert.ok(document.body.textContent!.replaceAll(/\s+/g, " ").includes(visible), `${label}\n${document.body.textContent!.slice(0, 300)}`);
      assert.equal(document.querySelectorAll("a, img, script, pre, del, ul, ol, h1, h2").length, 0, label);
    }
  });

  test(`the ${name} card keeps any label on one line of plain text`, () => {
    for (const label of hostile) {
      const text = card(label)["text/plain"];
      if (name === "error") continue; // the message is the error's own
      assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f]/, label);
      // As many lines as a tame label of about the same width takes: wrapping may differ by one or two, a label that broke
      // lines would add one for each of the many places it stands in.
      const tame = card("x".repeat(oneLine(label).length))["text/plain"];
      if (oneLine(label).length < 12) assert.ok(Math.abs(text.split("\n").length - tame.split("\n").length) <= 2, label);
    }
  });
}

test("LaTeX has no live character of a label left", () => {
  for (const label of hostile) {
    const latex = escapeLatex(label);
    const dead = latex.replace(/\\(?:textbackslash|textasciitilde|textasciicircum|textless|textgreater|textbar|textasciigrave|textperiodcentered|ldots)\{\}|\\[{}$&#_%]|\$\\times\$|\{[[*]\}/g, "");
    assert.doesNotMatch(dead, /[\\{}$&#_%~^<>|\n\u202e]/, label);
  }
  assert.equal(escapeLatex("a_b & 50% \\x"), "a\\_b \\& 50\\% \\textbackslash{}x");
});

test("a bracket or star after a row's end is no argument in LaTeX", () => {
  assert.equal(escapeLatex("[opt]"), "{[}opt]");
  assert.equal(escapeLatex("* star"), "{*} star");
});

test("a text that turns direction is isolated from what follows", () => {
  assert.equal(oneLine("\u202eabc"), "\u2068\u202eabc\u2069");
  assert.equal(page(fitCard(named("\u202eabc"))).querySelector("tbody bdi")!.textContent, "\u202eabc");
});

test("figures show any label as itself, are well-formed, and hold nothing but drawing", () => {
  const {DOMParser} = new JSDOM("").window;
  const allowed = new Set(["svg", "g", "rect", "path", "text", "tspan", "line", "circle"]);
  const together = named("all");
  const rows = hostile.map((label, i) => row(label, "mean", i - 9.5, 1));
  const many = {...together, estimates: estimated(rows, "robust", "")};
  const figures: [Figure, readonly string[]][] = [
    [coefficients(many), hostile],
    [coefficients(hostile.slice(0, 6).map(() => fit()), {names: hostile.slice(0, 6), only: ["price"]}), []],
    [shares(choices(hostile)), hostile],
    ...[0, 1, 6, 9, 15].map((i): [Figure, readonly string[]] => [convergence(named(hostile[i])), [hostile[i]]])
  ];
  for (const [figure, labels] of figures) {
    const bundle = drawn(figure);
    const document = new DOMParser().parseFromString(bundle["image/svg+xml"]!, "image/svg+xml");
    assert.equal(document.querySelector("parsererror"), null);
    for (const element of document.querySelectorAll("*")) {
      assert.ok(allowed.has(element.localName), element.localName);
      for (const {name} of element.attributes) assert.doesNotMatch(name, /^on|href|src|^style|^class|^id$/);
    }
    for (const label of labels) {
      // Titles are wrapped into lines, and long names in a margin end in "…": the beginning must be there as it is.
      assert.ok(document.documentElement.textContent!.includes(oneLine(label).split(" ")[0].slice(0, 20)), label);
      assert.ok(document.documentElement.getAttribute("aria-label")!.includes(oneLine(label)), label);
    }
    assert.doesNotMatch(bundle["text/plain"], /[\u0000-\u0009\u000b-\u001f]/);
  }
});
