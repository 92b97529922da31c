import {ChoiceError, checkOptions, expectFields, listed, quote, suggest} from "../../errors.js";
import type {FitFacts} from "../../estimate/types.js";
import {covariance} from "../../infer/covariance.js";
import {deltaMethod} from "../../infer/deltaMethod.js";
import {personWeights} from "../../infer/personWeights.js";
import {shareInterval} from "../../infer/shareInterval.js";
import {population} from "../../integrate/population.js";
import type {Population} from "../../integrate/population.js";
import {quantile} from "../../math/normal.js";
import type {Family} from "../../model/specification.js";
import {drawings} from "../drawing.js";
import type {Drawing} from "../drawing.js";
import {oneLine} from "../escape.js";
import {figure} from "../figure.js";
import type {Figure} from "../figure.js";
import {brief, percent, sureOf} from "../format.js";
import type {PlotModule} from "../studio.js";
import {picker} from "../terms.js";
import type {TermMap} from "../terms.js";
import {pad, width} from "../width.js";
import {heading} from "./heading.js";
import {figureWidth, palette} from "./palette.js";
import {tick} from "./tick.js";

/** One random coefficient in the population, and who is on the wrong side of zero. */
export interface TasteDensity {
  readonly name: string;
  readonly family: Family;
  /** -1 where the family is turned to the negative side: "-lognormal". */
  readonly sign?: -1;
  readonly mean: number;
  readonly sd: number;
  /** Shares of people below, exactly at, and above zero. */
  readonly below: number;
  readonly atZero: number;
  readonly above: number;
  /** The side that was not expected, the share of people there, and an interval of it; null where it has none. */
  readonly wrong: {readonly side: "below" | "above"; readonly share: number; readonly low: number | null; readonly high: number | null; readonly expected: boolean};
  /** The density at points from left to right, without what sits exactly at zero. */
  readonly x: readonly number[];
  readonly density: readonly number[];
}

export interface TasteDensitiesFacts {
  readonly title: string;
  /** Confidence of the intervals. */
  readonly level: number;
  /** True where coefficients vary from situation to situation, too. */
  readonly within: boolean;
  readonly coefficients: readonly TasteDensity[];
}

export interface TasteDensitiesOptions {
  /** Which coefficients, in which order, under which names: `{price: "Price"}`, or a list. Default: all random ones. */
  readonly coefficients?: TermMap;
  /** The sign a coefficient should have: `{price: "negative"}`. Default: that of its mean. */
  readonly expect?: Readonly<Record<string, "negative" | "positive">>;
}

const at = "tasteDensities(fit)";

/**
 * How a mixed logit says that each random coefficient is distributed over the population, in closed form, and which share of
 * people it puts on the wrong side of zero: hatched, and said in words. The wrong side is that opposite to the mean, or to
 * what was expected; a censored coefficient's share exactly at zero stands as a spike. The share's interval is by the delta
 * method on the logit scale.
 *
 * @throws {ChoiceError} figure/not-a-fit; figure/nothing-random; tastes/expect; terms/unknown, terms/not-a-map
 * @example
 * const {facts} = tasteDensities(await fitMixed(data), {expect: {price: "negative"}, coefficients: ["price"]});
 * facts.coefficients[0].wrong.side // "above"
 */
