import {ChoiceError, listed, quote} from "../errors.js";
import {bounds, type Setting} from "./market.js";

/** Prices that each good may take. */
export interface Ladder {
  /** Increasing, none below cost, (J)(L_j). */
  readonly prices: readonly Float64Array[];
  /** Goods alike in all but name, as [earlier, later]: the earlier need never be the dearer. */
  readonly twins: readonly (readonly [number, number])[];
}

/**
 * One list of prices for all goods or one for each, within bounds; prices below cost never pay and are left out.
 *
 * @throws {ChoiceError} pricing/levels, pricing/below-cost, pricing/bounds
 */
export function layLadder(at: string, levels: ArrayLike<number> | readonly ArrayLike<number>[], {names, values, phi}: Setting, costs: Float64Array, leastOf?: number | ArrayLike<number>, greatestOf?: number | ArrayLike<number>): Ladder {
  const J = names.length;
  const isList = typeof levels === "object" && levels !== null && levels.length > 0;
  if (!isList) throw new ChoiceError("pricing/levels", {at, value: levels, saw: `levels: ${quote(levels)}`, want: "prices to choose from", hint: "levels: [1.99, 2.49, 2.99]"});
  const each = typeof levels[0] === "number" ? undefined : (levels as readonly ArrayLike<number>[]);
  if (each && each.length !== J) throw new ChoiceError("pricing/length", {at, saw: `${each.length} ladders for ${J} goods`, want: "one for all, or one for each"});
  const [least, greatest] = [bounds(at, "least", leastOf, J, -Infinity), bounds(at, "greatest", greatestOf, J, Infinity)];
  const prices = names.map((name, j) => {
    const own = each ? each[j] : (levels as ArrayLike<number>);
    if (typeof own !== "object" || own === null || !Number.isInteger(own.length)) throw new ChoiceError("pricing/levels", {at, row: j, value: own, saw: `the ladder of ${name} is ${quote(own)}`, want: "an array of prices", hint: "levels: [1.99, 2.49, 2.99]"});
    const list = Array.from(own);
    const bad = list.find((p) => typeof p !== "number" || !Number.isFinite(p));
    if (bad !== undefined || !list.length) throw new ChoiceError("pricing/levels", {at, row: j, value: bad, saw: `the ladder of ${name} holds ${list.length ? quote(bad) : "nothing"}`, want: "finite prices"});
    const rungs = [...new Set(list)].sort((a, b) => a - b).filter((p) => p >= least[j] && p <= greatest[j]);
    if (!rungs.length) throw new ChoiceError("pricing/bounds", {at, row: j, saw: `no price of ${name} lies from ${quote(least[j])} to ${quote(greatest[j])}`, want: "a price within bounds for each good", hint: `widen the bounds, or add prices to ${listed(list)}`});
    const paying = rungs.filter((p) => p >= costs[j]);
    if (!paying.length) throw new ChoiceError("pricing/below-cost", {at, row: j, value: rungs[rungs.length - 1], saw: `${name} costs ${quote(costs[j])} to make, and its dearest price is ${quote(rungs[rungs.length - 1])}`, want: "a price that covers the cost", hint: "leave the good out, or add a price"});
    return Float64Array.from(paying);
  });
  const alike = (j: number, k: number) => values[j] === values[k] && costs[j] === costs[k] && phi[j] === phi[k] && prices[j].length === prices[k].length && prices[j].every((p, l) => p === prices[k][l]);
  const twins = names.flatMap((_, k) => {
    for (let j = k - 1; j >= 0; --j) if (alike(j, k)) return [[j, k] as const];
    return [];
  });
  return {prices, twins};
}
