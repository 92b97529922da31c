import {ChoiceError, quote, suggest} from "../errors.js";
import {gaussHermite} from "./gaussHermite.js";
import {halton} from "./halton.js";
import {mlhs} from "./mlhs.js";
import {monteCarlo} from "./monteCarlo.js";
import type {Rule} from "./rule.js";
import {sobol} from "./sobol.js";
import {trapezoid} from "./trapezoid.js";

// Every rule by its name, with the size it has when none is asked for.
const rules = {
  monteCarlo: (draws = 1000) => monteCarlo(draws),
  halton: (draws = 500) => halton(draws),
  scrambledHalton: (draws = 500) => halton(draws, {scrambled: true}),
  sobol: (draws = 512) => sobol(draws),
  mlhs: (draws = 500) => mlhs(draws),
  gaussHermite: (draws = 15) => gaussHermite(draws),
  trapezoid: (draws = 191) => trapezoid(draws)
} satisfies Record<string, (draws?: number) => Rule>;

/** A rule by its name. */
export type RuleName = keyof typeof rules;

/** The names `maybeRule` knows. */
export const ruleNames = Object.keys(rules) as readonly RuleName[];

/**
 * Accepts a rule, or the name of one.
 *
 * @param rule a name such as "halton", or a rule, which is handed back as it is
 * @param draws nodes per unit for a name; points per dimension for "gaussHermite" and "trapezoid"
 * @throws {ChoiceError} integrate/unknown-rule; integrate/draws, also when draws are given beside a rule of another size
 * @example
 * maybeRule("halton", 500)
 * maybeRule(sobol(1024, {shared: true}))
 */
export function maybeRule(rule: RuleName | Rule, draws?: number): Rule {
  if (typeof rule === "string" && Object.hasOwn(rules, rule)) return rules[rule](draws);
  if (isRule(rule)) {
    if (draws === undefined || draws === rule.draws) return rule;
    throw new ChoiceError("integrate/draws", {
      at: `maybeRule(${rule.name}, ${quote(draws)})`, saw: `${quote(draws)} draws beside a rule that has ${rule.draws}`,
      want: "one number of draws",
      hint: "say it within the rule: halton(500)",
      value: draws
    });
  }
  throw new ChoiceError("integrate/unknown-rule", {
    at: `maybeRule(${quote(rule)})`, saw: `no rule called ${quote(rule)}`,
    want: "a rule or its name",
    hint: suggest(String(rule), ruleNames),
    value: rule
  });
}

const isRule = (rule: unknown): rule is Rule => typeof (rule as Rule | null)?.build === "function";
