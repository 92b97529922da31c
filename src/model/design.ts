/** One column of the design: a coefficient of utility. */
export interface Column {
  readonly name: string;
  /** Index of the attribute, -1 for an intercept. */
  readonly attribute: number;
  /** Index of the only alternative that carries it, -1 when all do. */
  readonly alternative: number;
}
export interface Design {
  readonly columns: readonly Column[];
}
