import type {OfferFacts} from "../data/offers.js";
import {checkOptions, ChoiceError, listed, quote, suggest} from "../errors.js";
import type {Design} from "../model/design.js";

/** A total, exact; or one with a standard deviation, to be met the closer the smaller that is; or one for each alternative. */
export type Total = Amount | Readonly<Record<string, Amount>>;

/** A number, or one that is not known exactly, with its standard deviation. */
export type Amount = number | {readonly total: number; readonly sd?: number};

/** Totals given from outside. */
export interface TotalOptions {
  /**
   * Totals over all situations, weights counted, by column of the design: `{price: 5.3}` is a revenue, if `price` is what a
   * choice pays; `{price: {car: 3, bus: 2.3}}` are revenues by alternative (with `byAlternative`); `{cost: {total: 900, sd:
   * 30}}` is one not known exactly. They take the place of the data's own; without choices every column needs one.
   */
  readonly totals?: Readonly<Record<string, Total>>;
  /** Shares of alternatives among all choices: totals of their intercepts. All of them, summing to one, or all but the base. */
  readonly shares?: Readonly<Record<string, number>>;
}

/** b, how sure, and where each came from. */
export interface Targets {
  /** (K) */
  readonly targets: Float64Array;
  /** Variances of totals that are not exact, (K); absent where all are. */
  readonly slack?: Float64Array;
  /** Which were given, (K). */
  readonly given: readonly boolean[];
}

/** sum_n w_n z of the chosen row, (K): what the data's own choices add up to (eq:programme). */
export function chosenTotals({columns, z}: Pick<Design, "columns" | "z">, chosen: Int32Array, weight: Float64Array): Float64Array {
  const K = columns.length;
  const out = new Float64Array(K);
  for (let n = 0; n < chosen.length; ++n) for (let k = 0, at = chosen[n] * K; k < K; ++k, ++at) out[k] += weight[n] * z[at];
  return out;
}

/**
 * The totals to be met: those of the choices, or given, or shares of alternatives.
 *
 * @param chosen rows chosen, where they are known
 * @throws {ChoiceError} options/unknown-total, options/total, options/shares, options/missing-totals
 */
export function targets(data: OfferFacts, plan: Design, {totals = {}, shares}: TotalOptions, chosen: Int32Array | undefined, at: string): Targets {
  const names = plan.columns.map(({name}) => name);
  const K = names.length;
  const out = chosen ? chosenTotals(plan, chosen, data.weight) : new Float64Array(K).fill(NaN);
  const slack = new Float64Array(K);
  const given = names.map(() => false);
  const put = (k: number, total: unknown, sd: unknown, from: string) => {
    if (typeof total !== "number" || !Number.isFinite(total)) throw new ChoiceError("options/total", {at, saw: `${from}: ${quote(total)}`, want: "a finite number"});
    if (typeof sd !== "number" || !(sd >= 0 && Number.isFinite(sd))) throw new ChoiceError("options/total", {at, saw: `${from}, sd: ${quote(sd)}`, want: "a standard deviation, 0 or more"});
    if (given[k]) throw new ChoiceError("options/total", {at, saw: `two totals for ${quote(names[k])}`, want: "one for each column", hint: "leave one out"});
    [out[k], slack[k], given[k]] = [total, sd * sd, true];
  };
  const find = (name: string) => {
    const k = names.indexOf(name);
    if (k < 0) throw new ChoiceError("options/unknown-total", {at, saw: `no column called ${quote(name)}`, want: "totals by column of the design", hint: suggest(name, names)});
    return k;
  };
  if (typeof totals !== "object" || totals === null || Array.isArray(totals)) throw new ChoiceError("options/total", {at, saw: `totals: ${quote(totals)}`, want: "a record from column to total", hint: `totals: {${JSON.stringify(names[0])}: …}`});
  for (const [name, value] of Object.entries(totals)) {
    if (typeof value !== "object" || value === null) put(find(name), value, 0, name);
    else if ("total" in value && !names.includes(`${name}[total]`)) {
      checkOptions(`${at}, totals`, value, ["total", "sd"]);
      const {total, sd = 0} = value as {total: number; sd?: number};
      put(find(name), total, sd, name);
    } else for (const [alternative, total] of Object.entries(value)) {
      const column = `${name}[${alternative}]`;
      if (typeof total !== "object" || total === null) put(find(column), total, 0, `${name}, ${alternative}`);
      else {
        checkOptions(`${at}, totals`, total, ["total", "sd"]);
        put(find(column), total.total, total.sd ?? 0, `${name}, ${alternative}`);
      }
    }
  }
  if (shares !== undefined) for (const [k, total] of shareTotals(data, plan, shares, at)) put(k, total, 0, `shares, ${names[k]}`);
  const missing = names.filter((_, k) => Number.isNaN(out[k]));
  if (missing.length) {
    throw new ChoiceError("options/missing-totals", {
      at, saw: `no total for ${listed(missing.map(quote), 12)}`, want: "a total for each column, as there are no choices to add up",
      hint: missing.every((name) => name.startsWith("intercept[")) ? "shares: {…}, one for each alternative; or leave intercepts out with tier: \"mnl\"" : `totals: {${JSON.stringify(missing[0])}: …}, or leave the column out: attributes: […]`
    }, missing.map((column) => ({column})));
  }
  return {targets: out, ...(slack.some((variance) => variance > 0) && {slack}), given};
}

/** Shares as totals of intercepts: how many of all choices. */
function shareTotals(data: OfferFacts, {columns, base}: Design, shares: Readonly<Record<string, number>>, at: string): (readonly [number, number])[] {
  const {alternatives, weight} = data;
  const refuse = (saw: string, want: string, hint?: string) => new ChoiceError("options/shares", {at, saw, want, hint});
  if (typeof shares !== "object" || shares === null || Array.isArray(shares)) throw refuse(`shares: ${quote(shares)}`, "a record from alternative to share", `shares: {${JSON.stringify(alternatives[0])}: 0.5, …}`);
  if (base < 0) throw refuse("shares, but no intercepts whose totals they could be", "intercepts by alternative", 'tier: "mnlIntercepts"');
  for (const [name, share] of Object.entries(shares)) {
    if (!alternatives.includes(name)) throw refuse(`a share of ${quote(name)}`, "alternatives of the data", suggest(name, alternatives));
    if (typeof share !== "number" || !(share >= 0 && share <= 1)) throw refuse(`a share of ${quote(share)} for ${quote(name)}`, "shares from 0 to 1", share > 1 ? "give counts as totals of intercepts" : undefined);
  }
  const sum = Object.values(shares).reduce((total, share) => total + share, 0);
  const untold = alternatives.filter((name) => !Object.hasOwn(shares, name));
  if (untold.length ? sum > 1 + 1e-9 : Math.abs(sum - 1) > 1e-9) throw refuse(`shares that sum to ${Number(sum.toPrecision(10))}`, untold.length ? `1 at most, as ${listed(untold.map(quote))} ${untold.length > 1 ? "have" : "has"} the rest` : "1 in all");
  const people = weight.reduce((total, w) => total + w, 0);
  return columns.flatMap(({attribute, alternatives: [j]}, k) => {
    if (attribute >= 0) return [];
    const name = alternatives[j];
    const share = Object.hasOwn(shares, name) ? shares[name] : untold.length === 1 ? 1 - sum : undefined;
    return share === undefined ? [] : [[k, share * people] as const];
  });
}
