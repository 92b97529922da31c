import {alternativeBases, logBaseOf} from "./bases.js";
import {readings} from "./readings.js";
import type {TastesFacts} from "./tastes.js";
import {divergence, type Weights} from "./tilt.js";

/** The fit under one other base. */
export interface Refit {
  /** "dome", "peak", "ends", "low", "high". */
  readonly base: string;
  readonly words: string;
  /** From that base, in nats. */
  readonly divergence: number;
  readonly logLikelihood?: number;
  /** Means, spreads and shares below zero, by name. */
  readonly readings: Readonly<Record<string, number>>;
}

/** How far a fit depends on the base: what a reader of its spreads has to know. */
export interface Sensitivity {
  readonly refits: readonly Refit[];
  /** The least and greatest of each reading, the fit's own included. */
  readonly ranges: readonly {readonly name: string; readonly low: number; readonly high: number}[];
}

/**
 * Fits again under every other base (`alternativeBases`).
 *
 * @param again the weights under a base, (R); undefined where it found none, such as moments out of reach
 */
export async function sensitivityOf(tastes: TastesFacts, own: Float64Array, again: (logBase: Float64Array) => Promise<{readonly weights: Weights; readonly logLikelihood?: number} | undefined>): Promise<Sensitivity> {
  const refits: Refit[] = [];
  for (const base of alternativeBases) {
    const logBase = logBaseOf(tastes, base);
    const found = await again(logBase);
    if (!found) continue;
    const {weights, logLikelihood} = found;
    refits.push({
      base: base.name, words: base.words, divergence: divergence(weights, logBase), ...(logLikelihood !== undefined && {logLikelihood}),
      readings: Object.fromEntries(readings(tastes, weights.theta).map(({name, value}) => [name, value]))
    });
  }
  const ranges = readings(tastes, own).map(({name, value}) => {
    const all = [value, ...refits.map(({readings: other}) => other[name])].filter(Number.isFinite);
    return {name, low: Math.min(...all), high: Math.max(...all)};
  });
  return {refits, ranges};
}
