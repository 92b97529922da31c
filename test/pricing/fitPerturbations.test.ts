import assert from "node:assert/strict";
import test from "node:test";
import {source} from "../../src/math/random.js";
import {demand, inverseDemand} from "../../src/pricing/demand.js";
import {fitPerturbations, type PerturbationOptions} from "../../src/pricing/fitPerturbations.js";
import {optimalPrices} from "../../src/pricing/optimalPrices.js";
import {allClose, close} from "../support/world.js";

// A generator in common use, small enough to stand here, so that these worlds can be made again anywhere: mulberry32.
function mulberry32(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), seed | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const logit = (v: readonly number[], b: number, p: readonly number[]) => {
  const e = v.map((x, j) => Math.exp(x - b * p[j]));
  const sum = e.reduce((s, x) => s + x, 1);
  return e.map((x) => x / sum);
};

const uniform = mulberry32(99);
const prices = Array.from({length: 60}, () => Array.from({length: 3}, () => 1 + 2 * uniform()));
// Half the customers mind prices four times as much as the others, and like other goods.
const twoSegments = (p: readonly number[]) => logit([3, 3, 4], 2, p).map((x, j) => 0.5 * x + 0.5 * logit([1, 1.5, 1], 0.5, p)[j]);
const oneSegment = (p: readonly number[]) => logit([2, 2.5, 3], 1.25, p);

test("the generator of these worlds is mulberry32", () => {
  const next = mulberry32(12345);
  assert.deepEqual([next(), next(), next()], [0.9797282677609473, 0.3067522644996643, 0.484205421525985]);
});

test("where customers differ, rising curves explain prices several times better than logit, also in periods left out", () => {
  for (const scale of ["share", "log"] as const) {
    const found = fitPerturbations(prices, prices.map(twoSegments), {scale});
    assert.ok(found.rmse < found.logit.rmse / 4, `${scale}: ${found.rmse}, logit ${found.logit.rmse}`);
    assert.ok(found.heldOut!.ramps < found.heldOut!.logit / 3, `${scale}: ${found.heldOut!.ramps}, logit ${found.heldOut!.logit}`);
    assert.ok(found.r2 > 0.99 && found.residual < 1e-12);
  }
});

test("where logit is true it has no error, ramps in the share have that of a broken line, and ramps in the logarithm none", () => {
  const shares = prices.map(oneSegment);
  const lines = fitPerturbations(prices, shares, {scale: "share"});
  close(lines.logit.scale, 1 / 1.25, 1e-13);
  allClose(lines.logit.values, [2 / 1.25, 2.5 / 1.25, 3 / 1.25], 1e-12);
  assert.ok(lines.logit.rmse < 1e-13 && lines.rmse > 0.005 && lines.rmse < 0.05, `${lines.rmse}`);
  for (const curves of ["each", "inside", "all"] as const) {
    const found = fitPerturbations(prices, shares, {curves});
    assert.ok(found.rmse < 1e-12 && found.heldOut!.ramps < 1e-12, `${curves}: ${found.rmse}`);
    const best = optimalPrices({...found.market, costs: [1, 1, 1]});
    allClose(best.prices, optimalPrices({values: [2, 2.5, 3], priceCoefficient: 1.25, costs: [1, 1, 1]}).prices, 1e-6);
  }
});

test("curves rise, residuals are what prices and curves leave, and the market repeats the fit", () => {
  const shares = prices.map(twoSegments);
  for (const options of [{}, {scale: "share"}, {curves: "inside"}, {curves: "all", scale: "share"}] as PerturbationOptions[]) {
    const found = fitPerturbations(prices, shares, options);
    for (const {heights, knots} of found.curves) for (let k = 1; k < knots.length; ++k) assert.ok(heights[k] >= heights[k - 1] && knots[k] > knots[k - 1]);
    shares.slice(0, 8).forEach((x, t) => {
      const fitted = found.fitted.slice(3 * t, 3 * t + 3);
      allClose(inverseDemand(found.market, x), fitted, 1e-10);
      allClose(demand(found.market, fitted).shares, x, 1e-9);
    });
  }
});

test("no curves that rise fit better: least squares under signs against random neighbours", () => {
  const shares = prices.map(twoSegments);
  const found = fitPerturbations(prices, shares, {scale: "share"});
  const chance = source(3).stream("neighbours");
  const error = (heights: readonly Float64Array[], values: ArrayLike<number>) => {
    const at = (c: number, x: number) => {
      const {knots} = found.curves[c];
      let sum = heights[c][0];
      for (let k = 1; k < knots.length; ++k) sum += (heights[c][k] - heights[c][k - 1]) * Math.min(1, Math.max(0, (x - knots[k - 1]) / (knots[k] - knots[k - 1])));
      return sum;
    };
    return shares.reduce((total, x, t) => total + x.reduce((sum, xj, j) => sum + (prices[t][j] - values[j] + at(j, xj) - at(3, 1 - x[0] - x[1] - x[2])) ** 2, 0), 0);
  };
  const least = error(found.curves.map(({heights}) => heights), found.values);
  close(Math.sqrt(least / 180), found.rmse, 1e-10);
  for (let k = 0; k < 200; ++k) {
    const heights = found.curves.map(({heights: h}) => {
      let sum = 0;
      return h.map((v, i) => (i ? (sum += Math.max(0, v - h[i - 1] + 0.01 * chance.normal())) : 0));
    });
    assert.ok(error(heights, found.values.map((v) => v + 0.01 * chance.normal())) > least);
  }
});

