import {ChoiceError, quote} from "../errors.js";

/**
 * Lambert's W, principal branch: the w >= -1 with w exp(w) = x (Corless et al. 1996).
 *
 * Relative error below 1e-15 for x above -0.36, and below 1e-14 from there to the branch point -1/e, for the double that x is:
 * W changes by the root of a change of x there.
 *
 * @param x at least -1/e; Infinity gives Infinity, NaN gives NaN
 * @throws {ChoiceError} math/lambert for x below -1/e
 * @example
 * lambertW(1) // 0.5671432904097838
 */
export function lambertW(x: number): number {
  if (x === 0 || x === Infinity || Number.isNaN(x)) return x;
  // 1 + e x, with 1/e in two parts: near the branch point the last digits decide.
  const above = Math.E * (x + INVERSE_E + INVERSE_E_REST);
  if (above < -1e-16) {
    throw new ChoiceError("math/lambert", {at: `lambertW(${quote(x)})`, saw: `x = ${quote(x)}`, want: "a number of at least -1/e", value: x});
  }
  if (x > Math.E) return lambertWExp(Math.log(x));
  // The series at the branch point: W = -1 + r - r^2/3 + 11 r^3/72 - ..., r = sqrt(2 (1 + e x)).
  const r = Math.sqrt(2 * Math.max(0, above));
  const series = -1 + r * (1 + r * (-1 / 3 + r * (11 / 72 + r * (-43 / 540 + r * (769 / 17280 + r * (-221 / 8505))))));
  if (r < 0.03) return series;
  let w = x < -0.1 ? series : x / (1 + x / (1 + 0.5 * x));
  // Halley's iteration; cubic, so that five rounds are plenty.
  for (let k = 0; k < 20; ++k) {
    const e = Math.exp(w);
    const miss = w * e - x;
    const step = miss / (e * (w + 1) - ((w + 2) * miss) / (2 * w + 2));
    w -= step;
    if (Math.abs(step) <= 1e-16 * Math.abs(w)) break;
  }
  return w;
}

/**
 * W(exp(z)): the w with w + log w = z, for any z, also where exp(z) overflows or vanishes.
 *
 * Relative error below 1e-15 for z above -700.
 *
 * @example
 * lambertWExp(1) // 1
 */
export function lambertWExp(z: number): number {
  if (z === Infinity || Number.isNaN(z)) return z;
  if (z < -37) return Math.exp(z); // the next term of the series is exp(2 z)
  let w = z > 1 ? z - Math.log(z) : z < -1 ? Math.exp(z) : 0.5671432904097838 + 0.3618962566348892 * z;
  // Fritsch, Shafer and Crowley (1973): two rounds reach the last digit; a third makes sure.
  for (let k = 0; k < 3; ++k) {
    const miss = z - w - Math.log(w);
    const q = 2 * (1 + w) * (1 + w + (2 / 3) * miss);
    w *= 1 + (miss / (1 + w)) * ((q - miss) / (q - 2 * miss));
  }
  return w;
}

// 1/e, rounded, and what rounding left.
const INVERSE_E = 0.36787944117144233;
const INVERSE_E_REST = -1.2428753672788363e-17;
