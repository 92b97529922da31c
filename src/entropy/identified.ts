import {Matrix} from "ml-matrix";
import type {ChoiceFacts} from "../data/choiceData.js";
import {ChoiceError} from "../errors.js";
import type {Breathe} from "../kernels/mnl.js";
import {clearlyIndependent} from "../math/dependencies.js";
import {units} from "../model/choices.js";
import type {Design} from "../model/design.js";
import {checkIdentified} from "../model/identify.js";
import type {Parameter} from "../model/parameters.js";
import {sizesOf, type Programme} from "./programme.js";

/** sum_n w_n / J sum_j (z - zbar)(z - zbar)', (K, K): curvature of the dual where every alternative is equally likely. */
export function evenCurvature(programme: Programme): Matrix {
  const {z, situation, weight} = programme;
  const {K, N} = sizesOf(programme);
  const out = new Float64Array(K * K);
  const [mean, centred] = [new Float64Array(K), new Float64Array(K)];
  for (let n = 0; n < N; ++n) {
    const [from, to] = [situation[n] * K, situation[n + 1] * K];
    const J = situation[n + 1] - situation[n];
    mean.fill(0);
    for (let c = from; c < to;) for (let k = 0; k < K; ++k, ++c) mean[k] += z[c];
    for (let k = 0; k < K; ++k) mean[k] /= J;
    for (let c = from; c < to; c += K) {
      for (let k = 0; k < K; ++k) centred[k] = z[c + k] - mean[k];
      for (let k = 0, at = 0; k < K; ++k, at = k * K) {
        const part = (weight[n] / J) * centred[k];
        for (let l = 0; l <= k; ++l) out[at + l] += part * centred[l];
      }
    }
  }
  for (let k = 1; k < K; ++k) for (let l = 0; l < k; ++l) out[l * K + k] = out[k * K + l];
  return Matrix.from1DArray(K, K, out);
}

/**
 * Refuses moments that these choice sets cannot tell apart: columns that are the same for all alternatives of a situation,
 * and combinations of others. With noise such a moment has a finite multiplier too, which says nothing of choices.
 *
 * @throws {ChoiceError} identify/constant, identify/no-variation, identify/collinear, identify/too-few
 */
export async function checkMoments(data: ChoiceFacts, plan: Design, found: readonly Parameter[], even: Matrix, call: string, breathe?: Breathe): Promise<void> {
  if (clearlyIndependent(even)) return;
  try {
    await checkIdentified(data, plan.columns, found, units(data, plan, call), call, breathe);
  } catch (error) {
    // A moment cannot be held at a value: the one way out left is to leave it out.
    if (error instanceof ChoiceError && error.hint?.includes(", or hold it")) throw new ChoiceError(error.code, {...error, hint: error.hint.replace(/, or hold it.*$/, "")}, error.places);
    throw error;
  }
}
