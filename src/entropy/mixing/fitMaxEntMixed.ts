import {Matrix, type AbstractMatrix} from "ml-matrix";
import type {ChoiceData, Id} from "../../data/choiceData.js";
import {counted} from "../../data/counted.js";
import {ChoiceError, expectFields, listed, quote} from "../../errors.js";
import {checkEnough, clusterGroups, covariance, type Covariance, type ErrorKind} from "../../infer/covariance.js";
import {estimates} from "../../infer/estimates.js";
import type {Breathe} from "../../kernels/mnl.js";
import {teller, watched} from "../../live.js";
import {clearlyIndependent, rootMeanSquares} from "../../math/dependencies.js";
import {source} from "../../math/random.js";
import {inverse, negated, spectrum} from "../../math/symmetric.js";
import {units} from "../../model/choices.js";
import {checkIdentified} from "../../model/identify.js";
import type {Parameter} from "../../model/parameters.js";
import type {Specification} from "../../model/specification.js";
import {climb, Stopped} from "../../optimize/climb.js";
import {ending, ranAway, type Ending, type Step} from "../../optimize/ending.js";
import {newton} from "../../optimize/trustRegion.js";
import {shown} from "../../rich.js";
import {version} from "../../version.js";
import {expectationMaximization} from "./em.js";
import {identificationNotes, identify} from "./identification.js";
import {crossSection, layoutOfSpecification, menusOf, withShared, type MixingLayout} from "./layout.js";
import {mixingObjective, type MixedMenus, type MixingObjective, type MixingPass} from "./objective.js";
import {checkMixingOptions, climbOptions, heedful, type MixingOptions} from "./options.js";
import {pointFit} from "./point.js";
import {readingRow, readings} from "./readings.js";
import {likelihoodRows, type LikelihoodRows} from "./rows.js";
import {sensitivityOf} from "./sensitivity.js";
import {slopesVariance} from "./spread.js";
import {tasteStatistics, type Statistic, type TasteShape} from "./statistics.js";
import {checkTastes} from "./tastes.js";
import {tilted, type Weights} from "./tilt.js";
import type {MixedStatisticsFit, MixingBasin} from "./types.js";
import {whiten, type Whitened} from "./whiten.js";

/** Options of `fitMaxEntMixed`. */
export interface MixedStatisticsOptions extends MixingOptions, Pick<Specification, "attributes" | "intercepts" | "base" | "hold"> {
  /** What is to be learned of the tastes' distribution, one shape for all coefficients or one by name. Default "normal". */
  readonly statistics?: TasteShape | Readonly<Record<string, TasteShape>>;
  /** Whether tastes may be correlated: products of every pair of coefficients join the statistics. Default false. */
  readonly cross?: boolean;
  /** How many points to start from, the base and others at random: the likelihood may have several summits. Default 1. */
  readonly starts?: number;
  /** Steps of EM before Newton's method takes over. Default 10, fewer where they gain little. */
  readonly em?: number;
  /** Newton decrement at which the fit has converged: a squared distance in standard errors. Default 1e-10. */
  readonly tolerance?: number;
  /** Which standard errors the table shows. Default "hessian". */
  readonly errors?: ErrorKind;
  /** One label per person, for clustered errors; default the data's own. */
  readonly clusters?: readonly Id[];
}

/** Sensitivity is worked out unasked where a pass over the data is shorter than this, in likelihoods. */
const quick = 4e6;

/**
 * The maximum-entropy mixed logit: a mixture of logits over a grid of tastes, whose weights are the least informative ones
 * with the means of given statistics of the tastes, fitted to choices by maximum likelihood (eq:mixingLikelihood).
 *
 *   P_ij = sum_r theta_r logit_ij(b_r),   theta_r = q_r exp(alpha' t(b_r)) / Z,   max over alpha, c of sum_i w_i ln P_i
 *
 * With t = (b, b²) on a fine grid this is the mixed logit with a normal coefficient; with t in ln |b| the lognormal; with
 * polynomials, steps or splines the logit-mixed logit of Train (2016). Columns that are not among the tastes have one
 * coefficient for everybody, estimated with the rest. EM, whose M-step is a maximum-entropy problem, leads near the summit;
 * Newton's method with the analytic Hessian inside a trust region finishes.
 *
 * The table holds means, standard deviations and shares below zero of the tastes with delta errors; the multipliers alpha are
 * in it as details. With one situation per person, such mixtures are weakly identified.
 *
 * @param choices choices, from `fromLong` or `fromWide`
 * @param options the tastes and what to learn of them; attributes, intercepts and held coefficients as for `fitMixed`
 * @throws {ChoiceError} mixing/… for tastes and statistics, model/… and options/… for what is not understood, identify/… for
 *   what cannot be learned
 * @example
 * const tastes = tasteGrid({price: {from: -5, to: 3, points: 41}});
 * const mixture = await fitMaxEntMixed(data, {tastes, statistics: "normal"});
 * mixture.ending.code // "converged"
 * mixture.statistics.map(({name}) => name) // ["price", "price²"]
 */
