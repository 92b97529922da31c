import type {AbstractMatrix, Matrix} from "ml-matrix";
import type {ChoiceData, Note} from "../data/choiceData.js";
import type {Offers} from "../data/offers.js";
import type {Kind} from "../infer/covariance.js";
import type {Estimates} from "../infer/estimates.js";
import type {Design} from "../model/design.js";
import type {Parameter} from "../model/parameters.js";
import type {Shown} from "../rich.js";
import type {Programme} from "./programme.js";
import type {Solution} from "./solution.js";

/** One moment: what was asked for, what the model predicts, and what was left to error. */
export interface Moment {
  /** The column of the design: "price", "intercept[car]". */
  readonly name: string;
  /** b, the total in the data or given. */
  readonly target: number;
  /** True where it was given, not added up from choices. */
  readonly given?: true;
  /** Standard deviation of a given total that is not exact. */
  readonly sd?: number;
  /** sum w z p. */
  readonly predicted: number;
  /** sum w z e. */
  readonly error: number;
  /** The total's own noise, -Omega lambda; 0 for an exact total. */
  readonly slack: number;
  /** sum w z p with all multipliers zero. */
  readonly atZero: number;
  /** (error + slack) / (target - atZero): the part of the gap that noise took up; NaN where there is no gap. */
  readonly absorbed: number;
  /** Least and greatest total that these choice sets allow, probabilities alone. */
  readonly least: number;
  readonly greatest: number;
}

/** Entropies in nats, weights counted, and on a scale from 0 (certain) to 1 (uniform). */
export interface Entropies {
  /** Of pi, over all cells; of p for the shannon signal. */
  readonly signal: number;
  /** Of w; 0 without noise. */
  readonly noise: number;
  /** Of p: - sum w_n sum_j p ln p. */
  readonly p: number;
  /** signal / (cells ln M), noise / (cells ln H), p / sum w_n ln J_n; noise is NaN without noise. */
  readonly normalized: {readonly signal: number; readonly noise: number; readonly p: number};
  /** Soofi's information index 1 - S(p), the pseudo-R2 of Stata and LIMDEP. */
  readonly information: number;
}

/** How the width of the noise was chosen. */
export interface NoiseFacts {
  readonly v: number;
  readonly points: number;
  readonly how: "1/√N" | "given" | "cross-validated";
  readonly sumToZero: boolean;
  /** Held-out log-likelihood for each width tried. */
  readonly tried?: readonly {readonly v: number; readonly heldOut: number}[];
}

/** Everything a maximum-entropy fit knows. */
export interface MaxEntFacts {
  /** "Maximum-entropy logit", "Entropy-support choice model (perturbed utility)", … */
  readonly title: string;
  /** "logit": the shannon signal; "supports": a support for each probability. */
  readonly kind: "logit" | "supports";
  readonly data: ChoiceData | Offers;
  readonly design: Design;
  readonly parameters: readonly Parameter[];
  readonly programme: Programme;
  readonly solution: Solution;
  /** beta = -lambda, (K), in the order of the columns of the design. For "supports" its scale depends on the supports. */
  readonly theta: Float64Array;
  readonly moments: readonly Moment[];
  readonly noise?: NoiseFacts;
  readonly entropies: Entropies;
  /** sum w ln p of the choices made, at p; absent for aggregates. */
  readonly logLikelihood?: number;
  /** -G in theta over the free parameters, (F, F), and scores by person, (I, F), no rows without choices: what inference asks for. */
  readonly hessian: Matrix;
  readonly scores: AbstractMatrix;
  /** Covariance of the totals under the model, (F, F), and which errors do not hold: what inference asks beside, see `Asymptotic`. */
  readonly expected: Matrix;
  readonly unsound: Readonly<Partial<Record<Kind, string>>>;
  readonly usual: Kind;
  readonly weight?: Float64Array;
  readonly silence?: string;
  readonly free: readonly number[];
  /** Covariance of theta over the free parameters, (F, F). */
  readonly covariance: Matrix;
  readonly estimates: Estimates;
  readonly seconds: number;
  readonly seed: number;
  readonly version: string;
  readonly notes: readonly Note[];
}

/** A maximum-entropy fit: an ordinary readonly record that draws itself. */
export type MaxEntFit = MaxEntFacts & Shown;
