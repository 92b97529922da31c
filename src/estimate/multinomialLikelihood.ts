import {Matrix, wrap} from "ml-matrix";
import {mnlKernel, type Situations} from "../kernels/mnl.js";
import type {Engine, Order} from "../kernels/panel.js";
import {Stopped} from "../optimize/climb.js";
import type {Evaluation} from "../optimize/objective.js";
import {breather} from "../optimize/breath.js";
import type {Likelihood, Look} from "./likelihood.js";

/** A log-likelihood without draws. */
export interface MultinomialLikelihood extends Likelihood {
  readonly engine: Engine;
  /** Where every alternative is equally likely, to order 2: a climb mostly begins there. */
  readonly atZero: Evaluation;
}

/**
 * sum_n w_n log P_n in coefficients (eq:likelihood), every situation by itself; its last evaluation is kept.
 *
 * @throws {Stopped} from `evaluate`, when the signal aborts in the middle of it
 */
export async function multinomialLikelihood(situations: Situations, {signal, engine}: {readonly signal?: AbortSignal; readonly engine?: Engine} = {}): Promise<MultinomialLikelihood> {
  const {columns: C, people, weight} = situations;
  const stop = () => { if (signal?.aborted) throw new Stopped(); };
  const [patient, heedful] = [breather(), breather(stop)];
  const kernel = await mnlKernel(situations, {engine, breathe: patient});
  let last: {readonly b: Float64Array; readonly order: Order; readonly at: Evaluation; readonly scores?: Float64Array} | undefined;

  async function compute(b: Float64Array, order: Order, breathe: typeof patient, scores?: Float64Array): Promise<NonNullable<typeof last>> {
    const {value, gradient, opg, hessian} = await kernel.evaluate(b, order, {breathe, scores});
    const at = {value, gradient, ...(order > 0 && {opg: Matrix.from1DArray(C, C, opg)}), ...(order > 1 && {hessian: Matrix.from1DArray(C, C, hessian)})};
    return {b: b.slice(), order, at, scores};
  }
  last = await compute(new Float64Array(C), 2, patient);
  const kept = (b: Float64Array, order: Order) => (last && last.order >= order && last.b.every((value, c) => value === b[c]) ? last : undefined);

  return {
    size: C,
    engine: kernel.engine,
    atZero: last.at,
    async evaluate(b, order) {
      stop();
      return (last = kept(b, order) ?? await compute(b, order, heedful)).at;
    },
    async look(b, order): Promise<Look> {
      const scores = new Float64Array(order > 0 ? people * C : 0);
      const known = kept(b, order);
      // Scores are worth a pass of their own: only the last evaluation of a climb is asked for them.
      if (!known) last = await compute(b, order, patient, order > 0 ? scores : undefined);
      else if (known.scores) scores.set(known.scores);
      else if (order > 0) last = {...known, scores: (await compute(b, 1, patient, scores)).scores};
      return {...last!.at, scores: order > 0 ? wrap(scores, {rows: people}) : new Matrix(0, C), get effective() { return new Float64Array(weight.length).fill(1); }};
    }
  };
}
