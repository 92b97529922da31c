import {ChoiceError, checkOptions, expectFields} from "../../errors.js";
import type {FitFacts} from "../../estimate/types.js";
import type {EstimateRow} from "../../infer/estimates.js";
import {intervalAxis, intervalBar} from "../bars.js";
import {oneLine} from "../escape.js";
import {drawings} from "../drawing.js";
import type {Drawing} from "../drawing.js";
import {figure} from "../figure.js";
import type {Figure} from "../figure.js";
import {brief, sureOf} from "../format.js";
import {byRole} from "../roles.js";
import type {PlotModule} from "../studio.js";
import {derivedLegend, derivedMark, isCalled, namesOf, scaledRows} from "../scales.js";
import type {Scale} from "../scales.js";
import {checkNoTwins, picker} from "../terms.js";
import type {TermMap} from "../terms.js";
import {pad, shorten, width} from "../width.js";
import {inMargin, marginOf, tallest} from "./inMargin.js";
import {legend} from "./legend.js";
import {figureWidth, palette, shapes} from "./palette.js";
import {tick} from "./tick.js";

export interface Coefficient {
  readonly fit: number;
  readonly name: string;
  readonly role: EstimateRow["role"];
  readonly estimate: number;
  readonly low: number | null;
  readonly high: number | null;
  /** The scale it is on, where that is not the coefficient's own: it then has an axis of its own. */
  readonly scale?: Scale;
  /** True for a mean over people, made from parameters on a log scale. */
  readonly derived?: true;
}

export interface CoefficientsFacts {
  readonly fits: readonly string[];
  readonly rows: readonly Coefficient[];
  readonly level: number;
  /** The terms in the order that was chosen; absent where none was. */
  readonly order?: readonly string[];
}

/** What has a title and estimates: a fit of any kind. */
export type Estimated = Pick<FitFacts, "title" | "estimates">;

export interface CoefficientsOptions {
  /** Names of the fits. Default: the keys when fits come as a record, else the titles. */
  readonly names?: readonly string[];
  /** Only these parameters, by name, in their usual order. Default: all but the entries of Gamma, whose meaning others tell. */
  readonly only?: readonly string[];
  /** Which terms, in which order, under which names: `{price: "Price", time: "Travel time"}`, or a list. As for `compare`. */
  readonly coefficients?: TermMap;
}

/**
 * Estimates as dots with their intervals, for one fit or several; filled where the interval leaves zero out. No axis mixes scales: a
 * lognormal coefficient stands among the others by its mean over people, marked as derived, and the mean of its logarithm apart.
 *
 * @throws {ChoiceError} coefficients/not-fits; coefficients/nothing when there is nothing to draw; coefficients/level for intervals of
 *   different confidence; terms/unknown, terms/not-a-map, terms/twice for a map that cannot be read
 * @example
 * coefficients({logit, mixed}, {coefficients: {quality: "Quality", price: "Price"}}).facts.rows.map(({name}) => name) // ["Quality", "Price", "Quality", "Price"]
 */
export function coefficients(fits: Estimated | readonly Estimated[] | Readonly<Record<string, Estimated>>, options: CoefficientsOptions = {}): Figure<CoefficientsFacts> {
  const at = "coefficients(fits)";
  checkOptions(at, options, ["names", "only", "coefficients"]);
  const {list, keys} = several(fits, at);
  const names = options.names ?? keys ?? numbered(list.map(({title}) => title));
  const {only, coefficients: map} = options;
  const scaled = list.map(({estimates}) => scaledRows(estimates.rows));
  const pick = picker(map, {known: [...new Set(scaled.flatMap(namesOf))], at});
  const found = scaled.flatMap((all, fit) => {
    const mine = pick(all.filter((row) => Number.isFinite(row.estimate) && (only ? only.some((name) => isCalled(row, name)) : map ? true : !row.detail)));
    if (map) checkNoTwins(mine, names[fit], at);
    return mine.map(({label, place, role, estimate, low, high, scale, derived, told}) => ({
      place, row: {fit, name: told === undefined || label.endsWith(`: ${told}`) ? label : `${label}: ${told}`, role, estimate, low, high, ...(scale && {scale}), ...(derived && {derived})}
    }));
  });
  const rows = found.map(({row}) => row);
  const order = [...new Set([...found].sort((a, b) => a.place - b.place).map(({row}) => row.name))];
  if (!rows.length || names.length !== list.length) {
    throw new ChoiceError("coefficients/nothing", {
      at, saw: rows.length ? `${names.length} names for ${list.length} fits` : "no estimates to draw",
      want: "at least one estimate and one name for each fit",
      hint: "leave the options out to draw everything"
    });
  }
  const other = list.findIndex(({estimates: {level}}) => level !== list[0].estimates.level);
  if (other >= 0) {
    throw new ChoiceError("coefficients/level", {at, saw: `intervals of ${list[0].estimates.level} and of ${list[other].estimates.level}`, want: "intervals of one confidence", hint: "fit them with the same level"});
  }
  return figure("coefficients", {fits: names, rows, level: list[0].estimates.level, ...(map && {order})});
}