export function fitMaxEntMixed(choices: ChoiceData, options: MixedStatisticsOptions): Promise<MixedStatisticsFit> {
  return watched({call: at, kind: "likelihood"}, options, (followed) => fitted(choices, followed), (step: Step) => step);
}

const at = "fitMaxEntMixed(data, …)";

async function fitted(choices: ChoiceData, options: MixedStatisticsOptions): Promise<MixedStatisticsFit> {
  const clock = performance.now();
  expectFields("data/not-choices", at, choices, ["x", "chosen", "situation", "person"], "choices", "make them from the table: fromLong(frame, {chosen: …, alternative: …}) or fromWide(frame, {choice: …})");
  checkMixingOptions(options, ["attributes", "intercepts", "base", "hold", "statistics", "cross", "starts", "em", "tolerance", "errors", "clusters"], at);
  const {tastes, level = 0.95, seed = 1, starts = 1, em = 10, errors = "hessian", worth} = options;
  checkTastes(tastes, at);
  checkCounts({starts, em}, at);
  const clusters = options.clusters ?? choices.clusters;
  if (errors === "clustered") clusterGroups(clusters, choices.people.length, at);
  const data = counted(clusters === choices.clusters ? choices : shown("choices", {...choices, clusters}));
  const layout = layoutOfSpecification(data, tastes, {attributes: options.attributes, intercepts: options.intercepts, base: options.base, panel: options.panel, hold: options.hold}, at);
  const statistics = tasteStatistics(tastes, options.statistics, options.cross, at);
  const space = whiten({logBase: tastes.logBase, t: statistics.map(({values}) => values)});
  if ("redundant" in space) throw redundant(statistics, space.redundant, at);
  const menus = menusOf(data, layout, at);
  const found = parametersOf(layout, statistics);
  const positions = found.flatMap(({held}, p) => (held === undefined ? [p] : []));
  for (const kind of ["robust", "clustered"] as const) if (errors === kind) checkEnough(kind === "robust" ? data.people.length : new Set(data.clusters).size, positions.length, kind, at);

  const {breathe, ignore} = heedful(options);
  try {
    const point = await pointBefore(data, layout, found, statistics.length, breathe, at);
    const rows = likelihoodRows(menus, tastes);
    const objective = mixingObjective(menus, rows, space.family, breathe);
    const total = menus.weight.reduce((sum, w) => sum + w, 0);
    const shared = Float64Array.from(layout.fixed, (c) => point.b[c]);
    const began = Array.from({length: starts}, (_, n) => startingPoint(space, shared, n, seed));
    const still = mixingObjective(withShared(menus, shared), layout.fixed.length ? likelihoodRows(withShared(menus, shared), tastes) : rows, space.family, breathe);
    const {x, path, code, basins} = await ascend({objective, still}, space, total, began, {...options, em}, clock);
    ignore();
    // A fit that was stopped is not made to wait for its errors.
    const last = code === "not finite" || code === "stopped" ? undefined : await objective.evaluate(x, 2, {scores: true});
    const inference = questions(data, layout, found, positions, menus, space, x, last, code);
    const asymptotic = {...inference, design: layout.design, data};
    const V = last ? covariance(asymptotic, errors, clusters) : {matrix: inference.hessian, flat: []};
    const unsaid = last ? open(V, inference) : [];
    // Open and without a summit: they are on their way to infinity.
    const away = code === "stuck" ? unsaid.map((f) => found[positions[f]].name) : [];
    const done: Ending = away.length ? {...ranAway(listed(away), path), advice: "use fewer statistics, or fitMaxEntMixedWeights, whose tau holds the weights to the base"} : ending(code, path);
    const weights = last?.weights ?? tilted(space.family, x);
    const made = readings(tastes, weights.theta, {worth, at});
    const t = statistics.map(({values}) => values);
    const wide = last ? withFlat(V.matrix, V.flat, inference.hessian) : Matrix.zeros(positions.length, positions.length).fill(NaN);
    const readingRows = made.map((reading) => readingRow(reading, slopesVariance(reading.slope, weights.theta, t, 1, wide), level, inference.silence));
    const table = estimates(asymptotic, {errors, clusters, level});
    const work = layout.fixed.length ? menus.z.length / menus.columns * weights.theta.length : rowsOf(menus) * weights.theta.length;
    const again = (logBase: Float64Array) => refit(menus, rows, space, logBase, x, breathe, options);
    const sensitivity = code === "converged" && (options.sensitivity ?? work <= quick) ? await sensitivityOf(tastes, weights.theta, again) : undefined;
    const facts = identify(tastes, weights, statistics.length, sensitivity);
    const value = last?.value ?? path[path.length - 1]?.logLikelihood ?? NaN;
    const F = positions.length;
    const readingErrors = new Map(readingRows.flatMap(({name, error}) => (error ? [[name, error]] : [])));
    return shown("mixing", {
      title: "Maximum-entropy mixed logit", kind: "statistics" as const,
      data, design: layout.design, layout, tastes, weights: weights.theta, logWeights: weights.log, statistics,
      shared: Object.fromEntries(found.slice(statistics.length).map(({name}, c) => [name, inference.theta[statistics.length + c]])),
      identification: facts,
      estimates: shown("estimates", {...table, rows: [...table.rows.map((row, p) => (p < statistics.length ? {...row, detail: true as const} : row)), ...readingRows]}),
      ...inference, covariance: wide,
      logLikelihood: value, logLikelihoodAtZero: point.atZero, logLikelihoodAtPoint: point.logLikelihood,
      rho2: 1 - value / point.atZero, aic: 2 * (F - value), bic: F * Math.log(data.weight.reduce((sum, w) => sum + w, 0)) - 2 * value,
      ...(basins && {basins: basins.map((basin) => ({...basin, theta: outside(space, basin.theta, found, statistics.length)}))}),
      certificate: {residual: last && F ? distanceToSummit(last) : last ? 0 : NaN, words: "distance to the summit in standard errors, by the gradient and the Hessian there"},
      ending: done, path, seconds: (performance.now() - clock) / 1000, seed, version,
      notes: [...data.notes, ...layout.design.notes, ...identificationNotes(tastes, facts, {cross: crossSection(menus, layout.design), errors: readingErrors}), ...(unsaid.length ? [{level: "warning" as const, code: "mixing/flat", text: "The log-likelihood is flat along some combination of the multipliers: the choices leave some tastes without weight, or say nothing of them. Means and spreads stand, with errors as if such weights were known to be zero; fewer statistics, or fitMaxEntMixedWeights with its tau, are steadier."}] : [])]
    });
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    throw new ChoiceError("mixing/stopped", {at, saw: "stopped before there was anything to show", want: "a moment longer", hint: "raise seconds, or let it run"});
  }
}

