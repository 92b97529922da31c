import {ending, type Ending, type Step} from "../optimize/ending.js";
import type {DualStep, Solution} from "./solution.js";

/** A step of a dual as a path of a climb has it: the dual in the place of the log-likelihood, its residual in that of the gradient. */
export const dualStep = ({iteration, value, residual, seconds}: DualStep): Step =>
  ({iteration, logLikelihood: value, gradientNorm: residual, decrement: NaN, method: iteration ? "newton" : "start", seconds});

/** How a programme's solution ended, in the words of a climb. */
export function dualEnding({ending: code, path}: Pick<Solution, "ending" | "path">): Ending {
  const steps = path.map(dualStep);
  if (code !== "unbounded") return ending(code, steps);
  return {code: "stuck", converged: false, words: `ran away over ${Math.max(0, steps.length - 1)} steps: multipliers grow without end`, advice: "look at the totals: they cannot be met, or only by certain choices"};
}
