/**
 * Symmetric matrices whose rows start late: of row r the entries first[r] to r are kept, whatever zeros are among them. A
 * Cholesky factor fits in the same places (Jennings 1966).
 */
export interface Envelope {
  /** First column kept of each row, (m). */
  readonly first: Int32Array;
  /** Entry (r, c) stands at at[r] + c; (m). */
  readonly at: Float64Array;
  readonly values: Float64Array;
}

/** An envelope of zeros. @param first the first column of each row, at most the row itself */
export function envelope(first: Int32Array): Envelope {
  const at = new Float64Array(first.length);
  let size = 0;
  for (let r = 0; r < first.length; ++r) {
    at[r] = size - first[r];
    size += r - first[r] + 1;
  }
  return {first, at, values: new Float64Array(size)};
}

/**
 * The factor L of A = LL', written over A. A row that depends on earlier ones, its pivot lost to rounding, gets an infinite
 * pivot, which makes its part of a solution zero: one of the many solutions where A is singular but the equations agree.
 */
export function factor({first, at, values}: Envelope): void {
  for (let r = 0; r < first.length; ++r) {
    for (let c = first[r]; c < r; ++c) {
      let sum = values[at[r] + c];
      for (let k = Math.max(first[r], first[c]); k < c; ++k) sum -= values[at[r] + k] * values[at[c] + k];
      values[at[r] + c] = sum / values[at[c] + c];
    }
    const whole = values[at[r] + r];
    let pivot = whole;
    for (let k = first[r]; k < r; ++k) pivot -= values[at[r] + k] ** 2;
    values[at[r] + r] = pivot > 1e-13 * whole ? Math.sqrt(pivot) : Infinity;
  }
}

/** Solves LL'x = y, written over y. */
export function solveEnvelope({first, at, values}: Envelope, y: Float64Array): void {
  for (let r = 0; r < first.length; ++r) {
    let sum = y[r];
    for (let k = first[r]; k < r; ++k) sum -= values[at[r] + k] * y[k];
    y[r] = sum / values[at[r] + r];
  }
  for (let r = first.length - 1; r >= 0; --r) {
    y[r] /= values[at[r] + r];
    for (let k = first[r]; k < r; ++k) y[k] -= values[at[r] + k] * y[r];
  }
}