function several(fits: Estimated | readonly Estimated[] | Readonly<Record<string, Estimated>>, at: string): {list: readonly Estimated[]; keys?: readonly string[]} {
  const fail = (fit: unknown) => expectFields("coefficients/not-fits", at, fit, ["title", "estimates"], "a fit, a list of fits, or a record from name to fit", "coefficients({logit, mixed})");
  if (typeof fits !== "object" || fits === null || "then" in fits) fail(fits);
  else if (!("estimates" in fits)) for (const fit of Object.values(fits)) fail(fit);
  if (Array.isArray(fits)) return {list: fits as readonly Estimated[]};
  if ("estimates" in fits && "title" in fits && typeof fits.title === "string") return {list: [fits as Estimated]};
  return {list: Object.values(fits as Readonly<Record<string, Estimated>>), keys: Object.keys(fits)};
}

/** Equal titles are told apart by a number. */
function numbered(titles: readonly string[]): string[] {
  return new Set(titles).size === titles.length ? [...titles] : titles.map((title, i) => `(${i + 1}) ${title}`);
}

drawings.set("coefficients", (facts: CoefficientsFacts): Drawing => {
  const sure = `${sureOf(facts.level)} intervals`;
  const means = facts.rows.some(({derived}) => derived) ? `; ${derivedLegend}` : "";
  return {
    title: facts.fits.length === 1 ? `${oneLine(facts.fits[0])}: estimates and ${sure}` : `Estimates and ${sure} of ${facts.fits.length} fits`,
    subtitle: `Filled marks: the interval leaves zero out${means}`,
    description: `Estimates with ${sure}: ${facts.rows.map(({name, estimate, derived}) => `${oneLine(name)} ${brief(estimate)}${derived ? derivedMark : ""}`).slice(0, 30).join(", ")}${means}.`,
    text: text(facts),
    panels: (Plot) => panels(Plot, facts)
  };
});

const isOut = ({low, high}: Coefficient): boolean => low !== null && high !== null && (low > 0 || high < 0);

/** Rows by role, as they are read: in the usual order, or in the one that was chosen, whichever fit has a term. */
function grouped({rows, order}: CoefficientsFacts) {
  if (!order) return byRole(rows);
  const sorted = [...rows].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name) || a.fit - b.fit);
  // An order that goes back and forth between scales still has an axis for each.
  return ([undefined, "log", "latent"] as const).flatMap((scale) => byRole(sorted.filter((row) => row.scale === scale), true));
}

/** Beyond so many times the typical reach an interval is cut, so that the others can be seen. */
const wild = 12;

/** Where the axis of a panel ends: at zero at least, and where all but wild intervals do. */
function stretch(rows: readonly Coefficient[]): [number, number] {
  const reach = rows.map(({low, estimate, high}) => Math.max(Math.abs(low ?? estimate), Math.abs(high ?? estimate))).sort((a, b) => a - b);
  const limit = wild * reach[reach.length >> 1] || reach[reach.length - 1] || 1;
  const [low, high] = [Math.max(-limit, Math.min(0, ...rows.map((d) => d.low ?? d.estimate))), Math.min(limit, Math.max(0, ...rows.map((d) => d.high ?? d.estimate)))];
  return low < high ? [low, high] : [-1, 1];
}

