import {ChoiceError, quote, suggest} from "../errors.js";
import type {Distribution, Family} from "./specification.js";

const families: readonly Family[] = ["normal", "lognormal", "uniform", "triangular", "truncated", "censored", "exponential"];

/** Families that live on one side of zero, which `sign` chooses. */
const sided: readonly Family[] = ["lognormal", "truncated", "censored", "exponential"];

/** Families that are a function of mu + Gamma nu, and so may be correlated and vary within people. */
export const gaussian = (distribution: Distribution | undefined): boolean =>
  distribution !== undefined && ["normal", "lognormal", "censored"].includes(distribution.family);

/**
 * Reads `"lognormal"`, `"-lognormal"` or `{family: "lognormal", sign: -1}`.
 *
 * @throws {ChoiceError} model/unknown-distribution with the nearest; model/two-sided for the sign of a family that has none
 */
export function distributionOf(value: unknown, name: string, at: string): Distribution {
  const given = typeof value === "string" ? (value.startsWith("-") ? {family: value.slice(1), sign: -1} : {family: value}) : (value as Distribution | null);
  const family = given?.family as Family;
  if (!families.includes(family)) {
    throw new ChoiceError("model/unknown-distribution", {
      at, saw: `random: {${JSON.stringify(name)}: ${quote(typeof value === "string" ? value : JSON.stringify(value))}}`,
      want: "a distribution",
      hint: suggest(String(family), families)
    });
  }
  const sign = given!.sign ?? 1;
  if (sign !== 1 && sign !== -1) throw new ChoiceError("model/sign", {at, saw: `sign: ${quote(sign)} for ${quote(name)}`, want: "1 or -1"});
  if (given!.sign !== undefined && !sided.includes(family)) {
    throw new ChoiceError("model/two-sided", {
      at, saw: `a signed ${family} for ${quote(name)}`,
      want: `one of ${sided.join(", ")}: a ${family} lies on both sides of zero`,
      hint: `random: {${JSON.stringify(name)}: "${family}"}`
    });
  }
  return sided.includes(family) ? {family, sign} : {family};
}
