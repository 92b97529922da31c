import {mixing, type Mixing} from "../integrate/mixing.js";
import {pointLattice} from "../kernels/lattice.js";
import type {Units} from "../model/choices.js";
import type {Design} from "../model/design.js";
import type {Parameter} from "../model/parameters.js";
import {climb, type Summit} from "../optimize/climb.js";
import {free} from "../optimize/objective.js";
import {newton} from "../optimize/trustRegion.js";
import {likelihood, type Likelihood} from "./likelihood.js";
import {climbOptions, readOptions, type FitOptions} from "./options.js";
import {checkSeparation} from "./separation.js";
import {overrideStart} from "./start.js";

/** A multinomial logit, with what is needed to go on from it. */
export interface Multinomial {
  readonly theta: Float64Array; // (C), held locations where they are held
  /** Coefficients, (C). */
  readonly b: Float64Array;
  readonly summit: Summit;
  readonly objective: Likelihood;
  readonly blend: Mixing;
}

/** The multinomial logit of the same columns: the model itself when nothing is random, else the place to start from. */
export async function multinomial(plan: Design, found: readonly Parameter[], laid: Units, options: FitOptions, call: string): Promise<Multinomial> {
  const random = plan.columns.some((column) => column.distribution);
  const still: Design = {...plan, columns: plan.columns.map(({distribution: _, ...column}) => ({...column, within: false}))};
  const held = (c: number): number | undefined => {
    const {held} = found[c];
    const {family, sign = 1} = plan.columns[c].distribution ?? {};
    return held === undefined ? undefined : family === "lognormal" || family === "exponential" ? sign * Math.exp(held) : held;
  };
  const locations = found.slice(0, plan.columns.length).map(({held: _, ...parameter}, c) => ({...parameter, ...(held(c) !== undefined && {held: held(c)})}));
  const start = Float64Array.from(locations, ({held}) => held ?? 0);
  const blend = mixing(still, locations);
  const single: Units = random ? {...laid, unit: Int32Array.from(laid.row.keys()), ...perSituation(laid)} : laid;
  const objective = likelihood(single, blend, pointLattice(single.weight.length), {signal: options.signal});
  const positions = locations.flatMap(({held}, c) => (held === undefined ? [c] : []));
  const begin = !random && options.start ? overrideStart(options.start, start, locations, call) : start;
  const part = free(objective, begin, positions);
  const {optimizer} = readOptions(options, call);
  const own = !random && options.optimizer !== undefined;
  const summit = await climb(part, Float64Array.from(positions, (c) => begin[c]), own ? optimizer : newton(), random ? {signal: options.signal, tolerance: 1e-8, iterations: 100} : climbOptions(options));
  const theta = part.fill(summit.theta);
  if (summit.at.hessian) await checkSeparation(plan.columns, laid, {at: summit.at, b: theta, free: positions, value: async (b) => (await objective.look(b, 0)).value}, call);
  return {theta, b: theta, summit, objective, blend};
}

/** Every situation a unit of its own, for a model without draws. */
function perSituation({unit, weight, person}: Units): Pick<Units, "weight" | "person"> {
  const N = unit[unit.length - 1];
  const out = {weight: new Float64Array(N), person: new Int32Array(N)};
  for (let u = 0; u + 1 < unit.length; ++u) {
    out.weight.fill(weight[u], unit[u], unit[u + 1]);
    out.person.fill(person[u], unit[u], unit[u + 1]);
  }
  return out;
}
