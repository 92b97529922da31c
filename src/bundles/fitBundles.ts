import type {Note} from "../data/choiceData.js";
import type {Table} from "../data/frame.js";
import {checkOptions, ChoiceError, listed, quote} from "../errors.js";
import {chiSquaredTail} from "../math/chiSquared.js";
import {cholesky, inverseInto, solveInto} from "../math/cholesky.js";
import {shown, type Shown} from "../rich.js";
import {benjaminiHochberg, holm} from "./adjust.js";
import {measured, type Measured} from "./pair.js";
import {readBundles, type BundleColumns, type BundleCounts, type Bundles} from "./read.js";

/** How to fit. Everything has a default. */
export interface BundleOptions extends Omit<BundleColumns, "stratify"> {
  /**
   * Adds two purchases, spread evenly over all bundles: half a purchase in each cell of every pair (Haldane 1956). Default:
   * only where some pair has an empty cell, as there is no finite estimate otherwise.
   */
  readonly smooth?: boolean;
  /** Confidence level of intervals. Default 0.95. */
  readonly level?: number;
}

/** What a good is worth alone, beside buying nothing. */
export interface InterceptRow extends Measured {
  readonly good: string;
}

/** What two goods are worth together beyond their sum. */
export interface InteractionRow extends Measured {
  readonly first: string;
  readonly second: string;
  readonly holm: number;
  readonly benjaminiHochberg: number;
}

/** One bundle: how often it was bought, and what two models say. */
export interface BundleRow {
  readonly bundle: string;
  readonly count: number;
  readonly share: number;
  readonly fitted: number;
  /** With the same shares of goods, and no interactions. */
  readonly independent: number;
}

/** A likelihood-ratio test. */
export interface Ratio {
  readonly statistic: number;
  readonly degrees: number;
  readonly p: number;
}

/** A multinomial logit over all bundles, with an interaction for every pair of goods. */
export interface BundleFacts {
  readonly goods: readonly string[]; // (J)
  readonly n: number;
  readonly intercepts: readonly InterceptRow[];
  readonly interactions: readonly InteractionRow[]; // (J (J - 1) / 2)
  /** Interactions, (J, J), symmetric; NaN on the diagonal. */
  readonly theta: readonly (readonly number[])[];
  readonly bundles: readonly BundleRow[]; // (2^J)
  readonly logLikelihood: number;
  /** All interactions zero, against this model. */
  readonly independence: Ratio;
  /** This model against one with a parameter for each bundle. */
  readonly fit: Ratio;
  /** Entropies in nats: of the shares of bundles, and the greatest with these pairs, with these goods, and with nothing known. */
  readonly entropy: {readonly observed: number; readonly pairs: number; readonly goods: number; readonly nothing: number};
  /** (goods - pairs) / (goods - observed): the part of all dependence that pairs explain; NaN where there is none. */
  readonly explained: number;
  readonly smoothed: boolean;
  readonly iterations: number;
  /** Largest difference between observed and fitted shares of goods and pairs. */
  readonly residual: number;
  readonly level: number;
  readonly notes: readonly Note[];
}

/** A fitted logit of bundles, which draws itself. */
export type BundleFit = BundleFacts & Shown;

const at = "fitBundles(purchases, …)";

/**
 * A multinomial logit over the 2^J bundles of J goods, with a utility for each good and an interaction for each pair
 * (eq:bundles):
 *
 *   P(B) proportional to exp(sum_{j in B} alpha_j + sum_{j < k in B} theta_jk)
 *
 * by Newton's method on its concave log-likelihood. Its dual is a maximum-entropy programme: of all joint distributions with
 * the observed shares of goods and pairs, P has the greatest entropy. theta_jk compares what is bought with j and k at one
 * content of the rest of the basket, where the two-way table of `complementarity` mixes baskets; with two goods they are the
 * same. As Gentzkow's (2007) interaction it speaks of structure only if tastes for different goods do not go together.
 *
 * @param purchases as for `complementarity`, at most ten goods
 * @returns utilities, interactions with errors and adjusted p-values, tests against independence and saturation, entropies
 * @throws {ChoiceError} bundles/too-many, bundles/separation, bundles/no-variation, and as `complementarity`
 * @example
 * Math.round(fitBundles({"tea+milk": 30, tea: 20, milk: 15, none: 35}).interactions[0].value * 1e6) / 1e6 // 1.252763
 */
