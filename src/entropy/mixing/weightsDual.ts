import type {Breathe} from "../../kernels/mnl.js";
import {Stopped} from "../../optimize/climb.js";
import type {LikelihoodRows} from "./rows.js";
import {addTimes, dot} from "./sums.js";
import {divergence, tilted, type Weights} from "./tilt.js";

/** Units with their likelihoods at every taste. */
export interface WeightsProblem {
  readonly rows: LikelihoodRows;
  /** The units that count, each with a positive weight. */
  readonly units: Int32Array;
  readonly weight: Float64Array;
  /** ln q, (R). */
  readonly logBase: Float64Array;
}

export interface WeightsStep {
  /** sum_u w_u ln P_u - tau divergence. */
  readonly value: number;
  /** Largest |nu_u P_u / w_u - 1|. */
  readonly residual: number;
  readonly step: number;
}

export interface WeightsSolution {
  readonly weights: Weights;
  /** nu_u, (units). */
  readonly nu: Float64Array;
  /** sum_u w_u ln P_u, and less tau times the divergence. */
  readonly logLikelihood: number;
  readonly penalised: number;
  /** See `MixedWeightsFacts.kkt`. */
  readonly kkt: number;
  /** What the penalised log-likelihood can at most gain, per unit of weight: see `gapOf`. */
  readonly gap: number;
  readonly converged: boolean;
  /** Asked to stop on the way: the best so far. */
  readonly stopped?: true;
  readonly path: readonly WeightsStep[];
}

const none = new Float64Array(0);

/**
 * Weights free but for their divergence from the base (eq:mixingWeights):
 *
 *   max sum_u w_u ln P_u - tau sum_r theta_r ln(theta_r / q_r),   P_u = sum_r theta_r P_ur
 *
 * concave in theta, solved by its dual in one nu_u for each unit, which is smooth where the weights themselves are at the edge:
 *
 *   min tau ln sum_r q_r exp(sum_u nu_u P_ur / tau) - sum_u w_u ln nu_u,     theta_r = q_r exp(sum_u nu_u P_ur / tau) / Z
 *
 * At the optimum nu_u = w_u / P_u, and the scores sum_u w_u P_ur / P_u - tau ln(theta_r / q_r) of all tastes are equal. Newton's
 * method with conjugate gradients (the table P has the numerical rank of a smooth kernel, so that few of them do), damped to
 * keep nu positive and the dual falling, from large tau to the one asked for.
 *
 * @param start a solution at a tau nearby
 */
export async function solveWeights(problem: WeightsProblem, tau: number, breathe: Breathe, {start, onStep, iterations = 200}: {readonly start?: Float64Array; readonly onStep?: (step: WeightsStep) => void; readonly iterations?: number} = {}): Promise<WeightsSolution> {
  const {weight, logBase} = problem;
  const total = weight.reduce((sum, w) => sum + w, 0);
  const path: WeightsStep[] = [];
  const levels = [tau];
  if (!start) while (levels[0] < total / 4) levels.unshift(Math.min(total, levels[0] * 5));
  const nu = start?.slice() ?? (await averages(problem, logBase.map(Math.exp), breathe)).map((f, k) => weight[k] / Math.max(f, 1e-300));
  const state: Descent = {nu, at: await look(problem, nu, levels[0], breathe)};
  const result = ({weights, likelihood, primal}: Look) => ({weights, nu: state.nu, logLikelihood: likelihood, penalised: primal, path});
  try {
    for (const level of levels.slice(0, -1)) await descend(problem, level, state, {accuracy: 0.1, floor: 0.1, iterations}, breathe);
    // Exponents are of the size of total / tau, and so are their roundings.
    const converged = await descend(problem, tau, state, {accuracy: 1e-10, floor: Math.max(1e-9, (1e-14 * total) / tau), iterations, onStep: (step) => {
      path.push(step);
      onStep?.(step);
    }}, breathe);
    const off = await scores(problem, state.at.f.map((f, k) => weight[k] / f - state.nu[k]), breathe);
    return {...result(state.at), kkt: off.reduce((most, x) => Math.max(most, Math.abs(x)), 0) / total, gap: gapOf(weight, state) / total, converged};
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    return {...result(state.at), kkt: NaN, gap: NaN, converged: false, stopped: true};
  }
}

/** Where the dual's descent stands. */
interface Descent {
  nu: Float64Array;
  at: Look;
}

/**
 * Dual less primal, which bounds how far the primal is from its maximum. With theta the tilt that nu makes, and P_u that of
 * theta, tau ln Z = sum_u nu_u P_u - tau divergence, so that it is
 *
 *   sum_u w_u (rho_u - 1 - ln rho_u),   rho_u = nu_u P_u / w_u
 */
function gapOf(weight: Float64Array, {nu, at: {f}}: Descent): number {
  return weight.reduce((sum, w, k) => {
    const off = (nu[k] * f[k] - w) / w;
    return sum + w * (off - Math.log1p(off));
  }, 0);
}

