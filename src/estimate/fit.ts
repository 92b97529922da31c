import {Matrix} from "ml-matrix";
import type {ChoiceData, Note} from "../data/choiceData.js";
import {listed} from "../errors.js";
import {unbounded} from "../infer/covariance.js";
import {estimates} from "../infer/estimates.js";
import {mixing} from "../integrate/mixing.js";
import {spread, type Spread} from "../integrate/spread.js";
import {rootMeanSquares} from "../math/dependencies.js";
import {source} from "../math/random.js";
import {units, type Units} from "../model/choices.js";
import {design, type Design} from "../model/design.js";
import {checkIdentified} from "../model/identify.js";
import {parameters, type Parameter} from "../model/parameters.js";
import {tierTitles} from "../model/tiers.js";
import {climb, type Summit} from "../optimize/climb.js";
import {ranAway} from "../optimize/ending.js";
import {free} from "../optimize/objective.js";
import {newton} from "../optimize/trustRegion.js";
import {shown} from "../rich.js";
import {version} from "../version.js";
import {atShares, atZero} from "./baseline.js";
import {likelihood, pause, type Likelihood} from "./likelihood.js";
import {findings} from "./notes.js";
import {readOptions, type FitOptions} from "./options.js";
import {checkSeparation} from "./separation.js";
import {overrideStart, startingValues} from "./start.js";
import type {Fit, IntegrationFacts} from "./types.js";

/**
 * Fits a model of any tier by maximum (simulated) likelihood:
 *
 *   max over theta of sum_i w_i log P_i(theta)                                            (eq:likelihood)
 *
 * First the columns are checked for what these data cannot tell, then a multinomial logit of the same columns gives
 * starting values, then the whole model is climbed. The fit is asynchronous and gives way to timers about every 40 ms; a
 * signal stops it, and it returns its best so far, marked as such.
 *
 * @param data    choices, from `fromLong` or `fromWide`
 * @param options the model and how to fit it; `fitMnl` … `fitMixedDynamic` are this function with the tier filled in
 * @throws {ChoiceError} model/… and options/… for what is not understood, identify/… for what cannot be learned
 * @example
 * const model = await fit(data, {tier: "mixed", random: {price: "-lognormal"}});
 * model.ending.code // "converged"
 */
export async function fit(data: ChoiceData, options: FitOptions = {}, call = "fit(data, …)"): Promise<Fit> {
  const clock = performance.now();
  const {specification, optimizer} = readOptions(options, call);
  const {seed = 1, signal} = options;
  const plan = design(data, specification, call);
  const found = parameters(plan, specification.hold, call);
  await pause();
  const laid = units(data, plan, call);
  checkIdentified(data, plan.columns, laid, call);
  await pause();

  const fixed = await multinomial(plan, found, laid, options, call);
  const random = plan.columns.some((column) => column.distribution);
  const blend = random ? mixing(plan, found) : fixed.blend;
  const nodes = spread(laid, blend, spreadOptions(options, blend.within), source(seed));
  const objective = random ? likelihood(laid, blend, nodes.at, {signal}) : fixed.objective;
  const positions = found.flatMap(({held}, p) => (held === undefined ? [p] : []));

  let theta = random ? startingValues(plan, found, laid, fixed.b) : fixed.theta;
  let summit = fixed.summit;
  if (random) {
    if (options.start) theta = overrideStart(options.start, theta, found, call);
    const part = free(objective, theta, positions);
    summit = await climb(part, Float64Array.from(positions, (p) => theta[p]), optimizer, climbOptions(options));
    theta = part.fill(summit.theta);
  }
  return conclude({data, specification, plan, found, laid, positions, theta, summit, objective, nodes, dimensions: blend.dimensions, seed, clock, options, random});
}

const climbOptions = ({tolerance, iterations, seconds, signal, progress}: FitOptions) => ({tolerance, iterations, seconds, signal, onStep: progress});

/** Quadrature within people while it is cheap; beyond, one fresh draw per situation and outer node, which is unbiased. */
function spreadOptions({rule = "sobol", draws, ruleWithin, drawsWithin}: FitOptions, within: number) {
  return {rule, draws, ruleWithin: ruleWithin ?? (within <= 2 ? "gaussHermite" : "monteCarlo"), drawsWithin: drawsWithin ?? (ruleWithin ? undefined : within <= 2 ? 7 : 1)} as const;
}

interface Multinomial {
  readonly theta: Float64Array; // (C), held locations where they are held
  /** Coefficients, (C). */
  readonly b: Float64Array;
  readonly summit: Summit;
  readonly objective: Likelihood;
  readonly blend: ReturnType<typeof mixing>;
}

/** The multinomial logit of the same columns: the model itself when nothing is random, else the place to start from. */
async function multinomial(plan: Design, found: readonly Parameter[], laid: Units, options: FitOptions, call: string): Promise<Multinomial> {
  const random = plan.columns.some((column) => column.distribution);
  const still: Design = {...plan, columns: plan.columns.map(({distribution: _, ...column}) => ({...column, within: false}))};
  const held = (c: number): number | undefined => {
    const {held} = found[c];
    const {family, sign = 1} = plan.columns[c].distribution ?? {};
    return held === undefined ? undefined : family === "lognormal" || family === "exponential" ? sign * Math.exp(held) : held;
  };
  const locations = found.slice(0, plan.columns.length).map(({held: _, ...parameter}, c) => ({...parameter, ...(held(c) !== undefined && {held: held(c)})}));
  const start = Float64Array.from(locations, ({held}) => held ?? 0);
  const blend = mixing(still, locations);
  const node = {nu: new Float64Array(0), weights: Float64Array.of(1), dimensions: 0};
  const single: Units = random ? {...laid, unit: Int32Array.from(laid.row.keys()), ...perSituation(laid)} : laid;
  const objective = likelihood(single, blend, () => node, {signal: options.signal});
  const positions = locations.flatMap(({held}, c) => (held === undefined ? [c] : []));
  const begin = !random && options.start ? overrideStart(options.start, start, locations, call) : start;
  const part = free(objective, begin, positions);
  const {optimizer} = readOptions(options, call);
  const own = !random && options.optimizer !== undefined;
  const summit = await climb(part, Float64Array.from(positions, (c) => begin[c]), own ? optimizer : newton(), random ? {signal: options.signal, tolerance: 1e-8, iterations: 100} : climbOptions(options));
  if (summit.at.hessian) checkSeparation(plan.columns, laid, summit.at, positions, call);
  const theta = part.fill(summit.theta);
  return {theta, b: theta, summit, objective, blend};
}

