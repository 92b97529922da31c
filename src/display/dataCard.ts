import type {Note} from "../data/choiceData.js";
import type {Bundle} from "../rich.js";
import {shareBar} from "./bars.js";
import {cardBundle, dotted} from "./card.js";
import type {Card, Inline, Line} from "./card.js";
import {brief, count, percent} from "./format.js";
import {label, number, words} from "./table.js";
import type {Cell, Table} from "./table.js";

interface Range {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** What the card reads of a summary of choice data. */
export interface DataFacts {
  readonly people: number;
  readonly situations: number;
  readonly rows: number;
  readonly panel: boolean;
  readonly situationsPerPerson: Range;
  readonly setSizes: Range;
  readonly alternatives: readonly {readonly name: string; readonly chosen: number; readonly share: number; readonly available: number; readonly shareWhenAvailable: number}[];
  readonly attributes: readonly {
    readonly name: string;
    readonly mean: number;
    readonly sd: number;
    readonly min: number;
    readonly max: number;
    readonly variesWithin: number | boolean;
    readonly kind: "alternative" | "situation" | "constant";
  }[];
  readonly odd: readonly Note[];
  readonly hash: string;
}

/** Choice data as a card: how many of what, who chose what and when they could, what the attributes look like, what looks odd. */
export const dataCard = (facts: DataFacts): Bundle => cardBundle(dataBlocks(facts));

function dataBlocks(facts: DataFacts): Card {
  const odd = facts.odd.map(({level, text}): Line => (level === "warning" ? {tone: "warning", line: ["⚠ ", {label: text}]} : {tone: "foot", line: ["Note: ", {label: text}]}));
  return [
    {tone: "heading", line: held(facts)},
    {tone: "status", line: shapes(facts)},
    {table: alternatives(facts)},
    ...(facts.attributes.length ? [{table: attributes(facts)}] : []),
    ...odd,
    {tone: "foot", line: [`data ${facts.hash}`]}
  ];
}

const held = ({people, situations, rows, panel, alternatives}: DataFacts): Inline[] =>
  dotted(
    [`${count(situations, "choice", "choices")}${panel ? ` of ${count(people, "person", "people")}` : ""} among ${count(alternatives.length, "alternative", "alternatives")}`],
    [count(rows, "row", "rows")],
    panel ? [] : ["people not named: each choice stands alone"]
  );

const shapes = ({panel, situationsPerPerson, setSizes}: DataFacts): Inline[] =>
  dotted(panel ? [`Choices per person: ${ranged(situationsPerPerson)}`] : [], [`Alternatives on offer: ${ranged(setSizes)}`]);

const ranged = ({min, median, max}: Range): string => (min === max ? `always ${brief(min)}` : `${brief(min)} to ${brief(max)}, median ${brief(median)}`);

function alternatives({alternatives, situations}: DataFacts): Table {
  const most = Math.max(...alternatives.map(({share}) => share));
  const row = ({name, chosen, share, available, shareWhenAvailable}: DataFacts["alternatives"][number]): Cell[] => [
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

function attributes({attributes}: DataFacts): Table {
  const row = ({name, mean, sd, min, max, kind, variesWithin}: DataFacts["attributes"][number]): Cell[] => {
    const part = typeof variesWithin === "number" ? percent(variesWithin) : variesWithin ? "yes" : "no";
    return [label(name), ...[mean, sd, min, max].map((x) => number(brief(x, 4))), words(varies[kind]), words(part)];
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
      {head: "Within situations", title: "whether it differs among the alternatives of a situation", align: "right"}
    ],
    groups: [{title: "", rows: attributes.map(row)}]
  };
}
