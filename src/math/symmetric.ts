import {EigenvalueDecomposition, Matrix} from "ml-matrix";

/**
 * A symmetric matrix taken apart after its rows and columns were brought to one scale: A = D V diag(lambda) V' D. What is
 * nearly singular is then so for a reason, not because one attribute is in cents and another in millions; and whatever is
 * solved with it does not depend on the units of the attributes.
 */
export interface Spectrum {
  /** Root scales, (P). */
  readonly scale: Float64Array;
  /** Eigenvalues of D^-1 A D^-1, ascending, (P). */
  readonly values: Float64Array;
  /** Their eigenvectors, by column, (P, P). */
  readonly vectors: Matrix;
}

/**
 * @param A     symmetric, (P, P); only the lower triangle is read
 * @param scale root scales to use instead of the roots of |diagonal|
 */
export function spectrum(A: Matrix, scale?: Float64Array): Spectrum {
  const P = A.rows;
  const D = scale ?? Float64Array.from({length: P}, (_, p) => Math.sqrt(Math.abs(A.get(p, p))) || 1);
  if (!P) return {scale: D, values: new Float64Array(0), vectors: new Matrix(0, 0)};
  const S = Matrix.zeros(P, P);
  for (let p = 0; p < P; ++p) for (let q = 0; q <= p; ++q) {
    const value = A.get(p, q) / D[p] / D[q];
    S.set(p, q, value);
    S.set(q, p, value);
  }
  if (S.to1DArray().some((value) => !Number.isFinite(value))) return {scale: D, values: new Float64Array(P).fill(NaN), vectors: Matrix.eye(P, P)};
  const {realEigenvalues, eigenvectorMatrix} = new EigenvalueDecomposition(S, {assumeSymmetric: true});
  const order = [...realEigenvalues.keys()].sort((a, b) => realEigenvalues[a] - realEigenvalues[b]);
  const vectors = Matrix.zeros(P, P);
  order.forEach((from, to) => { for (let p = 0; p < P; ++p) vectors.set(p, to, eigenvectorMatrix.get(p, from)); });
  return {scale: D, values: Float64Array.from(order, (from) => realEigenvalues[from]), vectors};
}

/** V' D^-1 x: coordinates along the eigenvectors, (P). */
export function project({scale, vectors}: Spectrum, x: ArrayLike<number>): Float64Array {
  const P = scale.length;
  return Float64Array.from({length: P}, (_, k) => {
    let sum = 0;
    for (let p = 0; p < P; ++p) sum += (vectors.get(p, k) * x[p]) / scale[p];
    return sum;
  });
}

/** D^-1 V y: back from coordinates along the eigenvectors, (P). */
export function combine({scale, vectors}: Spectrum, y: ArrayLike<number>): Float64Array {
  const P = scale.length;
  return Float64Array.from({length: P}, (_, p) => {
    let sum = 0;
    for (let k = 0; k < P; ++k) sum += vectors.get(p, k) * y[k];
    return sum / scale[p];
  });
}

/** The rows and columns of A at some positions, (F, F). */
export function principal(A: Matrix, positions: readonly number[]): Matrix {
  const out = new Matrix(positions.length, positions.length);
  positions.forEach((p, f) => positions.forEach((q, g) => out.set(f, g, A.get(p, q))));
  return out;
}

/** -A, a new matrix. */
export function negated(A: Matrix): Matrix {
  const out = A.clone();
  out.mul(-1);
  return out;
}

/** |A|^-1, with eigenvalues floored at a part of the largest: a positive definite stand-in wherever A curves the wrong way. */
export function positiveInverse(A: Matrix, floor = 1e-6): Matrix {
  const s = spectrum(A);
  const P = s.scale.length;
  const least = floor * Math.max(...s.values.map(Math.abs), Number.MIN_VALUE);
  const out = Matrix.zeros(P, P);
  for (let k = 0; k < P; ++k) {
    const v = s.vectors.getColumn(k);
    const size = Math.max(Math.abs(s.values[k]), least);
    for (let p = 0; p < P; ++p) for (let q = 0; q < P; ++q) out.set(p, q, out.get(p, q) + ((v[p] / s.scale[p]) * (v[q] / s.scale[q])) / size);
  }
  return out;
}

/**
 * A^-1 on the directions whose eigenvalue exceeds `floor` times the largest; the rest are returned as `flat`, so that the
 * caller can name what they involve instead of printing a number that means nothing.
 */
export function inverse(A: Matrix, floor = 1e-11): {inverse: Matrix; flat: readonly Float64Array[]; condition: number} {
  const s = spectrum(A);
  const P = s.scale.length;
  const limit = floor * Math.max(...s.values.map(Math.abs), 0);
  const flat: Float64Array[] = [];
  const out = Matrix.zeros(P, P);
  for (let k = 0; k < P; ++k) {
    const v = s.vectors.getColumn(k);
    if (!(s.values[k] > limit)) {
      flat.push(Float64Array.from(v));
      continue;
    }
    for (let p = 0; p < P; ++p) for (let q = 0; q < P; ++q) {
      out.set(p, q, out.get(p, q) + (v[p] / s.scale[p]) * (v[q] / s.scale[q]) / s.values[k]);
    }
  }
  return {inverse: out, flat, condition: P ? s.values[P - 1] / s.values[0] : 1};
}
