// Pictures to be looked at in a diff. Coordinates are rounded, so that the last bit of a logarithm changes nothing.
// Accept changed pictures with PICTURES=accept.
import assert from "node:assert/strict";
import {existsSync, mkdirSync, readFileSync, writeFileSync} from "node:fs";
import test from "node:test";
import {compare} from "../../src/display/compare.js";
import {comparisonBundle} from "../../src/display/comparisonTable.js";
import {figureBundle} from "../../src/display/drawing.js";
import {coefficients} from "../../src/display/figures/coefficients.js";
import {convergence} from "../../src/display/figures/convergence.js";
import {figure} from "../../src/display/figure.js";
import {tasteDensities} from "../../src/display/figures/tasteDensities.js";
import "../../src/display/figures/effectiveDraws.js";
import "../../src/display/figures/fittedShares.js";
import {design} from "../../src/model/design.js";
import {parameters} from "../../src/model/parameters.js";
import {simulate} from "../../src/simulate/simulate.js";
import {shares} from "../../src/display/figures/shares.js";
import {fitCard} from "../../src/display/fitCard.js";
import {choices, fit, logit} from "../display/fixture.js";
import {effectsCard} from "../../src/display/effectsCard.js";
import {gainCard} from "../../src/display/gainCard.js";
import {maxEntCard} from "../../src/display/maxEntCard.js";
import {decompositionBars} from "../../src/display/figures/decompositionBars.js";
import {noise} from "../../src/display/figures/noise.js";
import {supports} from "../../src/display/figures/supports.js";
import {waterfall} from "../../src/display/figures/waterfall.js";
import * as maxEnt from "../display/maxEntFixture.js";

const output = new URL("./output/", import.meta.url);
const rounded = (text: string): string => text.replace(/\d+\.\d{3,}/g, (x) => Number(x).toFixed(2));

// What gains and divergences differ by is rounding.
const gain = {...maxEnt.gains.five, residual: 9e-15};

// Every family at values set by hand; nothing is fitted.
const families = {price: "normal", speed: "-lognormal", comfort: "uniform", noise: "triangular", wifi: "truncated", fee: "-censored", view: "exponential"} as const;
const world = simulate({tier: "mnl"}, {people: 40, situations: 3, seed: 1, attributes: Object.keys(families)}).data;
const plan = design(world, {tier: "mixed", intercepts: false, random: families});
const found = parameters(plan);
const tasty = fit({data: world, design: plan, parameters: found, theta: Float64Array.from(found, ({role, column}) => (role === "spread" ? [0.9, 0.5, 0.8, 0.7, 1.2, 0.6][column] : [-1.1, -0.4, 0.4, -0.5, 0.3, -0.5, -0.3][column])), free: []});
const share = (group: string, alternative: string, observed: number, predicted: number, reach: number) => ({group, alternative, chosen: 1000 * observed, offered: 1000, observed, predicted, low: observed - reach, high: observed + reach});
const fitted = figure("fitted shares", {title: "Multinomial logit", by: "region", groups: ["north", "south"], level: 0.95, rows: [
  share("north", "train", 0.42, 0.33, 0.05), share("north", "bus", 0.25, 0.27, 0.04), share("north", "car", 0.33, 0.4, 0.05),
  share("south", "train", 0.24, 0.26, 0.03), share("south", "bus", 0.21, 0.2, 0.03), share("south", "car", 0.55, 0.54, 0.04)
]});
const few = Array.from({length: 150}, (_, k) => 2 + 0.5 * k + 60 * (k / 149) ** 6);
const effective = figure("effective draws", {title: "Mixed logit", of: "person", draws: 200, least: few[0], median: few[75], sorted: few, worst: few.slice(0, 5).map((value, k) => ({person: `household ${17 * k + 4}`, effective: value}))});

const pictures: Record<string, () => string> = {
  "tastes.svg": () => rounded(figureBundle(tasteDensities(tasty, {expect: {price: "negative"}}))["image/svg+xml"]!),
  "tastes.txt": () => figureBundle(tasteDensities(tasty))["text/plain"],
  "fittedShares.svg": () => rounded(figureBundle(fitted)["image/svg+xml"]!),
  "effectiveDraws.svg": () => rounded(figureBundle(effective)["image/svg+xml"]!),
  "chosen.svg": () => rounded(figureBundle(coefficients({logit: logit(), mixed: fit()}, {coefficients: {time: "Time on the way, door to door, in hours", "sd[price]": "Spread of price", price: "Price"}}))["image/svg+xml"]!),
  "intervals.html": () => comparisonBundle(compare({logit: logit(), mixed: fit()}, {coefficients: {price: "Price", time: "Travel time"}, statistic: "interval", goodness: ["logLikelihood", "bic"], caption: "Two fits"}))["text/html"]!,
  "fit.html": () => fitCard(fit())["text/html"]!,
  "fit.txt": () => fitCard(fit())["text/plain"],
  "fit.md": () => fitCard(fit())["text/markdown"]!,
  "fit.tex": () => fitCard(fit())["text/latex"]!,
  "comparison.html": () => comparisonBundle(compare({logit: logit(), mixed: fit()}))["text/html"]!,
  "comparison.txt": () => comparisonBundle(compare({logit: logit(), mixed: fit()}))["text/plain"],
  "convergence.svg": () => rounded(figureBundle(convergence(fit()))["image/svg+xml"]!),
  "coefficients.svg": () => rounded(figureBundle(coefficients({logit: logit(), mixed: fit()}))["image/svg+xml"]!),
  "maxent.html": () => maxEntCard(maxEnt.certified(maxEnt.logit))["text/html"]!,
  "maxent.txt": () => maxEntCard(maxEnt.certified(maxEnt.five))["text/plain"],
  "gain.html": () => gainCard(gain)["text/html"]!,
  "gain.txt": () => gainCard(gain)["text/plain"],
  "gain.tex": () => gainCard(gain)["text/latex"]!,
  "effects.html": () => effectsCard(maxEnt.readings.effects)["text/html"]!,
  "effects.txt": () => effectsCard(maxEnt.readings.effects)["text/plain"],
  "waterfall.svg": () => rounded(figureBundle(waterfall(gain))["image/svg+xml"]!),
  "supports.svg": () => rounded(figureBundle(supports(maxEnt.five))["image/svg+xml"]!),
  "noise.svg": () => rounded(figureBundle(noise(maxEnt.logit))["image/svg+xml"]!),
  "decompositionBars.svg": () => rounded(figureBundle(decompositionBars(maxEnt.loose))["image/svg+xml"]!),
  "shares.svg": () => rounded(figureBundle(shares(choices()))["image/svg+xml"]!)
};

for (const [name, draw] of Object.entries(pictures)) {
  test(`${name} looks as it did when it was last looked at`, () => {
    const file = new URL(name, output);
    const drawn = draw();
    if (process.env.PICTURES === "accept") {
      mkdirSync(output, {recursive: true});
      writeFileSync(file, `${drawn}\n`);
    }
    assert.ok(existsSync(file), `no picture ${name}: look at it, then accept it with PICTURES=accept`);
    assert.equal(`${drawn}\n`, readFileSync(file, "utf8"));
  });
}
