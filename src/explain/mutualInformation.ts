import type {Note} from "../data/choiceData.js";
import {cells} from "../entropy/cells.js";
import type {MaxEntFit} from "../entropy/maxEntFit.js";
import {checkOptions} from "../errors.js";
import {shown, type Shown} from "../rich.js";
import {entropyOf, expectMaxEnt, natsIn, type InformationUnits} from "./maxEntReading.js";

/** What an alternative contributes. */
export interface MutualRow {
  readonly alternative: string;
  /** Its mean probability, over all situations. */
  readonly share: number;
  /** mean of p_nj ln(p_nj / share_j): these add up to the mutual information; a part may be negative. */
  readonly information: number;
}

/** What attributes tell of choices, in the units asked for. */
export interface MutualInformationFacts {
  readonly units: InformationUnits;
  /** I(Y;X) = H(pbar) - mean H(p_n). */
  readonly information: number;
  /** H(pbar): uncertainty of a choice when only mean shares are known. */
  readonly marginal: number;
  /** mean H(p_n): uncertainty that is left when attributes are known. */
  readonly conditional: number;
  /** I(Y;X) / H(pbar), from 0 to 1: the uncertainty coefficient (Theil 1970). */
  readonly coefficient: number;
  /** I(Y;A): what the choice set alone tells, by ruling alternatives out; 0 where all sets are alike. */
  readonly availability: number;
  /** I(Y;X|A) = I(Y;X) - I(Y;A): what attributes tell beyond it. */
  readonly attributes: number;
  /** How many different choice sets there are. */
  readonly sets: number;
  readonly alternatives: readonly MutualRow[];
  /** KL(p_n || pbar), (N): what the attributes of each situation tell; their weighted mean is the mutual information. */
  readonly pointwise: Float64Array;
  /** How often the best guess must be wrong; see `fano`. */
  readonly errorRate: {
    /** (mean H(p_n) - ln 2) / ln(J - 1), not below 0; NaN where choice sets have two alternatives at most. */
    readonly fano: number;
    /** The least e with h(e) + e ln(J - 1) >= mean H(p_n): never below `fano`, and told for J = 2 also. */
    readonly sharp: number;
    /** 1 - mean max_j p_nj: how often the most probable alternative is wrong, if the model is right. */
    readonly expected: number;
  };
  readonly notes: readonly Note[];
}

export type MutualInformation = MutualInformationFacts & Shown;

/**
 * Mutual information of choices and attributes under a maximum-entropy fit (eq:mutualInformation):
 *
 *   I(Y;X) = H(pbar) - mean_n H(p_n) = mean_n KL(p_n || pbar),     pbar = mean_n p_n
 *
 * with means over situations, weights counted, at probabilities without their errors. For a logit without noise and with all
 * intercepts it is (log-likelihood - log-likelihood of intercepts alone) / N exactly.
 *
 * Where choice sets differ, an alternative that is not on offer has p = 0, and I(Y;X) includes what availability alone tells.
 * The chain rule takes the two apart: I(Y;X) = I(Y;A) + I(Y;X|A), where A is the choice set. With nearly as many sets as
 * situations, availability tells all and the parts mean little: a note says so.
 *
 * Fano's inequality bounds from below how often any guess of a choice from its attributes is wrong (eq:fano; Cover and Thomas
 * 2006, 2.10), J being the size of the largest choice set.
 *
 * @param fit a maximum-entropy fit
 * @returns information in `units`, "nats" by default; coefficients and error rates from 0 to 1
 * @throws {ChoiceError} explain/not-maxent, explain/units, options/unknown
 * @example
 * const world = simulate({tier: "mnlIntercepts"}, {people: 60, situations: 2, seed: 1});
 * const {information, marginal, conditional} = mutualInformation(await fitMaxEnt(world.data), {units: "bits"});
 * Math.abs(information - (marginal - conditional)) < 1e-12 // true
 */
