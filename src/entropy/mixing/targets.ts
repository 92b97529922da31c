import type {ChoiceData} from "../../data/choiceData.js";
import {hasChoices, wantsChoices, type Offers} from "../../data/offers.js";
import {checkOptions, ChoiceError, quote, suggest} from "../../errors.js";
import {fillColumns, namedColumns} from "./columns.js";
import type {MomentColumns} from "./tasteMeans.js";

/** What a mixture is to meet. */
export interface MomentOptions {
  /**
   * The moments, called as columns: "price" (what a customer pays), "price[car]" (revenue of car), "intercept[car]" (its share).
   * Default: those given below, else the coefficients of the tastes.
   */
  readonly moments?: readonly string[];
  /** Totals over all situations, weights counted, by moment, exact or with a standard deviation: they take the place of choices. */
  readonly totals?: Readonly<Record<string, number | {readonly total: number; readonly sd?: number}>>;
  /** The same per situation: what a customer pays. */
  readonly means?: Readonly<Record<string, number | {readonly mean: number; readonly sd?: number}>>;
  /** Shares of alternatives among all choices: means of their intercepts. All of them, summing to one, or some. */
  readonly shares?: Readonly<Record<string, number>>;
}

/** The moments of a fit: their columns, what they are to be, and how sure that is. */
export interface Targets extends MomentColumns {
  readonly names: readonly string[];
  /** b, means per situation, (K). */
  readonly b: Float64Array;
  /** Variances of the means' noise, (K); 0 where exact. */
  readonly variance: Float64Array;
  /** Whether each was given rather than found in the choices. */
  readonly given: readonly boolean[];
  /** Situations, weights counted. */
  readonly total: number;
}

interface Given {
  readonly mean: number;
  readonly sd: number;
}

/**
 * Reads what is to be met.
 *
 * @throws {ChoiceError} mixing/moments, options/total, options/shares, model/unknown-column; data/no-choices for a moment that
 *   is neither given nor in the data
 */
export function targets(data: ChoiceData | Offers, tastes: readonly string[], options: MomentOptions, at: string): Targets {
  const {moments} = options;
  const {weight} = data;
  const total = weight.reduce((sum, w) => sum + w, 0);
  const given = givenMeans(data.alternatives, options, total, at);
  if (moments !== undefined && !Array.isArray(moments)) throw new ChoiceError("model/not-a-list", {at, saw: `moments: ${quote(moments)}`, want: "a list of moments", hint: `moments: [${JSON.stringify(moments)}]`});
  const names = moments ?? (given.size ? [...given.keys()] : tastes);
  if (!names.length || new Set(names).size < names.length) throw new ChoiceError("mixing/moments", {at, saw: `moments: ${quote(names)}`, want: "at least one, each once"});
  for (const name of given.keys()) {
    if (!names.includes(name)) throw new ChoiceError("mixing/moments", {at, saw: `a number for ${quote(name)}`, want: "numbers for the moments", hint: suggest(name, names)});
  }
  const K = names.length;
  const z = fillColumns(data, namedColumns(data, names, at));
  const b = Float64Array.from(names, (name, k) => {
    if (given.has(name)) return given.get(name)!.mean;
    if (!hasChoices(data)) throw wantsChoices(at, `no total or mean of ${quote(name)}`);
    return data.chosen.reduce((sum, row, n) => sum + weight[n] * z[row * K + k], 0) / total;
  });
  return {z, K, weight, names, b, variance: Float64Array.from(names, (name) => (given.get(name)?.sd ?? 0) ** 2), given: names.map((name) => given.has(name)), total};
}

function givenMeans(alternatives: readonly string[], {totals, means, shares}: MomentOptions, total: number, at: string): Map<string, Given> {
  const out = new Map<string, Given>();
  const put = (name: string, value: unknown, sd: unknown, size: number, from: string) => {
    if (typeof value !== "number" || !Number.isFinite(value)) throw new ChoiceError("options/total", {at, saw: `${from}: ${quote(value)}`, want: "a finite number"});
    if (typeof sd !== "number" || !(sd >= 0 && Number.isFinite(sd))) throw new ChoiceError("options/total", {at, saw: `${from}, sd: ${quote(sd)}`, want: "a standard deviation, 0 or more"});
    if (out.has(name)) throw new ChoiceError("options/total", {at, saw: `two numbers for ${quote(name)}`, want: "one for each moment", hint: "leave one out"});
    out.set(name, {mean: value / size, sd: sd / size});
  };
  for (const [option, word, record, size] of [["totals", "total", totals, total], ["means", "mean", means, 1]] as const) {
    for (const [name, value] of entries(option, record, at)) {
      const from = `${option}: {${JSON.stringify(name)}: …}`;
      if (typeof value !== "object" || value === null) {
        put(name, value, 0, size, from);
        continue;
      }
      checkOptions(`${at}, ${from}`, value, [word, "sd"]);
      const {[word]: number, sd = 0} = value as Record<string, unknown>;
      put(name, number, sd, size, from);
    }
  }
  const listed = entries("shares", shares, at);
  const sum = listed.reduce((part, [, share]) => part + Number(share), 0);
  for (const [name] of listed) if (!alternatives.includes(name)) throw new ChoiceError("options/shares", {at, saw: `a share of ${quote(name)}`, want: "shares of alternatives", hint: suggest(name, alternatives)});
  const all = listed.length === alternatives.length;
  if (listed.some(([, share]) => !(Number(share) >= 0)) || (all ? Math.abs(sum - 1) > 1e-6 : sum > 1)) throw new ChoiceError("options/shares", {at, saw: `shares that sum to ${sum}`, want: all ? "shares that sum to one" : "shares from 0 that sum to less than one"});
  // The last follows from the rest.
  for (const [name, share] of all ? listed.slice(0, -1) : listed) put(`intercept[${name}]`, share, 0, 1, `shares: {${JSON.stringify(name)}: …}`);
  return out;
}

function entries(option: string, record: unknown, at: string): [string, unknown][] {
  if (record === undefined) return [];
  if (typeof record !== "object" || record === null || Array.isArray(record)) throw new ChoiceError("options/total", {at, saw: `${option}: ${quote(record)}`, want: "numbers by name", hint: option === "shares" ? "shares: {car: 0.6, bus: 0.4}" : `${option}: {price: 10.4}`});
  return Object.entries(record);
}
