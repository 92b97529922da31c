import {ChoiceError, quote} from "../errors.js";
import {cumulative} from "./normal.js";

/**
 * The upper tail of the chi-squared distribution, P(X >= x): the p-value of a likelihood ratio, Wald or score test.
 *
 * For a whole number of degrees of freedom the tail is a finite sum of positive terms (eq:chiSquared; Abramowitz & Stegun
 * 1964, 26.4.4 and 26.4.5), so that no digits cancel: relative error below 2e-13 up to 1,000 degrees of freedom, wherever
 * the tail is above 1e-300. It takes time proportional to the degrees of freedom.
 *
 * @param x the statistic
 * @param degrees of freedom, a positive whole number
 * @returns 1 for x <= 0, NaN for NaN
 * @throws {ChoiceError} math/degrees when the degrees are not a positive whole number
 * @example
 * chiSquaredTail(3.841458820694124, 1) // 0.05
 */
export function chiSquaredTail(x: number, degrees: number): number {
  if (!Number.isInteger(degrees) || degrees < 1) {
    throw new ChoiceError("math/degrees", {
      at: `chiSquaredTail(${quote(x)}, ${quote(degrees)})`, saw: `${quote(degrees)} degrees of freedom`,
      want: "a positive whole number",
      value: degrees
    });
  }
  if (x <= 0) return 1;
  if (x === Infinity) return 0;
  const h = x / 2;
  const odd = degrees % 2;
  // Terms h^k/k!, or h^(k + 1/2)/(k + 1/2)! when odd; `shift` is the logarithm taken out of them.
  let term = odd ? 2 * Math.sqrt(h / Math.PI) : 1;
  let sum = 0;
  let shift = 0;
  for (let k = 0; k < degrees >> 1; ++k) {
    sum += term;
    term *= h / (k + 1 + odd / 2);
    if (sum > 2 ** 900) {
      sum *= 2 ** -900;
      term *= 2 ** -900;
      shift += 900 * Math.LN2;
    }
    // Past the largest term the rest falls faster than a geometric series.
    if (term < sum * 2 ** -60 && k > 2 * h) break;
  }
  // In two halves, since exp(-h) alone underflows before the product does.
  const half = Math.exp((shift - h) / 2);
  const body = half * sum * half;
  return Math.min(1, body + (odd ? 2 * cumulative(-Math.sqrt(x)) : 0));
}
