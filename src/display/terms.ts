import {ChoiceError, quote, suggest} from "../errors.js";

/** Which terms, under which names, in which order: a list of names, or a record from name to what it is to be called. */
export type TermMap = readonly string[] | Readonly<Record<string, string>>;

/** What a term map asks about. */
interface Term {
  readonly name: string;
  readonly role: string;
}

/** A term that a map picked. */
export type Picked<T extends Term> = T & {readonly label: string};

/**
 * Chooses, orders and renames terms. Two names with one label share a row: what one table calls cost and another price.
 *
 * @param rest also the terms that the map leaves out, behind the others. Default false.
 * @returns `undefined` where there is no map
 * @throws {ChoiceError} terms/not-a-map, terms/unknown
 */
export function picker(map: TermMap | undefined, {known, rest = false, at, option = "coefficients"}: {readonly known: readonly string[]; readonly rest?: boolean; readonly at: string; readonly option?: string}): (<T extends Term>(rows: readonly T[]) => Picked<T>[]) {
  if (map === undefined) return (rows) => rows.map((row) => ({...row, label: row.name}));
  const entries: readonly (readonly [string, string])[] | undefined = Array.isArray(map) ? map.map((name) => [name, name] as const) : typeof map === "object" && map !== null ? Object.entries(map) : undefined;
  if (!entries?.length || entries.some((entry) => entry.some((part) => typeof part !== "string"))) {
    throw new ChoiceError("terms/not-a-map", {at, saw: `${option}: ${quote(map)}`, want: "a list of terms, or a record from a term to its name in print", hint: `${option}: {${JSON.stringify(known[0] ?? "price")}: "Price"}`});
  }
  const stray = entries.find(([name]) => !known.includes(name));
  if (stray) throw new ChoiceError("terms/unknown", {at, saw: `no term called ${quote(stray[0])}`, want: "a term of these fits", hint: suggest(stray[0], known)});
  const labels = new Map(entries);
  return (rows) => [
    ...entries.flatMap(([name, label]) => rows.filter((row) => row.name === name).map((row) => ({...row, label}))),
    ...(rest ? rows.filter(({name}) => !labels.has(name)).map((row) => ({...row, label: row.name})) : [])
  ];
}
