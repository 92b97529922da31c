import assert from "node:assert/strict";
import test from "node:test";
import {JSDOM} from "jsdom";
import {decompositionBars} from "../../src/display/figures/decompositionBars.js";
import {noise} from "../../src/display/figures/noise.js";
import {supports} from "../../src/display/figures/supports.js";
import {waterfall} from "../../src/display/figures/waterfall.js";
import {coefficients} from "../../src/display/figures/coefficients.js";
import type {Figure} from "../../src/display/figure.js";
import {rasterizer} from "../../src/display/raster.js";
import {width} from "../../src/display/width.js";
import {cells} from "../../src/entropy/cells.js";
import {fitMaxEnt} from "../../src/entropy/fitMaxEnt.js";
import {fitMaxEntSupports} from "../../src/entropy/fitMaxEntSupports.js";
import {ChoiceError} from "../../src/errors.js";
import {rich} from "../../src/rich.js";
import {simulate} from "../../src/simulate/simulate.js";
import {six} from "../entropy/cases.js";
import {five, fits, gains, logit, loose, pure, retold, revenue} from "./maxEntFixture.js";

const parser = new (new JSDOM("").window.DOMParser)();
const svg = (figure: Figure): Document => parser.parseFromString(figure[rich]()["image/svg+xml"]!, "image/svg+xml");
const all = (): Readonly<Record<string, Figure>> => ({
  ...Object.fromEntries(Object.entries(gains).map(([name, gain]) => [`waterfall of ${name}`, waterfall(gain)])),
  ...Object.fromEntries(Object.entries(fits).map(([name, fit]) => [`supports of ${name}`, supports(fit)])),
  ...Object.fromEntries(Object.entries({five, logit, loose}).map(([name, fit]) => [`noise of ${name}`, noise(fit)])),
  ...Object.fromEntries(Object.entries(fits).map(([name, fit]) => [`bars of ${name}`, decompositionBars(fit)])),
  "supports of one alternative": supports(five, {situation: 3, alternative: "c"})
});
const refused = (code: string, draw: () => unknown): void => assert.throws(draw, (error) => error instanceof ChoiceError && error.code === code);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
/** Drawings are written to hundredths of a pixel. */
const pixel = 0.03;
const close = (a: number, b: number, within = 1e-12): void => assert.ok(Math.abs(a - b) <= within, `${a} is not ${b}`);