const rowsOf = ({unit}: MixedMenus) => unit.length - 1;

function checkCounts(counts: Readonly<Record<string, number>>, at: string): void {
  for (const [name, value] of Object.entries(counts)) {
    if (!Number.isInteger(value) || value < (name === "em" ? 0 : 1)) throw new ChoiceError("options/number", {at, saw: `${name}: ${quote(value)}`, want: `a whole number, ${name === "em" ? 0 : 1} or more`});
  }
}

function redundant(statistics: readonly Statistic[], which: number, at: string): ChoiceError {
  const before = statistics.slice(0, which).map(({name}) => quote(name));
  return new ChoiceError("mixing/redundant", {
    at, saw: `the statistic ${quote(statistics[which].name)}, which these tastes do not tell from ${before.length ? listed(before, 8) : "a constant"}`,
    want: "statistics that each add something", hint: "use more points on the grid than statistics, or a simpler shape"
  });
}

/** Multipliers first, then all columns without tastes, held ones held. */
function parametersOf({design: {columns}, random, held}: MixingLayout, statistics: readonly Statistic[]): Parameter[] {
  const alphas = statistics.map(({name, of}): Parameter => ({name: `alpha[${name}]`, role: "mean", column: random[of], words: `multiplier of ${name}`}));
  const shared = columns.flatMap(({name, attribute}, c): Parameter[] => {
    if (random.includes(c)) return [];
    const value = held.find(({column}) => column === c)?.value;
    return [{name, role: attribute < 0 ? "intercept" : "mean", column: c, words: "", ...(value !== undefined && {held: value})}];
  });
  return [...alphas, ...shared];
}

