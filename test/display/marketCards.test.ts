import assert from "node:assert/strict";
import test from "node:test";
import {complementarity} from "../../src/bundles/complementarity.js";
import {fitMaxEntMixedMoments} from "../../src/entropy/mixing/fitMaxEntMixedMoments.js";
import {tastesByPerson} from "../../src/entropy/mixing/tastesByPerson.js";
import {tasteElasticities} from "../../src/entropy/mixing/tasteElasticities.js";
import {tasteGrid} from "../../src/entropy/mixing/tastes.js";
import {demand} from "../../src/pricing/demand.js";
import {optimalPrices} from "../../src/pricing/optimalPrices.js";
import {priceLadder} from "../../src/pricing/priceLadder.js";
import {rich, shown, type Shown} from "../../src/rich.js";
import {width} from "../../src/display/width.js";
import {six} from "../entropy/mixing/worlds.js";
import {page} from "./html.js";
import {bundles, curves, elastic, free, market, met, mixed, pairs, people} from "./marketFixture.js";

const records: Record<string, () => Shown> = {
  mixed, met, free, people, elastic, tastes: () => mixed().tastes, pricing: () => optimalPrices(market()), held: () => optimalPrices({...market(), greatest: 3}),
  demand: () => demand({values: [3, 2.5, 2]}, [2, 2, 2]), ladder: () => priceLadder({...market(), levels: [1.99, 2.49, 2.99, 3.49]}), curves: () => curves(), pairs: () => pairs(), strata: () => pairs("tea", "store"), bundles: () => bundles()
};
const text = (record: Shown): string => record[rich]()["text/plain"];
/** Cells of the row of a table in plain text that begins with a name. */
const cells = (record: Shown, name: string, nth = 0): string[] => text(record).split("\n").filter((line) => line.trimStart().startsWith(name))[nth].trim().slice(name.length).trim().split(/ {2,}/);

