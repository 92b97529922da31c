import {checkOptions} from "../errors.js";
import {quantile} from "../math/normal.js";
import {permutation} from "../math/random.js";
import {checkDraws, inside, personalNodes, sharedDraws, type Draw} from "./nodes.js";
import type {Rule} from "./rule.js";

/**
 * Modified Latin hypercube sampling: in each dimension R equally spaced uniforms with one random shift, in random order,
 * anew for each unit and dimension (eq:mlhs; Hess, Train & Polak 2006, Transportation Research B 40).
 *
 * Very even in one dimension, no better than Monte Carlo in how dimensions combine.
 *
 * @param draws R, per unit
 * @param options shared: one set for all units instead of a set each, whose errors then add up instead of averaging out
 * @throws {ChoiceError} integrate/draws when draws is not a positive whole number, options/unknown
 * @example
 * mlhs(500)
 */
export function mlhs(draws: number, options: {readonly shared?: boolean} = {}): Rule {
  const at = `mlhs(${draws})`;
  checkOptions(at, options, ["shared"]);
  checkDraws(at, draws);
  return {
    name: "modified Latin hypercube",
    draws,
    shared: options.shared === true,
    build({dimensions, units, source}) {
      const draw: Draw = (out, from, unit) => {
        const stream = source.stream("mlhs", unit);
        for (let d = 0; d < dimensions; ++d) {
          const shift = stream.uniform();
          const order = permutation(draws, stream);
          for (let r = 0; r < draws; ++r) out[from + d * draws + r] = quantile(inside((order[r] + shift) / draws));
        }
      };
      return options.shared ? sharedDraws(draws, dimensions, draw) : personalNodes(draws, dimensions, units, draw);
    }
  };
}
