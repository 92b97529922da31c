import {ChoiceError, checkOptions, expectFields, quote, suggest} from "../../errors.js";
import {readings} from "../../entropy/mixing/readings.js";
import type {MixingFit} from "../../entropy/mixing/types.js";
import {drawings} from "../drawing.js";
import type {Drawing} from "../drawing.js";
import {oneLine} from "../escape.js";
import {figure} from "../figure.js";
import type {Figure} from "../figure.js";
import {brief, percent} from "../format.js";
import type {PlotModule} from "../studio.js";
import {pad, width} from "../width.js";
import {heading} from "./heading.js";
import {marginal} from "./marginal.js";
import type {Marginal, Stretch} from "./marginal.js";
import {figureWidth, palette} from "./palette.js";
import {tick} from "./tick.js";

/** One coefficient's mixing weights, and what is read off them. */
export interface MixedCoefficient extends Marginal {
  readonly name: string;
  /** Mean over people and its standard error; null where there is none. */
  readonly mean: number;
  readonly error: number | null;
  readonly sd: number;
  /** Share of people below zero. */
  readonly below: number;
  readonly atBase: {readonly mean: number; readonly sd: number; readonly below: number};
}

export interface MixingDistributionFacts {
  readonly title: string;
  /** Nats from the base. */
  readonly divergence: number;
  readonly coefficients: readonly MixedCoefficient[];
}

export interface MixingDistributionOptions {
  /** Only this coefficient, or these. Default: all that vary. */
  readonly coefficient?: string | readonly string[];
}

/**
 * The mixing weights of a fit along each coefficient of its tastes, beside the base that it departed from: where the two agree,
 * the picture shows an assumption, not the data. Weights are drawn as densities, so that uneven grids look as they should;
 * the side of zero with less of the weight is hollow.
 *
 * @throws {ChoiceError} mixing/not-a-fit, mixing/coefficient
 * @example
 * const mixture = await fitMaxEntMixed(data, {tastes: tasteGrid({price: {from: -5, to: 3, points: 33}})});
 * mixingDistribution(mixture).facts.coefficients.map(({name}) => name) // ["price"]
 */
export function mixingDistribution(fit: Pick<MixingFit, "title" | "tastes" | "weights" | "identification" | "estimates">, options: MixingDistributionOptions = {}): Figure<MixingDistributionFacts> {
  const at = "mixingDistribution(fit)";
  expectFields("mixing/not-a-fit", at, fit, ["tastes", "weights", "identification", "estimates"], "a fitted mixture", "mixingDistribution(await fitMaxEntMixed(data, {…}))");
  checkOptions(at, options, ["coefficient"]);
  const {tastes, weights, estimates} = fit;
  const base = tastes.logBase.map(Math.exp);
  const [own, before] = [weights, base].map((w) => new Map(readings(tastes, w).map(({name, value}) => [name, value])));
  const coefficients = chosen(fit, options, at).map((d): MixedCoefficient => {
    const name = tastes.names[d];
    const told = (read: ReadonlyMap<string, number>) => ({mean: read.get(`mean[${name}]`)!, sd: read.get(`sd[${name}]`) ?? 0, below: read.get(`P(${name} < 0)`)!});
    return {name, ...marginal(tastes, weights, d), ...told(own), error: estimates.rows.find((row) => row.name === `mean[${name}]`)?.error ?? null, atBase: told(before)};
  });
  return figure("mixing distribution", {title: fit.title, divergence: fit.identification.divergence, coefficients});
}

/** Places of the coefficients to be drawn. */
function chosen({tastes: {names, points}}: Pick<MixingFit, "tastes">, {coefficient}: MixingDistributionOptions, at: string): number[] {
  const wanted = coefficient === undefined ? undefined : typeof coefficient === "string" ? [coefficient] : coefficient;
  if (wanted !== undefined && (!Array.isArray(wanted) || !wanted.length)) throw new ChoiceError("mixing/coefficient", {at, saw: `coefficient: ${quote(coefficient)}`, want: "a coefficient among the tastes, or several", hint: `coefficient: ${quote(names[0])}`});
  if (wanted) {
    return wanted.map((name) => {
      const d = names.indexOf(name);
      if (d < 0) throw new ChoiceError("mixing/coefficient", {at, saw: `coefficient: ${quote(name)}`, want: "a coefficient among the tastes", hint: suggest(String(name), names)});
      return d;
    });
  }
  const varied = [...names.keys()].filter((d) => points[d].some((b) => b !== points[d][0]));
  return varied.length ? varied : [...names.keys()];
}

