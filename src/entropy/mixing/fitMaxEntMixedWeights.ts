import type {ChoiceData, Note} from "../../data/choiceData.js";
import {counted} from "../../data/counted.js";
import {ChoiceError, expectFields, listed, quote} from "../../errors.js";
import type {Breathe} from "../../kernels/mnl.js";
import {teller, watched} from "../../live.js";
import {permutation, source} from "../../math/random.js";
import {Stopped} from "../../optimize/climb.js";
import {ending, type Step} from "../../optimize/ending.js";
import {shown} from "../../rich.js";
import {version} from "../../version.js";
import {identificationNotes, identify} from "./identification.js";
import {influenceVariance} from "./influence.js";
import {crossSection, layoutOfNames, menusOf} from "./layout.js";
import {npmle} from "./npmle.js";
import type {MixedMenus} from "./objective.js";
import {checkMixingOptions, heedful, type MixingOptions} from "./options.js";
import {readingRow, readings} from "./readings.js";
import {likelihoodRows} from "./rows.js";
import {sensitivityOf} from "./sensitivity.js";
import {checkTastes} from "./tastes.js";
import {dot} from "./sums.js";
import type {MixedWeightsFit, TauTried} from "./types.js";
import {solveWeights, type WeightsProblem, type WeightsSolution, type WeightsStep} from "./weightsDual.js";

/** Options of `fitMaxEntMixedWeights`. */
export interface MixedWeightsOptions extends MixingOptions {
  /** Coefficients that everybody shares, by column: they are not estimated. `hold: mixture.shared` takes those of another fit. */
  readonly hold?: Readonly<Record<string, number>>;
  /**
   * How many people's log-likelihood a nat of divergence from the base is worth: a number, 0 for the nonparametric maximum
   * likelihood, or "cv" to choose by the likelihood of people left out. Default 1.
   */
  readonly tau?: number | "cv";
  /** What "cv" tries. Default 0.1, 0.3, 1, 3, 10, 30, 100. */
  readonly taus?: readonly number[];
  /** In how many parts "cv" leaves people out. Default 5. */
  readonly folds?: number;
}

const usualTaus = [0.1, 0.3, 1, 3, 10, 30, 100];

/** Sensitivity is worked out unasked where the table of likelihoods has fewer entries than this. */
const quick = 1e6;

/**
 * A mixed logit whose every weight is free, held to its base by entropy (eq:mixingWeights):
 *
 *   max over theta of sum_i w_i ln sum_r theta_r P_ir - tau sum_r theta_r ln(theta_r / q_r)
 *
 * Concave: one optimum, proven by its conditions (`kkt`). Large tau gives the base, tau to 0 the nonparametric maximum
 * likelihood of Kiefer and Wolfowitz, which puts all the weight on a few points. Utility has the columns of the tastes and
 * those held.
 *
 * Errors of means and spreads are of sampling people, by the infinitesimal jackknife (Jaeckel 1972) at the given tau: they do
 * not count the pull of the base. With tau 0 there are none.
 *
 * @param choices choices, from `fromLong` or `fromWide`
 * @param options the tastes, coefficients held, tau
 * @throws {ChoiceError} mixing/tau, mixing/… and model/… for what is not understood
 * @example
 * const tastes = tasteGrid({price: {from: -5, to: 3, points: 17}});
 * const mixture = await fitMaxEntMixedWeights(data, {tastes, hold: {quality: 0.75}, tau: 2});
 * mixture.kkt < 1e-8 // true
 */
export function fitMaxEntMixedWeights(choices: ChoiceData, options: MixedWeightsOptions): Promise<MixedWeightsFit> {
  return watched({call: at, kind: "weights"}, options, (followed) => fitted(choices, followed), (step: Step) => step);
}

const at = "fitMaxEntMixedWeights(data, …)";