function panels(Plot: PlotModule, facts: CoefficientsFacts) {
  const {fits, rows} = facts;
  // One margin for all panels, so that they stand under each other.
  const marginLeft = marginOf(rows.map(({name}) => inMargin(name)));
  // A second round of colours takes other shapes.
  const entries = fits.map((name, f) => ({name, color: palette[f % palette.length], symbol: shapes[(f + Math.floor(f / palette.length)) % shapes.length]}));
  const space = fits.length > 4 ? 7 : 9;
  const groups = grouped(facts).map(({title, rows}, g, all) => {
    const terms = [...new Set(rows.map(({name}) => name))];
    const height = terms.length * Math.max(22, 10 + space * fits.length, 13 * tallest(terms.map((name) => inMargin(name))) + 8) + (title ? 58 : 42);
    const [low, high] = stretch(rows);
    const marks = entries.flatMap(({color, symbol}, f) => {
      const mine = rows.filter(({fit}) => fit === f);
      const dy = (f - (fits.length - 1) / 2) * space;
      const seen = mine.filter(({estimate}) => estimate >= low && estimate <= high);
      const sure = mine.flatMap((d) => (d.low !== null && d.high !== null && d.low < high && d.high > low ? [{name: d.name, from: Math.max(low, d.low), to: Math.min(high, d.high)}] : []));
      const arrow = (beyond: readonly Coefficient[], at: number, way: number) =>
        Plot.dot(beyond, {y: "name", x: () => at, symbol: "triangle", rotate: way, r: 3, fill: color, dx: way < 0 ? -4 : 4, dy});
      return [
        Plot.ruleY(sure, {y: "name", x1: "from", x2: "to", stroke: color, strokeWidth: 2, dy}),
        arrow(mine.filter((d) => (d.low ?? d.estimate) < low), low, -90),
        arrow(mine.filter((d) => (d.high ?? d.estimate) > high), high, 90),
        Plot.dot(seen, {y: "name", x: "estimate", symbol: symbol as "circle", r: 4, stroke: color, strokeWidth: 1.5, fill: (d: Coefficient) => (isOut(d) ? color : "#ffffff"), dy}),
        Plot.text(mine.filter(({derived}) => derived), {y: "name", x: (d: Coefficient) => Math.max(low, Math.min(high, d.high ?? d.estimate)), text: () => derivedMark, fontSize: 13, dx: 8, dy, fill: color})
      ];
    });
    return {
      width: figureWidth,
      height,
      marginLeft,
      marginRight: 20,
      marginTop: title ? 26 : 10,
      marginBottom: g === all.length - 1 ? 32 : 26,
      x: {label: null, grid: true, nice: true, domain: [low, high], tickFormat: tick},
      y: {type: "point" as const, domain: terms, label: title || null, labelAnchor: "top" as const, labelOffset: marginLeft - 12, labelArrow: "none" as const, tickFormat: (name: string) => inMargin(name), tickSize: 0, padding: 0.6},
      color: {type: "identity" as const},
      marks: [Plot.ruleX([0], {stroke: "#57606a"}), ...marks]
    };
  });
  return [...(fits.length > 1 ? [legend(Plot, entries)] : []), ...groups];
}

function text(facts: CoefficientsFacts): string {
  const {fits, rows} = facts;
  // A long name leaves room for the fit's.
  const marked = rows.some(({derived}) => derived);
  const names = new Map(rows.map((row) => [row, fits.length > 1 ? `${shorten(oneLine(row.name), 28)}, ${shorten(oneLine(fits[row.fit]), 24)}` : shorten(oneLine(row.name), 40)]));
  const room = Math.max(...[...names.values()].map(width));
  return grouped(facts).map((group) => {
    const intervals = group.rows.flatMap(({low, estimate, high}) => (low === null || high === null ? [] : [{low, middle: estimate, high}]));
    const axis = intervalAxis(intervals);
    const lines = group.rows.map((row) => {
      const {low, estimate, high, derived} = row;
      const bar = low !== null && high !== null && axis ? `  ${intervalBar({low, middle: estimate, high}, axis, "").text}  [${brief(low)}, ${brief(high)}]` : "";
      return `  ${pad(names.get(row)!, room, "left")}  ${pad(`${brief(estimate)}${derived ? derivedMark : marked ? " " : ""}`, 9, "right")}${bar}`;
    });
    return [...(group.title ? [group.title] : []), ...lines].join("\n");
  }).join("\n");
}
