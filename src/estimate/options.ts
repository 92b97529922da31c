import type {Id} from "../data/choiceData.js";
import {checkOptions, ChoiceError, kindOf, quote, suggest} from "../errors.js";
import type {ErrorKind} from "../infer/covariance.js";
import {checkEstimatesOptions} from "../infer/estimates.js";
import type {Rule} from "../integrate/rule.js";
import {maybeRule, type RuleName} from "../integrate/shorthand.js";
import {specificationOptions} from "../model/design.js";
import type {Specification} from "../model/specification.js";
import {bfgs} from "../optimize/bfgs.js";
import type {ClimbOptions} from "../optimize/climb.js";
import type {Step} from "../optimize/ending.js";
import type {Optimizer} from "../optimize/optimizer.js";
import {bhhh, bhhhNewton, newton} from "../optimize/trustRegion.js";
import type {Fit} from "./types.js";

/** What a fit may be told beside its model. Everything has a default. */
export interface FitOptions extends Specification {
  /** How to integrate over random coefficients: a rule or its name. Default `"sobol"`. */
  readonly rule?: RuleName | Rule;
  /** Nodes per person (points per dimension for quadrature). Default: the rule's own, 512 for Sobol. */
  readonly draws?: number;
  /** The rule within people. Default: 7-point Gauss-Hermite up to two dimensions, else one fresh draw per situation and node. */
  readonly ruleWithin?: RuleName | Rule;
  readonly drawsWithin?: number;
  /** Seed of every random choice. Default 1. */
  readonly seed?: number;
  /** Default `"bhhh, then newton"`. */
  readonly optimizer?: OptimizerName;
  /** Where to start: an earlier fit, values by parameter name, or all of theta. The rest starts from multinomial logit. */
  readonly start?: Fit | Readonly<Record<string, number>> | ArrayLike<number>;
  /** Which standard errors the table shows. Default `"hessian"`. */
  readonly errors?: ErrorKind;
  /** One label per person, for clustered errors; default the data's own. */
  readonly clusters?: readonly Id[];
  /** Confidence level, default 0.95. */
  readonly level?: number;
  /** Newton decrement at which a fit has converged: a squared distance in standard errors. Default 1e-10. */
  readonly tolerance?: number;
  /** Default 200. */
  readonly iterations?: number;
  /** Limit of time. Default none. */
  readonly seconds?: number;
  /** Stops the fit, which then returns its best so far, marked so. */
  readonly signal?: AbortSignal;
  /** Called after every step of the final climb. */
  readonly progress?: (step: Step) => void;
}

const optimizers = {"bhhh, then newton": bhhhNewton, newton, bhhh, bfgs} satisfies Record<string, () => Optimizer>;

/** Which way to climb: BHHH from afar and Newton at the end, or one of them throughout, or BFGS. */
export type OptimizerName = keyof typeof optimizers;

/** Every option of `fit`. */
export const optionNames: readonly string[] = [...specificationOptions, "rule", "draws", "ruleWithin", "drawsWithin", "seed", "optimizer", "start", "errors", "clusters", "level", "tolerance", "iterations", "seconds", "signal", "progress"];

/**
 * Splits options into the specification of the model and the rest, refusing what nobody knows.
 *
 * @throws {ChoiceError} options/unknown, options/number
 */
export function readOptions(options: FitOptions, at: string): {specification: Specification; optimizer: Optimizer} {
  checkOptions(at, options, optionNames);
  checkKinds(options, at);
  const positive = (name: "tolerance" | "iterations" | "seconds" | "draws" | "drawsWithin") => {
    const value = options[name];
    if (value !== undefined && !(typeof value === "number" && value > 0)) {
      throw new ChoiceError("options/number", {
        at, saw: `${name}: ${quote(value)}`,
        want: "a positive number"
      });
    }
  };
  (["tolerance", "iterations", "seconds", "draws", "drawsWithin"] as const).forEach(positive);
  if (options.seed !== undefined && !(Number.isSafeInteger(options.seed) && options.seed >= 0)) {
    throw new ChoiceError("options/number", {
      at, saw: `seed: ${quote(options.seed)}`,
      want: "a whole number, 0 or more"
    });
  }
  const name = options.optimizer ?? "bhhh, then newton";
  if (!Object.hasOwn(optimizers, name)) {
    throw new ChoiceError("options/unknown-optimizer", {
      at, saw: `optimizer: ${quote(name)}`,
      want: "an optimizer",
      hint: suggest(String(name), Object.keys(optimizers))
    });
  }
  // What is only needed at the end is refused at the beginning, not after the wait.
  maybeRule(options.rule ?? "sobol", options.draws);
  maybeRule(options.ruleWithin ?? "monteCarlo", options.drawsWithin);
  checkEstimatesOptions(options, at);
  const specification = Object.fromEntries(specificationOptions.flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]]))) as Specification;
  return {specification, optimizer: optimizers[name]()};
}

/** What the loop of a climb is told. */
export const climbOptions = ({tolerance, iterations, seconds, signal, progress}: FitOptions): ClimbOptions => ({tolerance, iterations, seconds, signal, onStep: progress});

/** A wrong kind of value would be ignored, and a Stop button would not stop: each is refused. */
function checkKinds({signal, progress, intercepts, panel, start, clusters}: FitOptions, at: string): void {
  const refuse = (name: string, value: unknown, want: string, hint?: string) => new ChoiceError("options/kind", {at, saw: `${name}: ${kindOf(value) === "an object without it" ? "something else" : kindOf(value)}`, want, hint});
  if (signal !== undefined && typeof (signal as {aborted?: unknown} | null)?.aborted !== "boolean") throw refuse("signal", signal, "an AbortSignal", "signal: controller.signal");
  if (progress !== undefined && typeof progress !== "function") throw refuse("progress", progress, "a function of a step");
  if (intercepts !== undefined && typeof intercepts !== "boolean") throw refuse("intercepts", intercepts, "true or false");
  if (panel !== undefined && typeof panel !== "boolean") throw refuse("panel", panel, "true or false");
  if (clusters !== undefined && !Array.isArray(clusters)) throw refuse("clusters", clusters, "one label per person", 'name a column when reading the data: fromLong(frame, {…, clusters: "village"})');
  if (start !== undefined && (typeof start !== "object" || start === null || kindOf(start) === "a promise")) {
    throw refuse("start", start, "a fit, values by name, or all of theta", kindOf(start) === "a promise" ? "write await before the fit" : "start: {price: -1}");
  }
}
