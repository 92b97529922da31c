import {shown} from "../rich.js";
import type {ChoiceData, ChoiceFacts, Note} from "./choiceData.js";
import type {Codes} from "./cells.js";
import * as check from "./checks.js";
import {encode, type EncodeOptions, type RoughColumn} from "./encode.js";
import {hasher} from "./hash.js";
import {compareIds, countingSort} from "./order.js";
import type {Heap} from "./trouble.js";

/** What long and wide tables have in common: one rough row per situation and alternative, in any order, unchecked. */
export interface Rough {
  readonly at: string;
  readonly recipe: string;
  /** The table row of each rough row, (rows). */
  readonly source: Int32Array;
  readonly person?: Codes;
  readonly situation: Codes;
  readonly alternative: Codes;
  /** Names of the alternatives, in the order of their codes. */
  readonly alternatives: readonly string[];
  /** 1 for chosen rows, (rows); absent where only offers are known. */
  readonly chosen?: Uint8Array;
  /** Where a column names the chosen alternative: its code, -1 for none or the outside option, (rows). */
  readonly named?: Int32Array;
  readonly chosenColumn?: string;
  readonly available?: Uint8Array;
  /** Rows with a missing cell: their situations are dropped, (rows). */
  readonly bad: Uint8Array;
  readonly missing: Heap;
  readonly columns: readonly RoughColumn[];
  readonly weight?: Float64Array;
  readonly time?: Codes;
  readonly clusters?: Codes;
  readonly outside?: string;
  readonly single: "error" | "drop";
  readonly encode: EncodeOptions;
  readonly notes: Note[];
}

/** Situations by number, in order of first appearance: the key of a row stands for its person and situation. */
export interface Keys {
  readonly key: Int32Array; // (rows)
  readonly first: Int32Array; // (situations), the first row of each
}

export function situationKeys(situation: Codes, person?: Codes): Keys {
  const own = unique(situation, person);
  if (own) return {key: situation.code, first: own};
  const key = new Int32Array(situation.code.length);
  const first: number[] = [];
  const known = new Map<number, number>();
  for (let r = 0; r < key.length; ++r) {
    const pair = (person ? person.code[r] : 0) * situation.ids.length + situation.code[r];
    let k = known.get(pair);
    if (k === undefined) {
      known.set(pair, (k = first.length));
      first.push(r);
    }
    key[r] = k;
  }
  return {key, first: Int32Array.from(first)};
}

/** The first row of each situation, where no two people share a label: codes are then numbers in order of first appearance already. */
function unique({code, ids}: Codes, person?: Codes): Int32Array | undefined {
  const first = new Int32Array(ids.length).fill(-1);
  for (let r = 0; r < code.length; ++r) {
    if (code[r] < 0) return undefined;
    if (first[code[r]] < 0) first[code[r]] = r;
    else if (person && person.code[r] !== person.code[first[code[r]]]) return undefined;
  }
  return first;
}

/** Rough rows to choices. */
export function assemble(rough: Rough & {readonly chosen: Uint8Array}, keys?: Keys): ChoiceData {
  const facts = arrange(rough, keys) as Omit<ChoiceFacts, "hash">;
  return shown("choices", {...facts, hash: hashOf(facts)});
}

/** What choices and mere offers have in common. */
export type Arranged = Omit<ChoiceFacts, "hash" | "chosen"> & Partial<Pick<ChoiceFacts, "chosen">>;

/**
 * Rough rows in their final places: drops what may be dropped, checks every situation, groups people and situations in order
 * of first appearance, orders each set by alternative, adds the outside option, encodes the attributes.
 */
