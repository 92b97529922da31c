import {Matrix, wrap} from "ml-matrix";
import type {ChoiceData, Id} from "../../data/choiceData.js";
import {counted} from "../../data/counted.js";
import {expectOffers, hasChoices, type Offers} from "../../data/offers.js";
import {ChoiceError, listed, quote} from "../../errors.js";
import {covariance, type Kind} from "../../infer/covariance.js";
import {estimates} from "../../infer/estimates.js";
import type {Breathe} from "../../kernels/mnl.js";
import {teller, watched} from "../../live.js";
import type {Parameter} from "../../model/parameters.js";
import {Stopped} from "../../optimize/climb.js";
import {ending, type Step} from "../../optimize/ending.js";
import {shown} from "../../rich.js";
import {version} from "../../version.js";
import {identificationNotes, identify} from "./identification.js";
import {layoutOfNames, menusOf} from "./layout.js";
import {momentVariance} from "./momentVariance.js";
import type {MixedMenus} from "./objective.js";
import {checkMixingOptions, heedful, type MixingOptions} from "./options.js";
import {readingRow, readings} from "./readings.js";
import {likelihoodRows} from "./rows.js";
import {sensitivityOf} from "./sensitivity.js";
import {slopesVariance} from "./spread.js";
import {mixedProbabilities, tasteMeans} from "./tasteMeans.js";
import {targets, type MomentOptions, type Targets} from "./targets.js";
import {checkTastes, type Tastes} from "./tastes.js";
import {dot} from "./sums.js";
import {covarianceOf, divergence, meanOf, solveTilt, type TiltSolution} from "./tilt.js";
import type {MixedMomentsFit, MixingMoment} from "./types.js";
import {whiten, type Whitened} from "./whiten.js";

/** Options of `fitMaxEntMixedMoments`. */
export interface MixedMomentsOptions extends MixingOptions, MomentOptions {
  /** Coefficients of utility that everybody shares, by column: they are not estimated. */
  readonly hold?: Readonly<Record<string, number>>;
  /** Where errors come from: "robust" (the default with choices), "clustered", or "model": choices as random as the mixture says, or the standard deviations given. */
  readonly errors?: Kind;
  /** One label per person, for clustered errors; default the data's own. */
  readonly clusters?: readonly Id[];
}

/**
 * The least informative mixture of logits that meets given moments: what customers paid, shares, revenue by alternative
 * (eq:mixingMoments).
 *
 *   min sum_r theta_r ln(theta_r / q_r)   s.t.   sum_r theta_r g_r + e = b,   sum_r theta_r = 1
 *   theta_r = q_r exp(-lambda' g_r) / Z,         e = -Omega lambda
 *
 * g_r are the moments, means over situations, if everybody had taste r; b what they were, from the choices or given as totals
 * or means; Omega the variances of b's noise, none by default. Newton's method on the dual of as many dimensions as moments.
 *
 * K moments move the weights along K directions; everything else about the mixture is the base q, and the result says how far
 * it is from q (nats) and what other bases would have given. One mixture for all situations means that tastes do not depend on
 * what is on offer.
 *
 * Errors are of the moments' sampling (robust, by person), or with given totals of choices as random as the mixture says, or
 * the standard deviations given; carried to means and spreads by the delta method, d f / d b = Cov(f, g) (Cov(g) + Omega)^-1.
 *
 * @param choices choices, or choice sets alone (`offers`) with totals or means
 * @param options the tastes, the moments, coefficients held
 * @throws {ChoiceError} identify/infeasible-total with bounds, for moments that no mixture of these tastes has; mixing/… and
 *   model/… for what is not understood; data/no-choices
 * @example
 * const tastes = tasteGrid({price: {from: -3, to: 0, points: 31}});
 * const mixture = await fitMaxEntMixedMoments(data, {tastes, hold: {quality: 0.75}});
 * mixture.moments[0].name // "price"
 * mixture.ending.code // "converged"
 */
export function fitMaxEntMixedMoments(choices: ChoiceData | Offers, options: MixedMomentsOptions): Promise<MixedMomentsFit> {
  return watched({call: at, kind: "moments"}, options, (followed) => fitted(choices, followed), (step: Step) => step);
}

const at = "fitMaxEntMixedMoments(data, …)";

