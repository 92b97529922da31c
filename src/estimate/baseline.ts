import type {ChoiceFacts} from "../data/choiceData.js";
import {units} from "../model/choices.js";
import {design} from "../model/design.js";
import {climb} from "../optimize/climb.js";
import {newton} from "../optimize/trustRegion.js";
import {breather, pause} from "../optimize/breath.js";
import {merge} from "./merge.js";
import {multinomialLikelihood} from "./multinomialLikelihood.js";

/** Log-likelihood with all coefficients zero: each alternative on offer equally likely. */
export function atZero({situation, weight}: ChoiceFacts): number {
  let [sum, size, log] = [0, 1, 0];
  for (let n = 0; n < weight.length; ++n) {
    if (situation[n + 1] - situation[n] !== size) log = Math.log(size = situation[n + 1] - situation[n]);
    sum -= weight[n] * log;
  }
  return sum;
}

/**
 * Log-likelihood of a model of intercepts alone: each alternative as likely as its share. A closed form when everybody has
 * the same choice set; otherwise a small fit of the choice sets that there are.
 */
export async function atShares(data: ChoiceFacts): Promise<number> {
  await pause();
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
  const few = await merge(data, breather());
  const plan = design(few, {tier: "mnlIntercepts", attributes: [], panel: false});
  const objective = await multinomialLikelihood(units(few, plan).situations);
  const summit = await climb(objective, new Float64Array(plan.columns.length), newton(), {tolerance: 1e-9, iterations: 50});
  return summit.at.value;
}
