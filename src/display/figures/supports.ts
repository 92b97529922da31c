import type {Id} from "../../data/choiceData.js";
import {hasChoices} from "../../data/offers.js";
import {cells} from "../../entropy/cells.js";
import type {MaxEntFacts} from "../../entropy/maxEntFit.js";
import type {Support} from "../../entropy/programme.js";
import {checkOptions, ChoiceError, expectFields, listed, quote, suggest} from "../../errors.js";
import {shareBar} from "../bars.js";
import {drawings} from "../drawing.js";
import type {Drawing} from "../drawing.js";
import {oneLine} from "../escape.js";
import {figure} from "../figure.js";
import type {Figure} from "../figure.js";
import {brief, fixed, plainly} from "../format.js";
import type {PlotModule} from "../studio.js";
import {pad, shorten, width, wrap} from "../width.js";
import {inMargin, marginOf, tallest} from "./inMargin.js";
import {legend} from "./legend.js";
import {figureWidth, palette} from "./palette.js";
import {tick} from "./tick.js";

export interface SupportsOptions {
  /** Id of the situation. Default: the first. */
  readonly situation?: Id;
  /** Names of the alternatives to draw: one or several. Default: all on offer. */
  readonly alternative?: string | readonly string[];
}

/** Points with the weight that each has in a cell: as fitted, and a priori. */
export interface Weights {
  readonly points: readonly number[];
  readonly fitted: readonly number[];
  readonly prior: readonly number[];
}

/** An alternative of the situation. */
export interface SupportsCell {
  readonly alternative: string;
  readonly chosen: boolean;
  /** Its probability, as fitted and a priori, and its error. */
  readonly p: number;
  readonly prior: number;
  readonly error: number;
  /** The distribution behind p; absent for a logit, whose distribution is p over the alternatives. */
  readonly signal?: Weights;
  /** The distribution behind the error; absent without noise. */
  readonly noise?: Weights;
}

export interface SupportsFacts {
  readonly title: string;
  readonly situation: Id;
  readonly cells: readonly SupportsCell[];
}

/**
 * The distributions behind the probabilities and errors of one situation: how much weight each point of a support has, beside
 * what it had a priori, and where the mean is. A maximum-entropy logit has one distribution over the alternatives.
 *
 * @param fit a maximum-entropy fit
 * @throws {ChoiceError} figure/not-maxent; figure/unknown-situation, figure/unknown-alternative for what the situation does not have
 * @example
 * const world = simulate({tier: "mnl"}, {people: 20, situations: 2, seed: 1});
 * const supported = await fitMaxEntSupports(world.data, {supports: 5});
 * supports(supported, {alternative: "a"})
 */
export function supports(fit: MaxEntFacts, options: SupportsOptions = {}): Figure<SupportsFacts> {
  const at = "supports(fit)";
  expectFields("figure/not-maxent", at, fit, ["programme", "solution", "moments"], "a maximum-entropy fit", "make one: await fitMaxEntSupports(data)");
  checkOptions(at, options, ["situation", "alternative"]);
  const {data, programme, solution, title} = fit;
  const {signal, noise} = programme;
  const n = options.situation === undefined ? 0 : data.situations.indexOf(options.situation);
  if (n < 0) {
    throw new ChoiceError("figure/unknown-situation", {at, saw: `situation: ${quote(options.situation)}`, want: "the id of a situation of the fit", hint: `such as ${listed(data.situations.slice(0, 3).map(quote))}`});
  }
  const from = programme.situation[n];
  const offered = Array.from(data.alternative.subarray(from, programme.situation[n + 1]), (j) => data.alternatives[j]);
  const wanted = options.alternative === undefined ? offered : typeof options.alternative === "string" ? [options.alternative] : options.alternative;
  const unknown = wanted.find((name) => !offered.includes(name));
  if (unknown !== undefined || !wanted.length) {
    throw new ChoiceError("figure/unknown-alternative", {at, saw: wanted.length ? `alternative: ${quote(unknown)}` : "no alternative", want: `alternatives that situation ${quote(data.situations[n])} offers`, hint: suggest(String(unknown), offered)});
  }
  const {p, errors, pi, w} = cells(programme, solution, n);
  const weights = (support: Support, all: Float64Array, j: number): Weights => {
    const M = support.points.length;
    return {points: [...support.points], fitted: [...all.subarray(j * M, (j + 1) * M)], prior: shares(support.logPrior)};
  };
  const prior = signal.kind === "shannon" && signal.logPrior ? shares(signal.logPrior.subarray(from, from + p.length)) : Array.from(p, () => 1 / p.length);
  return figure("supports", {
    title, situation: data.situations[n],
    cells: offered.flatMap((alternative, j) => (wanted.includes(alternative) ? [{
      alternative, chosen: hasChoices(data) && data.chosen[n] === from + j, p: p[j], prior: prior[j], error: errors[j],
      ...(signal.kind === "supports" && pi && {signal: weights(signal.support, pi, j)}), ...(noise && w && {noise: weights(noise.support, w, j)})
    }] : []))
  });
}

