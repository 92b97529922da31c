import {sizes} from "../../data/choiceData.js";
import type {ChoiceFacts, Id} from "../../data/choiceData.js";
import {hasChoices} from "../../data/offers.js";
import {ChoiceError, checkOptions, expectFields, quote, suggest} from "../../errors.js";
import {predicted} from "../../explain/predict.js";
import type {Explained} from "../../explain/substitution.js";
import {quantile} from "../../math/normal.js";
import {drawings} from "../drawing.js";
import type {Drawing} from "../drawing.js";
import {oneLine} from "../escape.js";
import {figure} from "../figure.js";
import type {Figure} from "../figure.js";
import {brief, count, percent} from "../format.js";
import type {PlotModule} from "../studio.js";
import {pad, shorten, width} from "../width.js";
import {legend} from "./legend.js";
import {figureWidth, palette, shapes} from "./palette.js";

/** Choices of one alternative in one subset: as observed, and as the fit has them. */
export interface FittedShare {
  /** Empty where all choices are one set. */
  readonly group: string;
  readonly alternative: string;
  /** Weighted choices of the alternative, and occasions on which it was on offer, in this subset. */
  readonly chosen: number;
  readonly offered: number;
  /** Of the occasions on which it was on offer. */
  readonly observed: number;
  readonly predicted: number;
  /** An interval of the observed share. */
  readonly low: number;
  readonly high: number;
}

export interface FittedSharesFacts {
  readonly title: string;
  /** What the subsets are of; empty where there are none. */
  readonly by: string;
  readonly groups: readonly string[];
  readonly level: number;
  readonly rows: readonly FittedShare[];
}

export interface FittedSharesOptions {
  /**
   * Subsets to look at: an attribute of the data, in quarters where it takes many values, of the situation or, where it differs
   * between alternatives, of each alternative's own; or labels of your own, one for each situation or each person.
   */
  readonly by?: string | readonly Id[];
  /** Confidence of the intervals, default 0.95. */
  readonly level?: number;
}

const at = "fittedShares(fit)";

/**
 * Observed against fitted shares, by subsets: a fit with intercepts has the shares of all choices right by construction, so
 * look where it was not told, `{by: "income"}`. Marks on the diagonal are right; an interval that misses it is filled and named.
 *
 * Fitted shares are of the alternatives on offer, averaged over the population's tastes. Intervals are Wilson's (1927), with the
 * sample as large as the spread between people says: choices of one person are no independent ones.
 *
 * @param fit of choices, by any model but a mixture of maximum entropy
 * @throws {ChoiceError} figure/no-choices, figure/by, infer/level, and as `marginalEffects`
 * @example
 * fittedShares(logit, {by: "price"}).facts.groups.length // 4
 */
export function fittedShares(fit: Explained, options: FittedSharesOptions = {}): Figure<FittedSharesFacts> {
  expectFields("figure/not-a-fit", at, fit, ["design", "theta", "data"], "a fit", "fittedShares(await fitMnl(data))");
  checkOptions(at, options, ["by", "level"]);
  const {by, level = 0.95} = options;
  if (!(level > 0 && level < 1)) throw new ChoiceError("infer/level", {at, saw: `level: ${quote(level)}`, want: "a number between 0 and 1, such as 0.95"});
  const {data} = fit;
  if (!hasChoices(data)) throw new ChoiceError("figure/no-choices", {at, saw: "a fit of offers", want: "a fit of choices, whose shares were observed"});
  const {groups, of, words} = by === undefined ? {groups: [""], of: () => 0, words: ""} : typeof by === "string" ? byAttribute(data, by) : byLabels(data, by);
  const rows = tallied(data, predicted(fit, at), groups, of, -quantile((1 - level) / 2));
  return figure("fitted shares", {title: fit.title, by: words, groups: groups.filter((group) => rows.some((row) => row.group === group)), level, rows});
}

interface Subsets {
  readonly groups: readonly string[];
  /** The subset of an alternative's row in a situation. */
  readonly of: (row: number, n: number) => number;
  readonly words: string;
}

/** So many values make subsets of their own. */
const fewValues = 6;

function byAttribute({attributes, x}: ChoiceFacts, name: string): Subsets {
  const [K, k] = [attributes.length, attributes.indexOf(name)];
  if (k < 0) throw new ChoiceError("figure/by", {at, saw: `by: ${quote(name)}`, want: "an attribute of the data, or a list of labels", hint: suggest(name, attributes)});
  const sorted = Float64Array.from({length: x.length / K}, (_, row) => x[row * K + k]).sort();
  const values = [...new Set(sorted)];
  if (values.length <= fewValues) {
    const place = new Map(values.map((value, g) => [value, g]));
    return {groups: values.map((value) => `${name} ${brief(value, 4)}`), of: (row) => place.get(x[row * K + k])!, words: name};
  }
  const cuts = [...new Set([0.25, 0.5, 0.75].map((part) => sorted[Math.floor(part * (sorted.length - 1))]))].filter((cut) => cut < sorted[sorted.length - 1]);
  const edges = [sorted[0], ...cuts, sorted[sorted.length - 1]];
  return {
    groups: [...cuts.keys(), cuts.length].map((g) => `${name} ${g ? "above" : "from"} ${brief(edges[g])} to ${brief(edges[g + 1])}`),
    of: (row) => cuts.filter((cut) => x[row * K + k] > cut).length, words: `quarters of ${name}`
  };
}

