import assert from "node:assert/strict";
import test from "node:test";
import {gradientOf} from "../../src/math/derivative.js";
import {logSumExp} from "../../src/math/logSumExp.js";
import {source} from "../../src/math/random.js";
import {demand, inverseDemand} from "../../src/pricing/demand.js";
import {entropy} from "../../src/pricing/entropy.js";
import type {Market} from "../../src/pricing/market.js";
import type {Perturbation} from "../../src/pricing/perturbation.js";
import {rampPerturbation} from "../../src/pricing/ramps.js";
import {supports} from "../../src/pricing/supports.js";
import {allClose, close} from "../support/world.js";

const ramps = (scale: "share" | "log") => rampPerturbation({scale, knots: Float64Array.of(0.05, 0.2, 0.3, 0.6), heights: Float64Array.of(0, 1.5, 2, 4), tail: 0.8});
const kinds: readonly Perturbation[] = [entropy, supports(2), supports(3), supports(5), supports(41), supports([0, 0.2, 1]), ramps("share"), ramps("log")];

test("two points are the binary entropy, and supports are symmetric where their points are", () => {
  for (const x of [1e-12, 0.01, 0.3, 0.5, 0.9]) {
    const two = supports(2);
    close(two.value(x), x * Math.log(x) + (1 - x) * Math.log1p(-x), 1e-14);
    close(two.slope(x), Math.log(x / (1 - x)), 1e-14);
    close(two.curvature(x) * x * (1 - x), 1, 1e-13);
    // The curvature of x phi' by hand: 1/x + 1/(1-x) + 1/(1-x)^2.
    close((2 * two.curvature(x) + x * two.third(x)) / (1 / x + 1 / (1 - x) + 1 / (1 - x) ** 2), 1, 1e-12);
    close(supports(5).slope(x) + supports(5).slope(1 - x), 0, 1e-12 + (x < 1e-9 ? 1e-3 : 0)); // 1 - 1e-12 keeps four digits
  }
});

test("the derivatives of every perturbation are those of its value, and share and slope undo each other", () => {
  for (const f of kinds) for (const x of [0.02, 0.1, 0.25, 0.45, 0.7, 0.95]) {
    const d = (g: (x: number) => number) => gradientOf(([v]) => g(v), Float64Array.of(x))[0];
    const what = `${f.name} at ${x}:`;
    close(d(f.value), f.slope(x), 1e-7, what);
    close(d(f.slope) / f.curvature(x), 1, 1e-7, what);
    close(d(f.curvature) / (Math.abs(f.third(x)) + f.curvature(x)), f.third(x) / (Math.abs(f.third(x)) + f.curvature(x)), 1e-6, what);
    close(f.share(f.slope(x)) / x, 1, 1e-13, what);
    close(f.response(f.slope(x)) * f.curvature(x), 1, 1e-11, what);
  }
});

test("the bend bounds the second derivative of shares over an interval", () => {
  for (const f of kinds) for (const low of [-9, -4, -1, 0.2, 0.7, 1.6, 3]) {
    const high = low + 0.1;
    const bound = f.bend(low, high);
    for (let y = low + 1e-3; y < high - 1e-3; y += 0.009) {
      const second = (f.share(y + 1e-4) - 2 * f.share(y) + f.share(y - 1e-4)) / 1e-8;
      assert.ok(Math.abs(second) <= bound + 1e-6, `${f.name}: ${second} above ${bound} at ${y}`);
    }
  }
});

test("entropy is logit: shares, surplus, elasticities and diversion", () => {
  const market = {values: [1, 2, 0.5], priceCoefficient: 2, outside: 0.3};
  const p = [0.4, 1, 0.2];
  const u = [...p.map((v, j) => market.values[j] - 2 * v), 0.3];
  const P = u.map((v) => Math.exp(v - logSumExp(u)));
  const found = demand(market, p);
  allClose(found.shares, P.slice(0, 3), 1e-15);
  close(found.outsideShare, P[3], 1e-15);
  close(found.surplus, logSumExp(u) / 2, 1e-15);
  for (let j = 0; j < 3; ++j) for (let k = 0; k < 3; ++k) {
    close(found.elasticities[j][k], j === k ? -2 * p[j] * (1 - P[j]) : 2 * p[k] * P[k], 1e-14);
    if (j !== k) close(found.diversion[j][k], P[j] / (1 - P[k]), 1e-14);
  }
});

