import {ChoiceError, checkOptions, expectFields, quote, suggest} from "../../errors.js";
import {sharesAt} from "../../pricing/balance.js";
import {numbers, setting} from "../../pricing/market.js";
import {optimalPrices} from "../../pricing/optimalPrices.js";
import type {PricingProblem} from "../../pricing/optimalPrices.js";
import {sparkline} from "../bars.js";
import {drawings} from "../drawing.js";
import type {Drawing} from "../drawing.js";
import {oneLine} from "../escape.js";
import {figure} from "../figure.js";
import type {Figure} from "../figure.js";
import {brief, percent} from "../format.js";
import type {PlotModule} from "../studio.js";
import {pad, shorten, width} from "../width.js";
import {legend} from "./legend.js";
import {figureWidth, palette, shapes} from "./palette.js";
import {tick} from "./tick.js";

/** What happens as the price of one good moves and all others stay. */
export interface PriceCurve {
  readonly name: string;
  readonly price: readonly number[];
  /** Of the good whose price moves. */
  readonly share: readonly number[];
  /** Of all goods together, per customer. */
  readonly profit: readonly number[];
  /** Where the price stands. */
  readonly now: {readonly price: number; readonly share: number; readonly profit: number};
}

export interface PriceCurvesFacts {
  readonly curves: readonly PriceCurve[];
  /** Whether prices stand where they earn most, or where they were put. */
  readonly prices: "best" | "given";
  /** Goods that are not drawn. */
  readonly left: number;
}

export interface PriceCurvesOptions {
  /** Whose prices move, by name. Default: the first six goods; the first good where several markets are compared. */
  readonly goods?: string | readonly string[];
  /** Where prices stand, (J). Default: where they earn most (`optimalPrices`). */
  readonly prices?: ArrayLike<number>;
  /** The stretch of prices to draw. Default: from the least cost to as far above the highest price. */
  readonly from?: number;
  readonly to?: number;
}

const at = "priceCurves(problem, …)";
const steps = 120;
const abreast = 6;

/**
 * Share and profit as the price of one good moves and the others stay: its demand curve, and how flat the summit of profit is.
 * Several markets under names are drawn together, so that one sees what a perturbation assumes.
 *
 * @param problem a market with costs, as for `optimalPrices`, or several by name
 * @throws {ChoiceError} pricing/good, pricing/range, and as `optimalPrices`
 * @example
 * const market = {values: [3, 2], costs: [1, 1]};
 * priceCurves({logit: market, "two supports": {...market, perturbation: {supports: 2}}}).facts.curves.length // 2
 */
export function priceCurves(problem: PricingProblem | Readonly<Record<string, PricingProblem>>, options: PriceCurvesOptions = {}): Figure<PriceCurvesFacts> {
  if (typeof problem !== "object" || problem === null || !Object.keys(problem).length) expectFields("pricing/not-a-market", at, problem, ["values"], "a market", "priceCurves({values: [2, 3], costs: [1, 1]})");
  checkOptions(at, options, ["goods", "prices", "from", "to"]);
  const single = "values" in problem;
  const markets = single ? [["", problem as PricingProblem] as const] : Object.entries(problem as Readonly<Record<string, PricingProblem>>);
  const laid = markets.map(([name, market]) => standing(name, market, options.prices));
  const places = laid.map(({setting: {names}}) => chosen(names, options.goods, single));
  const [from, to] = stretch(laid, places, options);
  const price = Array.from({length: steps + 1}, (_, k) => from + ((to - from) * k) / steps);
  const curves = laid.flatMap((market, m) => places[m].map((j): PriceCurve => {
    const {setting: {names}, name} = market;
    const points = price.map((p) => outcome(market, j, p));
    const now = outcome(market, j, market.prices[j]);
    return {
      name: single ? names[j] : places[m].length > 1 ? `${name}: ${names[j]}` : name,
      price, share: points.map(({share}) => share), profit: points.map(({profit}) => profit), now: {price: market.prices[j], ...now}
    };
  }));
  const left = options.goods === undefined && single ? laid[0].setting.names.length - places[0].length : 0;
  return figure("price curves", {curves, prices: options.prices === undefined ? "best" : "given", left});
}

type Standing = ReturnType<typeof standing>;

/** A market with prices that stand. */
function standing(name: string, market: PricingProblem, prices: ArrayLike<number> | undefined) {
  const laid = setting(at, market, ["costs", "least", "greatest"]);
  const J = laid.names.length;
  const costs = numbers(at, "costs", market.costs, J);
  return {name, setting: laid, costs, prices: prices === undefined ? optimalPrices(market).prices : numbers(at, "prices", prices, J)};
}

/** Places of the goods whose prices move. */
function chosen(names: readonly string[], goods: PriceCurvesOptions["goods"], single: boolean): number[] {
  if (goods === undefined) return [...names.keys()].slice(0, single ? abreast : 1);
  const wanted = typeof goods === "string" ? [goods] : goods;
  const stray = Array.isArray(wanted) ? wanted.find((good) => !names.includes(good)) : goods;
  if (stray !== undefined || !wanted.length) throw new ChoiceError("pricing/good", {at, saw: `goods: ${quote(goods)}`, want: "goods of this market, by name", hint: suggest(String(stray), names)});
  return wanted.map((good) => names.indexOf(good));
}

