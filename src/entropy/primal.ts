import {ChoiceError} from "../errors.js";
import {dualKernel} from "../kernels/dual.js";
import {envelope, factor, solveEnvelope} from "../math/envelope.js";
import {breather, pause} from "../optimize/breath.js";
import {checkProgramme} from "./checkProgramme.js";
import {matrix} from "./conclude.js";
import {dualPoint} from "./dualPoint.js";
import {sizesOf, type Multipliers, type Programme} from "./programme.js";
import type {SolveOptions} from "./solve.js";
import type {Certificate, DualStep, Solution} from "./solution.js";
import {unknownsOf, writtenOut, type WrittenOut} from "./writtenOut.js";

/** More unknowns than this are a matter for the dual. */
const mostUnknowns = 20_000;

/** A solution with the unknowns themselves. */
export interface PrimalSolution extends Solution {
  /** p and e of every cell, (rows). */
  readonly p: Float64Array;
  readonly errors: Float64Array;
}

/**
 * Solves a programme as it is written, over pi, w and slack explicitly, by Newton's method on the Karush-Kuhn-Tucker
 * equations from an infeasible start (Boyd and Vandenberghe 2004, ch. 10.3; eq:kkt). It knows nothing of the dual, and is
 * there to agree with it. Multipliers and certificate are its own; the last look at the dual is for value and curvature.
 *
 * Needs an interior: where some p can only be 0 or 1, its unknowns creep to an end and their multipliers to infinity.
 *
 * @throws {ChoiceError} entropy/size above 20,000 unknowns; entropy/programme, entropy/supports
 */
export async function solvePrimal(programme: Programme, {tolerance = 1e-12, iterations = 300, signal, onStep}: Omit<SolveOptions, "start" | "engine" | "threads"> = {}): Promise<PrimalSolution> {
  checkProgramme(programme, "solvePrimal(programme)");
  const count = unknownsOf(programme);
  if (count > mostUnknowns) throw new ChoiceError("entropy/size", {at: "solvePrimal(programme)", saw: `${count} unknowns`, want: `at most ${mostUnknowns}`, hint: "solve(programme), which needs none of them in memory"});
  const still = programme.weight.findIndex((w) => !(w > 0));
  if (still >= 0) throw new ChoiceError("entropy/programme", {at: "solvePrimal(programme)", saw: `weight[${still}] = 0`, want: "weights above 0: unknowns that do not count have no best value"});
  const clock = performance.now();
  const breathe = breather();
  const all = writtenOut(programme);
  const path: DualStep[] = [];
  let x = interior(all);
  let v = new Float64Array(all.constraints);
  let here = residuals(all, x, v);
  const arrive = (step: number) => {
    path.push({iteration: path.length, value: objective(all, x), residual: largest(here.broken.subarray(all.places.moments)), step, seconds: (performance.now() - clock) / 1000});
    onStep?.(path[path.length - 1]);
  };
  const finish = (ending: Solution["ending"]) => conclude(programme, all, x, v, ending, path);
  arrive(0);
  await pause();
  for (;;) {
    if (largest(here.tilted) <= tolerance && largest(here.broken) <= tolerance) return finish("converged");
    if (largest(v) > 1e9) return finish("unbounded");
    if (signal?.aborted) return finish("stopped");
    if (path.length > iterations) return finish("iterations");
    await breathe();
    const {dx, next} = newton(all, x, here.broken);
    let step = Math.min(1, 0.99 * room(all, x, dx));
    let there = here;
    let turn = 0;
    // Both residuals together fall along Newton's direction, until rounding is all there is.
    for (; turn < 50; ++turn, step *= 0.5) {
      const y = x.map((value, i) => value + step * dx[i]);
      const u = v.map((value, r) => value + step * (next[r] - value));
      there = residuals(all, y, u);
      if (there.norm <= (1 - 0.01 * step) * here.norm) {
        [x, v] = [y, u];
        break;
      }
    }
    if (turn === 50) return finish(Math.max(largest(here.tilted), largest(here.broken)) <= Math.max(tolerance, 1e-9) ? "converged" : "stuck");
    here = there;
    arrive(step);
  }
}

/** Every distribution at its prior, and slack of 0. */
function interior({unknowns, prior, places: {signal, noise, M, H}}: WrittenOut): Float64Array {
  const x = new Float64Array(unknowns);
  const share = (from: number, size: number) => {
    let sum = 0;
    for (let i = from; i < from + size; ++i) sum += x[i] = Math.exp(Math.max(-20, prior[i]));
    for (let i = from; i < from + size; ++i) x[i] /= sum;
  };
  for (const at of signal) share(at, M);
  if (H) for (const at of noise) share(at, H);
  // p of the shannon signal are each a cell of one: a half, to begin with.
  if (M === 1) for (const at of signal) x[at] = 0.5;
  return x;
}

interface Residuals {
  /** ln(x_i / q_i) + 1 + (A'v)_i / f_i; of slack, in standard deviations, (unknowns). */
  readonly tilted: Float64Array;
  /** A x - c, (constraints). */
  readonly broken: Float64Array;
  /** Of both. */
  readonly norm: number;
}

