import {ChoiceError, listed, quote, suggest} from "../errors.js";
import type {MaxEntFit} from "../entropy/maxEntFit.js";

/** Moments that enter, or are dropped, together. */
export interface MomentGroup {
  readonly name: string;
  /** Positions among the moments of the programme, ascending. */
  readonly positions: readonly number[];
}

/** A moment or parameter, all of an attribute ("time" for time[car] and time[bus]), all "intercepts"; or several of these as one. */
export type Names = string | readonly string[];

/** "time" of "time[car]". */
const family = (name: string): string => name.replace(/\[[^\]]*\]$/, "");

/** What names are looked up among. */
interface Named {
  readonly name: string;
  readonly intercept: boolean;
}

/** Moments of a fit, as things with names. */
export const momentsOf = ({moments, design: {columns}}: MaxEntFit): Named[] => moments.map(({name}, k) => ({name, intercept: columns[k].attribute < 0}));

/**
 * Where the things stand that names are for, each once and ascending.
 *
 * @param what they are, in one word, for the message
 * @throws {ChoiceError} explain/unknown-name, with the nearest; explain/no-names for an empty list
 */
export function positionsOf(things: readonly Named[], names: Names, what: string, at: string): number[] {
  const list = typeof names === "string" ? [names] : names;
  const known = [...new Set([...things.flatMap(({name}) => [name, family(name)]), ...(things.some(({intercept}) => intercept) ? ["intercepts"] : [])])];
  if (!Array.isArray(list) || !list.length) {
    throw new ChoiceError("explain/no-names", {at, saw: quote(names), want: `the name of a ${what}, or a list of them`, hint: `use one of ${listed(known.map(quote), 12)}`});
  }
  const where = (fits: (thing: Named) => boolean) => things.flatMap((thing, k) => (fits(thing) ? [k] : []));
  const found = list.flatMap((name) => {
    const exact = where((thing) => thing.name === name);
    const positions = exact.length ? exact : where((thing) => (name === "intercepts" ? thing.intercept : family(thing.name) === name));
    if (!positions.length) throw new ChoiceError("explain/unknown-name", {at, saw: `no ${what} called ${quote(name)}`, want: `a ${what} of the fit`, hint: suggest(String(name), known)});
    return positions;
  });
  return [...new Set(found)].sort((a, b) => a - b);
}

/**
 * Groups of moments in the order in which they enter: as asked for, with what was not named at the end as "rest"; by
 * default one moment after the other in the order of the columns, all intercepts at once where the first of them stands.
 *
 * @throws {ChoiceError} explain/moment-twice, and as `positionsOf`
 */
export function groupsOf(fit: MaxEntFit, chain: readonly Names[] | undefined, at: string): MomentGroup[] {
  if (chain === undefined) return columnByColumn(fit);
  if (!Array.isArray(chain)) throw new ChoiceError("explain/no-names", {at, saw: `chain: ${quote(chain)}`, want: "a list of moments, or of lists of them", hint: `chain: ${JSON.stringify(fit.moments.slice(0, 2).map(({name}) => name))}`});
  const things = momentsOf(fit);
  const taken = new Set<number>();
  const groups = chain.map((names: Names): MomentGroup => {
    const positions = positionsOf(things, names, "moment", at);
    const twice = positions.find((k) => taken.has(k));
    if (twice !== undefined) {
      throw new ChoiceError("explain/moment-twice", {at, saw: `${quote(fit.moments[twice].name)} twice in the chain`, want: "each moment once: what it adds depends on when it enters", hint: "name it in one group only"});
    }
    for (const k of positions) taken.add(k);
    return {name: typeof names === "string" ? names : names.join(" + "), positions};
  });
  const rest = fit.moments.flatMap((_, k) => (taken.has(k) ? [] : [k]));
  return rest.length ? [...groups, {name: "rest", positions: rest}] : groups;
}

function columnByColumn(fit: MaxEntFit): MomentGroup[] {
  const intercepts = momentsOf(fit).flatMap(({intercept}, k) => (intercept ? [k] : []));
  return fit.moments.flatMap(({name}, k): MomentGroup[] => {
    if (!intercepts.includes(k)) return [{name, positions: [k]}];
    return k === intercepts[0] ? [{name: intercepts.length > 1 ? "intercepts" : name, positions: intercepts}] : [];
  });
}
