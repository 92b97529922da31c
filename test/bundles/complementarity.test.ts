import assert from "node:assert/strict";
import test from "node:test";
import {benjaminiHochberg, holm} from "../../src/bundles/adjust.js";
import {complementarity} from "../../src/bundles/complementarity.js";
import {association, criteria, type Criteria, type PairCounts} from "../../src/bundles/pair.js";
import {source} from "../../src/math/random.js";
import {allClose, close} from "../support/world.js";

const shares = (both: number, first: number, second: number, neither: number): PairCounts => ({both, first, second, neither});
const verdicts = (P: PairCounts) => criteria(P, 100, 0.95).verdicts;
const names = ["correlation", "additivity", "supermodularity", "maxmin"] as const;

test("thirty bought both, twenty and fifteen one, thirty-five neither: every number by hand", () => {
  // Closed forms in 12 digits or more: theta = ln(30 * 35 / (20 * 15)), its error sqrt(1/30 + 1/20 + 1/15 + 1/35), and so on.
  const {pairs: [pair]} = complementarity({"a+b": 30, a: 20, b: 15, none: 35});
  const {correlation, additivity, supermodularity, aboveMax, belowMin, theta} = pair;
  allClose([correlation.value, correlation.error], [0.075, 0.0237170825], 1e-10);
  allClose([theta.value, theta.error, theta.z, theta.low, theta.high], [1.2527629685, 0.4225771274, 2.9645782684, 0.4245270182, 2.0809989188], 1e-10);
  allClose([pair.phi, pair.yuleQ, pair.lift], [0.3015113446, 0.5555555556, 1.3333333333], 1e-10);
  allClose([pair.information, pair.bits, pair.G, pair.pearson], [0.0462008292, 0.0666537071, 9.2401658363, 9.0909090909], 1e-10);
  allClose([additivity.value, supermodularity.value, aboveMax.value, belowMin.value], [-0.05, 0.3, 0.1, 0.15], 1e-14);
  assert.deepEqual(pair.verdicts, {correlation: "complements", additivity: "neither", supermodularity: "complements", maxmin: "complements"});
  assert.equal(pair.agree, false);
  close(pair.yuleQ, Math.tanh(theta.value / 2), 1e-14);
});

test("errors by the delta method are those of resampled tables", () => {
  const P = shares(0.3, 0.2, 0.15, 0.35);
  const n = 400;
  const stream = source(7).stream("tables");
  const draws = Array.from({length: 1600}, () => {
    const c = [0, 0, 0, 0];
    for (let k = 0; k < n; ++k) {
      const u = stream.uniform();
      ++c[u < 0.3 ? 0 : u < 0.5 ? 1 : u < 0.65 ? 2 : 3];
    }
    return association(shares(c[0], c[1], c[2], c[3]), 0.95);
  });
  const sd = (of: (c: Criteria & {theta: {value: number}}) => number) => {
    const v = draws.map(of);
    const mean = v.reduce((sum, x) => sum + x, 0) / v.length;
    return Math.sqrt(v.reduce((sum, x) => sum + (x - mean) ** 2, 0) / v.length);
  };
  const exact = association(shares(0.3 * n, 0.2 * n, 0.15 * n, 0.35 * n), 0.95);
  assert.deepEqual([exact.verdicts], [verdicts(P)]);
  // A standard deviation from 1600 draws is known to 1.8 percent: the band is four times that.
  for (const key of ["correlation", "additivity", "supermodularity", "aboveMax", "belowMin", "theta"] as const) close(sd((c) => c[key].value) / exact[key].error, 1, 0.071, key);
});

/** Random shares of four bundles. */
const chance = source(12).stream("shares");
const random = (): PairCounts => {
  const e = Array.from({length: 4}, () => -Math.log(chance.uniform()));
  const sum = e.reduce((s, v) => s + v, 0);
  return shares(e[0] / sum, e[1] / sum, e[2] / sum, e[3] / sum);
};
const kept = (holds: (P: PairCounts, name: (typeof names)[number]) => boolean) => {
  const worlds = Array.from({length: 3000}, random);
  return Object.fromEntries(names.map((name) => [name, worlds.every((P) => holds(P, name))]));
};

test("duality: correlation and supermodularity stay when buying and not buying change places, the others need not", () => {
  const dual = kept((P, name) => verdicts(P)[name] === verdicts(shares(P.neither, P.second, P.first, P.both))[name]);
  assert.deepEqual(dual, {correlation: true, additivity: false, supermodularity: true, maxmin: false});
});

test("monotonicity: more bought together and less alone may end correlation, and no other criterion", () => {
  const monotone = kept((P, name) => {
    const [da, db] = [P.first * chance.uniform(), P.second * chance.uniform()];
    const fromNeither = P.neither * chance.uniform();
    const toBoth = chance.uniform() * (da + db);
    const later = shares(P.both + toBoth + fromNeither, P.first - da, P.second - db, P.neither - fromNeither + da + db - toBoth);
    return verdicts(P)[name] !== "complements" || verdicts(later)[name] === "complements";
  });
  assert.deepEqual(monotone, {correlation: false, additivity: true, supermodularity: true, maxmin: true});
  // One such case: those who bought neither now buy both, and correlation turns from complements to substitutes.
  const [before, after] = [shares(0.3, 0.2, 0.2, 0.3), shares(0.55, 0.2, 0.2, 0.05)];
  close(criteria(before, 1, 0.95).correlation.value, 0.05, 1e-15);
  close(criteria(after, 1, 0.95).correlation.value, -0.0125, 1e-15);
  assert.deepEqual([verdicts(before).correlation, verdicts(after).correlation], ["complements", "substitutes"]);
});

