import type {EntropyRatioFacts} from "../explain/entropyRatio.js";
import type {WaldFacts} from "../explain/wald.js";
import type {Bundle} from "../rich.js";
import {cardBundle} from "./card.js";
import type {Inline, Line} from "./card.js";
import {fixed, pValue, stars, starsLegend, statistic as written} from "./format.js";
import {noteLines} from "./notes.js";
import {label, number, words} from "./table.js";
import type {Table} from "./table.js";

/** A test by the entropy that a restriction gives back. */
export const entropyRatioCard = ({form, statistic, degrees, p, restricted, unrestricted, dropped, notes}: EntropyRatioFacts): Bundle => cardBundle([
  {table: testTable(`${form[0].toUpperCase()}${form.slice(1)} test`, dropped, statistic, degrees, p)},
  ...together(dropped, degrees),
  ...noteLines(notes),
  {tone: "foot", line: ["entropy ", {number: fixed(restricted, 4)}, " if so, ", {number: fixed(unrestricted, 4)}, ` if not, in nats · ${starsLegend}`]}
]);

/** A test by how far estimates are from zero. */
export const waldCard = ({statistic, degrees, p, names, words: how}: WaldFacts): Bundle => cardBundle([
  {table: testTable("Wald test", names, statistic, degrees, p)},
  ...together(names, degrees),
  {tone: "foot", line: [{label: `covariance: ${how}`}, ` · ${starsLegend}`]}
]);

const testTable = (caption: string, names: readonly string[], statistic: number, degrees: number, p: number): Table => ({
  caption,
  columns: [
    {head: "Hypothesis", align: "left"}, {head: "Chi-squared", align: "right"}, {head: "Degrees of freedom", align: "right"},
    {head: "p", align: "right"}, {head: "", align: "left", joined: true}
  ],
  groups: [{title: "", rows: [[
    names.length === 1 ? label(names[0], {below: "is zero"}) : words(`all ${names.length} are zero`),
    number(written(statistic)), number(String(degrees)), number(pValue(p)), words(stars(p))
  ]]}]
});

const most = 12;

/** What several coefficients a hypothesis is about. */
function together(names: readonly string[], degrees: number): Line[] {
  if (names.length === 1) return [];
  const list = names.slice(0, most).flatMap((name, k): Inline[] => [...(k ? [", "] : []), {label: name}]);
  return [{tone: "status", line: [
    "Said to be zero: ", ...list, ...(names.length > most ? [` and ${names.length - most} more`] : []),
    ...(degrees < names.length ? [`; the data tell ${degrees} of ${names.length} apart`] : [])
  ]}];
}
