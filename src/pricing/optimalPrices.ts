import {ChoiceError, quote} from "../errors.js";
import {lambertWExp} from "../math/lambertW.js";
import {logSumExp} from "../math/logSumExp.js";
import {source} from "../math/random.js";
import {shown, type Shown} from "../rich.js";
import {pricesAt, profitAt, sharesAt} from "./balance.js";
import {boundedPrices} from "./boundedPrices.js";
import {compass} from "./compass.js";
import {concavity, type Concavity} from "./concavity.js";
import {demandFacts, type DemandFacts} from "./demand.js";
import {entropy} from "./entropy.js";
import {bounds, numbers, outsideOf, setting, type Market, type Remark, type Setting} from "./market.js";
import {climbShares, surface} from "./shareSpace.js";

/** A market, what its goods cost to make, and within what their prices must stay. */
export interface PricingProblem extends Market {
  /** Unit costs in money, (J). */
  readonly costs: ArrayLike<number>;
  /** Least and greatest prices: one for all goods or one for each. Default: no bounds. */
  readonly least?: number | ArrayLike<number>;
  readonly greatest?: number | ArrayLike<number>;
}

/** One good at its optimal price. */
export interface PricingRow {
  readonly name: string;
  readonly value: number;
  readonly cost: number;
  readonly price: number;
  /** price - cost. */
  readonly markup: number;
  /** (price - cost) / price, Lerner's index. */
  readonly margin: number;
  readonly share: number;
  /** markup times share: per consumer. */
  readonly profit: number;
  readonly elasticity: number;
  /** The bound that holds the price, if one does. */
  readonly bound?: "least" | "greatest";
}

/** Optimal prices, with how sure they are. */
export interface PricingFacts {
  readonly rows: readonly PricingRow[];
  readonly prices: Float64Array; // (J)
  /** Per consumer, in money. */
  readonly profit: number;
  /** What these prices do to demand: shares, surplus, elasticities. */
  readonly demand: DemandFacts;
  readonly concavity: Concavity;
  /** "newton": a concave programme in shares. "bounds": concave for every outside share, which was looked for. "search": local summits from many starts. */
  readonly method: "newton" | "bounds" | "search";
  /** True where no other prices can do better: profit is concave in shares, no bound holds, and `residual` is nought but rounding. False says that it was not proven. */
  readonly global: boolean;
  /** Largest |p - c - m - x / (b w)| over prices that no bound holds, in money: m is the average margin, zero at a summit. */
  readonly residual: number;
  readonly iterations: number;
  /** For entropy without bounds: the markup 1 + W(sum_j exp(v_j - v_0 - b c_j - 1)), over b, and how far from it Newton's climb ended; NaN or Infinity where shares underflowed on the way. The prices are the cost and this markup. */
  readonly closedForm?: {readonly markup: number; readonly difference: number};
  readonly notes: readonly Remark[];
}

/** Optimal prices, which draw themselves. */
export type Pricing = PricingFacts & Shown;

/**
 * The prices that earn most from a representative consumer. In shares rather than prices the problem is smooth, and for
 * entropy and supports concave (eq:profit), so that Newton's method finds the one summit; for entropy the markup is the same
 * for all goods, (1 + W(sum_j exp(v_j - v_0 - b c_j - 1))) / b with Lambert's W: it is taken, and Newton's method checked against it. Bounds on prices
 * are not convex in shares; they are met for every outside share, among which the best is looked for (eq:bounded). A fitted
 * perturbation need not be concave: then many climbs are compared. `global` is true for the first alone: where bounds hold, or
 * climbs were compared, the best that was found is shown, with no proof.
 *
 * @param problem values, costs, a perturbation, the value of buying nothing, bounds
 * @returns prices, shares and profit per consumer, and whether they are proven best
 * @throws {ChoiceError} pricing/no-outside, pricing/below-cost, pricing/bounds, and as `demand`
 * @example
 * optimalPrices({values: [2, 2], costs: [1, 1]}).rows[0].price // 2.8526055020137253
 */
