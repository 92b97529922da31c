import test from "node:test";
import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {cumulative, density, logCumulative, logDensity, quantile} from "../../src/math/normal.js";

const reference = JSON.parse(readFileSync(new URL("../reference/special-functions.json", import.meta.url), "utf8"));

const near = (seen: number, wanted: number, relative: number, about: unknown) =>
  assert.ok(Math.abs(seen - wanted) <= relative * Math.abs(wanted), `${about}: ${seen}, wanted ${wanted}`);

test("the quantile is right to 1e-15", () => {
  for (const [p, z] of reference.normalQuantileOfDoubles.values) near(quantile(+p), +z, 1e-15, p);
});

test("the distribution function is right to 1e-15", () => {
  // At -38 the value is subnormal, and has fewer digits.
  for (const [z, p] of reference.normalCdf) near(cumulative(+z), +p, +z < -37.5 ? 1e-7 : 1e-15, z);
});

test("its logarithm is right to 1e-15, far into both tails", () => {
  for (const [z, p] of reference.logNormalCdf) near(logCumulative(+z), +p, 1e-15, z);
});

test("quantile and distribution function undo each other", () => {
  for (let z = -37; z <= 5; z += 0.0625) {
    // An error e in p moves z by e p/density, which for z > 0 grows.
    near(quantile(cumulative(z)), z, 1e-15 + (4e-16 * cumulative(z)) / density(z) / Math.max(Math.abs(z), 1e-9), z);
  }
});

test("the pieces of the approximations meet", () => {
  for (const z of [-0.67448975, 0.67448975, -Math.sqrt(32)]) {
    near(cumulative(z - 1e-15), cumulative(z + 1e-15), 3e-14, z);
    near(logCumulative(z - 1e-15), logCumulative(z + 1e-15), 3e-14, z);
  }
  for (const p of [0.075, 0.925, Math.exp(-25)]) near(quantile(p * (1 - 2e-16)), quantile(p * (1 + 2e-16)), 4e-15, p);
});

test("the distribution function is symmetric and its slope is the density", () => {
  for (let z = -6; z <= 6; z += 0.31) {
    near(cumulative(z) + cumulative(-z), 1, 2e-16, z);
    const left = -Math.abs(z); // where the differences keep their digits
    near((cumulative(left + 1e-4) - cumulative(left - 1e-4)) / 2e-4, density(z), 1e-6, z);
    near(Math.log(density(z)), logDensity(z), 1e-14, z);
  }
});

test("the edges are what they should be", () => {
  assert.deepEqual([quantile(0), quantile(1), quantile(0.5)], [-Infinity, Infinity, 0]);
  for (const p of [-0.1, 1.1, NaN]) assert.ok(Number.isNaN(quantile(p)));
  assert.deepEqual([cumulative(-Infinity), cumulative(Infinity), density(Infinity), logCumulative(-Infinity)], [0, 1, 0, -Infinity]);
  assert.ok(Number.isNaN(cumulative(NaN)) && Number.isNaN(logCumulative(NaN)));
  for (const p of [5e-324, 2 ** -53, 1 - 2 ** -53]) assert.ok(Number.isFinite(quantile(p)));
});
