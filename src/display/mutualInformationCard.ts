import type {MutualInformationFacts} from "../explain/mutualInformation.js";
import type {Bundle} from "../rich.js";
import {shareBar} from "./bars.js";
import {cardBundle, dotted} from "./card.js";
import {evenly, fixed, percent} from "./format.js";
import {noteLines} from "./notes.js";
import {label, number, words} from "./table.js";
import type {Cell, Table} from "./table.js";

/** What attributes tell of choices, in which parts, and how often a guess must be wrong. */
export function mutualInformationCard(facts: MutualInformationFacts): Bundle {
  const {units, information, coefficient, alternatives} = facts;
  return cardBundle([
    {tone: "heading", line: [`Attributes tell ${fixed(information, 4)} ${units} of a choice, ${percent(coefficient)} of its uncertainty`]},
    {table: partsTable(facts)},
    {table: alternativesTable(alternatives)},
    {table: mistakesTable(facts)},
    ...noteLines(facts.notes),
    {tone: "foot", line: dotted([`${units} a choice, weights counted`], ["at probabilities without their errors"])}
  ]);
}

function partsTable({information, marginal, conditional, coefficient, availability, attributes, sets}: MutualInformationFacts): Table {
  const row = (name: string, how: string, value: number): Cell[] => [words(name, {title: how}), number(fixed(value, 4)), number(percent(value / marginal))];
  return {
    caption: "Uncertainty of a choice",
    columns: [{head: "", align: "left"}, {head: "Information", align: "right"}, {head: "Part", title: "of the uncertainty when mean shares alone are known", align: "right"}],
    groups: [{title: "", rows: [
      row("knowing mean shares alone", "entropy of the mean probabilities", marginal),
      row("knowing attributes", "mean entropy of the probabilities", conditional),
      [words("told by attributes", {title: "mutual information, the first less the second"}), number(fixed(information, 4)), number(percent(coefficient))],
      ...(sets > 1 ? [row(`of it by ${sets} choice sets`, "what ruling alternatives out tells by itself", availability), row("of it beyond choice sets", "what attributes tell once the choice set is known", attributes)] : [])
    ]}]
  };
}

function alternativesTable(rows: MutualInformationFacts["alternatives"]): Table {
  const most = Math.max(...rows.map(({share}) => share));
  const write = evenly(rows.map(({information}) => information), 4);
  return {
    caption: "By alternative",
    columns: [{head: "Alternative", align: "left"}, {head: "Mean share", align: "right"}, {head: "", align: "left", drawing: true}, {head: "Information", title: "parts that add up to the whole; one may be negative", align: "right"}],
    groups: [{title: "", rows: rows.map(({alternative, share, information}) => [
      label(alternative), number(percent(share)), words("", {picture: shareBar(share, most, `mean share ${percent(share)}`)}), number(write(information))
    ])}]
  };
}

function mistakesTable({errorRate: {fano, sharp, expected}}: MutualInformationFacts): Table {
  return {
    caption: "How often a guess from attributes is wrong",
    columns: [{head: "", align: "left"}, {head: "Rate", align: "right"}],
    groups: [{title: "", rows: [
      [words("at least", {title: "the least rate that leaves so much uncertainty: no guess can do better"}), number(percent(sharp))],
      ...(Number.isNaN(fano) ? [] : [[words("at least, by Fano's bound"), number(percent(fano))]]),
      [words("guessing the most probable", {title: "if the model is right"}), number(percent(expected))]
    ]}]
  };
}
