import {quantile} from "../math/normal.js";
import {studentQuantile} from "../math/student.js";

/**
 * A confidence interval of a share by the delta method on the logit scale (eq:shareInterval): it stays between 0 and 1, and
 * leans the way a share near either end does.
 *
 * @param share    strictly between 0 and 1
 * @param error    its standard error
 * @param critical standard errors on either side: 1.96 for 95 %
 * @returns undefined where there is no such interval: a share of 0 or 1, or no error
 * @example
 * shareInterval(0.5, 0, 1.96) // undefined
 */
export function shareInterval(share: number, error: number, critical: number): {readonly low: number; readonly high: number} | undefined {
  if (!(share > 0 && share < 1 && error > 0 && Number.isFinite(error))) return undefined;
  const logit = Math.log(share / (1 - share));
  const reach = (critical * error) / (share * (1 - share));
  return {low: 1 / (1 + Math.exp(reach - logit)), high: 1 / (1 + Math.exp(-reach - logit))};
}

/**
 * The interval of an observed share by Wilson (1927), eq:wilson: it stays between 0 and 1, and has a width where the share is 0 or 1.
 *
 * @param n        how many independent choices the share is of, not necessarily whole
 * @param critical standard errors on either side: 1.96 for 95 %
 * @example
 * wilson(0, 10, 1.96).high // 0.27754016876662663
 */
export function wilson(share: number, n: number, critical: number): {readonly low: number; readonly high: number} {
  const a = (critical * critical) / n;
  const middle = (share + a / 2) / (1 + a);
  const reach = Math.sqrt(share * (1 - share) * a + (a * a) / 4) / (1 + a);
  return {low: Math.max(0, middle - reach), high: Math.min(1, middle + reach)};
}

/** What one person has to say of a share. */
export interface PersonShare {
  /** Weighted choices of the alternative, and occasions on which it was on offer. */
  readonly chosen: number;
  readonly offered: number;
  /** Squared weights of the occasions, summed. */
  readonly squares: number;
}

/**
 * How many independent choices leave a share as uncertain as the spread between people does (eq:effectiveChoices), after Korn and
 * Graubard (1998): never more than were made, and fewer where few people say how they spread, as Student's quantile with one
 * degree less than there are people tells. Where nobody differs from the share (all have always chosen it, or nobody ever) the
 * spread tells nothing, and each person counts as one choice.
 *
 * @param people who had it on offer, with positive weight
 * @param level  confidence of the interval, such as 0.95
 * @example
 * effectiveChoices([{chosen: 4, offered: 4, squares: 4}, {chosen: 4, offered: 4, squares: 4}], 0.95) // 2
 */
export function effectiveChoices(people: readonly PersonShare[], level: number): number {
  const I = people.length;
  const offered = people.reduce((sum, person) => sum + person.offered, 0);
  const share = people.reduce((sum, person) => sum + person.chosen, 0) / offered;
  const spread = people.reduce((sum, person) => sum + (person.chosen - share * person.offered) ** 2, 0) / offered ** 2;
  if (I === 1 || spread < 1e-24) return offered ** 2 / people.reduce((sum, person) => sum + person.offered ** 2, 0);
  const tail = (1 - level) / 2;
  const few = (quantile(tail) / studentQuantile(tail, I - 1)) ** 2;
  const spreadOut = (share * (1 - share)) / ((spread * I) / (I - 1));
  return Math.min(offered ** 2 / people.reduce((sum, {squares}) => sum + squares, 0), spreadOut * few);
}
