import {listed} from "../errors.js";
import type {FittedCurve, PerturbationFacts} from "../pricing/fitPerturbations.js";
import type {Bundle} from "../rich.js";
import {cardBundle, dotted} from "./card.js";
import type {Inline} from "./card.js";
import {isolated} from "./escape.js";
import {brief, count, evenly, fixed, nothing, percent} from "./format.js";
import {noteLines} from "./notes.js";
import {label, number, words} from "./table.js";
import type {Table} from "./table.js";

/** Whose curve it is. */
export const curveName = ({goods, outside}: FittedCurve): string => listed([...goods.map(isolated), ...(outside ? ["buying nothing"] : [])], 4);

/** Fitted perturbations: how well they explain prices beside logit, what goods are worth, and how far each curve rises. */
export function perturbationsCard(facts: PerturbationFacts): Bundle {
  const {heldOut, instruments, logit, names, notes, periods, r2, ramps, residual, rising, rmse, scale} = facts;
  const better = heldOut ? heldOut.ramps < heldOut.logit : undefined;
  const details: [string, Inline[]][] = [
    ["Ramps", [`${ramps}, of which ${rising} rise; in the ${scale === "log" ? "logarithm of the share, so that logit is a case of theirs" : "share"}`]],
    ["Fitted by", [instruments ? `two-stage least squares under signs, ${count(instruments, "independent instrument", "independent instruments")}` : "least squares under signs"]],
    ["Conditions of the optimum", ["hold within ", {number: brief(residual, 2)}]],
    ["Logit on the same data", ["price coefficient ", {number: brief(1 / logit.scale, 4)}, ", scale ", {number: brief(logit.scale, 4)}, " ± ", {number: brief(logit.error, 2)}]],
    ...notes.filter(({level}) => level === "info").map(({text}): [string, Inline[]] => ["Note", [{label: text}]])
  ];
  return cardBundle([
    {table: errorsTable(facts)},
    {tone: "status", line: dotted(
      ["R² ", {number: fixed(r2, 4), strong: true}],
      [{number: brief(rmse, 3), strong: true}, " off in price, logit ", {number: brief(logit.rmse, 3)}],
      better === undefined ? [] : [better ? "✓ better than logit in periods left out" : "✗ not better than logit in periods left out"]
    )},
    ...noteLines(notes.filter(({level}) => level === "warning")),
    {table: curvesTable(facts)},
    {table: valuesTable(facts)},
    {summary: "How the curves were found", facts: details},
    {tone: "foot", line: [`${count(periods, "period", "periods")}, ${count(names.length, "good", "goods")}; shares between 0 and 1, values in money`]}
  ]);
}

function errorsTable({heldOut, logit, names, ramps, curves, rmse}: PerturbationFacts): Table {
  const row = (name: string, how: string, parameters: number, error: number, out?: number) => [words(name, {title: how}), number(String(parameters)), number(brief(error, 4)), ...(heldOut ? [number(out === undefined ? nothing : brief(out, 4))] : [])];
  return {
    caption: "Errors of prices, root mean square",
    columns: [
      {head: "Perturbation", align: "left"}, {head: "Parameters", align: "right"}, {head: "In sample", align: "right"},
      ...(heldOut ? [{head: "Left out", title: `periods dealt into ${heldOut.folds} parts, each predicted from the others`, align: "right"} as const] : [])
    ],
    groups: [{title: "", rows: [
      row("fitted curves", `ramps of ${count(curves.length, "curve", "curves")}, and a value for each good`, ramps + names.length, rmse, heldOut?.ramps),
      row("logit", "one scale, and a value for each good", 1 + names.length, logit.rmse, heldOut?.logit)
    ]}]
  };
}

function curvesTable({curves}: PerturbationFacts): Table {
  const write = evenly(curves.map(({heights}) => heights[heights.length - 1]).filter((x) => x > 0), 2);
  return {
    caption: "Curves",
    columns: [
      {head: "Of", align: "left"}, {head: "Knots", align: "right"}, {head: "Shares from", align: "right"}, {head: "to", align: "right"},
      {head: "Rises by", title: "from the first knot to the last, in money", align: "right"}, {head: "Flat ramps", align: "right"}
    ],
    groups: [{title: "", rows: curves.map((curve) => {
      const {knots, heights} = curve;
      const flat = heights.reduce((n, h, k) => (k && h === heights[k - 1] ? n + 1 : n), 0);
      return [label(curveName(curve)), number(String(knots.length)), number(percent(knots[0])), number(percent(knots[knots.length - 1])), number(write(heights[heights.length - 1])), number(`${flat} of ${knots.length - 1}`)];
    })}]
  };
}

function valuesTable({names, values, logit, prices, fitted, periods}: PerturbationFacts): Table {
  const J = names.length;
  const write = evenly([...values, ...logit.values].filter((x) => x !== 0), 2);
  const off = evenly(names.map((_, j) => miss(j)).filter((x) => x > 0), 2);
  function miss(j: number): number {
    let sum = 0;
    for (let t = 0; t < periods; ++t) sum += (prices[t * J + j] - fitted[t * J + j]) ** 2;
    return Math.sqrt(sum / periods);
  }
  return {
    caption: "Goods",
    columns: [{head: "Good", align: "left"}, {head: "Value", title: "before its price, every curve zero at its first knot", align: "right"}, {head: "Logit's value", align: "right"}, {head: "Off in price", title: "root mean square error", align: "right"}],
    groups: [{title: "", rows: names.map((name, j) => [label(name), number(write(values[j])), number(write(logit.values[j])), number(off(miss(j)))])}]
  };
}
