import type {Note} from "../data/choiceData.js";
import type {Spread, SummaryFacts} from "../data/summary.js";
import type {Bundle} from "../rich.js";
import {shareBar} from "./bars.js";
import {cardBundle, dotted} from "./card.js";
import type {Card, Inline} from "./card.js";
import {brief, count, percent} from "./format.js";
import {noteLines} from "./notes.js";
import {label, number, words} from "./table.js";
import type {Cell, Table} from "./table.js";

/**
 * Choice data as a card: how many of what, who chose what and when they could, what the attributes look like, what looks
 * odd.
 *
 * @param notes  What was noted when the data were read, beside what the summary finds odd.
 */
export const dataCard = (facts: SummaryFacts, notes: readonly Note[] = []): Bundle => cardBundle(dataBlocks(facts, notes));

function dataBlocks(facts: SummaryFacts, notes: readonly Note[]): Card {
  return [
    {tone: "heading", line: held(facts)},
    {tone: "status", line: shapes(facts)},
    {table: alternatives(facts)},
    ...(facts.attributes.length ? [{table: attributesTable(facts)}] : []),
    ...noteLines([...notes, ...facts.odd]),
    {tone: "foot", line: [`data ${facts.hash}`]}
  ];
}

const held = ({people, situations, rows, panel, alternatives}: SummaryFacts): Inline[] =>
  dotted(
    [`${count(situations, "choice", "choices")}${panel ? ` of ${count(people, "person", "people")}` : ""} among ${count(alternatives.length, "alternative", "alternatives")}`],
    [count(rows, "row", "rows")],
    panel ? [] : ["people not named: each choice stands alone"]
  );

/** How many choices a person makes, and among how many alternatives. */
export const shapes = ({panel, situationsPerPerson, choiceSetSize}: SummaryFacts): Inline[] =>
  dotted(panel ? [`Choices per person: ${ranged(situationsPerPerson)}`] : [], [`Alternatives on offer: ${ranged(choiceSetSize)}`]);

const ranged = ({min, median, max}: Spread): string => (min === max ? `always ${brief(min)}` : `${brief(min)} to ${brief(max)}, median ${brief(median)}`);

function alternatives({alternatives, situations}: SummaryFacts): Table {
  const most = Math.max(...alternatives.map(({share}) => share));
  const row = ({name, chosen, share, available, shareWhenAvailable}: SummaryFacts["alternatives"][number]): Cell[] => [
    label(name),
    number(String(chosen)),
    number(percent(share)),
    words("", {picture: shareBar(share, most, `share ${percent(share)}`)}),
    number(percent(available / situations)),
    number(percent(shareWhenAvailable))
  ];
  return {
    caption: "Alternatives",
    columns: [
      {head: "Alternative", align: "left"},
      {head: "Chosen", align: "right"},
      {head: "Share", align: "right"},
      {head: "", align: "left", drawing: true},
      {head: "On offer", title: "part of the situations that offered it", align: "right"},
      {head: "Share when offered", align: "right"}
    ],
    groups: [{title: "", rows: alternatives.map(row)}]
  };
}

const varies = {
  alternative: "between alternatives",
  situation: "between situations only",
  constant: "nowhere"
} as const;

/** What attributes look like. */
export function attributesTable({attributes}: Pick<SummaryFacts, "attributes">): Table {
  const row = ({name, mean, sd, min, max, kind, variesWithin}: SummaryFacts["attributes"][number]): Cell[] => {
    const centre = Math.abs(mean) < 1e-12 * Math.max(-min, max) ? 0 : mean; // of a centred attribute rounding is left
    return [label(name), ...[centre, sd, min, max].map((x) => number(brief(x, 4))), words(varies[kind]), number(percent(variesWithin))];
  };
  return {
    caption: "Attributes",
    columns: [
      {head: "Attribute", align: "left"},
      {head: "Mean", align: "right"},
      {head: "SD", title: "standard deviation", align: "right"},
      {head: "Min", align: "right"},
      {head: "Max", align: "right"},
      {head: "Varies", align: "left"},
      {head: "Within situations", title: "part of the situations in which it differs between alternatives", align: "right"}
    ],
    groups: [{title: "", rows: attributes.map(row)}]
  };
}
