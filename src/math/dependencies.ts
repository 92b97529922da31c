import {Matrix, QrDecomposition} from "ml-matrix";

/** Root mean square of each column, (C). */
export function rootMeanSquares(d: Float64Array, C: number): Float64Array {
  const rows = d.length / C;
  const largest = new Float64Array(C); // first, so that squares of 1e200 do not overflow
  for (let at = 0; at < d.length; ++at) largest[at % C] = Math.max(largest[at % C], Math.abs(d[at]));
  const sum = new Float64Array(C);
  for (let at = 0; at < d.length; ++at) {
    const c = at % C;
    if (largest[c]) sum[c] += (d[at] / largest[c]) ** 2;
  }
  return sum.map((s, c) => largest[c] * Math.sqrt(s / Math.max(1, rows)));
}

/** R of the QR decomposition of the scaled columns, folded in block by block so that memory stays at a block. */
function triangle(d: Float64Array, C: number, scale: Float64Array): Matrix {
  const rows = d.length / C;
  const block = Math.max(4 * C, 1024);
  let R = Matrix.zeros(0, C);
  for (let from = 0; from < rows; from += block) {
    const count = Math.min(block, rows - from);
    const stacked = Matrix.zeros(R.rows + count, C);
    for (let p = 0; p < R.rows; ++p) for (let c = 0; c < C; ++c) stacked.set(p, c, R.get(p, c));
    for (let r = 0; r < count; ++r) for (let c = 0; c < C; ++c) stacked.set(R.rows + r, c, d[(from + r) * C + c] / scale[c]);
    R = stacked.rows > C ? new QrDecomposition(stacked).upperTriangularMatrix : stacked;
  }
  return R;
}

/** A column that is a combination of earlier ones, on the scaled columns. */
export interface Relation {
  readonly column: number;
  readonly of: readonly {readonly column: number; readonly weight: number}[];
}

/**
 * Which columns of d (rows, C), each divided by its scale, are combinations of others, by pivoted Gram-Schmidt on R (Businger and Golub 1965): the largest remaining column first, until what
 * remains is rounding; each column left over is then written as a combination of those taken.
 */
export function dependencies(d: Float64Array, C: number, scale: Float64Array): Relation[] {
  const R = triangle(d, C, scale);
  const original = Array.from({length: C}, (_, c) => Float64Array.from(R.getColumn(c)));
  const rest = original.map((column) => column.slice());
  const first = Math.max(...rest.map(length));
  const taken: number[] = [];
  const basis: Float64Array[] = [];
  const left = new Set(original.keys());
  while (left.size) {
    // Among equals the earlier column wins, so that the later one is the one named.
    const pivot = [...left].reduce((best, c) => (length(rest[c]) > length(rest[best]) * (1 + 1e-9) ? c : best));
    const size = length(rest[pivot]);
    if (size <= 1e-10 * first) break;
    const q = rest[pivot].map((v) => v / size);
    basis.push(q);
    taken.push(pivot);
    left.delete(pivot);
    for (const c of left) for (let twice = 0; twice < 2; ++twice) {
      const along = dot(q, rest[c]);
      rest[c].forEach((_, p) => { rest[c][p] -= along * q[p]; });
    }
  }
  return [...left].sort((a, b) => a - b).map((c) => {
    const weights = basis.map((q) => dot(q, original[c]));
    for (let k = taken.length - 1; k >= 0; --k) {
      for (let m = k + 1; m < taken.length; ++m) weights[k] -= weights[m] * dot(basis[k], original[taken[m]]);
      weights[k] /= dot(basis[k], original[taken[k]]);
    }
    return {column: c, of: taken.flatMap((column, k) => (Math.abs(weights[k]) > 1e-8 ? [{column, weight: weights[k]}] : [])).sort((a, b) => a.column - b.column)};
  });
}

const length = (v: Float64Array) => Math.hypot(...v);
const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, v, p) => sum + v * b[p], 0);
