import {cumulants, tilt, untilt, type Tilted} from "./support.js";

/** The cells of one situation under one multiplier. */
export interface Bundle {
  /** Means, variances and ln Z of the cells, (J) and longer. */
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  readonly logZ: Float64Array;
  /** Sums over the cells, and target - sum of means. */
  spread: number;
  residual: number;
}

/** Cells of a situation tied by one multiplier: their means add up to a target, 1 for probabilities and 0 for errors. */
export interface Tie {
  readonly target: number;
  /** Distance between the outermost points. */
  readonly range: number;
  readonly bundle: Bundle;
  /** Cells at tilts eta_j + mu. */
  look(eta: Float64Array, J: number, mu: number): void;
  /** Looks where the means add up to the target, and says where that is. */
  settle(eta: Float64Array, J: number, start?: number): number;
  /** The multiplier at eta = 0. */
  rest(J: number): number;
  /** Whether the means of J cells can add up to the target at an end of their points alone. */
  forced(J: number): boolean;
}

/**
 * @param target what the means add up to: 1 for probabilities, 0 for errors
 * @param widest most cells of a situation
 */
export function tie(support: Tilted, target: number, widest: number): Tie {
  const {points} = support;
  const range = points[points.length - 1] - points[0];
  const bundle: Bundle = {mean: new Float64Array(widest), variance: new Float64Array(widest), logZ: new Float64Array(widest), spread: 0, residual: 0};
  const weight = new Float64Array(points.length);
  const at = cumulants();
  const rests = new Map<number, number>();

  function look(eta: Float64Array, J: number, mu: number): void {
    let [sum, spread] = [0, 0];
    for (let j = 0; j < J; ++j) {
      tilt(at, support, eta[j] + mu, weight);
      sum += bundle.mean[j] = at.mean;
      spread += bundle.variance[j] = at.variance;
      bundle.logZ[j] = at.logZ;
    }
    bundle.spread = spread;
    bundle.residual = target - sum;
  }

  /** Means forced to an end, as where there is one alternative, are as near to it as a double can tell. */
  function end(J: number): "first" | "last" | undefined {
    if (range === 0) return undefined;
    if (J * points[points.length - 1] <= target * (1 + 1e-12)) return "last";
    return J * points[0] >= target * (1 - 1e-12) && points[0] > 0 ? "first" : undefined;
  }

  const forced = (J: number): boolean => range === 0 || end(J) !== undefined;

  function rest(J: number): number {
    let a = rests.get(J);
    if (a === undefined) rests.set(J, a = range === 0 ? 0 : end(J) ? (end(J) === "last" ? -1 : 1) * far(support, end(J)!) : untilt(support, target / J));
    return a;
  }

  function settle(eta: Float64Array, J: number, start = NaN): number {
    let [least, most] = [eta[0], eta[0]];
    for (let j = 1; j < J; ++j) {
      if (eta[j] < least) least = eta[j];
      else if (eta[j] > most) most = eta[j];
    }
    // The sum of means falls with mu; with all tilts below the rest it is too large, with all above too small (eq:bracket).
    const a = rest(J);
    let [low, high] = [a - most, a - least];
    if (forced(J)) {
      const mu = end(J) === "first" ? high : low;
      look(eta, J, mu);
      return mu;
    }
    let mu = start > low && start < high ? start : 0.5 * (low + high);
    for (let turn = 0; turn < 200; ++turn) {
      look(eta, J, mu);
      const {residual, spread} = bundle;
      if (Math.abs(residual) <= 1e-16 * J * range) break;
      if (residual < 0) low = mu;
      else high = mu;
      let next = mu - residual / spread;
      if (!(next > low && next < high)) next = 0.5 * (low + high);
      if (next === mu || !(next > low && next < high)) break;
      mu = next;
    }
    return mu;
  }

  return {target, range, bundle, look, settle, rest, forced};
}

/** A tilt so strong that every point but the outermost has a weight below 1e-17 of it. */
function far({points, logPrior}: Tilted, which: "first" | "last"): number {
  const end = which === "last" ? points.length - 1 : 0;
  let a = 1;
  points.forEach((s, m) => { if (m !== end) a = Math.max(a, (40 + logPrior[m] - logPrior[end]) / Math.abs(s - points[end])); });
  return a;
}