/** The Karush-Kuhn-Tucker equations, as far as they do not hold (eq:kkt). */
function residuals({unknowns, slack, weight, prior, start, constraint, coefficient, right}: WrittenOut, x: Float64Array, v: Float64Array): Residuals {
  const tilted = new Float64Array(unknowns);
  const broken = right.map((c) => -c);
  for (let i = 0; i < unknowns; ++i) {
    let pull = 0;
    for (let at = start[i]; at < start[i + 1]; ++at) {
      pull += coefficient[at] * v[constraint[at]];
      broken[constraint[at]] += coefficient[at] * x[i];
    }
    tilted[i] = i < slack ? Math.log(x[i]) - prior[i] + 1 + pull / weight[i] : x[i] / Math.sqrt(prior[i]) + pull * Math.sqrt(prior[i]);
  }
  return {tilted, broken, norm: Math.sqrt(squares(tilted) + squares(broken))};
}

/** Newton's step of the unknowns, and the multipliers it leads to: A H^-1 A' next = A x - c - A H^-1 grad, H dx = -grad - A' next. */
function newton({unknowns, slack, weight, prior, start, constraint, coefficient, first}: WrittenOut, x: Float64Array, broken: Float64Array) {
  const S = envelope(first);
  const next = broken.slice();
  const inverse = (i: number) => (i < slack ? x[i] / weight[i] : prior[i]);
  const downhill = (i: number) => (i < slack ? x[i] * (Math.log(x[i]) - prior[i] + 1) : x[i]); // H^-1 grad
  for (let i = 0; i < unknowns; ++i) {
    const h = inverse(i);
    const g = downhill(i);
    for (let at = start[i]; at < start[i + 1]; ++at) {
      const row = constraint[at];
      next[row] -= coefficient[at] * g;
      for (let other = start[i]; other <= at; ++other) S.values[S.at[row] + constraint[other]] += h * coefficient[at] * coefficient[other];
    }
  }
  factor(S);
  solveEnvelope(S, next);
  const dx = new Float64Array(unknowns);
  for (let i = 0; i < unknowns; ++i) {
    let pull = 0;
    for (let at = start[i]; at < start[i + 1]; ++at) pull += coefficient[at] * next[constraint[at]];
    dx[i] = -downhill(i) - inverse(i) * pull;
  }
  return {dx, next};
}

/** How far along a direction all parts of distributions stay positive. */
function room({slack}: WrittenOut, x: Float64Array, dx: Float64Array): number {
  let most = Infinity;
  for (let i = 0; i < slack; ++i) if (dx[i] < 0) most = Math.min(most, -x[i] / dx[i]);
  return most;
}

/** Entropy, relative to priors, of the distributions of cells. */
function entropyOf({weight, prior}: WrittenOut, x: Float64Array, cells: Int32Array, size: number): number {
  let sum = 0;
  for (const at of size ? cells : []) for (let i = at; i < at + size; ++i) sum -= weight[i] * x[i] * (Math.log(x[i]) - prior[i]);
  return sum;
}

/** What is maximised: entropies less sum s² / (2 Omega). */
function objective(all: WrittenOut, x: Float64Array): number {
  const {signal, noise, M, H} = all.places;
  let sum = entropyOf(all, x, signal, M) + entropyOf(all, x, noise, H);
  for (let i = all.slack; i < all.unknowns; ++i) sum -= (x[i] * x[i]) / (2 * all.prior[i]);
  return sum;
}

async function conclude(programme: Programme, all: WrittenOut, x: Float64Array, v: Float64Array, ending: Solution["ending"], path: readonly DualStep[]): Promise<PrimalSolution> {
  const {K, rows} = sizesOf(programme);
  const {signal, noise, M, H, addingUp, errorSum, moments} = all.places;
  const {tilted, broken} = residuals(all, x, v);
  const multipliers: Multipliers = {
    lambda: all.totals.map((total, k) => v[moments + k] / total),
    // Probabilities that are distributions themselves add up by their normaliser, which is no multiplier of a tilt.
    mu: Float64Array.from(addingUp, (r) => (programme.signal.kind === "supports" ? v[r] : 0)),
    nu: Float64Array.from(errorSum, (r) => (r < 0 ? 0 : v[r]))
  };
  const sums = await (await dualKernel(programme, {engine: "typescript"})).evaluate({kind: "given", ...multipliers});
  const {value, curvature} = dualPoint(programme, all.totals, multipliers.lambda, sums);
  const mean = (cells: Int32Array, points: Float64Array) => Float64Array.from({length: rows}, (_, row) => points.reduce((sum, s, m) => sum + s * x[cells[row] + m], 0));
  const worst = (constraints: Int32Array) => constraints.reduce((most, r, n) => (r < 0 ? most : Math.max(most, Math.abs(broken[r]) / programme.weight[n])), 0);
  const certificate: Certificate = {
    gap: Math.abs(objective(all, x) - value) / (1 + Math.abs(value)), stationarity: largest(tilted),
    moments: largest(broken.subarray(moments)), addingUp: worst(addingUp), errorSum: worst(errorSum)
  };
  return {
    ...multipliers, value, gradient: Float64Array.from({length: K}, (_, k) => -broken[moments + k] * all.totals[k]), curvature: matrix(curvature, K),
    entropy: {signal: entropyOf(all, x, signal, M), noise: entropyOf(all, x, noise, H)}, certificate, solver: "primal", engine: "typescript", threads: 1,
    iterations: path.length - 1, ending, path,
    p: mean(signal, programme.signal.kind === "supports" ? programme.signal.support.points : Float64Array.of(1)),
    errors: programme.noise ? mean(noise, programme.noise.support.points) : new Float64Array(rows)
  };
}

const largest = (values: Float64Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const squares = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0);
