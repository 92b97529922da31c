// Tastes in the population, observed against fitted shares, effective draws: of real fits to small worlds.
import assert from "node:assert/strict";
import test from "node:test";
import {JSDOM} from "jsdom";
import "../../src/display/register.js";
import {coefficients} from "../../src/display/figures/coefficients.js";
import {effectiveDraws} from "../../src/display/figures/effectiveDraws.js";
import {fittedShares} from "../../src/display/figures/fittedShares.js";
import {tasteDensities} from "../../src/display/figures/tasteDensities.js";
import {figure, type Figure} from "../../src/display/figure.js";
import {fitMixed, fitMnl, fitMnlIntercepts} from "../../src/estimate/tiers.js";
import {covariance} from "../../src/infer/covariance.js";
import {shareInterval, wilson} from "../../src/infer/shareInterval.js";
import {cumulative, density} from "../../src/math/normal.js";
import {rich} from "../../src/rich.js";
import {simulate} from "../../src/simulate/simulate.js";
import {mixed as mixture} from "./marketFixture.js";
import {fit as madeUp, logit as madeUpLogit, row, estimated} from "./fixture.js";
import {figuresAreHarmless} from "./harmless.js";

const parser = new (new JSDOM("").window.DOMParser)();
const words = (made: Figure) => parser.parseFromString(made[rich]()["image/svg+xml"]!, "image/svg+xml").documentElement.textContent!;
const described = (made: Figure) => parser.parseFromString(made[rich]()["image/svg+xml"]!, "image/svg+xml").documentElement.getAttribute("aria-label")!;
const code = (expected: string) => ({code: expected});

const {data} = simulate({tier: "mixed"}, {people: 120, situations: 6, seed: 5});
const plain = {rule: "sobol", integration: "plain", draws: 64, threads: 1} as const;
const mixed = await fitMixed(data, plain);
const families = await fitMixed(data, {...plain, random: {price: "-censored", quality: "lognormal"}});
const logit = await fitMnl(data);
const theta = (name: string): number => mixed.theta[mixed.parameters.findIndex((parameter) => parameter.name === name)];

test("the share on the wrong side is that of the normal, and its interval is the delta method's on the logit scale", () => {
  const {facts} = tasteDensities(mixed, {coefficients: ["price"]});
  const [{below, above, atZero, wrong}] = facts.coefficients;
  const [m, s] = [theta("price"), Math.abs(theta("sd[price]"))];
  assert.ok(Math.abs(below - cumulative(-m / s)) < 1e-15 && atZero === 0 && Math.abs(above + below - 1) < 1e-15);
  assert.deepEqual([wrong.side, wrong.share, wrong.expected], ["above", above, false]);
  // dP(b > 0) = phi(m / s) (dm / s - m ds / s²), by hand.
  const {matrix: V} = covariance(mixed, mixed.estimates.errors);
  const at = ["price", "sd[price]"].map((name) => mixed.free.indexOf(mixed.parameters.findIndex((parameter) => parameter.name === name)));
  const slope = [density(m / s) / s, ((-density(m / s) * m) / (s * s)) * Math.sign(theta("sd[price]"))];
  const error = Math.sqrt(slope.reduce((sum, a, i) => sum + slope.reduce((inner, b, j) => inner + a * V.get(at[i], at[j]) * b, 0), 0));
  const {low, high} = shareInterval(above, error, 1.959963984540054)!;
  assert.ok(Math.abs(wrong.low! / low - 1) < 1e-5 && Math.abs(wrong.high! / high - 1) < 1e-5, `${wrong.low} and ${low}`);
});

