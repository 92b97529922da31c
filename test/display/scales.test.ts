// A lognormal's parameters live on a log scale: beside other fits they must not be read as coefficients.
import assert from "node:assert/strict";
import test from "node:test";
import "../../src/display/register.js";
import {compare} from "../../src/display/compare.js";
import {coefficients} from "../../src/display/figures/coefficients.js";
import {scaledRows} from "../../src/display/scales.js";
import {fitMixed, fitMnl} from "../../src/estimate/tiers.js";
import {rich} from "../../src/rich.js";
import {simulate} from "../../src/simulate/simulate.js";
import {estimated, fit, logit, row} from "./fixture.js";

const {data} = simulate({tier: "mnl"}, {people: 80, situations: 3, seed: 2});
const plain = await fitMnl(data);
const quick = {intercepts: false, rule: "sobol", integration: "plain", draws: 32, threads: 1} as const;
const skewed = await fitMixed(data, {...quick, random: {price: "-lognormal"}});
const cut = await fitMixed(data, {...quick, random: {price: "-censored"}});
const faded = await fitMixed(data, {...quick, random: {price: "-exponential"}});
const full = await fitMixed(data, {...quick, covariance: "full", random: {price: "-lognormal", quality: "normal"}});
const map = {price: "Price", quality: "Quality"};
const logMean = "price: mean of ln(-price)";
const logSpread = "sd[price]: standard deviation of ln(-price)";

/** E b = -exp(mu + sigma² / 2), from theta itself. */
const meanPrice = (fit: typeof skewed): number => -Math.exp(fit.theta[0] + fit.theta[2] ** 2 / 2);

test("beside a price coefficient stands a lognormal's mean over people, marked, and never its mean of logarithms", () => {
  assert.deepEqual(skewed.parameters.map(({name}) => name), ["price", "quality", "sd[price]"]);
  const {rows} = compare({plain, skewed}, {coefficients: map});
  assert.deepEqual(rows.map(({name}) => name), ["Price", "Quality"]);
  const [a, b] = rows[0].cells;
  assert.equal(a!.estimate, plain.theta[0]);
  assert.ok(Math.abs(b!.estimate - meanPrice(skewed)) < 1e-12 && b!.error! > 0);
  assert.deepEqual([a!.derived, b!.derived], [undefined, true]);
});

test("what is on a log scale has rows of its own, named with it, under a heading of its own", () => {
  const made = compare({plain, skewed});
  assert.deepEqual(made.rows.filter(({scale}) => scale === "log").map(({name, cells}) => [name, cells[0], cells[1]!.estimate]), [[logMean, null, skewed.theta[0]], [logSpread, null, Math.abs(skewed.theta[2])]]);
  const text = made.toText();
  assert.match(text, /Means\n +price .*†[^]*\n +quality [^]*On a log scale\n +price: mean of ln\(-price\) [^]*Derived\n +median of price/);
  assert.doesNotMatch(text, /mean of price/, "the derived mean stands once");
  assert.deepEqual(compare([full]).rows.filter(({scale}) => scale).map(({name}) => name), [logMean, logSpread]);
  assert.ok(compare([full]).rows.some(({name}) => name === "cor[quality,price]: of quality and ln(-price)"));
});

test("the mark and its meaning reach every dress", () => {
  const bundle = compare({plain, skewed}, {coefficients: map, stars: false})[rich]();
  for (const type of ["text/plain", "text/html", "text/markdown", "text/latex"] as const) {
    const text = bundle[type]!.replaceAll(/\s+/g, " ");
    const mark = type === "text/latex" ? "\\dagger" : "†";
    assert.equal(text.split(mark).length - 1, 2, `${type}: one in the table, one under it`);
    assert.match(text, /mean over people, derived/, type);
  }
  assert.match(compare({plain, skewed}, {coefficients: map}).toLaTeX(), /\$\^\{\*\*\*\\dagger\}\$/);
  assert.match(compare({plain, skewed}).toLaTeX(), /On a log scale\}\} \\\\\nprice: mean of ln\(-price\) &/);
  assert.doesNotMatch(compare([plain]).toText(), /†/);
});

