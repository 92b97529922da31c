import {mnlDefinition} from "./mnlDefinition.js";
import {mnlVectors} from "./mnlVectors.js";
import {compiled} from "./module.js";
import type {Engine, Order} from "./panel.js";

/** Called often in long work: a promise when it is time to give way to others, which the work then awaits; else nothing. */
export type Breathe = () => Promise<void> | undefined;

/** Situations with the rows on offer, as a design has them: N situations, C columns. */
export interface Situations {
  /** (rows, C), row-major. */
  readonly z: Float64Array;
  readonly columns: number;
  /** Pointers from situations to rows, (N + 1). */
  readonly situation: Int32Array;
  /** The chosen row of each situation, (N). */
  readonly chosen: Int32Array;
  /** (N) */
  readonly weight: Float64Array;
  /** Whose situation each is, (N): scores are summed by person. */
  readonly person: Int32Array;
  readonly people: number;
}

/** sum_n w_n log P_n (eq:logit) with its derivatives in the coefficients. */
export interface MnlSums {
  readonly value: number;
  /** (C); zeros at order 0. */
  readonly gradient: Float64Array;
  /** sum_n w_n s_n s_n' over situations, (C, C), from order 1. */
  readonly opg: Float64Array;
  /** (C, C), at order 2. */
  readonly hessian: Float64Array;
}

export interface MnlOptions {
  /** Called between parts of the work, which wait for it. */
  readonly breathe?: Breathe;
  /** Filled with scores summed by person, weights included, (people, C), from order 1. */
  readonly scores?: Float64Array;
}

export interface MnlKernel {
  readonly engine: Engine;
  /** At b (C); all NaN where a coefficient is not finite. The same bits however often `breathe` waits. */
  evaluate(b: Float64Array, order: Order, options?: MnlOptions): Promise<MnlSums>;
}

/** Runs of situations, each summed in one go: [value, gradient (C), opg (C, C), hessian (C, C)], lower triangles. */
export interface MnlEngine {
  readonly engine: Engine;
  readonly runs: number;
  begin(b: Float64Array, order: Order): void;
  /** The sums of run k, valid until the next; adds scores by person. */
  sum(k: number, scores?: Float64Array): Float64Array;
}

/**
 * Multinomial logit of its own: no nodes, no chain rule, situations side by side in vectors.
 *
 * @param engine "wasm" where it can be had; "typescript" is the definition
 */
export async function mnlKernel(situations: Situations, {engine = "wasm", breathe}: {readonly engine?: Engine; readonly breathe?: Breathe} = {}): Promise<MnlKernel> {
  const module = engine === "wasm" ? compiled() : undefined;
  const runs = (module && (await mnlVectors(module, situations, breathe).catch(noRoom))) ?? mnlDefinition(situations);
  return {engine: runs.engine, evaluate: (b, order, options) => evaluate(runs, b, order, options)};
}

/** Where no memory of that size is to be had, the definition needs none. */
function noRoom(error: unknown): undefined {
  if (!(error instanceof RangeError)) throw error;
}

/** Adds runs up in their order, carrying what rounding drops (Neumaier 1974). */
async function evaluate(engine: MnlEngine, b: Float64Array, order: Order, {breathe, scores}: MnlOptions = {}): Promise<MnlSums> {
  const C = b.length;
  const size = 1 + C + 2 * C * C;
  const total = new Float64Array(size);
  const rest = new Float64Array(size);
  const used = order === 0 ? 1 : order === 1 ? 1 + C + C * C : size;
  scores?.fill(0);
  const finite = b.every(Number.isFinite);
  engine.begin(b, order);
  for (let k = 0; finite && k < engine.runs; ++k) {
    // Others may evaluate while this one waits.
    const wait = breathe?.();
    if (wait) {
      await wait;
      engine.begin(b, order);
    }
    const sums = engine.sum(k, order > 0 ? scores : undefined);
    for (let at = 0; at < used; ++at) {
      const next = total[at] + sums[at];
      rest[at] += Math.abs(total[at]) >= Math.abs(sums[at]) ? total[at] - next + sums[at] : sums[at] - next + total[at];
      total[at] = next;
    }
  }
  for (let at = 0; at < size; ++at) if (Number.isFinite(total[at])) total[at] += rest[at];
  if (!finite) {
    total.fill(NaN);
    scores?.fill(NaN);
  }
  return {value: total[0], gradient: total.slice(1, 1 + C), opg: mirrored(total.subarray(1 + C, 1 + C + C * C), C), hessian: mirrored(total.subarray(1 + C + C * C), C)};
}

/** The lower triangle on both sides, (C, C). */
function mirrored(lower: Float64Array, C: number): Float64Array {
  const out = lower.slice();
  for (let c = 1; c < C; ++c) for (let e = 0; e < c; ++e) out[e * C + c] = out[c * C + e];
  return out;
}