test("independence: goods bought independently are independent by correlation, and only by it", () => {
  const independent = kept((_, name) => {
    const [A, B] = [chance.uniform(), chance.uniform()];
    const verdict = verdicts(shares(A * B, A * (1 - B), (1 - A) * B, (1 - A) * (1 - B)))[name];
    return verdict === "independent" || verdict === "neither";
  });
  assert.deepEqual(independent, {correlation: true, additivity: false, supermodularity: false, maxmin: false});
});

test("information is the entropy of independence less that of the table; G and Pearson agree where dependence is slight", () => {
  for (let k = 0; k < 50; ++k) {
    const P = random();
    const h = (p: readonly number[]) => -p.reduce((sum, v) => sum + v * Math.log(v), 0);
    const [A, B] = [P.both + P.first, P.both + P.second];
    const pair = association(shares(1000 * P.both, 1000 * P.first, 1000 * P.second, 1000 * P.neither), 0.95);
    close(pair.information, h([A, 1 - A]) + h([B, 1 - B]) - h(Object.values(P)), 1e-14);
    assert.equal(Math.sign(pair.theta.value), Math.sign(pair.correlation.value));
    assert.equal(Math.sign(pair.phi), Math.sign(pair.theta.value));
  }
  const slight = association(shares(2510, 2490, 2490, 2510), 0.95);
  close(slight.G / slight.pearson, 1, 1e-4);
});

test("an empty cell gets half a count for theta alone, and that is said", () => {
  const found = complementarity({"a+b": 12, a: 0, b: 5, none: 9});
  const [pair] = found.pairs;
  close(pair.theta.value, Math.log((12.5 * 9.5) / (0.5 * 5.5)), 1e-14);
  close(pair.theta.error, Math.sqrt(1 / 12.5 + 1 / 0.5 + 1 / 5.5 + 1 / 9.5), 1e-14);
  assert.ok(pair.haldane && pair.yuleQ === 1 && found.notes.some(({code}) => code === "bundles/haldane"));
  close(pair.shares.both, 12 / 26, 1e-15);
});

test("adjusted p-values: a worked case, order, and ties", () => {
  // By hand: Holm 4 * .01, 3 * .013 raised to the former, 2 * .02 likewise, .05; Benjamini-Hochberg 4/1, 4/2, 4/3, 4/4, lowered from the right.
  const p = [0.02, 0.01, 0.05, 0.013];
  allClose(holm(p), [0.04, 0.04, 0.05, 0.04], 1e-15);
  allClose(benjaminiHochberg(p), [(0.02 * 4) / 3, 0.026, 0.05, 0.026], 1e-15);
  assert.deepEqual(holm([0.9, NaN, 0.8]), [1, NaN, 1]);
  assert.deepEqual(benjaminiHochberg([]), []);
});

test("all pairs of many goods: those planted are found, and adjusting keeps the rest out", () => {
  const stream = source(4).stream("baskets");
  const rows = Array.from({length: 1500}, () => {
    const tea = Number(stream.uniform() < 0.5);
    const milk = Number(stream.uniform() < (tea ? 0.6 : 0.35)); // together
    const coffee = Number(stream.uniform() < (tea ? 0.25 : 0.55)); // instead
    return {tea, milk, coffee, bread: stream.uniform() < 0.5, jam: BigInt(Number(stream.uniform() < 0.3))};
  });
  const found = complementarity(rows);
  assert.deepEqual([found.goods, found.n, found.pairs.length], [["tea", "milk", "coffee", "bread", "jam"], 1500, 10]);
  const of = (a: string, b: string) => found.pairs.find(({first, second}) => [first, second].includes(a) && [first, second].includes(b))!;
  assert.equal(of("tea", "milk").verdicts.correlation, "complements");
  assert.equal(of("tea", "coffee").verdicts.correlation, "substitutes");
  const significant = found.pairs.filter((pair) => pair.holm < 0.01).map(({first, second}) => `${first} ${second}`);
  assert.deepEqual(significant, ["tea milk", "tea coffee"]);
  found.pairs.forEach((pair) => assert.ok(pair.holm >= pair.benjaminiHochberg && pair.benjaminiHochberg >= pair.pG));
  assert.equal(found.theta[0][1], found.theta[1][0]);
  assert.ok(Number.isNaN(found.theta[2][2]));
});