function byLabels(data: ChoiceFacts, labels: readonly Id[]): Subsets {
  const {people, situations} = sizes(data);
  if (!Array.isArray(labels) || (labels.length !== people && labels.length !== situations)) {
    throw new ChoiceError("figure/by", {at, saw: Array.isArray(labels) ? `${labels.length} labels` : `by: ${quote(labels)}`, want: `one label for each of ${people} people, or of ${situations} situations`});
  }
  const groups = [...new Set(labels.map(String))];
  const place = new Map(groups.map((group, g) => [group, g]));
  if (labels.length === situations) return {groups, of: (_, n) => place.get(String(labels[n]))!, words: "subsets"};
  const owner = new Int32Array(situations);
  for (let i = 0; i < people; ++i) owner.fill(i, data.person[i], data.person[i + 1]);
  return {groups, of: (_, n) => place.get(String(labels[owner[n]]))!, words: "subsets of people"};
}

/** Shares of each subset and alternative, with how much people differ in them. */
function tallied(data: ChoiceFacts, p: Float64Array, groups: readonly string[], of: Subsets["of"], z: number): FittedShare[] {
  const {situation, person, weight, alternative, alternatives, chosen} = data;
  const J = alternatives.length;
  const cells = groups.length * J;
  const [won, open, said] = [new Float64Array(cells), new Float64Array(cells), new Float64Array(cells)];
  const people: Map<number, [won: number, open: number]>[] = Array.from({length: cells}, () => new Map());
  for (let i = 0; i + 1 < person.length; ++i) for (let n = person[i]; n < person[i + 1]; ++n) for (let row = situation[n]; row < situation[n + 1]; ++row) {
    const cell = of(row, n) * J + alternative[row];
    const y = chosen[n] === row ? weight[n] : 0;
    won[cell] += y;
    open[cell] += weight[n];
    said[cell] += weight[n] * p[row];
    const [a, b] = people[cell].get(i) ?? [0, 0];
    people[cell].set(i, [a + y, b + weight[n]]);
  }
  return groups.flatMap((group, g) => alternatives.flatMap((name, j): FittedShare[] => {
    const cell = g * J + j;
    if (!(open[cell] > 0)) return [];
    const observed = won[cell] / open[cell];
    return [{group, alternative: name, chosen: won[cell], offered: open[cell], observed, predicted: said[cell] / open[cell], ...wilson(observed, effective(observed, open[cell], people[cell]), z)}];
  }));
}

/** How many independent choices would be as uncertain: people are, their choices are not. */
function effective(share: number, offered: number, people: ReadonlyMap<number, readonly [number, number]>): number {
  const I = people.size;
  let sum = 0;
  for (const [a, b] of people.values()) sum += (a - share * b) ** 2;
  const variance = I > 1 ? (sum / offered ** 2) * (I / (I - 1)) : 0;
  return variance > 0 ? (share * (1 - share)) / variance : I;
}

/** Wilson's interval of a share among n. */
function wilson(share: number, n: number, z: number): {low: number; high: number} {
  const a = (z * z) / n;
  const middle = (share + a / 2) / (1 + a);
  const reach = Math.sqrt((share * (1 - share) * a + (a * a) / 4)) / (1 + a);
  return {low: Math.max(0, middle - reach), high: Math.min(1, middle + reach)};
}

const misses = ({predicted, low, high}: FittedShare): boolean => predicted < low || predicted > high;

/** Largest miss first. */
const worst = (rows: readonly FittedShare[]): FittedShare[] => rows.filter(misses).sort((a, b) => Math.abs(b.observed - b.predicted) - Math.abs(a.observed - a.predicted));

const named = ({group, alternative}: FittedShare): string => `${oneLine(alternative)}${group ? `, ${oneLine(group)}` : ""}`;

drawings.set("fitted shares", ({title, by, rows, level, groups}: FittedSharesFacts): Drawing => {
  const off = worst(rows).length;
  const sure = `${Math.round(level * 1000) / 10}%`;
  return {
    title: `${oneLine(title)}: observed against fitted shares${by ? `, by ${oneLine(by)}` : ""}`,
    subtitle: `${off ? `${off} of ${count(rows.length, "interval misses", "intervals miss")} the diagonal: filled` : "No interval misses the diagonal"}; one in ${Math.round(1 / (1 - level))} would by chance (${sure})`,
    description: `Observed and fitted shares: ${rows.slice(0, 30).map((row) => `${named(row)} ${percent(row.observed)}, fitted ${percent(row.predicted)}`).join("; ")}.`,
    text: text(rows, groups.length > 1),
    panels: (Plot) => panels(Plot, rows)
  };
});