/** Newton's method at one tau, from and into `state`; true where it arrived. */
async function descend(problem: WeightsProblem, tau: number, state: Descent, {accuracy, floor, iterations, onStep}: {readonly accuracy: number; readonly floor: number; readonly iterations: number; readonly onStep?: (step: WeightsStep) => void}, breathe: Breathe): Promise<boolean> {
  const root = problem.weight.map(Math.sqrt);
  state.at = await look(problem, state.nu, tau, breathe);
  let gone = NaN;
  for (let turn = 0; ; ++turn) {
    const {nu, at} = state;
    onStep?.({value: at.primal, residual: at.residual, step: gone});
    if (at.residual <= accuracy) return true;
    if (turn >= iterations) return false;
    const g = nu.map((value, k) => (value * at.f[k] - problem.weight[k]) / root[k]);
    const few = await compact(problem, at.weights.theta, breathe);
    const y = await conjugate(few.problem, nu, few.theta, tau, g.map((x) => -x), Math.min(0.3, 0.3 * Math.sqrt(at.residual)), breathe);
    const delta = y.map((value, k) => value / root[k]);
    const slope = dot(g, y);
    let stride = Math.min(1, 0.95 / delta.reduce((most, value) => Math.max(most, -value), 0)); // nu stays positive
    for (; stride > 1e-8; stride /= 2) {
      const next = nu.map((value, k) => value * (1 + stride * delta[k]));
      const trial = await look(problem, next, tau, breathe);
      // Near the optimum values say no more than rounding; the residual does, until rounding is all there is of it.
      const nearer = trial.residual < 0.5 * at.residual;
      if (at.residual <= floor && !nearer) return true;
      const falls = trial.dual <= at.dual + 1e-4 * stride * slope;
      if (!falls && !(nearer && trial.dual <= at.dual + 1e-12 * (1 + Math.abs(at.dual)))) continue;
      Object.assign(state, {nu: next, at: trial});
      break;
    }
    if (state.nu === nu) return false;
    gone = stride;
  }
}

interface Look {
  readonly weights: Weights;
  /** P_u relative to the unit's largest, (units). */
  readonly f: Float64Array;
  readonly dual: number;
  readonly primal: number;
  readonly likelihood: number;
  readonly residual: number;
}

async function look(problem: WeightsProblem, nu: Float64Array, tau: number, breathe: Breathe): Promise<Look> {
  const {weight, units, rows, logBase} = problem;
  const exponent = await scores(problem, nu, breathe);
  const weights = tilted({logBase, t: [exponent]}, [1 / tau]);
  const f = await averages(problem, weights.theta, breathe);
  let [dual, likelihood, residual] = [tau * weights.normaliser, 0, 0];
  for (let k = 0; k < units.length; ++k) {
    dual -= weight[k] * Math.log(nu[k]);
    likelihood += weight[k] * (Math.log(f[k]) + rows.at(units[k], none, 0).top);
    residual = Math.max(residual, Math.abs((nu[k] * f[k]) / weight[k] - 1));
  }
  return {weights, f, dual, likelihood, primal: likelihood - tau * divergence(weights, logBase), residual};
}

/** sum_u a_u P_ur, (R). */
export async function scores({rows, units, logBase}: WeightsProblem, a: Float64Array, breathe: Breathe): Promise<Float64Array> {
  const out = new Float64Array(logBase.length);
  for (let k = 0; k < units.length; ++k) {
    const wait = breathe();
    if (wait) await wait;
    addTimes(out, a[k], rows.at(units[k], none, 0).row);
  }
  return out;
}

/** sum_r theta_r P_ur, (units). */
export async function averages({rows, units}: WeightsProblem, theta: Float64Array, breathe: Breathe): Promise<Float64Array> {
  const out = new Float64Array(units.length);
  for (let k = 0; k < units.length; ++k) {
    const wait = breathe();
    if (wait) await wait;
    out[k] = dot(theta, rows.at(units[k], none, 0).row);
  }
  return out;
}

/** Only the tastes that have weight, where they are few: a direction need not know of the others. */
export async function compact(problem: WeightsProblem, theta: Float64Array, breathe: Breathe): Promise<{readonly problem: WeightsProblem; readonly theta: Float64Array}> {
  const {rows, units} = problem;
  const active = Int32Array.from(theta.keys()).filter((r) => theta[r] > 1e-13);
  const A = active.length;
  if (A > 0.6 * theta.length) return {problem, theta};
  const table = new Float64Array(units.length * A);
  for (let k = 0; k < units.length; ++k) {
    const wait = breathe();
    if (wait) await wait;
    const {row} = rows.at(units[k], none, 0);
    for (let a = 0, at = k * A; a < A; ++a, ++at) table[at] = row[active[a]];
  }
  const at = (k: number) => ({row: table.subarray(k * A, (k + 1) * A), top: 0, s: none, k: none});
  const pick = (list: Float64Array) => Float64Array.from(active, (r) => list[r]);
  return {problem: {...problem, logBase: pick(problem.logBase), units: Int32Array.from(units.keys()), rows: {at, logs: rows.logs}}, theta: pick(theta)};
}

/** (I + B Cov_theta B' / tau)^-1 right, with B_ur = nu_u P_ur / sqrt w_u, by conjugate gradients to a relative residual. */
export async function conjugate(problem: WeightsProblem, nu: Float64Array, theta: Float64Array, tau: number, right: Float64Array, accuracy: number, breathe: Breathe): Promise<Float64Array> {
  const {weight} = problem;
  const times = async (y: Float64Array): Promise<Float64Array> => {
    const v = await scores(problem, y.map((value, k) => (value * nu[k]) / Math.sqrt(weight[k])), breathe);
    const mean = dot(theta, v);
    const back = await averages(problem, v.map((value, r) => theta[r] * (value - mean)), breathe);
    return y.map((value, k) => value + (back[k] * nu[k]) / (Math.sqrt(weight[k]) * tau));
  };
  const y = new Float64Array(right.length);
  const rest = right.slice();
  let direction = rest.slice();
  let size = dot(rest, rest);
  const enough = accuracy * accuracy * size;
  for (let turn = 0; turn < 2 * right.length + 20 && size > enough && size > 0; ++turn) {
    const image = await times(direction);
    const step = size / dot(direction, image);
    for (let k = 0; k < y.length; ++k) {
      y[k] += step * direction[k];
      rest[k] -= step * image[k];
    }
    const next = dot(rest, rest);
    direction = rest.map((value, k) => value + (next / size) * direction[k]);
    size = next;
  }
  return y;
}
