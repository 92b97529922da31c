import {Matrix, wrap, type AbstractMatrix} from "ml-matrix";
import type {ChoiceData} from "../data/choiceData.js";
import {listed} from "../errors.js";
import type {Asymptotic} from "../infer/asymptotic.js";
import {unbounded} from "../infer/covariance.js";
import {estimates} from "../infer/estimates.js";
import {personWeights} from "../infer/personWeights.js";
import type {Spread} from "../integrate/spread.js";
import {rootMeanSquares} from "../math/dependencies.js";
import {principal} from "../math/symmetric.js";
import type {Units} from "../model/choices.js";
import type {Design} from "../model/design.js";
import type {Parameter} from "../model/parameters.js";
import type {Specification} from "../model/specification.js";
import {tierTitles} from "../model/tiers.js";
import type {Summit} from "../optimize/climb.js";
import {ranAway} from "../optimize/ending.js";
import {shown} from "../rich.js";
import {version} from "../version.js";
import {atShares, atZero} from "./baseline.js";
import type {Basin} from "./passes/basins.js";
import type {SimulationError} from "./passes/certify.js";
import type {Scheme} from "./passes/ground.js";
import type {Likelihood, Look} from "./likelihood.js";
import {findings} from "./notes.js";
import type {FitOptions} from "./options.js";
import type {ComputingFacts, Fit, IntegrationFacts} from "./types.js";

/** A climb that has ended, and what it was a climb of. */
export interface Climbed {
  readonly data: ChoiceData;
  readonly specification: Specification;
  readonly plan: Design;
  readonly found: readonly Parameter[];
  readonly laid: Units;
  /** Positions of the free parameters. */
  readonly positions: readonly number[];
  /** (P) */
  readonly theta: Float64Array;
  readonly summit: Summit;
  /** Coefficients of the multinomial logit of the same columns, (C). */
  readonly b: Float64Array;
  readonly objective: Likelihood;
  /** The rest is of models with random columns. */
  readonly nodes?: Spread;
  readonly scheme?: Scheme;
  /** Everything at theta, when the climb left it. */
  readonly look?: Look;
  readonly error?: SimulationError;
  readonly pooled?: boolean;
  readonly limit?: string;
  readonly accuracy?: number;
  readonly basins?: readonly Basin[];
  readonly work?: number;
  readonly dimensions: number;
  readonly seed: number;
  readonly options: FitOptions;
  readonly random: boolean;
  readonly computing: ComputingFacts;
}

/** What a climb found, with its uncertainty and all that a reader should be told. `clock` is when the fit began. */
export async function conclude(climbed: Climbed, clock: number): Promise<Fit> {
  const {data, specification, plan, found, positions, theta, summit, objective, nodes, seed, options, random, basins} = climbed;
  // A fit that was stopped is not made to wait for its errors.
  const silent = summit.ending.code === "stopped" || summit.ending.code === "not finite";
  const look = silent ? undefined : climbed.look ?? await objective.look(theta, 2);
  const value = Number.isNaN(summit.at.value) && summit.ending.code !== "not finite" ? (look ?? await objective.look(theta, 0)).value : summit.at.value;
  const reported = climbed.pooled ? climbed.error!.together : value;
  const asymptotic = questions(climbed, look);
  const away = look ? unbounded(asymptotic).map((f) => found[positions[f]].name) : [];
  const ending = away.length ? ranAway(listed(away), summit.path) : summit.ending;
  const integration = integrationFacts(climbed, look);
  const F = positions.length;
  const zero = atZero(data);
  return shown("fit", {
    title: `${tierTitles[plan.tier]}${random && plan.covariance === "full" ? ", full covariance" : ""}`,
    tier: plan.tier, specification, data, design: plan, parameters: found, theta,
    logLikelihood: reported, logLikelihoodAtZero: zero, logLikelihoodAtShares: look ? await atShares(data) : NaN,
    ending, path: summit.path, integration, computing: climbed.computing, ...(basins && {basins}), hessian: asymptotic.hessian, scores: asymptotic.scores, ...(asymptotic.weight && {weight: asymptotic.weight}), free: positions,
    estimates: estimates(asymptotic, {errors: options.errors, level: options.level}),
    rho2: 1 - reported / zero, aic: 2 * (F - reported), bic: F * Math.log(data.weight.reduce((sum, w) => sum + w, 0)) - 2 * reported,
    seconds: (performance.now() - clock) / 1000, seed, version,
    notes: [...plan.notes, ...findings({...asymptotic, plan, integration, ending, data, silent, b: climbed.b, bias: look && nodes && !nodes.exact && !climbed.error ? bias(look.effective, nodes, climbed.laid) : undefined})]
  });
}