export function tasteDensities(fit: FitFacts, options: TasteDensitiesOptions = {}): Figure<TasteDensitiesFacts> {
  expectFields("figure/not-a-fit", at, fit, ["design", "parameters", "theta", "estimates"], "a fit", "tasteDensities(await fitMixed(data))");
  // The families of a mixture over points say nothing.
  if ("tastes" in fit) throw new ChoiceError("figure/not-a-fit", {at, saw: `a ${fit.title}, whose distribution has no formula`, want: "a fit whose random coefficients follow a family", hint: "mixingDistribution(fit)"});
  checkOptions(at, options, ["coefficients", "expect"]);
  const {design, parameters, theta, title, estimates: {level}} = fit;
  const random = design.columns.flatMap((column, c) => {
    const found = population(design, parameters, theta, c);
    return found ? [{c, name: column.name, role: "mean", found}] : [];
  });
  if (!random.length) throw new ChoiceError("figure/nothing-random", {at, saw: `a ${title} in which nothing is random`, want: "a fit with coefficients that vary over people", hint: "tasteDensities(await fitMixed(data))"});
  const known = random.map(({name}) => name);
  const expect = checked(options.expect ?? {}, known);
  const errorOf = errorsOf(fit);
  const coefficients = picker(options.coefficients, {known, at})(random).map(({c, name, label, found}): TasteDensity => {
    const {family, sign, mean, sd, below, atZero, above} = found;
    const wanted = expect.get(name);
    const side = (wanted ?? (mean < 0 ? "negative" : "positive")) === "negative" ? "above" : "below";
    const share = found[side];
    const error = errorOf?.((point) => population(design, parameters, point, c)![side]);
    const interval = error === undefined ? undefined : shareInterval(share, error, -quantile((1 - level) / 2));
    return {name: label, family, ...(sign < 0 && {sign: -1 as const}), mean, sd, below, atZero, above, wrong: {side, share, low: interval?.low ?? null, high: interval?.high ?? null, expected: wanted !== undefined}, ...curve(found)};
  });
  return figure("taste densities", {title, level, within: design.columns.some(({within}) => within), coefficients});
}

function checked(expect: NonNullable<TasteDensitiesOptions["expect"]>, known: readonly string[]): ReadonlyMap<string, "negative" | "positive"> {
  const refuse = (saw: string, hint: string) => new ChoiceError("tastes/expect", {at, saw, want: 'a sign for random coefficients, "negative" or "positive"', hint});
  if (typeof expect !== "object" || expect === null) throw refuse(`expect: ${quote(expect)}`, `expect: {${JSON.stringify(known[0])}: "negative"}`);
  for (const [name, sign] of Object.entries(expect)) {
    if (!known.includes(name)) throw refuse(`expect: {${JSON.stringify(name)}: …}`, suggest(name, known));
    if (sign !== "negative" && sign !== "positive") throw refuse(`expect: {${JSON.stringify(name)}: ${quote(sign)}}`, suggest(String(sign), ["negative", "positive"]));
  }
  return new Map(Object.entries(expect));
}

/** Standard errors of functions of theta, by the covariance that the fit's own table has; undefined where it has no errors. */
function errorsOf(fit: FitFacts): ((f: (theta: Float64Array) => number) => number | undefined) | undefined {
  const {free, estimates: {rows, errors}} = fit;
  // Parameters come first among the rows, in their order.
  const dumb = free.filter((p) => rows[p].error === null);
  if (dumb.length === free.length) return undefined;
  const delta = deltaMethod(fit, covariance({...fit, weight: personWeights(fit.data)}, errors).matrix, dumb);
  return (f) => {
    const {variance} = delta(f);
    return variance === undefined ? undefined : Math.sqrt(variance);
  };
}

const steps = 240;
const tail = 0.002;
/** A density that has no end is drawn to here. */
const longTail = 0.02;

/** The density from tail to tail, with zero where it is near, and with a point on either side of each corner. */
function curve({family, sign, density, quantile: at}: Population): Pick<TasteDensity, "x" | "density"> {
  const [q, far] = [at(tail), at(1 - tail)];
  if (!(far > q)) return {x: [], density: []};
  const heavy = family === "lognormal" || family === "exponential";
  const bounded = family === "uniform" || family === "triangular";
  let [low, high] = bounded ? [at(0), at(1)] : heavy ? (sign > 0 ? [0, at(1 - longTail)] : [at(longTail), 0]) : [q, far];
  if (family === "truncated" || family === "censored") [low, high] = sign > 0 ? [0, high] : [low, 0];
  const grid = Array.from({length: steps + 1}, (_, k) => low + ((high - low) * k) / steps);
  const inside = (b: number): number => (heavy || family === "truncated" || family === "censored" ? sign * Math.max(sign * b, (high - low) * 1e-6) : bounded ? (low + high) / 2 + (b - (low + high) / 2) * (1 - 1e-9) : b);
  // Zero itself belongs to both sides.
  const x = low < 0 && high > 0 && !grid.includes(0) ? [...grid, 0].sort((a, b) => a - b) : grid;
  return {x, density: x.map((b) => density(inside(b)))};
}