function shares(logs: Float64Array): number[] {
  const most = logs.reduce((a, b) => Math.max(a, b), -Infinity);
  const odds = Array.from(logs, (log) => Math.exp(log - most));
  const sum = odds.reduce((a, b) => a + b, 0);
  return odds.map((x) => x / sum);
}

drawings.set("supports", (facts: SupportsFacts): Drawing => {
  const {cells: list, situation} = facts;
  const noisy = list.some(({noise}) => noise);
  return {
    title: `${oneLine(facts.title)}: situation ${oneLine(String(situation))}`,
    subtitle: `Bars: as fitted. Open circles: a priori${noisy || list.some(({signal}) => signal) ? ". Dashed: the mean" : ""}`,
    description: `Weights behind the probabilities${noisy ? " and errors" : ""} of situation ${oneLine(String(situation))}: ${list.map(({alternative, p, error}) => `${oneLine(alternative)} ${brief(p)}${noisy ? `, error ${brief(error)}` : ""}`).slice(0, 30).join("; ")}.`,
    text: text(list),
    panels: (Plot) => [
      legend(Plot, [
        {name: list.some(({signal}) => signal) ? "weight behind p" : "p", color: palette[0], symbol: "square"},
        ...(noisy ? [{name: "weight behind an error", color: palette[1], symbol: "square"}] : []),
        {name: "a priori", color: "#ffffff", stroke: "#1f2328", symbol: "circle"}
      ]),
      ...(list.some(({signal}) => signal) ? [spread(Plot, list, "signal")] : [shared(Plot, list)]),
      ...(noisy ? [spread(Plot, list, "noise")] : [])
    ]
  };
});

/** One distribution over the alternatives. */
function shared(Plot: PlotModule, list: readonly SupportsCell[]) {
  const names = list.map(({alternative}) => inMargin(alternative));
  const rows = list.map(({p, prior, chosen}, y) => ({y, p, prior, text: `${fixed(p, 3)}${chosen ? " (chosen)" : ""}`}));
  return {
    width: figureWidth,
    height: list.length * Math.max(26, 13 * tallest(names) + 8) + 58,
    marginLeft: marginOf(names),
    marginRight: 100,
    marginTop: 10,
    marginBottom: 40,
    x: {label: "Probability", labelAnchor: "center" as const, labelArrow: "none" as const, domain: [0, Math.max(...rows.flatMap(({p, prior}) => [p, prior]))], nice: true, grid: true, ticks: 5, tickFormat: tick},
    y: {type: "band" as const, domain: rows.map(({y}) => y), label: null, tickFormat: (y: number) => names[y], tickSize: 0, padding: 0.3},
    marks: [
      Plot.barX(rows, {y: "y", x: "p", fill: palette[0]}),
      Plot.dot(rows, {y: "y", x: "prior", r: 4, fill: "#ffffff", stroke: "#1f2328"}),
      Plot.text(rows, {y: "y", x: (d: (typeof rows)[number]) => Math.max(d.p, d.prior), text: "text", dx: 8, textAnchor: "start", fontSize: 11}),
      Plot.ruleX([0], {stroke: "#57606a"})
    ]
  };
}