async function fitted(choices: ChoiceData | Offers, options: MixedMomentsOptions): Promise<MixedMomentsFit> {
  const clock = performance.now();
  expectOffers(at, choices);
  checkMixingOptions(options, ["hold", "moments", "totals", "means", "shares", "errors", "clusters"], at);
  const {tastes, hold = {}, level = 0.95, seed = 1, sensitivity = true, worth, progress} = options;
  checkTastes(tastes, at);
  const clustered = options.clusters ?? choices.clusters;
  const given = clustered === choices.clusters ? choices : shown(hasChoices(choices) ? "choices" : "offers", {...choices, clusters: clustered});
  const data = hasChoices(given) ? counted(given) : given;
  const layout = layoutOfNames(data, tastes, hold, options.panel, at);
  const menus = menusOf(data, layout, at);
  const wanted = targets(data, tastes.names, options, at);
  const {breathe} = heedful(options);
  try {
    const means = await tasteMeans(menus, wanted, tastes, breathe);
    const {solution, space, kept} = solve(tastes.logBase, means, wanted, options.iterations, at);
    const {weights} = solution;
    const path = steps(solution, clock, teller(progress));
    const done = ending(solution.converged ? "converged" : "stuck", path);
    const lambda = lambdaOf(solution, space, kept, wanted.K);
    const inference = await questions(data, menus, wanted, tastes, weights.theta, means, lambda, options.errors, breathe);
    const asymptotic = {...inference, design: {columns: layout.design.columns}, data};
    const V = covariance(asymptotic, options.errors, clustered);
    const words = inference.usual === "model" || options.errors === "model" ? modelWords(wanted) : V.words;
    const made = readings(tastes, weights.theta, {worth, at});
    const rows = made.map((reading) => readingRow(reading, slopesVariance(reading.slope, weights.theta, inference.free.map((k) => means[k]), -1, V.matrix), level));
    const table = estimates(asymptotic, {errors: options.errors, clusters: clustered, level});
    const again = async (logBase: Float64Array) => {
      const found = attempt(() => solve(logBase, means, wanted, options.iterations, at).solution);
      return found?.converged ? {weights: found.weights} : undefined;
    };
    const facts = identify(tastes, weights, kept.length, sensitivity ? await sensitivityOf(tastes, weights.theta, again) : undefined);
    const error = (k: number) => Math.sqrt(momentError(inference, wanted, k));
    const value = -divergence(weights, tastes.logBase) - 0.5 * lambda.reduce((sum, l, k) => sum + l * l * wanted.variance[k], 0);
    const {residual} = solution.path[solution.path.length - 1];
    return shown("mixing", {
      title: "Maximum-entropy mixed logit, moments", kind: "moments" as const,
      data, design: layout.design, layout, tastes, weights: weights.theta, logWeights: weights.log, shared: {...hold},
      identification: facts,
      estimates: shown("estimates", {...table, rows: [...table.rows.map((row) => ({...row, detail: true as const})), ...rows], words}),
      ...inference, covariance: V.matrix, means, situations: wanted.total,
      moments: wanted.names.map((name, k): MixingMoment => ({
        name, target: wanted.b[k], predicted: meanOf(weights.theta, means[k]), slack: -wanted.variance[k] * lambda[k] || 0,
        atBase: meanOf(tastes.logBase.map(Math.exp), means[k]), ...reach(means[k]), error: error(k)
      })),
      value, residual,
      certificate: {gap: Math.abs(solution.value - value) / Math.max(1, Math.abs(value)), residual, words: "largest moment missed, in its spread; gap between divergence and dual, relative to it or to a nat"},
      ...(hasChoices(data) && {logLikelihood: await logLikelihoodOf(menus, tastes, weights.theta, weights.log, breathe)}),
      ending: done, path, seconds: (performance.now() - clock) / 1000, seed, version,
      notes: [...data.notes, ...layout.design.notes, ...identificationNotes(tastes, facts, {errors: new Map(rows.flatMap(({name, error}) => (error ? [[name, error]] : [])))})]
    });
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    throw new ChoiceError("mixing/stopped", {at, saw: "stopped before there was anything to show", want: "a moment longer", hint: "raise seconds, or let it run"});
  }
}

interface Solved {
  readonly solution: TiltSolution;
  readonly space: Whitened;
  /** Moments that vary over tastes: the others are met by all mixtures or by none. */
  readonly kept: readonly number[];
}