test("a map names the log scale by its own key, and the same label elsewhere shares no row with it", () => {
  const own = compare({plain, skewed}, {coefficients: {price: "Price", [logMean]: "Log price"}}).rows;
  assert.deepEqual(own.map(({name, words, scale}) => [name, words, scale]), [["Price", "", undefined], ["Log price", "mean of ln(-price)", "log"]]);
  assert.equal(own[1].cells[1]!.estimate, skewed.theta[0]);
  assert.deepEqual(compare([skewed], {coefficients: {"mean of price": "M"}}).rows.map(({name, cells}) => [name, cells[0]!.derived]), [["M", true]]);
  assert.deepEqual(compare({plain, skewed}, {coefficients: {"sd[price]": "Spread"}}).rows.map(({name, scale}) => [name, scale]), [["Spread: standard deviation of ln(-price)", "log"]]);
  assert.deepEqual(compare({plain, skewed}, {coefficients: map, rest: true}).rows.map(({name}) => name), ["Price", "Quality", logMean, logSpread, "median of price"]);
  const odd = logit({data: skewed.data, estimates: estimated([row("odd", "mean", -0.4, 0.1)], "hessian", "")});
  assert.deepEqual(compare([odd, skewed], {coefficients: {odd: "P", [logMean]: "P"}}).rows.map(({cells}) => cells.map((cell) => cell?.estimate)), [[-0.4, undefined], [undefined, skewed.theta[0]]]);
});

test("exponentials by their mean; what is cut at zero has no plain mean, and its own row says so under any label", () => {
  const [price] = compare({plain, faded}, {coefficients: map}).rows;
  assert.ok(Math.abs(price.cells[1]!.estimate + Math.exp(faded.theta[0])) < 1e-12);
  assert.ok(compare([faded]).rows.some(({name, scale}) => name === "price: log of the mean of -price" && scale === "log"));
  const {rows} = compare({plain, cut}, {coefficients: map});
  assert.deepEqual(rows.map(({name, scale, cells}) => [name, scale, cells[1]?.estimate]), [
    ["Price", undefined, undefined], ["Price: mean before being censored to stay below zero", "latent", cut.theta[0]], ["Quality", undefined, cut.theta[1]]
  ]);
  assert.match(compare([cut]).toText(), /Before being cut at zero\n/);
});

test("rows without such scales, and words that are none, stay as they are", () => {
  const rows = [row("price", "mean", 1, 0.1, {words: "centre"}), row("halfwidth[price]", "spread", 1, 0.1, {words: "half-width, uniform"}), row("lambda[price]", "mean", 1, 0.1, {words: "multiplier of mean price"})];
  assert.deepEqual(scaledRows(rows), rows);
});

test("no axis of the figure mixes scales, and its words say what was derived", () => {
  const made = coefficients({plain, skewed});
  const price = made.facts.rows.filter(({name}) => name === "price");
  assert.deepEqual(price.map(({role, scale, derived}) => [role, scale, derived]), [["mean", undefined, undefined], ["mean", undefined, true]]);
  assert.ok(Math.abs(price[1].estimate - meanPrice(skewed)) < 1e-12);
  assert.deepEqual(made.facts.rows.filter(({scale}) => scale === "log").map(({name}) => name), [logMean, logSpread]);
  assert.match(made.toText(), /Means\n[^]*price, skewed +-[\d.]+† [^]*On a log scale\n +price: mean of ln\(-price\)/);
  const picture = made[rich]()["image/svg+xml"]!;
  assert.match(picture, /aria-label="[^"]*price -[\d.]+†[^"]*† mean over people, derived/);
  assert.ok(picture.includes(">†</text>") && picture.includes(">On a log scale</text>"));
  const mixedOrder = coefficients([plain, skewed], {coefficients: ["price", logMean, "quality"]}).toText();
  assert.match(mixedOrder, /quality, [^\n]*\nOn a log scale\n +price: mean of ln/, "whatever the order");
  const far = coefficients({logit: logit(), mixed: fit()}, {coefficients: ["time", "price"]});
  assert.ok(far.facts.rows.some(({derived, estimate}) => derived && estimate < -15));
  assert.ok(far[rich]()["image/svg+xml"]!.includes(">†</text>"), "also beside the arrow of what is far away");
  assert.deepEqual(coefficients([plain, skewed], {coefficients: {quality: "Q", price: "P"}}).facts.order, ["Q", "P"]);
  assert.deepEqual(coefficients(skewed, {only: ["price"]}).facts.rows.map(({name, derived}) => [name, derived]), [["price", true]]);
});

test("one fit is a list of one", () => {
  assert.deepEqual(compare(plain).rows, compare([plain]).rows);
});
