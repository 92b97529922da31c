import type {ChoiceData} from "../data/choiceData.js";
import {counted} from "../data/counted.js";
import {expectFields} from "../errors.js";
import {checkEnough, clusterGroups} from "../infer/covariance.js";
import {mixing} from "../integrate/mixing.js";
import type {Rule} from "../integrate/rule.js";
import {maybeRule, type RuleName} from "../integrate/shorthand.js";
import {source} from "../math/random.js";
import {units} from "../model/choices.js";
import {design} from "../model/design.js";
import {parameters} from "../model/parameters.js";
import {rootMeanSquares} from "../math/dependencies.js";
import {startingPoints} from "./passes/basins.js";
import {conclude} from "./conclude.js";
import {pause} from "../optimize/breath.js";
import type {Step} from "../optimize/ending.js";
import {ground, nodesFor, type Scheme, type Within} from "./passes/ground.js";
import {hireCrew} from "./threads/hire.js";
import {likelihood} from "./likelihood.js";
import {multinomial} from "./multinomial.js";
import {readOptions, scheme, withinOptions, type FitOptions} from "./options.js";
import {passes} from "./passes/passes.js";
import {overrideStart, startingValues} from "./start.js";
import {watched} from "../live.js";
import {shown} from "../rich.js";
import type {Fit} from "./types.js";

/**
 * Fits a model of any tier by maximum (simulated) likelihood:
 *
 *   max over theta of sum_i w_i log P_i(theta)                                            (eq:likelihood)
 *
 * First the columns are checked for what these data cannot tell, then a multinomial logit of the same columns gives
 * starting values, then the whole model is climbed, on several threads where they repay their start. The fit is asynchronous
 * and gives way to timers about every 15 ms; a signal stops it, and so does the first interrupt in a notebook: it returns its
 * best so far, marked as such.
 *
 * @param choices choices, from `fromLong` or `fromWide`
 * @param options the model and how to fit it; `fitMnl` … `fitMixedDynamic` are this function with the tier filled in
 * @throws {ChoiceError} model/… and options/… for what is not understood, identify/… for what cannot be learned
 * @example
 * const model = await fit(data, {tier: "mixed", random: {price: "-lognormal"}});
 * model.ending.code // "converged"
 */
export async function fit(choices: ChoiceData, options: FitOptions = {}, call = "fit(data, …)"): Promise<Fit> {
  return watched({call, kind: "likelihood"}, options, (followed) => fitted(choices, followed, call), (step: Step) => step);
}

async function fitted(choices: ChoiceData, options: FitOptions, call: string): Promise<Fit> {
  const clock = performance.now();
  expectFields("data/not-choices", call, choices, ["x", "chosen", "situation", "person"], "choices", "make them from the table: fromLong(frame, {chosen: …, alternative: …}) or fromWide(frame, {choice: …})");
  const {specification, optimizer} = readOptions(options, call);
  const {seed = 1, signal, seconds} = options;
  const clusters = options.clusters ?? choices.clusters;
  if (options.errors === "clustered") clusterGroups(clusters, choices.people.length, call);
  const data = counted(clusters === choices.clusters ? choices : shown("choices", {...choices, clusters}));
  const plan = design(data, specification, call);
  const found = parameters(plan, specification.hold, call);
  const unknowns = found.filter(({held}) => held === undefined).length;
  if (options.errors === "robust") checkEnough(data.people.length, unknowns, "robust", call);
  if (options.errors === "clustered") checkEnough(new Set(data.clusters).size, unknowns, "clustered", call);
  await pause();
  const laid = units(data, plan, call);
  const random = plan.columns.some((column) => column.distribution);
  const positions = found.flatMap(({held}, p) => (held === undefined ? [p] : []));
  const climbed = {data, specification, plan, found, laid, positions, seed, options, random};
  if (!random) {
    const {theta, summit, objective, b} = await multinomial(data, plan, found, laid, options, call);
    return conclude({...climbed, b, theta, summit, objective, dimensions: 0, computing: {kernel: objective.engine, threads: 1}}, clock);
  }

  const blend = mixing(plan, found);
  const {scheme: first, grows, accuracy} = scheme(options, blend.dimensions, plan.columns.every(({distribution}) => distribution?.family !== "censored"));
  const place = {units: laid, blend, within: withinOptions(options, blend.within), source: source(seed)};
  const {threads, kernel: engine} = options;
  // Threads start while the multinomial logit is found.
  const halted = either(signal, seconds);
  const crew = hireCrew(laid, blend, {threads, engine, nodes: nodesAhead(first, blend.dimensions, place.within, blend.within), at: call});
  try {
    const {b} = await multinomial(data, plan, found, laid, options, call);
    let theta = startingValues(plan, found, laid, b);
    if (options.start) theta = overrideStart(options.start, theta, found, call);
    const objective = likelihood(laid, blend, nodesFor(place, {by: "plain", rule: "sobol", draws: 1}).lattice, {signal: halted, crew});
    const starts = startingPoints(theta, options.starts ?? 1, found, rootMeanSquares(laid.d, plan.columns.length), place.source);
    const arrival = await passes(ground(laid, blend, objective, place.within, place.source, halted), {scheme: first, grows, accuracy, starts, optimizer, strict: options.integration === "adaptive", chosen: options.optimizer !== undefined}, positions, options);
    return await conclude({...climbed, ...arrival, b, objective, dimensions: blend.dimensions, accuracy, computing: {kernel: crew.engine, threads: crew.threads, ...(crew.note && {note: crew.note})}}, clock);
  } finally {
    crew.close();
  }
}

/** A signal that also aborts when the time is up, so that not even one evaluation goes on beyond it by much. */
function either(signal: AbortSignal | undefined, seconds = Infinity): AbortSignal | undefined {
  if (!(seconds * 1000 < 2 ** 31)) return signal;
  const both = new AbortController();
  const stop = () => both.abort();
  const timer = AbortSignal.timeout(Math.ceil(seconds * 1000));
  timer.addEventListener("abort", stop, {once: true});
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop, {once: true});
  return both.signal;
}

/** Nodes of a unit, within included, that a fit begins with. */
function nodesAhead(scheme: Scheme, dimensions: number, {drawsWithin = 1}: Within, E: number): number {
  const plain = (rule: RuleName | Rule, draws?: number) => {
    const made = maybeRule(rule, draws);
    return made.exact ? made.draws ** dimensions : made.draws;
  };
  const between = scheme.by === "adaptive" ? scheme.points ** dimensions : scheme.by === "centred" ? scheme.draws : plain(scheme.rule, scheme.draws);
  return between * (E > 2 ? drawsWithin : drawsWithin ** E);
}
