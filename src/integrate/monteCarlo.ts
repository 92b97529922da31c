import {checkOptions} from "../errors.js";
import {checkDraws, personalNodes, sharedDraws, type Draw} from "./nodes.js";
import type {Rule} from "./rule.js";

/**
 * Independent pseudo-random draws, a set of its own for each unit.
 *
 * The simplest rule and the slowest: its error falls like 1/sqrt(R), so that ten times the accuracy costs a hundred times
 * the draws. It is the yardstick for the others. A larger R begins with the draws of a smaller one.
 *
 * @param draws R, per unit
 * @param options shared: one set for all units instead of a set each, whose errors then add up instead of averaging out
 * @throws {ChoiceError} integrate/draws when draws is not a positive whole number, options/unknown
 * @example
 * monteCarlo(1000)
 */
export function monteCarlo(draws: number, options: {readonly shared?: boolean} = {}): Rule {
  const at = `monteCarlo(${draws})`;
  checkOptions(at, options, ["shared"]);
  checkDraws(at, draws);
  return {
    name: "Monte Carlo",
    draws,
    shared: options.shared === true,
    build({dimensions, units, source}) {
      const draw: Draw = (out, from, unit) => {
        const stream = source.stream("monteCarlo", unit);
        for (let r = 0; r < draws; ++r) for (let d = 0; d < dimensions; ++d) out[from + d * draws + r] = stream.normal();
      };
      return options.shared ? sharedDraws(draws, dimensions, draw) : personalNodes(draws, dimensions, units, draw);
    }
  };
}
