import type {AbstractMatrix, Matrix} from "ml-matrix";
import type {Id} from "../data/choiceData.js";
import type {Column} from "../model/design.js";
import type {Parameter} from "../model/parameters.js";
import type {Kind} from "./covariance.js";

/** What inference asks of an estimator: curvature and scores at the estimate. Whoever answers both gets all of this room. */
export interface Asymptotic {
  readonly parameters: readonly Parameter[];
  readonly design: {readonly columns: readonly Column[]};
  /** (P), held parameters included. */
  readonly theta: Float64Array;
  /** Positions of the F free parameters. */
  readonly free: readonly number[];
  /** Hessian of the log-likelihood, (F, F). */
  readonly hessian: Matrix;
  /** Scores summed by person, weights included, (I, F). */
  readonly scores: AbstractMatrix;
  /** Weight of each person, (I), read as a count by the outer product; absent when all are one. */
  readonly weight?: Float64Array;
  /** False where a climb ended before a summit: curvature of the wrong sign then says nothing of the data. */
  readonly arrived?: boolean;
  /** Why there is no curvature, when there is none: no errors are given then. */
  readonly silence?: string;
  /**
   * By how much a unit of each parameter moves utilities, (P): an error that spans a thousand units of utility says that the
   * data set no bound. Without it, nothing is called unbounded.
   */
  readonly reach?: Float64Array;
  /** Covariance that the model itself gives to the sums whose root theta is, (F, F): the middle of "model" errors. Absent where there are none. */
  readonly expected?: Matrix;
  /** Kinds of errors that do not hold for this estimator, each with the reason. */
  readonly unsound?: Readonly<Partial<Record<Kind, string>>>;
  /** What its table shows unless told otherwise; absent: "hessian". */
  readonly usual?: Kind;
  readonly data: {readonly people: readonly Id[]; readonly clusters?: readonly Id[]};
}
