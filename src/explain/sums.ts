import {Matrix} from "ml-matrix";
import type {Substitution} from "./substitution.js";

/** Weighted sums over situations, one for each of some cells, with their derivatives in the coefficients. */
export interface Sums {
  readonly value: Float64Array; // (cells)
  readonly gradient: Float64Array; // (cells, C)
  /** What was added, weights and number of situations, (cells). */
  readonly weight: Float64Array;
  readonly count: Float64Array;
}

export const sums = (cells: number, C: number): Sums => ({value: new Float64Array(cells), gradient: new Float64Array(cells * C), weight: new Float64Array(cells), count: new Float64Array(cells)});

/** Adds w times a value and times its derivatives, the j-th C of `gradient`. */
export function add({value, gradient: to, weight, count}: Sums, cell: number, w: number, term: number, gradient?: Float64Array, j = 0): void {
  const C = to.length / value.length;
  value[cell] += w * term;
  weight[cell] += w;
  ++count[cell];
  if (gradient) for (let c = 0; c < C; ++c) to[cell * C + c] += w * gradient[j * C + c];
}

/** a / b, cell by cell, with its derivatives; counts are those of a. */
export function quotient(a: Sums, b: Sums): Sums {
  const C = a.gradient.length / a.value.length;
  const value = a.value.map((sum, cell) => sum / b.value[cell]);
  return {...a, value, gradient: a.gradient.map((slope, at) => { const cell = Math.floor(at / C); return (slope - value[cell] * b.gradient[at]) / b.value[cell]; })};
}

/** Sums over their weights: averages. */
export function averages(a: Sums): Sums {
  const C = a.gradient.length / a.value.length;
  return {...a, value: a.value.map((sum, cell) => sum / a.weight[cell]), gradient: a.gradient.map((slope, at) => slope / a.weight[Math.floor(at / C)])};
}

/**
 * Standard errors of functions of the coefficients by the delta method,
 *
 *   se(f) = sqrt(df/dbeta' V df/dbeta)                                                       (eq:delta)
 *
 * NaN for what leans on a direction of the coefficients about which the data say nothing.
 *
 * @returns a function of gradients (cells, C) and of which cell's to take
 */
export function deltaError({free, covariance, flat, columns: {length: C}}: Pick<Substitution, "free" | "covariance" | "flat" | "columns">): (gradient: Float64Array, cell: number) => number {
  const F = free.length;
  const V = Float64Array.from(covariance.to1DArray());
  const g = new Float64Array(F);
  return (gradient, cell) => {
    for (let f = 0; f < F; ++f) g[f] = gradient[cell * C + free[f]];
    if (flat.some((direction) => leans(g, direction))) return NaN;
    let sum = 0;
    for (let f = 0, at = 0; f < F; ++f) for (let h = 0; h < F; ++h, ++at) sum += g[f] * V[at] * g[h];
    return sum >= 0 ? Math.sqrt(sum) : NaN;
  };
}

/** The same of every cell. */
export function deltaErrors(s: Substitution, {gradient, value}: Pick<Sums, "gradient" | "value">): Float64Array {
  const error = deltaError(s);
  return value.map((_, cell) => error(gradient, cell));
}

function leans(g: Float64Array, direction: Float64Array): boolean {
  let [along, size] = [0, 0];
  for (let f = 0; f < g.length; ++f) {
    along += g[f] * direction[f];
    size = Math.max(size, Math.abs(g[f] * direction[f]));
  }
  return Math.abs(along) > 1e-6 * size;
}

/** Numbers of cells as a matrix. */
export const table = (values: ArrayLike<number>, rows: number, columns: number): Matrix => {
  const out = new Matrix(rows, columns);
  for (let r = 0, at = 0; r < rows; ++r) for (let c = 0; c < columns; ++c, ++at) out.set(r, c, values[at]);
  return out;
};
