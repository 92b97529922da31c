import {ChoiceError, quote} from "../errors.js";
import {cumulative, quantile} from "./normal.js";
import {root} from "./root.js";

/**
 * The two-sided tail of Student's t distribution, P(|T| >= |t|); with infinite degrees, that of the normal.
 *
 * It is the incomplete beta function I_x(n/2, 1/2) at x = n/(n + t^2), by its continued fraction (eq:student; Abramowitz &
 * Stegun 1964, 26.5.27 and 26.5.8). Relative error for tails above 1e-200: below 1e-13 to 1,000 degrees,
 * 2e-12 at 100,000.
 *
 * @param degrees of freedom, positive, not necessarily whole
 * @throws {ChoiceError} math/degrees when the degrees are not positive
 * @example
 * studentTail(2.2281388519862744, 10) // 0.05
 */
export function studentTail(t: number, degrees: number): number {
  if (!(degrees > 0)) {
    throw new ChoiceError("math/degrees", {
      at: `studentTail(${quote(t)}, ${quote(degrees)})`, saw: `${quote(degrees)} degrees of freedom`,
      want: "a positive number",
      value: degrees
    });
  }
  if (Number.isNaN(t)) return NaN;
  if (t === 0) return 1;
  if (Math.abs(t) === Infinity) return 0;
  if (degrees === Infinity) return 2 * cumulative(-Math.abs(t));
  const a = degrees / 2;
  const s = (t * t) / degrees;
  const x = 1 / (1 + s);
  const y = s / (1 + s); // 1 - x, with its digits
  // x^a y^(1/2)/B(a, 1/2)
  const front = Math.exp(-a * Math.log1p(s)) * Math.sqrt(y / Math.PI) * halfStep(a);
  return x < (a + 1) / (a + 2.5) ? (front * fraction(x, a, 0.5)) / a : 1 - front * fraction(y, 0.5, a) * 2;
}

/**
 * The quantile of Student's t distribution, P(T <= t) = p: the inverse of `studentTail`, sought on the logarithm of t. Relative
 * error below 1e-12 to 1,000 degrees.
 *
 * @param p       from 0 to 1
 * @param degrees of freedom, positive, not necessarily whole
 * @throws {ChoiceError} math/degrees when the degrees are not positive
 * @example
 * studentQuantile(0.975, 10) // 2.228138851986274
 */
export function studentQuantile(p: number, degrees: number): number {
  if (!(p >= 0 && p <= 1)) return NaN;
  const tail = 2 * Math.min(p, 1 - p);
  if (degrees === Infinity || tail === 0 || tail === 1) {
    studentTail(0, degrees); // refuses the degrees
    return tail === 1 ? 0 : quantile(p);
  }
  const t = Math.exp(root((log) => Math.log(studentTail(Math.exp(log), degrees) / tail), -700, 700));
  return p < 0.5 ? -t : t;
}

// Gamma(a + 1/2)/Gamma(a): the Stirling series of its logarithm from 20 on, and the recurrence down to there.
function halfStep(a: number): number {
  let scale = 1;
  for (; a < 20; ++a) scale *= a / (a + 0.5);
  const u = 1 / (a * a);
  const series = (-1 / 8 + u * (1 / 192 + u * (-1 / 640 + u * (17 / 14336 - (u * 31) / 18432)))) / a;
  return scale * Math.sqrt(a) * Math.exp(series);
}

// The continued fraction of the incomplete beta function, forward, by the modified method of Lentz.
function fraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || tiny);
  let c = 1;
  let f = d;
  for (let m = 1; m < 1e5; ++m) {
    for (const e of [(m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)), (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))]) {
      d = 1 / (1 + e * d || tiny);
      c = 1 + e / c || tiny;
      f *= c * d;
    }
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return f;
}
