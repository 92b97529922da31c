import type {AbstractMatrix, Matrix} from "ml-matrix";
import type {ChoiceData, Id, Note} from "../data/choiceData.js";
import type {Engine} from "../kernels/panel.js";
import type {Estimates} from "../infer/estimates.js";
import type {Design} from "../model/design.js";
import type {Parameter} from "../model/parameters.js";
import type {Specification} from "../model/specification.js";
import type {TierName} from "../model/tiers.js";
import type {Ending, Step} from "../optimize/ending.js";
import type {Shown} from "../rich.js";
import type {Basin} from "./passes/basins.js";
import type {SimulationError} from "./passes/certify.js";

/** How integrals were taken, and how well. */
export interface IntegrationFacts {
  /** "none" for a model without random columns, else the rule in words: "Sobol, Owen-scrambled". */
  readonly rule: string;
  /** Where the nodes are: "plain", as the rule has them; "centred" or "adaptive", moved to the posterior of each person. */
  readonly method?: "none" | "plain" | "centred" | "adaptive";
  /** Dimensions between people, and within. */
  readonly dimensions: number;
  readonly draws: number;
  readonly within?: {readonly rule: string; readonly dimensions: number; readonly draws: number};
  /** true when everybody shares one set of nodes. */
  readonly shared: boolean;
  /** True for quadrature. */
  readonly exact: boolean;
  readonly seed: number;
  /** Effective number of draws over the people (or situations) integrated: the least, the median, the five with the fewest, and all of them from the fewest on. */
  readonly effective?: {readonly least: number; readonly median: number; readonly worst?: readonly {readonly person: Id; readonly effective: number}[]; readonly sorted?: Float64Array};
  /** How far the fit is from exact integrals, as measured at its optimum; absent where nothing measured it. */
  readonly simulation?: SimulationFacts;
  /** Nodes computed on the way for each person, a value counted 0.6 of a gradient and a Hessian 3. */
  readonly work?: number;
}

/** A measured error of simulation. */
export interface SimulationFacts extends SimulationError {
  /** Whether the estimates are those of all these sets of draws together; else of one set. */
  readonly pooled: boolean;
  /** Whether `rms` is within the accuracy asked for. */
  readonly certified: boolean;
  /** What was asked for, in standard errors. */
  readonly accuracy: number;
  /** Why there are not more draws, where more are needed. */
  readonly limit?: string;
}

/** Who computed a fit. */
export interface ComputingFacts {
  /** "wasm", the compiled kernel, or "typescript", the readable one. */
  readonly kernel: Engine;
  readonly threads: number;
  /** Why one thread worked alone, where more were asked for or would have helped. */
  readonly note?: string;
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
  /** At the estimates; where draws were pooled by all sets of them, where `path` has that of the first alone. */
  readonly logLikelihood: number;
  /** With all coefficients zero: every alternative on offer equally likely. */
  readonly logLikelihoodAtZero: number;
  /** With each alternative as likely as its share; NaN only for a fit that was stopped. */
  readonly logLikelihoodAtShares: number;
  readonly ending: Ending;
  readonly path: readonly Step[];
  readonly integration: IntegrationFacts;
  readonly computing: ComputingFacts;
  /** Where several starts led, the best first; absent for one start. */
  readonly basins?: readonly Basin[];
  /** Hessian of the log-likelihood over the F free parameters, (F, F); like `scores` at theta, or at the optimum of the first set of draws where they were pooled. */
  readonly hessian: Matrix;
  /** Scores summed by person, (I, F): columns sum to zero at an optimum. */
  readonly scores: AbstractMatrix;
  /** Mean weight of each person's situations, (I); absent when all are one. */
  readonly weight?: Float64Array;
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