async function fitted(choices: ChoiceData, options: MixedWeightsOptions): Promise<MixedWeightsFit> {
  const clock = performance.now();
  expectFields("data/not-choices", at, choices, ["x", "chosen", "situation", "person"], "choices", "make them from the table: fromLong(frame, {chosen: …, alternative: …}) or fromWide(frame, {choice: …})");
  checkMixingOptions(options, ["hold", "tau", "taus", "folds"], at);
  const {tastes, hold = {}, tau = 1, taus = usualTaus, folds = 5, level = 0.95, seed = 1, worth, signal, progress} = options;
  checkTastes(tastes, at);
  const data = counted(choices);
  const layout = layoutOfNames(data, tastes, hold, options.panel, at);
  const menus = menusOf(data, layout, at);
  checkTau(tau, taus, folds, menus.people, at);
  const {breathe} = heedful(options);
  const problem: WeightsProblem = {rows: likelihoodRows(menus, tastes), units: Int32Array.from(menus.weight.keys()), weight: menus.weight, logBase: tastes.logBase};
  const path: Step[] = [];
  const tell = teller(progress);
  const record = ({value, residual}: WeightsStep) => {
    const step: Step = {iteration: path.length, logLikelihood: value, gradientNorm: residual, decrement: NaN, method: path.length ? "newton" : "start", seconds: (performance.now() - clock) / 1000};
    path.push(step);
    tell?.(step);
  };
  try {
    const tried = tau === "cv" ? await crossValidate(problem, menus, taus, folds, seed, breathe) : undefined;
    const chosen = tau === "cv" ? tried!.reduce((best, item) => (item.heldOut > best.heldOut ? item : best)).tau : tau;
    const run = (logBase: Float64Array, onStep?: (step: WeightsStep) => void): Promise<WeightsSolution> =>
      chosen === 0 ? npmle({...problem, logBase}, tastes, breathe, onStep) : solveWeights({...problem, logBase}, chosen, breathe, {onStep, ...(options.iterations !== undefined && {iterations: options.iterations})});
    const solution = await run(tastes.logBase, record);
    const {weights} = solution;
    const made = readings(tastes, weights.theta, {worth, at});
    const silent = chosen === 0 || solution.stopped;
    const variances = silent ? made.map(() => null) : await influenceVariance(problem, menus, solution, chosen, made.map(({slope}) => slope), breathe);
    const rows = made.map((reading, k) => readingRow(reading, variances[k], level, solution.stopped ? "not computed: the fit was stopped" : "no errors with tau 0"));
    const work = (menus.unit.length - 1) * weights.theta.length;
    const sensitivity = !silent && (options.sensitivity ?? work <= quick) ? await sensitivityOf(tastes, weights.theta, (logBase) => run(logBase)) : undefined;
    const facts = identify(tastes, weights, undefined, sensitivity);
    return shown("mixing", {
      title: chosen === 0 ? "Nonparametric mixed logit" : "Entropy-regularised mixed logit", kind: "weights" as const,
      data, design: layout.design, layout, tastes, weights: weights.theta, logWeights: weights.log, shared: {...hold},
      identification: facts,
      estimates: shown("estimates", {rows, errors: "robust" as const, words: chosen === 0 ? "none: the likelihood has no curvature at its edge" : `infinitesimal jackknife over ${menus.people} people, tau as it is`, level}),
      tau: chosen, how: tau === "cv" ? "cross-validated" as const : "given" as const, ...(tried && {tried}),
      logLikelihood: solution.logLikelihood, penalised: solution.penalised, kkt: solution.kkt, multipliers: solution.nu,
      certificate: {
        gap: solution.gap, residual: solution.kkt,
        words: `${chosen === 0 ? "largest excess of a taste's score over the people's weight" : "largest difference of a taste's score from their level"}, and what the penalised log-likelihood can at most gain, per person`
      },
      ending: ending(solution.stopped ? (signal?.aborted ? "stopped" : "time") : solution.converged ? "converged" : "iterations", path), path, seconds: (performance.now() - clock) / 1000, seed, version,
      notes: [...data.notes, ...layout.design.notes, ...edgeOfTaus(tried, chosen), ...identificationNotes(tastes, facts, {cross: crossSection(menus, layout.design), errors: new Map(rows.flatMap(({name, error}) => (error ? [[name, error]] : [])))})]
    });
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    throw new ChoiceError("mixing/stopped", {at, saw: "stopped before there was anything to show", want: "a moment longer", hint: "raise seconds, or let it run"});
  }
}

