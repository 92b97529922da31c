import type {Matrix} from "ml-matrix";
import type {Lattice} from "../../kernels/lattice.js";
import type {Evaluation} from "../../optimize/objective.js";
import {inverse, negated} from "../../math/symmetric.js";
import type {Ground} from "./ground.js";

/** How far a fit is from the one that exact integrals would give, as measured by laying other nodes at its optimum. */
export interface SimulationError {
  /** Standard error of the log-likelihood. */
  readonly logLikelihood: number;
  /** The log-likelihood by all nodes that were laid, the best that is known of it. */
  readonly together: number;
  /** How much too low the log-likelihood is on the average over sets of nodes, negative; to first order. */
  readonly bias: number;
  /** Standard error of each free estimate, (F). */
  readonly estimates: Float64Array;
  /** Root mean square over estimates, and largest, of the distance to exact integrals (chance and bias), in standard errors. */
  readonly rms: number;
  readonly max: number;
  /** Sets of nodes compared; 1 for a comparison with a finer rule, 0 for an argument from effective draws alone. */
  readonly replications: number;
}

/** An error of simulation, with where the optimum lies by all nodes that were laid to find it. */
export interface Replicated {
  /** Of the estimates that were asked about. */
  readonly error: SimulationError;
  /** Where the optimum lies by all nodes together, to first order, (P). */
  readonly better: Float64Array;
  /** Of those; absent where one rule was compared with a finer one. */
  readonly joint?: SimulationError;
}

/**
 * Standard errors of simulation by replication (eq:certificate). On other nodes m the gradient at the optimum is g_m, and
 * the optimum lies (-H)^-1 g_m away; the spread of these is the error of one of them. Averaging the likelihoods of each unit
 * over all sets gives the gradient that M + 1 times as many nodes have, at no cost: what it differs by is the bias, a part
 * M / (M + 1) of it; and a Newton step along it leads to their optimum, whose errors are those of one set divided by the root
 * of M + 1, and its bias by M + 1.
 *
 * @param lattice    M other sets of nodes, made one at a time
 * @param own        what the nodes laid now give at theta, when that was computed last
 * @param hessian    over the free parameters, (F, F)
 */
export async function replicated(ground: Ground, theta: Float64Array, positions: readonly number[], hessian: Matrix, M: number, lattice: (m: number) => Lattice, own?: Evaluation): Promise<Replicated> {
  const {objective: {crew}, units: {weight}} = ground;
  const P = theta.length;
  const V = inverse(negated(hessian)).inverse;
  const F = positions.length;
  const values: number[] = [];
  const shifts: Float64Array[] = [];
  const pool = pooled(weight.length, P);
  const step = (g: ArrayLike<number>) => Float64Array.from(positions, (_, f) => positions.reduce((sum, p, q) => sum + V.get(f, q) * g[p], 0));
  for (let m = 0; m <= M; ++m) {
    if (m > 0 || !own) await ground.lay(lattice(m));
    const {value, gradient} = m === 0 && own ? own : await ground.evaluate(theta, 1);
    values.push(value);
    shifts.push(step(gradient));
    pool.add(crew.results.value, crew.results.scores);
  }
  const {value, gradient} = pool.finish(weight);
  const together = step(gradient);
  const part = (M + 1) / M;
  const deviation = (x: readonly number[]) => {
    const mean = x.reduce((sum, v) => sum + v, 0) / x.length;
    return {mean, sd: Math.sqrt(x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (x.length - 1))};
  };
  const each = positions.map((_, f) => deviation(shifts.map((x) => x[f])));
  const log = deviation(values);
  const of = (sets: number, value: number, bias: number): SimulationError => {
    const squares = each.map(({mean, sd}, f) => (sd ** 2 / sets + (((mean - together[f]) * part) / sets) ** 2) / V.get(f, f));
    const known = squares.filter((v) => Number.isFinite(v));
    return {
      logLikelihood: log.sd / Math.sqrt(sets), together: value, bias: bias / sets, estimates: Float64Array.from(each, ({sd}) => sd / Math.sqrt(sets)),
      rms: known.length ? Math.sqrt(known.reduce((sum, v) => sum + v, 0) / known.length) : F ? NaN : 0,
      max: Math.sqrt(Math.max(0, ...known)), replications: M + 1
    };
  };
  const bias = Math.min(0, (log.mean - value) * part);
  const better = theta.slice();
  let gain = 0; // of the step to the joint optimum
  positions.forEach((p, f) => {
    better[p] += together[f];
    gain += 0.5 * gradient[p] * together[f];
  });
  return {better, error: of(1, value, bias), joint: of(M + 1, value + gain, bias)};
}

/** The same against one rule that is as good as exact: the distance to its optimum. */
export async function compared(ground: Ground, theta: Float64Array, positions: readonly number[], hessian: Matrix, value: number, fine: Lattice): Promise<Replicated> {
  await ground.lay(fine);
  const there = await ground.evaluate(theta, 1);
  const V = inverse(negated(hessian)).inverse;
  const shift = positions.map((_, f) => positions.reduce((sum, p, q) => sum + V.get(f, q) * there.gradient[p], 0));
  const own = shift.map((x, f) => x * x / V.get(f, f)).filter((v) => Number.isFinite(v));
  const better = theta.slice();
  positions.forEach((p, f) => { better[p] += shift[f]; });
  return {better, error: {
    logLikelihood: Math.abs(there.value - value), together: there.value, bias: 0, estimates: Float64Array.from(shift, Math.abs),
    rms: own.length ? Math.sqrt(own.reduce((sum, v) => sum + v, 0) / own.length) : positions.length ? NaN : 0, max: Math.sqrt(Math.max(0, ...own)), replications: 1
  }};
}

/** Likelihoods of units averaged over sets of nodes, kept relative to the largest, with their scores. */
function pooled(U: number, P: number) {
  const top = new Float64Array(U).fill(-Infinity);
  const total = new Float64Array(U);
  const scores = new Float64Array(U * P);
  let sets = 0;
  return {
    add(value: Float64Array, score: Float64Array) {
      ++sets;
      for (let u = 0; u < U; ++u) {
        if (value[u] > top[u]) {
          const factor = Math.exp(top[u] - value[u]);
          total[u] *= factor;
          for (let p = 0, at = u * P; p < P; ++p, ++at) scores[at] *= factor;
          top[u] = value[u];
        }
        const w = Math.exp(value[u] - top[u]);
        total[u] += w;
        for (let p = 0, at = u * P; p < P; ++p, ++at) scores[at] += w * score[at];
      }
    },
    finish(weight: Float64Array) {
      let value = 0;
      const gradient = new Float64Array(P);
      for (let u = 0; u < U; ++u) {
        value += weight[u] * (top[u] + Math.log(total[u] / sets));
        for (let p = 0, at = u * P; p < P; ++p, ++at) gradient[p] += scores[at] / total[u];
      }
      return {value, gradient};
    }
  };
}
