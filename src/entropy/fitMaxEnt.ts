import type {ChoiceData} from "../data/choiceData.js";
import type {Offers} from "../data/offers.js";
import {fitEntropy} from "./fitEntropy.js";
import type {MaxEntFit} from "./maxEntFit.js";
import type {EntropyOptions} from "./options.js";
import {logPriors, priorAttribute, type Prior} from "./prior.js";

/** What `fitMaxEnt` may be told. Everything has a default. */
export interface MaxEntOptions extends EntropyOptions {
  /**
   * Prior probabilities, from which the fit moves as little as the totals allow: by alternative, `{car: 0.6, bus: 0.4}`; one
   * number for each row, in the order of the long table that was read; or the name of an attribute that holds them. They are
   * made to sum to one in each situation.
   */
  readonly prior?: Prior;
}

/**
 * Generalised maximum entropy (Golan, Judge and Perloff 1996): of all probabilities and errors whose totals are those of the
 * choices, or those given, the ones that assume least,
 *
 *   max  - sum_n w_n sum_j p_nj ln(p_nj / p0_nj) - sum_n w_n sum_jh w_njh ln(w_njh / w0_h)
 *   s.t. sum_n w_n sum_j z_njk (p_nj + e_nj) = b_k,   sum_j p_nj = 1,   sum_j e_nj = 0,   e_nj = sum_h u_h w_njh    (eq:programme)
 *
 * The columns z are those of a logit of the same tier, and p is one: p_nj is proportional to p0_nj exp(z_nj'beta), with beta =
 * -lambda, minus the multipliers of the totals. Without noise it is the multinomial logit itself, by maximum likelihood, and
 * the entropy is minus the log-likelihood; noise of width v is a penalty (v²/3) sum (z'beta)² on it, which vanishes with v =
 * 1/√N as data grow, and keeps every coefficient finite where a combination of columns predicts choices perfectly.
 *
 * Where nobody wrote down who chose what, totals do: `offers` reads what there was to choose from, and `totals` and `shares`
 * say what was met: a revenue, revenues by alternative, shares.
 *
 * @param data    choices, from `fromLong` or `fromWide`; or what was on offer, from `offers`
 * @param options the columns, the noise, totals from elsewhere, and how to say how sure
 * @returns multipliers with a certificate, totals met and how much of each noise took up, entropies in nats, estimates
 * @throws {ChoiceError} model/… and options/… for what is not understood; identify/collinear, identify/no-variation, identify/constant
 *   for columns that say nothing of their own; identify/separation for choices that leave a coefficient without end;
 *   identify/infeasible-total for totals out of reach, with the bounds within reach; infer/unsound for errors that do not hold
 * @example
 * const gme = await fitMaxEnt(data);
 * gme.solution.ending // "converged"
 * const logit = await fitMaxEnt(data, {noise: false}); // multinomial logit
 * Math.abs(logit.entropies.p + logit.logLikelihood) < 1e-8 // true
 *
 * const shelf = offers([{brand: "A", price: 2}, {brand: "B", price: 3}, {brand: "C", price: 5}], {alternative: "brand"});
 * const revenue = await fitMaxEnt(shelf, {tier: "mnl", totals: {price: 2.6}}); // one revenue number, per customer here
 * const shares = await fitMaxEnt(shelf, {attributes: [], shares: {A: 0.6, B: 0.3, C: 0.1}});
 * revenue.moments[0].greatest // 5
 */
export function fitMaxEnt(data: ChoiceData | Offers, options: MaxEntOptions = {}): Promise<MaxEntFit> {
  const prior = options?.prior;
  return fitEntropy(data, options, {
    kind: "logit",
    own: ["prior"],
    aside: priorAttribute(prior),
    title: (noise) => (prior === undefined ? (noise ? "Generalised maximum-entropy logit" : "Maximum-entropy logit") : noise ? "Generalised cross-entropy logit" : "Minimum cross-entropy logit"),
    signal: (offered, at) => {
      const logPrior = logPriors(offered, prior, at);
      return {kind: "shannon", ...(logPrior && {logPrior})};
    },
    unsound: {}
  }, "fitMaxEnt(data, …)");
}
