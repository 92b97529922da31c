import type {ComplementarityFacts} from "../../bundles/complementarity.js";
import type {BundleFacts} from "../../bundles/fitBundles.js";
import {ChoiceError, checkOptions, expectFields, quote, suggest} from "../../errors.js";
import {drawings} from "../drawing.js";
import type {Drawing} from "../drawing.js";
import {oneLine} from "../escape.js";
import {figure} from "../figure.js";
import type {Figure} from "../figure.js";
import {brief, count, fixed, percent, stars, starsLegend} from "../format.js";
import type {PlotModule} from "../studio.js";
import {pad, shorten, width} from "../width.js";
import {inMargin, tallest} from "./inMargin.js";
import {legend} from "./legend.js";
import {figureWidth, margin, palette} from "./palette.js";

/** A pair of goods, by their places: row below column. */
export interface MatrixCell {
  readonly row: number;
  readonly column: number;
  readonly value: number;
  /** Adjusted for the number of pairs. */
  readonly p: number;
}

/** "theta": the log-linear interaction. "delta": both × neither less first × second. "phi": the correlation of purchases. */
export type MatrixMeasure = "theta" | "delta" | "phi";

export interface ComplementarityMatrixFacts {
  readonly goods: readonly string[];
  /** Share of each good, where it is known. */
  readonly bought: readonly (number | null)[];
  readonly cells: readonly MatrixCell[];
  readonly of: MatrixMeasure | "interaction";
  readonly adjusted: "Holm" | "Benjamini and Hochberg";
  readonly n: number;
  /** Goods that are not drawn, as they are bought less often. */
  readonly left: number;
}

export interface ComplementarityMatrixOptions {
  /** What to draw. Default "theta"; a fit of bundles has its interactions alone. */
  readonly of?: MatrixMeasure;
  /** Which p-values the stars stand for: "holm" or "bh". Default "holm". */
  readonly adjust?: "holm" | "bh";
}

const at = "complementarityMatrix(found)";

/** So many goods make a matrix that can be read. */
const most = 40;

/**
 * All pairs of goods at once: marks below the diagonal, as large as the measure and filled for complements, hollow for
 * substitutes; numbers above it, with stars after adjusting for the number of pairs; on it how many buy the good.
 *
 * @param found what `complementarity` or `fitBundles` found
 * @throws {ChoiceError} bundles/not-pairs, bundles/option
 * @example
 * complementarityMatrix(complementarity({"tea+milk": 30, tea: 20, milk: 15, none: 35})).facts.cells.length // 1
 */
export function complementarityMatrix(found: ComplementarityFacts | BundleFacts, options: ComplementarityMatrixOptions = {}): Figure<ComplementarityMatrixFacts> {
  expectFields("bundles/not-pairs", at, found, ["goods", "theta", "n"], "pairs of goods", "complementarityMatrix(complementarity(purchases))");
  checkOptions(at, options, ["of", "adjust"]);
  const {of = "theta", adjust = "holm"} = options;
  const known = "pairs" in found ? ["theta", "delta", "phi"] : ["theta"];
  if (!known.includes(of)) throw new ChoiceError("bundles/option", {at, saw: `of: ${quote(of)}`, want: `one of ${known.map(quote).join(", ")}`, hint: suggest(String(of), known)});
  if (adjust !== "holm" && adjust !== "bh") throw new ChoiceError("bundles/option", {at, saw: `adjust: ${quote(adjust)}`, want: '"holm" or "bh"', hint: suggest(String(adjust), ["holm", "bh"])});
  const {n} = found;
  const shares = "pairs" in found ? [...found.bought] : undefined;
  const kept = oftenBought(found.goods, shares);
  const goods = kept.map((j) => found.goods[j]);
  const place = new Map(goods.map((good, j) => [good, j]));
  const cell = (first: string, second: string, value: number, p: number): MatrixCell[] => {
    const [j, k] = [place.get(first), place.get(second)];
    return j === undefined || k === undefined ? [] : [{row: Math.max(j, k), column: Math.min(j, k), value, p}];
  };
  const p = (pair: {readonly holm: number; readonly benjaminiHochberg: number}): number => (adjust === "holm" ? pair.holm : pair.benjaminiHochberg);
  const cells = "pairs" in found
    ? found.pairs.flatMap((pair) => cell(pair.first, pair.second, {theta: pair.theta.value, delta: pair.correlation.value, phi: pair.phi}[of], p(pair)))
    : found.interactions.flatMap((pair) => cell(pair.first, pair.second, pair.value, p(pair)));
  return figure("complementarity", {
    goods, n, cells, bought: kept.map((j) => shares?.[j] ?? null), of: "pairs" in found ? of : "interaction",
    adjusted: adjust === "holm" ? "Holm" : "Benjamini and Hochberg", left: found.goods.length - goods.length
  });
}

