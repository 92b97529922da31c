import {checkOptions, ChoiceError, expectFields, quote} from "../errors.js";
import {entropy} from "./entropy.js";
import {maybePerturbation, type Perturbation, type PerturbationChoice} from "./perturbation.js";

/** A representative consumer before a shelf of J goods (eq:consumer). */
export interface Market {
  /** What each good is worth before its price, in units of utility, (J). */
  readonly values: ArrayLike<number>;
  /** One perturbation for all goods, or one for each, (J). Default `"entropy"`: logit demand. */
  readonly perturbation?: PerturbationChoice | readonly PerturbationChoice[];
  /** Utility that a unit of money is worth, positive. Default 1: values are in money. */
  readonly priceCoefficient?: number;
  /** What buying nothing is worth; false where the consumer must buy. Default 0. */
  readonly outside?: number | false;
  /** Default: the goods' own, where they share one; `"entropy"` otherwise. */
  readonly outsidePerturbation?: PerturbationChoice;
  /** Names of the goods, (J). Default "good 1", "good 2", … */
  readonly names?: readonly string[];
}

export const marketOptions = ["values", "perturbation", "priceCoefficient", "outside", "outsidePerturbation", "names"] as const;

/** A remark on a result: shown with it. */
export interface Remark {
  readonly level: "info" | "warning";
  readonly code: string;
  readonly text: string;
}

/** A market with every default filled in. */
export interface Setting {
  readonly names: readonly string[];
  readonly values: Float64Array; // (J)
  readonly b: number;
  readonly phi: readonly Perturbation[]; // (J)
  readonly outside?: {readonly value: number; readonly phi: Perturbation};
}

/**
 * @param more options that the caller takes beside those of a market
 * @throws {ChoiceError} pricing/not-a-market, pricing/number, pricing/length, pricing/option, pricing/perturbation, options/unknown
 */
export function setting(at: string, market: Market, more: readonly string[] = []): Setting {
  expectFields("pricing/not-a-market", at, market, ["values"], "a market", "{values: [2, 3], …}");
  checkOptions(at, market, [...marketOptions, ...more]);
  const {perturbation = "entropy", priceCoefficient: b = 1, outside = 0, outsidePerturbation} = market;
  const values = numbers(at, "values", market.values);
  const J = values.length;
  if (J === 0) throw new ChoiceError("pricing/length", {at, saw: "values of no good", want: "at least one good"});
  const names = market.names ?? Array.from(values, (_, j) => `good ${j + 1}`);
  if (!Array.isArray(names) || names.some((name) => typeof name !== "string")) throw new ChoiceError("pricing/option", {at, value: names, saw: `names: ${quote(names)}`, want: "an array of texts, one for each good", hint: 'names: ["tea", "milk"]'});
  if (names.length !== J || new Set(names).size !== J) throw new ChoiceError("pricing/length", {at, saw: `${names.length} names for ${J} goods`, want: "one name for each good, all different"});
  if (!(b > 0 && Number.isFinite(b))) throw new ChoiceError("pricing/number", {at, saw: `priceCoefficient: ${quote(b)}`, want: "a positive number: the utility that a unit of money is worth", hint: "turn the sign of an estimated coefficient of price"});
  if (outside !== false && !(typeof outside === "number" && Number.isFinite(outside))) throw new ChoiceError("pricing/number", {at, saw: `outside: ${quote(outside)}`, want: "what buying nothing is worth, or false", hint: "outside: 0"});
  const list = Array.isArray(perturbation) ? (perturbation as readonly PerturbationChoice[]) : undefined;
  if (list && list.length !== J) throw new ChoiceError("pricing/length", {at, saw: `${list.length} perturbations for ${J} goods`, want: "one for all, or one for each"});
  const common = list ? undefined : maybePerturbation(at, "perturbation", perturbation as PerturbationChoice);
  const phi = list ? list.map((choice) => maybePerturbation(at, "perturbation", choice)) : Array.from(values, () => common!);
  const phi0 = outsidePerturbation === undefined ? (common ?? entropy) : maybePerturbation(at, "outsidePerturbation", outsidePerturbation);
  return {names, values, b, phi, ...(outside !== false && {outside: {value: outside, phi: phi0}})};
}

/** The outside option of a setting that needs one. */
export function outsideOf({outside}: Setting, at: string): NonNullable<Setting["outside"]> {
  if (outside) return outside;
  throw new ChoiceError("pricing/no-outside", {at, saw: "outside: false", want: "an outside option: a consumer who must buy pays any price", hint: "outside: 0"});
}

/** J finite numbers, copied. */
export function numbers(at: string, option: string, given: ArrayLike<number>, J?: number): Float64Array {
  const isList = typeof given === "object" && given !== null && Number.isInteger(given.length);
  if (!isList) throw new ChoiceError("pricing/number", {at, value: given, saw: `${option}: ${quote(given)}`, want: "an array of numbers", hint: `${option}: [1, 2]`});
  if (J !== undefined && given.length !== J) throw new ChoiceError("pricing/length", {at, saw: `${given.length} ${option} for ${J} goods`, want: "one for each good"});
  const list = Array.from(given);
  const bad = list.findIndex((v) => typeof v !== "number" || !Number.isFinite(v));
  if (bad >= 0) throw new ChoiceError("pricing/number", {at, column: option, row: bad, value: list[bad], saw: `${option}[${bad}] is ${quote(list[bad])}`, want: "finite numbers"});
  return Float64Array.from(list);
}

/** One number for all goods or one for each; undefined, there or in an array, says that there is no bound. Infinity may stand. */
export function bounds(at: string, option: string, given: number | ArrayLike<number | undefined> | undefined, J: number, none: number): Float64Array {
  const list = typeof given === "object" && given !== null && Number.isInteger(given.length) ? Array.from(given, (v) => v ?? none) : new Array<number>(J).fill((given as number | undefined) ?? none);
  if (list.length !== J) throw new ChoiceError("pricing/length", {at, saw: `${list.length} ${option} for ${J} goods`, want: "one for all, or one for each"});
  const bad = list.findIndex((v) => typeof v !== "number" || Number.isNaN(v));
  if (bad >= 0) throw new ChoiceError("pricing/number", {at, column: option, row: bad, value: list[bad], saw: `${option}: ${quote(list[bad])}`, want: "a number, or one for each good"});
  return Float64Array.from(list);
}
