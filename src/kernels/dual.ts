import {dualDefinition} from "./dualDefinition.js";
import {dualPart, forVectors} from "./dualPart.js";
import {dualVectors} from "./dualVectors.js";
import type {Breathe} from "./mnl.js";
import {compiled} from "./module.js";
import type {Engine} from "./panel.js";
import type {Tilted} from "./support.js";

/** Cells (situation n, alternative j) and what stands behind them, flat and ragged: N situations, K moments. */
export interface DualProblem {
  /** (rows, K), row-major. */
  readonly z: Float64Array;
  /** K */
  readonly moments: number;
  /** Pointers from situations to rows, (N + 1). */
  readonly situation: Int32Array;
  /** (N) */
  readonly weight: Float64Array;
  /** The entropy that counts: of p itself, with a log prior for each row, or of supports whose means p are. */
  readonly signal: {readonly kind: "shannon"; readonly logPrior?: Float64Array} | {readonly kind: "supports"; readonly support: Tilted};
  readonly noise?: {readonly support: Tilted; readonly sumToZero: boolean};
}

/** Where to sum next, from the point last accepted. */
export type Move =
  /** At multipliers as they are given. */
  | {readonly kind: "given"; readonly lambda: Float64Array; readonly mu: Float64Array; readonly nu: Float64Array}
  /** At lambda, with mu and nu solved for in every situation. */
  | {readonly kind: "settle"; readonly lambda: Float64Array}
  /** At lambda = lambda0 + length along; mu and nu take their Newton steps of that length, and are solved for where these lead astray. */
  | {readonly kind: "step"; readonly lambda: Float64Array; readonly along: Float64Array; readonly length: number}
  /** The step before, of another length. */
  | {readonly kind: "again"; readonly lambda: Float64Array; readonly length: number};

/** Sums over situations, weights included; terms in lambda alone are the caller's (eq:dual). */
export interface DualSums {
  /** sum_n w_n (mu_n + sum_j ln Z(eta + mu) + ln Psi(eta + nu)). */
  readonly value: number;
  /** The same of |mu_n| and of the absolute values of the sums over j: what rounding is relative to. */
  readonly magnitude: number;
  /** Entropies of the signal and of the noise, relative to their priors. */
  readonly signal: number;
  readonly noise: number;
  /** sum_n w_n sum_j z (p + e), (K). */
  readonly moments: Float64Array;
  /** sum_n w_n (r² / V + e² / U): what the Newton steps of mu and nu alone promise, doubled. */
  readonly promise: number;
  /** sum_n w_n (zbar r + ztilde e), (K): the arrow's part of the right-hand side (eq:arrow). */
  readonly pull: Float64Array;
  /** Profiled curvature G, (K, K) (eq:curvature). */
  readonly curvature: Float64Array;
  /** Largest |1 - sum_j p| and |sum_j e|. */
  readonly addingUp: number;
  readonly errorSum: number;
}

/** Runs of situations, each summed in one go, the same whoever sums it. */
export interface DualEngine {
  readonly engine: Engine;
  readonly runs: number;
  begin(move: Move): void;
  /** The sums of run k in the order of `layout`, valid until the next. */
  sum(k: number): Float64Array;
  /** The multipliers last moved to become those that the next step starts from. */
  accept(): void;
  /** Those last accepted, (N) each. */
  multipliers(): {readonly mu: Float64Array; readonly nu: Float64Array};
}

export interface DualKernel {
  readonly engine: Engine;
  readonly threads: number;
  evaluate(move: Move, options?: {readonly breathe?: Breathe}): Promise<DualSums>;
  accept(): void;
  multipliers(): {readonly mu: Float64Array; readonly nu: Float64Array};
}

/** Situations summed together. */
export const dualRun = 1024;

/** Where each sum of a run stands; the last two are maxima. */
export function layout(K: number) {
  const moments = 5;
  const pull = moments + K;
  const curvature = pull + K;
  const summed = curvature + K * K;
  return {value: 0, magnitude: 1, signal: 2, noise: 3, promise: 4, moments, pull, curvature, addingUp: summed, errorSum: summed + 1, summed, size: summed + 2};
}

/**
 * The dual of a maximum-entropy programme: one pass over the situations at a time.
 *
 * @param engine "wasm" where it can be had; "typescript" is the definition
 */
export async function dualKernel(problem: DualProblem, {engine = "wasm", breathe}: {readonly engine?: Engine; readonly breathe?: Breathe} = {}): Promise<DualKernel> {
  await breathe?.();
  const module = engine === "wasm" && forVectors(problem) ? compiled() : undefined;
  const runs = module ? dualVectors(module, dualPart(problem)) : dualDefinition(problem);
  return {engine: runs.engine, threads: 1, evaluate: (move, {breathe} = {}) => evaluate(runs, move, problem.moments, breathe), accept: () => runs.accept(), multipliers: () => runs.multipliers()};
}

async function evaluate(engine: DualEngine, move: Move, K: number, breathe?: Breathe): Promise<DualSums> {
  const sums = dualAdder(K);
  engine.begin(move);
  for (let k = 0; k < engine.runs; ++k) {
    const wait = breathe?.();
    if (wait) await wait;
    sums.add(engine.sum(k));
  }
  return sums.total();
}

/** Adds runs up, in the order in which they come, carrying what rounding drops (Neumaier 1974). */
export function dualAdder(K: number): {add(sums: Float64Array): void; total(): DualSums} {
  const at = layout(K);
  const total = new Float64Array(at.size);
  const rest = new Float64Array(at.summed);
  return {
    add(sums) {
      for (let c = 0; c < at.summed; ++c) {
        const next = total[c] + sums[c];
        rest[c] += Math.abs(total[c]) >= Math.abs(sums[c]) ? total[c] - next + sums[c] : sums[c] - next + total[c];
        total[c] = next;
      }
      for (let c = at.summed; c < at.size; ++c) total[c] = Math.max(total[c], sums[c]);
    },
    total() {
      const whole = total.map((sum, c) => (c < at.summed && Number.isFinite(sum) ? sum + rest[c] : sum));
      return {
        value: whole[at.value], magnitude: whole[at.magnitude], signal: whole[at.signal], noise: whole[at.noise], promise: whole[at.promise],
        moments: whole.slice(at.moments, at.pull), pull: whole.slice(at.pull, at.curvature), curvature: mirrored(whole.subarray(at.curvature, at.summed), K),
        addingUp: whole[at.addingUp], errorSum: whole[at.errorSum]
      };
    }
  };
}

/** The lower triangle on both sides, (K, K). */
function mirrored(lower: Float64Array, K: number): Float64Array {
  const out = lower.slice();
  for (let k = 1; k < K; ++k) for (let l = 0; l < k; ++l) out[l * K + k] = out[k * K + l];
  return out;
}