/** The weights nearest to q that meet the moments, by the dual in whitened moments, alpha = -lambda. */
function solve(logBase: Float64Array, means: readonly Float64Array[], wanted: Targets, iterations: number | undefined, at: string): Solved {
  const {names, b, variance} = wanted;
  const kept: number[] = [];
  for (const [k, g] of means.entries()) {
    const {least, greatest} = reach(g);
    const size = Math.max(Math.abs(least), Math.abs(greatest), Math.abs(b[k]));
    const constant = greatest - least <= 1e-12 * size;
    if (!constant) kept.push(k);
    if (variance[k] > 0 || (constant && Math.abs(b[k] - least) <= 1e-9 * size) || (b[k] > least && b[k] < greatest)) continue;
    throw new ChoiceError("identify/infeasible-total", {
      at, saw: `a mean ${names[k]} of ${short(b[k])} per situation`, want: `between ${short(least)} and ${short(greatest)}, ends excluded: no mixture of these tastes leads beyond`,
      hint: "widen the range of the tastes, or say how noisy the moment is: {mean: …, sd: …}"
    });
  }
  const space = whiten({logBase, t: kept.map((k) => means[k])});
  if ("redundant" in space) {
    throw new ChoiceError("mixing/redundant", {at, saw: `the moment ${quote(names[kept[space.redundant]])}, which follows from ${listed(kept.slice(0, space.redundant).map((k) => quote(names[k])), 8) || "nothing"} whatever the taste`, want: "moments that each add something", hint: "leave it out: shares, for one, add up to one"});
  }
  const omega = kept.some((k) => variance[k] > 0) ? whitenedNoise(space, kept.map((k) => variance[k])) : undefined;
  const solution = solveTilt(space.family, space.inside(kept.map((k) => b[k])), {omega, ...(iterations !== undefined && {iterations})});
  if (!solution.converged && !omega) checkReach(solution, space, kept, wanted, at);
  return {solution, space, kept};
}

/** A direction along which no taste reaches as far as the moments ask proves that they are out of reach together. */
function checkReach({alpha}: TiltSolution, {family, inside, outside}: Whitened, kept: readonly number[], {names, b}: Targets, at: string): void {
  const size = Math.hypot(...alpha);
  const d = alpha.map((a) => a / size);
  const asked = dot(d, inside(kept.map((k) => b[k])));
  let most = -Infinity;
  for (let r = 0; r < family.logBase.length; ++r) most = Math.max(most, family.t.reduce((sum, u, k) => sum + d[k] * u[r], 0));
  if (asked < most - 1e-9) return;
  const weights = outside(d);
  const largest = weights.reduce((best, w) => Math.max(best, Math.abs(w)), 0);
  const parts = kept.map((k, q) => ({name: names[k], weight: weights[q] / largest, b: b[k]})).filter(({weight}) => Math.abs(weight) > 1e-6);
  const sum = parts.map(({name, weight}) => `${short(weight)} ${name}`).join(" + ").replaceAll("+ -", "- ");
  throw new ChoiceError("identify/infeasible-total", {
    at, saw: `moments that no mixture of these tastes has together: ${sum} = ${short(parts.reduce((total, part) => total + part.weight * part.b, 0))}`,
    want: `less than ${short((most - asked) / largest + parts.reduce((total, part) => total + part.weight * part.b, 0))}, the most at any one taste`,
    hint: "widen the range of the tastes, ask for fewer moments, or say how noisy they are: {mean: …, sd: …}"
  });
}

/** L^-1 Omega L'^-1, the lower triangle. */
function whitenedNoise({inside, centre}: Whitened, variance: readonly number[]): Float64Array {
  const K = variance.length;
  const columns = variance.map((_, k) => inside(centre.map((c, l) => c + (l === k ? 1 : 0)))); // L^-1 e_k
  const out = new Float64Array((K * (K + 1)) / 2);
  for (let p = 0, to = 0; p < K; ++p) for (let q = 0; q <= p; ++q, ++to) out[to] = variance.reduce((sum, v, k) => sum + v * columns[k][p] * columns[k][q], 0);
  return out;
}

function lambdaOf({alpha}: TiltSolution, space: Whitened, kept: readonly number[], K: number): Float64Array {
  const lambda = new Float64Array(K);
  space.outside(alpha).forEach((a, q) => { lambda[kept[q]] = -a || 0; });
  return lambda;
}

