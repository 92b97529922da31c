import {hasChoices} from "../../data/offers.js";
import {errors, probabilities} from "../../entropy/cells.js";
import type {MaxEntFacts} from "../../entropy/maxEntFit.js";
import {ChoiceError, expectFields} from "../../errors.js";
import {drawings} from "../drawing.js";
import type {Drawing} from "../drawing.js";
import {oneLine} from "../escape.js";
import {figure} from "../figure.js";
import type {Figure} from "../figure.js";
import {brief, count, fixed} from "../format.js";
import type {PlotModule} from "../studio.js";
import {pad, shorten, width, wrap} from "../width.js";
import {tallest} from "./inMargin.js";
import {legend} from "./legend.js";
import {figureWidth, palette} from "./palette.js";
import {tick} from "./tick.js";

/** The cells of an alternative: of all, how they lie; of so many as a picture holds, each. */
export interface NoisyAlternative {
  readonly alternative: string;
  readonly cells: number;
  readonly meanP: number;
  readonly least: number;
  readonly greatest: number;
  /** Root of the mean square of its errors. */
  readonly rms: number;
  readonly points: readonly {readonly p: number; readonly error: number; readonly chosen: boolean}[];
}

export interface NoiseFigureFacts {
  readonly title: string;
  readonly v: number;
  /** Whether choices are known. */
  readonly known: boolean;
  readonly alternatives: readonly NoisyAlternative[];
}

/** Points of a whole figure, at most. */
const most = 1500;

/**
 * Probabilities against the errors that they were allowed, by alternative: errors at the ends of their range are a noise too
 * narrow or choices that the model cannot see, a cloud that leans is signal taken for noise.
 *
 * @param fit a maximum-entropy fit with noise
 * @throws {ChoiceError} figure/not-maxent; figure/no-noise for a fit without
 * @example
 * const world = simulate({tier: "mnlIntercepts"}, {people: 60, situations: 2, seed: 1});
 * noise(await fitMaxEnt(world.data))
 */
export function noise(fit: MaxEntFacts): Figure<NoiseFigureFacts> {
  const at = "noise(fit)";
  expectFields("figure/not-maxent", at, fit, ["programme", "solution", "moments"], "a maximum-entropy fit", "make one: await fitMaxEnt(data)");
  const {data, programme, solution, title} = fit;
  if (!programme.noise) throw new ChoiceError("figure/no-noise", {at, saw: "a fit without noise", want: "errors to draw", hint: "fit it with noise: {}"});
  const [p, e] = [probabilities(programme, solution), errors(programme, solution)];
  const chosen = hasChoices(data) ? new Set(data.chosen) : new Set<number>();
  const rows = data.alternatives.map((): number[] => []);
  data.alternative.forEach((j, row) => rows[j].push(row));
  const points = programme.noise.support.points;
  return figure("noise", {
    title, v: Math.max(Math.abs(points[0]), Math.abs(points[points.length - 1])), known: hasChoices(data),
    alternatives: data.alternatives.flatMap((alternative, j): NoisyAlternative[] => {
      const own = rows[j];
      if (!own.length) return [];
      const mean = (of: (row: number) => number): number => own.reduce((sum, row) => sum + of(row), 0) / own.length;
      const step = Math.max(1, (own.length * data.alternatives.length) / most);
      const picked = Array.from({length: Math.ceil(own.length / step)}, (_, i) => own[Math.floor(i * step)]);
      return [{
        alternative, cells: own.length, meanP: mean((row) => p[row]), rms: Math.sqrt(mean((row) => e[row] ** 2)),
        least: own.reduce((least, row) => Math.min(least, e[row]), Infinity), greatest: own.reduce((greatest, row) => Math.max(greatest, e[row]), -Infinity),
        points: picked.map((row) => ({p: p[row], error: e[row], chosen: chosen.has(row)}))
      }];
    })
  });
}

