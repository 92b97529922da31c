import type {Perturbation} from "./perturbation.js";
import type {Setting} from "./market.js";

/** Shares that add up to one, and the multiplier that makes them. */
export interface Balance {
  readonly multiplier: number;
  readonly shares: Float64Array;
}

/**
 * The mu with sum_j x_j(y_j - mu) = 1, where x_j inverts phi_j' (eq:consumer): Newton on the logarithm of the sum, which is
 * nearly linear in mu, and halves where a step would leave the bracket. With n goods, all shares are at least 1/n at one end
 * of the bracket and at most 1/n at the other.
 */
export function balance(y: Float64Array, phi: readonly Perturbation[]): Balance {
  const n = y.length;
  const even = phi.map((f) => slopeAtEven(f, n));
  let [low, high] = [Infinity, -Infinity];
  for (let j = 0; j < n; ++j) {
    low = Math.min(low, y[j] - even[j]);
    high = Math.max(high, y[j] - even[j]);
  }
  const at = (mu: number) => Float64Array.from(y, (v, j) => phi[j].share(v - mu));
  let mu = (low + high) / 2;
  for (let round = 0; round < 200; ++round) {
    let [total, pull] = [0, 0];
    for (let j = 0; j < n; ++j) {
      total += phi[j].share(y[j] - mu);
      pull += phi[j].response(y[j] - mu);
    }
    if (total > 1) low = mu;
    else high = mu;
    const step = (Math.log(total) * total) / pull;
    if (Math.abs(total - 1) <= 2e-16 * (n + 2) || Math.abs(step) <= 4e-16 * (1 + Math.abs(mu))) break; // rounding of the sum
    let next = mu + step;
    if (!(next > low && next < high)) next = (low + high) / 2;
    if (next === mu || high - low <= 2e-16 * (1 + Math.abs(mu))) break;
    mu = next;
  }
  const shares = at(mu);
  const total = shares.reduce((sum, x) => sum + x, 0);
  if (Math.abs(total - 1) <= 1e-12 || low === high) return {multiplier: mu, shares};
  // A flat stretch of some phi': every share between its ends is as good, and one mixture of both ends adds up.
  const [more, less] = [at(low), at(high)];
  const [top, bottom] = [more.reduce((sum, x) => sum + x, 0), less.reduce((sum, x) => sum + x, 0)];
  const part = (1 - bottom) / (top - bottom);
  return {multiplier: mu, shares: less.map((x, j) => x + part * (more[j] - x))};
}

// phi'(1/n), asked for at every balance and dear for supports: kept as long as the perturbation lives.
const evens = new WeakMap<Perturbation, Map<number, number>>();

function slopeAtEven(f: Perturbation, n: number): number {
  let known = evens.get(f);
  if (!known) evens.set(f, (known = new Map()));
  let slope = known.get(n);
  if (slope === undefined) known.set(n, (slope = f.slope(1 / n)));
  return slope;
}

/** Shares of the goods and of buying nothing (0 where there is no such thing) at given prices. */
export function sharesAt({values, b, phi, outside}: Setting, prices: ArrayLike<number>): Balance & {readonly outsideShare: number} {
  const J = values.length;
  const y = new Float64Array(J + (outside ? 1 : 0));
  for (let j = 0; j < J; ++j) y[j] = values[j] - b * prices[j];
  if (outside) y[J] = outside.value;
  const {multiplier, shares} = balance(y, outside ? [...phi, outside.phi] : phi);
  return {multiplier, shares: shares.slice(0, J), outsideShare: outside ? shares[J] : 0};
}

/** Prices at which the shares x, (J), are bought: p = (v - phi'(x) - v_0 + phi_0'(x_0)) / b (eq:inverseDemand). */
export function pricesAt({values, b, phi}: Setting, outside: NonNullable<Setting["outside"]>, x: ArrayLike<number>): Float64Array {
  const x0 = 1 - values.reduce((sum, _, j) => sum + x[j], 0);
  const base = outside.phi.slope(x0) - outside.value;
  return values.map((v, j) => (v - phi[j].slope(x[j]) + base) / b);
}

export function profitAt(setting: Setting, costs: ArrayLike<number>, prices: ArrayLike<number>): number {
  const {shares} = sharesAt(setting, prices);
  return shares.reduce((sum, x, j) => sum + (prices[j] - costs[j]) * x, 0);
}