export function mutualInformation(fit: MaxEntFit, options: {readonly units?: InformationUnits} = {}): MutualInformation {
  const at = "mutualInformation(fit)";
  expectMaxEnt(at, fit);
  checkOptions(at, options, ["units"]);
  const {units = "nats"} = options;
  const unit = natsIn(units, at);
  const {data, programme, solution} = fit;
  const {weight, situation} = programme;
  const A = data.alternatives.length;

  const sets = new Map<string, {weight: number; readonly sum: Float64Array}>();
  const total = new Float64Array(A);
  let [people, conditional, surest, widest] = [0, 0, 0, 0];
  for (let n = 0; n < weight.length; ++n) {
    const {p} = cells(programme, solution, n);
    const offer = data.alternative.subarray(situation[n], situation[n + 1]);
    const key = [...offer].sort((a, b) => a - b).join(" ");
    const set = sets.get(key) ?? {weight: 0, sum: new Float64Array(A)};
    sets.set(key, set);
    set.weight += weight[n];
    for (let j = 0; j < p.length; ++j) {
      set.sum[offer[j]] += weight[n] * p[j];
      total[offer[j]] += weight[n] * p[j];
    }
    people += weight[n];
    conditional += weight[n] * entropyOf(p);
    surest += weight[n] * Math.max(...p);
    widest = Math.max(widest, p.length);
  }
  conditional /= people;
  const pbar = total.map((sum) => sum / people);
  const marginal = entropyOf(pbar);
  let withinSets = 0;
  for (const set of sets.values()) if (set.weight > 0) withinSets += (set.weight / people) * entropyOf(set.sum.map((sum) => sum / set.weight));

  const pointwise = new Float64Array(weight.length);
  const parts = new Float64Array(A);
  for (let n = 0; n < weight.length; ++n) {
    const {p} = cells(programme, solution, n);
    for (let j = 0; j < p.length; ++j) {
      const alternative = data.alternative[situation[n] + j];
      if (!(p[j] > 0 && pbar[alternative] > 0)) continue; // a situation of weight zero alone may offer what has no share
      const told = p[j] * Math.log(p[j] / pbar[alternative]) / unit;
      pointwise[n] += told;
      parts[alternative] += (weight[n] / people) * told;
    }
  }
  const information = marginal - conditional;
  const notes: Note[] = sets.size > 1 && sets.size > weight.length / 5
    ? [{level: "info", code: "explain/many-sets", text: `${sets.size} different choice sets in ${weight.length} situations: what they tell by themselves cannot be told from what attributes tell.`}]
    : [];
  return shown("mutualInformation", {
    units, information: information / unit, marginal: marginal / unit, conditional: conditional / unit, coefficient: marginal > 0 ? information / marginal : NaN,
    availability: sets.size > 1 ? (marginal - withinSets) / unit : 0, attributes: (sets.size > 1 ? withinSets - conditional : information) / unit, sets: sets.size,
    alternatives: data.alternatives.map((alternative, j) => ({alternative, share: pbar[j], information: parts[j]})),
    pointwise, errorRate: {...fano(conditional, widest), expected: 1 - surest / people}, notes
  });
}

/**
 * Fano's bounds on the rate of errors (eq:fano): a guess that is wrong with probability e leaves at most h(e) + e ln(J - 1)
 * nats, h being the entropy of a coin. The usual bound puts ln 2 for h; the sharp one solves for e.
 *
 * @param entropy that is left, in nats
 * @param J alternatives of the largest choice set
 */
export function fano(entropy: number, J: number): {readonly fano: number; readonly sharp: number} {
  const others = Math.log(Math.max(1, J - 1));
  const left = (e: number) => entropyOf([e, 1 - e]) + e * others;
  // It rises up to e = 1 - 1/J, where it is ln J.
  let [low, high] = [0, 1 - 1 / J];
  if (entropy >= Math.log(J)) low = high;
  for (let middle = 0.5 * (low + high); middle > low && middle < high; middle = 0.5 * (low + high)) {
    if (left(middle) < entropy) low = middle;
    else high = middle;
  }
  return {fano: J >= 3 ? Math.max(0, (entropy - Math.LN2) / others) : NaN, sharp: low};
}
