import type {ChoiceFacts} from "../data/choiceData.js";
import {clearlyIndependent} from "../math/dependencies.js";
import {negated} from "../math/symmetric.js";
import type {Units} from "../model/choices.js";
import type {Design} from "../model/design.js";
import {checkIdentified} from "../model/identify.js";
import type {Parameter} from "../model/parameters.js";
import {climb, type Summit} from "../optimize/climb.js";
import {free} from "../optimize/objective.js";
import {newton} from "../optimize/trustRegion.js";
import {breather} from "../optimize/breath.js";
import {multinomialLikelihood, type MultinomialLikelihood} from "./multinomialLikelihood.js";
import {climbOptions, readOptions, type FitOptions} from "./options.js";
import {checkChosen, checkSeparation} from "./separation.js";
import {overrideStart} from "./start.js";

/** A multinomial logit, with what is needed to go on from it. */
export interface Multinomial {
  readonly theta: Float64Array; // (C), held locations where they are held
  /** Coefficients, (C). */
  readonly b: Float64Array;
  readonly summit: Summit;
  readonly objective: MultinomialLikelihood;
}

/**
 * The multinomial logit of the same columns: the model itself when nothing is random, else the place to start from. What
 * these data cannot tell is refused on the way.
 *
 * @throws {ChoiceError} identify/…
 */
export async function multinomial(data: ChoiceFacts, plan: Design, found: readonly Parameter[], laid: Units, options: FitOptions, call: string): Promise<Multinomial> {
  const random = plan.columns.some((column) => column.distribution);
  const held = (c: number): number | undefined => {
    const {held} = found[c];
    const {family, sign = 1} = plan.columns[c].distribution ?? {};
    return held === undefined ? undefined : family === "lognormal" || family === "exponential" ? sign * Math.exp(held) : held;
  };
  const locations = found.slice(0, plan.columns.length).map(({held: _, ...parameter}, c) => ({...parameter, ...(held(c) !== undefined && {held: held(c)})}));
  const start = Float64Array.from(locations, ({held}) => held ?? 0);
  const objective = await multinomialLikelihood(laid.situations, {signal: options.signal, engine: options.kernel});
  // Curvature vanishes along whatever never differs within a situation, wherever it is taken.
  if (!clearlyIndependent(negated(objective.atZero.hessian!))) await checkIdentified(data, plan.columns, found, laid, call, breather());
  checkChosen(data, plan.columns, found, call);
  const positions = locations.flatMap(({held}, c) => (held === undefined ? [c] : []));
  const begin = !random && options.start ? overrideStart(options.start, start, locations, call) : start;
  const part = free(objective, begin, positions);
  const {optimizer} = readOptions(options, call);
  const own = !random && options.optimizer !== undefined;
  const summit = await climb(part, Float64Array.from(positions, (c) => begin[c]), own ? optimizer : newton(), random ? {signal: options.signal, tolerance: 1e-8, iterations: 100} : climbOptions(options));
  const theta = part.fill(summit.theta);
  if (summit.at.hessian) await checkSeparation(plan.columns, laid, {at: summit.at, b: theta, free: positions, atZero: objective.atZero.hessian!, value: async (b) => (await objective.look(b, 0)).value}, call);
  return {theta, b: theta, summit, objective};
}
