import type {DecompositionFacts, DecompositionRow} from "../explain/decomposition.js";
import type {Bundle} from "../rich.js";
import {stepBar} from "./bars.js";
import {cardBundle, dotted} from "./card.js";
import type {Details} from "./card.js";
import {brief, percent} from "./format.js";
import {label, number, words} from "./table.js";
import type {Cell, Table} from "./table.js";

/** What each total is made of: predicted, error, slack; folded away, by alternative. */
export const decompositionCard = (facts: DecompositionFacts): Bundle => cardBundle([
  {table: totalsTable(facts.rows)},
  {tone: "foot", line: dotted(
    ["explained and absorbed: parts of the way from what a total would be with nothing known"],
    [facts.rows.every(({error}) => error === 0) ? "no errors" : facts.sumToZero ? "errors sum to zero in each situation" : "errors need not sum to zero: a constant added to a choice set moves these parts"],
    ["by alternative: rows[0].alternatives"]
  )},
  ...byAlternative(facts.rows)
]);

function totalsTable(rows: readonly DecompositionRow[]): Table {
  const loose = rows.some(({slack}) => slack !== 0);
  const row = ({name, total, predicted, error, slack, atZero, gap, explained, absorbed}: DecompositionRow): Cell[] => {
    const part = Number.isNaN(absorbed) ? NaN : explained / gap;
    // Parts that pull in opposite directions are no lengths of one bar.
    const drawable = part >= 0 && absorbed >= 0;
    return [
      label(name), number(brief(total, 6)), number(brief(predicted, 6)), number(brief(error)), ...(loose ? [number(brief(slack))] : []), number(brief(atZero, 6)),
      number(percent(part)), number(percent(absorbed)),
      drawable ? words("", {picture: stepBar(0, [part, error / gap, slack / gap], {low: 0, high: 1}, `explained ${percent(part)}, absorbed ${percent(absorbed)}`)}) : words("")
    ];
  };
  return {
    caption: "What totals are made of",
    columns: [
      {head: "Total of", align: "left"},
      {head: "Total", align: "right"},
      {head: "Predicted", title: "what the probabilities make of it", align: "right"},
      {head: "Error", title: "what the errors make of it", align: "right"},
      ...(loose ? [{head: "Slack", title: "the total's own noise", align: "right"} as const] : []),
      {head: "At zero", title: "what it would be with nothing known: all multipliers zero", align: "right"},
      {head: "Explained", title: "part of the way from there to the total that probabilities go", align: "right"},
      {head: "Absorbed", title: "part that error and slack took up", align: "right"},
      {head: "", align: "left", drawing: true}
    ],
    groups: [{title: "", rows: rows.map(row)}]
  };
}

/** Parts of alternatives, where there are any: an intercept's total is all its own alternative's. */
function byAlternative(rows: readonly DecompositionRow[]): Details[] {
  const shared = rows.filter(({alternatives}) => alternatives.filter(({predicted, atZero}) => predicted !== 0 || atZero !== 0).length > 1);
  if (!shared.length) return [];
  return [{summary: "By alternative", facts: [], tables: shared.map(({name, alternatives}) => {
    const observed = alternatives.some((part) => part.observed !== undefined);
    return {
      caption: name,
      columns: [
        {head: "Alternative", align: "left"},
        ...(observed ? [{head: "Observed", title: "in the choices; only the total was asked for", align: "right"} as const] : []),
        {head: "Predicted", align: "right"}, {head: "Error", align: "right"}, {head: "At zero", align: "right"}
      ],
      groups: [{title: "", rows: alternatives.map((part) => [
        label(part.alternative), ...(observed ? [number(brief(part.observed ?? NaN, 5))] : []), number(brief(part.predicted, 5)), number(brief(part.error)), number(brief(part.atZero, 5))
      ])}]
    };
  })}];
}
