import {goldenSection} from "../math/goldenSection.js";
import {balance, type Balance} from "./balance.js";
import type {Ladder} from "./ladder.js";
import type {Setting} from "./market.js";

/** A ladder laid out flat: rung r belongs to good[r]; those of good j are [from[j], from[j + 1]). */
export interface Rungs {
  readonly from: Int32Array; // (J + 1)
  readonly good: Int32Array; // (R)
  /** p - c. */
  readonly margin: Float64Array;
  /** v - b p. */
  readonly utility: Float64Array;
  readonly twins: Ladder["twins"];
  readonly laid: Setting;
  readonly outside: NonNullable<Setting["outside"]>;
}

export function layRungs(laid: Setting, outside: NonNullable<Setting["outside"]>, costs: Float64Array, {prices, twins}: Ladder): Rungs {
  const {values, b} = laid;
  const from = new Int32Array(values.length + 1);
  prices.forEach(({length}, j) => { from[j + 1] = from[j] + length; });
  const good = Int32Array.from(prices.flatMap(({length}, j) => new Array<number>(length).fill(j)));
  const p = Float64Array.from(prices.flatMap((list) => [...list]));
  return {from, good, margin: p.map((v, r) => v - costs[good[r]]), utility: p.map((v, r) => values[good[r]] - b * v), twins, laid, outside};
}

/** Shares at a choice of one rung for each good. */
export function balanced({from, utility, laid: {phi}, outside}: Rungs, rungs: readonly number[]): Balance {
  return balance(Float64Array.from([...rungs.map((l, j) => utility[from[j] + l]), outside.value]), [...phi, outside.phi]);
}

/** The first or last rung left of each good; -1 where none is. */
export function edge({from}: Rungs, allowed: Uint8Array, last: boolean): number[] {
  return Array.from({length: from.length - 1}, (_, j) => {
    const left = allowed.subarray(from[j], from[j + 1]);
    return last ? left.lastIndexOf(1) : left.indexOf(1);
  });
}

/** A bound of the choices among some rungs with a multiplier in an interval, and what it teaches. */
export interface Look {
  readonly bound: number;
  /** How much of the bound is due to the width of the interval. */
  readonly width: number;
  /** The best answer to the bound's kappa, (J). */
  readonly rungs: readonly number[];
  /** The good whose second-best rung comes nearest to the best; -1 where each has one rung left. */
  readonly doubtful: number;
  /** The rungs and the interval that are left. */
  readonly allowed: Uint8Array;
  readonly low: number;
  readonly high: number;
}

/**
 * Goods of a ladder are linked through nothing but the multiplier mu of eq:consumer and adding up. Relaxing the latter with a
 * multiplier kappa (eq:ladderBound),
 *
 *   profit <= max_mu min_kappa  sum_j max_p (p - c_j - kappa) x_j(v_j - b p - mu) + kappa (1 - x_0(v_0 - mu)).
 *
 * Over an interval of mu every share lies within (width^2 / 8) max |x''| of its chord or, where that is unknown, within the
 * difference of its ends. What is above chords is convex in mu, and so greatest at an end. Any kappa makes a valid bound.
 *
 * @param target what a choice must exceed to matter
 * @returns undefined where no choice is left
 */
export function look(table: Rungs, given: Uint8Array, low: number, high: number, target: number): Look | undefined {
  const allowed = given.slice();
  order(allowed, table);
  const [dear, cheap] = [edge(table, allowed, true), edge(table, allowed, false)];
  if (dear.includes(-1)) return undefined;
  // Dear prices leave a low multiplier: that of any choice is between these two.
  const [least, most] = [balanced(table, dear).multiplier, balanced(table, cheap).multiplier];
  const slack = 1e-11 * (1 + Math.abs(least) + Math.abs(most));
  const [a, z] = [Math.max(low, least - slack), Math.min(high, most + slack)];
  if (a > z) return undefined;
  const chords = chordsOf(table, allowed, a, z);
  const kappa = goldenSection((k) => Math.max(...relaxed(table, allowed, chords, k).ends), 0, Math.max(...table.margin), target);
  const answer = relaxed(table, allowed, chords, kappa);
  const {doubtful} = prune(table, allowed, chords, answer, target);
  const width = answer.rungs.reduce((sum, r) => sum + Math.abs(table.margin[r] - kappa) * chords.over[r], kappa * chords.zero.over);
  return {bound: Math.max(...answer.ends), width, rungs: answer.rungs.map((r, j) => r - table.from[j]), doubtful, allowed, low: a, high: z};
}

