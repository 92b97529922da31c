import type {Matrix} from "ml-matrix";
import {negated} from "../math/symmetric.js";
import type {Evaluation} from "./objective.js";
import {metric, rounding, type Optimizer, type State} from "./optimizer.js";
import {regionStep} from "./region.js";
import {newton} from "./trustRegion.js";

interface ChordState extends State {
  /** Set once curvature is computed exactly: the state of the Newton's method that took over. */
  readonly exact?: Awaited<ReturnType<ReturnType<typeof newton>["init"]>>;
}

/**
 * Newton's method with a curvature known from nearby, such as that of fewer draws at almost the same point: every step costs a
 * gradient instead of a Hessian, and shortens the distance by the relative error of that curvature (Kelley 1995, ch. 5). The
 * Hessian is computed once, where the climb believes to have arrived, or to arrive with the next step; when it disagrees, or a
 * step does not gain what it promised, Newton's own method takes over.
 *
 * @param A minus the Hessian (P, P), positive definite
 */
export const chord = (A: Matrix): Optimizer<ChordState> => {
  const exactly = newton();
  return {
    name: "newton",
    init: async (objective, theta) => ({theta, at: await objective.evaluate(theta, 1), method: "start", decrement: NaN, done: false, stuck: false}),
    async step(objective, state, tolerance) {
      if (state.exact) {
        const exact = await exactly.step(objective, state.exact, tolerance);
        return {...exact, exact};
      }
      const {theta, at} = state;
      /** Arrived, by the curvature there, or on with Newton's method. */
      const settle = async (state: ChordState, full: Evaluation, on: (next: ChordState) => Promise<ChordState> | ChordState): Promise<ChordState> => {
        const {decrement} = regionStep(full.gradient, negated(full.hessian!), metric(full), Infinity);
        if (decrement <= tolerance) return {...state, at: full, decrement, done: true};
        return on({...state, exact: {...await exactly.init({...objective, evaluate: async () => full}, state.theta, tolerance), method: state.method}});
      };
      const takeOver = async (): Promise<ChordState> => settle(state, await objective.evaluate(theta, 2), (next) => this.step(objective, next, tolerance));
      const {step, gain, decrement} = regionStep(at.gradient, A, metric(at), Infinity);
      if (!(decrement > tolerance) || !(gain > rounding(at.value))) return takeOver();
      const next = theta.map((value, p) => value + step[p]);
      const rate = state.decrement > 0 ? decrement / state.decrement : 1; // by which the step before shortened the squared distance
      const last = decrement * rate <= tolerance;
      const trial = await objective.evaluate(next, last ? 2 : 1);
      if (!(trial.value - at.value > 0.5 * gain)) return takeOver();
      const there: ChordState = {theta: next, at: trial, method: "newton", decrement, done: false, stuck: false};
      return last ? settle(there, trial, (further) => further) : there;
    }
  };
};
