import type {Id} from "../data/choiceData.js";
import {checkOptions, ChoiceError, kindOf, quote, suggest} from "../errors.js";
import type {ErrorKind} from "../infer/covariance.js";
import {checkEstimatesOptions} from "../infer/estimates.js";
import type {Rule} from "../integrate/rule.js";
import type {Engine} from "../kernels/panel.js";
import {maybeRule, type RuleName} from "../integrate/shorthand.js";
import {teller} from "../live.js";
import {specificationOptions} from "../model/design.js";
import type {Specification} from "../model/specification.js";
import {bfgs} from "../optimize/bfgs.js";
import type {ClimbOptions} from "../optimize/climb.js";
import type {Step} from "../optimize/ending.js";
import type {Optimizer} from "../optimize/optimizer.js";
import {bhhh, bhhhNewton, newton} from "../optimize/trustRegion.js";
import {checkThreads} from "./threads/hire.js";
import {ladder, type Scheme, type Within} from "./passes/ground.js";
import type {Fit} from "./types.js";

/** What a fit may be told beside its model. Everything has a default. */
export interface FitOptions extends Specification {
  /**
   * How to integrate over random coefficients. `"auto"`, the default, chooses by measured error: adaptive quadrature for one
   * or two dimensions, else centred draws, as many as `accuracy` asks for. `"centred"`: Sobol draws that are moved, for each
   * person, to where the person's choices say that the coefficients are, with weights that make up for it. `"adaptive"`:
   * Gauss-Hermite quadrature moved in the same way. `"plain"`: nodes as the rule has them, for comparison with other software.
   */
  readonly integration?: Integration;
  /** A rule or its name, for plain integration; giving one asks for that. Default `"sobol"`. */
  readonly rule?: RuleName | Rule;
  /** Nodes per person (points per dimension for quadrature): exactly so many, instead of as many as `accuracy` asks for. */
  readonly draws?: number;
  /** How far estimates may be from those of exact integrals, root mean square in standard errors. Default 0.05. */
  readonly accuracy?: number;
  /** How many points to start from: the usual one and others around it. The fit goes on from the best, and lists what it found as `basins`. Default 1. */
  readonly starts?: number;
  /** The rule within people. Default: 7-point Gauss-Hermite up to two dimensions, else one fresh draw per situation and node. */
  readonly ruleWithin?: RuleName | Rule;
  readonly drawsWithin?: number;
  /** Seed of every random choice. Default 1. */
  readonly seed?: number;
  /** Default `"bhhh, then newton"`; with placed draws the last climb begins with the curvature of fewer draws. */
  readonly optimizer?: OptimizerName;
  /** Where to start: an earlier fit, whose spreads are carried over to a full covariance and back, values by parameter name, or all of theta. The rest starts from multinomial logit. */
  readonly start?: Fit | Readonly<Record<string, number>> | ArrayLike<number>;
  /** Which standard errors the table shows. Default `"hessian"`. */
  readonly errors?: ErrorKind;
  /** One label per person, for clustered errors; default the data's own. */
  readonly clusters?: readonly Id[];
  /** Confidence level, default 0.95. */
  readonly level?: number;
  /** Newton decrement at which a fit has converged: a squared distance in standard errors. Default 1e-10; 1e-5 where draws are placed, whose own error is far larger, and no optimizer is named. */
  readonly tolerance?: number;
  /** How many threads compute: `"auto"`, the default, takes as many as repay their start, at most eight. Every number gives the same bits. */
  readonly threads?: number | "auto";
  /** `"wasm"`, compiled, where it runs, is the default; `"typescript"` is the readable definition, some twenty times slower. */
  readonly kernel?: Engine;
  /** Default 200. */
  readonly iterations?: number;
  /** Limit of time. Default none. */
  readonly seconds?: number;
  /** Stops the fit, which then returns its best so far, marked so. */
  readonly signal?: AbortSignal;
  /**
   * A function is called after every step of every pass. Otherwise a fit that takes a while shows itself where somebody looks
   * on, in a notebook; `true` shows it always, outside notebooks as lines of the error stream, and `false` never.
   */
  readonly progress?: boolean | ((step: Step) => void);
}

const integrations = ["auto", "centred", "adaptive", "plain"] as const;

/** How integrals are taken. */
export type Integration = (typeof integrations)[number];

const optimizers = {"bhhh, then newton": bhhhNewton, newton, bhhh, bfgs} satisfies Record<string, () => Optimizer>;

/** Which way to climb: BHHH from afar and Newton at the end, or one of them throughout, or BFGS. */
export type OptimizerName = keyof typeof optimizers;

/** Every option of `fit`. */
export const optionNames: readonly string[] = [...specificationOptions, "integration", "rule", "draws", "accuracy", "starts", "ruleWithin", "drawsWithin", "seed", "optimizer", "start", "errors", "clusters", "level", "threads", "kernel", "tolerance", "iterations", "seconds", "signal", "progress"];

/**
 * Splits options into the specification of the model and the rest, refusing what nobody knows.
 *
 * @throws {ChoiceError} options/unknown, options/number
 */
