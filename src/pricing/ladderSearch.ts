import type {Stream} from "../math/random.js";
import {profitAt} from "./balance.js";
import type {Ladder} from "./ladder.js";
import type {Setting} from "./market.js";

/** Rungs, one for each good, and what they earn. */
export interface Choice {
  readonly rungs: readonly number[];
  readonly profit: number;
}

export const pricesOn = ({prices}: Ladder, rungs: readonly number[]) => Float64Array.from(rungs, (l, j) => prices[j][l]);

/** Moves one price at a time to its best rung until none moves. */
export function ascend(laid: Setting, costs: Float64Array, ladder: Ladder, start: readonly number[]): Choice {
  const p = pricesOn(ladder, start);
  const rungs = [...start];
  let profit = profitAt(laid, costs, p);
  for (let moved = true; moved;) {
    moved = false;
    for (let j = 0; j < rungs.length; ++j) {
      const before = rungs[j];
      for (let l = 0; l < ladder.prices[j].length; ++l) {
        if (l === rungs[j]) continue;
        p[j] = ladder.prices[j][l];
        const there = profitAt(laid, costs, p);
        if (there > profit * (1 + 1e-14)) [rungs[j], profit] = [l, there];
        p[j] = ladder.prices[j][rungs[j]];
      }
      moved ||= rungs[j] !== before;
    }
  }
  return {rungs, profit};
}

/** Ascents from the given starts and from random ones, best first. */
export function restarts(laid: Setting, costs: Float64Array, ladder: Ladder, starts: readonly (readonly number[])[], random: number, chance: Stream): Choice[] {
  const more = Array.from({length: random}, () => ladder.prices.map(({length}) => chance.below(length)));
  return [...starts, ...more].map((start) => ascend(laid, costs, ladder, start)).sort((a, b) => b.profit - a.profit);
}

/**
 * For entropy the ladder is a ratio, sum_j (p_j - c_j) e_j / (e_0 + sum_j e_j), and the best price of each good at a profit R
 * maximises (p - c - R) exp(v - b p) by itself: R rises to the best in a few rounds (Dinkelbach 1967).
 */
export function separable(laid: Setting, costs: Float64Array, ladder: Ladder): Choice {
  const {values, b} = laid;
  let best: Choice = {rungs: [], profit: -Infinity};
  for (let R = 0; ;) {
    const rungs = ladder.prices.map((prices, j) => {
      const worth = (p: number) => (p - costs[j] - R) * Math.exp(values[j] - b * p);
      return prices.reduce((top, p, l) => (worth(p) > worth(prices[top]) ? l : top), 0);
    });
    const profit = profitAt(laid, costs, pricesOn(ladder, rungs));
    if (!(profit > best.profit)) return best;
    best = {rungs, profit};
    R = profit;
  }
}
