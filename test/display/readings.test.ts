import assert from "node:assert/strict";
import test from "node:test";
import {Matrix} from "ml-matrix";
import type {Effects, EffectTable} from "../../src/explain/effects.js";
import {brief} from "../../src/display/format.js";
import {width} from "../../src/display/width.js";
import {rich, type Shown} from "../../src/rich.js";
import {fits, gains, readings, retold} from "./maxEntFixture.js";
import {page} from "./html.js";

const all: Readonly<Record<string, Shown>> = {...fits, ...gains, ...Object.fromEntries(Object.entries(readings).map(([name, record]) => [`${name}:`, record]))};
const text = (element: Element): string => element.textContent!.replaceAll("\u2212", "-").replaceAll("\u2007", "");
const tableOf = (record: Shown, caption: RegExp): string[][] => {
  const found = [...page(record[rich]()).querySelectorAll("table")].find((t) => caption.test(t.caption!.textContent!));
  assert.ok(found, `no table ${caption}`);
  return [...found.tBodies].flatMap(({rows}) => [...rows].filter((row) => row.querySelector("th[scope=row]")).map((row) => [...row.cells].map((cell) => text(cell).replace(/[█▉▊▋▌▍▎▏▒░·●○─┼│◂▸]+$/, ""))));
};

for (const [name, record] of Object.entries(all)) {
  test(`${name} says something in every dress, the same each time, within 88 columns of a terminal`, () => {
    const bundle = record[rich]();
    assert.deepEqual(bundle, record[rich]());
    for (const line of bundle["text/plain"].split("\n")) assert.ok(width(line) <= 88, line);
    for (const type of ["text/plain", "text/html", "text/markdown", "text/latex"] as const) {
      assert.ok(bundle[type]!.length > 60, type);
      assert.doesNotMatch(bundle[type]!, /undefined|NaN|\[object|Infinity/, type);
    }
  });

  test(`${name} has tables whose rows fill their columns, in HTML, Markdown and LaTeX`, () => {
    const bundle = record[rich]();
    for (const {rows} of page(bundle).querySelectorAll("table")) {
      assert.equal(new Set([...rows].map((row) => [...row.cells].reduce((sum, cell) => sum + cell.colSpan, 0))).size, 1);
    }
    for (const block of bundle["text/markdown"]!.split("\n\n").filter((part) => part.startsWith("|"))) {
      assert.equal(new Set(block.split("\n").map((line) => line.match(/(?<!\\)\|/g)!.length)).size, 1, block);
    }
    for (const [block] of bundle["text/latex"]!.matchAll(/\\toprule[^]*?\\bottomrule/g)) {
      const lines = block.split("\n").filter((line) => line.endsWith("\\\\"));
      const columns = lines.map((line) => (line.match(/(?<!\\)&/g) ?? []).length + 1 + [...line.matchAll(/\\multicolumn\{(\d+)\}/g)].reduce((sum, m) => sum + Number(m[1]) - 1, 0));
      assert.equal(new Set(columns).size, 1, block);
    }
  });

  test(`${name} keeps to the house's HTML: no ids, scripts or outside files, and colours that both grounds carry`, () => {
    const document = page(record[rich]());
    assert.equal(document.querySelectorAll("[id], script, link, img, [src], [href], [style]").length, 0);
    for (const element of document.querySelectorAll("svg, svg *")) {
      for (const attribute of ["fill", "stroke"]) assert.ok(["none", "currentColor", "#3b7dd8", null].includes(element.getAttribute(attribute)), element.outerHTML);
    }
    for (const svg of document.querySelectorAll("svg")) assert.equal(svg.nextElementSibling?.className, "t", "a drawing without its twin in characters");
  });
}

/** Contrast of two colours (WCAG 2). */
function contrast(a: string, b: string): number {
  const luminance = (color: string): number => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16) / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)).reduce((sum, c, k) => sum + c * [0.2126, 0.7152, 0.0722][k], 0);
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

test("the one colour of drawings in cards stands out on white and on near-black", () => {
  for (const ground of ["#ffffff", "#16191d", "#1e1e1e"]) assert.ok(contrast("#3b7dd8", ground) >= 3, `${ground}: ${contrast("#3b7dd8", ground)}`);
});

