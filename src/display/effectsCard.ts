import type {EffectsFacts, EffectTable} from "../explain/effects.js";
import type {Bundle} from "../rich.js";
import {intervalAxis, intervalBar} from "./bars.js";
import {cardBundle, dotted} from "./card.js";
import {align, count, decimalsFor, nothing, sureOf} from "./format.js";
import {noteLines} from "./notes.js";
import {label, number, words} from "./table.js";
import type {Cell, Column, Table} from "./table.js";

/** Up to so many columns a matrix is shown whole; a larger one by its own effects and its largest others. */
const abreast = 10;

/**
 * Effects of attributes: a matrix for each, row answers, column moves, with errors in parentheses below; an attribute of the
 * situation as a whole as a list with intervals.
 */
export function effectsCard(facts: EffectsFacts): Bundle {
  const {what, words: meaning, model, tables, situations, weight, errors, level, notes} = facts;
  const sure = sureOf(level);
  const each = tables.flatMap(({each}) => (each ? [each.value.length] : []));
  return cardBundle([
    ...tables.map((table) => ({table: table.reach === "situation" ? list(facts, table, sure) : table.moves.length <= abreast ? matrix(facts, table) : extremes(facts, table, sure)})),
    {tone: "status", line: [`${what[0].toUpperCase()}${what.slice(1)}: ${meaning}`]},
    ...noteLines(notes),
    ...(each.length ? [{tone: "foot", line: [`${each.reduce((sum, n) => sum + n, 0)} effects in single situations: tables[0].each`]} as const] : []),
    {tone: "foot", line: dotted(
      [{label: model}], [`${count(situations, "situation", "situations")}${weight === situations ? "" : ` of weight ${Number(weight.toPrecision(6))}`}`],
      [{label: tables.some(hasErrors) ? `standard errors in parentheses: ${errors}` : `errors: ${errors}`}]
    )}
  ]);
}

const caption = ({what}: EffectsFacts, {attribute, reach}: EffectTable): string => {
  const name = `${what[0].toUpperCase()}${what.slice(1)}`;
  return attribute === undefined ? name : `${name} of ${attribute}${reach === "situation" ? ", which moves for all alternatives" : ""}`;
};

const hasErrors = ({error}: EffectTable): boolean => error.to1DArray().some((e) => e > 0);

/** Decimals from the errors, or the effects where none has one. */
function writing(table: EffectTable) {
  const errors = table.error.to1DArray().filter((e) => e > 0);
  const scales = errors.length ? errors : table.value.to1DArray();
  const decimals = Math.min(6, decimalsFor(scales)(NaN));
  return (x: number): string => (Number.isFinite(x) ? align(x, x !== 0 && Math.abs(x) < 0.05 * 10 ** -decimals ? 8 : decimals, decimals).text : nothing);
}

function matrix(facts: EffectsFacts, table: EffectTable): Table {
  const write = writing(table);
  const errors = hasErrors(table);
  const corner = facts.what === "diversion" ? "To \\ from" : "Answers \\ moves";
  return {
    caption: caption(facts, table),
    columns: [{head: corner, title: "row answers, column moves", align: "left"}, ...table.moves.map((move): Column => ({head: move, headKind: "label", align: "right"}))],
    groups: [{title: "", rows: table.answers.flatMap((answer, a) => [
      [label(answer), ...table.moves.map((_, m) => number(write(table.value.get(a, m))))],
      ...(errors ? [[words(""), ...table.moves.map((_, m) => number(table.error.get(a, m) > 0 ? `(${write(table.error.get(a, m))})` : ""))]] : [])
    ])}]
  };
}

/** One column of effects, with its intervals. */
function list(facts: EffectsFacts, table: EffectTable, sure: string): Table {
  return listing(caption(facts, table), table, table.answers.map((_, a) => ({a, m: 0})), sure, () => []);
}

/** Of a large matrix its own effects, each with the largest that others have on the same row. */
function extremes(facts: EffectsFacts, table: EffectTable, sure: string): Table {
  const write = writing(table);
  const cells = table.answers.flatMap((answer, a) => {
    const own = table.moves.indexOf(answer);
    return own < 0 || (facts.what === "diversion" && table.value.get(a, own) === 0) ? [] : [{a, m: own}];
  });
  const shown = cells.length ? cells : table.answers.map((_, a) => ({a, m: largest(table, a, -1)}));
  return listing(`${caption(facts, table)}: ${cells.length ? "own effects, and the largest others" : "the largest of each row"}`, table, shown, sure, ({a, m}) => {
    const other = largest(table, a, m);
    return cells.length ? [label(table.moves[other]), number(write(table.value.get(a, other)))] : [label(table.moves[m])];
  }, cells.length ? [{head: "Largest other", align: "left"}, {head: "", align: "right", joined: true}] : [{head: "Moved by", align: "left"}]);
}

function largest({value, moves}: EffectTable, a: number, but: number): number {
  let found = but === 0 ? 1 : 0;
  for (let m = 0; m < moves.length; ++m) if (m !== but && (Math.abs(value.get(a, m)) > Math.abs(value.get(a, found)) || Number.isNaN(value.get(a, found)))) found = m;
  return found;
}

function listing(caption: string, table: EffectTable, cells: readonly {readonly a: number; readonly m: number}[], sure: string, more: (cell: {readonly a: number; readonly m: number}) => Cell[], columns: readonly Column[] = []): Table {
  const write = writing(table);
  const {answers, value, error, low, high} = table;
  const at = ({a, m}: {readonly a: number; readonly m: number}) => ({low: low.get(a, m), middle: value.get(a, m), high: high.get(a, m)});
  const sound = ({low, high}: {readonly low: number; readonly high: number}): boolean => Number.isFinite(low) && Number.isFinite(high);
  const axis = intervalAxis(cells.map(at).filter(sound));
  return {
    caption,
    columns: [
      {head: "Answers", align: "left"}, {head: "Effect", align: "right"}, {head: "SE", title: "standard error by the delta method", align: "right"},
      {head: `${sure} interval`, align: "right"}, ...columns, {head: "", align: "left", drawing: true}
    ],
    groups: [{title: "", rows: cells.map((cell) => {
      const interval = at(cell);
      const bounds = sound(interval) ? `[${write(interval.low)}, ${write(interval.high)}]` : nothing;
      return [
        label(answers[cell.a]), number(write(interval.middle)), number(write(error.get(cell.a, cell.m))), number(bounds), ...more(cell),
        axis && sound(interval) ? words("", {picture: intervalBar(interval, axis, `${sure} interval ${bounds.slice(1, -1).replace(", ", " to ")}`)}) : words("")
      ];
    })}]
  };
}