/** A distribution for each alternative, over points on a common axis. */
function spread(Plot: PlotModule, list: readonly SupportsCell[], part: "signal" | "noise") {
  const shown = list.map((cell, facet) => {
    const {points, fitted, prior} = cell[part]!;
    const mean = part === "signal" ? cell.p : cell.error;
    const words = `${oneLine(cell.alternative)}${cell.chosen ? " (chosen)" : ""}: ${part === "signal" ? "p" : "error"} ${fixed(mean, 4).replace("-", "\u2212")}`;
    return {facet, mean, name: wrap(words, 80).join("\n"), rows: points.map((x, m) => ({facet, x, fitted: fitted[m], prior: prior[m]}))};
  });
  const rows = shown.flatMap(({rows}) => rows);
  const most = Math.max(...rows.flatMap(({fitted, prior}) => [fitted, prior]));
  const lines = tallest(shown.map(({name}) => name));
  const room = 56; // for the bars of a facet, beside the lines of its name
  const heads = 13 * lines + 8;
  const points = [...new Set(rows.map(({x}) => x))].sort((a, b) => a - b);
  const [low, high] = [points[0], points[points.length - 1]];
  const nearest = Math.min(...points.slice(1).map((x, m) => x - points[m]));
  const plotted = figureWidth - 74 - 30;
  return {
    width: figureWidth,
    height: shown.length * (room + heads) + 46,
    marginLeft: 54,
    marginRight: 30,
    marginTop: 6,
    marginBottom: 40,
    x: {label: part === "signal" ? "Point of the support" : "Point of the noise", labelAnchor: "center" as const, labelArrow: "none" as const, domain: [low, high], insetLeft: 20, insetRight: 20, tickFormat: tick, ...(points.length <= 9 ? {ticks: points} : {ticks: 6})},
    y: {label: null, domain: [0, most * (1 + heads / room)], ticks: [0, most / 2, most], tickFormat: (x: number) => fixed(x, 2), grid: true},
    fy: {axis: null, padding: 0.08},
    facet: {marginTop: 0},
    marks: [
      Plot.ruleX(rows, {fy: "facet", x: "x", y1: 0, y2: "fitted", stroke: part === "signal" ? palette[0] : palette[1], strokeWidth: Math.max(2, Math.min(22, (0.6 * plotted * nearest) / (high - low)))}),
      Plot.ruleX(shown, {fy: "facet", x: "mean", y1: 0, y2: most, stroke: "#1f2328", strokeDasharray: "4 3"}),
      Plot.dot(rows, {fy: "facet", x: "x", y: "prior", r: 3.5, fill: "#ffffff", stroke: "#1f2328"}),
      Plot.text(shown, {fy: "facet", frameAnchor: "top-left", dx: 4, dy: 3, text: "name", textAnchor: "start", lineAnchor: "top", fontSize: 11}),
      Plot.ruleY([0], {stroke: "#57606a"})
    ]
  };
}

function text(list: readonly SupportsCell[]): string {
  const block = (head: string, weights: Weights | undefined): string[] => {
    if (!weights) return [];
    const {points, fitted, prior} = weights;
    const names = points.map(plainly);
    const room = Math.max(...names.map(width));
    return [`  ${head}`, ...points.map((_, m) => `    ${pad(names[m], room, "right")}  ${fixed(fitted[m], 4)}  a priori ${fixed(prior[m], 4)}  ${shareBar(fitted[m], 1, "").text}`.trimEnd())];
  };
  if (!list.some(({signal, noise}) => signal ?? noise)) {
    const names = list.map(({alternative}) => shorten(oneLine(alternative), 34));
    const room = Math.max(...names.map(width));
    return list.map(({p, prior, chosen}, j) => `${pad(names[j], room, "left")}  ${fixed(p, 4)}  a priori ${fixed(prior, 4)}  ${shareBar(p, 1, "").text}${chosen ? "  chosen" : ""}`).join("\n");
  }
  return list.flatMap(({alternative, chosen, p, prior, error, signal, noise}) => [
    `${oneLine(alternative)}: p ${fixed(p, 4)}${signal ? "" : `, a priori ${fixed(prior, 4)}`}${noise ? `, error ${fixed(error, 4)}` : ""}${chosen ? ", chosen" : ""}`,
    ...block("behind p", signal), ...block("behind the error", noise)
  ]).join("\n");
}
