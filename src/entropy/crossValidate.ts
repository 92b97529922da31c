import type {Breathe} from "../kernels/mnl.js";
import {tie} from "../kernels/tie.js";
import {logSumExp} from "../math/logSumExp.js";
import {source} from "../math/random.js";
import {sizesOf, type Programme} from "./programme.js";

/** A programme over some of its situations, its totals those of the rows chosen there. */
export function part(programme: Programme, keep: readonly number[], chosen: Int32Array): {programme: Programme; chosen: Int32Array} {
  const {z, situation, weight, signal, ...rest} = programme;
  const {K} = sizesOf(programme);
  const pointers = new Int32Array(keep.length + 1);
  keep.forEach((n, m) => { pointers[m + 1] = pointers[m] + situation[n + 1] - situation[n]; });
  const rows = pointers[keep.length];
  const kept = new Float64Array(rows * K);
  const logPrior = signal.kind === "shannon" && signal.logPrior ? new Float64Array(rows) : undefined;
  const weights = new Float64Array(keep.length);
  const took = new Int32Array(keep.length);
  const targets = new Float64Array(K);
  keep.forEach((n, m) => {
    kept.set(z.subarray(situation[n] * K, situation[n + 1] * K), pointers[m] * K);
    logPrior?.set((signal as {logPrior: Float64Array}).logPrior.subarray(situation[n], situation[n + 1]), pointers[m]);
    weights[m] = weight[n];
    took[m] = pointers[m] + chosen[n] - situation[n];
    for (let k = 0; k < K; ++k) targets[k] += weight[n] * z[chosen[n] * K + k];
  });
  return {programme: {...rest, z: kept, situation: pointers, weight: weights, targets, signal: logPrior ? {kind: "shannon", logPrior} : signal}, chosen: took};
}

/** Which of `folds` parts each person is in, (I): a seeded shuffle, dealt out in turn. */
export function dealt(people: number, folds: number, seed: number): Int32Array {
  const stream = source(seed).stream("folds");
  const order = Array.from({length: people}, (_, i) => i);
  for (let i = people - 1; i > 0; --i) {
    const k = stream.below(i + 1);
    [order[i], order[k]] = [order[k], order[i]];
  }
  const fold = new Int32Array(people);
  order.forEach((i, place) => { fold[i] = place % folds; });
  return fold;
}

/** What cross-validation needs beside the programme. */
export interface Held {
  readonly chosen: Int32Array;
  /** Pointers from people to situations, (I + 1). */
  readonly person: Int32Array;
  readonly seed: number;
  /** The programme with noise of half-width c / √(its weight). */
  noisy(programme: Programme, c: number): Programme;
  /** lambda of a programme, (K). */
  solve(programme: Programme): Promise<Float64Array>;
  readonly breathe?: Breathe;
}

/** Half-widths tried, in units of 1/√N. */
export const widths = [0.25, 0.5, 1, 2, 4] as const;

/**
 * Log-likelihood of held-out choices for each width of the noise: people are dealt into folds, moments are fitted to all
 * folds but one, and p is asked about the choices of that one,
 *
 *   sum over folds f of sum over n in f of w_n ln p_n(chosen; lambda without f)             (eq:held-out)
 *
 * A fold's own width is c over the root of its own weight, so that c means the same to all.
 *
 * @returns one log-likelihood for each of `widths`
 */
export async function heldOut(programme: Programme, {chosen, person, seed, noisy, solve, breathe}: Held): Promise<number[]> {
  const people = person.length - 1;
  const folds = Math.min(5, people);
  const fold = dealt(people, folds, seed);
  const parts = Array.from({length: folds}, (_, f) => {
    const [inside, outside]: number[][] = [[], []];
    for (let i = 0; i < people; ++i) for (let n = person[i]; n < person[i + 1]; ++n) (fold[i] === f ? inside : outside).push(n);
    return {train: part(programme, outside, chosen).programme, test: part(programme, inside, chosen)};
  });
  const out: number[] = [];
  for (const c of widths) {
    let sum = 0;
    for (const {train, test} of parts) {
      sum += await logLikelihoodAt(test.programme, await solve(noisy(train, c)), test.chosen, breathe);
    }
    out.push(sum);
  }
  return out;
}

/** sum_n w_n ln p of chosen rows under multipliers of moments found elsewhere: those of adding up are solved for here. */
export async function logLikelihoodAt(programme: Programme, lambda: Float64Array, chosen: Int32Array, breathe?: Breathe): Promise<number> {
  const {z, situation, weight, signal} = programme;
  const {K, N} = sizesOf(programme);
  let widest = 0;
  for (let n = 0; n < N; ++n) widest = Math.max(widest, situation[n + 1] - situation[n]);
  const ties = signal.kind === "supports" ? tie(signal.support, 1, widest) : undefined;
  const eta = new Float64Array(widest);
  let sum = 0;
  for (let n = 0; n < N; ++n) {
    const wait = breathe?.();
    if (wait) await wait;
    const from = situation[n];
    const J = situation[n + 1] - from;
    for (let j = 0, c = from * K; j < J; ++j) {
      eta[j] = 0;
      for (let k = 0; k < K; ++k, ++c) eta[j] += z[c] * lambda[k];
    }
    const took = chosen[n] - from;
    if (ties) {
      ties.settle(eta, J);
      sum += weight[n] * Math.log(ties.bundle.mean[took]);
    } else {
      const v = eta.slice(0, J).map((value, j) => ((signal as {logPrior?: Float64Array}).logPrior?.[from + j] ?? 0) - value);
      sum += weight[n] * (v[took] - logSumExp(v));
    }
  }
  return sum;
}
