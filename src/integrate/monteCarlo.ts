import {checkDraws, personalNodes} from "./nodes.js";
import type {Rule} from "./rule.js";

/**
 * Independent pseudo-random draws, a set of its own for each unit.
 *
 * The simplest rule and the slowest: its error falls like 1/sqrt(R), so that ten times the accuracy costs a hundred times
 * the draws. It is the yardstick for the others. A larger R begins with the draws of a smaller one.
 *
 * @param draws R, per unit
 * @throws {ChoiceError} integrate/draws when draws is not a positive whole number
 * @example
 * monteCarlo(1000)
 */
export function monteCarlo(draws: number): Rule {
  checkDraws(`monteCarlo(${draws})`, draws);
  return {
    name: "Monte Carlo",
    draws,
    build: ({dimensions, units, source}) =>
      personalNodes(draws, dimensions, units, unit => {
        const stream = source.stream("monteCarlo", unit);
        return Float64Array.from({length: draws * dimensions}, stream.normal); // (r, d)
      })
  };
}
