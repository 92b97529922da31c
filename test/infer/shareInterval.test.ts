// Intervals of observed shares: how many choices a share is of, and how often an interval holds the truth.
import assert from "node:assert/strict";
import test from "node:test";
import {effectiveChoices, wilson} from "../../src/infer/shareInterval.js";
import {source} from "../../src/math/random.js";
import {close} from "../support/world.js";

const z = 1.959963984540054;
const person = (chosen: number, offered = 10) => ({chosen, offered, squares: offered});

test("Wilson's interval is where the score test has its level", () => {
  for (const [share, n] of [[0.3, 40], [0.02, 7.5], [0.5, 3]]) {
    const {low, high} = wilson(share, n, z);
    for (const p of [low, high]) close((share - p) ** 2 / ((p * (1 - p)) / n), z * z, 1e-9);
  }
  assert.deepEqual([wilson(0, 5, z).low, wilson(1, 5, z).high], [0, 1]);
});

test("choices: as many as the spread leaves, over Student's square; never more than were made; people where none spreads", () => {
  // Shares 0.2, 0.5, 0.8: v = 3 / 2 · (0.09 + 0 + 0.09) 100 / 900 = 0.03; the quantile of Student with two degrees is 4.302652729749464.
  close(effectiveChoices([person(2), person(5), person(8)], 0.95), (0.25 / 0.03) * (z / 4.302652729749464) ** 2, 1e-12);
  assert.equal(effectiveChoices([person(5), person(5), person(6), person(5), person(5), person(5)], 0.95), 60);
  close(effectiveChoices(Array.from({length: 5}, () => person(0)), 0.95), 5, 1e-12);
  close(effectiveChoices(Array.from({length: 7}, () => person(1, 3)), 0.95), 7, 1e-12); // thirds, which are not to be told from their mean by rounding
  assert.equal(effectiveChoices([person(3, 7)], 0.95), 1);
  // Weights all alike change nothing.
  const heavy = [2, 5, 8].map((chosen) => ({chosen: 4 * chosen, offered: 40, squares: 160}));
  close(effectiveChoices(heavy, 0.95), effectiveChoices([person(2), person(5), person(8)], 0.95), 1e-12);
});

test("with few people, intervals of 95% hold the truth about as often, choices alike or independent", () => {
  const [T, rounds] = [10, 1500];
  for (const alike of [0, 0.3]) for (const people of [3, 5, 8]) {
    const stream = source(11).stream("coverage", people + (alike ? 100 : 0));
    let held = 0;
    for (let round = 0; round < rounds; ++round) {
      const list = Array.from({length: people}, () => {
        const [same, first] = [stream.uniform() < alike, stream.uniform() < 0.4 ? 1 : 0];
        let chosen = 0;
        for (let t = 0; t < T; ++t) chosen += same ? first : stream.uniform() < 0.4 ? 1 : 0;
        return person(chosen, T);
      });
      const share = list.reduce((sum, {chosen}) => sum + chosen, 0) / (people * T);
      const {low, high} = wilson(share, effectiveChoices(list, 0.95), z);
      if (low <= 0.4 && high >= 0.4) ++held;
    }
    // Without the bound and with z it is 0.85 to 0.93.
    assert.ok(held / rounds > 0.94, `${people} people, ${alike} alike: ${held / rounds}`);
  }
});