export function optimalPrices(problem: PricingProblem): Pricing {
  const at = "optimalPrices(problem)";
  const laid = setting(at, problem, ["costs", "least", "greatest"]);
  const outside = outsideOf(laid, at);
  const J = laid.values.length;
  const costs = numbers(at, "costs", problem.costs, J);
  const {least, greatest} = checkedBounds(at, problem, laid, costs);
  const curve = concavity(laid);
  const free = curve.holds ? {...climbShares(laid, outside, costs, logitShares(laid, costs)), method: "newton" as const} : {...searchShares(laid, outside, costs), method: "search" as const};
  const climbed = pricesAt(laid, outside, free.x);
  // A climb ends where shares underflow; the markup of logit does not.
  const markup = isLogit(laid) ? logitMarkup(laid, costs) : undefined;
  const unbound = markup === undefined ? climbed : costs.map((c) => c + markup);
  const within = unbound.every((p, j) => p >= least[j] && p <= greatest[j]);
  const found = within ? {prices: unbound, method: free.method, iterations: free.iterations} : bounded(laid, outside, costs, least, greatest, unbound, curve.holds);
  return shown("pricing", facts(laid, costs, least, greatest, curve, found, within, within && markup !== undefined ? {markup, difference: Math.max(...climbed.map((p, j) => Math.abs(p - costs[j] - markup)))} : undefined));
}

const isLogit = ({phi, outside}: Setting) => phi.every((f) => f === entropy) && outside!.phi === entropy;

/** Bounds with their defaults, none of them below cost nor crossed. */
export function checkedBounds(at: string, problem: Pick<PricingProblem, "least" | "greatest">, {names}: Setting, costs: Float64Array): {least: Float64Array; greatest: Float64Array} {
  const low = bounds(at, "least", problem.least, names.length, -Infinity);
  const greatest = bounds(at, "greatest", problem.greatest, names.length, Infinity);
  greatest.forEach((v, j) => {
    if (v < low[j]) throw new ChoiceError("pricing/bounds", {at, row: j, value: v, saw: `${names[j]} may cost at least ${quote(low[j])} and at most ${quote(v)}`, want: "a least price that is not above the greatest"});
    if (v < costs[j]) throw new ChoiceError("pricing/below-cost", {at, row: j, value: v, saw: `${names[j]} costs ${quote(costs[j])} to make and may be sold for at most ${quote(v)}`, want: "a greatest price that covers the cost", hint: "leave the good out, or raise its bound"});
  });
  // Where every good can cover its cost, a price below cost never pays: raising all such prices to cost loses nothing on
  // them and sends customers to goods that earn.
  return {least: low.map((v, j) => Math.max(v, costs[j])), greatest};
}

/** Shares at the prices that entropy would ask for: near the summit for all perturbations, and inside the simplex. */
export function logitShares(laid: Setting, costs: Float64Array): Float64Array {
  const markup = logitMarkup(laid, costs);
  return sharesAt(laid, costs.map((c) => c + markup)).shares;
}

const logitMarkup = ({values, b, outside}: Setting, costs: Float64Array) => (1 + lambertWExp(logSumExp(values.map((v, j) => v - outside!.value - b * costs[j] - 1)))) / b;

/** Climbs from several starts, each finished by a search that kinks do not stop. */
function searchShares(laid: Setting, outside: NonNullable<Setting["outside"]>, costs: Float64Array) {
  const worth = (x: Float64Array) => {
    const total = x.reduce((sum, v) => sum + v, 0);
    return x.every((v) => v > 0) && total < 1 ? surface(laid, outside, costs, x).profit : -Infinity;
  };
  const chance = source(1).stream("pricing");
  const starts = [logitShares(laid, costs), ...Array.from({length: 11}, () => {
    const e = Float64Array.from({length: costs.length + 1}, () => -Math.log(chance.uniform()));
    const total = e.reduce((sum, v) => sum + v, 0);
    return e.slice(1).map((v) => v / total);
  })];
  let iterations = 0;
  const summits = starts.map((from) => {
    const climbed = climbShares(laid, outside, costs, from);
    iterations += climbed.iterations;
    const found = compass(worth, climbed.x, 0.05, 1e-9);
    const polished = climbShares(laid, outside, costs, found.x); // between kinks, to the last digits
    return polished.profit >= found.value * (1 - 1e-14) ? {x: polished.x, value: polished.profit} : found;
  });
  const best = summits.reduce((a, b) => (b.value > a.value ? b : a));
  return {x: best.x, profit: best.value, iterations};
}

