import {chiSquaredTail} from "../math/chiSquared.js";
import {cumulative, quantile} from "../math/normal.js";

/** How often two goods were bought: both, one of them, neither. */
export interface PairCounts {
  readonly both: number;
  readonly first: number;
  readonly second: number;
  readonly neither: number;
}

export type Verdict = "complements" | "substitutes" | "independent" | "neither";

/** A number with its uncertainty. */
export interface Measured {
  readonly value: number;
  readonly error: number;
  readonly z: number;
  readonly p: number;
  readonly low: number;
  readonly high: number;
}

/** What two goods are to each other by four criteria, with what each compares (eq:criteria). */
export interface Criteria {
  /** p_ab p_0 - p_a p_b: positive where the goods are bought together more often than by chance. */
  readonly correlation: Measured;
  /** p_ab - p_a - p_b: positive where both are bought more often than just one. */
  readonly additivity: Measured;
  /** p_ab + p_0 - p_a - p_b. */
  readonly supermodularity: Measured;
  /** p_ab - max(p_a, p_b) and p_ab - min(p_a, p_b): complements where the first is positive, substitutes where the second is negative. */
  readonly aboveMax: Measured;
  readonly belowMin: Measured;
  readonly verdicts: {readonly correlation: Verdict; readonly additivity: Verdict; readonly supermodularity: Verdict; readonly maxmin: Verdict};
  /** Whether all four call the goods complements, or none does. */
  readonly agree: boolean;
}

/** How two goods go together. */
export interface Association extends Criteria {
  readonly counts: PairCounts;
  readonly n: number;
  /** Of all: both, only the first, only the second, neither. */
  readonly shares: PairCounts;
  /** ln(p_ab p_0 / (p_a p_b)), the interaction of the log-linear model; with half a count more in each cell where one is empty (Haldane 1956). */
  readonly theta: Measured;
  readonly haldane: boolean;
  /** Correlation of the two purchases; NaN where one good is always or never bought. */
  readonly phi: number;
  /** Yule's Q = (OR - 1) / (OR + 1) = tanh(theta / 2), of the counts as they are. */
  readonly yuleQ: number;
  /** p_ab over what independence would give. */
  readonly lift: number;
  /** Mutual information in nats: what is lost when only the two goods' own shares are kept. */
  readonly information: number;
  readonly bits: number;
  /** G = 2 n times that, and Pearson's chi-squared, with p-values of one degree of freedom. */
  readonly G: number;
  readonly pG: number;
  readonly pearson: number;
  readonly pPearson: number;
}

/** An estimate with a normal interval. An error of 0 leaves nothing to test. */
export function measured(value: number, error: number, level: number): Measured {
  const z = error > 0 ? value / error : NaN;
  const reach = -quantile((1 - level) / 2) * error;
  return {value, error, z, p: error > 0 ? 2 * cumulative(-Math.abs(z)) : NaN, low: value - reach, high: value + reach};
}

/**
 * Four criteria of complementarity on the shares of the four bundles of two goods, each with a multinomial delta-method error
 * sqrt((sum g^2 P - (sum g P)^2) / n), g its gradient (eq:criteria). At ties of p_a and p_b the max and min have no gradient,
 * and the error is that of one side.
 */
export function criteria({both: ab, first: a, second: b, neither: o}: PairCounts, n: number, level: number): Criteria {
  const P = [ab, a, b, o];
  const of = (value: number, g: readonly number[]) => {
    const mean = g.reduce((sum, v, c) => sum + v * P[c], 0);
    return measured(value, Math.sqrt(Math.max(0, g.reduce((sum, v, c) => sum + v * v * P[c], 0) - mean * mean) / n), level);
  };
  const correlation = of(ab * o - a * b, [o, -b, -a, ab]);
  const additivity = of(ab - a - b, [1, -1, -1, 0]);
  const supermodularity = of(ab + o - a - b, [1, -1, -1, 1]);
  const aboveMax = of(ab - Math.max(a, b), a >= b ? [1, -1, 0, 0] : [1, 0, -1, 0]);
  const belowMin = of(ab - Math.min(a, b), a < b ? [1, -1, 0, 0] : [1, 0, -1, 0]);
  // Differences of shares that are equal leave rounding.
  const sign = (v: number): Verdict => (Math.abs(v) <= 1e-14 ? "independent" : v > 0 ? "complements" : "substitutes");
  const verdicts = {
    correlation: sign(correlation.value), additivity: additivity.value > 1e-14 ? "complements" : "neither", supermodularity: sign(supermodularity.value),
    maxmin: aboveMax.value > 1e-14 ? "complements" : belowMin.value < -1e-14 ? "substitutes" : "neither"
  } as const;
  const yes = Object.values(verdicts).filter((verdict) => verdict === "complements").length;
  return {correlation, additivity, supermodularity, aboveMax, belowMin, verdicts, agree: yes === 0 || yes === 4};
}

/** Everything about one table of two by two. */
export function association(counts: PairCounts, level: number): Association {
  const {both, first, second, neither} = counts;
  const n = both + first + second + neither;
  const shares = {both: both / n, first: first / n, second: second / n, neither: neither / n};
  const cells = [both, first, second, neither];
  const haldane = cells.some((c) => c === 0);
  const [ab, a, b, o] = haldane ? cells.map((c) => c + 0.5) : cells;
  const theta = measured(Math.log(ab) + Math.log(o) - Math.log(a) - Math.log(b), Math.sqrt(1 / ab + 1 / a + 1 / b + 1 / o), level);
  const [A, B] = [shares.both + shares.first, shares.both + shares.second];
  const expected = [A * B, A * (1 - B), (1 - A) * B, (1 - A) * (1 - B)];
  const information = Math.max(0, cells.reduce((sum, c, k) => (c > 0 ? sum + (c / n) * Math.log(c / n / expected[k]) : sum), 0));
  const phi = (shares.both * shares.neither - shares.first * shares.second) / Math.sqrt(A * (1 - A) * B * (1 - B));
  const G = 2 * n * information;
  const tail = (x: number) => (Number.isNaN(x) ? NaN : chiSquaredTail(x, 1));
  return {
    ...criteria(shares, n, level), counts, n, shares, theta, haldane, phi,
    yuleQ: (both * neither - first * second) / (both * neither + first * second), lift: shares.both / (A * B),
    information, bits: information / Math.LN2, G, pG: tail(G), pearson: n * phi * phi, pPearson: tail(n * phi * phi)
  };
}
