import type {Matrix} from "ml-matrix";
import type {ChoiceData, Note} from "../data/choiceData.js";
import type {Estimates} from "../infer/estimates.js";
import type {Design} from "../model/design.js";
import type {Parameter} from "../model/parameters.js";
import type {Specification} from "../model/specification.js";
import type {TierName} from "../model/tiers.js";
import type {Ending, Step} from "../optimize/ending.js";
import type {Shown} from "../rich.js";

/** How integrals were taken, for the provenance line. */
export interface IntegrationFacts {
  /** "none" for a model without random columns, else the rule in words: "Sobol, Owen-scrambled". */
  readonly rule: string;
  /** Dimensions between people, and within. */
  readonly dimensions: number;
  readonly draws: number;
  readonly within?: {readonly rule: string; readonly dimensions: number; readonly draws: number};
  /** true when everybody shares one set of nodes. */
  readonly shared: boolean;
  /** True for quadrature. */
  readonly exact: boolean;
  readonly seed: number;
  /** Effective number of draws over the people (or situations) integrated: the least and the median. */
  readonly effective?: {readonly least: number; readonly median: number};
}

/** Everything a fit knows; printing it is a recipe to repeat it. */
export interface FitFacts {
  /** "Mixed logit", "Mixed logit, full covariance", … */
  readonly title: string;
  readonly tier: TierName;
  readonly specification: Specification;
  readonly data: ChoiceData;
  readonly design: Design;
  readonly parameters: readonly Parameter[];
  /** The estimates, (P), held ones included, in the order of `parameters`. */
  readonly theta: Float64Array;
  readonly logLikelihood: number;
  /** With all coefficients zero: every alternative on offer equally likely. */
  readonly logLikelihoodAtZero: number;
  /** With each alternative as likely as its share; NaN only for a fit that was stopped. */
  readonly logLikelihoodAtShares: number;
  readonly ending: Ending;
  readonly path: readonly Step[];
  readonly integration: IntegrationFacts;
  /** Hessian of the log-likelihood at theta over the F free parameters, (F, F). */
  readonly hessian: Matrix;
  /** Scores summed by person, (I, F): columns sum to zero at an optimum. */
  readonly scores: Matrix;
  /** Positions of the F free parameters among the P. */
  readonly free: readonly number[];
  readonly estimates: Estimates;
  /** McFadden's rho² against zero coefficients, AIC, BIC (by situations, weights counted), and how many parameters were free. */
  readonly rho2: number;
  readonly aic: number;
  readonly bic: number;
  readonly seconds: number;
  readonly seed: number;
  readonly version: string;
  readonly notes: readonly Note[];
}

/** A fitted model: an ordinary readonly record that draws itself. */
export type Fit = FitFacts & Shown;