test("prices set by the fitted curves earn more of customers who differ than prices set by logit", () => {
  const {market, logit: line} = fitPerturbations(prices, prices.map(twoSegments));
  const costs = [1, 1, 1];
  const truth = (p: Float64Array) => twoSegments([...p]).reduce((sum, x, j) => sum + (p[j] - costs[j]) * x, 0);
  const bounds = {least: 1, greatest: 3}; // where prices were seen
  const byCurves = optimalPrices({...market, costs, ...bounds}).prices;
  const byLogit = optimalPrices({values: [...line.values].map((v) => v / line.scale), priceCoefficient: 1 / line.scale, costs, ...bounds}).prices;
  assert.ok(truth(byCurves) > truth(byLogit), `${truth(byCurves)}, ${truth(byLogit)}`);
});

/** Logit customers whose tastes move from period to period, at prices that follow them or not. */
function tasteWorld(seed: number, follow: number) {
  const chance = source(seed).stream("tastes");
  const world = Array.from({length: 400}, () => {
    const cost = [1 + 2 * chance.uniform(), 1 + 2 * chance.uniform()];
    const taste = [0.5 * chance.normal(), 0.5 * chance.normal()];
    const price = cost.map((c, j) => c + follow * taste[j]);
    return {cost, price, share: logit([2 + taste[0], 1.5 + taste[1]], 1, price)};
  });
  return {costs: world.map(({cost}) => cost), prices: world.map(({price}) => price), shares: world.map(({share}) => share)};
}

test("where tastes move shares, least squares is too flat; instruments set it right, whether prices follow tastes or not", () => {
  for (const follow of [0, 0.8]) {
    const world = tasteWorld(1, follow);
    const plain = fitPerturbations(world.prices, world.shares, {folds: 0});
    const [instrument] = [follow ? world.costs : world.prices];
    const found = fitPerturbations(world.prices, world.shares, {instruments: [instrument], curves: "inside"});
    // The truth is 1; four standard errors of a scale are about 0.12.
    assert.ok(plain.logit.scale < found.logit.scale - 0.1 && Math.abs(found.logit.scale - 1) < 4 * found.logit.error && found.logit.error < 0.04, `${plain.logit.scale}, ${found.logit.scale}`);
    const steep = (fit: typeof found) => fit.curves.reduce((sum, {heights, knots}) => sum + heights[heights.length - 1] / Math.log(knots[knots.length - 1] / knots[0]) / fit.curves.length, 0);
    assert.ok(Math.abs(steep(found) - 1) < Math.abs(steep(plain) - 1), `${steep(found)}, ${steep(plain)}`);
    assert.ok(found.instruments >= found.ramps && found.heldOut === undefined);
  }
  const world = tasteWorld(2, 0.8);
  const short = fitPerturbations(world.prices, world.shares, {instruments: [world.costs.map(([c]) => [c, c])], curves: "each", knots: 12});
  assert.ok(short.instruments < short.ramps === short.notes.some(({code}) => code === "pricing/few-instruments"));
});

test("columns by name are rows by position, and names go along", () => {
  const shares = prices.map(twoSegments);
  const columns = (rows: readonly number[][]) => ({tea: rows.map((r) => r[0]), milk: Float64Array.from(rows, (r) => r[1]), jam: rows.map((r) => r[2])});
  const {jam, ...rest} = columns(shares);
  const found = fitPerturbations(columns(prices), {jam, ...rest});
  allClose(found.fitted, fitPerturbations(prices, shares).fitted, 0);
  const names = ["tea", "milk", "jam"];
  assert.deepEqual([found.names, found.curves.map(({goods}) => goods), found.market.names], [names, [...names.map((name) => [name]), []], names]);
});

test("what cannot be learned is said: too few periods, curves that are flat, knots that coincide", () => {
  const shares = prices.map(twoSegments);
  const codes = (p: number[][], x: number[][], options: PerturbationOptions = {}) => fitPerturbations(p, x, options).notes.map(({code}) => code);
  assert.deepEqual(codes(prices, shares), []);
  assert.ok(codes(prices.slice(0, 5), shares.slice(0, 5)).includes("pricing/many-ramps"));
  assert.ok(codes(prices, shares.map((x) => [0.2, x[1], x[2]])).includes("pricing/few-knots"));
  // Prices that rise with shares.
  const upside = codes(shares.map((x) => x.map((v) => 5 * v)), shares);
  assert.ok(upside.includes("pricing/logit-sign") && upside.includes("pricing/flat-curve"), upside.join());
});