test("errors are those of the fit's own table: weights count, and a parameter that is held has no part", async () => {
  const weighted = {...data, weight: data.weight.map((_, n) => 1 + (Math.floor(n / 6) % 3))};
  for (const errors of ["opg", "robust"] as const) {
    const fit = await fitMixed(weighted as typeof data, {...plain, errors, hold: {"sd[price]": 1.2}});
    const [{wrong}] = tasteDensities(fit, {coefficients: ["price"]}).facts.coefficients;
    const price = fit.estimates.rows.find(({name}) => name === "price")!;
    // dP(b > 0) = phi(m / s) / s dm
    const {low, high} = shareInterval(wrong.share, (density(price.estimate / 1.2) / 1.2) * price.error!, 1.959963984540054)!;
    assert.ok(Math.abs(wrong.low! / low - 1) < 1e-5 && Math.abs(wrong.high! / high - 1) < 1e-5, `${errors}: ${wrong.low} and ${low}`);
  }
});

test("what was expected decides which side is wrong, and names, order and choice are the map's", () => {
  const made = tasteDensities(mixed, {coefficients: {quality: "Quality", price: "Price"}, expect: {quality: "negative"}});
  assert.deepEqual(made.facts.coefficients.map(({name, wrong: {side, expected}}) => [name, side, expected]), [["Quality", "above", true], ["Price", "above", false]]);
  assert.match(described(made), /of people above zero \[[^\]]*\], none expected/);
  assert.throws(() => tasteDensities(mixed, {expect: {cost: "negative"}}), code("tastes/expect"));
  assert.throws(() => tasteDensities(mixed, {expect: {price: "down" as "negative"}}), code("tastes/expect"));
  assert.throws(() => tasteDensities(mixed, {coefficients: ["prise"]}), code("terms/unknown"));
  assert.throws(() => tasteDensities(logit), code("figure/nothing-random"));
  assert.throws(() => tasteDensities(mixture() as never), code("figure/not-a-fit"));
});

test("a censored coefficient has a spike at zero as high as its share, and one-sided families nobody on the wrong side", () => {
  const made = tasteDensities(families);
  const [price, quality] = made.facts.coefficients;
  assert.ok(price.atZero > 0 && price.above === 0 && price.wrong.low === null);
  assert.deepEqual([quality.below, quality.wrong.share], [0, 0]);
  const share = `${(100 * price.atZero).toFixed(1)}%`;
  assert.match(made.toText(), new RegExp(`at 0 .*\nprice +-censored .* ${share} `));
  assert.ok(described(made).includes(`${share} at zero`));
  assert.match(described(made), /price, -censored: .*quality, lognormal: .*nobody below zero, by construction/);
  // The spike's height is its share of the panel's.
  const panels = parser.parseFromString(made[rich]()["image/svg+xml"]!, "image/svg+xml");
  const spike = panels.querySelector('[stroke-width="7"] line')!;
  const [y1, y2] = ["y1", "y2"].map((name) => Number(spike.getAttribute(name)));
  const upright = [...panels.querySelectorAll('[stroke="#57606a"] line')].map((line) => Math.abs(Number(line.getAttribute("y1")) - Number(line.getAttribute("y2"))));
  assert.ok(Math.abs(Math.abs(y1 - y2) / Math.max(...upright) - price.atZero) < 1e-3);
});

test("densities are drawn as areas, and only the wrong side is hatched", () => {
  const svg = (made: Figure) => parser.parseFromString(made[rich]()["image/svg+xml"]!, "image/svg+xml");
  const lines = (made: Figure) => svg(made).querySelectorAll('g[stroke="#d55e00"] line').length;
  assert.ok(lines(tasteDensities(mixed, {coefficients: ["price"]})) > 3);
  assert.equal(lines(tasteDensities(families, {coefficients: ["quality"]})), 0);
});

test("a logit with intercepts is on the diagonal, and observed shares are counted from the data", async () => {
  const fit = await fitMnlIntercepts(data);
  const {rows} = fittedShares(fit).facts;
  const won = [0, 0, 0];
  for (const chosen of data.chosen) ++won[data.alternative[chosen]];
  rows.forEach(({observed, predicted, low, high, chosen, offered}, j) => {
    assert.equal(chosen, won[j]);
    assert.equal(observed, won[j] / 720);
    assert.equal(offered, 720);
    assert.ok(Math.abs(observed - predicted) < 1e-6 && low < observed && observed < high);
  });
});

