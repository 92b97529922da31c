import {cells} from "../entropy/cells.js";
import type {Multipliers, Programme} from "../entropy/programme.js";
import {solve} from "../entropy/solve.js";
import {divergence, entropyOf} from "./maxEntReading.js";

/** Entropy in its parts, relative to priors where there are some: what a programme makes as large as it can. */
export interface Worth {
  /** Of pi, or of p for the shannon signal. */
  readonly signal: number;
  /** Of w. */
  readonly noise: number;
  /** - sum_k Omega_k lambda_k² / 2: what totals with noise of their own give up (0 for exact totals). */
  readonly slack: number;
  /** The dual, which is their sum at an optimum. */
  readonly total: number;
}

/** The optimum of a programme with some of the moments of a larger one. */
export interface Optimum {
  /** Positions of its moments in the larger programme. */
  readonly keep: readonly number[];
  readonly programme: Programme;
  readonly multipliers: Multipliers;
  readonly worth: Worth;
  readonly ending: string;
}

/** A programme with the moments at `keep` and no others: the multipliers of the rest are zero. */
export function restricted(programme: Programme, keep: readonly number[]): Programme {
  const K = programme.moments;
  if (keep.length === K) return programme;
  const rows = programme.situation[programme.situation.length - 1];
  const z = new Float64Array(rows * keep.length);
  for (let row = 0, to = 0; row < rows; ++row) for (const k of keep) z[to++] = programme.z[row * K + k];
  return {...programme, z, moments: keep.length, targets: Float64Array.from(keep, (k) => programme.targets[k]), ...(programme.slack && {slack: Float64Array.from(keep, (k) => programme.slack![k])})};
}

/** The optimum of a programme whose solution is known. */
export function optimumOf(programme: Programme, keep: readonly number[], solution: Awaited<ReturnType<typeof solve>>): Optimum {
  const {lambda, value: total, entropy: {signal, noise}, ending} = solution;
  return {keep, programme, multipliers: solution, ending, worth: {signal, noise, slack: programme.slack ? -programme.slack.reduce((sum, omega, k) => sum + (omega * lambda[k] ** 2) / 2, 0) || 0 : 0, total}};
}

/**
 * Solves a programme with some of its moments, from an optimum with fewer: the multipliers that it has are where to start, the
 * others start at zero, which is where they were.
 */
export async function solveRestricted(whole: Programme, keep: readonly number[], from?: Optimum, signal?: AbortSignal): Promise<Optimum> {
  const programme = restricted(whole, keep);
  const lambda = Float64Array.from(keep, (k) => {
    const was = from?.keep.indexOf(k) ?? -1;
    return was < 0 ? 0 : from!.multipliers.lambda[was];
  });
  return optimumOf(programme, keep, await solve(programme, {start: {lambda}, signal}));
}

/** Entropy before anything is asked, not even that probabilities add up: the logarithm of each prior's sum, ln M where it is flat. */
export function unconstrained({signal, noise, situation, weight}: Programme): Worth {
  const mass = (logs: Float64Array, from = 0, to = logs.length): number => {
    let sum = 0;
    for (let k = from; k < to; ++k) sum += Math.exp(logs[k]);
    // Weights that sum to one but for rounding are a prior, whose entropy relative to itself is nil.
    return Math.abs(sum - 1) < 1e-12 ? 0 : Math.log(sum);
  };
  // Weights by size of choice set first: as many equal terms one by one would gather their rounding.
  const sizes = new Map<number, number>();
  let ofSignal = 0;
  for (let n = 0; n < weight.length; ++n) {
    const J = situation[n + 1] - situation[n];
    sizes.set(J, (sizes.get(J) ?? 0) + weight[n]);
    if (signal.kind === "shannon" && signal.logPrior) ofSignal += weight[n] * mass(signal.logPrior, situation[n], situation[n + 1]);
  }
  const perCell = signal.kind === "supports" ? mass(signal.support.logPrior) : 0;
  const perError = noise ? mass(noise.support.logPrior) : 0;
  let ofNoise = 0;
  for (const [J, w] of sizes) {
    if (signal.kind === "supports") ofSignal += w * J * perCell;
    else if (!signal.logPrior) ofSignal += w * Math.log(J);
    ofNoise += w * J * perError;
  }
  return {signal: ofSignal, noise: ofNoise, slack: 0, total: ofSignal + ofNoise};
}

/** -sum w_n sum_j p ln p at an optimum, and what it could at most be, sum w_n ln J_n. */
export function choiceEntropy({programme, multipliers}: Pick<Optimum, "programme" | "multipliers">): {readonly p: number; readonly most: number} {
  const {situation, weight} = programme;
  let [p, most] = [0, 0];
  for (let n = 0; n < weight.length; ++n) {
    p += weight[n] * entropyOf(cells(programme, multipliers, n).p);
    most += weight[n] * Math.log(situation[n + 1] - situation[n]);
  }
  return {p, most};
}

/**
 * KL(next || last) between two optima, cell by cell: of the signal, of the noise, and of the totals' own noise, for which it
 * is sum Omega (lambda' - lambda)² / 2.
 */
export function divergenceOf(next: Optimum, last: Optimum): Worth {
  const {weight, slack: omega} = next.programme;
  let [signal, noise, slack] = [0, 0, 0];
  for (let n = 0; n < weight.length; ++n) {
    const after = cells(next.programme, next.multipliers, n);
    const before = cells(last.programme, last.multipliers, n);
    signal += weight[n] * divergence(after.pi ?? after.p, before.pi ?? before.p);
    if (after.w && before.w) noise += weight[n] * divergence(after.w, before.w);
  }
  next.keep.forEach((k, at) => {
    const was = last.keep.indexOf(k);
    slack += ((omega?.[at] ?? 0) * (next.multipliers.lambda[at] - (was < 0 ? 0 : last.multipliers.lambda[was])) ** 2) / 2;
  });
  return {signal, noise, slack, total: signal + noise + slack};
}
