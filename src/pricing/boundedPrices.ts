import {root} from "../math/root.js";
import {profitAt, sharesAt} from "./balance.js";
import type {Setting} from "./market.js";

/** Best prices for one outside share, and how far that share is from the best. */
interface Level {
  readonly prices: Float64Array;
  readonly profit: number;
  /** kappa less the average margin of whoever would come: falls through zero at the best outside share. */
  readonly pull: number;
}

/**
 * Best prices within bounds, none of which may lie below cost. At a given outside share x_0 the multiplier mu is known, bounds on
 * prices are bounds on shares, and what is left is a concave programme in the shares with one constraint, solved by its own
 * multiplier kappa (eq:bounded):
 *
 *   p_j = c_j + kappa + x_j / (b w_j),  kept within its bounds,   sum_j x_j = 1 - x_0.
 *
 * The best x_0 is then looked for on 64 values, and settled where kappa = sum_j w_j (p_j - c_j) / (sum_j w_j + w_0).
 */
export function boundedPrices(laid: Setting, outside: NonNullable<Setting["outside"]>, costs: Float64Array, least: Float64Array, greatest: Float64Array): Float64Array {
  const {values, b, phi} = laid;

  /** The price of good j that maximises (p - c - kappa) x, within its bounds. */
  const price = (j: number, mu: number, kappa: number): number => {
    const miss = (p: number) => {
      const y = values[j] - b * p - mu;
      return p - costs[j] - kappa - phi[j].share(y) / (b * phi[j].response(y));
    };
    let high = greatest[j];
    if (high === Infinity) for (let reach = 1 / b; miss((high = Math.max(least[j], costs[j] + kappa) + reach)) < 0 && reach < 1e6 / b;) reach *= 2;
    if (least[j] === high || miss(least[j]) >= 0) return least[j];
    return miss(high) <= 0 ? high : root(miss, least[j], high);
  };

  const level = (x0: number): Level => {
    const mu = outside.value - outside.phi.slope(x0);
    const at = (kappa: number) => Float64Array.from(values, (_, j) => price(j, mu, kappa));
    const share = (p: Float64Array) => p.reduce((sum, v, j) => sum + phi[j].share(values[j] - b * v - mu), 0);
    const surplus = (kappa: number) => share(at(kappa)) - (1 - x0); // falls with kappa
    let [low, high] = [-1 / b, 1 / b];
    while (surplus(low) < 0 && low > -1e6 / b) low *= 2;
    while (surplus(high) > 0 && high < 1e6 / b) high *= 2;
    const kappa = root(surplus, low, high);
    const prices = at(kappa);
    let [margin, W] = [0, outside.phi.response(outside.value - mu)];
    prices.forEach((p, j) => {
      const w = phi[j].response(values[j] - b * p - mu);
      margin += w * (p - costs[j]);
      W += w;
    });
    const profit = prices.reduce((sum, p, j) => sum + (p - costs[j]) * phi[j].share(values[j] - b * p - mu), 0);
    return {prices, profit, pull: kappa - margin / W};
  };

  const [low, high] = [least, greatest].map((p) => Math.min(Math.max(sharesAt(laid, p.map((v) => Math.min(v, 1e9 / b))).outsideShare, 1e-13), 1 - 1e-13));
  const logit = (x: number) => Math.log(x / (1 - x));
  const grid = Array.from({length: 64}, (_, k) => 1 / (1 + Math.exp(-(logit(low) + ((k + 0.5) / 64) * (logit(high) - logit(low))))));
  if (!(high > low * (1 + 1e-12))) return least; // one price each
  const levels = grid.map(level);
  const k = levels.reduce((best, {profit}, i) => (profit > levels[best].profit ? i : best), 0);
  const x0 = root((x) => level(x).pull, k > 0 ? grid[k - 1] : low + 1e-9 * (grid[0] - low), k < 63 ? grid[k + 1] : high - 1e-9 * (high - grid[63]));
  // All prices at one end are a corner that no level in between reaches.
  const corners = [least, greatest].filter((p) => p.every(Number.isFinite)).map((prices) => ({prices, profit: profitAt(laid, costs, prices)}));
  return [...corners, level(x0), levels[k]].reduce((a, c) => (c.profit > a.profit + 1e-13 * Math.abs(a.profit) ? c : a)).prices;
}
