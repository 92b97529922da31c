import type {Matrix} from "ml-matrix";
import {cholesky} from "./cholesky.js";

/** Root mean square of each column of d (rows, C), (C). */
export function rootMeanSquares(d: Float64Array, C: number): Float64Array {
  const rows = Math.max(1, d.length / C);
  const sum = new Float64Array(C);
  for (let at = 0; at < d.length;) for (let c = 0; c < C; ++c, ++at) sum[c] += d[at] * d[at];
  if (sum.every((s) => s > 1e-200 && s < 1e200)) return sum.map((s) => Math.sqrt(s / rows));
  // Squares of 1e200 overflow, and those of 1e-200 vanish: once more, in units of the largest.
  const largest = new Float64Array(C);
  for (let at = 0; at < d.length;) for (let c = 0; c < C; ++c, ++at) largest[c] = Math.max(largest[c], Math.abs(d[at]));
  sum.fill(0);
  for (let at = 0; at < d.length;) for (let c = 0; c < C; ++c, ++at) if (largest[c]) sum[c] += (d[at] / largest[c]) ** 2;
  return sum.map((s, c) => largest[c] * Math.sqrt(s / rows));
}

/**
 * Whether a matrix of weighted products D'WD shows beyond doubt that the columns of D are independent: scaled to a unit
 * diagonal, its eigenvalues all exceed 1e-9, far above the rounding of its sums. False says only that `dependencies` must
 * look at D itself.
 */
export function clearlyIndependent(products: Matrix): boolean {
  const C = products.rows;
  const root = products.diagonal().map(Math.sqrt);
  if (!root.every((s) => s > 1e-100 && s < 1e100)) return false;
  const lower = new Float64Array((C * (C + 1)) / 2);
  for (let c = 0, at = 0; c < C; ++c) for (let e = 0; e <= c; ++e, ++at) lower[at] = products.get(c, e) / (root[c] * root[e]) - (e === c ? 1e-9 : 0);
  return cholesky(lower, C);
}

/**
 * Columns of R of the QR decomposition of the scaled columns of d, by Householder reflections (Golub and Van Loan 2013,
 * ch. 5.2), folded in block by block so that memory stays at a block.
 */
async function triangle(d: Float64Array, C: number, scale: Float64Array, breathe?: () => Promise<void> | undefined): Promise<Float64Array[]> {
  const rows = d.length / C;
  const tall = Math.max(4 * C, 1024);
  // Each column: the C rows of R so far, then the block.
  const A = Array.from({length: C}, () => new Float64Array(C + tall));
  for (let from = 0; from < rows; from += tall) {
    const count = Math.min(tall, rows - from);
    for (let c = 0; c < C; ++c) for (let r = 0, at = from * C + c; r < count; ++r, at += C) A[c][C + r] = d[at] / scale[c];
    for (let k = 0; k < C; ++k) reflect(A, k, C, C + count);
    await breathe?.();
  }
  return A.map((column) => column.slice(0, C));
}

/** Turns the block below R into zeros in column k, and the later columns with it. */
function reflect(A: readonly Float64Array[], k: number, C: number, end: number): void {
  const v = A[k];
  let below = 0;
  for (let r = C; r < end; ++r) below += v[r] * v[r];
  if (below === 0) return;
  const size = Math.sqrt(v[k] * v[k] + below);
  const head = v[k] + (v[k] < 0 ? -size : size);
  const factor = 2 / (head * head + below);
  for (let c = k + 1; c < A.length; ++c) {
    const x = A[c];
    let along = head * x[k];
    for (let r = C; r < end; ++r) along += v[r] * x[r];
    along *= factor;
    x[k] -= along * head;
    for (let r = C; r < end; ++r) x[r] -= along * v[r];
  }
  v[k] = v[k] < 0 ? size : -size;
}

/** A column that is a combination of earlier ones, on the scaled columns. */
export interface Relation {
  readonly column: number;
  readonly of: readonly {readonly column: number; readonly weight: number}[];
}

/**
 * Which columns of d (rows, C), each divided by its scale, are combinations of others, by pivoted Gram-Schmidt on R
 * (Businger and Golub 1965): the largest remaining column first, until what remains is rounding; each column left over is
 * then written as a combination of those taken.
 */
export async function dependencies(d: Float64Array, C: number, scale: Float64Array, breathe?: () => Promise<void> | undefined): Promise<Relation[]> {
  const original = await triangle(d, C, scale, breathe);
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
