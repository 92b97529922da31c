import {metric} from "../../optimize/optimizer.js";
import type {Step} from "../../optimize/ending.js";
import type {MixingObjective, MixingPass} from "./objective.js";
import {momentsOf, solveTilt, type TiltFamily} from "./tilt.js";

export interface EmOptions {
  /** Steps at most. */
  readonly steps: number;
  /** Ends when a step gains less than this. */
  readonly gain: number;
  /** Limit of time. */
  readonly seconds?: number;
  readonly onStep?: (step: Step, x: Float64Array) => void;
}

/**
 * The EM algorithm of a maximum-entropy mixture (eq:mixingEM). E-step: h_ur = theta_r P_ur / P_u, the tastes that a unit's
 * choices leave likely. M-step for the weights: the maximum-entropy problem itself,
 *
 *   min sum_r theta_r ln(theta_r / q_r)   s.t.   sum_r theta_r t_r = (1 / W) sum_u w_u sum_r h_ur t_r,
 *
 * whose right side is E_theta t + (gradient in alpha) / W. Each step gains or stands still (Dempster, Laird and Rubin 1977); near
 * the summit gains are small, and Newton's method takes over, with the shared coefficients that stand still here.
 *
 * @param objective without shared coefficients, so that its likelihoods are computed once
 * @param alpha     to start from
 */
export async function expectationMaximization(objective: MixingObjective, family: TiltFamily, alpha: Float64Array, total: number, {steps, gain: least, seconds = Infinity, onStep}: EmOptions): Promise<{readonly alpha: Float64Array; readonly at: MixingPass; readonly path: readonly Step[]}> {
  const clock = performance.now();
  const path: Step[] = [];
  let at = await objective.evaluate(alpha, 1);
  const record = () => {
    const scale = metric(at);
    const gradientNorm = at.gradient.reduce((most, g, p) => Math.max(most, Math.abs(g) / scale[p]), 0);
    const step: Step = {iteration: path.length, logLikelihood: at.value, gradientNorm, decrement: NaN, method: path.length ? "em" : "start", seconds: (performance.now() - clock) / 1000};
    path.push(step);
    onStep?.(step, alpha);
  };
  record();
  while (path.length <= steps && Number.isFinite(at.value) && performance.now() - clock < 1000 * seconds) {
    const {mean} = momentsOf(at.weights.theta, family.t);
    const next = solveTilt(family, mean.map((m, q) => m + at.gradient[q] / total), {start: alpha, iterations: 30}).alpha;
    const trial = await objective.evaluate(next, 1);
    if (!(trial.value > at.value)) break; // no more to gain than rounding
    const gained = trial.value - at.value;
    [alpha, at] = [next, trial];
    record();
    if (gained < least) break;
  }
  return {alpha, at, path};
}