function checkTau(tau: number | "cv", taus: readonly number[], folds: number, people: number, at: string): void {
  if (tau !== "cv" && !(typeof tau === "number" && tau >= 0 && tau < Infinity)) throw new ChoiceError("mixing/tau", {at, saw: `tau: ${quote(tau)}`, want: 'a number, 0 or more, or "cv"'});
  if (tau !== "cv") return;
  if (!Array.isArray(taus) || !taus.length || !taus.every((value) => value > 0 && value < Infinity)) throw new ChoiceError("mixing/tau", {at, saw: `taus: ${quote(taus)}`, want: "positive numbers", hint: `taus: [${listed(usualTaus, 9).replace(" and ", ", ")}]`});
  if (!Number.isInteger(folds) || folds < 2 || folds > people) throw new ChoiceError("mixing/tau", {at, saw: `folds: ${quote(folds)} of ${people} people`, want: "a whole number from 2 to the number of people"});
}

/** At the end of what was tried the best may lie beyond. */
function edgeOfTaus(tried: readonly TauTried[] | undefined, chosen: number): Note[] {
  const others = tried?.map(({tau}) => tau).filter((tau) => tau !== chosen) ?? [];
  const largest = others.every((tau) => tau < chosen);
  if (!others.length || (!largest && others.some((tau) => tau < chosen))) return [];
  return [{level: "info", code: "mixing/edge-of-taus", text: `People left out are likeliest under the ${largest ? "largest" : "smallest"} tau tried, ${chosen}: a ${largest ? "larger one, or the base itself," : "smaller one"} may do better still; \`taus\` says what to try.`}];
}

/** Log-likelihood of people left out, for each tau, whose weight beside the people's stays what it is in the whole. */
async function crossValidate(problem: WeightsProblem, {person, people, weight}: MixedMenus, taus: readonly number[], folds: number, seed: number, breathe: Breathe): Promise<TauTried[]> {
  const order = permutation(people, source(seed).stream("folds"));
  const fold = new Int32Array(people);
  order.forEach((i, rank) => { fold[i] = rank % folds; });
  const heldOut = new Float64Array(taus.length);
  const W = weight.reduce((sum, w) => sum + w, 0);
  const descending = [...taus.keys()].sort((a, b) => taus[b] - taus[a]);
  for (let k = 0; k < folds; ++k) {
    const units = problem.units.filter((u) => fold[person[u]] !== k);
    const part: WeightsProblem = {...problem, units, weight: Float64Array.from(units, (u) => weight[u])};
    const left = part.weight.reduce((sum, w) => sum + w, 0) / W;
    let start: Float64Array | undefined;
    for (const t of descending) {
      const {weights, nu} = await solveWeights(part, taus[t] * left, breathe, {start});
      start = nu;
      heldOut[t] += logLikelihoodOf(problem, weights.theta, weights.log, weight, (u) => fold[person[u]] === k);
    }
  }
  return taus.map((value, t) => ({tau: value, heldOut: heldOut[t]}));
}

function logLikelihoodOf({rows, units}: WeightsProblem, theta: Float64Array, log: Float64Array, weight: Float64Array, counts: (u: number) => boolean): number {
  const none = new Float64Array(0);
  let value = 0;
  for (const u of units) {
    if (!counts(u)) continue;
    const {row, top} = rows.at(u, none, 0);
    const sum = dot(theta, row);
    if (sum > 1e-280) value += weight[u] * (top + Math.log(sum));
    else {
      let most = -Infinity;
      const logs = row.map((p, r) => Math.log(p) + log[r]);
      logs.forEach((l) => { most = Math.max(most, l); });
      value += weight[u] * (top + (most === -Infinity ? -1e3 : most + Math.log(logs.reduce((part, l) => part + Math.exp(l - most), 0))));
    }
  }
  return value;
}

