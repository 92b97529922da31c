import {Matrix} from "ml-matrix";
import type {Order} from "../kernels/panel.js";

/** A log-likelihood and its derivatives at a point. */
export interface Evaluation {
  readonly value: number;
  /** (P) */
  readonly gradient: Float64Array;
  /** Sum over units (people, or situations) of the outer products of their scores, (P, P): present from order 1. */
  readonly opg?: Matrix;
  /** (P, P): present at order 2. */
  readonly hessian?: Matrix;
}

/** What is climbed: a log-likelihood, summed over people. It may pause to let others run, hence the promise. */
export interface Objective {
  readonly size: number;
  evaluate(theta: Float64Array, order: Order): Promise<Evaluation>;
}

/** The same objective over some of its parameters, the others held where `theta` has them. */
export function free(objective: Objective, theta: Float64Array, positions: readonly number[]): Objective & {fill(part: ArrayLike<number>): Float64Array} {
  const whole = theta.slice();
  const fill = (part: ArrayLike<number>) => {
    const filled = whole.slice();
    positions.forEach((p, f) => { filled[p] = part[f]; });
    return filled;
  };
  const pick = (A: Matrix) => {
    const out = Matrix.zeros(positions.length, positions.length);
    positions.forEach((p, f) => positions.forEach((q, g) => out.set(f, g, A.get(p, q))));
    return out;
  };
  return {
    size: positions.length,
    fill,
    async evaluate(part, order) {
      const {value, gradient, opg, hessian} = await objective.evaluate(fill(part), order);
      return {value, gradient: Float64Array.from(positions, (p) => gradient[p]), ...(opg && {opg: pick(opg)}), ...(hessian && {hessian: pick(hessian)})};
    }
  };
}
