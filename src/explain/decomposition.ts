import {hasChoices} from "../data/offers.js";
import {cells} from "../entropy/cells.js";
import type {MaxEntFit} from "../entropy/maxEntFit.js";
import {shown, type Shown} from "../rich.js";
import {expectMaxEnt} from "./maxEntReading.js";

/** One total and what it is made of. */
export interface DecompositionRow {
  readonly name: string;
  /** b: a revenue, a count of choices. */
  readonly total: number;
  /** sum w z p: what the probabilities make of it. */
  readonly predicted: number;
  /** sum w z e: what the errors make of it. */
  readonly error: number;
  /** The total's own noise, -Omega lambda. */
  readonly slack: number;
  /** total - predicted - error - slack: zero but for the solver's tolerance. */
  readonly residual: number;
  /** sum w z p with all multipliers zero: what it would be with nothing known. */
  readonly atZero: number;
  /** total - atZero: what there is to explain. */
  readonly gap: number;
  /** predicted - atZero: how much of the gap the probabilities explain. */
  readonly explained: number;
  /** (error + slack) / gap: the part that noise took up; NaN where there is no gap. May leave [0, 1] when moments interact. */
  readonly absorbed: number;
  readonly alternatives: readonly AlternativePart[];
}

/** What an alternative contributes to a total. */
export interface AlternativePart {
  readonly alternative: string;
  /** sum w z p and sum w z e over its cells. */
  readonly predicted: number;
  readonly error: number;
  readonly atZero: number;
  /** sum w z y: what it contributes in the data, where choices are known. Only totals that were asked for are met: this need not be predicted + error. */
  readonly observed?: number;
}

export interface DecompositionFacts {
  readonly rows: readonly DecompositionRow[];
  /** Whether errors sum to zero in every situation, so that a constant added to a choice set moves none of the parts to noise. */
  readonly sumToZero: boolean;
}

export type Decomposition = DecompositionFacts & Shown;

/**
 * What each total of a maximum-entropy fit is made of (eq:decomposition):
 *
 *   b_k = sum_n w_n sum_j z_njk p_nj + sum_n w_n sum_j z_njk e_nj + slack_k
 *         predicted                    error
 *
 * beside what it would be with all multipliers zero, by alternative, too. For z a price and choices of one unit b is a
 * revenue. The share of the gap that noise absorbs says how much of what the total tells was believed: with noise of ±1 it
 * is nearly all, with noise of 1/√N little.
 *
 * @param fit a maximum-entropy fit
 * @returns a row for each moment, on the scale of the moment
 * @throws {ChoiceError} explain/not-maxent
 * @example
 * const world = simulate({tier: "mnl"}, {people: 60, situations: 2, seed: 1});
 * const {rows} = decomposition(await fitMaxEnt(world.data));
 * rows.every(({total, predicted, error}) => Math.abs(total - predicted - error) < 1e-6) // true
 */
export function decomposition(fit: MaxEntFit): Decomposition {
  expectMaxEnt("decomposition(fit)", fit);
  const {data, programme, solution, moments} = fit;
  const {z, weight, situation, targets, slack, signal, noise} = programme;
  const [K, A] = [moments.length, data.alternatives.length];
  // (A, K) each
  const [predicted, error, atZero, observed] = [0, 1, 2, 3].map(() => new Float64Array(A * K));
  for (let n = 0; n < weight.length; ++n) {
    const {p, errors} = cells(programme, solution, n);
    for (let j = 0; j < p.length; ++j) {
      const row = situation[n] + j;
      const prior = signal.kind === "shannon" && signal.logPrior ? Math.exp(signal.logPrior[row]) : 1 / p.length;
      const chosen = hasChoices(data) && data.chosen[n] === row;
      for (let k = 0, to = data.alternative[row] * K; k < K; ++k, ++to) {
        const part = weight[n] * z[row * K + k];
        predicted[to] += part * p[j];
        error[to] += part * errors[j];
        atZero[to] += part * prior;
        if (chosen) observed[to] += part;
      }
    }
  }
  const rows = moments.map(({name}, k): DecompositionRow => {
    const of = (parts: Float64Array) => data.alternatives.reduce((sum, _, j) => sum + parts[j * K + k], 0);
    const [total, ofP, ofE, zero, own] = [targets[k], of(predicted), of(error), of(atZero), slack ? -slack[k] * solution.lambda[k] || 0 : 0];
    const gap = total - zero;
    return {
      name, total, predicted: ofP, error: ofE, slack: own, residual: total - ofP - ofE - own, atZero: zero, gap, explained: ofP - zero,
      // A gap of rounding is none.
      absorbed: Math.abs(gap) > 1e-12 * Math.max(Math.abs(total), Math.abs(zero)) ? (ofE + own) / gap : NaN,
      alternatives: data.alternatives.map((alternative, j) => ({alternative, predicted: predicted[j * K + k], error: error[j * K + k], atZero: atZero[j * K + k], ...(hasChoices(data) && {observed: observed[j * K + k]})}))
    };
  });
  return shown("decomposition", {rows, sumToZero: noise?.sumToZero ?? true});
}
