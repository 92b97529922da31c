/** Why a fit ended. */
export type EndingCode = "converged" | "stuck" | "iterations" | "time" | "not finite" | "stopped";

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
  /** Largest absolute entry of the gradient times the standard error of its parameter: a distance free of scale. */
  readonly gradientNorm: number;
  /** g'H^-1 g, twice the log-likelihood still to be gained if it were quadratic; its root is a distance in standard errors. */
  readonly decrement: number;
  /** Who made the step: "start", "bhhh", "newton", "bfgs". */
  readonly method: string;
  /** Seconds since the start. */
  readonly seconds: number;
}
