import {checkOptions, ChoiceError, kindOf, quote, suggest} from "../../errors.js";
import {checkEstimatesOptions, type EstimatesOptions} from "../../infer/estimates.js";
import type {Breathe} from "../../kernels/mnl.js";
import {breather} from "../../optimize/breath.js";
import {Stopped, type ClimbOptions} from "../../optimize/climb.js";
import type {Step} from "../../optimize/ending.js";
import type {Tastes} from "./tastes.js";

/** What every fit of a mixture may be told. */
export interface MixingOptions {
  /** The coefficient vectors to mix: `tasteGrid` or `tasteDraws`. */
  readonly tastes: Tastes;
  /** `false`: a person's situations are mixed one by one. Default: together, when the data name people. */
  readonly panel?: boolean;
  /** A coefficient among the tastes, such as the price, that others are measured in: adds their worth to the readings. */
  readonly worth?: string;
  /** Whether to fit again under other bases, so as to see what is learned and what is the base. */
  readonly sensitivity?: boolean;
  /** Confidence level, default 0.95. */
  readonly level?: number;
  /** Seed of every random choice, default 1. */
  readonly seed?: number;
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
  readonly progress?: boolean | ((step: Step) => void);
}

export const mixingOptionNames = ["tastes", "panel", "worth", "sensitivity", "level", "seed", "iterations", "seconds", "signal", "progress"] as const;

/**
 * Refuses options nobody knows, and values of the wrong kind.
 *
 * @throws {ChoiceError} options/…
 */
export function checkMixingOptions(options: MixingOptions & EstimatesOptions & {readonly tolerance?: number}, more: readonly string[], at: string): void {
  checkOptions(at, options, [...mixingOptionNames, ...more]);
  for (const name of ["tolerance", "iterations", "seconds"] as const) {
    const value = options[name];
    if (value !== undefined && !(typeof value === "number" && value > 0)) throw new ChoiceError("options/number", {at, saw: `${name}: ${quote(value)}`, want: "a positive number"});
  }
  for (const name of ["panel", "sensitivity"] as const) {
    const value = options[name];
    if (value !== undefined && typeof value !== "boolean") throw new ChoiceError("options/kind", {at, saw: `${name}: ${quote(value)}`, want: "true or false"});
  }
  const {signal, progress, worth, tastes} = options;
  if (signal !== undefined && typeof (signal as {aborted?: unknown} | null)?.aborted !== "boolean") throw new ChoiceError("options/kind", {at, saw: `signal: ${kindOf(signal)}`, want: "an AbortSignal", hint: "signal: controller.signal"});
  if (progress !== undefined && typeof progress !== "function" && typeof progress !== "boolean") throw new ChoiceError("options/kind", {at, saw: `progress: ${kindOf(progress)}`, want: "a function of a step, true or false"});
  if (worth !== undefined && !tastes?.names?.includes(worth)) throw new ChoiceError("mixing/worth", {at, saw: `worth: ${quote(worth)}`, want: "a coefficient among the tastes", hint: tastes?.names ? suggest(String(worth), tastes.names) : undefined});
  checkEstimatesOptions({level: options.level}, at);
}

/** What the loop of a climb is told. */
export const climbOptions = ({tolerance, iterations, seconds, signal}: MixingOptions & {readonly tolerance?: number}): ClimbOptions => ({tolerance, iterations, seconds, signal});

/** Gives way to others, and throws `Stopped` where the signal has aborted or the time is up, until it is told to heed them no more. */
export function heedful({signal, seconds = Infinity}: Pick<MixingOptions, "signal" | "seconds">): {readonly breathe: Breathe; ignore(): void} {
  const clock = performance.now();
  let heeding = true;
  return {
    breathe: breather(() => { if (heeding && (signal?.aborted || performance.now() - clock > 1000 * seconds)) throw new Stopped(); }),
    ignore: () => { heeding = false; }
  };
}
