import type {AbstractMatrix, Matrix} from "ml-matrix";
import type {ChoiceData, Note} from "../../data/choiceData.js";
import type {Offers} from "../../data/offers.js";
import type {Kind} from "../../infer/covariance.js";
import type {Estimates} from "../../infer/estimates.js";
import type {Design} from "../../model/design.js";
import type {Parameter} from "../../model/parameters.js";
import type {Ending, Step} from "../../optimize/ending.js";
import type {Shown} from "../../rich.js";
import type {MixingLayout} from "./layout.js";
import type {Sensitivity} from "./sensitivity.js";
import type {Statistic} from "./statistics.js";
import type {Tastes} from "./tastes.js";

/** How much of a mixture the data speak of, and how much is the base that it was given. */
export interface Identification {
  /** sum_r theta_r ln(theta_r / q_r) in nats: how far the data moved the weights from the base. */
  readonly divergence: number;
  /** Free numbers that the weights have: all else is the base. Absent for "weights", where every weight is free. */
  readonly directions?: number;
  /** The fewest points that hold 99 % of the weight. */
  readonly atoms: number;
  /** exp of the entropy of the weights: as many points of equal weight would be as uncertain. */
  readonly effective: number;
  /** Weight on the first and last point of each axis, by coefficient; 0 for draws. */
  readonly edges: Readonly<Record<string, {readonly low: number; readonly high: number}>>;
  /** The same fit under other bases; absent where it was not asked for. */
  readonly sensitivity?: Sensitivity;
}

/** What the fits of a mixture over tastes have in common. */
export interface MixingFacts {
  /** "Maximum-entropy mixed logit", … */
  readonly title: string;
  readonly data: ChoiceData | Offers;
  /** The columns of utility; those with tastes are marked by a distribution, whose family says nothing. */
  readonly design: Design;
  readonly layout: MixingLayout;
  readonly tastes: Tastes;
  /** theta_r, summing to one, and their logarithms, (R). */
  readonly weights: Float64Array;
  readonly logWeights: Float64Array;
  /** Coefficients that everybody shares, held ones included, by name. */
  readonly shared: Readonly<Record<string, number>>;
  readonly identification: Identification;
  /** Means, spreads, shares below zero of the tastes, with errors; multipliers and shared coefficients before them. */
  readonly estimates: Estimates;
  readonly certificate: Certificate;
  readonly ending: Ending;
  readonly path: readonly Step[];
  readonly seconds: number;
  readonly seed: number;
  readonly version: string;
  readonly notes: readonly Note[];
}

/** How exactly a fit holds: what to look at where "converged" is not enough. */
export interface Certificate {
  /** How far the optimum can at most be, by duality; absent where the objective is not known to be concave. */
  readonly gap?: number;
  /** How far the conditions of an optimum are from holding. */
  readonly residual: number;
  /** The units of both. */
  readonly words: string;
}

/** What inference asks of a fit with parameters. */
interface MixingParameters {
  readonly parameters: readonly Parameter[];
  /** (P), held ones included. */
  readonly theta: Float64Array;
  readonly free: readonly number[];
  readonly hessian: Matrix;
  /** (people, F); no rows where there are no choices. */
  readonly scores: AbstractMatrix;
  readonly weight?: Float64Array;
  readonly arrived: boolean;
  readonly reach: Float64Array;
  readonly expected?: Matrix;
  readonly usual?: Kind;
  readonly unsound?: Readonly<Partial<Record<Kind, string>>>;
  /** Covariance of theta over the free parameters, (F, F), very wide where the data are flat; NaN where there is none. */
  readonly covariance: Matrix;
}

/** One moment of a mixture: means over situations, weights counted. */
export interface MixingMoment {
  /** "price": what a customer pays; "intercept[car]": the share of car. */
  readonly name: string;
  /** b, in the data or given. */
  readonly target: number;
  /** sum_r theta_r g_r. */
  readonly predicted: number;
  /** What was left to noise, -Omega lambda; 0 for an exact mean. */
  readonly slack: number;
  /** sum_r q_r g_r. */
  readonly atBase: number;
  /** Least and greatest mean at any single taste: no mixture leads beyond them. */
  readonly least: number;
  readonly greatest: number;
  /** Standard error of b; NaN where an exact total was given and it is not known. */
  readonly error: number;
}

/** A mixture that meets moments (`fitMaxEntMixedMoments`). */
export interface MixedMomentsFacts extends MixingFacts, MixingParameters {
  readonly kind: "moments";
  readonly moments: readonly MixingMoment[];
  /** g_r: the moments at each taste alone, K of (R). */
  readonly means: readonly Float64Array[];
  /** Situations, weights counted: a mean times this is a total. */
  readonly situations: number;
  /** D at the solution; -D is the divergence, less the noise's share. */
  readonly value: number;
  /** Largest |b - sum_r theta_r g_r - slack| of all moments, each in units of its spread over tastes. */
  readonly residual: number;
  /** Of the choices, where there are any. */
  readonly logLikelihood?: number;
}

/** A mixture fitted to choices (`fitMaxEntMixed`). */
export interface MixedStatisticsFacts extends MixingFacts, MixingParameters {
  readonly kind: "statistics";
  readonly data: ChoiceData;
  readonly statistics: readonly Statistic[];
  readonly logLikelihood: number;
  readonly logLikelihoodAtZero: number;
  /** Of the multinomial logit of the same columns. */
  readonly logLikelihoodAtPoint: number;
  readonly rho2: number;
  readonly aic: number;
  readonly bic: number;
  /** Where several starts led, the best first; absent for one start. */
  readonly basins?: readonly MixingBasin[];
}

/** A summit that some of several climbs came to. */
export interface MixingBasin {
  readonly logLikelihood: number;
  readonly starts: number;
  readonly taken: boolean;
  /** (P) */
  readonly theta: Float64Array;
}

/** One weight tau tried on people left out. */
export interface TauTried {
  readonly tau: number;
  /** Log-likelihood of people left out, summed over folds. */
  readonly heldOut: number;
}

/** A mixture whose every weight is free (`fitMaxEntMixedWeights`). */
export interface MixedWeightsFacts extends MixingFacts {
  readonly kind: "weights";
  readonly data: ChoiceData;
  /** How many people's log-likelihood a nat of divergence from the base is worth. */
  readonly tau: number;
  readonly how: "given" | "cross-validated";
  readonly tried?: readonly TauTried[];
  readonly logLikelihood: number;
  /** logLikelihood - tau divergence. */
  readonly penalised: number;
  /**
   * How exactly the conditions of the optimum hold, in parts of the people's weight: the largest difference over tastes of
   * sum_u w_u P_ur / P_u - tau (ln(theta_r / q_r) + 1) from its level; with tau = 0 the largest excess over it.
   */
  readonly kkt: number;
  /** nu_u = w_u / P_u, each for a likelihood relative to the unit's largest, (U). */
  readonly multipliers: Float64Array;
}

export type MixedMomentsFit = MixedMomentsFacts & Shown;
export type MixedStatisticsFit = MixedStatisticsFacts & Shown;
export type MixedWeightsFit = MixedWeightsFacts & Shown;

/** A mixture over tastes: an ordinary readonly record that draws itself. `kind` says which fit made it. */
export type MixingFit = MixedMomentsFit | MixedStatisticsFit | MixedWeightsFit;