test("with one choice a person intervals are Wilson's, of as many people as their spread tells", () => {
  const single = simulate({tier: "mnl"}, {people: 200, situations: 1, seed: 3}).data;
  return fitMnl(single).then((fit) => {
    const [{observed: p, low, high}] = fittedShares(fit).facts.rows;
    const z = 1.959963984540054;
    // The spread between people is taken with one degree less, and the quantile of Student with 199 is 1.971956544249395.
    const n = 199 * (z / 1.971956544249395) ** 2;
    const middle = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
    const reach = (z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))) / (1 + (z * z) / n);
    assert.ok(Math.abs(low - (middle - reach)) < 1e-12 && Math.abs(high - (middle + reach)) < 1e-12);
  });
});

test("choices that repeat themselves count once: people are what varies", () => {
  const people = 50;
  // Everybody chooses the same alternative six times, half of the people the first one.
  const chosen = Int32Array.from({length: 300}, (_, n) => n * 3 + (Math.floor(n / 6) % 2));
  const repeated = {...logit, data: {...logit.data, person: Int32Array.from({length: people + 1}, (_, i) => 6 * i), situation: Int32Array.from({length: 301}, (_, n) => 3 * n), weight: new Float64Array(300).fill(1), alternative: Int32Array.from({length: 900}, (_, r) => r % 3), chosen, people: Array.from({length: people}, (_, i) => i)}} as typeof logit;
  const [{low, high}] = fittedShares(repeated).facts.rows;
  assert.ok(Math.abs(high - low - 2 * 1.96 * Math.sqrt(0.25 / people)) < 0.02, `${low} to ${high}: as wide as 50 choices make it, not 300`);
});

test("few people do not make narrow intervals: where they happen to agree, choices count once each at most", () => {
  // Three people, ten choices each, of which four, four and five are the first alternative: less spread than chance has.
  const firsts = [4, 4, 5];
  const chosen = Int32Array.from({length: 30}, (_, n) => n * 3 + (n % 10 < firsts[Math.floor(n / 10)] ? 0 : 1));
  const few = {...logit, data: {...logit.data, person: Int32Array.of(0, 10, 20, 30), situation: Int32Array.from({length: 31}, (_, n) => 3 * n), weight: new Float64Array(30).fill(1), alternative: Int32Array.from({length: 90}, (_, r) => r % 3), chosen, people: ["a", "b", "c"]}} as typeof logit;
  const [first, , third] = fittedShares(few).facts.rows;
  const all = wilson(13 / 30, 30, 1.959963984540054);
  assert.ok(Math.abs(first.low - all.low) < 1e-12 && Math.abs(first.high - all.high) < 1e-12, `${first.low} to ${first.high}`);
  const {high} = wilson(0, 3, 1.959963984540054);
  assert.ok(third.low === 0 && Math.abs(third.high - high) < 1e-12, "nobody chose the third: three people say so, not thirty choices");
});

test("subsets: quarters of an attribute, its few values, labels of situations or people", () => {
  const quarters = fittedShares(logit, {by: "price"}).facts;
  assert.equal(quarters.groups.length, 4);
  assert.equal(quarters.rows.reduce((sum, {chosen}) => sum + chosen, 0), 720);
  assert.equal(quarters.rows.reduce((sum, {offered}) => sum + offered, 0), 2160);
  const halves = fittedShares(logit, {by: data.situations.map((_, n) => (n % 2 ? "odd" : "even"))}).facts;
  assert.deepEqual(halves.groups, ["even", "odd"]);
  const people = fittedShares(logit, {by: data.people.map((_, i) => (i < 30 ? "first" : "rest"))}).facts;
  assert.equal(people.rows.filter(({group}) => group === "first")[0].offered, 180);
  assert.throws(() => fittedShares(logit, {by: "prise"}), code("figure/by"));
  assert.throws(() => fittedShares(logit, {by: ["a", "b"]}), code("figure/by"));
});