test("the chain's rows are its gains, in parts, and the stair begins each step where the last one ended", () => {
  const {five} = gains;
  const rows = tableOf(five, /^Information chain/);
  assert.deepEqual(rows.map(([name, gain, signal, noise]) => [name, gain, signal, noise]), [
    ["adding up", "2.051", "2.051", "0.000"], ["price", "0.017", "0.002", "0.015"], ["quality", "0.139", "0.052", "0.087"], ["all totals", "0.156", "0.071", "0.086"]
  ]);
  const bars = [...page(five[rich]()).querySelectorAll("tbody:nth-of-type(2) svg")].map((svg) => [...svg.querySelectorAll("rect")].map((rect) => [Number(rect.getAttribute("x")), Number(rect.getAttribute("width"))]));
  const end = (bar: number[][]): number => bar.at(-1)![0] + bar.at(-1)![1];
  assert.ok(Math.abs(bars[1][0][0] - end(bars[0])) <= 0.6 && Math.abs(end(bars[1]) - end(bars[2])) <= 0.2, JSON.stringify(bars));
  // Widths are gains: 114 pixels for all that the totals tell.
  const {steps, explained} = five;
  assert.ok(Math.abs(bars[1][0][1] - (114 * steps[2].signal) / explained!.total) < 0.1);
  assert.ok(Math.abs(bars[2][1][1] - (114 * explained!.noise) / explained!.total) < 0.1);
});

test("drops and Shapley values have their columns where they were taken; Shapley values sum to what the totals tell", () => {
  const rows = tableOf(gains.five, /^Information chain/);
  assert.deepEqual(rows[1].slice(5, 8), ["0.105", "0.017", "0.061"]);
  assert.deepEqual(rows[2].slice(5, 8), ["0.139", "0.051", "0.095"]);
  assert.ok(Math.abs(Number(rows[1][7]) + Number(rows[2][7]) - Number(rows[3][1])) <= 0.001);
  const without = retold("informationGain", gains.five, {steps: gains.five.steps.map(({alone: _, shapley: __, ...step}) => step)});
  assert.doesNotMatch(without.toText(), /Shapley|Alone/);
});

test("rounding is no gain: what is nil is written as nil", () => {
  for (const gain of [gains.logit, gains.loose, gains.pure]) assert.match(gain.toText(), /adding up +0\.0+ +0\.0+/);
});

test("a chain that was stopped says so, and shows what it has", () => {
  const {explained: _, ...rest} = gains.five;
  const stopped = retold("informationGain", rest, {steps: [], stages: rest.stages.slice(0, 1), complete: false, onNoise: NaN, notes: [{level: "warning", code: "explain/stopped", text: "Stopped before all programmes were solved."}]});
  assert.match(stopped.toText(), /^Stopped before the first programme was solved/);
  assert.match(stopped.toText(), /⚠ Stopped before all/);
  const half = retold("informationGain", gains.five, {steps: gains.five.steps.slice(0, 2), stages: gains.five.stages.slice(0, 3), complete: false});
  assert.doesNotMatch(half.toText(), /all totals/);
});

test("entropies by situation are cut with a word, and their spread stands for the rest", () => {
  const rows = tableOf(readings.bySituation, /^Entropies by situation/);
  assert.equal(rows.length, 24);
  assert.match(readings.bySituation.toText(), /The first 24 of 60 situations; all are in the columns of this record\./);
  const [spread] = tableOf(readings.bySituation, /^Normalised entropy/);
  const S = [...readings.bySituation.normalized.p].sort((a, b) => a - b);
  assert.deepEqual([spread[0], spread[4]], [S[0].toFixed(3), S[59].toFixed(3)]);
});

test("mutual information in its parts, and how often a guess must be wrong", () => {
  const {information, marginal, conditional, errorRate} = readings.mutual;
  const rows = tableOf(readings.mutual, /^Uncertainty/);
  assert.deepEqual(rows.map((row) => row[1]).slice(0, 3), [marginal, conditional, information].map((x) => x.toFixed(4)));
  assert.deepEqual(tableOf(readings.mutual, /^How often/).map((row) => row[1]), [errorRate.sharp, errorRate.fano, errorRate.expected].map((x) => `${(100 * x).toFixed(1)}%`));
});

test("a test stands with what it says is zero, its statistic, degrees of freedom and p", () => {
  const {statistic, degrees} = readings.wald;
  assert.deepEqual(tableOf(readings.wald, /^Wald/)[0].slice(1, 3), [statistic.toFixed(2), String(degrees)]);
  assert.match(readings.wald.toText(), /all 8 are zero [^]*Said to be zero: intercept\[b\], [^]*income\[d\]\n/);
  const [[hypothesis, , , p, stars]] = tableOf(readings.ratio, /^Likelihood ratio test/);
  assert.equal(hypothesis, "qualityis zero");
  assert.deepEqual([p, stars], ["<0.001", "***"]);
  const blurred = retold("wald", readings.wald, {degrees: 6});
  assert.match(blurred.toText(), /the data tell 6 of 8 apart/);
});

