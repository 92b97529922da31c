import type {Note} from "../data/choiceData.js";
import {hasChoices} from "../data/offers.js";
import {evenCurvature} from "../entropy/identified.js";
import type {MaxEntFit} from "../entropy/maxEntFit.js";
import type {Programme, Support} from "../entropy/programme.js";
import {checkOptions, ChoiceError, kindOf, listed, quote} from "../errors.js";
import {chiSquaredTail} from "../math/chiSquared.js";
import {inverse} from "../math/symmetric.js";
import {shown, type Shown} from "../rich.js";
import {expectMaxEnt, expectOptimum} from "./maxEntReading.js";
import {momentsOf, positionsOf, type Names} from "./momentGroups.js";
import {optimumOf, solveRestricted, unconstrained} from "./nestedProgrammes.js";

/** Which statistic it is: see `entropyRatio`. */
export type RatioForm = "likelihood ratio" | "pseudo-likelihood ratio" | "entropy ratio";

export interface EntropyRatioFacts {
  readonly form: RatioForm;
  readonly statistic: number;
  /** Multipliers that the data tell in the fit but not in the restricted one. */
  readonly degrees: number;
  /** P(chi-squared >= statistic). */
  readonly p: number;
  /** Entropies compared, in nats: of the signal alone for the entropy ratio, of signal and noise otherwise. */
  readonly restricted: number;
  readonly unrestricted: number;
  /** The moments whose multipliers are zero in the restricted fit. */
  readonly dropped: readonly string[];
  readonly notes: readonly Note[];
}

export type EntropyRatio = EntropyRatioFacts & Shown;

/**
 * Tests a maximum-entropy logit against one with fewer moments, by the entropy that those take away (eq:entropyRatio).
 *
 *   likelihood ratio         2 (H_R - H_U)             without noise; H = - log-likelihood, so that it is the usual one
 *   pseudo-likelihood ratio  2 (D_R - D_U)             with noise within 1/√N; D is the dual, noise included
 *   entropy ratio            2 (sum w ln J - H(p))     against no moment at all, if nothing is named (Golan, Judge and Perloff
 *                                                      1996); relative to priors where there are some
 *
 * Each is chi-squared, with as many degrees of freedom as multipliers that the data tell are dropped: intercepts count, and
 * columns that cancel from every comparison do not. (Programs that leave the constant out of the count reject too often.)
 *
 * It is refused where there is no such distribution. With supports the curvature of the dual is not the variance of its
 * slope, and a test at 5% rejects 14% (two points) to 40% (five) of true hypotheses; with noise wider than 1/√N it hardly
 * rejects any. `wald` holds in both.
 *
 * @param fit     a maximum-entropy logit that converged, made by `fitMaxEnt`
 * @param against moments to drop, by name; or a fit that is nested in this one; default: all
 * @throws {ChoiceError} explain/not-maxent, explain/not-at-optimum; explain/no-chi-squared for supports, wide noise, or totals
 *   with noise of their own; explain/other-data, explain/not-nested for a fit that is none of this one's; explain/nothing-dropped;
 *   explain/unknown-name
 * @example
 * const world = simulate({tier: "mnlIntercepts"}, {people: 60, situations: 2, seed: 1});
 * const fitted = await fitMaxEnt(world.data, {noise: false});
 * (await entropyRatio(fitted, "price")).form // "likelihood ratio"
 */
export async function entropyRatio(fit: MaxEntFit, against?: Names | MaxEntFit, options: {readonly signal?: AbortSignal} = {}): Promise<EntropyRatio> {
  const at = "entropyRatio(fit)";
  expectMaxEnt(at, fit);
  checkOptions(at, options, ["signal"]);
  expectChiSquared(fit, at);
  expectOptimum(at, fit);
  const top = unconstrained(fit.programme).signal;
  const full = rankOf(fit.programme);
  if (against === undefined) return conclude(fit, "entropy ratio", top, fit.solution.entropy.signal, full, fit.moments.map(({name}) => name), at);
  const form = fit.programme.noise ? "pseudo-likelihood ratio" : "likelihood ratio";
  if (typeof against === "object" && !Array.isArray(against)) {
    const other = against as MaxEntFit;
    expectNested(fit, other, at);
    const kept = new Set(other.moments.map(({name}) => name));
    const dropped = fit.moments.flatMap(({name}) => (kept.has(name) ? [] : [name]));
    return conclude(fit, form, other.solution.value, fit.solution.value, full - rankOf(other.programme), dropped, at);
  }
  const drop = positionsOf(momentsOf(fit), against as Names, "moment", at);
  const keep = fit.moments.flatMap((_, k) => (drop.includes(k) ? [] : [k]));
  const whole = optimumOf(fit.programme, fit.moments.map((_, k) => k), fit.solution);
  const less = await solveRestricted(whole.programme, keep, undefined, options.signal);
  if (less.ending !== "converged") throw new ChoiceError("explain/not-at-optimum", {at, saw: `a restricted fit that did not converge (${less.ending})`, want: "entropies at their optimum", hint: less.ending === "stopped" ? undefined : "fit it by itself, and read its notes"});
  return conclude(fit, form, less.worth.total, fit.solution.value, full - rankOf(less.programme), drop.map((k) => fit.moments[k].name), at);
}

function conclude(fit: MaxEntFit, form: RatioForm, restricted: number, unrestricted: number, degrees: number, dropped: readonly string[], at: string): EntropyRatio {
  if (degrees < 1) {
    throw new ChoiceError("explain/nothing-dropped", {at, saw: dropped.length ? `${listed(dropped.map(quote))}, of which the data tell nothing that the others do not` : "no moment fewer", want: "a restriction that can be wrong", hint: "name moments to drop"});
  }
  // Two optima differ by rounding where the restriction costs nothing.
  const statistic = Math.max(0, 2 * (restricted - unrestricted));
  return shown("entropyRatio", {form, statistic, degrees, p: chiSquaredTail(statistic, degrees), restricted, unrestricted, dropped, notes: notesOn(fit)});
}

