import {sizes} from "../../data/choiceData.js";
import type {ChoiceFacts, Id} from "../../data/choiceData.js";
import {hasChoices} from "../../data/offers.js";
import {ChoiceError, checkOptions, expectFields, quote, suggest} from "../../errors.js";
import {observedShares} from "../../explain/observedShares.js";
import type {FittedShare, Subsets} from "../../explain/observedShares.js";
import {predicted} from "../../explain/predict.js";
import type {Explained} from "../../explain/substitution.js";
import {drawings} from "../drawing.js";
import type {Drawing} from "../drawing.js";
import {oneLine} from "../escape.js";
import {figure} from "../figure.js";
import type {Figure} from "../figure.js";
import {brief, count, percent, sureOf} from "../format.js";
import type {PlotModule} from "../studio.js";
import {pad, shorten, width} from "../width.js";
import {legend} from "./legend.js";
import {figureWidth, palette, shapes} from "./palette.js";

export type {FittedShare};

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
 * sample as large as the spread between people says (Korn and Graubard 1998; eq:effectiveChoices): choices of one person are no
 * independent ones, and few people say little of how they spread.
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
  const subsets: Named = by === undefined ? {groups: [""], of: () => 0, words: ""} : typeof by === "string" ? byAttribute(data, by) : byLabels(data, by);
  const {groups, words} = subsets;
  const rows = observedShares(data, predicted(fit, at), subsets, level);
  return figure("fitted shares", {title: fit.title, by: words, groups: groups.filter((group) => rows.some((row) => row.group === group)), level, rows});
}

/** Subsets, and what they are of. */
interface Named extends Subsets {
  readonly words: string;
}

/** So many values make subsets of their own. */
const fewValues = 6;

function byAttribute({attributes, x}: ChoiceFacts, name: string): Named {
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

function byLabels(data: ChoiceFacts, labels: readonly Id[]): Named {
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

const misses = ({predicted, low, high}: FittedShare): boolean => predicted < low || predicted > high;

/** Largest miss first. */
const worst = (rows: readonly FittedShare[]): FittedShare[] => rows.filter(misses).sort((a, b) => Math.abs(b.observed - b.predicted) - Math.abs(a.observed - a.predicted));

const named = ({group, alternative}: FittedShare): string => `${oneLine(alternative)}${group ? `, ${oneLine(group)}` : ""}`;

drawings.set("fitted shares", ({title, by, rows, level, groups}: FittedSharesFacts): Drawing => {
  const off = worst(rows).length;
  const sure = sureOf(level);
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
