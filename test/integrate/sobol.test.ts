import test from "node:test";
import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {sobol, sobolIntegers} from "../../src/integrate/sobol.js";
import {directionWords} from "../../src/integrate/sobolNumbers.js";
import {cumulative} from "../../src/math/normal.js";
import {source} from "../../src/math/random.js";

const reference = JSON.parse(readFileSync(new URL("../reference/rules.json", import.meta.url), "utf8"));

test("before scrambling the points are those of Joe and Kuo", () => {
  reference.sobol.forEach((point: number[], r: number) => point.forEach((u, d) => assert.equal(sobolIntegers(8, d)[r] / 2 ** 32, u)));
  // scipy 1.17.1, qmc.Sobol(256, scramble=False, bits=32).random(8192)[5000, d] * 2^32.
  const point5000 = {0: 844627968, 1: 1119354880, 2: 926416896, 5: 4239917056, 63: 2253914112, 64: 3706191872, 127: 1590165504, 200: 202899456, 255: 1657274368};
  for (const [d, x] of Object.entries(point5000)) assert.equal(sobolIntegers(5001, Number(d))[5000], x);
});

test("each word has a polynomial and as many odd numbers as its degree", () => {
  assert.equal(directionWords.length, 255);
  assert.equal(new Set(directionWords.map(word => word.split(".")[0])).size, 255);
  for (const word of directionWords) {
    const [polynomial, ...m] = word.split(".").map(text => parseInt(text, 36));
    assert.equal(m.length, 31 - Math.clz32(polynomial));
    m.forEach((value, k) => assert.ok(value % 2 === 1 && value < 2 ** (k + 1)));
  }
});

test("2^m points have one point in each of 2^m intervals, in every dimension and for every unit", () => {
  for (const shared of [false, true]) {
    const nodes = sobol(256, {shared}).build({dimensions: 256, units: 2, source: source(2)});
    for (const unit of [0, 1]) {
      for (let d = 0; d < 256; ++d) {
        const cells = new Set(Array.from({length: 256}, (_, r) => Math.floor(cumulative(nodes.at(unit)[r * 256 + d]) * 256)));
        assert.equal(cells.size, 256);
      }
    }
  }
});

test("the first two dimensions are a net: one point in each of the 2^a by 2^(8-a) boxes, scrambled and shifted", () => {
  const nodes = sobol(256).build({dimensions: 2, units: 1, source: source(3)}).at(0);
  for (let a = 0; a <= 8; ++a) {
    const boxes = new Set(Array.from({length: 256}, (_, r) => Math.floor(cumulative(nodes[2 * r]) * 2 ** a) * 2 ** (8 - a) + Math.floor(cumulative(nodes[2 * r + 1]) * 2 ** (8 - a))));
    assert.equal(boxes.size, 256);
  }
});

test("scrambled, a point is uniform: over seeds, its place has the moments of a uniform", () => {
  const n = 2000;
  let [m, v] = [0, 0];
  for (let seed = 0; seed < n; ++seed) {
    const u = cumulative(sobol(1, {shared: true}).build({dimensions: 3, units: 1, source: source(seed)}).at(0)[2]);
    m += u / n;
    v += (u - 0.5) ** 2 / n;
  }
  assert.ok(Math.abs(m - 1 / 2) < 4 / Math.sqrt(12 * n));
  assert.ok(Math.abs(v - 1 / 12) < 4 / Math.sqrt(180 * n));
});

test("scrambling, and not shifting alone, brings the error of smooth integrands down faster than 1/R", () => {
  // E exp(u) = e - 1 in one dimension. Over scrambles the root mean square error falls like R^(-3/2), a digital shift alone gives 1/R.
  const rmse = (draws: number) => {
    let sum = 0;
    for (let seed = 0; seed < 40; ++seed) {
      const z = sobol(draws, {shared: true}).build({dimensions: 1, units: 1, source: source(seed)}).at(0);
      sum += (z.reduce((total, x) => total + Math.exp(cumulative(x)), 0) / draws - (Math.E - 1)) ** 2;
    }
    return Math.sqrt(sum / 40);
  };
  const slope = Math.log2(rmse(16) / rmse(1024)) / 6;
  assert.ok(slope > 1.35 && slope < 1.65, `${slope}`);
  // The variance within each of R intervals, uniform in each: (e^2 - 1)/2/(12 R^3).
  const theory = Math.sqrt((Math.E ** 2 - 1) / 24 / 256 ** 3);
  assert.ok(Math.abs(rmse(256) / theory - 1) < 0.45, `${rmse(256)} and ${theory}`);
});
