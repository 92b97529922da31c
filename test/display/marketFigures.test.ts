import assert from "node:assert/strict";
import test from "node:test";
import {JSDOM} from "jsdom";
import {complementarity} from "../../src/bundles/complementarity.js";
import type {Figure} from "../../src/display/figure.js";
import {complementarityMatrix} from "../../src/display/figures/complementarityMatrix.js";
import {marginal} from "../../src/display/figures/marginal.js";
import {mixingDistribution} from "../../src/display/figures/mixingDistribution.js";
import {perturbationCurves} from "../../src/display/figures/perturbationCurves.js";
import {priceCurves} from "../../src/display/figures/priceCurves.js";
import {rasterizer} from "../../src/display/raster.js";
import {width} from "../../src/display/width.js";
import {readings} from "../../src/entropy/mixing/readings.js";
import {tasteGrid} from "../../src/entropy/mixing/tastes.js";
import {ChoiceError} from "../../src/errors.js";
import {optimalPrices} from "../../src/pricing/optimalPrices.js";
import {rich} from "../../src/rich.js";
import {bundles, curves, drawn, free, market, met, mixed, pairs} from "./marketFixture.js";

const parser = new (new JSDOM("").window.DOMParser)();
const svg = (figure: Figure): Document => parser.parseFromString(figure[rich]()["image/svg+xml"]!, "image/svg+xml");
const words = (figure: Figure): string => svg(figure).documentElement.textContent!;
const many = complementarity(Object.fromEntries(Array.from({length: 45}, (_, j) => [`good ${j}`, Array.from({length: 120}, (_, r) => ((r * (j + 2) + (r % 7) * j) % 11 < 3 + (j % 5) ? 1 : 0))])));
const all: Readonly<Record<string, () => Figure>> = {
  mixed: () => mixingDistribution(mixed()), moments: () => mixingDistribution(met()), "free weights": () => mixingDistribution(free()), draws: () => mixingDistribution(drawn()),
  prices: () => priceCurves(market()), "one price": () => priceCurves(market(), {goods: "tea", prices: [2, 2, 2]}), markets: () => priceCurves({logit: market(), supports: {...market(), perturbation: {supports: 5}}}),
  curves: () => perturbationCurves(curves()), "curves in shares": () => perturbationCurves(curves("tea", {scale: "share", curves: "all"})),
  pairs: () => complementarityMatrix(pairs()), bundles: () => complementarityMatrix(bundles()), "many goods": () => complementarityMatrix(many, {of: "phi"})
};
const refused = (code: string, draw: () => unknown): void => assert.throws(draw, (error) => error instanceof ChoiceError && error.code === code);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const close = (a: number, b: number, within = 1e-12): void => assert.ok(Math.abs(a - b) <= within, `${a} is not ${b}`);

