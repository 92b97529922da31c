import type {Id} from "../data/choiceData.js";
import {checkOptions, ChoiceError, kindOf, listed, quote, suggest} from "../errors.js";
import {checkEstimatesOptions} from "../infer/estimates.js";
import type {Kind} from "../infer/covariance.js";
import type {Engine} from "../kernels/panel.js";
import type {Specification} from "../model/specification.js";
import type {DualStep} from "./solution.js";
import type {TotalOptions} from "./totals.js";

/** Errors of probabilities: for each, a distribution over points from -v to v. */
export interface NoiseOptions {
  /**
   * Half-width of the errors. Default `"1/√N"` (`"invsqrt"` says the same), N the weighted number of situations, which
   * vanishes fast enough for the fit to be consistent; `"cv"` takes, of 1/4, 1/2, 1, 2 and 4 times that, the one under which
   * held-out choices are likeliest.
   */
  readonly v?: number | "1/√N" | "invsqrt" | "cv";
  /** How many points, equally spaced from -v to v, default 3; or the points themselves, in units of v: `[-1, -0.5, 0.5, 1]`. */
  readonly points?: number | readonly number[];
  /** Prior weight of each point, default equal; `[0.05, 0.9, 0.05]` expects small errors. */
  readonly prior?: readonly number[];
  /**
   * Whether the errors of a situation sum to zero, as those of probabilities do. Default true. Without it estimates change
   * with the base alternative, and when a constant is added to all prices of a choice set.
   */
  readonly sumToZero?: boolean;
}

/** What both maximum-entropy fits may be told. Everything has a default. */
export interface EntropyOptions extends Pick<Specification, "attributes" | "intercepts" | "base">, TotalOptions {
  /** Which columns are moments: `"mnl"`, `"mnlIntercepts"` (the default) or `"mnlSlopes"`, see `tiers`. */
  readonly tier?: EntropyTier;
  /** Errors of probabilities, or `false` for none. Default `{}`, errors within 1/√N, where choices are known; `false` for offers, whose totals have an `sd` instead. */
  readonly noise?: false | NoiseOptions;
  /** Which standard errors the table shows. Default `"robust"`; `"model"` where totals are given or there are fewer people than moments. */
  readonly errors?: Kind;
  /** One label per person, for clustered errors; default the data's own. */
  readonly clusters?: readonly Id[];
  /** Confidence level, default 0.95. */
  readonly level?: number;
  /** Seed of the folds of `v: "cv"`. Default 1. */
  readonly seed?: number;
  /** How far moments may be off when a fit has converged, over the largest total that the choice sets allow. Default 1e-13. */
  readonly tolerance?: number;
  /** Default 200. */
  readonly iterations?: number;
  /** Limit of time. Default none. */
  readonly seconds?: number;
  /** Stops the fit, which then returns its best so far, marked so. */
  readonly signal?: AbortSignal;
  /**
   * A function is called after every step. Otherwise a fit that takes a while shows itself where somebody looks on, in a
   * notebook; `true` shows it always, outside notebooks as lines of the error stream, and `false` never.
   */
  readonly progress?: boolean | ((step: DualStep) => void);
  readonly threads?: number | "auto";
  readonly kernel?: Engine;
}

const entropyTiers = ["mnl", "mnlIntercepts", "mnlSlopes"] as const;

/** The rungs of the ladder without random coefficients. */
export type EntropyTier = (typeof entropyTiers)[number];

/** Every option that both fits know. */
export const entropyOptionNames = ["tier", "attributes", "intercepts", "base", "totals", "shares", "noise", "errors", "clusters", "level", "seed", "tolerance", "iterations", "seconds", "signal", "progress", "threads", "kernel"] as const;

/**
 * Refuses what is not understood before any work.
 *
 * @throws {ChoiceError} options/unknown, options/kind, options/number, options/tier, options/kernel, infer/level
 */
export function checkEntropyOptions(options: EntropyOptions, own: readonly string[], at: string): void {
  checkOptions(at, options, [...own, ...entropyOptionNames]);
  const {tier, kernel, threads, seed, signal, progress, clusters, intercepts, level} = options;
  if (tier !== undefined && !entropyTiers.includes(tier)) {
    const mixed = String(tier).startsWith("mixed");
    throw new ChoiceError("options/tier", {at, saw: `tier: ${quote(tier)}`, want: `one of ${listed(entropyTiers.map(quote))}${mixed ? ": a fit of moments has no random coefficients" : ""}`, hint: mixed ? "a maximum-entropy mixed logit spreads coefficients over people" : suggest(String(tier), entropyTiers)});
  }
  for (const name of ["tolerance", "iterations", "seconds"] as const) {
    const value = options[name];
    if (value !== undefined && !(typeof value === "number" && value > 0)) throw new ChoiceError("options/number", {at, saw: `${name}: ${quote(value)}`, want: "a positive number"});
  }
  if (seed !== undefined && !(Number.isSafeInteger(seed) && seed >= 0)) throw new ChoiceError("options/number", {at, saw: `seed: ${quote(seed)}`, want: "a whole number, 0 or more"});
  if (threads !== undefined && threads !== "auto" && !(Number.isInteger(threads) && threads >= 1)) throw new ChoiceError("options/threads", {at, saw: `threads: ${quote(threads)}`, want: 'a whole number, 1 or more, or "auto"'});
  if (kernel !== undefined && kernel !== "wasm" && kernel !== "typescript") throw new ChoiceError("options/kernel", {at, saw: `kernel: ${quote(kernel)}`, want: '"wasm" or "typescript"', hint: suggest(String(kernel), ["wasm", "typescript"])});
  const refuse = (name: string, value: unknown, want: string, hint?: string) => new ChoiceError("options/kind", {at, saw: `${name}: ${kindOf(value) === "an object without it" ? "something else" : kindOf(value)}`, want, hint});
  if (signal !== undefined && typeof (signal as {aborted?: unknown} | null)?.aborted !== "boolean") throw refuse("signal", signal, "an AbortSignal", "signal: controller.signal");
  if (progress !== undefined && typeof progress !== "function" && typeof progress !== "boolean") throw refuse("progress", progress, "a function of a step, true or false");
  if (intercepts !== undefined && typeof intercepts !== "boolean") throw refuse("intercepts", intercepts, "true or false");
  if (clusters !== undefined && !Array.isArray(clusters)) throw refuse("clusters", clusters, "one label per person", 'name a column when reading the data: fromLong(frame, {…, clusters: "village"})');
  checkEstimatesOptions({level}, at);
}
