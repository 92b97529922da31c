import type {TotalEffectFacts} from "../explain/totalEffect.js";
import type {Bundle} from "../rich.js";
import {cardBundle, dotted} from "./card.js";
import {evenly} from "./format.js";
import {noteLines} from "./notes.js";
import {label, number} from "./table.js";
import type {Table} from "./table.js";

/** Numbers that differ from zero by rounding alone are zero: here much cancels. */
function beyondRounding(values: readonly number[]): (x: number) => string {
  const grain = 1e-12 * values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const write = evenly(values.filter((x) => Math.abs(x) > grain), 3);
  return (x) => write(Math.abs(x) <= grain ? 0 : x);
}

const changes = {unit: "per unit raised everywhere", proportional: "raised in proportion everywhere", given: "changed as given"} as const;

/** What changed data would do to fitted probabilities, with and without a new fit. */
export const totalEffectCard = (facts: TotalEffectFacts): Bundle => cardBundle([
  {table: effectTable(facts)},
  {table: shiftTable(facts)},
  ...noteLines(facts.notes),
  {tone: "foot", line: dotted([{label: facts.model}], ["direct: coefficients as they are"], ["re-estimated: by their own change in a new fit"], ["how far the fit hangs on the data, not the effect of a price"])}
]);

function effectTable({attribute, change, answers, moves, direct, reestimated, total}: TotalEffectFacts): Table {
  const write = beyondRounding([direct, reestimated, total].flatMap((part) => part.to1DArray()));
  return {
    caption: `Effects of changed data: ${attribute} ${changes[change]}`,
    columns: [{head: "Answers", align: "left"}, ...["Direct", "Re-estimated", "Total"].map((head) => ({head, align: "right"}) as const)],
    groups: moves.map((move, m) => ({
      title: moves.length > 1 ? `changed for ${move}` : "",
      rows: answers.map((answer, a) => [label(answer), ...[direct, reestimated, total].map((part) => number(write(part.get(a, m))))])
    }))
  };
}

function shiftTable({coefficients, moves, shift}: TotalEffectFacts): Table {
  const write = beyondRounding(shift.to1DArray());
  return {
    caption: "By how much coefficients change",
    columns: [{head: "Coefficient", align: "left"}, ...moves.map((move) => ({head: move, headKind: "label", align: "right"}) as const)],
    groups: [{title: "", rows: coefficients.map((name, c) => [label(name), ...moves.map((_, m) => number(write(shift.get(c, m))))])}]
  };
}
