import {ChoiceError, checkOptions, expectFields, quote, suggest} from "../../errors.js";
import type {FittedCurve, PerturbationFacts} from "../../pricing/fitPerturbations.js";
import {rampPerturbation} from "../../pricing/ramps.js";
import type {RampScale} from "../../pricing/ramps.js";
import {drawings} from "../drawing.js";
import type {Drawing} from "../drawing.js";
import {oneLine} from "../escape.js";
import {figure} from "../figure.js";
import type {Figure} from "../figure.js";
import {brief, percent} from "../format.js";
import {curveName} from "../perturbationsCard.js";
import type {PlotModule} from "../studio.js";
import {pad} from "../width.js";
import {heading} from "./heading.js";
import {legend} from "./legend.js";
import {figureWidth, palette} from "./palette.js";
import {tick} from "./tick.js";

/** A share, and what more of it costs the consumer: in money, up to a level. */
export interface CurvePoint {
  readonly share: number;
  readonly height: number;
}

export interface PerturbationCurve {
  readonly name: string;
  readonly knots: readonly CurvePoint[];
  /** Beyond the shares that were seen, on either side. */
  readonly tails: readonly (readonly CurvePoint[])[];
  /** Logit on the same data, at the same mean over the shares that were seen. */
  readonly logit: readonly CurvePoint[];
  /** What the prices say of the curve, all else as fitted: a point a period, or every so manieth. */
  readonly seen: readonly CurvePoint[];
}

export interface PerturbationCurvesFacts {
  readonly scale: RampScale;
  readonly curves: readonly PerturbationCurve[];
  readonly rmse: number;
  readonly logit: number;
  /** Curves that are not drawn. */
  readonly left: number;
}

export interface PerturbationCurvesOptions {
  /** Only the curves of these goods, by name. Default: the first five, and that of buying nothing. */
  readonly goods?: string | readonly string[];
}

const at = "perturbationCurves(fit)";
const abreast = 5;
const most = 240;

/**
 * Fitted perturbations: how steeply the cost of a share rises with it, the ramps between their knots, logit's curve beside them,
 * and what the prices of each period say. Where the ramps leave the dashes, logit is wrong about how demand bends.
 *
 * @param fit what `fitPerturbations` found
 * @throws {ChoiceError} pricing/not-a-fit, pricing/good
 * @example
 * const prices = [[1, 2], [2, 1], [2, 2], [1, 1], [3, 1], [1, 3]];
 * const fit = fitPerturbations(prices, prices.map((p) => demand({values: [1, 1]}, p).shares), {knots: 3, folds: 0});
 * perturbationCurves(fit).facts.curves.map(({name}) => name) // ["good 1", "good 2", "buying nothing"]
 */
export function perturbationCurves(fit: PerturbationFacts, options: PerturbationCurvesOptions = {}): Figure<PerturbationCurvesFacts> {
  expectFields("pricing/not-a-fit", at, fit, ["curves", "shares", "fitted"], "fitted perturbations", "perturbationCurves(fitPerturbations(prices, shares))");
  checkOptions(at, options, ["goods"]);
  const drawn = chosen(fit, options);
  return figure("perturbation curves", {
    scale: fit.scale, curves: drawn.map((curve) => read(fit, curve)), rmse: fit.rmse, logit: fit.logit.rmse,
    left: options.goods === undefined ? fit.curves.length - drawn.length : 0
  });
}

function chosen({curves, names}: PerturbationFacts, {goods}: PerturbationCurvesOptions): readonly FittedCurve[] {
  if (goods === undefined) return [...curves.filter(({outside}) => !outside).slice(0, abreast), ...curves.filter(({outside}) => outside)];
  const wanted = typeof goods === "string" ? [goods] : goods;
  const stray = Array.isArray(wanted) ? wanted.find((good) => !names.includes(good)) : goods;
  if (stray !== undefined || !wanted.length) throw new ChoiceError("pricing/good", {at, saw: `goods: ${quote(goods)}`, want: "goods of this fit, by name", hint: suggest(String(stray), names)});
  return curves.filter((curve) => curve.goods.some((good) => wanted.includes(good)));
}

function read(fit: PerturbationFacts, curve: FittedCurve): PerturbationCurve {
  const {slope} = rampPerturbation(curve);
  const {knots, heights, goods, outside} = curve;
  const on = (share: number): CurvePoint => ({share, height: slope(share)});
  const seen = partial(fit, goods.map((good) => fit.names.indexOf(good)), outside, slope);
  const [first, last] = [knots[0], knots[knots.length - 1]];
  const beyond = (from: number, to: number): CurvePoint[] => Array.from({length: 9}, (_, k) => on(from * (to / from) ** (k / 8)));
  const level = seen.reduce((sum, {share}) => sum + slope(share) - fit.logit.scale * Math.log(share), 0) / seen.length;
  const places = Array.from({length: 49}, (_, k) => first * (last / first) ** (k / 48));
  return {
    name: curveName(curve), knots: Array.from(knots, (share, k) => ({share, height: heights[k]})),
    tails: [beyond(first / 1.25, first), beyond(last, Math.min(0.999, 1.25 * last))],
    logit: places.map((share) => ({share, height: level + fit.logit.scale * Math.log(share)})),
    seen: seen.length <= most ? seen : Array.from({length: most}, (_, k) => seen[Math.floor((k * seen.length) / most)])
  };
}