/** Shares of every rung at the ends of an interval of mu, and how far above the chord between them they can be. */
interface Chords {
  readonly start: Float64Array; // (R)
  readonly end: Float64Array;
  readonly over: Float64Array;
  /** The same of the outside option. */
  readonly zero: {readonly start: number; readonly end: number; readonly over: number};
}

function chordsOf({good, utility, laid: {phi}, outside}: Rungs, allowed: Uint8Array, low: number, high: number): Chords {
  const square = (high - low) ** 2 / 8;
  const [start, end, over] = [0, 0, 0].map(() => new Float64Array(allowed.length));
  allowed.forEach((yes, r) => {
    if (!yes) return;
    const f = phi[good[r]];
    start[r] = f.share(utility[r] - low);
    end[r] = f.share(utility[r] - high);
    over[r] = Math.min(square * f.bend(utility[r] - high, utility[r] - low), start[r] - end[r]);
  });
  const {value, phi: f} = outside;
  const [first, last] = [f.share(value - low), f.share(value - high)];
  return {start, end, over, zero: {start: first, end: last, over: Math.min(square * f.bend(value - high, value - low), first - last)}};
}

/** The relaxation at kappa: the sum at both ends, what each good adds to them, and which rung is its best on average. */
interface Relaxed {
  readonly kappa: number;
  readonly ends: readonly [number, number];
  readonly tops: readonly (readonly [number, number])[]; // (J)
  readonly rungs: readonly number[]; // (J), among all rungs
}

const worth = ({margin}: Rungs, {start, end, over}: Chords, kappa: number, r: number): [number, number] => {
  const m = margin[r] - kappa;
  const more = Math.abs(m) * over[r];
  return [m * start[r] + more, m * end[r] + more];
};

function relaxed(table: Rungs, allowed: Uint8Array, chords: Chords, kappa: number): Relaxed {
  const {from} = table;
  const {zero} = chords;
  const ends: [number, number] = [kappa * (1 - zero.start + zero.over), kappa * (1 - zero.end + zero.over)];
  const tops: [number, number][] = [];
  const rungs: number[] = [];
  for (let j = 0; j + 1 < from.length; ++j) {
    const top: [number, number] = [-Infinity, -Infinity];
    let [best, chosen] = [-Infinity, -1];
    for (let r = from[j]; r < from[j + 1]; ++r) {
      if (!allowed[r]) continue;
      const [x, y] = worth(table, chords, kappa, r);
      if (x > top[0]) top[0] = x;
      if (y > top[1]) top[1] = y;
      if (x + y > best) [best, chosen] = [x + y, r];
    }
    tops.push(top);
    rungs.push(chosen);
    ends[0] += top[0];
    ends[1] += top[1];
  }
  return {kappa, ends, tops, rungs};
}

/** Takes away rungs whose own bound, all others at their best, does not exceed the target; finds the good in doubt. */
function prune(table: Rungs, allowed: Uint8Array, chords: Chords, {kappa, ends, tops, rungs}: Relaxed, target: number): {doubtful: number} {
  const {from} = table;
  let [doubtful, least] = [-1, Infinity];
  rungs.forEach((chosen, j) => {
    const [a, z] = worth(table, chords, kappa, chosen);
    for (let r = from[j]; r < from[j + 1]; ++r) {
      if (!allowed[r] || r === chosen) continue;
      const [x, y] = worth(table, chords, kappa, r);
      if (ends[0] - tops[j][0] + x <= target && ends[1] - tops[j][1] + y <= target) allowed[r] = 0;
      else if (a + z - x - y < least) [doubtful, least] = [j, a + z - x - y];
    }
  });
  return {doubtful};
}

/** Of two goods alike, the earlier is never the dearer: rungs that would say otherwise go. */
function order(allowed: Uint8Array, {twins, from}: Rungs): void {
  for (const [j, k] of twins) {
    for (let l = 0; l < from[j + 1] - from[j] && !allowed[from[j] + l]; ++l) allowed[from[k] + l] = 0;
  }
  for (const [j, k] of [...twins].reverse()) {
    for (let l = from[j + 1] - from[j] - 1; l >= 0 && !allowed[from[k] + l]; --l) allowed[from[j] + l] = 0;
  }
}