export function arrange(rough: Rough, {key, first}: Keys = situationKeys(rough.situation, rough.person)): Arranged {
  const {at, alternative, alternatives, person, situation, time, notes} = rough;
  const J = alternatives.length;
  const named = rough.outside === undefined ? -1 : alternatives.indexOf(rough.outside);
  const adds = rough.outside !== undefined && named < 0;
  const outside = adds ? J : named;
  const sets: check.Sets = {rough, key, first, adds, dead: new Uint8Array(first.length), keep: new Uint8Array(key.length), size: new Int32Array(first.length)};
  check.dropMissing(sets);
  check.keepAvailable(sets);
  const rows = check.dropSingles(sets);
  const chosenRow = rough.chosen && check.chosenRows({...sets, rough: {...rough, chosen: rough.chosen}});

  const groups = group(sets);
  const {people, lead, personOf} = groups;
  const situationLead = (r: number) => lead[key[r]];
  const personLead = (r: number) => groups.personLead[personOf(r)];
  if (rough.weight) check.checkWeights(sets, rough.weight, situationLead, personLead);
  if (rough.clusters) check.checkEven(sets, (r) => labelOf(rough.clusters as Codes, r), personLead, "data/uneven-clusters", {what: "cluster", of: person ? "person" : "situation"});
  const ordered = time ? byTime(sets, groups, time) : groups.ordered;

  // Two stable passes, by alternative and then by situation, leave each set in the order of alternatives.
  const N = ordered.length;
  const rank = new Int32Array(first.length);
  ordered.forEach((k, n) => (rank[k] = n));
  const kept = new Int32Array(rows);
  for (let r = 0, n = 0; r < key.length; ++r) if (sets.keep[r]) kept[n++] = r;
  const sorted = countingSort(countingSort(kept, (r) => alternative.code[r], J), (r) => rank[key[r]], N);
  check.checkDuplicates(sets, sorted);

  const total = rows + (adds ? N : 0);
  const order = new Int32Array(total).fill(-1); // (rows) rough row of each final row, -1 for an added one
  const alternativeOf = new Int32Array(total).fill(J);
  const chosen = new Int32Array(N);
  const pointers = new Int32Array(N + 1);
  let to = 0;
  let nothing = 0;
  for (let n = 0, from = 0; n < N; ++n) {
    const k = ordered[n];
    for (; from < rows && key[sorted[from]] === k; ++from, ++to) {
      order[to] = sorted[from];
      alternativeOf[to] = alternative.code[sorted[from]];
      if (chosenRow?.[k] === sorted[from]) chosen[n] = to;
    }
    if (adds) {
      if (chosenRow && chosenRow[k] < 0) {
        chosen[n] = to;
        ++nothing;
      }
      ++to;
    }
    pointers[n + 1] = to;
  }
  if (adds) check.noteOutside(sets, rough.outside as string, chosenRow && nothing, N);
  check.noteNames(sets, new Set(alternativeOf));

  const isOutside = Uint8Array.from(alternativeOf, (j) => Number(j === outside));
  const {names, x} = encode(at, rough.columns, order, isOutside, rough.encode, notes);
  return {
    alternatives: adds ? [...alternatives, rough.outside as string] : [...alternatives],
    attributes: names,
    x,
    alternative: alternativeOf,
    ...(chosenRow && {chosen}),
    situation: pointers,
    person: groups.pointers,
    weight: Float64Array.from(ordered, (k) => rough.weight?.[lead[k]] ?? 1),
    people: people.map((p) => labelOf(person ?? situation, groups.personLead[p])),
    situations: Array.from(ordered, (k) => labelOf(situation, lead[k])),
    ...(time && {times: Array.from(ordered, (k) => labelOf(time, lead[k]))}),
    ...(rough.clusters && {clusters: people.map((p) => labelOf(rough.clusters as Codes, groups.personLead[p]))}),
    panel: person !== undefined,
    ...(outside >= 0 && {outside}),
    sourceRow: order.map((r) => (r < 0 ? -1 : rough.source[r])),
    recipe: rough.recipe,
    notes
  };
}

const labelOf = ({ids, code}: Codes, r: number) => ids[code[r]];

interface Groups {
  /** Situations, those of one person together, in order of first appearance, (N). */
  readonly ordered: Int32Array;
  /** Codes of people in order of first appearance, (I). */
  readonly people: readonly number[];
  /** Pointers from people to `ordered`, (I + 1). */
  readonly pointers: Int32Array;
  /** The first kept row of each situation and of each person. */
  readonly lead: Int32Array;
  readonly personLead: Int32Array;
  /** The person of a row, as a code; its position among people. */
  personOf(r: number): number;
  rankOf(k: number): number;
}

/** Who comes first: people, then their situations, by first appearance among the rows that stay. */
function group({rough: {person}, key, first, keep}: check.Sets): Groups {
  const personOf = person ? (r: number) => person.code[r] : (r: number) => key[r];
  const size = person ? person.ids.length : first.length;
  const personRank = new Int32Array(size);
  const personLead = new Int32Array(size).fill(-1);
  const lead = new Int32Array(first.length).fill(-1);
  const people: number[] = [];
  const found: number[] = [];
  for (let r = 0; r < key.length; ++r) {
    if (!keep[r] || lead[key[r]] >= 0) continue;
    lead[key[r]] = r;
    found.push(key[r]);
    const p = personOf(r);
    if (personLead[p] >= 0) continue;
    personLead[p] = r;
    personRank[p] = people.length;
    people.push(p);
  }
  const rankOf = (k: number) => personRank[personOf(lead[k])];
  const ordered = countingSort(Int32Array.from(found), rankOf, people.length);
  const pointers = new Int32Array(people.length + 1);
  for (const k of ordered) ++pointers[rankOf(k) + 1];
  for (let i = 0; i < people.length; ++i) pointers[i + 1] += pointers[i];
  return {ordered, people, pointers, lead, personLead, personOf, rankOf};
}

/** Each person's situations by time; equal times keep the order of the table. */
function byTime(sets: check.Sets, {ordered, people, lead, rankOf}: Groups, time: Codes): Int32Array {
  check.checkTimes(sets, time);
  check.checkEven(sets, (r) => labelOf(time, r), (r) => lead[sets.key[r]], "data/uneven-time", {what: "time", of: "situation"});
  const rank = new Int32Array(time.ids.length);
  Array.from(time.ids.keys()).sort((a, b) => compareIds(time.ids[a], time.ids[b])).forEach((c, n) => (rank[c] = n));
  const when = (k: number) => rank[time.code[lead[k]]];
  const sorted = countingSort(countingSort(ordered, when, rank.length), rankOf, people.length);
  const ties = sorted.reduce((sum, k, n) => sum + Number(n > 0 && rankOf(k) === rankOf(sorted[n - 1]) && when(k) === when(sorted[n - 1])), 0);
  if (ties > 0) {
    sets.rough.notes.push({level: "warning", code: "data/equal-times", text: `${ties} situations happen at the same time as another of their person; they keep the order of the table.`});
  }
  return sorted;
}

/** Fingerprint of the numbers and names of a data set, however it came about. */
export function hashOf(facts: Arranged): string {
  return hasher()
    .names(facts.alternatives).names(facts.attributes).numbers(facts.x).numbers(facts.alternative).numbers(facts.chosen ?? [])
    .numbers(facts.situation).numbers(facts.person).numbers(facts.weight).names(facts.people).names(facts.situations)
    .names(facts.times ?? []).names(facts.clusters ?? []).numbers([Number(facts.panel), facts.outside ?? -1])
    .digest();
}
