// Small symmetric matrices as their lower triangles, row by row: entry (d, e) with e <= d stands at d (d + 1) / 2 + e.

/** The factor L of A = LL', written over the lower triangle of A; false, and A spoilt, where A is not positive definite. */
export function cholesky(A: Float64Array, D: number): boolean {
  for (let d = 0, row = 0; d < D; row += ++d) {
    for (let e = 0, other = 0; e <= d; other += ++e) {
      let sum = A[row + e];
      for (let k = 0; k < e; ++k) sum -= A[row + k] * A[other + k];
      if (e < d) A[row + e] = sum / A[other + e];
      else if (sum > 1e-12 * Math.abs(A[row + d])) A[row + d] = Math.sqrt(sum);
      else return false;
    }
  }
  return true;
}

/** Solves LL'x = y, written over y. */
export function solveInto(y: Float64Array, L: Float64Array, D: number): void {
  for (let d = 0, row = 0; d < D; row += ++d) {
    let sum = y[d];
    for (let k = 0; k < d; ++k) sum -= L[row + k] * y[k];
    y[d] = sum / L[row + d];
  }
  for (let d = D - 1; d >= 0; --d) {
    let sum = y[d];
    for (let k = d + 1; k < D; ++k) sum -= L[(k * (k + 1)) / 2 + d] * y[k];
    y[d] = sum / L[(d * (d + 3)) / 2];
  }
}

/** (LL')^-1, its lower triangle written into `out`. */
export function inverseInto(out: Float64Array, L: Float64Array, D: number, column = new Float64Array(D)): void {
  for (let e = 0; e < D; ++e) {
    column.fill(0);
    column[e] = 1;
    solveInto(column, L, D);
    for (let d = e; d < D; ++d) out[(d * (d + 1)) / 2 + e] = column[d];
  }
}