for (const [name, make] of Object.entries(records)) {
  test(`${name}: every dress is there, the same bytes twice, rows fill their tables, nothing is undefined`, () => {
    const bundle = make()[rich]();
    assert.deepEqual(bundle, make()[rich]());
    assert.deepEqual(Object.keys(bundle), ["text/plain", "text/html", "text/markdown", "text/latex"]);
    for (const dress of Object.values(bundle)) assert.doesNotMatch(dress, /undefined|NaN|\[object/);
    for (const line of bundle["text/plain"].split("\n")) assert.ok(width(line) <= 88, line);
    for (const table of page(bundle).querySelectorAll("table")) {
      const spans = [...table.rows].map((row) => [...row.cells].reduce((sum, cell) => sum + cell.colSpan, 0));
      assert.equal(new Set(spans).size, 1, table.caption?.textContent ?? "");
    }
  });
}

test("a mixture tells its distance from the base, what holds the weight, and how far other bases lead", () => {
  const told = text(mixed()).replaceAll(/[\s·]+/g, " ");
  assert.match(told, /0\.887 nats from the base 61 points of 100 hold 99% of the weight, as uncertain as 37\.4 equal ones 4 numbers move the weights/);
  assert.match(told, /Log-likelihood -1255\.40 McFadden ρ² 0\.245 AIC 2518\.8 BIC 2539\.2 without a mixture -1290\.20 ✓ converged in 12 steps/);
  const [here, least, greatest] = cells(mixed(), "sd[price]", 1).map(Number);
  assert.ok(least < here && here < greatest);
  assert.match(text(free()).replaceAll(/[\s·]+/g, " "), /penalised -1256\.89 tau 1, cross-validated conditions within 4\.0e-13/);
});

test("a share of people is not tested against zero; correlations that nothing moves are a line, not a row", () => {
  assert.deepEqual(cells(mixed(), "P(price < 0)").slice(2, 4), ["—", "—"]);
  assert.doesNotMatch(cells(mixed(), "P(price < 0)")[0], /\*/);
  assert.match(text(mixed()), /^cor\[price,quality\]: zero by construction/m);
  assert.equal(text(mixed()).split("\n").filter((line) => line.trimStart().startsWith("cor[")).length, 1);
});

test("multipliers are folded away; a mixture that met moments shows them in sight", () => {
  const document = page(mixed()[rich]());
  const details = document.querySelector("details")!;
  assert.match(details.textContent!, /Multipliers.*alpha\[price\]/s);
  assert.equal(document.body.textContent!.split("alpha[price]").length, 2);
  assert.match(details.textContent!, /2 EM steps and 2 Newton steps/);
  assert.match(details.textContent!, /comfort 0\.75/);
  assert.deepEqual(cells(met(), "intercept[train]"), ["0.31", "0.013", "0.3066", "0.0034", "0.28", "[0.11, 0.52]"]);
  assert.ok([...page(met()[rich]()).querySelectorAll("caption")].some((caption) => /Moments/.test(caption.textContent!) && !caption.closest("details")));
});

test("a real mixture, the tastes of its people and its elasticities draw themselves", async () => {
  const fit = await fitMaxEntMixedMoments(six, {tastes: tasteGrid({price: {from: -3, to: 0, points: 7}}), hold: {quality: 2}});
  // 50-digit solution of this programme: E b = -1.642871770450, sd 0.989681664319, divergence 0.010308616984.
  assert.match(text(fit), /^ +mean\[price\] +-1\.6429 /m);
  assert.match(text(fit), /^ +sd\[price\] +0\.9897 /m);
  assert.match(text(fit), /^0\.0103 nats from the base/m);
  const own = await tastesByPerson(fit);
  assert.match(text(own), /^Tastes of 6 people/);
  const answers = await tasteElasticities(fit, "price");
  assert.ok(Math.abs(Number(cells(answers, "a")[0]) - answers.elasticities[0][0]) <= 0.0005);
});

test("person tastes: between, within and the first people, the rest named", () => {
  const {means, sds} = people();
  const own = Array.from({length: 20}, (_, u) => means[2 * u]);
  const mean = own.reduce((sum, b) => sum + b, 0) / 20;
  const within = Math.sqrt(Array.from({length: 20}, (_, u) => sds[2 * u] ** 2).reduce((sum, v) => sum + v, 0) / 20);
  const row = cells(people(), "price");
  assert.deepEqual([row[0], row[2]], [mean.toFixed(3), within.toFixed(3)]);
  assert.match(text(people()), /The first 12 of 20 people/);
  assert.doesNotMatch(text(people()), /⚠/);
  assert.match(text(shown("person tastes", {...people(), effective: new Float64Array(20).fill(1.1)})), /⚠ Half of these posteriors sit on fewer than two points/);
});

test("a matrix of many alternatives is told by its diagonal and the largest other number of each row", () => {
  const names = [..."abcdefghijkl"];
  const record = elastic("price", names);
  assert.deepEqual(cells(record, "a"), ["-1.2500", "l", "1.4100"]);
  assert.match(text(record), /own, and the largest other/);
});

test("optimal prices: the closed form of logit, bounds that hold, and how sure it is", () => {
  const best = optimalPrices(market());
  const row = cells(best, "tea");
  assert.deepEqual(row, ["3.00", "1.00", best.prices[0].toFixed(2), best.rows[0].markup.toFixed(2), `${(100 * best.rows[0].margin).toFixed(1)}%`, `${(100 * best.rows[0].share).toFixed(1)}%`, best.rows[0].profit.toFixed(3), best.rows[0].elasticity.toFixed(2)]);
  assert.match(text(best), /✓ no other prices earn more/);
  assert.match(page(best[rich]()).querySelector("details")!.textContent!, /Closed form of logitmarkup 2\.42/);
  const held = optimalPrices({...market(), perturbation: {supports: 5}, greatest: 3});
  assert.equal(cells(held, "tea")[3], "greatest");
  assert.match(text(held), /the best found within bounds/);
});

test("demand counts those who buy nothing, and shares add up", () => {
  const bought = demand({values: [3, 2.5, 2]}, [2, 2, 2]);
  const share = (name: string, at: number): number => parseFloat(cells(bought, name)[at]);
  assert.ok(Math.abs(share("good 1", 2) + share("good 2", 2) + share("good 3", 2) + share("buys nothing", 2) - 100) < 0.21);
  assert.ok(!text(demand({values: [3, 2.5], outside: false}, [2, 2])).includes("buys nothing"));
});

test("a ladder says its rung, the price without it, and whether the best is proven", () => {
  const exact = priceLadder({...market(), levels: [1.99, 2.49, 2.99, 3.49]});
  assert.match(text(exact), /^tea +1\.00 +3\.49 +4 of 4 +3\.42/m);
  assert.match(text(exact), /✓ no other choice earns more/);
  const open = shown("ladder", {...exact, exact: false, bound: exact.profit + 0.064, gap: 0.064});
  assert.match(text(open).replaceAll(/\s+/g, " "), /✗ not proven: no choice earns more than 1\.48\d*, 0\.064 above/);
});

test("perturbations stand beside logit, in and out of sample, by curve and by good", () => {
  const fit = curves();
  assert.deepEqual(cells(fit, "fitted curves").map(Number), [fit.ramps + 3, Number(fit.rmse.toPrecision(4)), Number(fit.heldOut!.ramps.toPrecision(4))]);
  assert.deepEqual(cells(fit, "logit").map(Number), [4, Number(fit.logit.rmse.toPrecision(4)), Number(fit.heldOut!.logit.toPrecision(4))]);
  assert.match(text(fit), /^buying nothing +6 /m);
  const off = Math.sqrt(Array.from({length: fit.periods}, (_, t) => (fit.prices[3 * t] - fit.fitted[3 * t]) ** 2).reduce((sum, v) => sum + v, 0) / fit.periods);
  assert.equal(Number(cells(fit, "tea", 1)[2]), Number(off.toFixed(4)));
  assert.ok(!text(curves("tea", {folds: 0})).includes("Left out"));
});

test("thirty bought both, twenty and fifteen one, thirty-five neither: numbers, stars and criteria that disagree", () => {
  const record = complementarity({"tea+milk": 30, tea: 20, milk: 15, none: 35});
  // theta = ln 3.5 with error sqrt(1/30 + 1/20 + 1/15 + 1/35); one pair, so nothing to adjust: p of G = 9.24 is 0.0024.
  assert.deepEqual(cells(record, "tea × milk"), ["1.253 **", "0.423", "[0.425, 2.081]", "0.302", "0.002", "0.002"]);
  assert.deepEqual(cells(record, "tea × milk", 1), ["+ complements", "· neither", "+ complements", "+ complements", "✗ no"]);
  assert.match(page(record[rich]()).querySelector("details")!.textContent!, /1\.3330\.5560\.06679\.240\.002/);
});

test("strata: pooled and common interactions, and reversals by a word", () => {
  const {pairs: found} = pairs("tea", "store");
  const row = cells(pairs("tea", "store"), "tea × milk", 2);
  assert.deepEqual(row.slice(0, 2), [found[0].theta.value.toFixed(3), found[0].strata!.common.value.toFixed(3)]);
  // Simpson: in each half the goods are substitutes, together complements.
  const simpson = complementarity({tea: [1, 1, 0, 0, 1, 1, 0, 0], milk: [1, 0, 1, 0, 1, 0, 1, 0], n: [60, 20, 20, 4, 4, 20, 20, 60], day: [..."aaaabbbb"]}, {goods: ["tea", "milk"], count: "n", stratify: "day"});
  assert.match(text(simpson), /⚠ reversal everywhere/);
});

test("of many pairs the surest are shown, in their order, and the rest named", () => {
  const many = Object.fromEntries(Array.from({length: 10}, (_, j) => [`g${j}`, Array.from({length: 200}, (_, r) => (r * (2 * j + 3) + ((r * r) % (j + 4))) % 7 < 3 ? 1 : 0)]));
  const record = complementarity(many);
  assert.equal(text(record).split("\n").filter((line) => /^g\d × g\d .*\[/.test(line)).length, 36);
  assert.match(text(record), /The 36 of 45 pairs with the smallest p-values/);
  const shownPairs = text(record).split("\n").flatMap((line) => /^(g\d × g\d) .*\[/.exec(line)?.[1] ?? []);
  const left = record.pairs.filter(({first, second}) => !shownPairs.includes(`${first} × ${second}`));
  const kept = record.pairs.filter(({first, second}) => shownPairs.includes(`${first} × ${second}`));
  assert.ok(Math.min(...left.map(({pG}) => pG)) >= Math.max(...kept.map(({pG}) => pG)));
});

test("bundles: interactions, goods alone, tests, and how much pairs explain", () => {
  const fit = bundles();
  const told = text(fit).replaceAll(/\s+/g, " ");
  assert.equal(cells(fit, "tea × coffee")[0], `${fit.interactions[3].value.toFixed(3)} ***`);
  assert.ok(told.includes(`likelihood ratio ${fit.independence.statistic.toFixed(2)} on 6, p <0.001`));
  assert.ok(told.includes(`Pairs explain ${(100 * fit.explained).toFixed(1)}%`));
  assert.match(page(fit[rich]()).querySelector("details")!.textContent!, /none41/);
});
