import {Matrix} from "ml-matrix";
import type {Mixing} from "../integrate/mixing.js";
import {panelKernel, type Order, type PanelKernel, type UnitNodes} from "../kernels/panel.js";
import type {Units} from "../model/choices.js";
import {Stopped} from "../optimize/climb.js";
import type {Evaluation, Objective} from "../optimize/objective.js";

/** The log-likelihood of every tier, sum_i w_i log P_i (eq:likelihood), with the parts that inference asks for. */
export interface Likelihood extends Objective {
  /**
   * Scores summed by person, (I, P), weighted, so that their sum is the gradient; and the effective number of nodes of each
   * unit, (U), NaN where its weight is zero.
   */
  seen(theta: Float64Array): Promise<{readonly scores: Matrix; readonly effective: Float64Array}>;
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
  // What the last evaluation with derivatives saw on its way: inference asks for it at the summit, and need not compute again.
  let seen: {theta: Float64Array; scores: Matrix; effective: Float64Array} | undefined;

  async function each(theta: Float64Array, order: Order, visit: (unit: number, logP: number, g: Float64Array, h: Float64Array) => void): Promise<void> {
    const g = new Float64Array(P);
    const h = new Float64Array(P * P);
    for (let u = 0; u < U; ++u) {
      if (weight[u] === 0) continue;
      g.fill(0);
      if (order > 1) h.fill(0);
      visit(u, kernel.unit(theta, u, nodes(u), g, h, order), g, h);
      if (performance.now() - breathed > breath) {
        await pause();
        breathed = performance.now();
        if (signal?.aborted) throw new Stopped();
      }
    }
  }

  return {
    size: P,
    async evaluate(theta, order): Promise<Evaluation> {
      if (signal?.aborted) throw new Stopped();
      const value = compensated();
      const gradient = new Float64Array(P);
      const opg = new Float64Array(P * P);
      const hessian = new Float64Array(P * P);
      const scores = Matrix.zeros(order > 0 ? people : 0, P);
      const effective = new Float64Array(U).fill(NaN);
      await each(theta, order, (u, logP, g, h) => {
        const w = weight[u];
        value.add(w * logP);
        effective[u] = kernel.effective();
        if (order > 0) for (let p = 0; p < P; ++p) {
          const wg = w * g[p];
          gradient[p] += wg;
          scores.set(person[u], p, scores.get(person[u], p) + wg);
          for (let q = 0; q <= p; ++q) opg[p * P + q] += wg * g[q];
        }
        if (order > 1) for (let at = 0; at < h.length; ++at) hessian[at] += w * h[at];
      });
      if (order > 0) seen = {theta: theta.slice(), scores, effective};
      return {value: value.sum(), gradient, ...(order > 0 && {opg: mirrored(opg, P)}), ...(order > 1 && {hessian: mirrored(hessian, P)})};
    },
    async seen(theta) {
      if (!seen || !seen.theta.every((value, p) => value === theta[p])) await this.evaluate(theta, 1);
      return seen!;
    }
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
