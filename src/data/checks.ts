import {ChoiceError, listed, nearest, quote} from "../errors.js";
import type {Codes} from "./cells.js";
import type {Rough} from "./assemble.js";
import {add, cell, heap, raise, sketch} from "./trouble.js";

/** Rough rows seen as situations: which row belongs where, and what stays. The checks below write `dead` and `keep`. */
export interface Sets {
  readonly rough: Rough;
  /** The situation of each row, (rows). */
  readonly key: Int32Array;
  /** The first row of each situation, (situations). */
  readonly first: Int32Array;
  /** Situations that were dropped, (situations). */
  readonly dead: Uint8Array;
  /** Rows that stay, (rows). */
  readonly keep: Uint8Array;
  /** Rows on offer in each situation, (situations). */
  readonly size: Int32Array;
  /** Whether an outside option is added to each situation. */
  readonly adds: boolean;
}

function nameOf({rough: {situation, person}, first}: Sets, k: number): string {
  const r = first[k];
  const id = `situation ${quote(situation.ids[situation.code[r]])}`;
  return person ? `${id} of person ${quote(person.ids[person.code[r]])}` : id;
}

/** Whole situations go with a missing cell. */
export function dropMissing({rough: {bad, missing, notes}, key, dead}: Sets): void {
  for (let r = 0; r < key.length; ++r) if (bad[r]) dead[key[r]] = 1;
  const lost = dead.reduce((sum, d) => sum + d, 0);
  if (lost > 0) {
    notes.push({level: "warning", code: "data/dropped-missing", text: `Dropped ${lost} of ${dead.length} situations because of missing cells (${sketch(missing)}).`});
  }
}

/** Keeps the available rows of live situations, and counts them; a chosen row must be among them. */
export function keepAvailable({rough, key, dead, keep, size}: Sets): void {
  const {at, available, chosen, source, alternative, alternatives, chosenColumn} = rough;
  const taken = heap();
  for (let r = 0; r < key.length; ++r) {
    const k = key[r];
    if (dead[k]) continue;
    if (available && !available[r]) {
      if (chosen?.[r]) add(taken, {column: chosenColumn, row: source[r], value: alternatives[alternative.code[r]]});
      continue;
    }
    keep[r] = 1;
    ++size[k];
  }
  raise(taken, "data/chosen-unavailable", {at, want: "chosen alternatives that are available", hint: "correct the availability, or drop these rows with where"}, ({row, value}) => `row ${row} chooses ${quote(value)}, which is not available there`);
}

/** A choice from one is no choice: an error, or dropped when asked. Returns how many rows are left. */
export function dropSingles(sets: Sets): number {
  const {rough: {at, single, notes, source}, key, first, dead, keep, size, adds} = sets;
  const lone = heap();
  const which: number[] = [];
  for (let k = 0; k < size.length; ++k) {
    if (dead[k] || (size[k] > 0 && size[k] + Number(adds) > 1)) continue;
    add(lone, {row: source[first[k]]});
    which.push(k);
  }
  if (single === "error") {
    const offer = (k: number) => (size[k] === 0 ? "no available alternative" : "one alternative");
    raise(lone, "data/one-alternative", {at, want: "at least two alternatives to choose from", hint: 'single: "drop"'}, ({row}, i) => `${nameOf(sets, which[i])} (row ${row}) offers ${offer(which[i])}`);
  }
  for (const k of which) dead[k] = 1;
  if (which.length > 0) {
    notes.push({level: "info", code: "data/dropped-single", text: `Dropped ${which.length} of ${size.length} situations that offered fewer than two alternatives.`});
  }
  let rows = 0;
  for (let r = 0; r < key.length; ++r) {
    if (keep[r] && dead[key[r]]) keep[r] = 0;
    rows += keep[r];
  }
  if (rows > 0) return rows;
  throw new ChoiceError("data/no-rows", {
    at, saw: "no rows are left",
    want: "at least one situation",
    hint: "look at where, available, missing and single: together they drop every row"
  });
}

