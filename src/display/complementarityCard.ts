import type {ComplementarityFacts, PairFacts} from "../bundles/complementarity.js";
import type {Measured, Verdict} from "../bundles/pair.js";
import type {Bundle} from "../rich.js";
import {intervalAxis, intervalBar} from "./bars.js";
import type {Axis} from "./bars.js";
import {cardBundle, dotted} from "./card.js";
import type {Line} from "./card.js";
import {isolated} from "./escape.js";
import {count, evenly, fixed, pValue, percent, plainly, stars, starsLegend, sureOf} from "./format.js";
import {noteLines} from "./notes.js";
import {label, number, words} from "./table.js";
import type {Cell, Column, Table} from "./table.js";

/** So many pairs are shown, those that are surest to be something; more would be no table to read. */
const most = 36;

/**
 * Pairs of goods: how strongly they go together with p-values adjusted for their number, and what each of four criteria calls
 * them; by stratum where asked.
 */
export function complementarityCard(facts: ComplementarityFacts): Bundle {
  const {goods, level, n, notes, pairs, stratify} = facts;
  const shown = surest(pairs);
  const stratified = shown.filter(({strata}) => strata);
  const left: Line[] = shown.length < pairs.length ? [{tone: "foot", line: [`The ${most} of ${pairs.length} pairs with the smallest p-values; all are in pairs.`]}] : [];
  return cardBundle([
    {table: interactions(shown, `${count(goods.length, "good", "goods")}, ${count(pairs.length, "pair", "pairs")}: how they go together`, level)},
    {table: criteria(shown)},
    ...(stratified.length ? [{table: byStratum(stratified, stratify!)}] : []),
    ...left,
    ...noteLines(notes),
    {summary: "Counts and shares", facts: [["Decisions", [plainly(n)]]], tables: [bought(facts), counts(shown), differences(shown)]},
    {tone: "foot", line: dotted([`stars by Holm's p: ${starsLegend}`], [`N = ${plainly(n)}`], ["theta = ln(both × neither / (first × second)); tastes that go together raise it too"])}
  ]);
}

/** The pairs in their order, or the surest of many. */
function surest(pairs: readonly PairFacts[]): readonly PairFacts[] {
  if (pairs.length <= most) return pairs;
  const last = [...pairs].sort((a, b) => a.pG - b.pG || Math.abs(b.theta.z) - Math.abs(a.theta.z)).slice(0, most);
  return pairs.filter((pair) => last.includes(pair));
}

/** "tea × milk": each name isolated where it could turn the direction of the other. */
export const pairName = ({first, second}: {readonly first: string; readonly second: string}): string => `${isolated(first)} × ${isolated(second)}`;

/** An estimate with its error, interval and a drawing of it. */
export function measuredCells({value, error, low, high}: Measured, write: (x: number) => string, starred: string, axis: Axis | undefined, sure: string): Cell[] {
  const bounds = `[${write(low)}, ${write(high)}]`;
  return [
    number(write(value)), words(starred), number(write(error)), number(bounds),
    axis ? words("", {picture: intervalBar({low, middle: value, high}, axis, `${sure} interval ${bounds.slice(1, -1).replace(", ", " to ")}`)}) : words("")
  ];
}
export const measuredColumns = (head: string, sure: string): readonly Column[] => [
  {head, align: "right"}, {head: "", align: "left", joined: true}, {head: "SE", align: "right"}, {head: `${sure} interval`, align: "right"}, {head: "", align: "left", drawing: true}
];

function interactions(pairs: readonly PairFacts[], caption: string, level: number): Table {
  const sure = sureOf(level);
  const write = evenly(pairs.map(({theta}) => theta.error), 2);
  const axis = intervalAxis(pairs.map(({theta: {low, value, high}}) => ({low, middle: value, high})));
  return {
    caption,
    columns: [
      {head: "Pair", align: "left"}, ...measuredColumns("theta", sure),
      {head: "phi", title: "correlation of the two purchases", align: "right"},
      {head: "p, Holm", title: "of G, adjusted so that the chance of any false finding is held", align: "right"},
      {head: "p, BH", title: "of G, adjusted so that the expected part of false findings is held (Benjamini and Hochberg 1995)", align: "right"}
    ],
    groups: [{title: "", rows: pairs.map((pair) => [
      label(pairName(pair)), ...measuredCells(pair.theta, write, stars(pair.holm), axis, sure),
      number(fixed(pair.phi, 3)), number(pValue(pair.holm)), number(pValue(pair.benjaminiHochberg))
    ])}]
  };
}

/** A verdict by a sign and a word. */
const told: Readonly<Record<Verdict, string>> = {complements: "+ complements", substitutes: "− substitutes", independent: "0 independent", neither: "· neither"};