const side = (wrong: TasteDensity["wrong"]): string => `${wrong.side} zero`;

/** As one asks for it: "-lognormal". */
const familyName = ({family, sign}: Pick<TasteDensity, "family" | "sign">): string => `${sign ? "-" : ""}${family}`;

/** "price, normal: mean −1.2, sd 0.9; 9.1% of people above zero [6.2%, 13.1%], none expected". */
function told(density: TasteDensity, write: (x: number) => string = brief): string {
  const {name, family, mean, sd, atZero, wrong} = density;
  const {share, low, high, expected} = wrong;
  const interval = low === null || high === null ? "" : ` [${percent(low)}, ${percent(high)}]`;
  const none = share === 0 ? `nobody ${side(wrong)}${["normal", "uniform", "triangular"].includes(family) ? "" : ", by construction"}` : `${share < 0.0005 ? "under 0.1%" : percent(share)} of people ${side(wrong)}${interval}`;
  return `${oneLine(name)}, ${familyName(density)}: mean ${write(mean)}, sd ${write(sd)}; ${none}${expected && share > 0 ? ", none expected" : ""}${atZero > 0 ? `; ${percent(atZero)} at zero` : ""}`;
}

drawings.set("taste densities", (facts: TasteDensitiesFacts): Drawing => {
  const {title, coefficients, level, within} = facts;
  const spikes = coefficients.some(({atZero, x}) => atZero > 0 && x.length);
  const intervals = coefficients.some(({wrong: {low}}) => low !== null);
  return {
    title: `${oneLine(title)}: tastes in the population`,
    subtitle: `Hatched: the wrong side of zero. Upright line: the mean${spikes ? ". Spike: people exactly at zero, the full height being everyone" : ""}${within ? ". Over people and situations" : ""}${intervals ? `. Brackets: ${sureOf(level)} intervals` : ""}`,
    description: `Densities of ${listed(coefficients.map(({name}) => oneLine(name)), 20)} over the population: ${coefficients.slice(0, 20).map((c) => told(c)).join("; ")}.`,
    text: text(coefficients),
    panels: (Plot) => coefficients.map((c) => panel(Plot, c))
  };
});

const tall = 120;
/** Pixels between the lines of the hatching. */
const hatch = 5;

