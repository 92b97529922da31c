import assert from "node:assert/strict";
import test from "node:test";
import {complementarity} from "../../src/bundles/complementarity.js";
import {fitBundles} from "../../src/bundles/fitBundles.js";
import {source} from "../../src/math/random.js";
import {allClose, close} from "../support/world.js";

/** Baskets of J goods drawn from a logit of bundles with known utilities and interactions. */
function world(J: number, n: number, seed: number) {
  const stream = source(seed).stream("baskets");
  const alpha = Array.from({length: J}, () => stream.normal() * 0.5 - 0.3);
  const theta = Array.from({length: J}, () => Array.from({length: J}, () => stream.normal() * 0.6));
  const worth = Array.from({length: 1 << J}, (_, B) => {
    let u = 0;
    for (let k = 0; k < J; ++k) if (B & (1 << k)) {
      u += alpha[k];
      for (let j = 0; j < k; ++j) if (B & (1 << j)) u += theta[j][k];
    }
    return Math.exp(u);
  });
  const total = worth.reduce((sum, w) => sum + w, 0);
  const counts = new Array<number>(1 << J).fill(0);
  for (let i = 0; i < n; ++i) {
    let [u, B] = [stream.uniform() * total, 0];
    while (B < counts.length - 1 && u > worth[B]) u -= worth[B++];
    ++counts[B];
  }
  const rows = counts.map((count, B) => ({...Object.fromEntries(alpha.map((_, j) => [`g${j}`, (B >> j) & 1])), count}));
  return {alpha, theta, rows, counts};
}

test("with two goods the model is saturated, and its interaction is that of the table", () => {
  const counts = {"a+b": 30, a: 20, b: 15, none: 35};
  const [found, {pairs: [pair]}] = [fitBundles(counts), complementarity(counts)];
  close(found.interactions[0].value, pair.theta.value, 1e-13);
  close(found.interactions[0].error, pair.theta.error, 1e-12);
  close(found.intercepts[0].value, Math.log(20 / 35), 1e-13);
  close(found.intercepts[0].error, Math.sqrt(1 / 20 + 1 / 35), 1e-12);
  close(found.independence.statistic, pair.G, 1e-11);
  allClose([found.fit.statistic, found.fit.degrees], [0, 0], 1e-12);
  close(found.explained, 1, 1e-12);
});

test("shares of goods and pairs are met, and entropy is minus the log-likelihood: greater than that of any joint with the same", () => {
  for (const J of [3, 4, 6, 10]) {
    const {rows} = world(J, 4000, J);
    const found = fitBundles(rows, {count: "count", smooth: false});
    assert.ok(found.residual < 1e-12 && found.iterations < 20, `${J}: ${found.residual}, ${found.iterations}`);
    const P = found.bundles.map(({fitted}) => fitted);
    const h = (p: readonly number[]) => -p.reduce((sum, v) => sum + (v > 0 ? v * Math.log(v) : 0), 0);
    close(h(P), -found.logLikelihood / 4000, 1e-12);
    close(found.entropy.observed, h(found.bundles.map(({share}) => share)), 1e-12);
    assert.ok(found.entropy.observed <= found.entropy.pairs && found.entropy.pairs <= found.entropy.goods && found.entropy.goods <= found.entropy.nothing);
    // A move along the parity of three goods leaves all goods and pairs as they are: entropy falls both ways.
    const parity = P.map((_, B) => ((B & 1) + ((B >> 1) & 1) + ((B >> 2) & 1)) % 2 === 0 ? 1 : -1);
    const step = 0.3 * Math.min(...P);
    for (const s of [step, -step]) assert.ok(h(P.map((p, B) => p + s * parity[B])) < h(P));
    close(2 * 4000 * (found.entropy.goods - found.entropy.pairs), found.independence.statistic, 1e-9);
    assert.deepEqual([found.independence.degrees, found.fit.degrees], [(J * (J - 1)) / 2, 2 ** J - 1 - J - (J * (J - 1)) / 2]);
  }
});

test("true utilities and interactions come back, within errors that are their spread", () => {
  const z: number[] = [];
  for (let seed = 1; seed <= 12; ++seed) {
    const {alpha, theta, rows} = world(4, 3000, 100 + seed);
    const found = fitBundles(rows, {count: "count"});
    found.intercepts.forEach(({value, error}, j) => z.push((value - alpha[j]) / error));
    found.interactions.forEach(({first, second, value, error}) => z.push((value - theta[Number(first.slice(1))][Number(second.slice(1))]) / error));
  }
  // 120 standard normals: their mean square is 1, give or take 0.13.
  close(z.reduce((sum, v) => sum + v * v, 0) / z.length, 1, 0.52);
  assert.ok(Math.max(...z.map(Math.abs)) < 4.5);
});

test("where goods are linked only through a third, pairs seem linked and interactions say otherwise", () => {
  // b and c each go with a, and with each other only through it.
  const counts: Record<string, number> = {};
  for (let B = 0; B < 8; ++B) counts[["a", "b", "c"].filter((_, j) => B & (1 << j)).join("+") || "none"] = 1000 * Math.exp(-0.5 * ((B & 1) + ((B >> 1) & 1) + ((B >> 2) & 1)) + 1.5 * (B & 1) * (((B >> 1) & 1) + ((B >> 2) & 1)));
  const found = fitBundles(counts);
  allClose(found.theta[0].slice(1), [1.5, 1.5], 1e-10);
  close(found.theta[1][2], 0, 1e-10);
  assert.ok(complementarity(counts).theta[1][2] > 0.3);
});

test("a pair never bought together is smoothed by half a purchase a cell, or refused", () => {
  const counts = {"a+b": 0, a: 20, b: 15, none: 35};
  const found = fitBundles(counts);
  assert.ok(found.smoothed && found.notes.some(({code}) => code === "bundles/haldane"));
  close(found.interactions[0].value, complementarity(counts).pairs[0].theta.value, 1e-12);
  assert.throws(() => fitBundles(counts, {smooth: false}), {code: "bundles/separation"});
});

test("separation that no pair shows is refused: three goods that are never all bought nor all left", () => {
  // Every pair occurs in all four ways, yet an infinite interaction of all three pairs predicts best.
  assert.throws(() => fitBundles({"a+b": 10, "a+c": 10, "b+c": 10, none: 0, a: 10, b: 10, c: 10, "a+b+c": 0}, {smooth: false}), {code: "bundles/separation"});
});