for (const [name, make] of Object.entries(all)) {
  test(`${name}: one self-contained picture, described, the same bytes twice, and its twin in characters`, () => {
    const bundle = make()[rich]();
    const root = svg(make()).documentElement;
    assert.equal(root.localName, "svg");
    assert.ok(root.getAttribute("aria-label")!.length > 20);
    assert.equal(root.querySelector("rect")!.getAttribute("fill"), "#ffffff");
    assert.doesNotMatch(bundle["image/svg+xml"]!, /<style|currentColor|class="|var\(|NaN|undefined|Infinity/);
    assert.equal(bundle["image/svg+xml"], make()[rich]()["image/svg+xml"]);
    assert.doesNotMatch(bundle["text/plain"], /undefined|NaN|Infinity/);
    assert.ok(bundle["text/plain"].split("\n").length > 3);
    for (const line of bundle["text/plain"].split("\n").slice(3)) assert.ok(width(line) <= 110, line);
    if (rasterizer()) assert.equal(Buffer.from(bundle["image/png"]!, "base64").readUInt32BE(16), 2 * Number(root.getAttribute("width")));
  });
}

test("a marginal holds all the weight of a grid, and its parts below zero are the reading that the table has", () => {
  for (const fit of [mixed(), met(), free()]) {
    const read = new Map(readings(fit.tastes, fit.weights).map(({name, value}) => [name, value]));
    for (const {name, stretches, outside, below, mean, atBase} of mixingDistribution(fit).facts.coefficients) {
      close(sum(stretches.map(({weight}) => weight)), 1);
      close(sum(stretches.map(({base}) => base)), 1);
      assert.deepEqual(outside, {base: 0, weight: 0});
      close(sum(stretches.filter(({high}) => high <= 0).map(({weight}) => weight)), below);
      close(sum(stretches.filter(({high}) => high <= 0).map(({base}) => base)), atBase.below);
      assert.equal(below, read.get(`P(${name} < 0)`));
      assert.equal(mean, read.get(`mean[${name}]`));
      stretches.forEach(({low, high}, k) => assert.ok(low < high && (k === 0 || low === stretches[k - 1].high) && !(low < 0 && high > 0)));
    }
  }
});

test("draws are sorted into stretches that leave out a hundredth of base and mixture at most", () => {
  const [price, quality] = mixingDistribution(drawn()).facts.coefficients;
  for (const {stretches, outside} of [price, quality]) {
    close(sum(stretches.map(({weight}) => weight)) + outside.weight, 1);
    assert.ok(outside.weight <= 0.0101 && outside.base <= 0.0101);
  }
  assert.ok(price.stretches.some(({low}) => low === 0), "zero is an edge");
  assert.ok(quality.stretches[0].low > 0);
});

test("an uneven grid is drawn as densities: a uniform density stays level", () => {
  const axis = [-4, -2, -1, -0.5, -0.25];
  const tastes = tasteGrid({price: axis}, {base: [2, 1.5, 0.75, 0.375, 0.25]});
  const {stretches} = marginal(tastes, tastes.logBase.map(Math.exp), 0);
  const heights = stretches.map(({low, high, weight}) => weight / (high - low));
  for (const height of heights) close(height, heights[0], 1e-12);
});

test("the side of zero with less weight is hollow, and the picture tells both shares", () => {
  const figure = mixingDistribution(mixed(), {coefficient: "price"});
  const {below, atBase} = figure.facts.coefficients[0];
  assert.ok(words(figure).includes(`${(100 * (1 - below)).toFixed(1)}% above zero (${(100 * (1 - atBase.below)).toFixed(1)}%)`));
  const few = figure.facts.coefficients[0].stretches.filter(({low, weight}) => low >= 0 && weight > 0).length;
  assert.equal(svg(figure).querySelectorAll('g[fill="#ffffff"] rect[stroke="#d55e00"], rect[fill="#ffffff"][stroke="#d55e00"]').length, few);
  assert.equal(figure.facts.coefficients.length, 1);
});

test("profit is greatest where optimal prices stand, whichever price moves; shares fall as prices rise", () => {
  for (const perturbation of ["entropy", {supports: 3}] as const) {
    const problem = {...market(), perturbation};
    const best = optimalPrices(problem);
    for (const {now, profit, share, price} of priceCurves(problem).facts.curves) {
      close(now.profit, best.profit, 1e-10);
      assert.ok(profit.every((value) => value <= best.profit + 1e-12));
      assert.ok(share.every((value, k) => k === 0 || value < share[k - 1]));
      assert.ok(price[0] <= now.price && now.price <= price[price.length - 1]);
    }
  }
});

test("given prices stand where they were put; several markets share their axis, and goods are told by name", () => {
  const one = priceCurves(market(), {goods: "coffee", prices: [2, 2.5, 2], from: 1, to: 4}).facts;
  assert.deepEqual([one.curves[0].name, one.curves[0].now.price, one.prices], ["coffee", 2.5, "given"]);
  const two = priceCurves({a: market(), b: {...market(), perturbation: {supports: 5}}}, {goods: ["tea", "water"]}).facts;
  assert.deepEqual(two.curves.map(({name}) => name), ["a: tea", "a: water", "b: tea", "b: water"]);
  assert.equal(new Set(two.curves.map(({price}) => price.join())).size, 1);
  const eight = priceCurves({values: [1, 2, 3, 4, 5, 6, 7, 8], costs: new Array<number>(8).fill(1)});
  assert.deepEqual([eight.facts.curves.length, eight.facts.left], [6, 2]);
  assert.match(words(eight), /2 more goods are not drawn/);
});

test("what periods say lies as far from the curves as prices from their fit, and logit runs through the same mean", () => {
  const fit = curves();
  const {curves: found} = perturbationCurves(fit).facts;
  const slopes = fit.market.perturbation as readonly {slope(x: number): number}[];
  const misses = found.slice(0, 3).flatMap(({seen}, j) => seen.map(({share, height}) => height - slopes[j].slope(share)));
  close(Math.sqrt(sum(misses.map((e) => e * e)) / misses.length), fit.rmse, 1e-10);
  assert.equal(misses.length, 120);
  for (const [j, {logit, seen}] of found.slice(0, 3).entries()) {
    const level = logit[0].height - fit.logit.scale * Math.log(logit[0].share);
    close(sum(seen.map(({share}) => slopes[j].slope(share))), sum(seen.map(({share}) => level + fit.logit.scale * Math.log(share))), 1e-9);
  }
});

test("the matrix has every pair once, with the stars of the adjusted p-values", () => {
  const found = pairs();
  const {cells} = complementarityMatrix(found).facts;
  assert.deepEqual(cells.map(({value}) => value), found.pairs.map(({theta}) => theta.value));
  assert.equal(new Set(cells.map(({row, column}) => `${row} ${column}`)).size, 6);
  assert.ok(cells.every(({row, column}) => row > column));
  assert.deepEqual(complementarityMatrix(found, {of: "delta", adjust: "bh"}).facts.cells.map(({value, p}) => [value, p]), found.pairs.map((pair) => [pair.correlation.value, pair.benjaminiHochberg]));
  assert.match(words(complementarityMatrix(found)), /−3\.39\*\*\*/);
  // One mark a pair below the diagonal, by its sign, and one in the legend.
  const drawing = svg(complementarityMatrix(found));
  assert.equal(drawing.querySelectorAll('[fill="#0072b2"] path, [fill="#0072b2"] circle, circle[fill="#0072b2"]').length, cells.filter(({value}) => value > 0).length + 1);
});

test("of very many goods the forty that are bought most are drawn", () => {
  const {goods, cells, left, bought} = complementarityMatrix(many).facts;
  assert.deepEqual([goods.length, cells.length, left], [40, 780, 5]);
  const out = many.goods.filter((good) => !goods.includes(good)).map((good) => many.bought[many.goods.indexOf(good)]);
  assert.ok(Math.max(...out) <= Math.min(...bought.map((share) => share!)));
});

test("what cannot be drawn is an error in words", () => {
  refused("mixing/not-a-fit", () => mixingDistribution({} as never));
  refused("mixing/coefficient", () => mixingDistribution(mixed(), {coefficient: "pricee"}));
  refused("mixing/coefficient", () => mixingDistribution(mixed(), {coefficient: []}));
  refused("pricing/not-a-market", () => priceCurves({} as never));
  refused("pricing/good", () => priceCurves(market(), {goods: "teaa"}));
  refused("pricing/range", () => priceCurves(market(), {from: 3, to: 2}));
  refused("pricing/not-a-fit", () => perturbationCurves({} as never));
  refused("pricing/good", () => perturbationCurves(curves(), {goods: ["beer"]}));
  refused("bundles/not-pairs", () => complementarityMatrix({} as never));
  refused("bundles/option", () => complementarityMatrix(bundles(), {of: "phi"}));
  refused("bundles/option", () => complementarityMatrix(pairs(), {adjust: "bonferroni" as never}));
  for (const draw of [() => mixingDistribution(mixed(), {coef: "price"} as never), () => priceCurves(market(), {price: 1} as never)]) refused("options/unknown", draw);
});