test("a total's parts add up in its row", () => {
  for (const [name, total, predicted, error] of tableOf(readings.decomposition, /^What totals/)) {
    assert.ok(Math.abs(Number(total) - Number(predicted) - Number(error)) < 0.006 * Math.max(1, Math.abs(Number(error))), name);
  }
  const slack = tableOf(readings.looseDecomposition, /^What totals/).find(([name]) => name === "price")!;
  assert.equal(slack[4], brief(readings.looseDecomposition.rows.find(({name}) => name === "price")!.slack));
  assert.equal(tableOf(readings.decomposition, /^price$/).length, 4);
});

test("effects stand with their errors in parentheses below, row answers, column moves", () => {
  // Elasticities: marginal effects are symmetric, and would not tell rows from columns.
  const [{answers, moves, value, error}] = readings.elasticities.tables;
  const rows = tableOf(readings.elasticities, /^Elasticities of price/);
  assert.equal(rows.length, 2 * answers.length);
  answers.forEach((answer, a) => {
    assert.equal(rows[2 * a][0], answer);
    moves.forEach((_, m) => {
      assert.ok(Math.abs(Number(rows[2 * a][m + 1]) - value.get(a, m)) < 1e-4);
      assert.ok(Math.abs(Number(/^\((.*)\)$/.exec(rows[2 * a + 1][m + 1])![1]) - error.get(a, m)) < 1e-4);
    });
  });
});

test("an attribute of the situation as a whole is a list with intervals", () => {
  const rows = tableOf(readings.effects, /^Marginal effects of income, which moves for all/);
  assert.deepEqual(rows.map(([name]) => name), ["a", "b", "c", "d"]);
  assert.match(rows[0][3], /^\[-?[\d.]+, -?[\d.]+\]$/);
});

const wide = (size: number, what: Effects["what"], own: number): Effects => {
  const names = Array.from({length: size}, (_, j) => `j${j}`);
  const of = (f: (a: number, m: number) => number): Matrix => new Matrix(names.map((_, a) => names.map((_, m) => f(a, m))));
  const value = of((a, m) => (a === m ? own : (m === (a + 1) % size ? 0.5 : 0.01)));
  const table: EffectTable = {attribute: "price", reach: "alternative", answers: names, moves: names, value, error: of(() => 0.1), low: value.clone().sub(0.2), high: value.clone().add(0.2), situations: of(() => 9), weight: of(() => 9)};
  return retold("effects", readings.effects, {what, tables: [table]}) as Effects;
};

test("a matrix too wide to read is shown by its own effects and the largest others; none is cut", () => {
  const rows = tableOf(wide(30, "elasticities", -2), /own effects, and the largest others/);
  assert.equal(rows.length, 30);
  assert.deepEqual([rows[3][0], Number(rows[3][1]), rows[3][4], Number(rows[3][5])], ["j3", -2, "j4", 0.5]);
  const diversion = tableOf(wide(12, "diversion", 0), /the largest of each row/);
  assert.deepEqual([diversion[11][0], diversion[11][4], Number(diversion[11][1])], ["j11", "j0", 0.5]);
  assert.equal(tableOf(wide(10, "elasticities", -2), /^Elasticities of price$/).length, 20);
});

test("revenue: what is paid as before and what changed choices bring add up to the effect", () => {
  for (const [name, effect, , , paid, choices] of tableOf(readings.revenueEffect, /^What raising price/)) {
    assert.ok(Math.abs(Number(effect) - Number(paid) - Number(choices)) < 0.02, name);
  }
});

test("direct and re-estimated effects add up to the total", () => {
  const {moves, answers} = readings.totalEffect;
  const rows = tableOf(readings.totalEffect, /^Effects of changed data: price raised in proportion/);
  assert.equal(rows.length, moves.length * answers.length);
  for (const [name, direct, again, total] of rows) assert.ok(Math.abs(Number(direct) + Number(again) - Number(total)) < 2e-3, name);
});

test("offers say that choices are not known, and nothing about who chose", () => {
  const told = readings.shelf.toText();
  assert.match(told, /^1 situation with 3 alternatives on offer; choices not known · 3 rows/);
  assert.doesNotMatch(told, /never|always chosen|Chosen|Share/);
});
