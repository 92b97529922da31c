import type {Evaluation, Objective} from "./objective.js";

/** Where a climb stands. */
export interface State {
  readonly theta: Float64Array;
  readonly at: Evaluation;
  /** Who made the last step. */
  readonly method: string;
  /** g'H^-1 g by the optimizer's own idea of curvature; NaN where it is not negative definite. */
  readonly decrement: number;
  /** The optimizer is satisfied: no further step would be felt. */
  readonly done: boolean;
  /** No step could be found that gains anything. */
  readonly stuck: boolean;
}

/** A way to climb. `step` gives the next state; it never moves to a value lower by more than rounding. */
export interface Optimizer<S extends State = State> {
  readonly name: string;
  init(objective: Objective, theta: Float64Array, tolerance: number): Promise<S>;
  step(objective: Objective, state: S, tolerance: number): Promise<S>;
}

/**
 * Root curvatures that make distances free of units: from the outer product of scores, whose diagonal is never negative, or
 * the Hessian where it is larger. The scores of a spread vanish as it goes to zero, while its curvature does not.
 */
export function metric({opg, hessian, gradient}: Evaluation): Float64Array {
  return Float64Array.from(gradient, (_, p) => Math.sqrt(Math.max(opg!.get(p, p), hessian ? Math.abs(hessian.get(p, p)) : 0)) || 1);
}

/** Gains smaller than this are lost in the rounding of a sum of this size. */
export const rounding = (value: number): number => 4e-14 * Math.max(1, Math.abs(value));
