import {checkOptions, ChoiceError, quote, suggest} from "../errors.js";
import {source} from "../math/random.js";
import {shown, type Shown} from "../rich.js";
import {pricesAt} from "./balance.js";
import {branchAndBound} from "./branchAndBound.js";
import {concavity} from "./concavity.js";
import {demandFacts, type DemandFacts} from "./demand.js";
import {entropy} from "./entropy.js";
import {layLadder, type Ladder} from "./ladder.js";
import {pricesOn, restarts, separable} from "./ladderSearch.js";
import {numbers, outsideOf, setting, type Remark, type Setting} from "./market.js";
import {logitShares, type PricingProblem} from "./optimalPrices.js";
import {climbShares} from "./shareSpace.js";

/** A market whose prices come from lists. */
export interface LadderProblem extends PricingProblem {
  /** Prices to choose from: one list for all goods, or one for each. */
  readonly levels: ArrayLike<number> | readonly ArrayLike<number>[];
}

export type LadderMethod = "separable" | "branch and bound" | "coordinate ascent";

/** How to search. Everything has a default. */
export interface LadderOptions {
  /** Default `"auto"`: separable for entropy; else branch and bound, which falls back on ascent when `nodes` are used up. */
  readonly method?: "auto" | LadderMethod;
  /** Nodes that branch and bound may look at. Default 20,000. */
  readonly nodes?: number;
  /** Coordinate ascents from random prices, beside those from the best price without a ladder and from both ends of the ladder. Default 5, and 0 above 30 goods, where they take longer than the proof. */
  readonly restarts?: number;
  /** Default 1. */
  readonly seed?: number;
}

/** One good on its rung. */
export interface LadderRow {
  readonly name: string;
  readonly cost: number;
  readonly price: number;
  /** Which price of the ladder, from 0, of how many that cover the cost. */
  readonly rung: number;
  readonly rungs: number;
  readonly markup: number;
  readonly share: number;
  readonly profit: number;
  /** The best price without a ladder; NaN where that is not known for certain. */
  readonly free: number;
}

/** Prices chosen from ladders. */
export interface LadderFacts {
  readonly rows: readonly LadderRow[];
  readonly prices: Float64Array; // (J)
  /** Per consumer, in money. */
  readonly profit: number;
  /** No prices of the ladder earn more than this. */
  readonly bound: number;
  /** bound - profit. */
  readonly gap: number;
  /** True where the gap is rounding (1e-10 of profit). */
  readonly exact: boolean;
  readonly method: LadderMethod;
  /** How many choices the ladder holds. */
  readonly choices: number;
  readonly nodes: number;
  /** Ascents made, and those that ended at the best profit. */
  readonly ascents: number;
  readonly agreed: number;
  /** Profit of the best prices without a ladder, the bound of the concave programme; NaN where it is not concave. */
  readonly free: number;
  readonly demand: DemandFacts;
  readonly notes: readonly Remark[];
}

/** A ladder's best prices, which draw themselves. */
export type PriceLadder = LadderFacts & Shown;

const at = "priceLadder(problem, …)";

/**
 * The best prices when each good's price must come from a list. Exact for entropy whatever the size, as the problem comes
 * apart good by good (Dinkelbach 1967); for other perturbations by branch and bound on prices and on the multiplier that
 * links the goods (eq:ladderBound), usually exact for a dozen goods with five prices each; where nodes run out, the best of
 * many coordinate ascents is returned with a bound of what any choice could earn more.
 *
 * @param problem a market, costs, and `levels`: prices for all goods or for each; `least` and `greatest` cut the lists
 * @returns prices, profit, and the bound; `exact` says whether they meet
 * @throws {ChoiceError} pricing/levels, pricing/below-cost, pricing/bounds, pricing/no-outside, and as `demand`
 * @example
 * priceLadder({values: [3, 2], costs: [1, 1], levels: [1.99, 2.49, 2.99, 3.49]}).rows.map(({price}) => price) // [2.99, 2.99]
 */
