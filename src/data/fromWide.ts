import {ChoiceError, listed, quote, suggest} from "../errors.js";
import {assemble} from "./assemble.js";
import {codify, readFlags, readIds, type Codes} from "./cells.js";
import type {ChoiceData} from "./choiceData.js";
import type {RoughColumn} from "./encode.js";
import {columnOf, type Row, type Table} from "./frame.js";
import {checkList, ids, numbers, open, owners, settleMissing, type Opened, type RowNumber, type TableOptions} from "./options.js";
import {add, heap, raise} from "./trouble.js";

/** Where one alternative gets an attribute: a column, a number, or a function of the row. */
export type Source = string | number | RowNumber;

/** Options of `fromWide`. */
export interface WideOptions extends TableOptions {
  /** The column that names or numbers the chosen alternative. */
  readonly choice: string;
  /** Names of the alternatives as the choice column holds them, or a record from name to label: `{train: 1, car: 3}`. */
  readonly alternatives: readonly string[] | Readonly<Record<string, string | number | boolean>>;
  /**
   * For each attribute, where its numbers are: a record from alternative to source (others get 0), a template such as
   * `"cost_{alt}"` (`{alt}` is the name, `{label}` the label of the alternative), or a function of row and alternative.
   */
  readonly attributes?: Readonly<Record<string, string | ((row: Row, alternative: string) => number | boolean) | Readonly<Record<string, Source>>>>;
  /** Columns that describe the situation: copied to each of its alternatives. */
  readonly perSituation?: readonly string[];
  /** Columns that say whether an alternative is on offer, by alternative; others always are. */
  readonly available?: Readonly<Record<string, string | ((row: Row) => unknown)>>;
  /** The id of the situation. Default: the number of the row. */
  readonly situation?: string;
}

/**
 * Reads a wide table: one row for each situation, the alternatives' attributes side by side.
 *
 * @param table   DataFrame, Arrow Table, array of row objects, or object of columns
 * @param options which column plays which role, and where each alternative has its attributes
 * @returns choices, checked as `fromLong` checks them; cells of alternatives that are not available are not read
 * @throws {ChoiceError} data/… for the table, options/… for the options
 * @example
 * const rows = [{mode: "car", carCost: 3, busCost: 1, income: 40}, {mode: "bus", carCost: 4, busCost: 2, income: 20}];
 * const data = fromWide(rows, {choice: "mode", alternatives: ["car", "bus"], attributes: {cost: "{alt}Cost"}, perSituation: ["income"]});
 * data.attributes // ["cost", "income"]
 */
export function fromWide(table: Table, options: WideOptions): ChoiceData {
  const known = ["choice", "alternatives", "attributes", "perSituation", "available", "situation"];
  const opened = open("fromWide", table, options as WideOptions & Record<string, unknown>, ["choice", "alternatives"], known);
  const {at, rows, reading, outside} = opened;
  for (const option of ["perSituation", "dummies", "center"] as const) checkList(at, option, options[option]);
  const alternatives = readAlternatives(at, options.alternatives);
  const names = alternatives.map(({name}) => name);
  const [N, J] = [rows.length, names.length];

  const available = readAvailable(opened, options.available, names);
  const person = owners(opened, "person", options.person);
  const situation = owners(opened, "situation", options.situation) ?? {code: Int32Array.from(rows, (_, n) => n), ids: Array.from(rows)};
  checkUnique(opened, situation, person);
  const choice = readChoice(opened, options.choice, alternatives, outside);
  const columns = readColumns(opened, options, alternatives, available);
  const weight = options.weights === undefined ? undefined : numbers(opened, "weights", options.weights, options.weights);
  const [time, clusters] = [ids(opened, "time", options.time), ids(opened, "clusters", options.clusters)];
  settleMissing(opened, options.missing);

  // From here on like a long table: row n J + j is alternative j of situation n.
  const repeat = (codes: Codes | undefined) => codes && {ids: codes.ids, code: Int32Array.from({length: N * J}, (_, r) => codes.code[Math.floor(r / J)])};
  const fill = <T extends Int32Array | Uint8Array | Float64Array>(to: T, from: T): T => to.map((_, r) => from[Math.floor(r / J)]) as T;
  return assemble({
    at, recipe: opened.recipe,
    source: fill(new Int32Array(N * J), rows),
    person: repeat(person),
    situation: repeat(situation) as Codes,
    alternative: {ids: names, code: Int32Array.from({length: N * J}, (_, r) => r % J)},
    alternatives: names,
    chosen: Uint8Array.from({length: N * J}, (_, r) => Number(choice[Math.floor(r / J)] === r % J)),
    chosenColumn: options.choice,
    available,
    bad: fill(new Uint8Array(N * J), reading.bad),
    missing: reading.missing,
    columns,
    weight: weight && fill(new Float64Array(N * J), weight),
    time: repeat(time),
    clusters: repeat(clusters),
    outside, single: options.single ?? "error", encode: options, notes: reading.notes
  });
}

