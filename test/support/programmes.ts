import type {Stream} from "../../src/math/random.js";
import {dualKernel} from "../../src/kernels/dual.js";
import type {Noise, Programme, Signal, Support} from "../../src/entropy/programme.js";

/** Evenly spaced points with equal weights of one each. */
export const even = (from: number, to: number, count: number): Support => ({
  points: Float64Array.from({length: count}, (_, m) => (count === 1 ? from : from + ((to - from) * m) / (count - 1))),
  logPrior: new Float64Array(count)
});

export const shannon: Signal = {kind: "shannon"};
export const supports = (M: number, prior?: readonly number[]): Signal => ({kind: "supports", support: {...even(0, 1, M), ...(prior && {logPrior: Float64Array.from(prior, Math.log)})}});
export const noise = (v: number, sumToZero: boolean, H = 3): Noise => ({support: H === 1 ? even(0, 0, 1) : even(-v, v, H), sumToZero});

interface Given {
  /** z[n][j][k] */
  readonly z: readonly (readonly (readonly number[])[])[];
  /** Chosen alternatives: the totals are theirs, unless given. */
  readonly chosen?: readonly number[];
  readonly targets?: readonly number[];
  readonly weight?: readonly number[];
  readonly signal?: Signal;
  readonly noise?: Noise;
  readonly slack?: readonly number[];
}

/** A programme of nested lists. */
export function programmeOf({z, chosen, targets, weight, signal = shannon, noise, slack}: Given): Programme {
  const K = z[0][0].length;
  const situation = new Int32Array(z.length + 1);
  z.forEach((rows, n) => { situation[n + 1] = situation[n] + rows.length; });
  const b = targets ?? Array.from({length: K}, (_, k) => z.reduce((sum, rows, n) => sum + (weight?.[n] ?? 1) * rows[chosen![n]][k], 0));
  return {
    z: Float64Array.from(z.flat(2)), moments: K, situation, weight: Float64Array.from(weight ?? z.map(() => 1)), targets: Float64Array.from(b), signal,
    ...(noise && {noise}), ...(slack && {slack: Float64Array.from(slack)})
  };
}

/** Situations of prices, one column. */
export const prices = (x: readonly (readonly number[])[]) => x.map((row) => row.map((price) => [price]));

/** Where the totals of a random programme come from: its own p and e at some multipliers, or choices made at random. */
export type Totals = "met" | "chosen";

/**
 * A random programme: ragged sets of 2 to 6, K to 8 moments in all units, supports of 2 to 11 points or the shannon signal,
 * noise of 2 to 7 points and of all widths or none, sums tied or not, priors, weights, slack.
 *
 * @param reach about the largest |z lambda| of the multipliers
 */
export async function randomProgramme(stream: Stream, reach: number, totals: Totals = "met"): Promise<{readonly programme: Programme; readonly lambda: Float64Array}> {
  const upTo = (least: number, most: number) => least + stream.below(most - least + 1);
  const often = (share: number) => stream.uniform() < share;
  const [N, K] = [upTo(2, 12), upTo(1, 8)];
  const situation = new Int32Array(N + 1);
  for (let n = 0; n < N; ++n) situation[n + 1] = situation[n] + upTo(2, 6);
  const units = Float64Array.from({length: K}, () => 10 ** (4 * stream.uniform() - 2));
  const z = Float64Array.from({length: situation[N] * K}, (_, at) => units[at % K] * stream.normal());
  const prior = (length: number) => {
    const q = Float64Array.from({length}, () => 0.05 + stream.uniform());
    const sum = q.reduce((a, b) => a + b, 0);
    return q.map((v) => Math.log(v / sum));
  };
  const support = (least: number, most: number, count: number): Support => ({...even(least, most, count), ...(often(0.5) && {logPrior: prior(count)})});
  const v = 10 ** (-2 * stream.uniform());
  const weight = Float64Array.from({length: N}, () => (often(0.5) ? 1 : 0.2 + 3 * stream.uniform()));
  const lambda = units.map((unit) => (reach * stream.normal()) / unit / Math.sqrt(K) / 2.5);
  const open: Programme = {
    z, moments: K, situation, weight, targets: new Float64Array(K),
    signal: often(0.3) ? {kind: "shannon", ...(often(0.5) && {logPrior: prior(situation[N])})} : {kind: "supports", support: support(0, 1, upTo(2, 11))},
    ...(often(0.6) && {noise: {support: support(-v, v, upTo(2, 7)), sumToZero: often(0.5)}}),
    ...(often(0.2) && {slack: units.map((unit) => 0.1 * unit * unit)})
  };
  return {programme: {...open, targets: totals === "met" ? await totalsAt(open, lambda) : totalsOf(open, stream)}, lambda};
}

/** The totals that a lambda meets. */
export async function totalsAt(programme: Programme, lambda: Float64Array): Promise<Float64Array> {
  const {moments} = await (await dualKernel(programme)).evaluate({kind: "settle", lambda});
  return moments.map((b, k) => b - (programme.slack ? programme.slack[k] * lambda[k] : 0));
}

/** The totals of choices made at random. */
function totalsOf({z, moments: K, situation, weight}: Programme, stream: Stream): Float64Array {
  const b = new Float64Array(K);
  weight.forEach((w, n) => {
    const row = situation[n] + stream.below(situation[n + 1] - situation[n]);
    for (let k = 0; k < K; ++k) b[k] += w * z[row * K + k];
  });
  return b;
}

/** Fixture 1: four situations of three prices, and who chose what. */
export const x4 = [[1, 2, 3], [2.5, 1.5, 2], [3, 1, 2], [1.2, 2.2, 0.8]];
export const chosen4 = [0, 1, 2, 2];

/** Fixture 2: five situations of two prices. */
export const x5 = [[1, 2], [2, 1.5], [3, 1], [1.2, 2.2], [2, 2.4]];
export const chosen5 = [0, 0, 1, 0, 1];

/** Fixture 3: six situations of three prices and qualities, (N, J, 2). */
const quality6 = [[0.2, 0.9, 1.4], [1, 0.3, 0.8], [1.3, 0.1, 0.7], [0.4, 1.1, 0.2], [0.9, 1.2, 0.1], [0.6, 0.3, 1.5]];
export const z6 = [...x4, [2, 2.4, 1.1], [1.5, 1, 2.6]].map((row, n) => row.map((price, j) => [price, quality6[n][j]]));
export const chosen6 = [1, 1, 2, 0, 2, 2];
