import type {ClimbKind} from "../live.js";

/** What the two numbers of a step are, and how small the second is to become. */
export interface ClimbWords {
  readonly value: string;
  readonly distance: string;
  /**
   * By the tolerance a fit was given, where that limits the second number; `passes`: its nodes were placed as it went. A climb of a
   * likelihood ends when its squared distance to the summit is below the tolerance, whose root no scaled slope then exceeds.
   */
  goal?(tolerance: number | undefined, passes: boolean): number;
}

/** The words for each kind of climb. */
export const climbs: Readonly<Record<ClimbKind, ClimbWords>> = {
  // A slope over the root sum of squares of its scores, which is its own standard error, not that of an estimate.
  likelihood: {
    value: "Log-likelihood", distance: "Largest slope, in its standard errors",
    goal: (tolerance, passes) => Math.sqrt(tolerance ?? (passes ? 1e-5 : 1e-10))
  },
  dual: {value: "Dual", distance: "Largest residual of a moment", goal: (tolerance = 1e-13) => tolerance},
  moments: {value: "Dual, its sign turned", distance: "Largest residual of a moment"},
  weights: {value: "Penalised log-likelihood", distance: "Largest difference of a score from its level"}
};
