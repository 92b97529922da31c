import {standIn} from "../data/offers.js";
import type {OfferFacts} from "../data/offers.js";
import {summary} from "../data/summary.js";
import type {SummaryFacts} from "../data/summary.js";
import type {Bundle} from "../rich.js";
import {shareBar} from "./bars.js";
import {cardBundle, dotted} from "./card.js";
import {attributesTable, shapes} from "./dataCard.js";
import {count, percent, plainly} from "./format.js";
import {noteLines} from "./notes.js";
import {label, number, words} from "./table.js";
import type {Table} from "./table.js";

/** What looks odd whoever chose what. */
const choiceless = new Set(["constant", "case-specific", "hardly-varies", "large-scale", "small-scale", "identical-alternatives"].map((code) => `data/${code}`));

/** What was on offer: how many of what, how often, what the attributes look like; who chose what is not known. */
export function offersCard(offers: OfferFacts): Bundle {
  const facts = summary(standIn(offers));
  const weight = offers.weight.reduce((sum, w) => sum + w, 0);
  return cardBundle([
    {tone: "heading", line: dotted(
      [`${count(facts.situations, "situation", "situations")}${facts.panel ? ` of ${count(facts.people, "person", "people")}` : ""} with ${count(facts.alternatives.length, "alternative", "alternatives")} on offer; choices not known`],
      weight === facts.situations ? [] : [`weight ${plainly(weight)}`],
      [count(facts.rows, "row", "rows")]
    )},
    {tone: "status", line: shapes({...facts, panel: false})},
    {table: alternativesTable(facts)},
    ...(facts.attributes.length ? [{table: attributesTable(facts)}] : []),
    ...noteLines([...offers.notes, ...facts.odd.filter(({code}) => choiceless.has(code))]),
    {tone: "foot", line: [`data ${facts.hash}`]}
  ]);
}

const alternativesTable = ({alternatives, situations}: SummaryFacts): Table => ({
  caption: "Alternatives",
  columns: [{head: "Alternative", align: "left"}, {head: "Situations", title: "that offered it", align: "right"}, {head: "On offer", title: "part of the situations", align: "right"}, {head: "", align: "left", drawing: true}],
  groups: [{title: "", rows: alternatives.map(({name, available}) => [
    label(name), number(String(available)), number(percent(available / situations)), words("", {picture: shareBar(available / situations, 1, `on offer ${percent(available / situations)}`)})
  ])}]
});
