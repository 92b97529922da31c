import type {ChoiceFacts} from "../data/choiceData.js";
import {effectiveChoices, wilson, type PersonShare} from "../infer/shareInterval.js";
import {quantile} from "../math/normal.js";

/** Choices of one alternative in one subset: as observed, and as the fit has them. */
export interface FittedShare {
  /** Empty where all choices are one set. */
  readonly group: string;
  readonly alternative: string;
  /** Weighted choices of the alternative, and occasions on which it was on offer, in this subset. */
  readonly chosen: number;
  readonly offered: number;
  /** Of the occasions on which it was on offer. */
  readonly observed: number;
  readonly predicted: number;
  /** An interval of the observed share. */
  readonly low: number;
  readonly high: number;
}

/** Parts of the rows of a data set. */
export interface Subsets {
  readonly groups: readonly string[];
  /** The position of the subset of an alternative's row in a situation. */
  readonly of: (row: number, n: number) => number;
}

type Mutable<T> = {-readonly [K in keyof T]: T[K]};

/**
 * Observed and fitted shares of each subset and alternative, the observed ones with Wilson's intervals for as many choices as
 * the spread between people leaves (eq:wilson, eq:effectiveChoices).
 *
 * @param p     probabilities of all rows, such as `predicted` gives
 * @param level confidence of the intervals
 * @returns no row for an alternative that a subset never offers
 */
export function observedShares(data: ChoiceFacts, p: Float64Array, {groups, of}: Subsets, level: number): FittedShare[] {
  const {situation, person, weight, alternative, alternatives, chosen} = data;
  const J = alternatives.length;
  const cells = groups.length * J;
  const [won, open, said] = [new Float64Array(cells), new Float64Array(cells), new Float64Array(cells)];
  const people: Map<number, Mutable<PersonShare>>[] = Array.from({length: cells}, () => new Map());
  for (let i = 0; i + 1 < person.length; ++i) for (let n = person[i]; n < person[i + 1]; ++n) for (let row = situation[n]; row < situation[n + 1]; ++row) {
    const w = weight[n];
    if (!(w > 0)) continue;
    const cell = of(row, n) * J + alternative[row];
    const y = chosen[n] === row ? w : 0;
    won[cell] += y;
    open[cell] += w;
    said[cell] += w * p[row];
    const own = people[cell].get(i) ?? {chosen: 0, offered: 0, squares: 0};
    people[cell].set(i, own);
    own.chosen += y;
    own.offered += w;
    own.squares += w * w;
  }
  const critical = -quantile((1 - level) / 2);
  return groups.flatMap((group, g) => alternatives.flatMap((name, j): FittedShare[] => {
    const cell = g * J + j;
    if (!(open[cell] > 0)) return [];
    const observed = won[cell] / open[cell];
    const interval = wilson(observed, effectiveChoices([...people[cell].values()], level), critical);
    return [{group, alternative: name, chosen: won[cell], offered: open[cell], observed, predicted: said[cell] / open[cell], ...interval}];
  }));
}