/** Every situation a unit of its own, for a model without draws. */
function perSituation({unit, weight, person}: Units): Pick<Units, "weight" | "person"> {
  const N = unit[unit.length - 1];
  const out = {weight: new Float64Array(N), person: new Int32Array(N)};
  for (let u = 0; u + 1 < unit.length; ++u) {
    out.weight.fill(weight[u], unit[u], unit[u + 1]);
    out.person.fill(person[u], unit[u], unit[u + 1]);
  }
  return out;
}

interface Conclusion {
  readonly data: ChoiceData;
  readonly specification: FitOptions;
  readonly plan: Design;
  readonly found: readonly Parameter[];
  readonly laid: Units;
  readonly positions: readonly number[];
  readonly theta: Float64Array;
  readonly summit: Summit;
  readonly objective: Likelihood;
  readonly nodes: Spread;
  readonly dimensions: number;
  readonly seed: number;
  readonly clock: number;
  readonly options: FitOptions;
  readonly random: boolean;
}

/** What a climb found, with its uncertainty and all that a reader should be told. */
async function conclude({data, specification, plan, found, laid, positions, theta, summit, objective, nodes, dimensions, seed, clock, options, random}: Conclusion): Promise<Fit> {
  const F = positions.length;
  const {path} = summit;
  const inTime = summit.ending.code !== "stopped" && summit.ending.code !== "not finite";
  const whole = inTime && !summit.at.hessian ? await free(objective, theta, positions).evaluate(summit.theta, 2) : summit.at;
  const hessian = whole.hessian ?? new Matrix(F, F);
  const seen = inTime ? await objective.seen(theta) : undefined;
  const scores = seen ? columnsOf(seen.scores, positions) : new Matrix(data.people.length, F);
  const effective = random ? seen?.effective : undefined;
  const value = summit.at.value;
  const [zero, shares] = [atZero(data), inTime ? await atShares(data) : NaN];
  const integration: IntegrationFacts = {rule: nodes.rule, draws: nodes.draws, shared: nodes.shared, dimensions, seed, ...(nodes.within && {within: nodes.within}), ...(effective && {effective: summary(effective)})};
  const asymptotic = {parameters: found, design: plan, theta, free: positions, hessian, scores, data, ...(random && {reach: reach(plan, found, laid)}), ...(!inTime && {silence: `not computed: the fit ${summit.ending.code === "stopped" ? "was stopped" : "met no finite number"}`})};
  const away = inTime ? unbounded(asymptotic).map((f) => found[positions[f]].name) : [];
  const ending = away.length ? ranAway(listed(away), path) : summit.ending;
  const notes: Note[] = [...plan.notes, ...findings({...asymptotic, plan, integration, ending, data, laid, stoppedEarly: !inTime, bias: effective && bias(effective, nodes, laid)})];
  return shown("fit", {
    title: `${tierTitles[plan.tier]}${random && plan.covariance === "full" ? ", full covariance" : ""}`,
    tier: plan.tier, specification, data, design: plan, parameters: found, theta,
    logLikelihood: value, logLikelihoodAtZero: zero, logLikelihoodAtShares: shares,
    ending, path, integration, hessian, scores, free: positions,
    estimates: estimates(asymptotic, {errors: options.errors, clusters: options.clusters, level: options.level}),
    rho2: 1 - value / zero, aic: 2 * (F - value), bic: F * Math.log(data.situations.length) - 2 * value,
    seconds: (performance.now() - clock) / 1000, seed, version, notes
  });
}

/** By how much a unit of each parameter moves utilities: the size of its column, or one where it lives on a log scale. */
function reach({columns}: Design, found: readonly Parameter[], {d}: Units): Float64Array {
  const scale = rootMeanSquares(d, columns.length);
  return Float64Array.from(found, ({column}) => (["lognormal", "exponential"].includes(columns[column].distribution?.family ?? "") ? 1 : scale[column]));
}

function columnsOf(S: Matrix, positions: readonly number[]): Matrix {
  const out = Matrix.zeros(S.rows, positions.length);
  for (let i = 0; i < S.rows; ++i) positions.forEach((p, f) => out.set(i, f, S.get(i, p)));
  return out;
}

function summary(effective: Float64Array): {readonly least: number; readonly median: number} {
  const sorted = effective.filter((value) => !Number.isNaN(value)).sort();
  return {least: sorted[0], median: sorted[sorted.length >> 1]};
}

/** First-order bias of a simulated log-likelihood, -1/2 sum_i Var(P_i) / P_i², were the draws independent (Lee 1995). */
function bias(effective: Float64Array, {draws, rule}: Spread, {weight}: Units): number {
  if (/Gauss|rapezoid/.test(rule)) return 0;
  let sum = 0;
  effective.forEach((value, u) => { if (!Number.isNaN(value)) sum -= 0.5 * weight[u] * Math.max(0, 1 / value - 1 / draws); });
  return sum;
}