function panel(Plot: PlotModule, c: TasteDensity) {
  const {x, density, mean, atZero, wrong} = c;
  const points = x.map((b, k) => ({x: b, y: density[k]}));
  const top = Math.max(1e-300, ...robust(density));
  const [low, high] = x.length ? [Math.min(0, x[0]), Math.max(0, x[x.length - 1])] : [Math.min(0, mean * 2), Math.max(0, mean * 2) || 1];
  const space = (high - low) * 0.02 || 1;
  const label = atZero > 0 && x.length ? 0.09 * (high - low) : 0; // room beside the spike, where nobody is
  const isWrong = ({x}: {readonly x: number}): boolean => (wrong.side === "above" ? x >= 0 : x <= 0);
  const [bad, good] = [points.filter(isWrong), points.filter((p) => !isWrong(p) || p.x === 0)];
  const outline = [...(bad[0]?.x < 0 ? [{...bad[0], y: 0}] : []), ...bad, ...(bad[bad.length - 1]?.x > 0 ? [{...bad[bad.length - 1], y: 0}] : [])];
  const {mark, marginTop} = heading(Plot, told(c, tick), 24);
  const perLine = (hatch * (high - low + 2 * space)) / (figureWidth - 48);
  const lines = bad.length > 1 ? Array.from({length: Math.floor((bad[bad.length - 1].x - bad[0].x) / perLine)}, (_, k) => {
    const at = bad[0].x + (k + 0.5) * perLine;
    return {x: at, y: Math.min(top, interpolated(bad, at))};
  }) : [];
  const cut = (list: typeof points) => list.map((p) => ({x: p.x, y: Math.min(top, p.y)}));
  return {
    width: figureWidth,
    height: tall + marginTop + 34,
    marginLeft: 24,
    marginRight: 24,
    marginTop,
    marginBottom: 34,
    x: {label: null, domain: [low - space - (wrong.side === "below" ? label : 0), high + space + (wrong.side === "above" ? label : 0)], tickFormat: tick, ticks: 9},
    y: {axis: null, domain: [0, top * 1.04]},
    marks: [
      good.length > 1 ? Plot.areaY(cut(good), {x: "x", y1: 0, y2: "y", fill: palette[0], fillOpacity: 0.75}) : null,
      Plot.ruleX(lines, {x: "x", y1: 0, y2: "y", stroke: palette[1], strokeWidth: 1.4}),
      bad.length > 1 ? Plot.line(cut(outline), {x: "x", y: "y", stroke: palette[1], strokeWidth: 1.6}) : null,
      x.length ? null : Plot.ruleX([mean], {stroke: palette[0], strokeWidth: 4}),
      Plot.ruleX([0], {stroke: "#57606a"}),
      atZero > 0 && x.length ? Plot.ruleX([0], {y1: 0, y2: top * 1.04 * atZero, stroke: "#1f2328", strokeWidth: 7}) : null,
      atZero > 0 && x.length ? Plot.text([0], {x: 0, y: top * 1.04 * atZero, text: () => percent(atZero), dy: -9, dx: wrong.side === "above" ? 6 : -6, textAnchor: wrong.side === "above" ? "start" : "end", fontWeight: "bold", fontSize: 11, stroke: "#ffffff", strokeWidth: 3, fill: "#1f2328"}) : null,
      x.length && mean >= low && mean <= high ? Plot.ruleX([mean], {stroke: "#1f2328", strokeWidth: 1.5, strokeDasharray: "5 3"}) : null,
      Plot.ruleY([0], {stroke: "#57606a"}),
      mark
    ]
  };
}

/** A peak at the edge, as of a lognormal of great spread, must not flatten the rest. */
function robust(density: readonly number[]): number[] {
  const sorted = [...density].sort((a, b) => a - b);
  const most = 6 * (sorted[Math.floor(0.9 * (sorted.length - 1))] ?? 1);
  return density.map((y) => Math.min(y, most));
}

function interpolated(points: readonly {readonly x: number; readonly y: number}[], at: number): number {
  const k = points.findIndex(({x}) => x >= at);
  if (k <= 0) return points[Math.max(0, k)].y;
  const [a, b] = [points[k - 1], points[k]];
  return a.y + ((b.y - a.y) * (at - a.x)) / (b.x - a.x || 1);
}

function text(coefficients: readonly TasteDensity[]): string {
  const head = ["", "family", "mean", "sd", "below 0", "at 0", "above 0", "wrong side"];
  const rows = coefficients.map(({name, family, sign, mean, sd, below, atZero, above, wrong: {side, share, low, high, expected}}) => [
    oneLine(name), familyName({family, sign}), brief(mean), brief(sd), percent(below), atZero > 0 ? percent(atZero) : "", percent(above),
    `${side} 0: ${percent(share)}${low === null || high === null ? "" : ` [${percent(low)}, ${percent(high)}]`}${expected && share > 0 ? ", none expected" : ""}`
  ]);
  const wide = head.map((cell, k) => Math.max(width(cell), ...rows.map((row) => width(row[k]))));
  const skip = rows.every((row) => row[5] === "");
  return [head, ...rows].map((row) => row.flatMap((cell, k) => (k === 5 && skip ? [] : [pad(cell, wide[k], k < 2 || k === 7 ? "left" : "right")])).join("  ").trimEnd()).join("\n");
}