/** The answers to the two questions of inference, over the free parameters. */
function questions({data, plan, found, laid, positions, theta, summit, random}: Climbed, look: Look | undefined): Asymptotic {
  const F = positions.length;
  const weight = personWeights(data);
  return {
    parameters: found, design: plan, theta, free: positions, data, ...(weight && {weight}),
    hessian: look?.hessian ? principal(look.hessian, positions) : new Matrix(F, F),
    scores: look ? part(look.scores, positions) : new Matrix(data.people.length, F),
    arrived: summit.ending.converged,
    ...(random && {reach: reach(plan, found, laid)}),
    ...(!look && {silence: `not computed: the fit ${summit.ending.code === "stopped" ? "was stopped" : "met no finite number"}`})
  };
}

function integrationFacts({nodes, scheme, dimensions, seed, data, laid, error, pooled = false, limit, accuracy = NaN, work}: Climbed, look: Look | undefined): IntegrationFacts {
  if (!nodes || !scheme) return {rule: "none", method: "none", draws: 1, shared: true, exact: true, dimensions, seed};
  const {rule, draws, shared, exact, within} = nodes;
  return {
    rule, method: scheme.by, draws, shared, exact, dimensions, seed, ...(within && {within}),
    ...(look && {effective: summary(look.effective, laid, data)}),
    ...(error && {simulation: {...error, pooled, certified: error.rms <= accuracy, accuracy, ...(limit && {limit})}}),
    ...(work && {work: Math.round(work)})
  };
}

/** Scores of the free parameters, (I, F): the very ones when all are free. */
function part(S: AbstractMatrix, positions: readonly number[]): AbstractMatrix {
  const F = positions.length;
  if (F === S.columns) return S;
  const out = new Float64Array(S.rows * F);
  for (let i = 0, to = 0; i < S.rows; ++i) for (let f = 0; f < F; ++f, ++to) out[to] = S.get(i, positions[f]);
  return F ? wrap(out, {rows: S.rows}) : new Matrix(S.rows, 0);
}

/** By how much a unit of each parameter moves utilities: the size of its column, or one where it lives on a log scale. */
function reach({columns}: Design, found: readonly Parameter[], {d}: Units): Float64Array {
  const scale = rootMeanSquares(d, columns.length);
  return Float64Array.from(found, ({column}) => (["lognormal", "exponential"].includes(columns[column].distribution?.family ?? "") ? 1 : scale[column]));
}

function summary(effective: Float64Array, {person}: Units, {people}: ChoiceData): NonNullable<IntegrationFacts["effective"]> {
  const order = [...effective.keys()].sort((a, b) => effective[a] - effective[b]);
  return {
    least: effective[order[0]], median: effective[order[order.length >> 1]],
    worst: order.slice(0, 5).map((u) => ({person: people[person[u]], effective: effective[u]})),
    sorted: Float64Array.from(order, (u) => effective[u])
  };
}

/** First-order bias of a simulated log-likelihood, -1/2 sum_i Var(P_i) / P_i², were the draws independent (Lee 1995). */
function bias(effective: Float64Array, {draws}: Spread, {weight}: Units): number {
  let sum = 0;
  effective.forEach((value, u) => { sum -= 0.5 * weight[u] * Math.max(0, 1 / value - 1 / draws); });
  return sum;
}
