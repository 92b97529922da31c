import {ChoiceError, quote} from "../errors.js";
import type {Perturbation} from "./perturbation.js";

/** Cumulants of points s under weights proportional to exp(-s a), with the mean's distance from 1 kept to its own digits. */
interface Cumulants {
  readonly logZ: number;
  readonly mean: number;
  readonly rest: number;
  readonly variance: number;
  readonly third: number;
}

/**
 * The perturbation of supports for probabilities: a share is the mean of a distribution over points s_m from 0 to 1, and
 * costs what entropy that distribution gives up (eq:supports),
 *
 *   phi_M(x) = -(ln Z(a) + a x)  where  S(a) = x,    Z(a) = sum_m exp(-s_m a),   S = -Z'/Z,
 *   phi' = -a,   phi'' = 1 / v,   phi''' = -kappa_3 / v^3,
 *
 * with v and kappa_3 the second and third central moments at a. Two points make the binary entropy x ln x + (1 - x) ln(1 - x).
 * The number of points is no resolution but an assumption on tails: a dear good's share falls like exp(-a / (M - 1)), so that
 * more points mean less elastic demand at high prices.
 *
 * @param points how many, equally spaced from 0 to 1, or the points themselves
 * @throws {ChoiceError} pricing/supports when there are fewer than two, or they do not rise from 0 to 1
 * @example
 * supports(2).slope(0.5) // 0
 */
export function supports(points: number | ArrayLike<number>): Perturbation {
  const at = `supports(${typeof points === "number" ? quote(points) : "points"})`;
  if (typeof points === "number" && !(Number.isInteger(points) && points >= 2 && points <= 1000)) {
    throw new ChoiceError("pricing/supports", {at, saw: `${quote(points)} points`, want: "a whole number from 2 to 1000", hint: "supports(2)", value: points});
  }
  const s = typeof points === "number" ? Float64Array.from({length: points}, (_, m) => m / (points - 1)) : Float64Array.from(points);
  const M = s.length;
  if (M < 2 || s[0] !== 0 || s[M - 1] !== 1 || s.some((v, m) => m > 0 && !(v > s[m - 1]))) {
    throw new ChoiceError("pricing/supports", {at, saw: `points ${quote([...s])}`, want: "points that rise from 0 to 1, so that every share between is possible", hint: "supports([0, 0.5, 1])"});
  }
  const weight = new Float64Array(M);

  const cumulants = (a: number): Cumulants => {
    const most = a < 0 ? -a : 0; // the largest exponent: at s = 1 or at s = 0
    let sum = 0;
    for (let m = 0; m < M; ++m) sum += weight[m] = Math.exp(-s[m] * a - most);
    let [mean, rest] = [0, 0];
    for (let m = 0; m < M; ++m) {
      weight[m] /= sum;
      mean += weight[m] * s[m];
      rest += weight[m] * (1 - s[m]);
    }
    let [variance, third] = [0, 0];
    for (let m = 0; m < M; ++m) {
      const d = mean < 0.5 ? s[m] - mean : rest - (1 - s[m]);
      variance += weight[m] * d * d;
      third += weight[m] * d * d * d;
    }
    return {logZ: most + Math.log(sum), mean, rest, variance, third};
  };

  // S(a) = x by Newton on the logarithm of the smaller of x and 1 - x, which is nearly linear in a in the tails; where a
  // step would leave what is known of the root, halves are taken.
  const inverse = (x: number): number => {
    if (!(x > 0 && x < 1)) return x <= 0 ? Infinity : x >= 1 ? -Infinity : NaN;
    const low = x <= 0.5;
    const log = low ? Math.log(x) : Math.log1p(-x);
    const miss = ({mean, rest}: Cumulants) => (low ? Math.log(mean) - log : log - Math.log(rest)); // falls with a
    let [left, right] = [-1, 1];
    while (miss(cumulants(left)) < 0) left *= 2;
    while (miss(cumulants(right)) > 0) right *= 2;
    let a = 0;
    for (let round = 0; round < 100; ++round) {
      const c = cumulants(a);
      const gap = miss(c);
      if (gap > 0) left = a;
      else right = a;
      let next = a + (gap * (low ? c.mean : c.rest)) / c.variance;
      if (!(next > left && next < right)) next = (left + right) / 2;
      if (Math.abs(next - a) <= 2e-16 * (1 + Math.abs(a))) return next;
      a = next;
    }
    return a;
  };

  return Object.freeze({
    name: typeof points === "number" ? `supports, M = ${M}` : `supports ${quote([...s])}`,
    value(x: number) {
      if (x === 0 || x === 1) return 0;
      const a = inverse(x);
      const {logZ} = cumulants(a);
      return -(logZ + a * x);
    },
    slope: (x: number) => -inverse(x),
    curvature: (x: number) => 1 / cumulants(inverse(x)).variance,
    third(x: number) {
      const {variance, third} = cumulants(inverse(x));
      return -third / variance ** 3;
    },
    share: (y: number) => cumulants(-y).mean,
    response: (y: number) => cumulants(-y).variance,
    // d2 share / dy2 = kappa_3; on [0, 1] it is at most 1 / (6 sqrt 3) in size, and at most the variance, itself at most the mean.
    bend: (_low: number, high: number) => Math.min(0.09622504486493763, cumulants(-high).mean)
  });
}
