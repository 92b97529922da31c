import {ChoiceError, quote, suggest} from "../errors.js";
import {isCalled} from "./scales.js";

/** Which terms, under which names, in which order: a list of names, or a record from name to what it is to be called. */
export type TermMap = readonly string[] | Readonly<Record<string, string>>;

/** What a term map asks about. */
interface Term {
  readonly name: string;
  readonly role: string;
  /** Another name that asks for it. */
  readonly also?: string;
  /** What it is, where it is on another scale than the term that `also` names: a label given to that is followed by these words. */
  readonly told?: string;
}

/** A term that a map picked, and where in the map. */
export type Picked<T extends Term> = T & {readonly label: string; readonly place: number};

/** What a map may name, and who asks. */
export interface TermsKnown {
  /** Names of all terms there are: a map that names another is refused, and the nearest of these is offered. */
  readonly known: readonly string[];
  /** Also the terms that the map leaves out, behind the others. Default false. */
  readonly rest?: boolean;
  /** The call that is to blame: "compare(fits)". */
  readonly at: string;
}

/**
 * Chooses, orders and renames terms. Two names with one label share a row: what one table calls cost and another price.
 *
 * @returns a function from the terms of one fit to those that the map picks, in its order and with their labels; without a map
 *   it picks them all, as they are
 * @throws {ChoiceError} terms/not-a-map, terms/unknown
 */
export function picker(map: TermMap | undefined, {known, rest = false, at}: TermsKnown): (<T extends Term>(rows: readonly T[]) => Picked<T>[]) {
  if (map === undefined) return (rows) => rows.map((row) => ({...row, label: row.name, place: 0}));
  const entries: readonly (readonly [string, string])[] | undefined = Array.isArray(map) ? map.map((name) => [name, name] as const) : typeof map === "object" && map !== null ? Object.entries(map) : undefined;
  if (!entries?.length || entries.some((entry) => entry.some((part) => typeof part !== "string"))) {
    throw new ChoiceError("terms/not-a-map", {at, saw: `coefficients: ${quote(map)}`, want: "a list of terms, or a record from a term to its name in print", hint: `coefficients: {${JSON.stringify(known[0] ?? "price")}: "Price"}`});
  }
  const stray = entries.find(([name]) => !known.includes(name));
  if (stray) throw new ChoiceError("terms/unknown", {at, saw: `no term called ${quote(stray[0])}`, want: "a term of these fits", hint: suggest(stray[0], known)});
  return (rows) => [
    ...entries.flatMap(([name, label]) => rows.filter((row) => isCalled(row, name)).map((row) => ({
      ...row, label: row.told !== undefined && row.name !== name ? `${label}: ${row.told}` : label, place: entries.findIndex((entry) => entry[1] === label)
    }))),
    ...(rest ? rows.filter((row) => !entries.some(([name]) => isCalled(row, name))).map((row) => ({...row, label: row.name, place: entries.length})) : [])
  ];
}

/**
 * Refuses a map that gives two terms of one fit one label.
 *
 * @param fit its name
 * @throws {ChoiceError} terms/twice
 */
export function checkNoTwins(rows: readonly (Term & {readonly label: string})[], fit: string, at: string): void {
  const twice = rows.find(({label, role}, k) => rows.findIndex((other) => other.label === label && other.role === role) < k);
  if (twice) throw new ChoiceError("terms/twice", {at, saw: `two terms of ${quote(fit)} called ${quote(twice.label)}`, want: "one term of a fit under a name", hint: "give one of them another name"});
}

/** The names that a map asks for. */
export const named = (map: TermMap): readonly string[] => (isList(map) ? map : Object.keys(map));

const isList = (map: TermMap): map is readonly string[] => Array.isArray(map);