drawings.set("noise", ({title, v, known, alternatives}: NoiseFigureFacts): Drawing => {
  const [drawn, all] = [alternatives.reduce((sum, {points}) => sum + points.length, 0), alternatives.reduce((sum, {cells}) => sum + cells, 0)];
  return {
    title: `${oneLine(title)}: probabilities and their errors`,
    subtitle: `Errors stay within ±${brief(v)}, the dashed lines${drawn < all ? `; ${drawn} of ${count(all, "cell", "cells")} are drawn` : ""}`,
    description: `Probabilities against errors by alternative: ${alternatives.map(({alternative, meanP, least, greatest}) => `${oneLine(alternative)} mean probability ${brief(meanP)}, errors from ${brief(least)} to ${brief(greatest)}`).slice(0, 30).join("; ")}.`,
    text: text(alternatives),
    panels: (Plot) => [
      ...(known ? [legend(Plot, [{name: "chosen", ...marks.chosen}, {name: "not chosen", ...marks.other}])] : []),
      grid(Plot, alternatives, v, known)
    ]
  };
});

const marks = {
  chosen: {color: palette[1], symbol: "triangle"},
  other: {color: "#ffffff", stroke: palette[0], symbol: "circle"}
} as const;

/** A small picture for each alternative, two or three in a row. */
function grid(Plot: PlotModule, alternatives: readonly NoisyAlternative[], v: number, known: boolean) {
  const across = alternatives.length === 4 ? 2 : Math.min(3, alternatives.length);
  const down = Math.ceil(alternatives.length / across);
  const names = alternatives.map(({alternative}, j) => ({fx: j % across, fy: Math.floor(j / across), name: wrap(oneLine(alternative), Math.floor(84 / across)).join("\n")}));
  const points = alternatives.flatMap(({points}, j) => points.map((point) => ({...point, fx: names[j].fx, fy: names[j].fy})));
  const heads = 13 * tallest(names.map(({name}) => name)) + 6;
  const room = across === 1 ? 260 : 170;
  const top = Math.ceil(4 * points.reduce((most, {p}) => Math.max(most, p), 0.01)) / 4;
  const place = {fx: "fx", fy: "fy", x: "error", y: "p"} as const;
  return {
    width: figureWidth,
    height: down * (room + heads) + 52,
    marginLeft: 46,
    marginRight: 16,
    marginTop: 18,
    marginBottom: 38,
    x: {label: "Error", labelAnchor: "center" as const, labelArrow: "none" as const, domain: [-v, v], inset: 8, ticks: 3, tickFormat: tick, grid: true},
    y: {label: "Probability", labelArrow: "none" as const, domain: [0, top * (1 + heads / room)], ticks: [0, 0.25, 0.5, 0.75, 1].filter((t) => t <= top), tickFormat: tick, grid: true},
    fx: {axis: null, padding: 0.06},
    fy: {axis: null, padding: 0.06},
    marks: [
      Plot.frame({stroke: "#d0d7de"}),
      Plot.ruleX([-v, v], {stroke: "#57606a", strokeDasharray: "4 3"}),
      Plot.ruleX([0], {stroke: "#57606a", strokeOpacity: 0.6}),
      Plot.dot(points.filter(({chosen}) => !chosen), {...place, r: 2.2, fill: marks.other.color, stroke: marks.other.stroke, symbol: marks.other.symbol}),
      ...(known ? [Plot.dot(points.filter(({chosen}) => chosen), {...place, r: 2.4, fill: marks.chosen.color, symbol: marks.chosen.symbol})] : []),
      Plot.text(names, {fx: "fx", fy: "fy", frameAnchor: "top-left", dx: 16, dy: 4, text: "name", textAnchor: "start", lineAnchor: "top", fontSize: 11, fontWeight: "bold"})
    ]
  };
}

function text(alternatives: readonly NoisyAlternative[]): string {
  const names = alternatives.map(({alternative}) => shorten(oneLine(alternative), 34));
  const room = Math.max(11, ...names.map(width));
  const scale = Math.max(...alternatives.flatMap(({least, greatest}) => [Math.abs(least), Math.abs(greatest)])) || 1;
  const decimals = Math.min(6, Math.max(3, 2 - Math.floor(Math.log10(scale))));
  const row = (cells: readonly string[]): string => [pad(cells[0], room, "left"), ...cells.slice(1).map((cell) => pad(cell, 9, "right"))].join("  ");
  return [
    row(["alternative", "mean p", "least e", "most e", "rms e", "cells"]),
    ...alternatives.map(({meanP, least, greatest, rms, cells}, j) => row([names[j], fixed(meanP, 4), ...[least, greatest, rms].map((e) => fixed(e, decimals)), String(cells)]))
  ].join("\n");
}
