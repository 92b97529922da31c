import {ChoiceError, listed, quote, suggest} from "../errors.js";
import {assemble, situationKeys, type Keys} from "./assemble.js";
import {codify, flag, looksNumeric, readFlags, readIds, type Codes} from "./cells.js";
import type {ChoiceData} from "./choiceData.js";
import type {RoughColumn} from "./encode.js";
import {columnOf, type Table} from "./frame.js";
import {checkList, ids, numbers, open, owners, settleMissing, type Opened, type RowNumber, type TableOptions} from "./options.js";
import {add, heap, raise} from "./trouble.js";

/** Options of `fromLong`. */
export interface LongOptions extends TableOptions {
  /** A column of 1/0, true/false or yes/no on each row, or one that names the situation's chosen alternative. */
  readonly chosen: string;
  /** The alternative that a row is about. */
  readonly alternative: string;
  /**
   * The situation that a row belongs to; ids may start again for each person where `person` is given. May be left out
   * when `person` and `time` tell situations apart, or when each person chose once.
   */
  readonly situation?: string;
  /** 1/0, true/false or yes/no: rows that are not available are dropped. */
  readonly available?: string;
  /**
   * Attributes: a list of columns, or a record from a name to a column or a function of the row. Default: every column
   * of numbers that has no other role.
   */
  readonly attributes?: readonly string[] | Readonly<Record<string, string | RowNumber>>;
  /** The order of the alternatives. Default: first appearance. */
  readonly alternatives?: readonly string[];
}

const roles = ["person", "situation", "alternative", "chosen", "time", "weights", "available", "clusters"] as const;

/**
 * Reads a long table: one row for each alternative of each situation.
 *
 * People and situations come in order of first appearance, and their rows need not be together. Each set is ordered by
 * alternative. Whatever is worth knowing but no error is in `notes`.
 *
 * @param table   DataFrame, Arrow Table, array of row objects, or object of columns
 * @param options which column plays which role, and how columns become attributes
 * @returns choices, checked: exactly one chosen row in each situation, at least two alternatives, finite attributes
 * @throws {ChoiceError} data/… for the table (missing columns or cells, text where numbers are wanted, no or two chosen rows, …), options/… for the options
 * @example
 * const rows = [
 *   {trip: 1, mode: "car", cost: 3, took: 1}, {trip: 1, mode: "bus", cost: 1, took: 0},
 *   {trip: 2, mode: "car", cost: 4, took: 0}, {trip: 2, mode: "bus", cost: 2, took: 1}
 * ];
 * const data = fromLong(rows, {chosen: "took", alternative: "mode", situation: "trip"});
 * data.attributes // ["cost"]
 */
export function fromLong(table: Table, options: LongOptions): ChoiceData {
  const opened = open("fromLong", table, options as LongOptions & Record<string, unknown>, ["chosen", "alternative"], [...roles, "attributes", "alternatives"]);
  const {frame, at, rows, reading, outside} = opened;
  for (const option of ["alternatives", "dummies", "center"] as const) checkList(at, option, options[option]);
  for (const role of roles) if (options[role] !== undefined) columnOf(frame, at, role, options[role]);

  const available = options.available === undefined ? undefined : readFlags(reading, {column: options.available, cells: frame.column(options.available), rows}, "1 or 0, true or false, yes or no for availability");
  // Cells of rows that are not on offer do not matter: many tables leave them empty.
  const skip = available?.map((yes) => 1 - yes);
  const person = owners(opened, "person", options.person);
  const labels = readIds(reading, {column: options.alternative, cells: frame.column(options.alternative), rows});
  const {codes: alternative, names} = nameAlternatives(at, options, labels);
  const time = (options.situation === undefined ? owners : ids)(opened, "time", options.time);
  const situation = owners(opened, "situation", options.situation) ?? inferSituation(opened, options, alternative, person, time);
  const keys = situationKeys(situation, person);
  const {chosen, named} = readChosen(opened, options.chosen, alternative, names, keys);
  const columns = readColumns(opened, options, skip);
  const weight = options.weights === undefined ? undefined : numbers(opened, "weights", options.weights, options.weights);
  const clusters = ids(opened, "clusters", options.clusters);
  settleMissing(opened, options.missing);

  return assemble(
    {
      at, recipe: opened.recipe, source: rows, person, situation, alternative, alternatives: names,
      chosen, named, chosenColumn: options.chosen, available, bad: reading.bad, missing: reading.missing,
      columns, weight, time, clusters, outside, single: options.single ?? "error", encode: options, notes: reading.notes
    },
    keys
  );
}

