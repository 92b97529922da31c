import type {Role} from "../model/parameters.js";

/** Where standard errors come from: curvature, outer product of scores, both (robust), or both summed by clusters. */
export type ErrorKind = "hessian" | "opg" | "robust" | "clustered";

/** One line of the estimates table. */
export interface EstimateRow {
  readonly name: string;
  /** Words under the name, such as "standard deviation of ln(-tod)"; empty when the name says it. */
  readonly words: string;
  readonly role: Role | "derived";
  readonly estimate: number;
  /** null where there is none: a held parameter, or a flat direction; `why` says which. */
  readonly error: number | null;
  readonly z: number | null;
  readonly p: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly why?: string;
}

/** Estimates with their uncertainty. */
export interface Estimates {
  readonly rows: readonly EstimateRow[];
  readonly errors: ErrorKind;
  /** How the errors were made, in words: "robust, scores summed over 361 people". */
  readonly words: string;
  /** Confidence level of `low` and `high`, such as 0.95. */
  readonly level: number;
}
