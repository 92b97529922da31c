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

const output = new URL("./output/", import.meta.url);
const rounded = (text: string): string => text.replace(/\d+\.\d{3,}/g, (x) => Number(x).toFixed(2));

const pictures: Record<string, () => string> = {
  "fit.html": () => fitCard(fit())["text/html"]!,
  "fit.txt": () => fitCard(fit())["text/plain"],
  "fit.md": () => fitCard(fit())["text/markdown"]!,
  "fit.tex": () => fitCard(fit())["text/latex"]!,
  "comparison.html": () => comparisonBundle(compare({logit: logit(), mixed: fit()}))["text/html"]!,
  "comparison.txt": () => comparisonBundle(compare({logit: logit(), mixed: fit()}))["text/plain"],
  "convergence.svg": () => rounded(figureBundle(convergence(fit()))["image/svg+xml"]!),
  "coefficients.svg": () => rounded(figureBundle(coefficients({logit: logit(), mixed: fit()}))["image/svg+xml"]!),
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