/** Alternatives are known by name: codes in the order asked for, or of first appearance. */
export function nameAlternatives(at: string, {alternative, alternatives}: Pick<LongOptions, "alternative" | "alternatives">, {code, ids: labels}: Codes): {codes: Codes; names: string[]} {
  const names = [...new Set(alternatives ?? labels.map(String))];
  if (alternatives && names.length < alternatives.length) {
    throw new ChoiceError("options/duplicate-name", {
      at, saw: `option alternatives names ${quote(alternatives.find((name, j) => alternatives.indexOf(name) !== j))} twice`,
      want: "each alternative once"
    });
  }
  const position = new Map(names.map((name, j) => [name, j]));
  const strange = labels.map(String).filter((name) => !position.has(name));
  if (strange.length > 0) {
    throw new ChoiceError("data/unknown-alternative", {
      at, column: alternative, value: strange[0], saw: `column ${quote(alternative)} holds ${listed(strange.map(quote))}`,
      want: "alternatives that the option alternatives names",
      hint: suggest(strange[0], names)
    });
  }
  const recode = labels.map((label) => position.get(String(label)) as number);
  return {codes: {code: code.map((c) => (c < 0 ? -1 : recode[c])), ids: names}, names};
}

export function inferSituation({at, frame}: Opened, options: Pick<LongOptions, "person">, alternative: Codes, person?: Codes, time?: Codes): Codes {
  if (person && time) return time;
  if (person && !repeats(person, alternative)) return person;
  throw new ChoiceError("data/no-situation", {
    at,
    saw: person ? `people in column ${quote(options.person)} meet the same alternative more than once` : "no option situation",
    want: "the column that tells situations apart",
    hint: `situation: one of ${listed(frame.names.map(quote), 12)}`
  });
}

export function repeats(person: Codes, {code, ids: names}: Codes): boolean {
  const met = new Set<number>();
  return person.code.some((p, r) => {
    const pair = p * names.length + code[r];
    if (code[r] < 0) return false;
    if (met.has(pair)) return true;
    met.add(pair);
    return false;
  });
}

/** Yes and no on each row, or the name of the chosen alternative: the values tell which. */
function readChosen({frame, at, rows, reading, outside}: Opened, column: string, alternative: Codes, names: readonly string[], {key, first}: Keys): {chosen: Uint8Array; named?: Int32Array} {
  const cells = {column, cells: frame.column(column), rows};
  const {code, ids: said} = codify(at, cells);
  const position = new Map(names.map((name, j) => [name, j]));
  if (outside !== undefined && !position.has(outside)) position.set(outside, -1);
  const isFlag = said.map((id) => flag(id) !== undefined);
  const isName = said.map((id) => position.has(String(id)));
  const flags = count(code, isFlag);
  const labels = count(code, isName);
  // Alternatives called "1" and "0" could be either; a name is the same on all rows of its situation, a flag is not.
  const byName = labels > flags || (labels === flags && labels > 0 && key.every((k, r) => code[r] === code[first[k]]));
  if (!byName) {
    const want = `1 or 0, true or false, yes or no on each row, or the name of the chosen alternative (${listed(names.map(quote))})`;
    return {chosen: readFlags(reading, cells, want)};
  }
  const meaning = said.map((id) => position.get(String(id)));
  const named = new Int32Array(rows.length).fill(-1);
  const chosen = new Uint8Array(rows.length);
  const strange = heap();
  for (let r = 0; r < rows.length; ++r) {
    if (code[r] < 0) {
      if (outside !== undefined) continue; // an empty cell says that nothing was chosen
      reading.bad[r] = 1;
      add(reading.missing, {column, row: rows[r], value: cells.cells[rows[r]]});
    } else if (meaning[code[r]] === undefined) add(strange, {column, row: rows[r], value: said[code[r]]});
    else named[r] = meaning[code[r]] as number;
    chosen[r] = Number(named[r] >= 0 && named[r] === alternative.code[r]);
  }
  raise(strange, "data/unknown-choice", {at, want: "the name of an alternative", hint: strange.count > 0 ? suggest(String(strange.places[0].value), names) : undefined});
  return {chosen, named};
}

