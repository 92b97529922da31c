import {teller} from "../../live.js";
import {climb, Stopped, type Summit} from "../../optimize/climb.js";
import {ending, type EndingCode, type Step} from "../../optimize/ending.js";
import {free} from "../../optimize/objective.js";
import type {Optimizer} from "../../optimize/optimizer.js";
import type {Ground} from "./ground.js";
import type {FitOptions} from "../options.js";

/** Climbs on one set of nodes after another, told as one story: limits of steps and time hold for all of them together. */
export interface Journey {
  readonly theta: Float64Array;
  readonly path: readonly Step[];
  /** Climbs on the nodes that are laid now; `most` steps at most. */
  climb(optimizer: Optimizer, tolerance: number, most?: number): Promise<Summit>;
  /** Starts again elsewhere, the story so far forgotten. */
  from(theta: Float64Array): void;
  /** Goes on from a point that something other than a climb found. */
  moved(theta: Float64Array): void;
  /** Whether there is time for more; false too when told to stop. */
  goesOn(): boolean;
  /** Does work that a signal may stop; false when it did. */
  unlessStopped(work: () => Promise<void>): Promise<boolean>;
  /** What ends it when it does not go on: a signal, the limit of time, or that of steps. */
  why(): "stopped" | "time" | "iterations";
  /** Seconds so far. */
  seconds(): number;
  /** How it ended, over all passes. */
  finish(code: EndingCode, at: Summit["at"]): Summit;
  readonly positions: readonly number[];
}

/** @param passes whether steps say which pass they belong to */
export function journey({objective, laid}: Ground, begin: Float64Array, positions: readonly number[], {iterations = 200, seconds = Infinity, signal, progress}: FitOptions, passes: boolean): Journey {
  const clock = performance.now();
  const tell = teller(progress);
  const elapsed = () => (performance.now() - clock) / 1000;
  let theta = begin;
  let path: Step[] = [];
  let pass = 0;
  const part = free(objective, begin, positions);
  const taken = () => Math.max(0, path.length - 1);
  return {
    get theta() { return theta; },
    get path() { return path; },
    positions,
    seconds: elapsed,
    goesOn: () => !signal?.aborted && elapsed() < seconds && taken() < iterations,
    async unlessStopped(work) {
      try {
        await work();
        return true;
      } catch (error) {
        if (error instanceof Stopped) return false;
        throw error;
      }
    },
    why: () => (signal?.aborted ? "stopped" : elapsed() >= 0.99 * seconds ? "time" : taken() >= iterations ? "iterations" : seconds < Infinity ? "time" : "stopped"), // the objective's own clock began before this one
    moved(there) { theta = there; },
    from(there) {
      theta = there;
      path = [];
      pass = 0;
    },
    async climb(optimizer, tolerance, most = Infinity) {
      ++pass;
      const before = elapsed();
      const first = path.length === 0;
      const summit = await climb(part, Float64Array.from(positions, (p) => theta[p]), optimizer, {
        tolerance, signal, iterations: Math.min(most, iterations - taken()), seconds: seconds - before,
        onStep(step) {
          if (step.iteration === 0 && !first) return; // where the pass before ended, on other nodes
          const told = {...step, iteration: path.length, seconds: before + step.seconds, ...(passes && {pass}), ...(laid() > 1 && {draws: laid()})};
          path.push(told);
          tell?.(told);
        }
      });
      theta = part.fill(summit.theta);
      return {...summit, path, ending: ending(summit.ending.code, path)};
    },
    finish: (code, at) => ({theta: Float64Array.from(positions, (p) => theta[p]), at, path, ending: ending(code, path)})
  };
}
