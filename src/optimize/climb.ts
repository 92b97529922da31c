import {ending, type Ending, type Step} from "./ending.js";
import type {Evaluation, Objective} from "./objective.js";
import {metric, rounding, type Optimizer} from "./optimizer.js";

/** Thrown by an objective that was told to stop in the middle of an evaluation. The loop answers with the best so far. */
export class Stopped extends Error {}

export interface ClimbOptions {
  /** Newton decrement below which the summit is reached: squared distance in standard errors. Default 1e-10. */
  readonly tolerance?: number;
  /** Default 200. */
  readonly iterations?: number;
  /** Default no limit. */
  readonly seconds?: number;
  readonly signal?: AbortSignal;
  /** Called after every step. */
  readonly onStep?: (step: Step, theta: Float64Array) => void;
}

export interface Summit {
  readonly theta: Float64Array;
  readonly at: Evaluation;
  readonly ending: Ending;
  readonly path: readonly Step[];
}

/** Climbs until it can say why it stopped. Every optimizer and every estimator shares this loop. */
export async function climb(objective: Objective, start: Float64Array, optimizer: Optimizer, {tolerance = 1e-10, iterations = 200, seconds = Infinity, signal, onStep}: ClimbOptions = {}): Promise<Summit> {
  const clock = performance.now();
  const elapsed = () => (performance.now() - clock) / 1000;
  const path: Step[] = [];
  let state = {theta: start, at: {value: NaN, gradient: new Float64Array(start.length)}} as Awaited<ReturnType<Optimizer["init"]>>;
  const finish = (code: Ending["code"]): Summit => ({theta: state.theta, at: state.at, path, ending: ending(code, path)});
  const record = (decrement: number) => {
    const scale = metric(state.at);
    let norm = 0;
    state.at.gradient.forEach((g, p) => { norm = Math.max(norm, Math.abs(g) / scale[p]); });
    const step: Step = {iteration: path.length, logLikelihood: state.at.value, gradientNorm: norm, decrement, method: state.method, seconds: elapsed()};
    path.push(step);
    onStep?.(step, state.theta);
  };
  try {
    if (start.length === 0) {
      state = {...state, at: await objective.evaluate(start, 0)};
      return finish("converged");
    }
    state = await optimizer.init(objective, start, tolerance);
    record(NaN);
    for (;;) {
      if (!Number.isFinite(state.at.value) || state.at.gradient.some((g) => !Number.isFinite(g))) return finish("not finite");
      if (rounding(state.at.value) > 1e-3) return finish("stuck"); // so far down that no step could be felt
      if (signal?.aborted) return finish("stopped");
      if (path.length > iterations) return finish("iterations");
      if (elapsed() > seconds) return finish("time");
      const next = await optimizer.step(objective, state, tolerance);
      const moved = next.theta !== state.theta;
      state = next;
      if (moved) record(state.decrement);
      if (state.done) return finish("converged");
      if (state.stuck) return finish("stuck");
    }
  } catch (error) {
    // An objective may be stopped by the clock as well, which does not speak through the signal given here.
    if (error instanceof Stopped) return finish(seconds < Infinity && !signal?.aborted ? "time" : "stopped");
    throw error;
  }
}