/** Places of the goods to be drawn, in their order. */
function oftenBought(goods: readonly string[], shares?: readonly number[]): number[] {
  const all = [...goods.keys()];
  if (goods.length <= most || !shares) return all;
  const often = new Set([...all].sort((a, b) => shares[b] - shares[a]).slice(0, most));
  return all.filter((j) => often.has(j));
}

const named: Readonly<Record<ComplementarityMatrixFacts["of"], string>> = {
  theta: "log-linear interactions", delta: "both × neither less first × second", phi: "correlations of purchases", interaction: "interactions, the rest of the basket held"
};

drawings.set("complementarity", (facts: ComplementarityMatrixFacts): Drawing => {
  const {goods, cells, of, adjusted, n, left} = facts;
  const surest = [...cells].sort((a, b) => a.p - b.p || Math.abs(b.value) - Math.abs(a.value));
  const told = surest.slice(0, 20).map(({row, column, value, p}) => `${oneLine(goods[column])} and ${oneLine(goods[row])} ${brief(value)}${stars(p)}`);
  return {
    title: `How ${count(goods.length, "good", "goods")} go together: ${named[of]}`,
    subtitle: `${n} decisions. Stars after ${adjusted}: ${starsLegend}${left ? `. ${left} goods bought less often are not drawn` : ""}`,
    description: `Pairs of goods, ${named[of]}: ${told.join("; ")}.`,
    text: text(facts),
    panels: (Plot) => panels(Plot, facts)
  };
});

const digits = ({of}: ComplementarityMatrixFacts): number => (of === "theta" || of === "interaction" ? 2 : 3);

