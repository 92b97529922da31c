// What a comparison can be told: which terms, which rows, which statistic; and when a likelihood-ratio test is one.
import assert from "node:assert/strict";
import test from "node:test";
import "../../src/display/register.js";
import {compare, type CompareOptions} from "../../src/display/compare.js";
import {fitMixed, fitMnl, fitMnlIntercepts, fitMnlSlopes} from "../../src/estimate/tiers.js";
import {ratioTest} from "../../src/explain/likelihoodRatio.js";
import {chiSquaredTail} from "../../src/math/chiSquared.js";
import {simulate} from "../../src/simulate/simulate.js";
import {estimated, fit, logit, row} from "./fixture.js";
import {page} from "./html.js";
import {rich} from "../../src/rich.js";

const code = (expected: string) => ({code: expected});
const set = (options: CompareOptions) => compare({logit: logit(), mixed: fit()}, options);

test("a map chooses, orders and renames; the rest follows when it is asked for", () => {
  const map = {time: "Travel time", "sd[price]": "Spread of price", price: "Price"};
  assert.deepEqual(set({coefficients: map}).rows.map(({name}) => name), ["Travel time", "Spread of price", "Price"]);
  assert.deepEqual(set({coefficients: map, rest: true}).rows.slice(0, 4).map(({name}) => name), ["Travel time", "Spread of price", "Price", "comfort"]);
  const text = set({coefficients: map}).toText();
  assert.ok(text.indexOf("Travel time") < text.indexOf("Spread of price") && text.indexOf("Spread of price") < text.indexOf("Price "), "back and forth between roles, the order is kept");
  assert.doesNotMatch(text, /Means|Spreads|comfort/);
  assert.match(set({coefficients: ["price", "sd[price]"]}).toText(), /Means\n +price[^]*Spreads/);
});

test("two names in two fits share a row; two of one fit are refused, as is a name that nobody has", () => {
  const other = logit({estimates: estimated([row("cost", "mean", -0.4, 0.1)], "hessian", "")});
  const {rows} = compare([other, fit()], {coefficients: {cost: "Price", price: "Price"}});
  assert.deepEqual(rows.map(({name, cells}) => [name, ...cells.map((cell) => cell?.estimate)]), [["Price", -0.4, -0.82342]]);
  assert.throws(() => set({coefficients: {price: "A", time: "A"}}), code("terms/twice"));
  assert.throws(() => set({coefficients: {prise: "A"}}), code("terms/unknown"));
  assert.throws(() => set({coefficients: {} as Record<string, string>}), code("terms/not-a-map"));
  assert.equal(set({coefficients: ["chol[price,price]"]}).rows.length, 1, "folded entries when they are named");
});

test("rows of goodness are chosen, renamed, left out, and joined by rows of one's own", () => {
  const text = set({goodness: {logLikelihood: "ln L", adjustedRho2: "Adjusted", people: "Persons"}, add: {"Income effects": ["no", "yes"]}}).toText();
  // 1 - (L - F) / L_0 with L_0 = -1663.5532
  assert.match(text, /ln L +-1390\.20 +-1255\.30/);
  assert.ok(text.includes((1 - (-1390.2 - 3) / -1663.5532).toFixed(3)) && text.includes((1 - (-1255.301958 - 9) / -1663.5532).toFixed(3)));
  assert.match(text, /Persons +120 +120\n +Income effects +no +yes/);
  assert.doesNotMatch(text, /AIC|Draws/);
  assert.doesNotMatch(set({goodness: []}).toText(), /\n(Fit|.*Log-likelihood)/);
  assert.throws(() => set({goodness: ["likelihood" as "aic"]}), code("compare/goodness"));
  assert.throws(() => set({add: {a: ["one"]}}), code("compare/add"));
});

test("errors, z, p, intervals or nothing, beside or below", () => {
  assert.match(set({}).toText(), /price +-0\.5121 \*\*\* \(0\.0312\)/);
  assert.match(set({statistic: "z"}).toText(), /price +-0\.5121 \*\*\* \(-16\.41\)/);
  assert.match(set({statistic: "p", stars: false}).toText(), /comfort +0\.1510 +\(0\.135\)/);
  assert.match(set({statistic: "interval"}).toText(), /price .*\n +\[-0\.5733, -0\.4509\]/);
  assert.match(set({statistic: "interval"}).toText(), /95% intervals in brackets/);
  assert.match(set({layout: "below"}).toText(), /price +-0\.5121 .*\n +\(0\.0312\)/);
  const bare = set({statistic: "none", stars: false});
  assert.match(bare.toText(), /price +-0\.5121 +-0\.8234\n/);
  assert.doesNotMatch(bare.toText(), /\*|parentheses/);
  assert.throws(() => set({statistic: "t" as "z"}), code("compare/option"));
  assert.throws(() => set({layout: "left" as "below"}), code("compare/option"));
});

test("LaTeX is a booktabs table under its caption, every row as wide as its columns", () => {
  const latex = set({caption: "Models & tests", coefficients: {price: "Price_of it", time: "Time"}, statistic: "interval"}).toLaTeX();
  assert.match(latex, /\\caption\{Models \\& tests\}\n\\begin\{tabular\}\{lr@\{\\,\}lr@\{\\,\}l\}/);
  assert.match(latex, /Price\\_of it/);
  const wide = latex.split("\n").filter((line) => line.endsWith("\\\\") && !line.includes("\\multicolumn")).map((line) => line.replaceAll("\\&", "").split("&").length);
  assert.ok(wide.length === 4 && wide.every((n) => n === 5), wide.join(" "));
  assert.equal(page(set({caption: "<i>"})[rich]()).querySelector("caption")!.textContent, "<i>");
});

