/** Points that a quantity may take, with the logarithm of a prior weight for each. */
export interface Tilted {
  readonly points: Float64Array; // (M)
  readonly logPrior: Float64Array; // (M)
}

/** ln Z(a), mean, variance and third central moment of a tilted support. */
export interface Cumulants {
  logZ: number;
  mean: number;
  variance: number;
  third: number;
}

/** A place to write them to. */
export const cumulants = (): Cumulants => ({logZ: 0, mean: 0, variance: 0, third: 0});

/**
 * A support tilted by a: weights q_m exp(-s_m a) / Z(a), and the cumulants of the points under them (eq:tilt),
 *
 *   ln Z,   mean -(ln Z)',   variance (ln Z)'',   third central moment -(ln Z)'''.
 *
 * The largest weight is taken out of Z, and the mean is counted from its point, so that nothing overflows, and a variance of
 * 1e-300 beside an end keeps its digits.
 *
 * @param weight filled with the tilted weights, (M) from `at`
 */
export function tilt(out: Cumulants, {points, logPrior}: Tilted, a: number, weight: Float64Array, at = 0): void {
  const M = points.length;
  let top = 0;
  let most = -Infinity;
  for (let m = 0; m < M; ++m) {
    const e = (weight[at + m] = logPrior[m] - points[m] * a);
    if (e > most) {
      most = e;
      top = m;
    }
  }
  let others = 0;
  for (let m = 0; m < M; ++m) {
    const q = (weight[at + m] = m === top ? 1 : Math.exp(weight[at + m] - most));
    if (m !== top) others += q;
  }
  const base = points[top];
  let mean = 0;
  for (let m = 0; m < M; ++m) mean += (weight[at + m] /= 1 + others) * (points[m] - base);
  let [variance, third] = [0, 0];
  for (let m = 0; m < M; ++m) {
    const d = points[m] - base - mean;
    const square = weight[at + m] * d * d;
    variance += square;
    third += square * d;
  }
  out.logZ = most + Math.log1p(others);
  out.mean = base + mean;
  out.variance = variance;
  out.third = third;
}

/** The tilt at which the mean of a support is `target`, strictly between its ends; by bisection to the last bit. */
export function untilt(support: Tilted, target: number): number {
  const at = cumulants();
  const weight = new Float64Array(support.points.length);
  const above = (a: number) => {
    tilt(at, support, a, weight);
    return at.mean > target;
  };
  let [low, high] = [-1, 1];
  while (!above(low) && low > -1e300) low *= 2;
  while (above(high) && high < 1e300) high *= 2;
  for (;;) {
    const middle = 0.5 * (low + high);
    if (!(middle > low && middle < high)) return middle;
    if (above(middle)) low = middle;
    else high = middle;
  }
}
