import type {LadderFacts, LadderRow} from "../pricing/priceLadder.js";
import type {Bundle} from "../rich.js";
import {cardBundle, dotted} from "./card.js";
import type {Inline} from "./card.js";
import {brief, count, evenly, percent, plainly, scientific} from "./format.js";
import {noteLines} from "./notes.js";
import {label, number} from "./table.js";
import type {Table} from "./table.js";

/** The best prices of a ladder, what they earn, and what no prices of the ladder can earn more than. */
export function ladderCard(facts: LadderFacts): Bundle {
  const {agreed, ascents, bound, choices, demand, exact, free, gap, method, nodes, notes, profit} = facts;
  const details: [string, Inline[]][] = [
    ["Method", [{separable: "good by good, as logit allows", "branch and bound": "branch and bound", "coordinate ascent": "the best of several ascents, and a bound"}[method]]],
    ["Choices on the ladder", [choices < 1e15 ? plainly(choices) : scientific(choices)]],
    ...(nodes ? [["Nodes looked at", [plainly(nodes)]] as [string, Inline[]]] : []),
    ...(ascents ? [["Ascents", [`${agreed} of ${ascents} ended at the best profit`]] as [string, Inline[]]] : []),
    ...(Number.isNaN(free) ? [] : [["Without a ladder", ["profit ", {number: brief(free, 5)}, `; the ladder costs ${percent(1 - profit / free)} of it`]] as [string, Inline[]]])
  ];
  return cardBundle([
    {table: rungs(facts)},
    {tone: "status", line: dotted(
      ["Profit per customer ", {number: brief(profit, 5), strong: true}], ["outside share ", {number: percent(demand.outsideShare)}],
      exact ? [{strong: "✓ no other choice earns more"}] : [{strong: "✗ not proven"}, ": no choice earns more than ", {number: brief(bound, 5)}, ", ", {number: brief(gap, 2)}, " above"]
    )},
    ...noteLines(notes.filter(({level}) => level === "warning")),
    {summary: "How the prices were found", facts: [...details, ...notes.filter(({level}) => level === "info").map(({text}): [string, Inline[]] => ["Note", [{label: text}]])]},
    {tone: "foot", line: [{label: `perturbation: ${demand.perturbation}`}]}
  ]);
}

function rungs({rows}: LadderFacts): Table {
  const known = rows.some(({free}) => !Number.isNaN(free));
  const money = evenly(rows.flatMap(({cost, price, markup}) => [cost, price, markup]), 2);
  const earned = evenly(rows.map(({profit}) => profit), 2);
  const row = ({name, cost, price, rung, rungs: of, markup, share, profit, free}: LadderRow) => [
    label(name), number(money(cost)), number(money(price)), number(`${rung + 1} of ${of}`), ...(known ? [number(money(free))] : []),
    number(money(markup)), number(percent(share)), number(earned(profit))
  ];
  return {
    caption: `Prices of ${count(rows.length, "good", "goods")} from a ladder`,
    columns: [
      {head: "Good", align: "left"}, {head: "Cost", align: "right"}, {head: "Price", align: "right"}, {head: "Rung", title: "from the lowest that covers the cost", align: "right"},
      ...(known ? [{head: "Unbound", title: "the best price without a ladder", align: "right"} as const] : []),
      {head: "Markup", align: "right"}, {head: "Share", align: "right"}, {head: "Profit", title: "per customer", align: "right"}
    ],
    groups: [{title: "", rows: rows.map(row)}]
  };
}
