import type {Id} from "../../data/choiceData.js";
import {hasChoices, wantsChoices} from "../../data/offers.js";
import {expectFields} from "../../errors.js";
import {breather} from "../../optimize/breath.js";
import {shown, type Shown} from "../../rich.js";
import {sequences} from "./sequences.js";
import type {MixingFit} from "./types.js";
import {fitMenus, fitShared} from "./uncertainty.js";

/** What each person's choices say of the person's tastes. */
export interface PersonTastesFacts {
  /** Coefficients, D of them. */
  readonly names: readonly string[];
  /** Whose tastes: people, or the person of each situation where situations are mixed one by one, (U). */
  readonly people: readonly Id[];
  /** Posterior means and standard deviations, (U, D), row-major. */
  readonly means: Float64Array;
  readonly sds: Float64Array;
  /** ln P_u, (U). */
  readonly logLikelihood: Float64Array;
  /** Nats that the choices said of the tastes: divergence of the posterior from the mixture, (U). */
  readonly information: Float64Array;
  /** Tastes that share the posterior: 1 / sum_r h_r², (U). Near one, the grid is coarser than what the choices say. */
  readonly effective: Float64Array;
}

export type PersonTastes = PersonTastesFacts & Shown;

/**
 * Posterior tastes of everybody, given their choices and the mixture (eq:personTastes):
 *
 *   h_ur = theta_r P_ur / P_u,   E_h b,   information sum_r h_ur ln(h_ur / theta_r) >= 0
 *
 * Their spread over people is less than the mixture's: a posterior mean is drawn towards the mean of all.
 *
 * @throws {ChoiceError} mixing/not-a-fit; data/no-choices for a fit to totals
 * @example
 * const mixture = await fitMaxEntMixed(data, {tastes: tasteGrid({price: {from: -5, to: 3, points: 33}})});
 * (await tastesByPerson(mixture)).means.length === data.people.length // true
 */
export async function tastesByPerson(fit: MixingFit): Promise<PersonTastes> {
  const at = "tastesByPerson(fit)";
  expectFields("mixing/not-a-fit", at, fit, ["tastes", "weights", "kind"], "a fitted mixture", "tastesByPerson(await fitMaxEntMixed(data, {…}))");
  const {data, tastes: {names, points}, logWeights} = fit;
  if (!hasChoices(data)) throw wantsChoices(at, "tastes by person");
  const menus = fitMenus(fit);
  const shared = fitShared(fit);
  const fill = sequences(menus, fit.tastes);
  const [U, D, R] = [menus.unit.length - 1, names.length, logWeights.length];
  const [means, sds] = [new Float64Array(U * D), new Float64Array(U * D)];
  const [logLikelihood, information, effective] = [new Float64Array(U), new Float64Array(U), new Float64Array(U)];
  const h = new Float64Array(R);
  const breathe = breather();
  for (let u = 0; u < U; ++u) {
    const wait = breathe();
    if (wait) await wait;
    const {logP} = fill(u, shared, 0);
    let [top, sum, squares, gain] = [-Infinity, 0, 0, 0];
    for (let r = 0; r < R; ++r) top = Math.max(top, logWeights[r] + logP[r]);
    for (let r = 0; r < R; ++r) sum += h[r] = Math.exp(logWeights[r] + logP[r] - top);
    for (let r = 0; r < R; ++r) {
      h[r] /= sum;
      squares += h[r] * h[r];
      if (h[r] > 0) gain += h[r] * logP[r];
    }
    logLikelihood[u] = top + Math.log(sum);
    information[u] = Math.max(0, gain - logLikelihood[u]);
    effective[u] = 1 / squares;
    for (let d = 0; d < D; ++d) {
      let [mean, variance] = [0, 0];
      for (let r = 0; r < R; ++r) mean += h[r] * points[d][r];
      for (let r = 0; r < R; ++r) variance += h[r] * (points[d][r] - mean) ** 2;
      means[u * D + d] = mean;
      sds[u * D + d] = Math.sqrt(variance);
    }
  }
  return shown("person tastes", {names, people: Array.from(menus.person, (i) => data.people[i]), means, sds, logLikelihood, information, effective});
}