/** Lambda as the root of moments: curvature, scores by person, and the variance that the mixture itself gives to totals. */
async function questions(data: ChoiceData | Offers, menus: MixedMenus, wanted: Targets, tastes: Tastes, theta: Float64Array, means: readonly Float64Array[], lambda: Float64Array, errors: Kind | undefined, breathe: Breathe) {
  const {names, K, z, weight, total, variance, given} = wanted;
  const G = new Matrix(K, K);
  for (let k = 0; k < K; ++k) for (let l = 0; l < K; ++l) G.set(k, l, covarianceOf(theta, means[k], means[l]) + (k === l ? variance[k] : 0));
  const own = hasChoices(data) && given.every((yes) => !yes);
  const people = data.people.length;
  const S = new Float64Array(own ? people * K : 0);
  if (own) {
    const p = await mixedProbabilities(menus, tastes, theta, breathe);
    for (let i = 0; i < people; ++i) for (let n = data.person[i]; n < data.person[i + 1]; ++n) for (let k = 0; k < K; ++k) {
      let predicted = 0;
      for (let row = data.situation[n]; row < data.situation[n + 1]; ++row) predicted += p[row] * z[row * K + k];
      S[i * K + k] -= weight[n] * (z[data.chosen[n] * K + k] - predicted);
    }
  }
  const parameters = names.map((name, k): Parameter => ({name: `lambda[${name}]`, role: "mean", column: 0, words: `multiplier of mean ${name}`, ...(covarianceOf(theta, means[k], means[k]) === 0 && variance[k] === 0 && {held: lambda[k]})}));
  const free = parameters.flatMap(({held}, k) => (held === undefined ? [k] : []));
  const usual = own && people > free.length ? "robust" as const : "model" as const;
  // A pass of its own, for those who ask.
  const expected = usual === "model" || errors === "model" ? await expectedVariance(menus, wanted, tastes, theta, breathe) : undefined;
  const pick = (A: Matrix) => (free.length ? A.selection([...free], [...free]) : new Matrix(0, 0));
  const why = "moments are met, not a likelihood climbed";
  return {
    parameters, theta: lambda, free, arrived: true, reach: Float64Array.from(means, (g) => Math.sqrt(covarianceOf(theta, g, g))),
    hessian: pick(G).mul(-total), ...(expected && {expected: pick(expected)}),
    scores: own && free.length ? (free.length === K ? wrap(S, {rows: people}) : new Matrix(people, free.length).apply(function (this: Matrix, i, f) { this.set(i, f, S[i * K + free[f]]); })) : new Matrix(people, 0),
    usual,
    unsound: {hessian: why, opg: why, ...(!own && {robust: "totals were given, not choices", clustered: "totals were given, not choices"})}
  };
}

/** Covariance of the totals: as the mixture has it, or as given. */
async function expectedVariance(menus: MixedMenus, wanted: Targets, tastes: Tastes, theta: Float64Array, breathe: Breathe): Promise<Matrix> {
  const {K, given, variance, total} = wanted;
  const out = Matrix.from1DArray(K, K, await momentVariance(menus, wanted, tastes, theta, breathe));
  for (let k = 0; k < K; ++k) if (given[k] && variance[k] > 0) for (let l = 0; l < K; ++l) {
    out.set(k, l, k === l ? variance[k] * total ** 2 : 0);
    out.set(l, k, k === l ? variance[k] * total ** 2 : 0);
  }
  return out;
}

/** Variance of b_k. */
function momentError({usual, scores, expected, free}: Awaited<ReturnType<typeof questions>>, {total}: Targets, k: number): number {
  const f = free.indexOf(k);
  if (f < 0) return NaN;
  if (usual === "model") return expected!.get(f, f) / total ** 2;
  let sum = 0;
  for (let i = 0; i < scores.rows; ++i) sum += scores.get(i, f) ** 2;
  return sum / total ** 2;
}

const modelWords = ({variance, given}: Targets): string => (given.every((yes, k) => yes && variance[k] > 0) ? "from the standard deviations given" : given.some((yes, k) => yes && variance[k] > 0) ? "standard deviations given, else choices as random as the mixture says" : "choices as random as the mixture says");

/** Least and greatest over tastes. */
function reach(g: Float64Array): {least: number; greatest: number} {
  return {least: g.reduce((low, x) => Math.min(low, x), Infinity), greatest: g.reduce((high, x) => Math.max(high, x), -Infinity)};
}

/** The dual's descent as a path: it climbs to the divergence. */
function steps({path}: TiltSolution, clock: number, progress?: (step: Step) => void): Step[] {
  return path.map(({value, residual}, iteration) => {
    const step: Step = {iteration, logLikelihood: -value, gradientNorm: residual, decrement: NaN, method: iteration ? "newton" : "start", seconds: (performance.now() - clock) / 1000};
    progress?.(step);
    return step;
  });
}

async function logLikelihoodOf(menus: MixedMenus, tastes: Tastes, theta: Float64Array, log: Float64Array, breathe: Breathe): Promise<number> {
  const rows = likelihoodRows(menus, tastes, 0);
  let value = 0;
  for (let u = 0; u < menus.weight.length; ++u) {
    const wait = breathe();
    if (wait) await wait;
    const {row, top} = rows.at(u, new Float64Array(0), 0);
    const sum = dot(theta, row);
    if (sum > 1e-280) value += menus.weight[u] * (top + Math.log(sum));
    else {
      const logs = rows.logs(u, new Float64Array(0));
      const most = logs.reduce((high, l, r) => Math.max(high, l + log[r]), -Infinity);
      value += menus.weight[u] * (most + Math.log(logs.reduce((part, l, r) => part + Math.exp(l + log[r] - most), 0)));
    }
  }
  return value;
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof ChoiceError) return undefined;
    throw error;
  }
}

const short = (value: number) => String(Number(value.toPrecision(6)));
