import {Matrix, wrap, type AbstractMatrix} from "ml-matrix";
import type {Mixing} from "../integrate/mixing.js";
import type {Lattice} from "../kernels/lattice.js";
import type {Engine, Order} from "../kernels/panel.js";
import type {Units} from "../model/choices.js";
import type {Evaluation, Objective} from "../optimize/objective.js";
import {soloCrew, type Crew} from "./threads/crew.js";
import {blockSize} from "./threads/slice.js";

/** An evaluation with the parts that inference asks for. */
export interface Look extends Evaluation {
  /** Scores summed by person, (I, P), weighted, so that their sum is the gradient. */
  readonly scores: AbstractMatrix;
  /** Effective number of nodes of each unit, (U). */
  readonly effective: Float64Array;
}

/** The log-likelihood of every tier, sum_i w_i log P_i (eq:likelihood). */
export interface Likelihood extends Objective {
  /** An evaluation that no signal stops; the last one again, when it was here and saw enough. */
  look(theta: Float64Array, order: Order): Promise<Look>;
}

/** A likelihood averaged over nodes, which may be laid anew. */
export interface MixedLikelihood extends Likelihood {
  readonly crew: Crew;
  lay(lattice: Lattice): Promise<void>;
}

export interface LikelihoodOptions {
  readonly signal?: AbortSignal;
  readonly engine?: Engine;
  readonly crew?: Crew;
}

/**
 * Sums units in their order, in blocks of fixed size; the order does not depend on who computes them, so the same data and
 * nodes give the same bits on any number of threads.
 *
 * @throws {Stopped} from `evaluate`, when the signal aborts in the middle of it
 */
export function likelihood(units: Units, blend: Mixing, lattice: Lattice, {signal, engine, crew = soloCrew(units, blend, engine)}: LikelihoodOptions = {}): MixedLikelihood {
  const P = blend.size;
  let last: {theta: Float64Array; order: Order; look: Look} | undefined;
  let laid = crew.lay(lattice);

  async function compute(theta: Float64Array, order: Order, heed: boolean): Promise<Look> {
    await laid;
    await crew.compute(theta, order, heed ? signal : undefined);
    const look = gathered(units, crew, P, order);
    last = {theta: theta.slice(), order, look};
    return look;
  }

  return {
    size: P,
    crew,
    lay: (nodes) => {
      last = undefined;
      return laid = laid.then(() => crew.lay(nodes));
    },
    evaluate: (theta, order) => compute(theta, order, true),
    look: async (theta, order) => (last && last.order >= order && last.theta.every((value, p) => value === theta[p]) ? last.look : compute(theta, order, false))
  };
}

/** Adds the results of all units up, in their order. */
function gathered({weight, person, people}: Units, {results}: Crew, P: number, order: Order): Look {
  const value = compensated();
  for (let u = 0; u < weight.length; ++u) value.add(weight[u] * results.value[u]);
  const gradient = new Float64Array(P);
  const scores = new Float64Array(order > 0 ? people * P : 0);
  if (order > 0) for (let u = 0, at = 0; u < weight.length; ++u) {
    const own = person[u] * P;
    for (let p = 0; p < P; ++p, ++at) {
      scores[own + p] += results.scores[at];
      gradient[p] += results.scores[at];
    }
  }
  const half = (P * (P + 1)) / 2;
  const sums = new Float64Array(2 * half);
  if (order > 0) for (let b = 0; b * blockSize < weight.length; ++b) for (let at = 0; at < sums.length; ++at) sums[at] += results.curvature[b * 2 * half + at];
  return {
    value: value.sum(), gradient, scores: order > 0 ? wrap(scores, {rows: people}) : new Matrix(0, P), effective: results.effective.slice(),
    ...(order > 0 && {opg: mirrored(sums.subarray(0, half), P)}), ...(order > 1 && {hessian: mirrored(sums.subarray(half), P)})
  };
}

/** A sum that carries what rounding drops (Neumaier 1974): thousands of log-likelihoods lose no digits. */
function compensated() {
  let [total, rest] = [0, 0];
  return {
    add(value: number) {
      const next = total + value;
      rest += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
      total = next;
    },
    sum: () => (Number.isFinite(total) ? total + rest : total)
  };
}

function mirrored(lower: Float64Array, P: number): Matrix {
  const out = Matrix.zeros(P, P);
  for (let p = 0, at = 0; p < P; ++p) for (let q = 0; q <= p; ++q, ++at) {
    out.set(p, q, lower[at]);
    out.set(q, p, lower[at]);
  }
  return out;
}
