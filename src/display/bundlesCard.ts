import type {BundleFacts, Ratio} from "../bundles/fitBundles.js";
import type {Measured} from "../bundles/pair.js";
import type {Bundle} from "../rich.js";
import {intervalAxis} from "./bars.js";
import {cardBundle, dotted} from "./card.js";
import type {Inline} from "./card.js";
import {measuredCells, measuredColumns, pairName} from "./complementarityCard.js";
import {twoDecimals} from "./estimatesTable.js";
import {brief, count, evenly, fixed, pValue, percent, plainly, stars, starsLegend, sureOf} from "./format.js";
import {noteLines} from "./notes.js";
import {label, number} from "./table.js";
import type {Table} from "./table.js";

/** So many bundles are shown, those bought most often. */
const most = 16;

/** A logit of bundles: what goods are worth alone and together, whether pairs are enough, and how bundles fit. */
export function bundlesCard(facts: BundleFacts): Bundle {
  const {bundles, entropy, explained, fit, goods, independence, iterations, level, logLikelihood, n, notes, residual} = facts;
  const test = ({statistic, degrees, p}: Ratio): Inline[] => (degrees ? [{number: fixed(statistic, 2)}, ` on ${degrees}, p ${pValue(p)}`] : ["nothing to test"]);
  return cardBundle([
    {table: interactions(facts)},
    {table: alone(facts)},
    {tone: "status", line: dotted(
      ["Log-likelihood ", {number: twoDecimals(logLikelihood), strong: true}],
      [`against no interactions, likelihood ratio `, ...test(independence)],
      fit.degrees ? ["against all bundles free ", ...test(fit)] : []
    )},
    ...(Number.isNaN(explained) || goods.length < 3 ? [] : [{tone: "status", line: [`Pairs explain ${percent(explained)} of what the goods' own shares leave unexplained`]} as const]),
    ...noteLines(notes),
    {
      summary: "Bundles, entropies and the optimum",
      facts: [
        ["Entropy of bundles, nats", [`as bought ${fixed(entropy.observed, 4)}; greatest with these pairs ${fixed(entropy.pairs, 4)}, with these goods ${fixed(entropy.goods, 4)}, with nothing known ${fixed(entropy.nothing, 4)}`]],
        ["Newton's method", [`${count(iterations, "step", "steps")}; shares of goods and pairs within `, {number: brief(residual, 2)}]]
      ],
      tables: [bundleTable(facts)]
    },
    ...(bundles.length > most ? [{tone: "foot", line: [`${bundles.length} bundles; the ${most} bought most often are in the details.`]} as const] : []),
    {tone: "foot", line: dotted([`stars of interactions by Holm's p, of goods by their own: ${starsLegend}`], [`N = ${plainly(n)}`], [`${sureOf(level)} intervals`])}
  ]);
}

const axisOf = (rows: readonly Measured[]) => intervalAxis(rows.map(({low, value, high}) => ({low, middle: value, high})));

function interactions({goods, interactions: rows, level}: BundleFacts): Table {
  const [write, axis, sure] = [evenly(rows.map(({error}) => error), 2), axisOf(rows), sureOf(level)];
  return {
    caption: `Bundles of ${count(goods.length, "good", "goods")}: what two are worth together beyond their sum`,
    columns: [{head: "Pair", align: "left"}, ...measuredColumns("Interaction", sure), {head: "p, Holm", align: "right"}, {head: "p, BH", title: "Benjamini and Hochberg", align: "right"}],
    groups: [{title: "", rows: rows.map((row) => [label(pairName(row)), ...measuredCells(row, write, stars(row.holm), axis, sure), number(pValue(row.holm)), number(pValue(row.benjaminiHochberg))])}]
  };
}

function alone({intercepts, level}: BundleFacts): Table {
  const [write, axis, sure] = [evenly(intercepts.map(({error}) => error), 2), axisOf(intercepts), sureOf(level)];
  return {
    caption: "What each is worth alone, beside buying nothing",
    columns: [{head: "Good", align: "left"}, ...measuredColumns("Utility", sure)],
    groups: [{title: "", rows: intercepts.map((row) => [label(row.good), ...measuredCells(row, write, stars(row.p), axis, sure)])}]
  };
}

function bundleTable({bundles}: BundleFacts): Table {
  const shown = [...bundles].sort((a, b) => b.count - a.count).slice(0, most);
  return {
    caption: "Bundles",
    columns: [
      {head: "Bundle", align: "left"}, {head: "Bought", align: "right"}, {head: "Share", align: "right"}, {head: "Fitted", align: "right"},
      {head: "By chance", title: "with the same shares of goods, and no interactions", align: "right"}
    ],
    groups: [{title: "", rows: shown.map(({bundle, count: bought, share, fitted, independent}) => [label(bundle), number(plainly(bought)), number(percent(share)), number(percent(fitted)), number(percent(independent))])}]
  };
}