test("a consumer who must buy, at values (-2, -4, -6): shares known to 12 digits", () => {
  // The dual of the same programme, one multiplier by bisection, in 16 digits; the sum of marginal entropies solved directly agrees to 4e-9.
  const at = (M: number) => demand({values: [-2, -4, -6], outside: false, perturbation: {supports: M}}, [0, 0, 0]).shares;
  allClose(at(2), [0.709148143376, 0.248104074858, 0.042747781766], 1e-12);
  allClose(at(5), [0.541063625126, 0.305486708771, 0.153449666103], 1e-12);
});

test("with two goods and two points, demand is binary logit of half the difference", () => {
  const {shares} = demand({values: [1.3, 0.2], outside: false, perturbation: {supports: 2}}, [0, 0]);
  close(shares[0], 1 / (1 + Math.exp(-1.1 / 2)), 1e-15);
});

const chance = source(21).stream("markets");
const markets: Market[] = kinds.flatMap((perturbation) => Array.from({length: 3}, () => ({values: Array.from({length: 4}, () => 4 * chance.uniform() - 1), perturbation, outside: chance.normal(), priceCoefficient: 0.5 + chance.uniform()})));
const someMixed: Market = {values: [1, 0, 2], perturbation: ["entropy", {supports: 3}, ramps("log")], outsidePerturbation: {supports: 2}};

test("no shift of shares between goods makes the consumer better off, whatever the perturbation", () => {
  for (const market of [...markets, someMixed]) {
    const p = Array.from(market.values, (_, j) => 0.3 * j);
    const {shares, outsideShare, surplus} = demand(market, p);
    close(shares.reduce((sum, x) => sum + x, outsideShare), 1, 1e-13);
    const phi = (Array.isArray(market.perturbation) ? market.perturbation.map((c) => (c === "entropy" ? entropy : typeof c.supports === "number" ? supports(c.supports) : c)) : Array.from(market.values, () => market.perturbation)) as Perturbation[];
    const phi0 = Array.isArray(market.perturbation) ? supports(2) : phi[0];
    const b = market.priceCoefficient ?? 1;
    const utility = (x: readonly number[]) => x.reduce((sum, v, j) => sum + (j < shares.length ? (market.values[j] - b * p[j]) * v - phi[j].value(v) : ((market.outside || 0) as number) * v - phi0.value(v)), 0);
    const x = [...shares, outsideShare];
    close(utility(x), surplus * b, 1e-12);
    for (let j = 0; j < x.length; ++j) for (let k = 0; k < x.length; ++k) if (j !== k) {
      const d = 0.01 * Math.min(x[j], 1 - x[k]);
      assert.ok(utility(x.map((v, m) => (m === j ? v - d : m === k ? v + d : v))) < utility(x), `${phi[0].name}: ${j} to ${k}`);
    }
  }
});

test("prices from shares give the shares back, and the surplus falls with a price by what is bought", () => {
  for (const market of [...markets, someMixed]) {
    const p = Float64Array.from(market.values, (_, j) => 0.5 + 0.3 * j);
    const {shares, elasticities} = demand(market, p);
    allClose(inverseDemand(market, shares), p, 1e-11);
    allClose(gradientOf((v) => demand(market, v).surplus, p), shares.map((x) => -x), 1e-8);
    p.forEach((_, j) => allClose(gradientOf((v) => Math.log(demand(market, v).shares[j]), p).map((d, k) => d * p[k]), elasticities[j], 1e-6));
  }
});

test("utilities far apart neither overflow nor stall", () => {
  for (const perturbation of [entropy, supports(2), supports(5), supports(41), ramps("log")]) for (const size of [10, 100, 700]) {
    const {shares, outsideShare} = demand({values: [size, -size, 0], perturbation}, [0, 0, 0]);
    close(shares.reduce((sum, x) => sum + x, outsideShare), 1, 1e-12);
    assert.ok(shares[0] > 0.9 * shares[2] && shares[1] >= 0 && shares.every(Number.isFinite), `${perturbation.name}, ${size}`);
  }
});

test("on a flat stretch shares still add up, at one of many solutions that are as good", () => {
  const flat = rampPerturbation({scale: "share", knots: Float64Array.of(0.1, 0.3, 0.5), heights: Float64Array.of(0, 0, 1), tail: 0.5});
  const market: Market = {values: [1, 1], perturbation: flat, outside: 1};
  const {shares, outsideShare, surplus} = demand(market, [1, 1]);
  close(shares[0] + shares[1] + outsideShare, 1, 1e-14);
  // All net utilities equal: any shares on the flat stretch, whose cost is their length times zero.
  for (const x of [...shares]) assert.ok(x >= 0.1 - 1e-9 && x <= 0.5);
  assert.ok(surplus >= 0 - 1e-12);
});
