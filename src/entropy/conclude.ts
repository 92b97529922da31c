import {Matrix} from "ml-matrix";
import type {DualKernel} from "../kernels/dual.js";
import {gapOf, type DualPoint} from "./dualPoint.js";
import type {Programme} from "./programme.js";
import type {DualStep, Solution, SolverName} from "./solution.js";

/** A solution with its certificate, from the dual at the multipliers last accepted. */
export function conclude({moments: K}: Programme, kernel: DualKernel, at: DualPoint, solver: SolverName, ending: Solution["ending"], path: readonly DualStep[]): Solution {
  const {lambda, value, gradient, curvature, residual, sums} = at;
  const {mu, nu} = kernel.multipliers();
  return {
    lambda: lambda.slice(), mu: mu.slice(), nu: nu.slice(), value, gradient, curvature: matrix(curvature, K),
    entropy: {signal: sums.signal, noise: sums.noise},
    certificate: {gap: gapOf(at), stationarity: 0, moments: residual, addingUp: sums.addingUp, errorSum: sums.errorSum},
    solver, engine: kernel.engine, threads: kernel.threads, iterations: Math.max(0, path.length - 1), ending, path
  };
}

/** Row-major values as a matrix, (K, K). */
export function matrix(values: ArrayLike<number>, K: number): Matrix {
  const out = Matrix.zeros(K, K);
  for (let k = 0; k < K; ++k) for (let l = 0; l < K; ++l) out.set(k, l, values[k * K + l]);
  return out;
}
