import {checkOptions, ChoiceError, expectFields, quote} from "../../errors.js";
import {checkEstimatesOptions, type EstimateRow} from "../../infer/estimates.js";
import {readingRow} from "./readings.js";
import {tasteAt} from "./tastes.js";
import {meanOf} from "./tilt.js";
import type {MixingFit} from "./types.js";
import {readingVariances} from "./uncertainty.js";

/**
 * The mean over people of any function of their tastes, with its standard error by the delta method: a willingness to pay, a
 * share of people, a moment.
 *
 *   F = sum_r theta_r f(b_r),   dF / dalpha = Cov_theta(f, t)
 *
 * A ratio of coefficients has a mean only where the lower one stays away from zero: with points near zero the result is the
 * grid's, not the data's.
 *
 * @param of function of the coefficients by name, finite at every taste
 * @throws {ChoiceError} mixing/not-a-fit, mixing/function
 * @example
 * const mixture = await fitMaxEntMixed(data, {tastes: tasteGrid({price: {from: -5, to: 3, points: 33}})});
 * (await tasteMean(mixture, ({price}) => (price < -1 ? 1 : 0))).error !== null // true
 */
export async function tasteMean(fit: MixingFit, of: (taste: Readonly<Record<string, number>>) => number, options: {readonly name?: string; readonly level?: number} = {}): Promise<EstimateRow> {
  const at = "tasteMean(fit, …)";
  expectFields("mixing/not-a-fit", at, fit, ["tastes", "weights", "kind"], "a fitted mixture", "tasteMean(await fitMaxEntMixed(data, {…}), ({price}) => …)");
  checkOptions(at, options, ["name", "level"]);
  checkEstimatesOptions({level: options.level}, at);
  if (typeof of !== "function") throw new ChoiceError("mixing/function", {at, saw: quote(of), want: "a function of the tastes", hint: "({price}) => (price < 0 ? 1 : 0)"});
  const f = fit.weights.map((_, r) => of(tasteAt(fit.tastes, r)));
  const odd = f.findIndex((value) => !Number.isFinite(value));
  if (odd >= 0) throw new ChoiceError("mixing/function", {at, saw: `${f[odd]} at ${quote(tasteAt(fit.tastes, odd))}`, want: "a finite number at every taste", hint: "leave zero out of the grid of a coefficient that is divided by"});
  const [variance] = await readingVariances(fit, [{byWeight: f}]);
  return readingRow({name: options.name ?? "mean", words: "", role: "derived", value: meanOf(fit.weights, f)}, variance, options.level ?? 0.95);
}
