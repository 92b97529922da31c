import type {Matrix} from "ml-matrix";
import {gradientOf} from "../math/derivative.js";
import type {Asymptotic} from "./asymptotic.js";

/** The variance of a function of the estimates, or the parameter without an error that leaves it without one. */
export type Told = {readonly variance: number; readonly leansOn?: undefined} | {readonly variance?: undefined; readonly leansOn: number};

/**
 * Variances of functions of theta by the delta method (eq:delta), their slopes taken by central differences.
 *
 * @param V    (F, F), the covariance of the free parameters
 * @param dumb positions of parameters that have no error
 */
export function deltaMethod({theta, free}: Pick<Asymptotic, "theta" | "free">, V: Matrix, dumb: readonly number[]): (f: (theta: Float64Array) => number) => Told {
  return (f) => {
    const gradient = gradientOf(f, theta);
    const leansOn = dumb.find((p) => gradient[p] !== 0);
    if (leansOn !== undefined) return {leansOn};
    let variance = 0;
    free.forEach((p, a) => free.forEach((q, b) => { variance += gradient[p] * V.get(a, b) * gradient[q]; }));
    return {variance};
  };
}
