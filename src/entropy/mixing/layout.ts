import type {ChoiceData, ChoiceFacts, Note} from "../../data/choiceData.js";
import {standIn, type OfferFacts} from "../../data/offers.js";
import {ChoiceError, listed, quote, suggest} from "../../errors.js";
import {units} from "../../model/choices.js";
import {design, type Column, type Design} from "../../model/design.js";
import type {Specification} from "../../model/specification.js";
import {fillColumns, namedColumns} from "./columns.js";
import type {MixedMenus} from "./objective.js";
import type {TastesFacts} from "./tastes.js";

/** The columns of a mixture: those with tastes, those that everybody shares, and those held at a value. */
export interface MixingLayout {
  /** Columns with tastes are marked by a distribution, which stands for the mixture whatever it says. */
  readonly design: Design;
  /** The column of each of the D coefficients of the tastes. */
  readonly random: Int32Array;
  /** Columns to be estimated, (F). */
  readonly fixed: Int32Array;
  /** Columns held, with their values. */
  readonly held: readonly {readonly column: number; readonly value: number}[];
}

/** A design whose columns are those of the tastes and those held: for fits that estimate no shared coefficients. */
export function layoutOfNames(data: ChoiceFacts | OfferFacts, tastes: TastesFacts, hold: Readonly<Record<string, number>>, panel: boolean | undefined, at: string): MixingLayout {
  checkHold(hold, at);
  const both = tastes.names.find((name) => Object.hasOwn(hold, name));
  if (both !== undefined) throw new ChoiceError("mixing/held-taste", {at, saw: `${quote(both)} among the tastes and held`, want: "one of them"});
  const columns = namedColumns(data, [...tastes.names, ...Object.keys(hold)], at).map((column, c): Column => ({...column, within: false, ...(c < tastes.names.length && {distribution: {family: "normal"}})}));
  const plan: Design = {tier: "mixed", columns, z: fillColumns(data, columns), base: -1, covariance: "diagonal", panel: panel ?? data.panel, notes: leftOut(data, columns)};
  const D = tastes.names.length;
  return {design: plan, random: Int32Array.from({length: D}, (_, d) => d), fixed: new Int32Array(0), held: Object.values(hold).map((value, k) => ({column: D + k, value}))};
}

/** What such a utility does without, which other fits would have put in unasked. */
function leftOut({attributes, alternatives}: ChoiceFacts | OfferFacts, columns: readonly Column[]): Note[] {
  const constants = columns.filter(({attribute}) => attribute < 0);
  const bare = alternatives.filter((_, j) => !constants.some(({alternatives: carriers}) => carriers.includes(j)));
  const missing = [
    ...attributes.filter((_, k) => !columns.some(({attribute}) => attribute === k)),
    // One alternative is the base, and needs none.
    ...(bare.length < 2 ? [] : constants.length ? [`intercepts of all but one of ${listed(bare, 6)}`] : ["intercepts"])
  ];
  return missing.length ? [{level: "info", code: "mixing/left-out", text: `Not in utility: ${listed(missing, 8)}. Only columns with tastes, and those in \`hold\`, are.`}] : [];
}

/** A design as `fitMixed` would have it, whose random columns are those of the tastes. */
export function layoutOfSpecification(data: ChoiceFacts, tastes: TastesFacts, {hold = {}, ...specification}: Pick<Specification, "attributes" | "intercepts" | "base" | "panel" | "hold">, at: string): MixingLayout {
  checkHold(hold, at);
  const plan = design(data, {tier: "mixed", ...specification, random: [...tastes.names]}, at);
  const names = plan.columns.map(({name}) => name);
  for (const name of [...tastes.names, ...Object.keys(hold)]) {
    if (!names.includes(name)) throw new ChoiceError("model/unknown-column", {at, saw: quote(name), want: `a column of this model: ${listed(names.map(quote), 12)}`, hint: suggest(name, names)});
  }
  const both = tastes.names.find((name) => Object.hasOwn(hold, name));
  if (both !== undefined) throw new ChoiceError("mixing/held-taste", {at, saw: `${quote(both)} among the tastes and held`, want: "one of them"});
  const random = Int32Array.from(tastes.names, (name) => names.indexOf(name));
  const held = Object.entries(hold).map(([name, value]) => ({column: names.indexOf(name), value}));
  const fixed = Int32Array.from(names.keys()).filter((c) => !random.includes(c) && !held.some(({column}) => column === c));
  const stray = plan.columns.find(({distribution}, c) => distribution && !random.includes(c));
  if (stray) throw new ChoiceError("model/unknown-column", {at, saw: `${quote(stray.name)} meant by the name of an attribute`, want: "tastes for each column by its own name", hint: `tasteGrid({${JSON.stringify(stray.name)}: …})`});
  return {design: plan, random, fixed, held};
}

/** Menus by units, a person's situations together where there is a panel. Without choices the first row of each situation stands in. */
export function menusOf(data: ChoiceFacts | OfferFacts, {design: plan, random, fixed, held}: MixingLayout, at: string): MixedMenus {
  const choices = "chosen" in data ? data : standIn(data);
  const {unit, weight, person, people} = units(choices, plan, at);
  return {z: plan.z, columns: plan.columns.length, situation: data.situation, chosen: choices.chosen, random, fixed, unit, weight, person, people, ...offsetOf(plan, held)};
}

function offsetOf({z, columns}: Design, held: MixingLayout["held"]): {offset?: Float64Array} {
  if (!held.length) return {};
  const C = columns.length;
  const offset = new Float64Array(z.length / C);
  for (const {column, value} of held) for (let row = 0; row < offset.length; ++row) offset[row] += value * z[row * C + column];
  return {offset};
}

/** The same menus with shared coefficients held at c (F). */
export function withShared(menus: MixedMenus, c: Float64Array): MixedMenus {
  const {z, columns: C, fixed, offset: given} = menus;
  if (!fixed.length) return menus;
  const offset = given?.slice() ?? new Float64Array(z.length / C);
  fixed.forEach((column, f) => { for (let row = 0; row < offset.length; ++row) offset[row] += c[f] * z[row * C + column]; });
  return {...menus, fixed: new Int32Array(0), offset};
}

function checkHold(hold: unknown, at: string): void {
  if (typeof hold !== "object" || hold === null || Array.isArray(hold)) throw new ChoiceError("model/not-a-list", {at, saw: `hold: ${quote(hold)}`, want: "a record from column to value", hint: "hold: {quality: 2}"});
  for (const [name, value] of Object.entries(hold)) {
    if (!Number.isFinite(value)) throw new ChoiceError("model/held-value", {at, saw: `hold: {${JSON.stringify(name)}: ${quote(value)}}`, want: "a finite number"});
  }
}

/** People with one situation each say little about a mixture. */
export const crossSection = ({unit}: MixedMenus, {panel}: Pick<ChoiceData, "panel">): boolean => !panel || unit.every((from, u) => u === 0 || from - unit[u - 1] === 1);