/** The multinomial logit of the same columns, after the columns were checked for what these data cannot tell. */
async function pointBefore(data: ChoiceData, {design: plan, held}: MixingLayout, found: readonly Parameter[], Q: number, breathe: Breathe, at: string) {
  const laid = units(data, plan, at);
  const {situations} = laid;
  const point = await pointFit(situations, held, breathe);
  if (!clearlyIndependent(negated(point.atZeroHessian))) {
    const locations = plan.columns.map(({name}, column): Parameter => found.slice(Q).find((p) => p.column === column) ?? {name, role: "mean", column, words: ""});
    await checkIdentified(data, plan.columns, locations, laid, at, breathe);
  }
  return point;
}

/** The base itself, and tilts of it at random, each a standard deviation or so of the statistics. */
function startingPoint({family}: Whitened, shared: Float64Array, n: number, seed: number): Float64Array {
  const stream = source(seed).stream("mixing starts", n);
  return Float64Array.from([...family.t.map(() => (n === 0 ? 0 : stream.normal())), ...shared]);
}

type Ascent = {readonly x: Float64Array; readonly path: readonly Step[]; readonly code: Ending["code"]; readonly basins?: readonly MixingBasin[]};

/** EM with the shared coefficients of multinomial logit, then Newton for all, from every start; the best of them. */
async function ascend({objective, still}: {readonly objective: MixingObjective; readonly still: MixingObjective}, {family}: Whitened, total: number, starts: readonly Float64Array[], options: MixedStatisticsOptions & {readonly em: number}, clock: number): Promise<Ascent> {
  const found: {x: Float64Array; value: number; path: Step[]; code: Ending["code"]; starts: number}[] = [];
  for (const start of starts) {
    const path: Step[] = [];
    const record = (step: Step) => {
      const told = {...step, iteration: path.length, seconds: (performance.now() - clock) / 1000};
      path.push(told);
      teller(options.progress)?.(told);
    };
    const Q = family.t.length;
    const x = start.slice();
    const keep = (step: Step, alpha: Float64Array) => {
      x.set(alpha);
      record(step);
    };
    if (options.em && Q) await unlessStopped(expectationMaximization(still, family, start.slice(0, Q), total, {steps: options.em, gain: 0.1, seconds: options.seconds, onStep: keep}));
    let first = path.length > 0; // the climb begins with the point that EM ended at
    const summit = await climb(objective, x, newton(), {...climbOptions(options), onStep: (step) => { if (first) first = false; else record(step); }});
    const near = found.find(({value}) => Math.abs(value - summit.at.value) < 1e-4);
    if (near) ++near.starts;
    else found.push({x: summit.theta, value: summit.at.value, path, code: summit.ending.code, starts: 1});
    if (options.signal?.aborted) break;
  }
  found.sort((a, b) => (Number.isNaN(a.value) ? 1 : Number.isNaN(b.value) ? -1 : b.value - a.value));
  const {x, path, code} = found[0];
  return {x, path, code, ...(starts.length > 1 && {basins: found.map(({x: theta, value, starts: count}, k) => ({logLikelihood: value, starts: count, taken: k === 0, theta}))})};
}

/** The climb that follows meets the signal itself, and says so. */
async function unlessStopped(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => { if (!(error instanceof Stopped)) throw error; });
}

/** (alpha of the statistics, all shared coefficients) from (alpha in whitened statistics, those estimated). */
function outside(space: Whitened, x: Float64Array, found: readonly Parameter[], Q: number): Float64Array {
  const alpha = space.outside(x.slice(0, Q));
  let next = Q;
  return Float64Array.from(found, ({held}, p) => (p < Q ? alpha[p] : held ?? x[next++]));
}

