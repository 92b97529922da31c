import type {ChoiceFacts} from "../data/choiceData.js";
import {mixing} from "../integrate/mixing.js";
import {pointLattice} from "../kernels/lattice.js";
import {units} from "../model/choices.js";
import {design} from "../model/design.js";
import {parameters} from "../model/parameters.js";
import {climb} from "../optimize/climb.js";
import {newton} from "../optimize/trustRegion.js";
import {likelihood} from "./likelihood.js";

/** Log-likelihood with all coefficients zero: each alternative on offer equally likely. */
export function atZero({situation, weight}: ChoiceFacts): number {
  let sum = 0;
  for (let n = 0; n < weight.length; ++n) sum -= weight[n] * Math.log(situation[n + 1] - situation[n]);
  return sum;
}

/**
 * Log-likelihood of a model of intercepts alone: each alternative as likely as its share. A closed form when everybody has
 * the same choice set; otherwise a small fit.
 */
export async function atShares(data: ChoiceFacts): Promise<number> {
  const {situation, chosen, weight, alternative, alternatives} = data;
  const [N, J] = [weight.length, alternatives.length];
  const chosenWeight = new Float64Array(J);
  let total = 0;
  let same = true;
  for (let n = 0; n < N; ++n) {
    chosenWeight[alternative[chosen[n]]] += weight[n];
    total += weight[n];
    same &&= situation[n + 1] - situation[n] === J;
  }
  if (same) return chosenWeight.reduce((sum, w) => sum + (w > 0 ? w * Math.log(w / total) : 0), 0);
  const plan = design(data, {tier: "mnlIntercepts", attributes: [], panel: false});
  const found = parameters(plan);
  const laid = units(data, plan);
  const summit = await climb(likelihood(laid, mixing(plan, found), pointLattice(laid.weight.length)), new Float64Array(found.length), newton(), {tolerance: 1e-9, iterations: 50});
  return summit.at.value;
}