/** The chosen row of each situation, (situations); -1 where an added outside option was chosen. */
export function chosenRows(sets: Sets & {readonly rough: {readonly chosen: Uint8Array}}): Int32Array {
  const {rough, key, first, dead, keep, adds} = sets;
  const {at, source, named, alternatives, chosenColumn} = rough;
  const row = new Int32Array(first.length).fill(-1);
  const said = new Int32Array(first.length).fill(-2);
  const differ = heap();
  const two = heap();
  const pairs: [number, number, number][] = [];
  for (let r = 0; r < key.length; ++r) {
    if (!keep[r]) continue;
    const k = key[r];
    if (named) {
      if (said[k] === -2) said[k] = named[r];
      else if (said[k] !== named[r]) add(differ, {column: chosenColumn, row: source[r], value: alternatives[named[r]] ?? null});
    }
    if (!rough.chosen[r]) continue;
    if (row[k] >= 0) {
      add(two, {column: chosenColumn, row: source[r], value: 1});
      pairs.push([k, source[row[k]], source[r]]);
    } else row[k] = r;
  }
  raise(differ, "data/two-chosen", {at, want: "one chosen alternative on all rows of a situation"}, (place) => `${cell(place)}, where other rows of its situation say otherwise`);
  raise(two, "data/two-chosen", {at, want: "each situation needs exactly one", hint: `${rough.person ? "check the situation column" : "name the column of people in the option person, if situation ids start again for each"}; count repeated purchases with weights`}, (_, i) => `${nameOf(sets, pairs[i][0])} has 2 chosen rows (${pairs[i][1]} and ${pairs[i][2]})`);

  const absent = heap();
  const none = heap();
  const which: number[] = [];
  for (let k = 0; k < first.length; ++k) {
    if (dead[k] || row[k] >= 0) continue;
    const place = {column: chosenColumn, row: source[first[k]]};
    if (said[k] >= 0) add(absent, {...place, value: alternatives[said[k]]});
    else if (!adds) {
      add(none, place);
      which.push(k);
    }
  }
  raise(absent, "data/chosen-not-offered", {at, want: "a chosen alternative that is among the rows of its situation"});
  const hint = `${rough.person ? "check that all rows of a situation have one person, or " : ""}outside: true, if choosing nothing was possible`;
  raise(none, "data/none-chosen", {at, want: "each situation needs exactly one", hint}, ({row: place}, i) => `${nameOf(sets, which[i])} (row ${place}) has no chosen row`);
  return row;
}

/** Each alternative once in a situation; rows come sorted by situation and alternative. */
export function checkDuplicates(sets: Sets, sorted: Int32Array): void {
  const {rough: {at, source, alternative, alternatives}, key} = sets;
  const twins = heap();
  const which: [number, number][] = [];
  for (let i = 1; i < sorted.length; ++i) {
    const [a, b] = [sorted[i - 1], sorted[i]];
    if (key[a] !== key[b] || alternative.code[a] !== alternative.code[b]) continue;
    add(twins, {row: source[b], value: alternatives[alternative.code[b]]});
    which.push([key[b], source[a]]);
  }
  raise(twins, "data/duplicate-alternative", {at, want: "each alternative once in a situation", hint: "check the situation column; situation ids that repeat across people need the option person"}, ({row, value}, i) => `${nameOf(sets, which[i][0])} offers ${quote(value)} twice (rows ${which[i][1]} and ${row})`);
}

/** A label or number that belongs to a group of rows must be the same on all of them. */
export function checkEven(sets: Sets, valueOf: (r: number) => unknown, leadOf: (r: number) => number, code: string, words: {what: string; of: string; hint?: string}): void {
  const {rough: {at, source}, key, keep} = sets;
  const differ = heap();
  for (let r = 0; r < key.length; ++r) {
    if (keep[r] && valueOf(r) !== valueOf(leadOf(r))) add(differ, {row: source[r], value: valueOf(r)});
  }
  raise(differ, code, {at, want: `one ${words.what} for all rows of a ${words.of}`, hint: words.hint}, ({row, value}) => `row ${row} has ${words.what} ${quote(value)}, unlike other rows of its ${words.of}`);
}

