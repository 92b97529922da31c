import type {MaxEntFacts} from "../entropy/maxEntFit.js";
import type {FitFacts} from "../estimate/types.js";

/** Fits that stand side by side. */
export type ComparedFacts = FitFacts | MaxEntFacts;

/** What a comparison asks of a fit. */
export interface Comparable extends Pick<FitFacts, "title" | "logLikelihood" | "free" | "rho2" | "aic" | "bic" | "estimates"> {
  readonly data: Pick<FitFacts["data"], "hash" | "situation" | "person">;
  readonly integration: Pick<FitFacts["integration"], "rule" | "draws">;
  readonly ending: Pick<FitFacts["ending"], "converged">;
  /** True where coefficients are on a scale that no other fit shares. */
  readonly ownScale?: true;
}

/**
 * A maximum-entropy fit as others are: criteria from the log-likelihood of its probabilities, never from its dual, which has
 * constants of its own; NaN where choices are not known.
 */
export function comparable(fit: ComparedFacts): Comparable {
  if (!("programme" in fit)) return fit;
  const {title, data, free, estimates, kind, logLikelihood = NaN, solution, programme: {weight, situation}} = fit;
  const F = free.length;
  const zero = -weight.reduce((sum, w, n) => sum + w * Math.log(situation[n + 1] - situation[n]), 0);
  const N = weight.reduce((sum, w) => sum + w, 0);
  return {
    title, data, free, estimates, logLikelihood, rho2: 1 - logLikelihood / zero, aic: 2 * (F - logLikelihood), bic: F * Math.log(N) - 2 * logLikelihood,
    integration: {rule: "none", draws: 0}, ending: {converged: solution.ending === "converged"}, ...(kind === "supports" && {ownScale: true})
  };
}
