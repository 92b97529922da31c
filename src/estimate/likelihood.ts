import {Matrix} from "ml-matrix";
import type {Mixing} from "../integrate/mixing.js";
import {panelKernel, type Order, type PanelKernel, type UnitNodes} from "../kernels/panel.js";
import type {Units} from "../model/choices.js";
import {Stopped} from "../optimize/climb.js";
import type {Evaluation, Objective} from "../optimize/objective.js";

/** An evaluation with the parts that inference asks for. */
export interface Look extends Evaluation {
  /** Scores summed by person, (I, P), weighted, so that their sum is the gradient. */
  readonly scores: Matrix;
  /** Effective number of nodes of each unit, (U). */
  readonly effective: Float64Array;
}

/** The log-likelihood of every tier, sum_i w_i log P_i (eq:likelihood). */
export interface Likelihood extends Objective {
  /** An evaluation that no signal stops; the last one again, when it was here and saw enough. */
  look(theta: Float64Array, order: Order): Promise<Look>;
}

export interface LikelihoodOptions {
  readonly signal?: AbortSignal;
}

/** How long to compute before letting timers, messages and aborts through, in milliseconds. */
const breath = 40;

/**
 * Sums the kernel over units in their order; the order is fixed, so the same data and nodes give the same bits.
 *
 * @param nodes the nodes of a unit
 * @throws {Stopped} when the signal aborts in the middle of an evaluation
 */
export function likelihood(units: Units, mixing: Mixing, nodes: (unit: number) => UnitNodes, {signal}: LikelihoodOptions = {}): Likelihood {
  const {weight, person, people} = units;
  const P = mixing.size;
  const U = weight.length;
  const kernel: PanelKernel = panelKernel(units, mixing);
  let breathed = performance.now();
  let last: {theta: Float64Array; order: Order; look: Look} | undefined;

  async function compute(theta: Float64Array, order: Order, heed: boolean): Promise<Look> {
    const stop = () => { if (heed && signal?.aborted) throw new Stopped(); };
    stop();
    const value = compensated();
    const gradient = new Float64Array(P);
    const opg = new Float64Array(P * P);
    const hessian = new Float64Array(P * P);
    const scores = Matrix.zeros(order > 0 ? people : 0, P);
    const effective = new Float64Array(U);
    const g = new Float64Array(P);
    const h = new Float64Array(P * P);
    for (let u = 0; u < U; ++u) {
      const w = weight[u];
      g.fill(0);
      if (order > 1) h.fill(0);
      value.add(w * kernel.unit(theta, u, nodes(u), g, h, order));
      effective[u] = kernel.effective();
      if (order > 0) for (let p = 0; p < P; ++p) {
        const wg = w * g[p];
        gradient[p] += wg;
        scores.set(person[u], p, scores.get(person[u], p) + wg);
        for (let q = 0; q <= p; ++q) opg[p * P + q] += wg * g[q];
      }
      if (order > 1) for (let at = 0; at < h.length; ++at) hessian[at] += w * h[at];
      if (performance.now() - breathed > breath) {
        await pause();
        breathed = performance.now();
        stop();
      }
    }
    const look: Look = {value: value.sum(), gradient, scores, effective, ...(order > 0 && {opg: mirrored(opg, P)}), ...(order > 1 && {hessian: mirrored(hessian, P)})};
    last = {theta: theta.slice(), order, look};
    return look;
  }

  return {
    size: P,
    evaluate: (theta, order) => compute(theta, order, true),
    look: async (theta, order) => (last && last.order >= order && last.theta.every((value, p) => value === theta[p]) ? last.look : compute(theta, order, false))
  };
}

/** Lets timers, messages and aborts through. */
export const pause = () => new Promise<void>((resolve) => { (typeof setImmediate === "function" ? setImmediate : setTimeout)(resolve); });

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
  for (let p = 0; p < P; ++p) for (let q = 0; q <= p; ++q) {
    out.set(p, q, lower[p * P + q]);
    out.set(q, p, lower[p * P + q]);
  }
  return out;
}
