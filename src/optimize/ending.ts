/** Why a fit ended. */
export type EndingCode = "converged" | "stuck" | "iterations" | "time" | "not finite" | "stopped";

/** How a climb ended: a code to test, words to read, and what to try. */
export interface Ending {
  readonly code: EndingCode;
  readonly converged: boolean;
  /** One sentence: what happened. */
  readonly words: string;
  /** One sentence: what to try; empty when all is well. */
  readonly advice: string;
}

/** One step of the path that a fit took. */
export interface Step {
  readonly iteration: number;
  readonly logLikelihood: number;
  /** Largest absolute entry of the gradient, each divided by the root sum of squares of its scores: free of units. */
  readonly gradientNorm: number;
  /** g'(-H)^-1 g where the step was taken from: the squared distance to the summit in standard errors, NaN if not concave. */
  readonly decrement: number;
  /** Who made the step: "start", "bhhh", "newton", "bfgs". */
  readonly method: string;
  /** Seconds since the start. */
  readonly seconds: number;
  /** Which set of nodes the step was taken on, counted from 1: log-likelihoods of different passes are not comparable. Absent where there is one set throughout. */
  readonly pass?: number;
  /** Draws, or other nodes, for each person or situation that the step was taken on; absent where nothing is integrated. */
  readonly draws?: number;
}

/** The ending of a path, in words a person can act on. */
export function ending(code: EndingCode, path: readonly Step[]): Ending {
  const steps = Math.max(0, path.length - 1);
  const count = `${steps} ${steps === 1 ? "step" : "steps"}`;
  const [words, advice] = {
    converged: [`converged in ${count}`, ""],
    stuck: [`got stuck after ${count}: no step improves the log-likelihood, yet it is not at a summit`, "try other starting values, fewer random columns, or more draws; a spread near zero or a flat direction is the usual cause"],
    iterations: [`reached its limit of ${count}, before converging`, "raise iterations, or continue from here with start: fit"],
    time: [`reached its limit of time after ${count}, before converging`, "raise seconds, or continue from here with start: fit"],
    "not finite": [`met a log-likelihood that is not a finite number after ${count}`, "look for huge attribute values or starting values, and rescale"],
    stopped: [`was stopped by request after ${count}: these are its best so far`, "continue from here with start: fit"]
  }[code];
  return {code, converged: code === "converged", words, advice};
}

/** The ending of a climb that went on for ever, as far as numbers go: along some parameters the summit is at infinity. */
export function ranAway(names: string, path: readonly Step[]): Ending {
  return {
    code: "stuck", converged: false,
    words: `ran away over ${Math.max(0, path.length - 1)} steps: the log-likelihood hardly changes with ${names} any more, and the estimates grow without bound`,
    advice: "use fewer random columns, a diagonal covariance, or more draws; or bring more situations per person"
  };
}