export function readOptions(options: FitOptions, at: string): {specification: Specification; optimizer: Optimizer} {
  checkOptions(at, options, optionNames);
  checkKinds(options, at);
  const positive = (name: "tolerance" | "iterations" | "seconds" | "draws" | "drawsWithin" | "accuracy" | "starts") => {
    const value = options[name];
    if (value !== undefined && !(typeof value === "number" && value > 0)) {
      throw new ChoiceError("options/number", {
        at, saw: `${name}: ${quote(value)}`,
        want: "a positive number"
      });
    }
  };
  (["tolerance", "iterations", "seconds", "draws", "drawsWithin", "accuracy", "starts"] as const).forEach(positive);
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
  if (options.starts !== undefined && !Number.isInteger(options.starts)) {
    throw new ChoiceError("options/number", {at, saw: `starts: ${quote(options.starts)}`, want: "a whole number, 1 or more"});
  }
  checkThreads(options.threads, at);
  if (options.kernel !== undefined && options.kernel !== "wasm" && options.kernel !== "typescript") {
    throw new ChoiceError("options/kernel", {at, saw: `kernel: ${quote(options.kernel)}`, want: '"wasm" or "typescript"', hint: suggest(String(options.kernel), ["wasm", "typescript"])});
  }
  checkIntegration(options, at);
  // What is only needed at the end is refused at the beginning, not after the wait.
  maybeRule(options.rule ?? (options.integration === "adaptive" ? "gaussHermite" : "sobol"), options.draws);
  maybeRule(options.ruleWithin ?? "monteCarlo", options.drawsWithin);
  checkEstimatesOptions(options, at);
  const specification = Object.fromEntries(specificationOptions.flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]]))) as Specification;
  return {specification, optimizer: optimizers[name]()};
}

/** @throws {ChoiceError} options/integration, for ways nobody knows and those that contradict each other */
function checkIntegration({integration, rule, draws}: FitOptions, at: string): void {
  if (integration !== undefined && !integrations.includes(integration)) {
    throw new ChoiceError("options/integration", {at, saw: `integration: ${quote(integration)}`, want: "a way to integrate", hint: suggest(String(integration), integrations)});
  }
  if (rule !== undefined && integration !== undefined && integration !== "plain") {
    throw new ChoiceError("options/integration", {
      at, saw: `integration: ${quote(integration)} beside a rule`,
      want: "one of them: a rule is for plain integration, the other ways have their own", hint: 'integration: "plain", or leave the rule out'
    });
  }
  if (integration === "auto" && draws !== undefined) {
    throw new ChoiceError("options/integration", {
      at, saw: `integration: "auto" beside draws: ${quote(draws)}`,
      want: "one of them: auto chooses the draws itself", hint: `integration: "centred", draws: ${String(draws)}; or ask for more with accuracy: 0.02`
    });
  }
}

/** The nodes to begin with, and whether there may be more. Why these: the comparison in test/bench/integration. */
export function scheme({integration, rule, draws, accuracy = 0.05}: FitOptions, dimensions: number, smooth: boolean): {readonly scheme: Scheme; readonly grows: boolean; readonly accuracy: number} {
  const way = integration ?? (rule !== undefined ? "plain" : draws !== undefined ? "centred" : "auto");
  const grows = way !== "plain" && draws === undefined;
  if (way === "plain") return {scheme: {by: "plain", rule: rule ?? "sobol", draws}, grows, accuracy};
  if (way === "adaptive") return {scheme: {by: "adaptive", points: draws ?? ladder[dimensions]?.[0] ?? 5}, grows: grows && dimensions < ladder.length, accuracy};
  if (way === "auto" && smooth && dimensions < ladder.length) return {scheme: {by: "adaptive", points: ladder[dimensions][0]}, grows, accuracy};
  return {scheme: {by: "centred", draws: draws ?? 256}, grows, accuracy};
}

/** Quadrature within people while it is cheap; beyond, one fresh draw per situation and outer node, which is unbiased. */
export const withinOptions = ({ruleWithin, drawsWithin}: FitOptions, within: number): Within =>
  ({ruleWithin: ruleWithin ?? (within <= 2 ? "gaussHermite" : "monteCarlo"), drawsWithin: drawsWithin ?? (ruleWithin ? undefined : within <= 2 ? 7 : 1)});

/** What the loop of a climb is told. */
export const climbOptions = ({tolerance, iterations, seconds, signal, progress}: FitOptions): ClimbOptions => ({tolerance, iterations, seconds, signal, onStep: teller(progress)});

/** A wrong kind of value would be ignored, and a Stop button would not stop: each is refused. */
function checkKinds({signal, progress, intercepts, panel, start, clusters}: FitOptions, at: string): void {
  const refuse = (name: string, value: unknown, want: string, hint?: string) => new ChoiceError("options/kind", {at, saw: `${name}: ${kindOf(value) === "an object without it" ? "something else" : kindOf(value)}`, want, hint});
  if (signal !== undefined && typeof (signal as {aborted?: unknown} | null)?.aborted !== "boolean") throw refuse("signal", signal, "an AbortSignal", "signal: controller.signal");
  if (progress !== undefined && typeof progress !== "function" && typeof progress !== "boolean") throw refuse("progress", progress, "a function of a step, true or false");
  if (intercepts !== undefined && typeof intercepts !== "boolean") throw refuse("intercepts", intercepts, "true or false");
  if (panel !== undefined && typeof panel !== "boolean") throw refuse("panel", panel, "true or false");
  if (clusters !== undefined && !Array.isArray(clusters)) throw refuse("clusters", clusters, "one label per person", 'name a column when reading the data: fromLong(frame, {…, clusters: "village"})');
  if (start !== undefined && (typeof start !== "object" || start === null || kindOf(start) === "a promise")) {
    throw refuse("start", start, "a fit, values by name, or all of theta", kindOf(start) === "a promise" ? "write await before the fit" : "start: {price: -1}");
  }
}