const {data} = simulate({tier: "mixed"}, {people: 80, situations: 5, seed: 4});
const plain = {rule: "sobol", integration: "plain", draws: 64, threads: 1} as const;
const small = await fitMnl(data);
const inter = await fitMnlIntercepts(data);
const slopes = await fitMnlSlopes(data);
const mixed = await fitMixed(data, plain);
const full = await fitMixed(data, {...plain, covariance: "full"});
const skewed = await fitMixed(data, {...plain, random: {price: "-lognormal", quality: "normal"}});
const onlyPrice = await fitMixed(data, {...plain, attributes: ["price"], random: ["price"]});

test("a likelihood ratio is twice the gain, with as many degrees of freedom as parameters were set", () => {
  const {fits: [, second, third]} = compare({small, inter, slopes}, {likelihoodRatio: true});
  assert.deepEqual(second.test, {statistic: 2 * (inter.logLikelihood - small.logLikelihood), degrees: 2, p: chiSquaredTail(2 * (inter.logLikelihood - small.logLikelihood), 2), edges: 0});
  assert.deepEqual([third.test!.degrees, third.test!.edges], [4, 0], "one coefficient for all is equal coefficients for each");
  assert.equal(compare({small, inter}).fits[1].test, undefined, "only when asked");
});

test("spreads set to zero are at the edge, and the table says what that does to p", () => {
  assert.equal(ratioTest(inter, mixed)!.edges, 2);
  assert.deepEqual([ratioTest(mixed, full)!.degrees, ratioTest(mixed, full)!.edges], [1, 0], "a covariance of zero is no edge");
  assert.deepEqual([ratioTest(onlyPrice, mixed)!.degrees, ratioTest(onlyPrice, mixed)!.edges], [2, 1]);
  const text = compare({inter, mixed}, {likelihoodRatio: true}).toText();
  assert.match(text, /Likelihood ratio \(df\) +— +[\d.]+ \(2\)/);
  assert.match(text.replaceAll(/\s+/g, " "), /mixed against inter: p is conservative, as 2 spreads are zero in the smaller one/);
});

test("what is not nested has no test: other families, other data, fewer parameters, fits that did not end", async () => {
  assert.equal(ratioTest(skewed, mixed), undefined);
  assert.equal(ratioTest(mixed, inter), undefined);
  assert.equal(ratioTest(slopes, mixed), undefined, "slopes by alternative are no mixed logit");
  assert.equal(ratioTest(onlyPrice, skewed), undefined, "a normal price is no lognormal one");
  assert.ok(ratioTest(inter, skewed), "a negative coefficient is a lognormal without spread");
  assert.equal(ratioTest({...inter, theta: inter.theta.map((x) => -x)}, skewed), undefined, "a positive one is not");
  assert.equal(ratioTest({...inter, data: {...inter.data, hash: "other"}} as typeof inter, mixed), undefined);
  assert.equal(ratioTest({...inter, ending: {...inter.ending, converged: false}}, mixed), undefined);
  assert.equal(ratioTest(inter, {...mixed, logLikelihood: inter.logLikelihood - 1}), undefined);
});

test("a parameter held where the other is free is a restriction; one held elsewhere is none", async () => {
  const held = await fitMixed(data, {...plain, hold: {quality: 0.3}});
  assert.deepEqual([ratioTest(held, mixed)!.degrees, ratioTest(held, mixed)!.edges], [1, 0]);
  const two = await fitMixed(data, {...plain, hold: {quality: 0.3, "sd[quality]": 0}});
  assert.deepEqual([ratioTest(two, held)!.degrees, ratioTest(two, held)!.edges], [1, 1]);
  const elsewhere = await fitMixed(data, {...plain, hold: {quality: 0.2, "sd[price]": 0.5}});
  assert.equal(ratioTest(elsewhere, held), undefined);
});

test("what only the larger fit has is no restriction of it where it is held, unless at zero", async () => {
  const cheap = await fitMnl(data, {attributes: ["price"]});
  assert.equal(ratioTest(cheap, await fitMnlIntercepts(data, {hold: {quality: 0.3}})), undefined, "a coefficient that the small one has at zero");
  assert.equal(ratioTest(cheap, await fitMnlIntercepts(data, {hold: {quality: 0}}))!.degrees, 2);
  assert.equal(ratioTest(small, await fitMixed(data, {...plain, hold: {"sd[price]": 0.9}})), undefined, "a spread");
  assert.ok(ratioTest(small, await fitMixed(data, {...plain, hold: {"sd[price]": 0}})));
  assert.equal(ratioTest(mixed, await fitMixed(data, {...plain, covariance: "full", hold: {"chol[quality,price]": 0.2}})), undefined, "a covariance, with as many free parameters");
  const part = slopes.parameters.find(({name}) => name.startsWith("price"))!.name;
  for (const value of [0, -0.7]) assert.equal(ratioTest(small, await fitMnlSlopes(data, {hold: {[part]: value}})), undefined, "a part of a coefficient that is one for all");
  const log = await fitMixed(data, {...plain, random: {price: "-lognormal", quality: "normal"}, hold: {price: -0.7}});
  assert.equal(ratioTest(await fitMnl(data, {hold: {price: -0.7}}), log), undefined, "-0.7 and the logarithm of a coefficient");
});

test("rows of the test make the test, without another option", () => {
  const {fits: [, second], style} = compare({small, inter}, {goodness: ["likelihoodRatio"]});
  assert.deepEqual(second.test, ratioTest(small, inter));
  assert.deepEqual(style.goodness.map(({key}) => key), ["likelihoodRatio"]);
  assert.match(compare({small, inter}, {goodness: {likelihoodRatioP: "p"}}).toText(), /\n +p +— +[<\d.]+\n/);
});
