import type {Note} from "../data/choiceData.js";
import type {Table} from "../data/frame.js";
import {checkOptions, ChoiceError, listed, quote} from "../errors.js";
import {shown, type Shown} from "../rich.js";
import {benjaminiHochberg, holm} from "./adjust.js";
import {association, type Association, type PairCounts} from "./pair.js";
import {readBundles, type BundleColumns, type BundleCounts, type Bundles} from "./read.js";
import {stratified, type Stratified} from "./strata.js";

/** Which columns are what, and how sure to be. */
export interface ComplementarityOptions extends BundleColumns {
  /** Confidence level of intervals. Default 0.95. */
  readonly level?: number;
}

/** Two goods, and what they are to each other. */
export interface PairFacts extends Association {
  readonly first: string;
  readonly second: string;
  /** p-values of G, adjusted for the number of pairs: Holm (1979), Benjamini and Hochberg (1995). */
  readonly holm: number;
  readonly benjaminiHochberg: number;
  /** With a column to stratify by. */
  readonly strata?: Stratified;
}

/** All pairs of goods. */
export interface ComplementarityFacts {
  readonly goods: readonly string[]; // (J)
  readonly n: number;
  /** Share of each good among all, (J). */
  readonly bought: Float64Array;
  readonly pairs: readonly PairFacts[]; // (J (J - 1) / 2)
  /** Interactions, correlations and mutual informations in nats, (J, J), symmetric; NaN on the diagonal. */
  readonly theta: readonly (readonly number[])[];
  readonly phi: readonly (readonly number[])[];
  readonly information: readonly (readonly number[])[];
  /** The column that strata come from. */
  readonly stratify?: string;
  readonly level: number;
  readonly notes: readonly Note[];
}

/** Pairs of goods read for complementarity, which draw themselves. */
export type Complementarity = ComplementarityFacts & Shown;

const at = "complementarity(purchases, …)";

/**
 * Whether goods are complements, from how often they are bought together and alone, by four criteria that need no prices and
 * need not agree (eq:criteria; Manzini, Mariotti and Ülkü 2019): correlation, additivity, supermodularity, and being bought
 * together more often than either alone. Beside them the log-linear interaction theta = ln(p_ab p_0 / (p_a p_b)), the
 * multiplier of buying both when entropy is greatest given how often each and both are bought; what it says of structure is
 * limited, as tastes that go together make theta positive too.
 *
 * @param purchases a table with a row of 0 and 1 for each customer or occasion (or for each bundle, with a column of counts);
 *   or counts by bundle, `{"tea+milk": 30, tea: 20, milk: 15, none: 35}`
 * @param options goods, count, stratify: columns; level
 * @returns for every pair of goods criteria with delta-method errors, theta, phi, Q, lift, information in nats and bits, G
 *   and Pearson tests with p-values adjusted for the number of pairs; by stratum where asked, with reversals (Simpson 1951)
 * @throws {ChoiceError} bundles/goods, bundles/count, bundles/empty, bundles/empty-cell, bundles/not-a-purchase,
 *   bundles/twice, bundles/no-variation, bundles/level, options/unknown, data/missing-column
 * @example
 * complementarity({"tea+milk": 30, tea: 20, milk: 15, none: 35}).pairs[0].verdicts.correlation // "complements"
 */
export function complementarity(purchases: Table | BundleCounts, options: ComplementarityOptions = {}): Complementarity {
  checkOptions(at, options, ["goods", "count", "stratify", "level"]);
  const {level = 0.95, ...columns} = options;
  if (!(typeof level === "number" && level > 0 && level < 1)) throw new ChoiceError("bundles/level", {at, saw: `level: ${quote(level)}`, want: "a number between 0 and 1", hint: "level: 0.95"});
  const bundles = readBundles(at, purchases, columns);
  const {goods, n, count, holds} = bundles;
  const J = goods.length;
  const bought = Float64Array.from({length: J}, (_, j) => count.reduce((sum, c, r) => sum + c * holds[r * J + j], 0) / n);
  const constant = goods.filter((_, j) => bought[j] === 0 || bought[j] === 1);
  if (constant.length) throw new ChoiceError("bundles/no-variation", {at, column: constant[0], saw: `${listed(constant.map(quote))} ${constant.length > 1 ? "are" : "is"} ${bought[goods.indexOf(constant[0])] === 0 ? "never" : "always"} bought`, want: "goods that are bought by some and not by others", hint: "leave it out of goods"});
  const places = goods.flatMap((_, k) => Array.from({length: k}, (__, j) => [j, k] as const));
  const all = places.map(([j, k]) => association(tableOf(bundles, j, k), level));
  const adjusted = {holm: holm(all.map(({pG}) => pG)), benjaminiHochberg: benjaminiHochberg(all.map(({pG}) => pG))};
  const pairs = places.map(([j, k], at): PairFacts => ({
    ...all[at], first: goods[j], second: goods[k], holm: adjusted.holm[at], benjaminiHochberg: adjusted.benjaminiHochberg[at],
    ...(bundles.strata && {strata: stratified(bundles.strata.labels.map((stratum, s) => ({stratum, counts: tableOf(bundles, j, k, s)})), all[at].theta.value, level)})
  }));
  const matrix = (of: (pair: Association) => number) => {
    const out = goods.map(() => goods.map(() => NaN));
    places.forEach(([j, k], p) => { out[j][k] = out[k][j] = of(all[p]); });
    return out;
  };
  return shown("complementarity", {
    goods, n, bought, pairs, theta: matrix(({theta}) => theta.value), phi: matrix(({phi}) => phi), information: matrix(({information}) => information),
    ...(options.stratify !== undefined && {stratify: options.stratify}), level, notes: notesOn(pairs, bundles)
  });
}

/** How often two goods were bought, in all or in one stratum. */
export function tableOf({goods, holds, count, strata}: Bundles, j: number, k: number, stratum?: number): PairCounts {
  const J = goods.length;
  const cells = [0, 0, 0, 0];
  for (let r = 0; r < count.length; ++r) {
    if (stratum === undefined || strata!.of[r] === stratum) cells[2 * (1 - holds[r * J + j]) + 1 - holds[r * J + k]] += count[r];
  }
  return {both: cells[0], first: cells[1], second: cells[2], neither: cells[3]};
}

function notesOn(pairs: readonly PairFacts[], {count}: Bundles): Note[] {
  const notes: Note[] = [];
  const name = ({first, second}: PairFacts) => `${first} and ${second}`;
  const empty = pairs.filter(({haldane}) => haldane);
  if (empty.length) notes.push({level: "info", code: "bundles/haldane", text: `${listed(empty.map(name))}: one of the four bundles was never bought; theta counts half a purchase more of each.`});
  const differ = pairs.filter(({agree}) => !agree);
  if (differ.length) notes.push({level: "info", code: "bundles/disagree", text: `The criteria disagree on ${listed(differ.map(name))}.`});
  const turned = pairs.filter(({strata}) => strata?.reversal);
  if (turned.length) notes.push({level: "warning", code: "bundles/reversal", text: `${listed(turned.map(name))}: the interaction changes its sign when strata are held (Simpson's reversal).`});
  if (count.some((c) => !Number.isInteger(c))) notes.push({level: "info", code: "bundles/fractions", text: "Some counts are no whole numbers: errors and tests take their sum for the number of independent decisions."});
  return notes;
}
