import {Matrix} from "ml-matrix";
import type {ChoiceData} from "../data/choiceData.js";
import {counted} from "../data/counted.js";
import {expectOffers, hasChoices, standIn, type OfferFacts, type Offers} from "../data/offers.js";
import {checkEnough, checkKind, clusterGroups, type Kind} from "../infer/covariance.js";
import {teller, watched} from "../live.js";
import {design, type Design} from "../model/design.js";
import {parameters, type Parameter} from "../model/parameters.js";
import {breather} from "../optimize/breath.js";
import {shown} from "../rich.js";
import {checkReached, checkTotals} from "./attainable.js";
import {totalBounds} from "./bounds.js";
import {dualStep} from "./dualPath.js";
import {checkMoments, evenCurvature} from "./identified.js";
import {maxEntFit} from "./maxEntFacts.js";
import type {MaxEntFit} from "./maxEntFit.js";
import {checkEntropyOptions, type EntropyOptions} from "./options.js";
import type {Programme, Signal} from "./programme.js";
import {solve, type SolveOptions} from "./solve.js";
import {noiseShape, type NoiseShape} from "./supports.js";
import {targets, type Targets} from "./totals.js";
import {noisy, settled} from "./width.js";

/** What tells one maximum-entropy fit from the other. */
export interface Kindred {
  readonly kind: "logit" | "supports";
  /** Options of its own. */
  readonly own: readonly string[];
  title(noise: boolean): string;
  signal(data: OfferFacts, at: string): Signal;
  /** Errors that never hold for it, with the reason. */
  readonly unsound: Readonly<Partial<Record<Kind, string>>>;
  /** An attribute that is no moment unless asked for. */
  readonly aside?: string;
}

/** A problem laid out and understood, before anything is computed. */
export interface Laid {
  readonly call: string;
  readonly kindred: Kindred;
  /** What the user gave, and what of it counts; without choices the first row of each situation stands in for them. */
  readonly given: ChoiceData | Offers;
  readonly data: ChoiceData;
  /** Whether choices are known. */
  readonly chosen: boolean;
  readonly plan: Design;
  readonly found: readonly Parameter[];
  readonly asked: Targets;
  /** Errors that do not hold here, and those to show. */
  readonly unsound: Kindred["unsound"];
  readonly usual: Kind;
  /** The noise, its width still to be settled. */
  readonly shape?: NoiseShape;
  /** The programme without noise. */
  readonly bare: Programme;
}

/** The way that both fits go: moments, checks, noise, the dual, and what a reader needs of it. */
export async function fitEntropy(given: ChoiceData | Offers, options: EntropyOptions, kindred: Kindred, call: string): Promise<MaxEntFit> {
  return watched({call, kind: "dual"}, options, (followed) => fitted(given, followed, kindred, call), dualStep);
}

async function fitted(given: ChoiceData | Offers, options: EntropyOptions, kindred: Kindred, call: string): Promise<MaxEntFit> {
  const clock = performance.now();
  const laid = lay(given, options, kindred, call);
  const {data, plan, found, asked, bare, shape} = laid;
  const {seed = 1, level, signal, seconds = Infinity} = options;
  const breathe = breather();
  const even = evenCurvature(bare);
  await checkMoments(data, plan, found, even, call, breathe);
  const solver: SolveOptions = {tolerance: options.tolerance ?? 1e-13, iterations: options.iterations ?? 200, signal: either(signal, seconds), threads: options.threads, engine: options.kernel};
  const noise = shape && await settled(shape, laid, solver, seed, breathe);
  const programme = noise ? noisy(bare, shape, noise.v) : bare;
  const alone = totalBounds(bare);
  checkTotals(programme, alone, {...asked, plan, call});
  const solution = await solve(programme, {...solver, onStep: teller(options.progress)});
  checkReached(programme, solution, even, {...asked, plan, call});
  return maxEntFit(laid, {programme, noise, solution, alone, level, seed}, clock, breathe);
}

/** @throws {ChoiceError} for data, options, columns and totals that are not understood */
function lay(given: ChoiceData | Offers, options: EntropyOptions, kindred: Kindred, call: string): Laid {
  expectOffers(call, given);
  checkEntropyOptions(options, kindred.own, call);
  const chosen = hasChoices(given);
  const {noise = chosen ? {} : false, clusters = given.clusters} = options;
  const shape = noise === false ? undefined : noiseShape(noise, call);
  if (options.errors === "clustered") clusterGroups(clusters, given.people.length, call);
  const data = counted(shown("choices", {...(chosen ? given : standIn(given)), ...(clusters && {clusters})}));
  const attributes = options.attributes ?? (kindred.aside === undefined ? undefined : data.attributes.filter((name) => name !== kindred.aside));
  const plan = design(data, {tier: options.tier ?? "mnlIntercepts", attributes, intercepts: options.intercepts, base: options.base}, call);
  const found = parameters(plan, {}, call);
  const asked = targets(data, plan, options, chosen ? data.chosen : undefined, call);
  const bare = {z: plan.z, moments: found.length, situation: data.situation, weight: data.weight, targets: asked.targets, ...(asked.slack && {slack: asked.slack}), signal: kindred.signal(data, call)};
  return {call, kindred, given, data, chosen, plan, found, asked, ...errorKinds(data, found.length, options.errors, {...kindred.unsound, ...scoreless(chosen, asked)}, call), shape, bare};
}

/** Scores are sums over the people of the data: where totals come from elsewhere there are none. */
function scoreless(chosen: boolean, {given}: Targets): Kindred["unsound"] {
  if (chosen && !given.some(Boolean)) return {};
  const reason = chosen ? "totals given from outside are not added up from these choices, which therefore do not say how they vary" : "there are no choices to say how they vary";
  return {robust: reason, clustered: reason, opg: reason};
}

/** @throws {ChoiceError} infer/unknown-errors, infer/unsound, infer/few-people */
function errorKinds(data: ChoiceData, K: number, errors: Kind | undefined, unsound: Kindred["unsound"], call: string): Pick<Laid, "unsound" | "usual"> {
  const first: Kind = "robust" in unsound ? "model" : "robust";
  const usual = errors ?? (data.people.length > K ? first : "model");
  checkKind(usual, call, {expected: new Matrix(K, K), unsound, usual: first});
  if (usual === "robust") checkEnough(data.people.length, K, usual, call, "model");
  if (usual === "clustered") checkEnough(new Set(data.clusters).size, K, usual, call, "model");
  return {unsound, usual};
}

/** A signal that aborts when the time is up, too. */
function either(signal: AbortSignal | undefined, seconds: number): AbortSignal | undefined {
  if (!(seconds * 1000 < 2 ** 31)) return signal;
  const clock = AbortSignal.timeout(Math.ceil(seconds * 1000));
  return signal ? AbortSignal.any([signal, clock]) : clock;
}