export function fitBundles(purchases: Table | BundleCounts, options: BundleOptions = {}): BundleFit {
  checkOptions(at, options, ["goods", "count", "smooth", "level"]);
  const {level = 0.95, smooth, ...columns} = options;
  if (!(typeof level === "number" && level > 0 && level < 1)) throw new ChoiceError("bundles/level", {at, saw: `level: ${quote(level)}`, want: "a number between 0 and 1", hint: "level: 0.95"});
  const read = readBundles(at, purchases, columns);
  const {goods, n} = read;
  const J = goods.length;
  if (J > 10) throw new ChoiceError("bundles/too-many", {at, saw: `${J} goods, which make ${2 ** J} bundles`, want: "at most ten goods", hint: `goods: ${quote(goods.slice(0, 3))}`});
  const observed = countBundles(read);
  const terms = termsOf(J);
  checkVariation(goods, moments(observed, terms).slice(0, J), n);
  const smoothed = smooth ?? emptyPairs(observed, J);
  const counts = smoothed ? observed.map((c) => c + 2 / observed.length) : observed;
  const {beta, iterations} = climb(counts, terms, goods);
  const total = counts.reduce((sum, c) => sum + c, 0);
  const P = probabilities(beta, terms, counts.length);
  const alone = terms.slice(0, J);
  const Q = probabilities(Float64Array.from(moments(counts, alone), (m) => Math.log(m / total) - Math.log1p(-m / total)), alone, counts.length);
  return shown("bundles", facts(read, counts, terms, beta, P, Q, {smoothed, iterations, level}));
}

/** A product of purchases: the bundles in which all goods of the mask are. */
type Term = number;

/** One term for each good, then one for each pair, [0, 1], [0, 2], [1, 2], … */
const termsOf = (J: number): Term[] => [
  ...Array.from({length: J}, (_, j) => 1 << j),
  ...Array.from({length: J}, (_, k) => Array.from({length: k}, (__, j) => (1 << j) | (1 << k))).flat()
];

const holdsAll = (bundle: number, term: Term) => (bundle & term) === term;

function countBundles({goods, holds, count}: Bundles): Float64Array {
  const J = goods.length;
  const cells = new Float64Array(1 << J);
  count.forEach((c, r) => {
    let bundle = 0;
    for (let j = 0; j < J; ++j) if (holds[r * J + j]) bundle |= 1 << j;
    cells[bundle] += c;
  });
  return cells;
}

const moments = (cells: Float64Array, terms: readonly Term[]) => Float64Array.from(terms, (term) => cells.reduce((sum, c, bundle) => (holdsAll(bundle, term) ? sum + c : sum), 0));

function checkVariation(goods: readonly string[], bought: Float64Array, n: number): void {
  const constant = goods.filter((_, j) => bought[j] === 0 || bought[j] >= n);
  if (constant.length) throw new ChoiceError("bundles/no-variation", {at, column: constant[0], saw: `${listed(constant.map(quote))} ${constant.length > 1 ? "are" : "is"} always or never bought`, want: "goods that are bought by some and not by others", hint: "leave it out of goods"});
}

function emptyPairs(cells: Float64Array, J: number): boolean {
  for (let k = 0; k < J; ++k) for (let j = 0; j < k; ++j) {
    const four = [0, 0, 0, 0];
    cells.forEach((c, bundle) => { four[((bundle >> j) & 1) + 2 * ((bundle >> k) & 1)] += c; });
    if (four.includes(0)) return true;
  }
  return false;
}

function probabilities(beta: Float64Array, terms: readonly Term[], cells: number): Float64Array {
  const u = Float64Array.from({length: cells}, (_, bundle) => terms.reduce((sum, term, p) => (holdsAll(bundle, term) ? sum + beta[p] : sum), 0));
  const top = Math.max(...u);
  const e = u.map((v) => Math.exp(v - top));
  const sum = e.reduce((s, v) => s + v, 0);
  return e.map((v) => v / sum);
}

/** Lower triangle of Cov(terms) under P, in the layout of `math/cholesky.ts`. */
function covarianceOf(P: Float64Array, terms: readonly Term[]): Float64Array {
  const mean = moments(P, terms);
  return Float64Array.from(terms.flatMap((a, p) => terms.slice(0, p + 1).map((b, q) => P.reduce((sum, v, bundle) => (holdsAll(bundle, a | b) ? sum + v : sum), 0) - mean[p] * mean[q])));
}

/** Newton's method, halving steps that do not raise the log-likelihood. */
function climb(counts: Float64Array, terms: readonly Term[], goods: readonly string[]): {beta: Float64Array; iterations: number} {
  const total = counts.reduce((sum, c) => sum + c, 0);
  const wanted = moments(counts, terms).map((m) => m / total);
  let beta = Float64Array.from(terms, (_, p) => (p < goods.length ? Math.log(wanted[p]) - Math.log1p(-wanted[p]) : 0));
  const logLikelihood = (b: Float64Array) => entropyLike(counts, probabilities(b, terms, counts.length)) / total;
  let value = logLikelihood(beta);
  for (let iterations = 0; ; ++iterations) {
    const P = probabilities(beta, terms, counts.length);
    const gap = moments(P, terms).map((m, p) => wanted[p] - m);
    if (gap.every((g) => Math.abs(g) <= 1e-14)) return {beta, iterations};
    const L = covarianceOf(P, terms);
    const far = beta.some((b) => Math.abs(b) > 40);
    if (far || iterations === 100 || !cholesky(L, terms.length)) throw separated(goods, beta);
    const step = gap.slice();
    solveInto(step, L, terms.length);
    const decrement = step.reduce((sum, s, p) => sum + s * gap[p], 0);
    let t = 1;
    let next = beta.map((b, p) => b + t * step[p]);
    let there = logLikelihood(next);
    while (!(there >= value + 1e-4 * t * decrement) && t > 1e-10 && decrement > 1e-12) {
      t /= 2;
      next = beta.map((b, p) => b + t * step[p]);
      there = logLikelihood(next);
    }
    beta = next;
    value = there;
    if (decrement <= 1e-20) return {beta, iterations: iterations + 1}; // and the step taken has squared what was left
  }
}

