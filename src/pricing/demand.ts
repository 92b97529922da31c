import {ChoiceError, quote} from "../errors.js";
import {shown, type Shown} from "../rich.js";
import {pricesAt, sharesAt} from "./balance.js";
import {numbers, outsideOf, setting, type Market, type Setting} from "./market.js";

/** One good at given prices. */
export interface DemandRow {
  readonly name: string;
  readonly value: number;
  readonly price: number;
  readonly share: number;
  /** Own price elasticity. */
  readonly elasticity: number;
  /** Of customers lost to a small rise of this price, the part that buys nothing; NaN without an outside option. */
  readonly leaving: number;
}

/** What a representative consumer buys. */
export interface DemandFacts {
  /** The perturbation's name: "entropy", "supports, M = 5". */
  readonly perturbation: string;
  readonly rows: readonly DemandRow[];
  readonly shares: Float64Array; // (J)
  readonly outsideShare: number;
  /** mu: what a unit of share is worth, in utility. */
  readonly multiplier: number;
  /** max over x of net utility, in money (divided by the price coefficient): ln sum exp for entropy. */
  readonly surplus: number;
  /** d ln x_j / d ln p_k, (J, J): row j, column k. */
  readonly elasticities: readonly (readonly number[])[];
  /** Of customers lost by good k, the part gained by good j, (J, J): row j, column k; NaN on the diagonal. */
  readonly diversion: readonly (readonly number[])[];
}

/** Demand at given prices, which draws itself. */
export type Demand = DemandFacts & Shown;

/**
 * What a representative consumer buys at given prices (eq:consumer): the shares x on the simplex that maximise
 *
 *   sum_j (v_j - b p_j) x_j + v_0 x_0 - sum_j phi_j(x_j) - phi_0(x_0),
 *
 * by one multiplier mu: phi_j'(x_j) = v_j - b p_j - mu. With entropy these are logit probabilities. A price of good k changes
 * shares by dx_j/dp_k = -b w_j (1[j = k] - w_k / W), where w = 1 / phi'' and W is their sum, the outside option included.
 *
 * @param market values in utility, a perturbation, and what buying nothing is worth
 * @param prices of the goods, in money, (J)
 * @returns shares, surplus in money, elasticities and diversion
 * @throws {ChoiceError} pricing/not-a-market, pricing/number, pricing/length, pricing/perturbation, options/unknown
 * @example
 * demand({values: [1, 1]}, [1, 1]).outsideShare // 0.3333333333333333
 */
export function demand(market: Market, prices: ArrayLike<number>): Demand {
  const at = "demand(market, prices)";
  const laid = setting(at, market);
  const p = numbers(at, "prices", prices, laid.values.length);
  return shown("demand", demandFacts(laid, p));
}

/** The facts of demand, for records that hold them among others. */
export function demandFacts(laid: Setting, p: Float64Array): DemandFacts {
  const {names, values, b, phi, outside} = laid;
  const {shares, outsideShare, multiplier} = sharesAt(laid, p);
  const steepness = (c: number) => 1 / Math.max(c, 1e-12); // flat stretches of a fitted curve have no curvature
  const w = shares.map((x, j) => steepness(phi[j].curvature(x)));
  const w0 = outside ? steepness(outside.phi.curvature(outsideShare)) : 0;
  const W = w.reduce((sum, v) => sum + v, w0);
  const elasticities = Array.from(shares, (x, j) => Array.from(p, (price, k) => (-b * w[j] * ((j === k ? 1 : 0) - w[k] / W) * price) / x));
  const diversion = Array.from(shares, (_, j) => Array.from(shares, (__, k) => (j === k ? NaN : w[j] / (W - w[k]))));
  let utility = outside ? outside.value * outsideShare - outside.phi.value(outsideShare) : 0;
  shares.forEach((x, j) => { utility += (values[j] - b * p[j]) * x - phi[j].value(x); });
  return {
    perturbation: [...new Set([...phi, ...(outside ? [outside.phi] : [])].map(({name}) => name))].join(", "),
    rows: names.map((name, j) => ({name, value: values[j], price: p[j], share: shares[j], elasticity: elasticities[j][j], leaving: outside ? w0 / (W - w[j]) : NaN})),
    shares, outsideShare, multiplier, surplus: utility / b, elasticities, diversion
  };
}

/**
 * The prices at which a representative consumer buys given shares (eq:inverseDemand):
 * p_j = (v_j - phi_j'(x_j) - v_0 + phi_0'(x_0)) / b, with x_0 what the shares leave.
 *
 * @param shares positive, with a sum below one, (J)
 * @returns prices in money, (J)
 * @throws {ChoiceError} pricing/shares, pricing/no-outside, and as `demand`
 * @example
 * inverseDemand({values: [1, 1]}, [1 / 3, 1 / 3])[0] // 1
 */
export function inverseDemand(market: Market, shares: ArrayLike<number>): Float64Array {
  const at = "inverseDemand(market, shares)";
  const laid = setting(at, market);
  const outside = outsideOf(laid, at);
  const x = numbers(at, "shares", shares, laid.values.length);
  checkShares(at, x);
  return pricesAt(laid, outside, x);
}

/** Shares are positive and leave something. */
export function checkShares(at: string, x: Float64Array, where = ""): void {
  const bad = x.findIndex((v) => !(v > 0 && v < 1));
  if (bad >= 0) throw new ChoiceError("pricing/shares", {at, row: bad, value: x[bad], saw: `a share of ${quote(x[bad])}${where}`, want: "shares above 0 and below 1", hint: "leave out goods that nobody buys"});
  const total = x.reduce((sum, v) => sum + v, 0);
  if (!(total < 1)) throw new ChoiceError("pricing/shares", {at, saw: `shares${where} that add up to ${quote(total)}`, want: "a sum below one: the rest buys nothing", hint: "divide by the number of those who might have bought"});
}
