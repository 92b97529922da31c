import assert from "node:assert/strict";
import {inverse, Matrix} from "ml-matrix";
import type {ChoiceData} from "../../src/data/choiceData.js";
import type {Fit} from "../../src/estimate/types.js";
import {asPrinted, digits} from "./lre.js";
import {compose, errorsOf, estimatesOf, type Request} from "./objective.js";

/** A maximum found with many digits, errors of three kinds among them. */
export interface Maximum {
  readonly logLik: string;
  readonly theta: readonly string[];
  readonly seHessian: readonly string[];
  readonly seBHHH: readonly string[];
  readonly seSandwichByIndividual: readonly string[];
}

/** Asserts that a fit converged to this maximum: so many digits of the log-likelihood, of the estimates and of the errors. */
export function isMaximum(found: Fit, names: readonly string[], wanted: Maximum, least: {readonly value: number; readonly estimates: number; readonly errors: number}): void {
  assert.ok(found.ending.converged, found.ending.words);
  digits([found.logLikelihood], [wanted.logLik], least.value, "log-likelihood");
  digits(estimatesOf(found, names), wanted.theta, least.estimates, "estimates");
  digits(errorsOf(found, names), wanted.seHessian, least.errors, "Hessian errors");
  digits(errorsOf(found, names, "opg"), wanted.seBHHH, least.errors, "outer product errors");
  digits(errorsOf(found, names, "robust"), wanted.seSandwichByIndividual, least.errors, "robust errors");
}

/**
 * Asserts that estimates printed elsewhere are those of a climb that stopped before the summit, and not of another
 * likelihood: there our log-likelihood is the printed one, lower than our maximum; and the way that is left, the Newton
 * decrement g'(-H)^-1 g, is longer than from our estimates rounded to as many digits, so that rounding alone does not explain it.
 *
 * @param request       the model and the nodes of `found`
 * @param printed       estimates with all digits printed
 * @param logLikelihood as printed beside them
 */
export async function stoppedEarly(found: Fit, data: ChoiceData, request: Request, names: readonly string[], printed: readonly string[], logLikelihood: string): Promise<void> {
  const composed = compose(data, request);
  const look = async (values: readonly string[]) => {
    const {value, gradient, hessian} = await composed.at(names, values);
    const P = names.length;
    const curvature = new Matrix(Array.from({length: P}, (_, p) => hessian.slice(p * P, (p + 1) * P))).mul(-1);
    const step = inverse(curvature).mmul(Matrix.columnVector(gradient)).to1DArray();
    return {value, left: step.reduce((sum, s, p) => sum + s * gradient[p], 0)};
  };
  const there = await look(printed);
  const rounded = await look(estimatesOf(found, names).map((value, k) => value.toFixed((printed[k].split(".")[1] ?? "").length)));
  asPrinted([there.value], [logLikelihood], "log-likelihood at the printed estimates");
  // Half the decrement is what the climb would have gained; below the rounding of a sum it shows in the gradient alone.
  const gap = found.logLikelihood - there.value;
  const rounding = 1e-14 * Math.abs(there.value);
  assert.ok(there.left > rounded.left, `the printed estimates are as near as rounding lets them: ${there.left}, ours rounded ${rounded.left}`);
  assert.ok(there.left / 2 < 10 * rounding ? Math.abs(gap) < 20 * rounding : gap > 0, `log-likelihood ${there.value} at the printed estimates, ${found.logLikelihood} at the maximum`);
}
