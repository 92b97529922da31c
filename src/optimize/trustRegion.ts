import {negated} from "../math/symmetric.js";
import type {Evaluation, Objective} from "./objective.js";
import {metric, rounding, type Optimizer, type State} from "./optimizer.js";
import {regionStep} from "./region.js";

interface RegionState extends State {
  readonly radius: number;
  /** Which curvature the next step uses. */
  readonly curvature: "bhhh" | "newton";
  readonly steps: number;
}

/**
 * Newton's method with the analytic Hessian inside a trust region (Moré and Sorensen 1983; Conn, Gould and Toint 2000,
 * ch. 6). Ends when the Newton decrement g'(-H)^-1 g, the squared distance to the summit in standard errors, is below the
 * tolerance, and then takes one more step, which squares the error.
 */
export const newton = (): Optimizer => region("newton", "newton", "newton");

/** The same region around the outer product of scores (Berndt, Hall, Hall and Hausman 1974): cheap, and robust far away. */
export const bhhh = (): Optimizer => region("bhhh", "bhhh", "bhhh");

/** BHHH from afar, Newton once the summit is near. The default: few Hessians, quadratic convergence, and the last Hessian is the covariance. */
export const bhhhNewton = (): Optimizer => region("bhhh, then newton", "bhhh", "newton");

/** A decrement that nobody feels: a thousandth of a standard error. Beyond it, a climb that gains nothing has not arrived. */
const felt = 1e-6;

function region(name: string, from: "bhhh" | "newton", to: "bhhh" | "newton"): Optimizer<RegionState> {
  const order = (curvature: "bhhh" | "newton") => (curvature === "newton" ? 2 : 1);
  return {
    name,
    async init(objective, theta) {
      return {theta, at: await objective.evaluate(theta, order(from)), method: "start", decrement: NaN, done: false, stuck: false, radius: Infinity, curvature: from, steps: 0};
    },
    async step(objective, state, tolerance) {
      const {theta, curvature} = state;
      const at = curvature === "newton" && !state.at.hessian ? await objective.evaluate(theta, 2) : state.at;
      const scale = metric(at);
      const A = curvature === "newton" ? negated(at.hessian!) : at.opg!;
      // The first step of a region without bounds: as far as the quadratic model says, when it is bounded at all.
      let radius = Number.isFinite(state.radius) ? state.radius : 10 * Math.sqrt(theta.length) + 1e3;
      for (let turn = 0; turn < 40; ++turn) {
        const {step, gain, length, decrement, least} = regionStep(at.gradient, A, scale, radius);
        if (decrement <= tolerance) return polish(objective, {...state, at, decrement, radius}, step);
        // No more to gain than rounding hides: a summit, if the model is one of a summit and says so itself.
        if (!(gain > rounding(at.value)) && least > 0 && decrement <= felt) return {...state, at, decrement, done: true, steps: state.steps + 1};
        if (!(gain > 0)) return {...state, at, decrement, stuck: true};
        const next = theta.map((value, p) => value + step[p]);
        const trial = await objective.evaluate(next, order(curvature));
        const ratio = (trial.value - at.value) / gain;
        if (ratio > 0.05) {
          const near = curvature === "bhhh" && to === "newton" && (2 * gain < 4 || state.steps >= 25);
          return {
            theta: next, at: trial, method: curvature, decrement, done: false, stuck: false,
            radius: ratio > 0.75 ? Math.max(radius, 2.5 * length) : ratio < 0.25 ? 0.5 * length : radius,
            curvature: near ? "newton" : curvature, steps: state.steps + 1
          };
        }
        if (Math.abs(trial.value - at.value) <= rounding(at.value) && gain <= 1e3 * rounding(at.value)) {
          const summit = least > 0 && decrement <= felt;
          return {...state, at, decrement, done: summit, stuck: !summit};
        }
        radius = 0.25 * length;
        // A BHHH model this wrong is not worth shrinking further: the exact Hessian is.
        if (curvature === "bhhh" && to === "newton" && turn >= 3) return this.step(objective, {...state, at, curvature: "newton", radius: 4 * radius}, tolerance);
      }
      return {...state, at, stuck: true};
    }
  };
}

/** The last step: taken when it does not lose more than rounding can explain, and then the climb is done. */
async function polish(objective: Objective, state: RegionState, step: Float64Array): Promise<RegionState> {
  const theta = state.theta.map((value, p) => value + step[p]);
  const at: Evaluation = await objective.evaluate(theta, 2);
  if (at.value >= state.at.value - 8 * rounding(state.at.value)) return {...state, theta, at, method: state.curvature, done: true, steps: state.steps + 1};
  return {...state, done: true};
}
