import type {ChoiceData} from "../data/choiceData.js";
import {counted} from "../data/counted.js";
import {expectFields} from "../errors.js";
import {checkEnough, clusterGroups} from "../infer/covariance.js";
import {mixing} from "../integrate/mixing.js";
import {spread} from "../integrate/spread.js";
import {source} from "../math/random.js";
import {units} from "../model/choices.js";
import {design} from "../model/design.js";
import {checkIdentified} from "../model/identify.js";
import {parameters} from "../model/parameters.js";
import {climb} from "../optimize/climb.js";
import {free} from "../optimize/objective.js";
import {conclude} from "./conclude.js";
import {pause} from "./crew.js";
import {likelihood} from "./likelihood.js";
import {multinomial} from "./multinomial.js";
import {climbOptions, readOptions, type FitOptions} from "./options.js";
import {checkChosen} from "./separation.js";
import {overrideStart, startingValues} from "./start.js";
import {shown} from "../rich.js";
import type {Fit} from "./types.js";

/**
 * Fits a model of any tier by maximum (simulated) likelihood:
 *
 *   max over theta of sum_i w_i log P_i(theta)                                            (eq:likelihood)
 *
 * First the columns are checked for what these data cannot tell, then a multinomial logit of the same columns gives
 * starting values, then the whole model is climbed. The fit is asynchronous and gives way to timers about every 40 ms; a
 * signal stops it, and it returns its best so far, marked as such.
 *
 * @param choices choices, from `fromLong` or `fromWide`
 * @param options the model and how to fit it; `fitMnl` … `fitMixedDynamic` are this function with the tier filled in
 * @throws {ChoiceError} model/… and options/… for what is not understood, identify/… for what cannot be learned
 * @example
 * const model = await fit(data, {tier: "mixed", random: {price: "-lognormal"}});
 * model.ending.code // "converged"
 */
export async function fit(choices: ChoiceData, options: FitOptions = {}, call = "fit(data, …)"): Promise<Fit> {
  const clock = performance.now();
  expectFields("data/not-choices", call, choices, ["x", "chosen", "situation", "person"], "choices", "make them from the table: fromLong(frame, {chosen: …, alternative: …}) or fromWide(frame, {choice: …})");
  const {specification, optimizer} = readOptions(options, call);
  const {seed = 1, signal} = options;
  const clusters = options.clusters ?? choices.clusters;
  if (options.errors === "clustered") clusterGroups(clusters, choices.people.length, call);
  const data = counted(clusters === choices.clusters ? choices : shown("choices", {...choices, clusters}));
  const plan = design(data, specification, call);
  const found = parameters(plan, specification.hold, call);
  const unknowns = found.filter(({held}) => held === undefined).length;
  if (options.errors === "robust") checkEnough(data.people.length, unknowns, "robust", call);
  if (options.errors === "clustered") checkEnough(new Set(data.clusters).size, unknowns, "clustered", call);
  await pause();
  const laid = units(data, plan, call);
  checkIdentified(data, plan.columns, found, laid, call);
  checkChosen(data, plan.columns, found, call);
  await pause();

  const fixed = await multinomial(plan, found, laid, options, call);
  const random = plan.columns.some((column) => column.distribution);
  const blend = random ? mixing(plan, found) : fixed.blend;
  const nodes = spread(laid, blend, spreadOptions(options, blend.within), source(seed));
  const objective = random ? likelihood(laid, blend, nodes.lattice, {signal}) : fixed.objective;
  const positions = found.flatMap(({held}, p) => (held === undefined ? [p] : []));

  let theta = random ? startingValues(plan, found, laid, fixed.b) : fixed.theta;
  let summit = fixed.summit;
  if (random) {
    if (options.start) theta = overrideStart(options.start, theta, found, call);
    const part = free(objective, theta, positions);
    summit = await climb(part, Float64Array.from(positions, (p) => theta[p]), optimizer, climbOptions(options));
    theta = part.fill(summit.theta);
  }
  return conclude({data, specification, plan, found, laid, positions, theta, summit, b: fixed.b, objective, nodes, dimensions: blend.dimensions, seed, options, random}, clock);
}

/** Quadrature within people while it is cheap; beyond, one fresh draw per situation and outer node, which is unbiased. */
function spreadOptions({rule = "sobol", draws, ruleWithin, drawsWithin}: FitOptions, within: number) {
  return {rule, draws, ruleWithin: ruleWithin ?? (within <= 2 ? "gaussHermite" : "monteCarlo"), drawsWithin: drawsWithin ?? (ruleWithin ? undefined : within <= 2 ? 7 : 1)} as const;
}
