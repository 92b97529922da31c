import {root} from "../math/root.js";
import {profitAt, sharesAt} from "./balance.js";
import {compass} from "./compass.js";
import type {Setting} from "./market.js";

/** The largest logarithm of odds that is looked at: exp does not overflow. */
const farthest = 690;

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
 * The best x_0 is then looked for on 64 values, even in the logarithm of its odds, and settled where kappa = sum_j w_j (p_j - c_j) / (sum_j w_j + w_0).
 *
 * @param near prices within bounds that may be good: they compete
 */
export function boundedPrices(laid: Setting, outside: NonNullable<Setting["outside"]>, costs: Float64Array, least: Float64Array, greatest: Float64Array, near: Float64Array): Float64Array {
  const {values, b, phi} = laid;

  /** The price of good j that maximises (p - c - kappa) x, within its bounds. */
  const price = (j: number, mu: number, kappa: number): number => {
    const miss = (p: number) => {
      const y = values[j] - b * p - mu;
      const x = phi[j].share(y);
      return x === Infinity ? -Infinity : p - costs[j] - kappa - x / (b * phi[j].response(y));
    };
    let high = greatest[j];
    if (high === Infinity) for (let reach = 1 / b; miss((high = Math.max(least[j], costs[j] + kappa) + reach)) < 0 && reach < 1e6 / b;) reach *= 2;
    if (least[j] === high || miss(least[j]) >= 0) return least[j];
    return miss(high) <= 0 ? high : root(miss, least[j], high);
  };

  const level = (logOdds: number): Level => {
    const [x0, inside] = [1 / (1 + Math.exp(-logOdds)), 1 / (1 + Math.exp(logOdds))];
    const mu = outside.value - outside.phi.slope(x0);
    const at = (kappa: number) => Float64Array.from(values, (_, j) => price(j, mu, kappa));
    const share = (p: Float64Array) => p.reduce((sum, v, j) => sum + phi[j].share(values[j] - b * v - mu), 0);
    const surplus = (kappa: number) => share(at(kappa)) - inside; // falls with kappa
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

  if (least.every((p, j) => p === greatest[j])) return least;
  // Odds of buying nothing, in logarithms: both shares keep their digits where one of them is next to none.
  const top = Number.isFinite(outside.phi.slope(1)) ? farthest : 30;
  const odds = (p: Float64Array) => {
    const {shares, outsideShare} = sharesAt(laid, p.map((v) => Math.min(v, 1e9 / b)));
    const s = Math.log(Math.max(outsideShare, Number.MIN_VALUE) / Math.max(shares.reduce((sum, x) => sum + x, 0), Number.MIN_VALUE));
    return Math.min(Math.max(s, -farthest), top);
  };
  const low = odds(least);
  const high = Math.min(odds(greatest), Math.max(30, low + 60)); // beyond, prices without bound lose all customers
  // All prices at one end are a corner that no level in between reaches.
  const candidates = [least, greatest, near].filter((p) => p.every(Number.isFinite));
  if (high - low > 1e-12) {
    const grid = Array.from({length: 64}, (_, k) => low + ((k + 0.5) / 64) * (high - low));
    const levels = grid.map(level);
    const k = levels.reduce((best, {profit}, i) => (profit > levels[best].profit ? i : best), 0);
    const s = root((v) => level(v).pull, k > 0 ? grid[k - 1] : low + 1e-9 * (grid[0] - low), k < 63 ? grid[k + 1] : high - 1e-9 * (high - grid[63]));
    candidates.push(level(s).prices, levels[k].prices);
  }
  const profit = (p: Float64Array) => (p.every((v, j) => v >= least[j] && v <= greatest[j]) ? profitAt(laid, costs, p) : -Infinity);
  const best = candidates.map((prices) => ({prices, profit: profit(prices)})).reduce((a, c) => (c.profit > a.profit + 1e-13 * Math.abs(a.profit) ? c : a)).prices;
  // Past the digits of a share (one of 1 - 1e-16 tells little of its price) what was found is looked around, and rounding is no gain.
  const taken = sharesAt(laid, best).outsideShare;
  if (taken > 1e-13 && taken < 1 - 1e-13) return best;
  const around = compass(profit, best, 0.1 / b, 1e-9 / b);
  return around.value > profit(best) * (1 + 1e-12) ? around.x : best;
}