/** The curve less the errors of prices, by period: p = v - f(x) + f_0(x_0) + e, solved for f, or for f_0 by the mean of e over goods. */
function partial({names, periods, prices, fitted, shares, outsideShares}: PerturbationFacts, goods: readonly number[], outside: boolean, slope: (x: number) => number): CurvePoint[] {
  const J = names.length;
  const error = (t: number, j: number): number => prices[t * J + j] - fitted[t * J + j];
  const points: CurvePoint[] = [];
  for (let t = 0; t < periods; ++t) {
    for (const j of goods) points.push({share: shares[t * J + j], height: slope(shares[t * J + j]) - error(t, j)});
    if (outside) points.push({share: outsideShares[t], height: slope(outsideShares[t]) + names.reduce((sum, _, j) => sum + error(t, j), 0) / J});
  }
  return points;
}

drawings.set("perturbation curves", (facts: PerturbationCurvesFacts): Drawing => {
  const {curves, rmse, logit, left} = facts;
  return {
    title: `What a share costs: ${brief(rmse)} off in price, logit ${brief(logit)}`,
    subtitle: `In money, up to a level, which values absorb${left > 0 ? `. ${left} more curves are not drawn` : ""}`,
    description: `Fitted perturbations against the share: ${curves.slice(0, 20).map(({name, knots}) => `${oneLine(name)} rises by ${brief(knots[knots.length - 1].height)} from ${percent(knots[0].share)} to ${percent(knots[knots.length - 1].share)}`).join("; ")}.`,
    text: curves.map(text).join("\n"),
    panels: (Plot) => panels(Plot, facts)
  };
});

function panels(Plot: PlotModule, {curves, scale}: PerturbationCurvesFacts) {
  const entries = [
    {name: "fitted, with its knots", color: palette[0], symbol: "square"},
    {name: "logit", color: palette[1], symbol: "times"},
    {name: "what a period's prices say", color: "#ffffff", stroke: "#57606a", symbol: "circle"}
  ];
  return [legend(Plot, entries), ...curves.map(({name, knots, tails, logit, seen}, c) => {
    const last = c === curves.length - 1;
    const {mark, marginTop} = heading(Plot, oneLine(name), 60, 12);
    return {
      width: figureWidth,
      height: 130 + marginTop + (last ? 38 : 24),
      marginLeft: 60,
      marginRight: 20,
      marginTop,
      marginBottom: last ? 38 : 24,
      x: {type: scale === "log" ? ("log" as const) : ("linear" as const), label: last ? `Share${scale === "log" ? ", in logarithms" : ""}` : null, labelAnchor: "center" as const, labelArrow: "none" as const, ticks: scale === "log" ? round(tails) : 7, tickFormat: (x: number) => `${brief(100 * x)}%`},
      y: {label: null, grid: true, nice: true, ticks: 5, tickFormat: tick},
      marks: [
        Plot.dot(seen, {x: "share", y: "height", stroke: "#57606a", strokeOpacity: 0.7, r: 2}),
        Plot.line(logit, {x: "share", y: "height", stroke: palette[1], strokeWidth: 1.8, strokeDasharray: "6 4"}),
        Plot.dot(logit.filter((_, k) => k % 12 === 0), {x: "share", y: "height", stroke: palette[1], strokeWidth: 1.8, symbol: "times", r: 4}),
        ...tails.map((tail) => Plot.line(tail, {x: "share", y: "height", stroke: palette[0], strokeWidth: 1.2, strokeDasharray: "1.5 2.5"})),
        Plot.line(knots, {x: "share", y: "height", stroke: palette[0], strokeWidth: 2}),
        Plot.dot(knots, {x: "share", y: "height", fill: palette[0], symbol: "square", r: 3.5}),
        mark
      ]
    };
  })];
}

/** Round shares within reach, for an axis of logarithms. */
function round(tails: PerturbationCurve["tails"]): number[] {
  const shares = tails.flat().map(({share}) => share);
  const [low, high] = [Math.min(...shares), Math.max(...shares)];
  const dense = high < 4 * low ? [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9] : high < 30 * low ? [1, 1.5, 2, 3, 5, 7] : [1, 2, 5];
  return Array.from({length: 12}, (_, k) => dense.map((d) => d * 10 ** (k - 12))).flat().filter((share) => share >= low && share <= high);
}

function text({name, knots, logit}: PerturbationCurve): string {
  // Logit's curve at a knot: it is linear in the logarithm between the places it was read at.
  const [first, last] = [logit[0], logit[logit.length - 1]];
  const beside = (share: number): number => first.height + ((last.height - first.height) * Math.log(share / first.share)) / Math.log(last.share / first.share || 1);
  return [
    oneLine(name), `  ${pad("share", 8, "right")}  ${pad("fitted", 9, "right")}  ${pad("logit", 9, "right")}`,
    ...knots.map(({share, height}) => `  ${pad(percent(share), 8, "right")}  ${pad(brief(height), 9, "right")}  ${pad(brief(last.share > first.share ? beside(share) : first.height), 9, "right")}`)
  ].join("\n");
}