function count(code: Int32Array, counts: readonly boolean[]): number {
  let sum = 0;
  for (let r = 0; r < code.length; ++r) if (code[r] >= 0 && counts[code[r]]) ++sum;
  return sum;
}

export function readColumns(opened: Opened, options: Partial<LongOptions>, skip?: Uint8Array): RoughColumn[] {
  const {frame, at, rows, reading} = opened;
  const dummies = options.dummies ?? [];
  const asked = options.attributes;
  if (asked !== undefined && (typeof asked !== "object" || asked === null)) checkList(at, "attributes", asked);
  if (Array.isArray(asked)) checkList(at, "attributes", asked);
  const named: (readonly [string, string | RowNumber])[] = asked === undefined ? defaults(opened, options, skip).map((name) => [name, name])
    : Array.isArray(asked) ? (asked as readonly string[]).map((name) => [name, name])
    : Object.entries(asked as Readonly<Record<string, string | RowNumber>>);
  const chosen = options.chosen === undefined ? undefined : named.find(([, source]) => source === options.chosen);
  if (chosen) {
    throw new ChoiceError("data/chosen-as-attribute", {
      at, column: options.chosen, saw: `attribute ${quote(chosen[0])} is the column of choices`,
      want: "attributes that do not give the choice away"
    });
  }
  const visible = new Set(named.map(([name]) => name));
  const sources: (readonly [string, string | RowNumber, boolean])[] = [
    ...named.map(([name, source]) => [name, source, false] as const),
    ...dummies.filter((name) => !visible.has(name)).map((name) => [name, name, false] as const)
  ];
  // Factors of interactions that are columns of the table, though no attributes.
  const known = new Set(sources.map(([name]) => name));
  for (const name of new Set((options.interactions ?? []).flat())) {
    if (!known.has(name) && frame.names.includes(name)) sources.push([name, name, true]);
  }
  return sources.map(([name, source, hidden]) => {
    if (!dummies.includes(name)) return {name, hidden, per: 1, values: numbers(opened, "attributes", name, source, skip)};
    const column = typeof source === "string" ? source : name;
    return {name, hidden, per: 1, levels: readIds(reading, {column, cells: columnOf(frame, at, "dummies", column), rows, skip})};
  });
}

/** Columns of numbers that have no other role; text is left out with a word, and so is a column that numbers the rows. */
function defaults({frame, rows, reading}: Opened, options: Partial<LongOptions>, skip?: Uint8Array): string[] {
  const taken = new Set<string | undefined>([...roles.map((role) => options[role]), ...(options.dummies ?? [])]);
  const text: string[] = [];
  const names = frame.names.filter((name) => {
    if (taken.has(name)) return false;
    const cells = frame.column(name);
    if (numbersRows(name, cells)) {
      reading.notes.push({level: "info", code: "data/row-number-left-out", text: `Column ${quote(name)} numbers the rows; it is no attribute unless the option attributes names it.`});
      return false;
    }
    const numeric = looksNumeric({column: name, cells, rows, skip});
    if (!numeric) text.push(name);
    return numeric;
  });
  if (text.length > 0) {
    reading.notes.push({level: "info", code: "data/text-left-out", text: `Left out ${listed(text.map(quote), 12)}: no numbers there. Name such columns in dummies to use their levels.`});
  }
  return names;
}

function numbersRows(name: string, cells: ArrayLike<unknown>): boolean {
  if (!/^(|index|rows?|row ?names?|row_?names?|unnamed.*|x|obs|id)$/i.test(name)) return false;
  const start = Number(cells[0]);
  for (let r = 0; r < cells.length; ++r) if (Number(cells[r]) !== start + r) return false;
  return true;
}
