import test from "node:test";
import assert from "node:assert/strict";
import {ChoiceError} from "../../src/errors.js";
import {philoxInto} from "../../src/math/philox.js";
import {branch, mix, permutation, source} from "../../src/math/random.js";

// Known answers of Philox4x32-10 published with Random123 (Salmon et al. 2011): counter, key, output.
const known: [number[], number[], number[]][] = [
  [[0, 0, 0, 0], [0, 0], [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]],
  [[-1, -1, -1, -1], [-1, -1], [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]],
  [[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0], [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1]]
];

test("Philox gives the published answers", () => {
  for (const [[c0, c1, c2, c3], [k0, k1], answer] of known) {
    const out = new Uint32Array(4);
    philoxInto(out, c0, c1, c2, c3, k0, k1);
    assert.deepEqual([...out], answer);
  }
});

test("a stream is a function of seed, purpose and index, and of nothing else", () => {
  const first = (seed: number, purpose: string, index?: number) => {
    const {uniform} = source(seed).stream(purpose, index);
    return [uniform(), uniform(), uniform()].join();
  };
  const one = source(7);
  const a = one.stream("draws", 3);
  const b = one.stream("draws", 4);
  const mixed = [a.uniform(), b.uniform(), a.uniform(), b.uniform(), a.uniform()];
  assert.equal([mixed[0], mixed[2], mixed[4]].join(), first(7, "draws", 3));
  assert.equal(first(7, "draws"), first(7, "draws", 0));
  const keys: [number, string, number][] = [[7, "draws", 0], [8, "draws", 0], [7 + 2 ** 32, "draws", 0], [7 + 2 ** 52, "draws", 0], [7, "draw", 0], [7, "", 0], [7, "draws", 1], [7, "draws", 2 ** 31], [7, "draws", 2 ** 32 - 1]];
  assert.equal(new Set(keys.map(key => first(...key))).size, keys.length);
});

test("the bits of a seed stay what they are", () => {
  // Written down when made: a change here changes every simulated result.
  const {uniform, normal, below} = source(20).stream("draws", 17);
  assert.deepEqual([uniform(), normal(), below(1000)], [0.40506477299310395, 1.4272364355242289, 312]);
});

test("a branch shares no stream with its parent", () => {
  const parent = source(1);
  const child = branch(parent, "situations");
  assert.equal(child.seed, 1);
  assert.notEqual(child.stream("draws", 2).uniform(), parent.stream("draws", 2).uniform());
  assert.equal(child.stream("draws", 2).uniform(), branch(source(1), "situations").stream("draws", 2).uniform());
});

test("uniforms are odd multiples of 2^-53, even in sixteen cells and without memory", () => {
  const {uniform} = source(1).stream("test");
  const n = 160_000;
  const single = new Float64Array(16);
  const pairs = new Float64Array(256);
  let before = 0;
  for (let i = 0; i < n; ++i) {
    const u = uniform();
    assert.ok(u > 0 && u < 1 && (u * 2 ** 53) % 2 === 1);
    const cell = Math.floor(u * 16);
    ++single[cell];
    ++pairs[before * 16 + cell];
    before = cell;
  }
  const chi2 = (counts: Float64Array) => counts.reduce((sum, c) => sum + (c - n / counts.length) ** 2 / (n / counts.length), 0);
  // Beyond 44.3 and 347 with probability 1e-4, had the seed not been fixed.
  assert.ok(chi2(single) < 44.3, `${chi2(single)}`);
  assert.ok(chi2(pairs) < 347, `${chi2(pairs)}`);
});

test("streams of neighbouring indices are not correlated", () => {
  const s = source(1);
  let sum = 0;
  for (let i = 0; i < 20_000; ++i) sum += s.stream("draws", i).normal() * s.stream("draws", i + 1).normal();
  assert.ok(Math.abs(sum / Math.sqrt(20_000)) < 4);
});

test("normals have the moments of a normal", () => {
  const {normal} = source(5).stream("test");
  const n = 100_000;
  const m = [0, 0, 0, 0];
  for (let i = 0; i < n; ++i) {
    const z = normal();
    for (let k = 0; k < 4; ++k) m[k] += z ** (k + 1) / n;
  }
  // Each within four standard errors: sqrt((E z^2k - (E z^k)^2)/n).
  [[0, 1], [1, 2], [0, 15], [3, 96]].forEach(([mean, variance], k) => assert.ok(Math.abs(m[k] - mean) < 4 * Math.sqrt(variance / n), `moment ${k + 1}: ${m[k]}`));
});

test("below(n) gives each of n numbers equally often, and a permutation holds each once", () => {
  const stream = source(3).stream("test");
  const counts = new Float64Array(7);
  for (let i = 0; i < 70_000; ++i) ++counts[stream.below(7)];
  for (const count of counts) assert.ok(Math.abs(count - 10_000) < 4 * Math.sqrt(10_000 * (6 / 7)));
  assert.equal(stream.below(1), 0);
  assert.deepEqual([...permutation(50, stream)].sort((a, b) => a - b), Array.from({length: 50}, (_, k) => k));
  const firsts = new Float64Array(3);
  for (let i = 0; i < 3000; ++i) ++firsts[permutation(3, stream)[0]];
  for (const count of firsts) assert.ok(Math.abs(count - 1000) < 4 * Math.sqrt(1000 * (2 / 3)));
});

test("mixing changes half of the bits when one changes", () => {
  let flips = 0;
  for (let x = 0; x < 1000; ++x) for (let bit = 0; bit < 32; ++bit) for (let d = mix(x) ^ mix(x ^ (1 << bit)); d; d &= d - 1) ++flips;
  assert.ok(Math.abs(flips / 32_000 - 16) < 0.1);
});

test("a seed that is no whole number is refused", () => {
  for (const seed of [-1, 0.5, NaN, 2 ** 53]) assert.throws(() => source(seed), (error: ChoiceError) => error.code === "random/seed");
  assert.throws(() => source(1).stream("draws", -1), (error: ChoiceError) => error.code === "random/index");
});