interface Alternative {
  readonly name: string;
  readonly label: string;
}

function readAlternatives(at: string, given: WideOptions["alternatives"]): Alternative[] {
  if (typeof given !== "object" || given === null) {
    throw new ChoiceError("options/not-a-list", {
      at, value: given, saw: `option alternatives is ${quote(given)}`,
      want: "a list of names, or a record from name to label"
    });
  }
  const alternatives: Alternative[] = Array.isArray(given)
    ? given.map((name: unknown) => ({name: String(name), label: String(name)}))
    : Object.entries(given as object).map(([name, label]) => ({name, label: String(label)}));
  for (const part of ["name", "label"] as const) {
    const all = alternatives.map((a) => a[part]);
    const twice = all.find((one, j) => all.indexOf(one) !== j);
    if (twice !== undefined) {
      throw new ChoiceError("options/duplicate-name", {
        at, saw: `two alternatives have the ${part} ${quote(twice)}`,
        want: "each alternative once"
      });
    }
  }
  return alternatives;
}

/** 1 where an alternative is on offer, (n, j). */
function readAvailable(opened: Opened, available: WideOptions["available"], names: readonly string[]): Uint8Array | undefined {
  if (available === undefined) return undefined;
  const {frame, at, rows, reading, view} = opened;
  checkKeys(at, "available", available, names);
  const J = names.length;
  const offered = new Uint8Array(rows.length * J).fill(1);
  for (const [name, source] of Object.entries(available)) {
    let cells: ArrayLike<unknown>;
    if (typeof source === "function") {
      const answers = new Array<unknown>(frame.length);
      for (const r of rows) answers[r] = source(view(r));
      cells = answers;
    } else cells = columnOf(frame, at, "available", source);
    const column = typeof source === "string" ? source : `available ${name}`;
    const flags = readFlags(reading, {column, cells, rows}, "1 or 0, true or false, yes or no for availability");
    const j = names.indexOf(name);
    for (let n = 0; n < rows.length; ++n) offered[n * J + j] = flags[n];
  }
  return offered;
}

/** The chosen alternative of each row, (N); -1 for the outside option. */
function readChoice({frame, at, rows, reading}: Opened, column: string, alternatives: readonly Alternative[], outside?: string): Int32Array {
  const cells = columnOf(frame, at, "choice", column);
  const {code, ids: said} = codify(at, {column, cells, rows});
  const position = new Map(alternatives.map(({label}, j) => [label, j]));
  if (outside !== undefined && !position.has(outside)) position.set(outside, -1);
  const meaning = said.map((id) => position.get(String(id)));
  const choice = new Int32Array(rows.length).fill(-1);
  const strange = heap();
  for (let n = 0; n < rows.length; ++n) {
    if (code[n] < 0) {
      if (outside !== undefined) continue; // an empty cell says that nothing was chosen
      reading.bad[n] = 1;
      add(reading.missing, {column, row: rows[n], value: cells[rows[n]]});
    } else if (meaning[code[n]] === undefined) add(strange, {column, row: rows[n], value: said[code[n]]});
    else choice[n] = meaning[code[n]] as number;
  }
  const value = strange.places[0]?.value;
  raise(strange, "data/unknown-choice", {
    at,
    want: `one of ${listed(alternatives.map(({label}) => quote(label)), 12)}`,
    hint: typeof value === "string" && Number.isNaN(Number(value))
      ? suggest(value, alternatives.map(({label}) => label))
      : `alternatives: {${alternatives.slice(0, 2).map(({name}, j) => `${name}: ${j + 1}`).join(", ")}, …} to say what the labels mean, or where: row => row[${quote(column)}] !== ${quote(value)} to leave such rows out`
  });
  return choice;
}

