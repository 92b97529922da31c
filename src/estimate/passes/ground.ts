import type {Mixing} from "../../integrate/mixing.js";
import type {Rule} from "../../integrate/rule.js";
import {gaussHermite} from "../../integrate/gaussHermite.js";
import type {RuleName} from "../../integrate/shorthand.js";
import {shuffledSobol} from "../../integrate/shuffledSobol.js";
import {sobol} from "../../integrate/sobol.js";
import {spread, type Spread} from "../../integrate/spread.js";
import {turn} from "../../integrate/centre.js";
import {placeSize, type Lattice} from "../../kernels/lattice.js";
import type {Order} from "../../kernels/panel.js";
import type {Source} from "../../math/random.js";
import type {Units} from "../../model/choices.js";
import type {Look, MixedLikelihood} from "../likelihood.js";

/** How an integral is taken: nodes as a rule has them, or a rule moved to the place of each unit. */
export type Scheme =
  | {readonly by: "plain"; readonly rule: RuleName | Rule; readonly draws?: number}
  | {readonly by: "centred"; readonly draws: number}
  | {readonly by: "adaptive"; readonly points: number};

/** Nodes within units, whatever is done between them. */
export interface Within {
  readonly ruleWithin: RuleName | Rule;
  readonly drawsWithin?: number;
}

/** A likelihood whose nodes can be laid anew, and what that takes. */
export interface Ground {
  readonly units: Units;
  readonly blend: Mixing;
  readonly objective: MixedLikelihood;
  readonly within: Within;
  readonly source: Source;
  readonly signal?: AbortSignal;
  /** Nodes computed so far for each unit; a value alone counts 0.6 of a gradient, a Hessian 3. */
  work(): number;
  /** Nodes of each unit that are laid now, those within it not counted. */
  laid(): number;
  lay(lattice: Lattice): Promise<void>;
  evaluate(theta: Float64Array, order: Order): Promise<Look>;
  /** Places at theta, from the nodes that are laid. */
  centre(theta: Float64Array, by: "mode" | "moments", widen?: number): Promise<Float64Array>;
}

/**
 * Points of adaptive quadrature to try one after another, by the number of dimensions; beyond the last, centred draws.
 *
 * The comparison in test/bench/integration says why. Where coefficients vary little, 7 points in each of two dimensions reach a
 * hundredth of a standard error, as many draws three times that. Where one choice of a person with strong tastes cuts the prior
 * off, the integrand is a plateau with an edge, which no polynomial of moderate degree follows: there 225 points err by half a
 * standard error and 128 draws by 0.02. In three dimensions 343 points, placed by moments, are no better than 256 draws. At modes
 * quadrature is often better still, and far worse on plateaus, which is what decides: the places that serve draws serve it too.
 */
export const ladder: readonly (readonly number[])[] = [[], [9, 15, 25, 41], [7, 11]];

const price = [0.6, 1, 3] as const;

/** Numbers that nodes of all units may take together: sets are shared beyond, so that memory does not grow with people. */
const mostNumbers = 2 ** 20;

export function ground(units: Units, blend: Mixing, objective: MixedLikelihood, within: Within, source: Source, signal?: AbortSignal): Ground {
  let [laid, work] = [0, 0];
  return {
    units, blend, within, source, signal,
    objective: {
      ...objective,
      evaluate: (theta, order) => {
        work += laid * price[order];
        return objective.evaluate(theta, order);
      }
    },
    work: () => work,
    laid: () => laid,
    lay(lattice) {
      laid = lattice.count;
      return objective.lay(lattice);
    },
    evaluate(theta, order) {
      work += laid * price[order];
      return objective.evaluate(theta, order) as Promise<Look>;
    },
    async centre(theta, by, widen) {
      if (by === "moments") work += laid * price[0];
      await objective.crew.centre(theta, {by, widen}, signal);
      const places = objective.crew.results.places.slice();
      const size = placeSize(blend.dimensions);
      for (let u = 0; u < units.weight.length; ++u) turn(places.subarray(u * size, (u + 1) * size), blend.dimensions, u);
      return places;
    }
  };
}

/**
 * The nodes of a scheme, unmoved. Centred nodes have a set for each unit, as far as memory allows: errors of units then
 * average out, where one set for all would let them add up.
 */
export function nodesFor({units, blend, within, source}: Pick<Ground, "units" | "blend" | "within" | "source">, scheme: Scheme, from = source): Spread {
  if (scheme.by === "plain") return spread(units, blend, {rule: scheme.rule, draws: scheme.draws, ...within}, from);
  if (scheme.by === "adaptive") return spread(units, blend, {rule: gaussHermite(scheme.points), ...within}, from);
  const sets = Math.min(units.weight.length, Math.max(1, Math.floor(mostNumbers / (scheme.draws * blend.dimensions))));
  const quick = Math.log2(scheme.draws) % 1 === 0;
  return spread(units, blend, {rule: quick ? shuffledSobol(scheme.draws) : sobol(scheme.draws), sets, ...within}, from);
}

/** The same nodes in other places. */
export const placed = (lattice: Lattice, places?: Float64Array): Lattice => (places ? {...lattice, places} : lattice);