test("an interval that misses the diagonal is filled, starred and named", () => {
  const facts = {title: "logit", by: "region", groups: ["north", "south"], level: 0.95, rows: [
    {group: "north", alternative: "train", chosen: 60, offered: 100, observed: 0.6, predicted: 0.4, low: 0.5, high: 0.69},
    {group: "south", alternative: "train", chosen: 40, offered: 100, observed: 0.4, predicted: 0.41, low: 0.31, high: 0.5}
  ]};
  const made = figure("fitted shares", facts);
  assert.match(made.toText(), /north +train .*\*\n(?!.*south.*\*)/);
  assert.match(words(made), /1 of 2 intervals miss the diagonal/);
  assert.ok(words(made).includes("train, north") && !words(made).includes("train, south"));
});

test("effective draws: a mark a person from the fewest on, as many as the fit counted", () => {
  const {facts} = effectiveDraws(mixed);
  assert.equal(facts.sorted.length, 120);
  assert.ok(facts.sorted.every((value, k) => value >= 1 && value <= 64.000001 && (k === 0 || value >= facts.sorted[k - 1])));
  assert.deepEqual([facts.least, facts.median, facts.of], [facts.sorted[0], facts.sorted[60], "person"]);
  assert.deepEqual(facts.worst.map(({effective}) => effective), facts.sorted.slice(0, 5));
  const svg = parser.parseFromString(effectiveDraws(mixed)[rich]()["image/svg+xml"]!, "image/svg+xml");
  assert.equal(svg.querySelectorAll("circle").length, 120);
  for (const {person} of facts.worst) assert.ok(svg.documentElement.textContent!.includes(`${person}: `));
  assert.throws(() => effectiveDraws(logit), code("figure/no-draws"));
});

test("coefficients under a map: chosen, ordered, renamed; two names in two fits share a row", () => {
  const other = madeUpLogit({estimates: estimated([row("cost", "mean", -0.4, 0.1)], "hessian", "")});
  const made = coefficients({old: other, new: madeUp()}, {coefficients: {time: "Time", price: "Price", cost: "Price"}});
  assert.deepEqual(made.facts.rows.map(({fit, name}) => `${fit} ${name}`), ["0 Price", "1 Time", "1 Price"]);
  assert.deepEqual(made.facts.order, ["Time", "Price"]);
  const text = words(made);
  assert.ok(text.indexOf("Time") >= 0 && text.indexOf("Time") < text.indexOf("Price"), "the map's order, though the first fit has no Time");
  assert.throws(() => coefficients(madeUp(), {coefficients: {price: "A", time: "A"}}), code("terms/twice"));
  assert.throws(() => coefficients(madeUp(), {coefficients: {prise: "A"}}), code("terms/unknown"));
  assert.throws(() => coefficients(Promise.resolve(madeUp()) as never), code("coefficients/not-fits"));
});

test("one wild interval does not flatten the others: it is cut, with an arrow", () => {
  const wild = madeUp({estimates: estimated([row("a", "mean", 1, 0.1), row("b", "mean", -1, 0.1), row("c", "mean", 3, 900)], "hessian", "")});
  const svg = parser.parseFromString(coefficients(wild)[rich]()["image/svg+xml"]!, "image/svg+xml");
  const ticks = [...svg.querySelectorAll("text")].map(({textContent}) => Number(textContent!.replace("−", "-"))).filter((x) => !Number.isNaN(x));
  assert.ok(ticks.length > 2 && Math.max(...ticks.map(Math.abs)) < 100, ticks.join(" "));
});

const renamed = (label: string) => tasteDensities({...mixed, design: {...mixed.design, columns: mixed.design.columns.map((column) => (column.name === "price" ? {...column, name: label} : column))}});
figuresAreHarmless((label) => [
  renamed(label), fittedShares({...logit, data: {...logit.data, alternatives: [label, "other", "third"]}} as typeof logit),
  fittedShares(logit, {by: data.people.map((_, i) => (i % 2 ? label : "other"))}), effectiveDraws({...mixed, integration: {...mixed.integration, effective: {...mixed.integration.effective!, worst: [{person: label, effective: 1}]}}}),
  coefficients(madeUp(), {coefficients: {price: label}})
]);
