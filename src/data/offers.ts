import {ChoiceError, expectFields} from "../errors.js";
import {shown, type Shown} from "../rich.js";
import {arrange, hashOf, situationKeys} from "./assemble.js";
import {readFlags, readIds, type Codes} from "./cells.js";
import type {ChoiceData, ChoiceFacts} from "./choiceData.js";
import {columnOf, type Table} from "./frame.js";
import {inferSituation, nameAlternatives, readColumns, repeats, type LongOptions} from "./fromLong.js";
import {checkList, ids, numbers, open, owners, settleMissing} from "./options.js";

/** What was on offer, without the choices made: all that `ChoiceFacts` holds but `chosen`. */
export type OfferFacts = Omit<ChoiceFacts, "chosen">;

/** Choice sets without choices: to be met with totals, such as a revenue or shares. `offers` makes it. */
export type Offers = OfferFacts & Shown;

/** Options of `offers`: those of `fromLong`, less the column of choices. */
export type OfferOptions = Omit<LongOptions, "chosen">;

const roles = ["person", "situation", "alternative", "time", "weights", "available", "clusters"] as const;

/**
 * Reads a long table of what was on offer, one row for each alternative of each situation, where nobody wrote down who chose
 * what: totals (a revenue, shares) then take the place of choices, see `fitMaxEnt`. A table in which each alternative stands
 * once is one situation; `weights` says how many customers met a situation.
 *
 * @param table   DataFrame, Arrow Table, array of row objects, or object of columns
 * @param options which column plays which role, as for `fromLong`
 * @returns choice sets, checked: at least two alternatives in each situation, finite attributes
 * @throws {ChoiceError} data/… for the table, options/… for the options
 * @example
 * const shelf = offers([{brand: "A", price: 2}, {brand: "B", price: 3}, {brand: "C", price: 5}], {alternative: "brand"});
 * shelf.situations.length // 1
 * shelf.attributes // ["price"]
 */
export function offers(table: Table, options: OfferOptions): Offers {
  const opened = open("offers", table, options as OfferOptions & Record<string, unknown>, ["alternative"], [...roles, "attributes", "alternatives"]);
  const {frame, at, rows, reading, outside} = opened;
  for (const option of ["alternatives", "dummies", "center"] as const) checkList(at, option, options[option]);
  for (const role of roles) if (options[role] !== undefined) columnOf(frame, at, role, options[role]);

  const available = options.available === undefined ? undefined : readFlags(reading, {column: options.available, cells: frame.column(options.available), rows}, "1 or 0, true or false, yes or no for availability");
  const skip = available?.map((yes) => 1 - yes);
  const person = owners(opened, "person", options.person);
  const {codes: alternative, names} = nameAlternatives(at, options, readIds(reading, {column: options.alternative, cells: frame.column(options.alternative), rows}));
  const time = (options.situation === undefined ? owners : ids)(opened, "time", options.time);
  const together: Codes = {code: new Int32Array(rows.length), ids: ["all"]};
  const situation = owners(opened, "situation", options.situation)
    ?? (!person && !time && !repeats(together, alternative) ? together : inferSituation(opened, options, alternative, person, time));
  const columns = readColumns(opened, options, skip);
  const weight = options.weights === undefined ? undefined : numbers(opened, "weights", options.weights, options.weights);
  const clusters = ids(opened, "clusters", options.clusters);
  settleMissing(opened, options.missing);

  const facts = arrange(
    {
      at, recipe: opened.recipe, source: rows, person, situation, alternative, alternatives: names,
      available, bad: reading.bad, missing: reading.missing, columns, weight, time, clusters, outside,
      single: options.single ?? "error", encode: options, notes: reading.notes
    },
    situationKeys(situation, person)
  );
  return shown("offers", {...facts, hash: hashOf(facts)});
}

/**
 * The choice sets of a data set with its choices forgotten: what could be learned from totals alone, where the truth is at
 * hand to compare with.
 *
 * @throws {ChoiceError} data/not-choices
 * @example
 * "chosen" in offersOf(data) // false
 */
export function offersOf(choices: ChoiceData): Offers {
  expectFields("data/not-choices", "offersOf(data)", choices, ["x", "situation", "person", "alternative"], "choices", "offersOf(fromLong(frame, {…}))");
  const {chosen: _, hash: __, ...facts} = choices;
  return shown("offers", {...facts, hash: hashOf(facts)});
}

/** Whether choices are known, too. */
export const hasChoices = (data: ChoiceData | Offers): data is ChoiceData => "chosen" in data;

/** Choice sets where choices are asked for by type alone: the first row of each situation stands in, and means nothing. */
export const standIn = (data: OfferFacts): ChoiceFacts => ({...data, chosen: data.situation.slice(0, -1)});

/** @throws {ChoiceError} data/not-choices, for what is neither choices nor offers */
export function expectOffers(call: string, data: unknown): asserts data is ChoiceData | Offers {
  expectFields("data/not-choices", call, data, ["x", "situation", "person", "alternative"], "choices or offers", "make them from the table: fromLong(frame, {chosen: …, alternative: …}), or offers(frame, {alternative: …}) where choices are not known");
}

/** @throws {ChoiceError} for a total asked of data that cannot give it */
export function wantsChoices(call: string, what: string): ChoiceError {
  return new ChoiceError("data/no-choices", {at: call, saw: `${what}, but who chose what is not known`, want: "choices", hint: "read a table that has them: fromLong(frame, {chosen: …, …})"});
}