function criteria(pairs: readonly PairFacts[]): Table {
  return {
    caption: "What four criteria call them",
    columns: [
      {head: "Pair", align: "left"},
      {head: "Correlation", title: "both × neither against first × second", align: "left"}, {head: "Additivity", title: "both against first + second", align: "left"},
      {head: "Supermodularity", title: "both + neither against first + second", align: "left"}, {head: "Max-min", title: "both against the larger and the smaller of first and second", align: "left"},
      {head: "Agree", title: "all four call the goods complements, or none does", align: "left"}
    ],
    groups: [{title: "", rows: pairs.map((pair) => [
      label(pairName(pair)), ...(["correlation", "additivity", "supermodularity", "maxmin"] as const).map((criterion) => words(told[pair.verdicts[criterion]])), words(pair.agree ? "✓ yes" : "✗ no")
    ])}]
  };
}

/** What the criteria compare, with standard errors. */
function differences(pairs: readonly PairFacts[]): Table {
  const compared = ["correlation", "additivity", "supermodularity", "aboveMax", "belowMin"] as const;
  const heads = [
    ["Correlation", "both × neither − first × second"], ["Additivity", "both − first − second"], ["Supermodularity", "both + neither − first − second"],
    ["Above max", "both − the larger of first and second"], ["Above min", "both − the smaller of first and second"]
  ];
  const write = evenly(pairs.flatMap((pair) => compared.map((criterion) => pair[criterion].error)).filter((x) => x > 0), 3);
  return {
    caption: "What the criteria compare: shares, with standard errors",
    columns: [{head: "Pair", align: "left"}, ...heads.flatMap(([head, title]): Column[] => [{head, title, align: "right"}, {head: "", align: "right", joined: true}])],
    groups: [{title: "", rows: pairs.map((pair) => [label(pairName(pair)), ...compared.flatMap((criterion) => [number(write(pair[criterion].value)), number(`(${write(pair[criterion].error)})`)])])}]
  };
}

function byStratum(pairs: readonly PairFacts[], column: string): Table {
  const write = evenly(pairs.map(({theta}) => theta.error), 2);
  return {
    caption: `With ${column} held`,
    columns: [
      {head: "Pair", align: "left"}, {head: "theta, pooled", align: "right"},
      {head: "theta, common", title: "the logarithm of Mantel and Haenszel's odds ratio: strata held", align: "right"}, {head: "SE", align: "right"},
      {head: "By stratum", title: "least and greatest over strata", align: "right"},
      {head: "p, all alike", title: "Woolf's test that theta is one in all strata", align: "right"}, {head: "", align: "left"}
    ],
    groups: [{title: "", rows: pairs.map((pair) => {
      const {rows, common, heterogeneity, reversal, everywhere} = pair.strata!;
      const thetas = rows.filter(({phi}) => Number.isFinite(phi)).map(({theta}) => theta.value);
      return [
        label(pairName(pair)), number(write(pair.theta.value)), number(write(common.value)), number(write(common.error)),
        number(thetas.length ? `[${write(Math.min(...thetas))}, ${write(Math.max(...thetas))}]` : ""), number(pValue(heterogeneity.p)), words(reversal ? `⚠ reversal${everywhere ? " everywhere" : ""}` : "")
      ];
    })}]
  };
}

const bought = ({goods, bought: shares}: ComplementarityFacts): Table => ({
  caption: "Goods",
  columns: [{head: "Good", align: "left"}, {head: "Bought by", align: "right"}],
  groups: [{title: "", rows: goods.map((good, j) => [label(good), number(percent(shares[j]))])}]
});

const counts = (pairs: readonly PairFacts[]): Table => ({
  caption: "Bundles and measures",
  columns: [{head: "Pair", align: "left"}, ...["Both", "Only the first", "Only the second", "Neither"].map((head): Column => ({head, align: "right"})), ...measures],
  groups: [{title: "", rows: pairs.map((pair) => [label(pairName(pair)), ...(["both", "first", "second", "neither"] as const).map((cell) => number(plainly(pair.counts[cell]))), number(fixed(pair.lift, 3)), number(fixed(pair.yuleQ, 3)), number(fixed(pair.bits, 4)), number(fixed(pair.G, 2)), number(pValue(pair.pG))])}]
});

const measures: readonly Column[] = [
  {head: "Lift", title: "how often both are bought, over what chance would give", align: "right"}, {head: "Yule's Q", align: "right"},
  {head: "Bits", title: "mutual information", align: "right"}, {head: "G", title: "likelihood ratio against independence, one degree of freedom", align: "right"}, {head: "p", title: "not adjusted", align: "right"}
];