function bounded(laid: Setting, outside: NonNullable<Setting["outside"]>, costs: Float64Array, least: Float64Array, greatest: Float64Array, unbound: Float64Array, concave: boolean) {
  const clipped = unbound.map((p, j) => (Number.isNaN(p) ? least[j] : Math.min(greatest[j], Math.max(least[j], p))));
  if (concave) return {prices: boundedPrices(laid, outside, costs, least, greatest, clipped), method: "bounds" as const, iterations: 0};
  const worth = (p: Float64Array) => (p.every((v, j) => v >= least[j] && v <= greatest[j]) ? profitAt(laid, costs, p) : -Infinity);
  const starts = [clipped, least, greatest.map((v, j) => Math.min(v, Math.max(least[j], 2 * unbound[j] - costs[j])))];
  const best = starts.map((from) => compass(worth, from, 0.1 / laid.b, 1e-9 / laid.b)).reduce((a, b) => (b.value > a.value ? b : a));
  return {prices: best.x, method: "search" as const, iterations: 0};
}

interface Found {
  readonly prices: Float64Array;
  readonly method: PricingFacts["method"];
  readonly iterations: number;
}

function facts(laid: Setting, costs: Float64Array, least: Float64Array, greatest: Float64Array, curve: Concavity, {prices, method, iterations}: Found, within: boolean, closedForm: PricingFacts["closedForm"]): PricingFacts {
  const {names, values, b, phi, outside} = laid;
  const bought = demandFacts(laid, prices);
  const {shares} = bought;
  const held = Array.from(prices, (p, j) => (within ? undefined : p <= least[j] + 1e-12 * Math.abs(least[j]) ? ("least" as const) : p >= greatest[j] - 1e-12 * Math.abs(greatest[j]) ? ("greatest" as const) : undefined));
  const w = shares.map((x, j) => 1 / phi[j].curvature(x));
  const ratios = shares.map((x, j) => (phi[j] === entropy ? 1 : x / w[j])); // x ln x: one, also where x underflows
  const W = w.reduce((sum, v) => sum + v, 1 / outside!.phi.curvature(bought.outsideShare));
  const average = w.reduce((sum, v, j) => sum + v * (prices[j] - costs[j]), 0) / W;
  const residual = Math.max(0, ...Array.from(prices, (p, j) => (held[j] ? 0 : Math.abs(p - costs[j] - average - ratios[j] / b))));
  const rows = names.map((name, j): PricingRow => ({
    name, value: values[j], cost: costs[j], price: prices[j], markup: prices[j] - costs[j], margin: (prices[j] - costs[j]) / prices[j],
    share: shares[j], profit: (prices[j] - costs[j]) * shares[j], elasticity: bought.rows[j].elasticity, ...(held[j] && {bound: held[j]})
  }));
  const profit = rows.reduce((sum, row) => sum + row.profit, 0);
  const settled = Number.isFinite(profit) && prices.every(Number.isFinite) && residual <= 1e-6 * prices.reduce((most, p) => Math.max(most, Math.abs(p)), 1 / b);
  const notes: Remark[] = [];
  if (!settled) notes.push({level: "warning", code: "pricing/not-settled", text: "Values are so far apart that shares lose their digits: these prices do not meet the conditions of an optimum, and others might earn more."});
  if (!curve.holds) notes.push({level: "warning", code: "pricing/not-concave", text: "Profit is not concave in shares for this perturbation: the best of twelve climbs is shown, and prices elsewhere might earn more."});
  if (method === "bounds") notes.push({level: "info", code: "pricing/bounds", text: "Bounds hold some prices: the best of 64 outside shares was settled, each solved exactly."});
  return {
    rows, prices, profit, demand: bought, concavity: curve, method, global: method === "newton" && settled, residual, iterations,
    ...(closedForm && {closedForm}), notes
  };
}
