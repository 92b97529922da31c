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

const pictures: Record<string, () => string> = {
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