/** Curvature and scores in the statistics as they are named: t = centre + L u, so that d / d alpha = L d / d a. */
function questions(data: ChoiceData, {design: plan}: MixingLayout, found: readonly Parameter[], positions: readonly number[], menus: MixedMenus, space: Whitened, x: Float64Array, at: MixingPass | undefined, code: Ending["code"]) {
  const Q = space.centre.length;
  const P = positions.length;
  const B = Matrix.eye(P, P);
  for (let p = 0, k = 0; p < Q; ++p) for (let q = 0; q <= p; ++q, ++k) B.set(p, q, space.factor[k]);
  const scores: AbstractMatrix = at?.scores && P ? at.scores.mmul(B.transpose()) : new Matrix(data.people.length, P);
  const {weight, person, people} = menus;
  const mean = new Float64Array(people);
  const count = new Float64Array(people);
  weight.forEach((w, u) => { mean[person[u]] += w; ++count[person[u]]; });
  const scale = rootMeanSquares(centred(menus), plan.columns.length);
  return {
    parameters: found, theta: outside(space, x, found, Q), free: positions, arrived: code === "converged",
    hessian: at && P ? B.mmul(at.hessian!).mmul(B.transpose()) : new Matrix(P, P), scores,
    ...(!at && {silence: `not computed: the fit ${code === "stopped" ? "was stopped" : "met no finite number"}`}),
    ...(weight.some((w) => w !== 1) && {weight: mean.map((w, i) => w / count[i])}),
    // A multiplier moves the logarithms of weights as its statistic is spread under the base.
    reach: Float64Array.from(found, ({column}, p) => (p < Q ? spreadOf(space, p) : scale[column]))
  };
}

/** sqrt(g' (-H)^-1 g). */
function distanceToSummit({gradient, hessian}: MixingPass): number {
  const g = Matrix.columnVector([...gradient!]);
  return Math.sqrt(Math.abs(g.transpose().mmul(inverse(negated(hessian!)).inverse).mmul(g).get(0, 0)));
}

/** Positions of parameters that the data leave open: flat, or with errors that span a thousand units of what they move. */
function open({matrix, flat}: Pick<Covariance, "matrix" | "flat">, {reach, free}: {readonly reach: Float64Array; readonly free: readonly number[]}): readonly number[] {
  return free.flatMap((p, f) => (flat.some((v) => Math.abs(v[f]) > 0.1) || Math.sqrt(matrix.get(f, f)) * reach[p] > 1e3 ? [f] : []));
}

/**
 * The covariance with flat directions as wide as numbers go, instead of left out: a reading that does not move along them (for
 * want of weight there) keeps its error, and one that does gets an error that says so.
 */
function withFlat(V: Matrix, flat: readonly Float64Array[], hessian: Matrix): Matrix {
  if (!flat.length) return V;
  const {scale, values} = spectrum(negated(hessian));
  const width = 1e10 / Math.max(...values);
  const out = V.clone();
  for (const v of flat) for (let p = 0; p < v.length; ++p) for (let q = 0; q < v.length; ++q) out.set(p, q, out.get(p, q) + ((v[p] / scale[p]) * v[q] * width) / scale[q]);
  return out;
}

function spreadOf({factor}: Whitened, p: number): number {
  let sum = 0;
  for (let q = 0; q <= p; ++q) sum += factor[(p * (p + 1)) / 2 + q] ** 2;
  return Math.sqrt(sum);
}

/** Differences to the chosen row, (rows not chosen, C). */
function centred({z, columns: C, situation, chosen}: MixedMenus): Float64Array {
  const N = chosen.length;
  const d = new Float64Array((situation[N] - N) * C);
  for (let n = 0, to = 0; n < N; ++n) for (let row = situation[n]; row < situation[n + 1]; ++row) {
    if (row !== chosen[n]) for (let c = 0; c < C; ++c, ++to) d[to] = z[row * C + c] - z[chosen[n] * C + c];
  }
  return d;
}

/** The summit under another base, from the multipliers of this one. */
async function refit(menus: MixedMenus, rows: LikelihoodRows, {family}: Whitened, logBase: Float64Array, x: Float64Array, breathe: Breathe, options: MixedStatisticsOptions): Promise<{weights: Weights; logLikelihood: number} | undefined> {
  const objective = mixingObjective(menus, rows, {logBase, t: family.t}, breathe);
  const {theta, ending: end, at} = await climb(objective, x, newton(), {...climbOptions(options), seconds: undefined, iterations: 50});
  if (end.code === "stopped") throw new Stopped();
  return end.converged ? {weights: tilted({logBase, t: family.t}, theta), logLikelihood: at.value} : undefined;
}