/** sum_B c_B ln p_B. */
const entropyLike = (counts: Float64Array, P: Float64Array) => counts.reduce((sum, c, bundle) => (c > 0 ? sum + c * Math.log(P[bundle]) : sum), 0);

function separated(goods: readonly string[], beta: Float64Array): ChoiceError {
  const pairs = termsOf(goods.length).slice(goods.length);
  const largest = pairs.reduce((best, _, p) => (Math.abs(beta[goods.length + p]) > Math.abs(beta[goods.length + best]) ? p : best), 0);
  const names = goods.filter((_, j) => pairs[largest] & (1 << j));
  return new ChoiceError("bundles/separation", {at, saw: `no finite interactions fit: that of ${listed(names)} runs away, as some combination of purchases never occurs`, want: "bundles that leave interactions finite", hint: "smooth: true, fewer goods, or more data"});
}

/** Everything that is read off a fit. */
function facts({goods, n, ...read}: Bundles, counts: Float64Array, terms: readonly Term[], beta: Float64Array, P: Float64Array, Q: Float64Array, {smoothed, iterations, level}: {smoothed: boolean; iterations: number; level: number}): BundleFacts {
  const J = goods.length;
  const total = counts.reduce((sum, c) => sum + c, 0);
  const variance = new Float64Array((terms.length * (terms.length + 1)) / 2);
  const L = covarianceOf(P, terms);
  cholesky(L, terms.length);
  inverseInto(variance, L, terms.length);
  const rows = terms.map((_, p) => measured(beta[p], Math.sqrt(variance[(p * (p + 3)) / 2] / total), level));
  // Where estimates ran away together, none far, there is next to no curvature.
  if (rows.some(({error}) => !(error < 1e4))) throw separated(goods, beta);
  const adjusted = {holm: holm(rows.slice(J).map(({p}) => p)), benjaminiHochberg: benjaminiHochberg(rows.slice(J).map(({p}) => p))};
  const inside = (mask: number) => goods.filter((_, j) => mask & (1 << j));
  const interactions = rows.slice(J).map((row, p): InteractionRow => {
    const [first, second] = inside(terms[J + p]);
    return {first, second, ...row, holm: adjusted.holm[p], benjaminiHochberg: adjusted.benjaminiHochberg[p]};
  });
  const theta = goods.map(() => goods.map(() => NaN));
  interactions.forEach(({first, second, value}) => { theta[goods.indexOf(first)][goods.indexOf(second)] = theta[goods.indexOf(second)][goods.indexOf(first)] = value; });
  const observed = countBundles({goods, n, ...read});
  const logLikelihood = entropyLike(counts, P);
  const ratio = (high: number, low: number, degrees: number): Ratio => {
    const statistic = Math.max(0, 2 * (high - low));
    return {statistic, degrees, p: degrees ? chiSquaredTail(statistic, degrees) : NaN};
  };
  const saturated = entropyLike(counts, counts.map((c) => c / total));
  const independent = entropyLike(counts, Q);
  const entropy = {observed: -saturated / total, pairs: -logLikelihood / total, goods: -independent / total, nothing: J * Math.LN2};
  const dependence = entropy.goods - entropy.observed;
  const notes: Note[] = smoothed ? [{level: "info", code: "bundles/haldane", text: "Two purchases were spread evenly over all bundles, half of one to each cell of every pair, so that every interaction is finite."}] : [];
  if (n < 5 * terms.length) notes.push({level: "warning", code: "bundles/few", text: `${terms.length} parameters from ${n} decisions: errors are rough.`});
  return {
    goods, n, intercepts: rows.slice(0, J).map((row, j) => ({good: goods[j], ...row})), interactions, theta,
    bundles: Array.from(observed, (count, bundle) => ({bundle: inside(bundle).join("+") || "none", count, share: count / n, fitted: P[bundle], independent: Q[bundle]})),
    logLikelihood, independence: ratio(logLikelihood, independent, terms.length - J), fit: ratio(saturated, logLikelihood, observed.length - 1 - terms.length),
    entropy, explained: dependence > 1e-14 ? (entropy.goods - entropy.pairs) / dependence : NaN, smoothed, iterations,
    residual: Math.max(...moments(P, terms).map((m, p) => Math.abs(m - moments(counts, [terms[p]])[0] / total))), level, notes
  };
}