export function priceLadder(problem: LadderProblem, options: LadderOptions = {}): PriceLadder {
  const laid = setting(at, problem, ["costs", "least", "greatest", "levels"]);
  checkOptions(at, options, ["method", "nodes", "restarts", "seed"]);
  const {method: asked = "auto", nodes: most = 20_000, restarts: random = laid.values.length > 30 ? 0 : 5, seed = 1} = options;
  const outside = outsideOf(laid, at);
  const costs = numbers(at, "costs", problem.costs, laid.values.length);
  const ladder = layLadder(at, problem.levels, laid, costs, problem.least, problem.greatest);
  const logit = laid.phi.every((f) => f === entropy) && outside.phi === entropy;
  checkMethod(asked, logit, most, random);
  const free = freePrices(laid, outside, costs);
  if (logit && (asked === "auto" || asked === "separable")) {
    const best = separable(laid, costs, ladder);
    return facts(laid, costs, ladder, {...best, bound: best.profit, nodes: 0}, "separable", free, 0, 0);
  }
  const near = free && ladder.prices.map((list, j) => list.reduce((best, p, l) => (Math.abs(p - free.prices[j]) < Math.abs(list[best] - free.prices[j]) ? l : best), 0));
  const ends = [ladder.prices.map(() => 0), ladder.prices.map(({length}) => length - 1)];
  const starts = near && laid.values.length > 30 ? [near] : near ? [near, ...ends] : ends;
  const climbs = restarts(laid, costs, ladder, starts, random, source(seed).stream("ladder"));
  const found = branchAndBound(laid, outside, costs, ladder, climbs[0], asked === "coordinate ascent" ? Math.min(most, 64) : most);
  const agreed = climbs.filter(({profit}) => profit >= found.profit * (1 - 1e-10)).length;
  const exact = found.bound <= found.profit + 2e-10 * Math.max(found.profit, 1e-10);
  return facts(laid, costs, ladder, found, exact ? "branch and bound" : "coordinate ascent", free, climbs.length, agreed);
}

function checkMethod(asked: string, logit: boolean, nodes: number, random: number): void {
  const known = ["auto", "separable", "branch and bound", "coordinate ascent"];
  if (!known.includes(asked)) throw new ChoiceError("pricing/option", {at, saw: `method: ${quote(asked)}`, want: "a known method", hint: suggest(String(asked), known)});
  if (asked === "separable" && !logit) throw new ChoiceError("pricing/option", {at, saw: 'method: "separable" for a perturbation other than entropy', want: "goods that come apart, as those of logit do", hint: 'method: "auto"'});
  for (const [name, value] of [["nodes", nodes], ["restarts", random]] as const) {
    if (!Number.isInteger(value) || value < 0) throw new ChoiceError("pricing/option", {at, saw: `${name}: ${quote(value)}`, want: "a whole number, 0 or more"});
  }
}

/** The best prices without a ladder, where profit is concave in shares. */
function freePrices(laid: Setting, outside: NonNullable<Setting["outside"]>, costs: Float64Array) {
  if (!concavity(laid).holds) return undefined;
  const {x, profit} = climbShares(laid, outside, costs, logitShares(laid, costs));
  return Number.isFinite(profit) ? {prices: pricesAt(laid, outside, x), profit} : undefined; // shares underflowed
}

interface Found {
  readonly rungs: readonly number[];
  readonly profit: number;
  readonly bound: number;
  readonly nodes: number;
}

function facts(laid: Setting, costs: Float64Array, ladder: Ladder, {rungs, profit, bound: proved, nodes}: Found, method: LadderMethod, free: ReturnType<typeof freePrices>, ascents: number, agreed: number): PriceLadder {
  const prices = pricesOn(ladder, rungs);
  const bought = demandFacts(laid, prices);
  const bound = Math.max(profit, Math.min(proved, free?.profit ?? Infinity));
  const exact = bound - profit <= 2e-10 * Math.max(profit, 1e-10);
  const notes: Remark[] = exact ? [] : [{level: "warning", code: "pricing/not-proved", text: `The best of ${ascents} ascents is shown; no choice earns more than ${((bound / profit - 1) * 100).toPrecision(2)}% above it. Raise nodes for a proof.`}];
  return shown("ladder", {
    rows: laid.names.map((name, j): LadderRow => ({
      name, cost: costs[j], price: prices[j], rung: rungs[j], rungs: ladder.prices[j].length, markup: prices[j] - costs[j],
      share: bought.shares[j], profit: (prices[j] - costs[j]) * bought.shares[j], free: free?.prices[j] ?? NaN
    })),
    prices, profit, bound, gap: bound - profit, exact, method, choices: ladder.prices.reduce((product, {length}) => product * length, 1), nodes, ascents, agreed,
    free: free?.profit ?? NaN, demand: bought, notes
  });
}