/** Weights are 0 or more, one a situation (and a person, where people are named), and not all 0. */
export function checkWeights(sets: Sets, weight: Float64Array, situationLead: (r: number) => number, personLead: (r: number) => number): void {
  const {rough: {at, source, person, notes}, key, keep} = sets;
  const negative = heap();
  let [sum, count] = [0, 0];
  for (let r = 0; r < key.length; ++r) {
    if (!keep[r]) continue;
    if (weight[r] < 0) add(negative, {row: source[r], value: weight[r]});
    if (situationLead(r) !== r) continue;
    sum += weight[r];
    ++count;
  }
  raise(negative, "data/negative-weight", {at, want: "weights of 0 or more"}, ({row, value}) => `row ${row} has weight ${quote(value)}`);
  checkEven(sets, (r) => weight[r], situationLead, "data/uneven-weights", {what: "weight", of: "situation"});
  if (person) checkEven(sets, (r) => weight[r], personLead, "data/uneven-weights", {what: "weight", of: "person", hint: "leave person out if situations are weighted one by one"});
  if (sum === 0) throw new ChoiceError("data/zero-weights", {at, saw: "all weights are 0", want: "at least one positive weight"});
  if (Math.abs(sum / count - 1) > 1e-6) {
    notes.push({level: "info", code: "data/weights-sum", text: `Weights sum to ${Number(sum.toPrecision(6))} over ${count} situations, and Hessian and OPG errors take them for counts; divide them by their mean, or use robust errors, if they are not.`});
  }
}

/** Times must be of one kind to be sorted. */
export function checkTimes({rough: {at}}: Sets, {ids}: Codes): void {
  if (new Set(ids.map((id) => typeof id)).size < 2) return;
  throw new ChoiceError("data/mixed-types", {
    at, saw: `times of several kinds (${listed([...new Set(ids.map((id) => typeof id))])})`,
    want: "times of one kind, so that they can be sorted"
  });
}

/** Says that an outside option was added; a name that nobody chose and that resembles another is a slip. `chosen` is unknown for offers. */
export function noteOutside({rough: {at, alternatives, notes}}: Sets, name: string, chosen: number | undefined, situations: number): void {
  if (chosen === undefined) {
    notes.push({level: "info", code: "data/outside-added", text: `Added the outside option ${quote(name)} to each situation.`});
    return;
  }
  const near = chosen === 0 ? nearest(name, alternatives) : undefined;
  if (near !== undefined) {
    throw new ChoiceError("data/unknown-outside", {
      at, value: name, saw: `no alternative is called ${quote(name)}, and each situation has a chosen row`,
      want: "an outside option of the data, or situations in which nothing was chosen",
      hint: `did you mean ${quote(near)}?`
    });
  }
  notes.push({
    level: chosen === 0 ? "warning" : "info",
    code: "data/outside-added",
    text: `Added the outside option ${quote(name)} to each situation; it was chosen in ${chosen} of ${situations}.${chosen === 0 ? " An option that nobody chooses has no finite intercept." : ""}`
  });
}

/** Alternatives that no situation offers, and names that a slip of the keyboard may have split in two. */
export function noteNames({rough: {alternatives, notes}}: Sets, offered: ReadonlySet<number>): void {
  const unused = alternatives.filter((_, j) => !offered.has(j));
  if (unused.length > 0) notes.push({level: "warning", code: "data/unused-alternative", text: `No situation offers ${listed(unused.map(quote))}.`});
  const known = new Map<string, string>();
  for (const name of alternatives) {
    const bare = name.trim().toLowerCase();
    const twin = known.get(bare);
    if (twin !== undefined) notes.push({level: "warning", code: "data/similar-names", text: `Alternatives ${quote(twin)} and ${quote(name)} differ only in case or spaces; they count as two.`});
    known.set(bare, name);
  }
}