function panels(Plot: PlotModule, facts: ComplementarityMatrixFacts) {
  const {goods, cells, bought} = facts;
  const J = goods.length;
  const short = goods.map((good) => shorten(oneLine(good), 30));
  const widest = Math.max(...short.map(width));
  const marginLeft = margin(short, 30) + 14;
  const side = Math.max(18, Math.min(74, Math.floor((figureWidth - marginLeft - 16) / J)));
  const numbered = 6.9 * widest > side - 4;
  // Names take as many lines as their row has room for.
  const names = goods.map((good, j) => (13 * tallest([inMargin(good)]) <= side ? inMargin(good) : short[j]));
  const across = Math.max(figureWidth, Math.ceil(marginLeft + J * side + 16));
  const readable = side >= 46;
  const largest = Math.max(...cells.map(({value}) => Math.abs(value))) || 1;
  const sized = cells.map((cell) => ({...cell, r: Math.max(1.5, 0.42 * side * Math.sqrt(Math.abs(cell.value) / largest)), text: fixed(cell.value, digits(facts)).replace("-", "\u2212"), star: stars(cell.p)}));
  const [together, apart] = [sized.filter(({value}) => value >= 0), sized.filter(({value}) => value < 0)];
  // Above the diagonal rows and columns change places.
  const dots = (x: "row" | "column", y: "row" | "column") => [
    Plot.dot(together, {x, y, r: "r", fill: palette[0], fillOpacity: 0.85, symbol: "circle"}),
    Plot.dot(apart, {x, y, r: "r", fill: "#ffffff", stroke: palette[1], strokeWidth: 2, symbol: "square"})
  ];
  const grid = goods.flatMap((_, j) => goods.map((__, k) => ({x1: k - 0.5, x2: k + 0.5, y1: j - 0.5, y2: j + 0.5, own: j === k})));
  return [
    legend(Plot, [
      {name: "together more often than by chance", color: palette[0], symbol: "circle"},
      {name: "less often", color: "#ffffff", stroke: palette[1], symbol: "square"}
    ]),
    {
      width: across,
      height: J * side + 34,
      marginLeft,
      marginRight: across - marginLeft - J * side,
      marginTop: 26,
      marginBottom: 8,
      x: {type: "linear" as const, domain: [-0.5, J - 0.5], axis: "top" as const, label: null, ticks: [...goods.keys()], tickSize: 0, tickFormat: (k: number) => (numbered ? String(k + 1) : short[k])},
      y: {type: "linear" as const, domain: [J - 0.5, -0.5], label: null, ticks: [...goods.keys()], tickSize: 0, tickFormat: (j: number) => (numbered ? `${names[j]} ${j + 1}` : names[j])},
      r: {type: "identity" as const},
      marks: [
        Plot.rect(grid, {x1: "x1", x2: "x2", y1: "y1", y2: "y2", fill: (d: {own: boolean}) => (d.own ? "#eef1f4" : "none"), stroke: "#d0d7de", strokeWidth: 0.7}),
        ...dots("column", "row"),
        ...(readable ? [Plot.text(sized, {x: "row", y: "column", text: (d: (typeof sized)[number]) => `${d.text}${d.star}`, fontSize: 11})] : [
          ...dots("row", "column"), Plot.text(sized, {x: "row", y: "column", text: "star", fontSize: 9, fill: "#1f2328", stroke: "#ffffff", strokeWidth: 2})
        ]),
        readable ? Plot.text(goods.flatMap((_, j) => (bought[j] === null ? [] : [{j, share: percent(bought[j]!)}])), {x: "j", y: "j", text: "share", fontSize: 10, fill: "#57606a"}) : null
      ],
      color: {type: "identity" as const}
    }
  ];
}

/** So many goods stand in a row of characters; more are told as a list. */
const abreast = 9;

function text(facts: ComplementarityMatrixFacts): string {
  const {goods, cells, bought} = facts;
  const write = ({value, p}: MatrixCell): string => `${value >= 0 ? "+" : ""}${fixed(value, digits(facts))}${stars(p)}`;
  const names = goods.map((good, j) => `${j + 1} ${shorten(oneLine(good), 20)}`);
  const room = Math.max(...names.map(width));
  if (goods.length > abreast) {
    const surest = [...cells].sort((a, b) => a.p - b.p || Math.abs(b.value) - Math.abs(a.value)).slice(0, 30);
    return surest.map((cell) => `  ${pad(names[cell.column], room, "left")}  ${pad(names[cell.row], room, "left")}  ${pad(write(cell), 10, "right")}`).join("\n");
  }
  const written = new Map(cells.map((cell) => [`${cell.row} ${cell.column}`, write(cell)]));
  const wide = Math.max(7, ...[...written.values()].map(width));
  return [
    `  ${pad("", room, "left")}${goods.map((_, k) => `  ${pad(String(k + 1), wide, "right")}`).join("")}`,
    ...goods.map((_, j) => `  ${pad(names[j], room, "left")}${goods.map((__, k) => `  ${pad(k < j ? written.get(`${j} ${k}`)! : k === j && bought[j] !== null ? percent(bought[j]!) : k === j ? "-" : "", wide, "right")}`).join("").trimEnd()}`)
  ].join("\n");
}
