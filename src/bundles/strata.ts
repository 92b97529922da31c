import {chiSquaredTail} from "../math/chiSquared.js";
import {association, measured, type Measured, type PairCounts, type Verdict} from "./pair.js";

/** One stratum's table. */
export interface StratumRow {
  readonly stratum: string;
  readonly n: number;
  readonly counts: PairCounts;
  readonly theta: Measured;
  readonly phi: number;
  /** By the correlation criterion. */
  readonly verdict: Verdict;
}

/** A pair of goods, stratum by stratum. */
export interface Stratified {
  readonly rows: readonly StratumRow[];
  /** The logarithm of Mantel and Haenszel's (1959) common odds ratio, with the error of Robins, Breslow and Greenland (1986): what theta is with strata held. */
  readonly common: Measured;
  /** Woolf's (1955) test that theta is one in all strata: sum (theta_s - mean)^2 / var_s; strata without variation do not count. */
  readonly heterogeneity: {readonly statistic: number; readonly degrees: number; readonly p: number};
  /** Simpson's reversal: pooled and common interactions have opposite signs. */
  readonly reversal: boolean;
  /** Whether every stratum with variation has the sign opposite to the pooled one. */
  readonly everywhere: boolean;
}

/** Reads the strata of one pair (eq:common). */
export function stratified(tables: readonly {readonly stratum: string; readonly counts: PairCounts}[], pooled: number, level: number): Stratified {
  const rows = tables.map(({stratum, counts}): StratumRow => {
    const {n, theta, phi, verdicts} = association(counts, level);
    return {stratum, n, counts, theta, phi, verdict: verdicts.correlation};
  });
  const varied = rows.filter(({phi}) => Number.isFinite(phi));
  const common = mantelHaenszel(tables.map(({counts}) => counts), level);
  const weight = varied.map(({theta}) => 1 / theta.error ** 2);
  const total = weight.reduce((sum, w) => sum + w, 0);
  const mean = varied.reduce((sum, {theta}, s) => sum + weight[s] * theta.value, 0) / total;
  const statistic = varied.reduce((sum, {theta}, s) => sum + weight[s] * (theta.value - mean) ** 2, 0);
  const degrees = Math.max(0, varied.length - 1);
  return {
    rows, common, heterogeneity: {statistic, degrees, p: degrees ? chiSquaredTail(statistic, degrees) : NaN},
    reversal: common.value * pooled < 0, everywhere: varied.length > 0 && varied.every(({theta}) => theta.value * pooled < 0)
  };
}

function mantelHaenszel(tables: readonly PairCounts[], level: number): Measured {
  let [R, S, PR, QS, cross] = [0, 0, 0, 0, 0];
  for (const {both, first, second, neither} of tables) {
    const n = both + first + second + neither;
    if (n === 0) continue;
    const [r, s, p, q] = [(both * neither) / n, (first * second) / n, (both + neither) / n, (first + second) / n];
    R += r;
    S += s;
    PR += p * r;
    QS += q * s;
    cross += p * s + q * r;
  }
  return measured(Math.log(R / S), Math.sqrt(PR / (2 * R * R) + cross / (2 * R * S) + QS / (2 * S * S)), level);
}
