import {ChoiceError, checkOptions} from "../../errors.js";
import type {FitFacts} from "../../estimate/types.js";
import type {EstimateRow} from "../../infer/estimates.js";
import {intervalAxis, intervalBar} from "../bars.js";
import {oneLine} from "../escape.js";
import {drawings} from "../drawing.js";
import type {Drawing} from "../drawing.js";
import {figure} from "../figure.js";
import type {Figure} from "../figure.js";
import {brief} from "../format.js";
import {byRole} from "../roles.js";
import type {PlotModule} from "../studio.js";
import {pad, shorten, width} from "../width.js";
import {legend} from "./legend.js";
import {figureWidth, margin, palette, shapes} from "./palette.js";
import {tick} from "./tick.js";

export interface Coefficient {
  readonly fit: number;
  readonly name: string;
  readonly role: EstimateRow["role"];
  readonly estimate: number;
  readonly low: number | null;
  readonly high: number | null;
}

export interface CoefficientsFacts {
  readonly fits: readonly string[];
  readonly rows: readonly Coefficient[];
  readonly level: number;
}

/** What has a title and estimates: a fit of any kind. */
export type Estimated = Pick<FitFacts, "title" | "estimates">;

export interface CoefficientsOptions {
  /** Names of the fits. Default: the keys when fits come as a record, else the titles. */
  readonly names?: readonly string[];
  /** Only these parameters, by name. Default: all but the entries of Gamma, whose meaning others tell. */
  readonly only?: readonly string[];
}

/**
 * Estimates as dots with their intervals, for one fit or several; filled where the interval leaves zero out.
 *
 * @throws {ChoiceError} coefficients/nothing when there is nothing to draw
 * @example
 * coefficients({logit, mixed}, {only: ["price", "time"]})
 */
export function coefficients(fits: Estimated | readonly Estimated[] | Readonly<Record<string, Estimated>>, options: CoefficientsOptions = {}): Figure<CoefficientsFacts> {
  const at = "coefficients(fits)";
  checkOptions(at, options, ["names", "only"]);
  const {list, keys} = several(fits);
  const names = options.names ?? keys ?? numbered(list.map(({title}) => title));
  const rows = list.flatMap(({estimates}, fit) =>
    estimates.rows
      .filter(({name, estimate, detail}) => Number.isFinite(estimate) && (options.only ? options.only.includes(name) : !detail))
      .map(({name, role, estimate, low, high}) => ({fit, name, role, estimate, low, high}))
  );
  if (!rows.length || names.length !== list.length) {
    throw new ChoiceError("coefficients/nothing", {
      at, saw: rows.length ? `${names.length} names for ${list.length} fits` : "no estimates to draw",
      want: "at least one estimate and one name for each fit",
      hint: "leave the options out to draw everything"
    });
  }
  return figure("coefficients", {fits: names, rows, level: list[0].estimates.level});
}

function several(fits: Estimated | readonly Estimated[] | Readonly<Record<string, Estimated>>): {list: readonly Estimated[]; keys?: readonly string[]} {
  if (Array.isArray(fits)) return {list: fits as readonly Estimated[]};
  if ("estimates" in fits && "title" in fits && typeof fits.title === "string") return {list: [fits as Estimated]};
  return {list: Object.values(fits as Readonly<Record<string, Estimated>>), keys: Object.keys(fits)};
}

/** Equal titles are told apart by a number. */
function numbered(titles: readonly string[]): string[] {
  return new Set(titles).size === titles.length ? [...titles] : titles.map((title, i) => `(${i + 1}) ${title}`);
}

drawings.set("coefficients", (facts: CoefficientsFacts): Drawing => {
  const sure = `${Math.round(facts.level * 1000) / 10}% intervals`;
  return {
    title: facts.fits.length === 1 ? `${oneLine(facts.fits[0])}: estimates and ${sure}` : `Estimates and ${sure} of ${facts.fits.length} fits`,
    subtitle: "Filled marks: the interval leaves zero out",
    description: `Estimates with ${sure}: ${facts.rows.map(({name, estimate}) => `${oneLine(name)} ${brief(estimate)}`).slice(0, 30).join(", ")}.`,
    text: text(facts),
    panels: (Plot) => panels(Plot, facts)
  };
});

const isOut = ({low, high}: Coefficient): boolean => low !== null && high !== null && (low > 0 || high < 0);

function panels(Plot: PlotModule, {fits, rows}: CoefficientsFacts) {
  // One margin for all panels, so that they stand under each other.
  const labels = rows.map(({name}) => shorten(oneLine(name), 34));
  const marginLeft = margin(labels);
  const entries = fits.map((name, f) => ({name, color: palette[f % palette.length], symbol: shapes[f % shapes.length]}));
  const space = 9;
  const groups = byRole(rows).map(({title, rows}, g, all) => {
    const terms = [...new Set(rows.map(({name}) => name))];
    const height = terms.length * Math.max(22, 10 + space * fits.length) + 58;
    const marks = entries.flatMap(({color, symbol}, f) => {
      const mine = rows.filter(({fit}) => fit === f);
      const dy = (f - (fits.length - 1) / 2) * space;
      return [
        Plot.ruleY(mine.filter((d) => d.low !== null && d.high !== null), {y: "name", x1: "low", x2: "high", stroke: color, strokeWidth: 2, dy}),
        Plot.dot(mine, {y: "name", x: "estimate", symbol: symbol as "circle", r: 4, stroke: color, strokeWidth: 1.5, fill: (d: Coefficient) => (isOut(d) ? color : "#ffffff"), dy})
      ];
    });
    return {
      width: figureWidth,
      height,
      marginLeft,
      marginRight: 20,
      marginTop: 26,
      marginBottom: g === all.length - 1 ? 32 : 26,
      x: {label: null, grid: true, nice: true, zero: true, tickFormat: tick},
      y: {type: "point" as const, domain: terms, label: title, labelAnchor: "top" as const, labelArrow: "none" as const, tickFormat: (name: string) => shorten(oneLine(name), 34), tickSize: 0, padding: 0.6},
      color: {type: "identity" as const},
      marks: [Plot.ruleX([0], {stroke: "#57606a"}), ...marks]
    };
  });
  return [...(fits.length > 1 ? [legend(Plot, entries)] : []), ...groups];
}

function text({fits, rows}: CoefficientsFacts): string {
  const names = rows.map(({name, fit}) => oneLine(fits.length > 1 ? `${name}, ${fits[fit]}` : name));
  const room = Math.min(40, Math.max(...names.map(width)));
  return byRole(rows).map((group) => {
    const intervals = group.rows.flatMap(({low, estimate, high}) => (low === null || high === null ? [] : [{low, middle: estimate, high}]));
    const axis = intervalAxis(intervals);
    const lines = group.rows.map((row) => {
      const {low, estimate, high} = row;
      const bar = low !== null && high !== null && axis ? `  ${intervalBar({low, middle: estimate, high}, axis, "").text}  [${brief(low)}, ${brief(high)}]` : "";
      return `  ${pad(shorten(names[rows.indexOf(row)], room), room, "left")}  ${pad(brief(estimate), 9, "right")}${bar}`;
    });
    return [group.title, ...lines].join("\n");
  }).join("\n");
}
