import type {DemandFacts} from "../pricing/demand.js";
import type {PricingFacts, PricingRow} from "../pricing/optimalPrices.js";
import type {Bundle} from "../rich.js";
import {shareBar} from "./bars.js";
import {cardBundle, dotted} from "./card.js";
import type {Details, Inline} from "./card.js";
import {brief, count, evenly, nothing, percent} from "./format.js";
import {noteLines} from "./notes.js";
import {squareTable} from "./squareTable.js";
import {label, number, words} from "./table.js";
import type {Table} from "./table.js";

/** How sure the prices are, in words. */
const sure = {newton: "✓ no other prices earn more", bounds: "the best found within bounds", search: "✗ the best of several climbs, not proven"} as const;

/** Optimal prices: what each good costs, sells for and earns; how sure that is; folded away, how demand answers. */
export function pricingCard(facts: PricingFacts): Bundle {
  const {demand, method, notes, profit} = facts;
  return cardBundle([
    {table: prices(facts)},
    {tone: "status", line: dotted(
      ["Profit per customer ", {number: brief(profit, 5), strong: true}], ["outside share ", {number: percent(demand.outsideShare)}],
      ["surplus ", {number: brief(demand.surplus, 4)}], [{strong: sure[method]}]
    )},
    ...noteLines(notes.filter(({level}) => level === "warning")),
    details(facts),
    {tone: "foot", line: dotted([{label: `perturbation: ${demand.perturbation}`}], ["money as in the costs"])}
  ]);
}

function prices({rows}: PricingFacts): Table {
  const money = evenly(rows.flatMap(({cost, price, markup}) => [cost, price, markup]), 2);
  const worth = evenly(rows.map(({value}) => value), 2);
  const earned = evenly(rows.map(({profit}) => profit), 2);
  const held = rows.some(({bound}) => bound);
  const row = ({name, value, cost, price, markup, margin, share, profit, elasticity, bound}: PricingRow) => [
    label(name), number(worth(value)), number(money(cost)), number(money(price)), ...(held ? [words(bound ?? "")] : []),
    number(money(markup)), number(percent(margin)), number(percent(share)), number(earned(profit)), number(brief(elasticity))
  ];
  return {
    caption: `Optimal prices of ${count(rows.length, "good", "goods")}`,
    columns: [
      {head: "Good", align: "left"}, {head: "Value", title: "before its price, in utility", align: "right"}, {head: "Cost", align: "right"}, {head: "Price", align: "right"},
      ...(held ? [{head: "Held at", title: "the bound that holds the price", align: "left"} as const] : []),
      {head: "Markup", align: "right"}, {head: "Margin", title: "markup over price, Lerner's index", align: "right"}, {head: "Share", align: "right"},
      {head: "Profit", title: "per customer", align: "right"}, {head: "Elasticity", title: "of the own price", align: "right"}
    ],
    groups: [{title: "", rows: rows.map(row)}]
  };
}

const methods = {
  newton: "Newton's method in shares, where profit is concave",
  bounds: "for each of 64 outside shares the best prices within bounds, then the best of those",
  search: "climbs from several starts, each finished by a search that kinks do not stop"
} as const;

function details({closedForm, concavity, demand, iterations, method, notes, residual}: PricingFacts): Details {
  const facts: [string, Inline[]][] = [
    ["Method", [methods[method], iterations ? `; ${count(iterations, "step", "steps")}` : ""]],
    ["Largest residual", [{number: brief(residual, 2)}, " of price less cost less what the conditions of a summit ask for"]],
    ["Concave in shares", [concavity.holds ? "✓ yes" : "✗ no", "; least curvature of goods ", {number: brief(concavity.inside, 2)}, ", of the outside option ", {number: brief(concavity.outside, 2)}]],
    ...(closedForm ? [["Closed form of logit", ["markup ", {number: brief(closedForm.markup, 6)}, "; the climb ended within ", {number: brief(closedForm.difference, 2)}, " of it"]] as [string, Inline[]]] : []),
    ...notes.filter(({level}) => level === "info").map(({text}): [string, Inline[]] => ["Note", [{label: text}]])
  ];
  return {summary: "How demand answers, and how the prices were found", facts, tables: answers(demand)};
}

/** Elasticities and diversion, row answers, column moves. */
const answers = ({rows, elasticities, diversion}: DemandFacts): Table[] => {
  const names = rows.map(({name}) => ({name}));
  if (rows.length < 2) return [];
  return [squareTable("Elasticities: row's share, column's price", names, elasticities), squareTable("Diversion: of what the column loses, the part that goes to the row", names, diversion)];
};

/** What is bought at given prices. */
export function demandCard(facts: DemandFacts): Bundle {
  const {outsideShare, perturbation, rows, surplus} = facts;
  const most = Math.max(outsideShare, ...rows.map(({share}) => share));
  const bar = (share: number) => words("", {picture: shareBar(share, most, percent(share))});
  const [worth, money] = [evenly(rows.map(({value}) => value), 2), evenly(rows.map(({price}) => price), 2)];
  const tables = answers(facts);
  return cardBundle([
    {table: {
      caption: `Demand for ${count(rows.length, "good", "goods")}`,
      columns: [
        {head: "Good", align: "left"}, {head: "Value", title: "before its price, in utility", align: "right"}, {head: "Price", align: "right"}, {head: "Share", align: "right"},
        {head: "", align: "left", drawing: true}, {head: "Elasticity", title: "of the own price", align: "right"},
        {head: "Leaving", title: "of customers lost to a small rise of this price, the part that buys nothing", align: "right"}
      ],
      groups: [{title: "", rows: [
        ...rows.map(({name, value, price, share, elasticity, leaving}) => [label(name), number(worth(value)), number(money(price)), number(percent(share)), bar(share), number(brief(elasticity)), number(percent(leaving))]),
        ...(outsideShare > 0 ? [[words("buys nothing"), number(nothing), number(nothing), number(percent(outsideShare)), bar(outsideShare), number(nothing), number(nothing)]] : [])
      ]}]
    }},
    {tone: "status", line: ["Surplus per customer ", {number: brief(surplus, 5), strong: true}, ", in money"]},
    ...(tables.length ? [{summary: "Elasticities and diversion", facts: [], tables} as const] : []),
    {tone: "foot", line: [{label: `perturbation: ${perturbation}`}]}
  ]);
}