function stretch(laid: readonly Standing[], places: readonly (readonly number[])[], {from, to}: PriceCurvesOptions): [number, number] {
  const drawn = laid.flatMap(({costs, prices}, m) => places[m].map((j) => ({cost: costs[j], price: prices[j]})));
  const low = from ?? Math.min(...drawn.map(({cost, price}) => Math.min(cost, price)));
  const high = to ?? Math.max(...drawn.map(({cost, price}) => price + Math.max(price - cost, Math.abs(price) / 10, 1e-6)));
  if (!(Number.isFinite(low) && Number.isFinite(high) && low < high)) throw new ChoiceError("pricing/range", {at, saw: `prices from ${quote(low)} to ${quote(high)}`, want: "a stretch of finite prices, from below to"});
  return [low, high];
}

function outcome({setting: laid, costs, prices}: Standing, j: number, price: number): {share: number; profit: number} {
  const p = prices.slice();
  p[j] = price;
  const {shares} = sharesAt(laid, p);
  return {share: shares[j], profit: shares.reduce((sum, x, k) => sum + (p[k] - costs[k]) * x, 0)};
}

drawings.set("price curves", (facts: PriceCurvesFacts): Drawing => {
  const {curves, prices, left} = facts;
  const names = curves.slice(0, 30).map(({name, now}) => `${oneLine(name)} at ${brief(now.price)}: share ${percent(now.share)}, profit ${brief(now.profit)}`);
  return {
    title: curves.length === 1 ? `Share and profit as the price of ${oneLine(curves[0].name)} moves` : "Share and profit as one price moves",
    subtitle: `The other prices stay. Large marks: prices ${prices === "best" ? "that earn most" : "as given"}${left > 0 ? `. ${left} more goods are not drawn` : ""}`,
    description: `Share and profit against price: ${names.join("; ")}.`,
    text: text(curves),
    panels: (Plot) => panels(Plot, curves)
  };
});

function panels(Plot: PlotModule, curves: readonly PriceCurve[]) {
  // A second round of colours takes other shapes.
  const entries = curves.map(({name}, c) => ({name, color: palette[c % palette.length], symbol: shapes[(c + Math.floor(c / palette.length)) % shapes.length]}));
  const panel = (y: "share" | "profit", label: string, bottom: boolean, format: (v: number) => string) => ({
    width: figureWidth,
    height: bottom ? 214 : 190,
    marginLeft: 64,
    marginRight: 20,
    marginTop: 26,
    marginBottom: bottom ? 46 : 24,
    x: {label: bottom ? "Price" : null, labelAnchor: "center" as const, labelArrow: "none" as const, tickFormat: tick, nice: false},
    y: {label, labelAnchor: "top" as const, labelArrow: "none" as const, grid: true, nice: true, zero: true, ticks: 5, tickFormat: format},
    marks: [
      ...curves.flatMap((curve, c) => {
        const {color, symbol} = entries[c];
        const points = curve.price.map((price, k) => ({price, value: curve[y][k]}));
        const near = (price: number): boolean => Math.abs(price - curve.now.price) < 0.04 * (curve.price[steps] - curve.price[0]);
        const few = points.filter(({price}, k) => k % 20 === (3 * c + 5) % 20 && !near(price));
        return [
          Plot.line(points, {x: "price", y: "value", stroke: color, strokeWidth: 1.8}),
          Plot.dot(few, {x: "price", y: "value", fill: color, symbol: symbol as "circle", r: 3}),
          Plot.dot([curve.now], {x: "price", y, fill: color, stroke: "#ffffff", strokeWidth: 1.2, symbol: symbol as "circle", r: 6.5})
        ];
      }),
      Plot.ruleY([0], {stroke: "#57606a"})
    ]
  });
  return [
    ...(curves.length > 1 ? [legend(Plot, entries)] : []),
    panel("share", "Share of the good", false, (v) => `${Math.round(1000 * v) / 10}%`),
    panel("profit", "Profit per customer, all goods", true, tick)
  ];
}

function text(curves: readonly PriceCurve[]): string {
  const names = curves.map(({name}) => shorten(oneLine(name), 28));
  const room = Math.max(...names.map(width));
  const [first] = curves;
  const [from, to] = [first.price[0], first.price[steps]].map((p) => brief(p));
  return [
    `  ${pad("", room, "left")}  ${pad("price", 8, "right")}  ${pad("share", 7, "right")}  ${pad("profit", 8, "right")}  profit from ${from} to ${to}`,
    ...curves.map(({now, profit}, c) => `  ${pad(names[c], room, "left")}  ${pad(brief(now.price, 4), 8, "right")}  ${pad(percent(now.share), 7, "right")}  ${pad(brief(now.profit, 4), 8, "right")}  ${sparkline(profit, 30).text}`)
  ].join("\n");
}
