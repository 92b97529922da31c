/** What a parameter is for: the group it stands under in a table. */
export type Role = "intercept" | "mean" | "spread" | "covariance" | "within";

/**
 * One number to be learned, or held.
 *
 * `mean` is the location of a column, `spread` a diagonal entry of Gamma (or a half-width), `covariance` an entry of Gamma
 * when Gamma is full, `within` an entry of the within-person matrix.
 */
export interface Parameter {
  readonly name: string;
  readonly role: Role;
  /** The column of the design that it belongs to. */
  readonly column: number;
  /** For entries of a matrix: the random column it loads on. */
  readonly other?: number;
  /** The value it is held at; absent when it is estimated. */
  readonly held?: number;
  /** What the number is, in words: "standard deviation of ln(-tod)". Empty when the name says it. */
  readonly words: string;
}