/** So many alternatives have colours and a legend; more are all alike, and those that miss are named. */
const coloured = 6;
const namedInPicture = 8;

function panels(Plot: PlotModule, rows: readonly FittedShare[]) {
  const alternatives = [...new Set(rows.map(({alternative}) => alternative))];
  const few = alternatives.length <= coloured;
  const look = ({alternative}: FittedShare) => {
    const j = few ? alternatives.indexOf(alternative) : 0;
    return {color: palette[j], symbol: shapes[j]};
  };
  const low = Math.min(...rows.flatMap(({low, predicted}) => [low, predicted]));
  const high = Math.max(...rows.flatMap(({high, predicted}) => [high, predicted]));
  const room = (high - low) * 0.04 || 0.01;
  const [from, to] = [Math.max(0, low - room), Math.min(1, high + room)];
  const share = (x: number): string => `${Math.round(1000 * x) / 10}%`;
  const said = apart(worst(rows).slice(0, namedInPicture), to - from);
  return [
    ...(few && alternatives.length > 1 ? [legend(Plot, alternatives.map((name, j) => ({name, color: palette[j], symbol: shapes[j]})))] : []),
    {
      width: figureWidth,
      height: 380,
      marginLeft: 60,
      marginRight: 24,
      marginTop: 24,
      marginBottom: 42,
      x: {label: "Fitted share", labelAnchor: "center" as const, labelArrow: "none" as const, domain: [from, to], ticks: 6, tickFormat: share, grid: true},
      y: {label: "Observed share", labelAnchor: "top" as const, labelArrow: "none" as const, domain: [from, to], ticks: 6, tickFormat: share, grid: true},
      color: {type: "identity" as const},
      marks: [
        Plot.line([[from, from], [to, to]], {stroke: "#57606a", strokeDasharray: "5 4"}),
        ...rows.flatMap((row) => {
          const {color, symbol} = look(row);
          return [
            Plot.ruleX([row], {x: "predicted", y1: "low", y2: "high", stroke: color, strokeWidth: 1.6, strokeOpacity: rows.length > 40 ? 0.5 : 1}),
            Plot.dot([row], {x: "predicted", y: "observed", symbol: symbol as "circle", r: rows.length > 40 ? 3 : 4.2, stroke: color, strokeWidth: 1.5, fill: misses(row) ? color : "#ffffff"})
          ];
        }),
        // Away from the diagonal, unless the frame ends there.
        ...said.map(({row, y}) => {
          const words = shorten(named(row), 44);
          const room = (6.2 * width(words) + 12) / (figureWidth - 84) * (to - from);
          const left = row.observed > row.predicted ? row.predicted - room > from : row.predicted + room > to;
          return Plot.text([row], {x: "predicted", y: () => y, text: () => words, textAnchor: left ? "end" : "start", dx: left ? -9 : 9, fontSize: 10.5, stroke: "#ffffff", strokeWidth: 3, fill: "#1f2328"});
        })
      ]
    }
  ];
}

/** Heights of labels that do not run into each other, the largest miss first. */
function apart(rows: readonly FittedShare[], span: number): {readonly row: FittedShare; readonly y: number}[] {
  const least = (span * 14) / 314;
  const placed: {row: FittedShare; y: number}[] = [];
  for (const row of rows) if (placed.every(({y, row: other}) => Math.abs(y - row.observed) >= least || Math.abs(other.predicted - row.predicted) > span * 0.45)) placed.push({row, y: row.observed});
  return placed;
}

function text(rows: readonly FittedShare[], grouped: boolean): string {
  const names = rows.map(({alternative}) => shorten(oneLine(alternative), 34));
  const groups = rows.map(({group}) => shorten(oneLine(group), 34));
  const [room, side] = [Math.max(11, ...names.map(width)), Math.max(6, ...groups.map(width))];
  const line = (group: string, name: string, cells: readonly string[]): string => [...(grouped ? [pad(group, side, "left")] : []), pad(name, room, "left"), ...cells.map((cell) => pad(cell, 8, "right"))].join("  ").trimEnd();
  return [
    line("subset", "alternative", ["offered", "observed", "fitted", "low", "high"]),
    ...rows.map((row, k) => `${line(groups[k], names[k], [brief(row.offered, 6), percent(row.observed), percent(row.predicted), percent(row.low), percent(row.high)])}${misses(row) ? "  *" : ""}`),
    ...(rows.some(misses) ? ["* the interval of the observed share leaves the fitted one out"] : [])
  ].join("\n");
}