function readColumns(opened: Opened, options: WideOptions, alternatives: readonly Alternative[], available?: Uint8Array): RoughColumn[] {
  const {frame, at, rows, reading} = opened;
  const names = alternatives.map(({name}) => name);
  const dummies = options.dummies ?? [];
  const J = names.length;
  const attributes = Object.entries(options.attributes ?? {}).map(([name, given]): RoughColumn => {
    if (typeof given === "object" && given !== null) checkKeys(at, `attributes.${name}`, given, names);
    else if (typeof given !== "string" && typeof given !== "function") {
      throw new ChoiceError("options/bad-source", {
        at, value: given, saw: `attribute ${quote(name)} comes from ${quote(given)}`,
        want: 'a template such as "cost_{alt}", a record from alternative to column, or a function'
      });
    }
    const values = new Float64Array(rows.length * J);
    alternatives.forEach((alternative, j) => {
      const source = sourceOf(given, alternative);
      const skip = available && Uint8Array.from(rows, (_, n) => 1 - available[n * J + j]);
      const cells = typeof source === "number" ? readConstant(at, name, source, rows.length) : numbers(opened, `attributes.${name}`, `${name} of ${alternative.name}`, source, skip);
      for (let n = 0; n < rows.length; ++n) values[n * J + j] = cells[n];
    });
    const without = typeof given === "object" ? names.filter((alternative) => !Object.hasOwn(given, alternative) && alternative !== opened.outside) : [];
    if (without.length) reading.notes.push({level: "info", code: "data/counts-as-zero", text: `${name} is not given for ${listed(without)}: it counts as 0 there.`});
    return {name, per: 1, values};
  });
  const shared = [...new Set([...(options.perSituation ?? []), ...dummies])].map((name) => [name, false] as const);
  const known = new Set([...attributes.map(({name}) => name), ...shared.map(([name]) => name)]);
  const factors = [...new Set((options.interactions ?? []).flat())].filter((name) => !known.has(name) && frame.names.includes(name)).map((name) => [name, true] as const);
  return [
    ...attributes,
    ...[...shared, ...factors].map(([name, hidden]): RoughColumn =>
      dummies.includes(name)
        ? {name, hidden, per: J, levels: readIds(reading, {column: name, cells: columnOf(frame, at, "dummies", name), rows})}
        : {name, hidden, per: J, values: numbers(opened, "perSituation", name, name)})
  ];
}

function sourceOf(given: string | ((row: Row, alternative: string) => number | boolean) | Readonly<Record<string, Source>>, {name, label}: Alternative): Source {
  if (typeof given === "string") return given.replaceAll("{alt}", () => name).replaceAll("{label}", () => label);
  if (typeof given === "function") return (row) => given(row, name);
  return Object.hasOwn(given, name) ? given[name] : 0;
}

function readConstant(at: string, name: string, value: number, size: number): Float64Array {
  if (!Number.isFinite(value)) {
    throw new ChoiceError("data/not-finite", {
      at, value, saw: `attribute ${quote(name)} has the constant ${quote(value)}`,
      want: "finite numbers"
    });
  }
  return new Float64Array(size).fill(value);
}

function checkKeys(at: string, option: string, record: object, names: readonly string[]): void {
  const strange = Object.keys(record).find((name) => !names.includes(name));
  if (strange === undefined) return;
  throw new ChoiceError("data/unknown-alternative", {
    at, value: strange, saw: `option ${option} names ${quote(strange)}`,
    want: "one of the alternatives",
    hint: suggest(strange, names)
  });
}

/** A row is a situation: the same id twice (for one person) would merge two choices. */
function checkUnique({at, rows}: Opened, situation: Codes, person?: Codes): void {
  const met = new Map<number, number>();
  const twice = heap();
  for (let n = 0; n < rows.length; ++n) {
    const [s, p] = [situation.code[n], person ? person.code[n] : 0];
    const pair = p * situation.ids.length + s;
    const before = met.get(pair);
    if (before === undefined) met.set(pair, rows[n]);
    else add(twice, {row: rows[n], value: situation.ids[s]});
  }
  raise(twice, "data/duplicate-situation", {at, want: "each situation on one row of a wide table", hint: person ? "leave the option situation out to number the rows" : "name the column of people in the option person, or leave situation out"}, ({row, value}) => `situation ${quote(value)} is on row ${row} again`);
}