for (const [name, figure] of Object.entries(all())) {
  test(`${name}: one self-contained picture, described, without style or inherited colour, and its twin in characters`, () => {
    const {documentElement: root} = svg(figure);
    assert.equal(root.localName, "svg");
    assert.ok(root.getAttribute("aria-label")!.length > 20);
    const text = figure[rich]()["image/svg+xml"]!;
    assert.doesNotMatch(text, /<style|currentColor|class="|var\(|NaN|undefined|Infinity/);
    const twin = figure.toText();
    assert.ok(twin.split("\n").length >= 3);
    assert.doesNotMatch(twin, /undefined|NaN|Infinity/);
    for (const line of twin.split("\n")) assert.ok(width(line) <= 100, line);
    // No word is cut by the edge: letters of 11 pixels are at most 7.2 wide on average.
    for (const element of root.querySelectorAll("text")) assert.ok(element.textContent!.length < 125, element.textContent!);
  });
}

test("the same figure has the same bytes, and a PNG where one can be made", () => {
  const draw = (): string[] => Object.values(all()).map((figure) => figure[rich]()["image/svg+xml"]!);
  assert.deepEqual(draw(), draw());
  if (rasterizer()) assert.ok(Buffer.from(waterfall(gains.five)[rich]()["image/png"]!, "base64").length > 5000);
});

test("the stair climbs from nothing known to the end of the chain without a gap", () => {
  for (const gain of Object.values(gains)) {
    const {steps, top, left} = waterfall(gain).facts;
    steps.forEach((step, t) => {
      close(step.from, t ? steps[t - 1].from + steps[t - 1].gain : 0, 1e-9);
      close(step.signal + step.noise + step.slack, step.gain, 1e-9);
    });
    close(sum(steps.map(({gain}) => gain)), top - left, 1e-9);
  }
});

test("bars of the stair are as long as what they stand for, and told apart without colour", () => {
  const rects = [...svg(waterfall(gains.logit)).querySelectorAll('[aria-label="bar"]')].map((group) => ({hollow: (group.getAttribute("fill") ?? group.firstElementChild!.getAttribute("fill")) === "#ffffff", widths: [...group.querySelectorAll("rect")].map((rect) => Number(rect.getAttribute("width")))}));
  assert.deepEqual(rects.map(({hollow}) => hollow), [false, true]);
  const {steps} = waterfall(gains.logit).facts;
  const unit = rects[0].widths[0] / steps[1].signal;
  steps.slice(1).forEach((step, t) => {
    close(rects[0].widths[t], unit * step.signal, pixel);
    close(rects[1].widths[t], unit * step.noise, pixel);
  });
});

test("where the structure dwarfs what totals tell, these are drawn again by themselves", () => {
  const panels = (figure: Figure): number => [...svg(figure).documentElement.children].filter(({localName}) => localName === "svg").length;
  assert.equal(panels(waterfall(gains.five)), 3); // a legend and two stairs
  assert.equal(panels(waterfall(gains.logit)), 2);
  assert.equal(panels(waterfall(gains.pure)), 1);
  assert.match(waterfall(gains.five).toText(), /adding up +\+2\.051 .*\nprice +\+0\.017 .*90\.1% on noise/);
});

test("weights on supports are distributions, whose means are p and the error", () => {
  const {facts} = supports(five, {situation: 4});
  const {p, errors} = cells(five.programme, five.solution, 4);
  facts.cells.forEach(({signal, noise, ...cell}, j) => {
    for (const part of [signal!, noise!]) {
      close(sum(part.fitted), 1);
      close(sum(part.prior), 1);
    }
    close(sum(signal!.points.map((s, m) => s * signal!.fitted[m])), p[j]);
    close(sum(noise!.points.map((u, h) => u * noise!.fitted[h])), errors[j]);
    close(cell.p, p[j]);
  });
  assert.deepEqual(facts.cells.map(({chosen}) => chosen), [false, false, true]);
});

test("a prior is what stands in open circles", async () => {
  const prior = [0.4, 0.3, 0.15, 0.1, 0.05];
  const tilted = await fitMaxEntSupports(six, {tier: "mnl", supports: 5, prior, noise: {prior: [0.2, 0.6, 0.2]}, kernel: "typescript"});
  const {cells: [cell]} = supports(tilted).facts;
  prior.forEach((q, m) => close(cell.signal!.prior[m], q));
  [0.2, 0.6, 0.2].forEach((q, h) => close(cell.noise!.prior[h], q));
  const logit = await fitMaxEnt(six, {tier: "mnl", noise: false, prior: {a: 0.5, b: 0.3, c: 0.2}, kernel: "typescript"});
  assert.deepEqual(supports(logit).facts.cells.map(({prior}) => Number(prior.toFixed(12))), [0.5, 0.3, 0.2]);
  assert.match(supports(logit).toText(), /a +0\.\d{4} +a priori 0\.5000/);
});

test("bars of a support are as tall as their weights", () => {
  const figure = supports(five, {situation: 0, alternative: "a"});
  const [{signal}] = figure.facts.cells;
  const tall = [...svg(figure).querySelectorAll('[aria-label="rule"] > g[stroke="#0072b2"] line')].map((line) => Math.abs(Number(line.getAttribute("y1")) - Number(line.getAttribute("y2"))));
  assert.equal(tall.length, 5);
  tall.forEach((height, m) => close(height / tall[0], signal!.fitted[m] / signal!.fitted[0], pixel / tall[0]));
});

test("what a fit does not have is refused in words", () => {
  refused("figure/unknown-situation", () => supports(five, {situation: 99}));
  refused("figure/unknown-alternative", () => supports(five, {alternative: "bb"}));
  refused("figure/unknown-alternative", () => supports(five, {alternative: []}));
  refused("figure/no-noise", () => noise(pure));
  refused("figure/no-noise", () => noise(revenue));
  refused("figure/not-maxent", () => supports({title: "x"} as never));
  refused("figure/not-maxent", () => noise(Promise.resolve(five) as never));
  // Over a single row a rectangle must not fill the frame.
  for (const rect of svg(decompositionBars(fits.revenue)).querySelectorAll('[aria-label="rect"] rect')) assert.equal(Number(rect.getAttribute("height")), 7);
  refused("figure/not-maxent", () => decompositionBars({title: "x"} as never));
  refused("figure/not-a-gain", () => waterfall(five as never));
  assert.throws(() => supports(five, {situations: 1} as never), ChoiceError);
});

test("errors stay within their range, and their summary is over all cells", () => {
  const {alternatives, v} = noise(logit).facts;
  close(v, logit.noise!.v);
  for (const {alternative, points, rms, meanP, least, greatest, cells: count} of alternatives) {
    assert.equal(points.length, count, alternative);
    close(rms, Math.sqrt(sum(points.map(({error}) => error ** 2)) / count));
    close(meanP, sum(points.map(({p}) => p)) / count);
    assert.ok(-v <= least && least <= greatest && greatest <= v);
  }
  assert.equal(sum(alternatives.map(({points}) => points.filter(({chosen}) => chosen).length)), 60);
});

test("of many cells a picture draws some, evenly, and says so; the summary is still of all", async () => {
  const {data} = simulate({tier: "mnl"}, {people: 400, situations: 2, seed: 3});
  const many = noise(await fitMaxEnt(data, {tier: "mnl", kernel: "typescript"}));
  const drawn = sum(many.facts.alternatives.map(({points}) => points.length));
  assert.equal(sum(many.facts.alternatives.map(({cells}) => cells)), 2400);
  assert.ok(drawn > 1400 && drawn <= 1503, `${drawn}`);
  assert.match(svg(many).documentElement.textContent!, new RegExp(`${drawn} of 2400 cells are drawn`));
});

test("each total goes from 0 to 1 in its parts: predicted, error, slack", () => {
  const groups = [...svg(decompositionBars(loose)).querySelectorAll('[aria-label="rect"]')].map((group) => [...group.querySelectorAll("rect")].map((rect) => ({x: Number(rect.getAttribute("x")), width: Number(rect.getAttribute("width"))})));
  const [zero, one] = [...svg(decompositionBars(loose)).querySelectorAll('[aria-label="rule"] line')].map((line) => Number(line.getAttribute("x1")));
  const row = loose.moments.findIndex(({name}) => name === "price");
  const {predicted, error, slack, target, atZero} = loose.moments[row];
  const unit = one - zero;
  close(groups[0][row].width, Math.abs(unit * Math.max(-1, Math.min(2, (predicted - atZero) / (target - atZero)))), pixel);
  close(groups[1][row].width, Math.abs((unit * error) / (target - atZero)), pixel);
  close(groups[2][0].width, Math.abs((unit * slack) / (target - atZero)), pixel); // the only one with slack
});

test("a total that the structure meets by itself has nothing to explain, and no bar", () => {
  const met = retold("maxent", revenue, {moments: [{...revenue.moments[0], absorbed: NaN}]});
  assert.match(svg(decompositionBars(met)).documentElement.textContent!, /nothing to explain/);
  assert.equal(svg(decompositionBars(met)).querySelectorAll('[aria-label="rect"] rect').length, 0);
});

test("coefficients of a maximum-entropy fit are drawn like those of any other", () => {
  assert.equal(coefficients({gme: logit, support: five}).facts.rows.length, logit.estimates.rows.length + 2);
});
