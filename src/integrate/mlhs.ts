import {quantile} from "../math/normal.js";
import {permutation} from "../math/random.js";
import {checkDraws, inside, personalNodes} from "./nodes.js";
import type {Rule} from "./rule.js";

/**
 * Modified Latin hypercube sampling: in each dimension R equally spaced uniforms with one random shift, in random order,
 * anew for each unit and dimension (eq:mlhs; Hess, Train & Polak 2006, Transportation Research B 40).
 *
 * Very even in one dimension, no better than Monte Carlo in how dimensions combine.
 *
 * @param draws R, per unit
 * @throws {ChoiceError} integrate/draws when draws is not a positive whole number
 * @example
 * mlhs(500)
 */
export function mlhs(draws: number): Rule {
  checkDraws(`mlhs(${draws})`, draws);
  return {
    name: "modified Latin hypercube",
    draws,
    build: ({dimensions, units, source}) =>
      personalNodes(draws, dimensions, units, unit => {
        const stream = source.stream("mlhs", unit);
        const nodes = new Float64Array(draws * dimensions); // (r, d)
        for (let d = 0; d < dimensions; ++d) {
          const shift = stream.uniform();
          const order = permutation(draws, stream);
          for (let r = 0; r < draws; ++r) nodes[r * dimensions + d] = quantile(inside((order[r] + shift) / draws));
        }
        return nodes;
      })
  };
}
