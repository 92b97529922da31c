import {ChoiceError, expectFields, quote, suggest} from "../errors.js";
import type {MaxEntFit} from "../entropy/maxEntFit.js";

/** What information is measured in: natural units, or bits of ln 2 nats. */
export type InformationUnits = "nats" | "bits";

/**
 * How many nats make one unit.
 *
 * @throws {ChoiceError} explain/units
 */
export function natsIn(units: InformationUnits, at: string): number {
  if (units !== "nats" && units !== "bits") {
    throw new ChoiceError("explain/units", {at, saw: `units: ${quote(units)}`, want: '"nats" or "bits"', hint: suggest(String(units), ["nats", "bits"])});
  }
  return units === "bits" ? Math.LN2 : 1;
}

/** @throws {ChoiceError} explain/not-maxent for anything but a maximum-entropy fit */
export function expectMaxEnt(at: string, fit: unknown): void {
  expectFields("explain/not-maxent", at, fit, ["programme", "solution", "moments"], "a maximum-entropy fit", "make one: await fitMaxEnt(data)");
}

/**
 * Identities between entropies hold at optima, and nowhere else.
 *
 * @throws {ChoiceError} explain/not-at-optimum
 */
export function expectOptimum(at: string, {solution: {ending}}: MaxEntFit): void {
  if (ending === "converged") return;
  throw new ChoiceError("explain/not-at-optimum", {
    at, saw: `a fit that did not converge (${ending})`,
    want: "entropies at their optimum, where alone they measure information",
    hint: ending === "unbounded" ? "give the fit some noise, or totals that can be met" : "fit again with more iterations, and read its notes"
  });
}

/** -sum x ln x over cells [from, to), with 0 ln 0 = 0. */
export function entropyOf(x: ArrayLike<number>, from = 0, to = x.length): number {
  let sum = 0;
  for (let k = from; k < to; ++k) if (x[k] > 0) sum -= x[k] * Math.log(x[k]);
  return sum;
}

/** KL(x || y) = sum x ln(x / y) over all entries, with 0 ln 0 = 0. */
export function divergence(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < x.length; ++k) if (x[k] > 0) sum += x[k] * Math.log(x[k] / y[k]);
  return sum;
}
