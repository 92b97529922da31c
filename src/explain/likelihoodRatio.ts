import type {FitFacts} from "../estimate/types.js";
import {chiSquaredTail} from "../math/chiSquared.js";
import type {Column} from "../model/design.js";
import type {Parameter} from "../model/parameters.js";

/** A likelihood-ratio test of a fit against a smaller one of the same data. */
export interface RatioTest {
  readonly statistic: number;
  readonly degrees: number;
  readonly p: number;
  /** Spreads that the smaller fit sets to zero, the edge of what they can be: with any, p is larger than it should be. */
  readonly edges: number;
}

/** As much of a fit as decides what is nested in what. */
export type Nestable = Pick<FitFacts, "data" | "design" | "parameters" | "theta" | "free" | "logLikelihood" | "ending">;

/**
 * The likelihood-ratio test of a fit against one nested in it (eq:likelihoodRatio): 2 (L - L_0) against chi-squared with as many
 * degrees of freedom as parameters were set.
 *
 * @returns undefined where the small one is not seen to be nested in the large one: other data, another family, a parameter that
 *   only the small one has; or where either did not converge, or the large one is the less likely
 */
export function ratioTest(small: Nestable, large: Nestable): RatioTest | undefined {
  const degrees = large.free.length - small.free.length;
  if (degrees < 1 || small.data.hash !== large.data.hash || !small.ending.converged || !large.ending.converged) return undefined;
  const edges = restrictions(small, large);
  const statistic = 2 * (large.logLikelihood - small.logLikelihood);
  if (edges === undefined || !(statistic >= 0)) return undefined;
  return {statistic, degrees, p: chiSquaredTail(statistic, degrees), edges};
}

/** How many spreads the small model sets to zero; undefined where it is not the large one under restrictions. */
function restrictions(small: Nestable, large: Nestable): number | undefined {
  const [a, b] = [keyed(small), keyed(large)];
  const columns = new Map(large.design.columns.map((column) => [column.name, column]));
  if (a.size !== small.theta.length || b.size !== large.theta.length) return undefined;
  const [mixed, also] = [small, large].map(({design}) => design.columns.some(({distribution}) => distribution));
  if (mixed && also && small.design.panel !== large.design.panel) return undefined;
  const split = new Set<string>(); // names of columns of the large model that the small one has as one
  for (const column of small.design.columns) {
    const same = columns.get(column.name);
    const parts = same ? [same] : partsOf(column, large);
    if (!parts || !parts.every((part) => contains(part, column, small, same !== undefined))) return undefined;
    // The location of a lognormal is a logarithm, so that one which is held is not held at the other's coefficient.
    if (same?.distribution?.family === "lognormal" && !column.distribution && !b.get(`at ${column.name}`)!.free) return undefined;
    if (!same) for (const part of parts) split.add(part.name);
  }
  // What the small model has and the large one lacks, or holds elsewhere, is no restriction of the large one.
  for (const [key, {free, value}] of a) {
    const there = b.get(key);
    if (!there && !key.startsWith("at ")) return undefined;
    if (there && !there.free && (free || there.value !== value)) return undefined;
  }
  // Nor is what the large model holds and the small one lacks: to lack it is to have it at zero. Parts are to become equal.
  for (const [key, {free, value}] of b) if (!free && ((!a.has(key) && value !== 0) || (key.startsWith("at ") && split.has(key.slice(3))))) return undefined;
  const names = new Set([...small.design.columns.map(({name}) => name), ...split]);
  for (const {name, distribution} of large.design.columns) {
    // Without its column a coefficient is zero, which one-sided families never are.
    if (!names.has(name) && distribution && !["normal", "uniform", "triangular"].includes(distribution.family)) return undefined;
  }
  return [...b].filter(([key, {free, spread}]) => free && spread && !(a.get(key)?.free ?? false) && (a.get(key)?.value ?? 0) === 0).length;
}

interface Keyed {
  readonly free: boolean;
  readonly value: number;
  readonly spread: boolean;
}

/** Parameters by what they are, not by what they are called: a spread is one, in Gamma or beside it. */
function keyed({parameters, design: {columns}, theta, free}: Nestable): Map<string, Keyed> {
  const isFree = new Set(free);
  const key = ({column, on, role}: Parameter): string => (on === undefined ? `at ${columns[column].name}` : `${role === "within" ? "within" : "between"} ${columns[column].name}\n${columns[on].name}`);
  return new Map(parameters.map((parameter, p) => [key(parameter), {free: isFree.has(p), value: theta[p], spread: parameter.on === parameter.column}]));
}

/** Columns of the large model that share out the alternatives of one of the small model's. */
function partsOf({attribute, alternatives, distribution, within}: Column, {design: {columns}, data}: Nestable): Column[] | undefined {
  if (attribute < 0 || distribution || within) return undefined;
  const parts = columns.filter((column) => column.attribute === attribute && column.alternatives.length > 0);
  const whole = alternatives.length ? alternatives : [...new Set(data.alternative)];
  const covered = parts.flatMap(({alternatives}) => [...alternatives]);
  return covered.length === whole.length && whole.every((j) => covered.includes(j)) ? parts : undefined;
}

/** Whether a column of the large model can be that of the small one. */
function contains(large: Column, small: Column, {theta, design}: Nestable, same: boolean): boolean {
  if (small.within && !large.within) return false;
  const [of, own] = [large.distribution, small.distribution];
  if (own) return same && of?.family === own.family && (of.sign ?? 1) === (own.sign ?? 1);
  if (!of || ["normal", "uniform", "triangular"].includes(of.family)) return true;
  // Without spread a one-sided family is any one coefficient on its side; an exponential has no spread to lose.
  return of.family !== "exponential" && (of.sign ?? 1) * theta[design.columns.indexOf(small)] > 0;
}
