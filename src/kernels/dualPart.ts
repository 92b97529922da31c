import {bySize} from "./bySize.js";
import {dualRun, type DualProblem} from "./dual.js";
import {tie} from "./tie.js";

/** Situations of one size that are summed together: their order is fixed, and so are the bits of their sums. */
export interface DualRun {
  /** Alternatives of each. */
  readonly J: number;
  /** Positions [from, to) in the order of a part. */
  readonly from: number;
  readonly to: number;
}

/** Where multipliers stand and where they are tried, by turns: each (N), whoever sums which of them. */
export type Standing = readonly [Float64Array, Float64Array];

/** Situations in the order in which they are summed: all of a problem, or one thread's share. */
export interface DualPart extends Pick<DualProblem, "z" | "moments" | "weight" | "signal" | "noise"> {
  /** First row of each in z, (S). Weights, too, are in this order. */
  readonly row: Int32Array;
  /** Which of the N situations each is, (S); absent where they are those from `first` on. */
  readonly whose?: Int32Array;
  readonly first: number;
  readonly runs: readonly DualRun[];
  /** Of the signal, unless it is shannon, and of the noise, where it sums to zero. */
  readonly mu?: Standing;
  readonly nu?: Standing;
}

/** Doubles of z in a run: they stay in a processor's second cache. */
const cached = 2 ** 15;

/** @param room where multipliers are kept, which threads may share */
export function dualPart({z, moments, situation, weight, signal, noise}: DualProblem, room = (size: number) => new Float64Array(size)): DualPart {
  const N = weight.length;
  const order = sameSize(situation) ? undefined : bySize(situation);
  const standing = (): Standing => [room(N), room(N)];
  return {
    z, moments, signal, noise, first: 0,
    ...(order ? {row: order.map((n) => situation[n]), weight: Float64Array.from(order, (n) => weight[n]), whose: order} : {row: situation.subarray(0, N), weight}),
    runs: cut(N, (at) => (order ? situation[order[at] + 1] - situation[order[at]] : situation[at + 1] - situation[at]), moments),
    ...(signal.kind === "supports" && {mu: standing()}), ...(noise?.sumToZero && {nu: standing()})
  };
}

/** Whether compiled numbers serve: there are moments, and supports of more than a point. */
export function forVectors({moments, signal, noise}: DualProblem): boolean {
  const single = (points: Float64Array) => points.length < 2;
  return moments > 0 && !(signal.kind === "supports" && single(signal.support.points)) && !(noise && single(noise.support.points));
}

function sameSize(situation: Int32Array): boolean {
  for (let n = 2; n < situation.length; ++n) if (situation[n] - situation[n - 1] !== situation[1]) return false;
  return true;
}

function cut(N: number, size: (at: number) => number, K: number): DualRun[] {
  const runs: DualRun[] = [];
  for (let from = 0; from < N;) {
    const J = size(from);
    const longest = Math.max(2, Math.min(dualRun, 2 * Math.floor(cached / (2 * J * K))));
    let to = from;
    while (to < N && to - from < longest && size(to) === J) ++to;
    runs.push({J, from, to});
    from = to;
  }
  return runs;
}

/** The multipliers of situations of J alternatives at eta = 0; undefined where the signal is forced to an end. */
export function rests({signal, noise}: Pick<DualProblem, "signal" | "noise">): (J: number) => {readonly mu: number; readonly nu: number} | undefined {
  const own = signal.kind === "supports" ? tie(signal.support, 1, 0) : undefined;
  const off = noise?.sumToZero ? tie(noise.support, 0, 0) : undefined;
  return (J) => (own?.forced(J) ? undefined : {mu: own?.rest(J) ?? 0, nu: off?.rest(J) ?? 0});
}