/** @throws {ChoiceError} explain/no-chi-squared */
function expectChiSquared({programme: {signal, noise, slack, weight}}: MaxEntFit, at: string): void {
  const refuse = (saw: string, want: string, hint: string) => new ChoiceError("explain/no-chi-squared", {at, saw, want, hint});
  if (signal.kind === "supports") {
    throw refuse(`supports of ${signal.support.points.length} points for each probability`, "the entropy of the probabilities themselves: with supports differences of entropies are no chi-squared", "wald(fit, names), whose robust covariance holds here");
  }
  const N = weight.reduce((sum, w) => sum + w, 0);
  const v = noise ? noise.support.points.reduce((most, u) => Math.max(most, Math.abs(u)), 0) : 0;
  if (v > (1 + 1e-9) / Math.sqrt(N)) {
    throw refuse(`noise of ±${Number(v.toPrecision(3))} in ${Number(N.toPrecision(6))} situations`, `noise within 1/√N = ${Number((1 / Math.sqrt(N)).toPrecision(3))}: wider, it takes up what the test is about`, "wald(fit, names), or fit again with noise: {v: \"1/√N\"}");
  }
  if (slack?.some((omega) => omega > 0)) {
    throw refuse("totals with noise of their own", "exact totals: others are held to loosely, and differences of entropies are no chi-squared", "wald(fit, names)");
  }
}

/** @throws {ChoiceError} explain/not-maxent, explain/other-data, explain/not-nested, explain/not-at-optimum */
function expectNested(fit: MaxEntFit, other: MaxEntFit, at: string): void {
  const call = `${at.slice(0, -1)}, restricted)`;
  if (kindOf(other) === "a promise") throw new ChoiceError("explain/not-maxent", {at: call, saw: "a promise", want: "a fit, or names of moments", hint: "write await before the call that makes it"});
  expectMaxEnt(call, other);
  if (other.data.hash !== fit.data.hash) throw new ChoiceError("explain/other-data", {at: call, saw: "two fits of different data", want: "two fits of the same data"});
  const [U, R] = [fit.programme, other.programme];
  const logs = ({signal}: Programme) => (signal.kind === "shannon" ? signal.logPrior : undefined);
  const alike = U.signal.kind === R.signal.kind && !R.slack?.some((omega) => omega > 0) && same(logs(U), logs(R))
    && !U.noise === !R.noise && U.noise?.sumToZero === R.noise?.sumToZero && sameSupport(U.noise?.support, R.noise?.support);
  if (!alike) throw new ChoiceError("explain/not-nested", {at: call, saw: "fits that differ in their supports, priors or noise", want: "fits that differ in their moments only", hint: "entropyRatio(fit, [names of moments to drop])"});
  // Every column of the smaller one has to be a combination of columns of the larger, but for constants by situation; these
  // count where errors need not sum to zero, and there the columns themselves are asked for.
  const nested = U.noise && !U.noise.sumToZero ? among(U, R) : rankOf(sideBySide(U, R)) === rankOf(U);
  if (!nested) {
    throw new ChoiceError("explain/not-nested", {at: call, saw: `a restricted fit with moments (${listed(other.moments.map(({name}) => quote(name)))}) that do not follow from this one's`, want: "moments among those of the fit", hint: "swap the two, or fit a larger model that holds both"});
  }
  expectOptimum(call, other);
}

function sideBySide(a: Programme, b: Programme): Programme {
  const [K, L] = [a.moments, b.moments];
  const rows = a.situation[a.situation.length - 1];
  const z = new Float64Array(rows * (K + L));
  for (let row = 0; row < rows; ++row) {
    z.set(a.z.subarray(row * K, (row + 1) * K), row * (K + L));
    z.set(b.z.subarray(row * L, (row + 1) * L), row * (K + L) + K);
  }
  return {...a, z, moments: K + L};
}

/** How many combinations of moments choices can tell: those that vary within choice sets. */
const rankOf = (programme: Programme): number => programme.moments - inverse(evenCurvature(programme)).flat.length;

/** Whether every column of R is one of U. */
function among(U: Programme, R: Programme): boolean {
  const [K, L, rows] = [U.moments, R.moments, U.situation[U.situation.length - 1]];
  const equal = (k: number, l: number) => {
    for (let row = 0; row < rows; ++row) if (U.z[row * K + k] !== R.z[row * L + l]) return false;
    return true;
  };
  return Array.from({length: L}, (_, l) => Array.from({length: K}, (_, k) => k).some((k) => equal(k, l))).every(Boolean);
}

function same(a: Float64Array | undefined, b: Float64Array | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.length === b.length && a.every((value, k) => value === b[k]));
}

const sameSupport = (a?: Support, b?: Support): boolean => same(a?.points, b?.points) && same(a?.logPrior, b?.logPrior);

function notesOn({data, programme: {weight}}: MaxEntFit): Note[] {
  const notes: Note[] = [];
  const add = (code: string, text: string, level: Note["level"] = "info") => notes.push({level, code, text});
  if (data.people.length < weight.length) add("explain/panel", "Situations of one person are read as independent of each other: wald(fit, …) sums them by person instead.", "warning");
  if (weight.some((w) => !Number.isInteger(w))) add("explain/weights", "Weights are read as counts: where they are sampling weights, wald(fit, …) holds.", "warning");
  if (!hasChoices(data)) add("explain/totals", "Totals are read as those of independent choices, one for each unit of weight.");
  return notes;
}
