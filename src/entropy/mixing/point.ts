import {Matrix} from "ml-matrix";
import {mnlKernel, type Breathe, type Situations} from "../../kernels/mnl.js";
import {climb, Stopped} from "../../optimize/climb.js";
import {newton} from "../../optimize/trustRegion.js";
import {free, type Objective} from "../../optimize/objective.js";

/** The multinomial logit of the same columns: everybody at one point. */
export interface PointFit {
  /** Coefficients, (C). */
  readonly b: Float64Array;
  readonly logLikelihood: number;
  /** With all coefficients zero. */
  readonly atZero: number;
  readonly atZeroHessian: Matrix;
}

/** @param held values of the columns that are held */
export async function pointFit(situations: Situations, held: readonly {readonly column: number; readonly value: number}[], breathe: Breathe): Promise<PointFit> {
  const C = situations.columns;
  const kernel = await mnlKernel(situations, {breathe});
  const objective: Objective = {
    size: C,
    async evaluate(b, order) {
      const {value, gradient, opg, hessian} = await kernel.evaluate(b, order, {breathe});
      return {value, gradient, ...(order > 0 && {opg: Matrix.from1DArray(C, C, opg)}), ...(order > 1 && {hessian: Matrix.from1DArray(C, C, hessian)})};
    }
  };
  const start = new Float64Array(C);
  for (const {column, value} of held) start[column] = value;
  const zero = await objective.evaluate(new Float64Array(C), 2);
  const positions = [...start.keys()].filter((c) => !held.some(({column}) => column === c));
  const part = free(objective, start, positions);
  const {theta, at, ending} = await climb(part, Float64Array.from(positions, (c) => start[c]), newton(), {tolerance: 1e-8, iterations: 100});
  if (ending.code === "stopped") throw new Stopped();
  return {b: part.fill(theta), logLikelihood: at.value, atZero: zero.value, atZeroHessian: zero.hessian!};
}