test("rows, rows with counts, columns and counts by bundle are the same purchases", () => {
  const counts = complementarity({"a+b": 3, a: 2, b: 1, none: 4});
  const rows = [...Array(3).fill({a: 1, b: 1}), ...Array(2).fill({a: 1, b: 0}), {a: 0, b: 1}, ...Array(4).fill({a: 0, b: 0})] as object[];
  const weighted = [{a: 1, b: 1, n: 3}, {a: 1, b: 0, n: 2}, {a: 0, b: 1, n: 1}, {a: 0, b: 0, n: 4}];
  const columns = {a: [true, true, false, false], b: Uint8Array.of(1, 0, 1, 0), n: [3, 2, 1, 4], town: ["x", "x", "x", "x"]};
  for (const other of [complementarity(rows), complementarity(weighted, {count: "n"}), complementarity(columns, {goods: ["a", "b"], count: "n"})]) assert.deepEqual({...other.pairs[0]}, {...counts.pairs[0]});
  const swapped = complementarity({b: 1, "b+a": 3, neither: 4, a: 2}, {goods: ["a", "b"]}).pairs[0];
  assert.deepEqual({...swapped}, {...counts.pairs[0]});
});

// Charig, Webb, Payne and Wickham (1986, BMJ 292): kidney stones treated by open surgery or by nephrolithotomy, and cured or not.
const stones = [
  {surgery: 1, cured: 1, size: "small", n: 81}, {surgery: 1, cured: 0, size: "small", n: 6}, {surgery: 0, cured: 1, size: "small", n: 234}, {surgery: 0, cured: 0, size: "small", n: 36},
  {surgery: 1, cured: 1, size: "large", n: 192}, {surgery: 1, cured: 0, size: "large", n: 71}, {surgery: 0, cured: 1, size: "large", n: 55}, {surgery: 0, cured: 0, size: "large", n: 25}
];

test("Simpson's reversal: surgery goes with fewer cures in all, and with more among small stones and among large", () => {
  const found = complementarity(stones, {count: "n", stratify: "size"});
  const {strata, theta} = found.pairs[0];
  close(theta.value, Math.log((273 * 61) / (77 * 289)), 1e-14);
  assert.ok(theta.value < 0 && strata!.reversal && strata!.everywhere && found.notes.some(({code}) => code === "bundles/reversal"));
  assert.deepEqual(strata!.rows.map(({stratum, n, verdict}) => [stratum, n, verdict]), [["small", 357, "complements"], ["large", 343, "complements"]]);
  // Mantel-Haenszel by hand: (81 * 36 / 357 + 192 * 25 / 343) / (6 * 234 / 357 + 71 * 55 / 343).
  const R = [(81 * 36) / 357, (192 * 25) / 343];
  const S = [(6 * 234) / 357, (71 * 55) / 343];
  close(strata!.common.value, Math.log((R[0] + R[1]) / (S[0] + S[1])), 1e-14);
  assert.equal(strata!.heterogeneity.degrees, 1);
  const [a, b] = strata!.rows.map(({theta: t}) => t);
  close(strata!.heterogeneity.statistic, (a.value - b.value) ** 2 / (a.error ** 2 + b.error ** 2), 1e-12);
});

test("in one stratum, and in strata alike, the common interaction is the pooled one", () => {
  const once = complementarity(stones.map((row) => ({...row, size: "all"})), {count: "n", stratify: "size"}).pairs[0];
  close(once.strata!.common.value, once.theta.value, 1e-14);
  close(once.strata!.common.error, once.theta.error, 1e-14); // Robins, Breslow and Greenland's error is Woolf's in one table
  assert.ok(!once.strata!.reversal && Number.isNaN(once.strata!.heterogeneity.p));
  const twice = complementarity([...stones.map((row) => ({...row, size: "x"})), ...stones.map((row) => ({...row, size: "y"}))], {count: "n", stratify: "size"}).pairs[0].strata!;
  close(twice.common.value, once.theta.value, 1e-14);
  close(twice.common.error, once.theta.error / Math.SQRT2, 1e-14);
  close(twice.heterogeneity.statistic, 0, 1e-12);
});

test("the error of the common interaction is that of resampled strata", () => {
  const stream = source(9).stream("strata");
  const n = [150, 250];
  const P = [[0.3, 0.2, 0.2, 0.3], [0.15, 0.1, 0.35, 0.4]];
  const draw = () => P.flatMap((p, s) => {
    const c = [0, 0, 0, 0];
    for (let k = 0; k < n[s]; ++k) {
      let [u, cell] = [stream.uniform(), 0];
      while (cell < 3 && u > p[cell]) u -= p[cell++];
      ++c[cell];
    }
    return [[1, 1], [1, 0], [0, 1], [0, 0]].map(([a, b], cell) => ({a, b, s, n: c[cell]}));
  });
  const found = Array.from({length: 600}, () => complementarity(draw(), {count: "n", stratify: "s"}).pairs[0].strata!.common);
  const mean = found.reduce((sum, {value}) => sum + value, 0) / found.length;
  const sd = Math.sqrt(found.reduce((sum, {value}) => sum + (value - mean) ** 2, 0) / found.length);
  const typical = found.reduce((sum, {error}) => sum + error, 0) / found.length;
  close(sd / typical, 1, 0.116); // a standard deviation from 600 draws is known to 2.9 percent
});