drawings.set("mixing distribution", (facts: MixingDistributionFacts): Drawing => {
  const {title, divergence, coefficients} = facts;
  const whole = coefficients.every(({outside}) => outside.weight === 0 && outside.base === 0);
  return {
    title: `${oneLine(title)}: ${brief(divergence)} nats from the base`,
    subtitle: `Bars: density of the mixture, hollow on the side of zero with less of it. Dashes: the base. Upright line: the mean${whole ? "" : ". The outermost draws are left out"}`,
    description: `Mixing weights of ${oneLine(title)} beside their base: ${coefficients.slice(0, 20).map((c) => told(c)).join("; ")}.`,
    text: coefficients.map((c) => `${told(c)}\n${text(c)}`).join("\n"),
    panels: (Plot) => coefficients.map((c) => panel(Plot, c))
  };
});

/** "price: mean −1.64 ± 0.62 (base −1.5), sd 0.99 (1), 5.7% above zero (7.1%)". */
function told({name, mean, error, sd, below, atBase}: MixedCoefficient, write: (x: number) => string = brief): string {
  const over = below > 0.5;
  const wrong = over ? 1 - below : below;
  const share = `${wrong < 0.0005 && wrong > 1e-9 ? "under 0.1%" : percent(wrong)} ${over ? "above" : "below"} zero (${percent(over ? 1 - atBase.below : atBase.below)})`;
  return `${oneLine(name)}: mean ${write(mean)}${error ? ` ± ${brief(error, 2)}` : ""} (base ${write(atBase.mean)}), sd ${brief(sd)} (${brief(atBase.sd)}), ${share}`;
}

const density = ({low, high}: Stretch, weight: number): number => weight / (high - low);

function panel(Plot: PlotModule, c: MixedCoefficient) {
  const {stretches, mean, below} = c;
  const few = (s: Stretch): boolean => (below > 0.5 ? s.low >= 0 : s.high <= 0);
  const bars = stretches.map((s) => ({...s, y: density(s, s.weight), color: few(s) ? palette[1] : palette[0]}));
  const outline = stretches.flatMap((s) => [{x: s.low, y: density(s, s.base)}, {x: s.high, y: density(s, s.base)}]);
  const [first, last] = [stretches[0].low, stretches[stretches.length - 1].high];
  const top = Math.max(...bars.map(({y}) => y), ...outline.map(({y}) => y));
  const inside = mean >= first && mean <= last;
  const {mark, marginTop} = heading(Plot, told(c, tick), 24);
  return {
    width: figureWidth,
    height: 150 + marginTop,
    marginLeft: 24,
    marginRight: 24,
    marginTop,
    marginBottom: 30,
    x: {label: null, domain: [first, last], tickFormat: tick, ticks: 9},
    y: {axis: null, domain: [0, top * 1.02]},
    color: {type: "identity" as const},
    marks: [
      Plot.rect(bars.filter((s) => !few(s)), {x1: "low", x2: "high", y1: 0, y2: "y", fill: "color", fillOpacity: 0.8, stroke: "color", strokeWidth: 0.5}),
      Plot.rect(bars.filter((s) => few(s) && s.weight > 0), {x1: "low", x2: "high", y1: 0, y2: "y", fill: "#ffffff", stroke: "color", strokeWidth: 1.2}),
      Plot.line([{x: first, y: 0}, ...outline, {x: last, y: 0}], {x: "x", y: "y", stroke: "#57606a", strokeDasharray: "4 3", strokeWidth: 1.2}),
      inside ? Plot.ruleX([mean], {stroke: "#1f2328", strokeWidth: 1.5, y1: 0, y2: top}) : null,
      first < 0 && last > 0 ? Plot.ruleX([0], {stroke: "#57606a"}) : null,
      Plot.ruleY([0], {stroke: "#57606a"}),
      mark
    ]
  };
}

/** So many lines of characters stand for a coefficient; finer grids are drawn together. */
const lines = 16;

function text({stretches}: MixedCoefficient): string {
  const joined = grouped(stretches);
  const most = Math.max(...joined.map((s) => density(s, s.weight)));
  const names = joined.map(({low, high}) => `${brief(low)} to ${brief(high)}`);
  const room = Math.max(...names.map(width));
  return joined.map((s, k) => `  ${pad(names[k], room, "left")}  ${pad(percent(s.weight), 6, "right")}  base ${pad(percent(s.base), 6, "right")}  ${"█".repeat(Math.round((24 * density(s, s.weight)) / most))}`).join("\n");
}

/** Neighbours drawn together, never across zero. */
function grouped(stretches: readonly Stretch[]): Stretch[] {
  const size = Math.ceil(stretches.length / lines);
  const out: (Stretch & {n: number})[] = [];
  for (const s of stretches) {
    const last = out[out.length - 1];
    if (last && last.n < size && s.low !== 0) out[out.length - 1] = {low: last.low, high: s.high, base: last.base + s.base, weight: last.weight + s.weight, n: last.n + 1};
    else out.push({...s, n: 1});
  }
  return out;
}
