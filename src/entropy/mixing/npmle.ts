import type {Breathe} from "../../kernels/mnl.js";
import {nonNegative} from "../../math/nonNegative.js";
import {dot} from "./sums.js";
import type {TastesFacts} from "./tastes.js";
import type {Weights} from "./tilt.js";
import {averages, scores, solveWeights, type WeightsProblem, type WeightsSolution, type WeightsStep} from "./weightsDual.js";

const none = new Float64Array(0);

/** Conditions hold to this part of the people's weight. */
const exact = 1e-11;

/**
 * The nonparametric maximum likelihood weights (Kiefer and Wolfowitz 1956), the limit of tau to 0: at most as many points as
 * units hold all the weight, and the base says nothing any more. By the constrained Newton method (Wang 2007): the points of
 * a support share their weight by a quadratic model with weights not below zero; points at peaks of the gradient
 *
 *   D_r = sum_u w_u P_ur / P_u - W
 *
 * join until D_r <= 0 everywhere, which proves the maximum (Lindsay 1983).
 */
export async function npmle(problem: WeightsProblem, tastes: TastesFacts, breathe: Breathe, onStep?: (step: WeightsStep) => void): Promise<WeightsSolution> {
  const {units, weight, rows, logBase} = problem;
  const R = logBase.length;
  const W = weight.reduce((sum, w) => sum + w, 0);
  const begin = await solveWeights(problem, Math.max(1e-3 * W, 1e-3), breathe, {iterations: 20});
  let support = await covering(problem, [...begin.weights.theta.keys()].sort((a, b) => begin.weights.theta[b] - begin.weights.theta[a]).slice(0, Math.min(R, 40)), breathe);
  let share = Float64Array.from(support, (r) => begin.weights.theta[r] + 1e-6);
  const path: WeightsStep[] = [];
  for (let turn = 0; ; ++turn) {
    const columns = support.map((r) => Float64Array.from(units, (u) => rows.at(u, none, 0).row[r]));
    share = restricted(columns, weight, share, W);
    const kept = [...support.keys()].filter((s) => share[s] > 0);
    support = kept.map((s) => support[s]);
    share = Float64Array.from(kept, (s) => share[s]);
    const theta = new Float64Array(R);
    const sum = share.reduce((total, x) => total + x, 0);
    support.forEach((r, s) => { theta[r] = share[s] / sum; });
    const f = await averages(problem, theta, breathe);
    const nu = f.map((value, k) => weight[k] / value);
    const D = (await scores(problem, nu, breathe)).map((value) => value - W);
    const gap = D.reduce((most, d) => Math.max(most, d), 0) / W; // l* - l <= max_r D_r (Lindsay 1983)
    const kkt = Math.max(gap, support.reduce((most, r) => Math.max(most, Math.abs(D[r])), 0) / W);
    const value = f.reduce((total, p, k) => total + weight[k] * (Math.log(p) + rows.at(units[k], none, 0).top), 0);
    const step: WeightsStep = {value, residual: kkt, step: support.length};
    path.push(step);
    onStep?.(step);
    const joining = peaks(D, tastes).filter((r) => D[r] > exact * W && theta[r] === 0).slice(0, 20);
    if (!joining.length || turn >= 300) {
      const weights: Weights = {theta, log: theta.map(Math.log), normaliser: 0};
      return {weights, nu, logLikelihood: value, penalised: value, kkt, gap, converged: kkt <= 1e-9, path};
    }
    support = [...support, ...joining];
    share = Float64Array.from([...share, ...joining.map(() => 0)]);
  }
}

/** Support points such that no unit is without likelihood. */
async function covering(problem: WeightsProblem, support: number[], breathe: Breathe): Promise<number[]> {
  const theta = new Float64Array(problem.logBase.length);
  support.forEach((r) => { theta[r] = 1; });
  const f = await averages(problem, theta, breathe);
  const more = new Set(support);
  f.forEach((value, k) => {
    if (value > 1e-100) return;
    const {row} = problem.rows.at(problem.units[k], none, 0);
    more.add(row.indexOf(1)); // relative to the largest
  });
  return [...more];
}

/** max sum_u w_u ln(sum_s x_s P_us) - W sum_s x_s over x >= 0, whose maximum sums to one. */
function restricted(columns: readonly Float64Array[], weight: Float64Array, start: Float64Array, W: number): Float64Array {
  const S = columns.length;
  const average = (x: Float64Array) => {
    const f = new Float64Array(weight.length);
    columns.forEach((column, s) => { if (x[s]) for (let k = 0; k < f.length; ++k) f[k] += x[s] * column[k]; });
    return f;
  };
  const value = (f: Float64Array, x: Float64Array) => f.reduce((sum, p, k) => sum + weight[k] * Math.log(p), 0) - W * x.reduce((sum, s) => sum + s, 0);
  const total = start.reduce((sum, s) => sum + s, 0);
  let x = start.map((s) => s / total);
  let f = average(x);
  let at = value(f, x);
  for (let turn = 0; turn < 100; ++turn) {
    const g = new Float64Array(S);
    const H = new Float64Array(S * S);
    const part = f.map((value, k) => weight[k] / (value * value));
    for (let s = 0; s < S; ++s) {
      g[s] = columns[s].reduce((sum, p, k) => sum + (weight[k] * p) / f[k], 0) - W;
      for (let q = 0; q <= s; ++q) {
        let sum = 0;
        for (let k = 0; k < f.length; ++k) sum += part[k] * columns[s][k] * columns[q][k];
        H[s * S + q] = H[q * S + s] = sum;
      }
    }
    if (g.every((d, s) => (x[s] > 0 ? Math.abs(d) : d) <= 0.1 * exact * W)) break;
    const aim = nonNegative(H, g.map((value, s) => value + dot(H.subarray(s * S, (s + 1) * S), x))).x;
    const slope = aim.reduce((sum, a, s) => sum + g[s] * (a - x[s]), 0);
    if (!(slope > 0)) break;
    let moved = false;
    for (let stride = 1; stride > 1e-10; stride /= 2) {
      const next = x.map((value, s) => (stride === 1 ? aim[s] : value + stride * (aim[s] - value)));
      const fn = average(next);
      const trial = value(fn, next);
      if (!(trial >= at + 1e-4 * stride * slope - 1e-15 * Math.abs(at))) continue;
      moved = trial > at || next.some((value, s) => value === 0 && x[s] > 0) || slope > 1e-12 * W;
      [x, f, at] = [next, fn, trial];
      break;
    }
    if (!moved) break;
  }
  return x;
}

/** Points no lower than their neighbours on the grid, the highest first; of draws, the highest few. */
function peaks(D: Float64Array, {axes}: TastesFacts): number[] {
  const order = [...D.keys()].sort((a, b) => D[b] - D[a]);
  if (!axes) return order.slice(0, 5);
  const strides: number[] = [];
  let stride = D.length;
  for (const axis of axes) strides.push(stride /= axis.length);
  return order.filter((r) => axes.every((axis, d) => {
    const k = Math.floor(r / strides[d]) % axis.length;
    return (k === 0 || D[r] >= D[r - strides[d]]) && (k === axis.length - 1 || D[r] >= D[r + strides[d]]);
  }));
}
