import {Matrix} from "ml-matrix";
import {negated, positiveInverse} from "../math/symmetric.js";
import {metric, rounding, type Optimizer, type State} from "./optimizer.js";
import {regionStep} from "./region.js";

export interface BfgsState extends State {
  /** The running estimate of (-H)^-1, (P, P). */
  readonly B: Matrix;
  /** The Hessian has been asked at this point already. */
  readonly asked?: boolean;
}

/**
 * BFGS with backtracking, started from the inverse outer product of scores so that its first step is already on the right
 * scale (Nocedal and Wright 2006, ch. 6). Needs no Hessian until it believes to have arrived; then the Hessian has the word:
 * either the Newton decrement agrees, or the climb goes on from the Hessian's idea of curvature.
 */
export const bfgs = (): Optimizer<BfgsState> => ({
  name: "bfgs",
  async init(objective, theta) {
    const at = await objective.evaluate(theta, 1);
    return {theta, at, method: "start", decrement: NaN, done: false, stuck: false, B: positiveInverse(at.opg!)};
  },
  async step(objective, state, tolerance) {
    const {theta, at} = state;
    const g = Matrix.columnVector(at.gradient);
    let B = state.B;
    let direction = B.mmul(g).to1DArray();
    let decrement = dot(direction, at.gradient);
    if (!(decrement > 0)) {
      B = positiveInverse(at.opg!);
      direction = B.mmul(g).to1DArray();
      decrement = dot(direction, at.gradient);
    }
    if (decrement <= tolerance || decrement <= rounding(at.value)) {
      const full = at.hessian ? at : await objective.evaluate(theta, 2);
      const model = regionStep(full.gradient, negated(full.hessian!), metric(full), Infinity);
      if (model.decrement <= Math.max(tolerance, rounding(at.value))) return {...state, at: full, decrement: model.decrement, done: true};
      if (state.asked) return {...state, at: full, decrement: model.decrement, stuck: true};
      return this.step(objective, {...state, at: full, B: positiveInverse(negated(full.hessian!)), asked: true}, tolerance);
    }
    for (let stride = 1; stride > 1e-10; stride *= 0.5) {
      const next = theta.map((value, p) => value + stride * direction[p]);
      const trial = await objective.evaluate(next, 1);
      if (!(trial.value >= at.value + 1e-4 * stride * decrement)) continue;
      return {theta: next, at: trial, method: "bfgs", decrement, done: false, stuck: false, B: update(B, next.map((v, p) => v - theta[p]), at.gradient.map((v, p) => v - trial.gradient[p]))};
    }
    return {...state, decrement, stuck: true};
  }
});

/** The BFGS update of an inverse: s the step, y the fall of the gradient. Left alone where curvature has the wrong sign. */
function update(B: Matrix, s: Float64Array, y: Float64Array): Matrix {
  const sy = dot(s, y);
  if (!(sy > 1e-12 * Math.sqrt(dot(s, s) * dot(y, y)))) return B;
  const By = B.mmul(Matrix.columnVector(y)).to1DArray();
  const yBy = dot(y, By);
  const out = B.clone();
  for (let p = 0; p < s.length; ++p) for (let q = 0; q < s.length; ++q) {
    out.set(p, q, B.get(p, q) + ((1 + yBy / sy) * s[p] * s[q] - By[p] * s[q] - s[p] * By[q]) / sy);
  }
  return out;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let p = 0; p < a.length; ++p) sum += a[p] * b[p];
  return sum;
}
