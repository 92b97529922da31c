import {quantile} from "../math/normal.js";
import {mix} from "../math/random.js";
import type {Rule} from "./rule.js";
import {scrambled} from "./sobol.js";

/** Normals computed for all sets together; what a set has more is looked up. */
const mostQuantiles = 2 ** 15;

/** Strata at either end in which a unit has normals of its own: most of the error of a single dimension is theirs. */
const edgeOf = (draws: number): number => (draws < 128 ? 2 : 4);

/**
 * Sobol points for very many units, made by looking normals up (eq:strata). Of a power of two R of points each dimension has
 * one in every R-th of (0, 1): where in it is drawn once for each of T tables. A unit has the strata of the scrambled points,
 * shifted by digits of its own, and for each dimension one of the tables. Points are as uniform as those of `sobol`; what
 * makes sets costly, the inverse of the normal, is done once for each table, and for the outermost strata of each unit.
 *
 * @param draws R, a power of two
 */
export function shuffledSobol(draws: number): Rule {
  const digits = Math.log2(draws);
  const edge = edgeOf(draws);
  return {
    name: "Sobol, Owen-scrambled",
    draws,
    build({dimensions: D, units, source}) {
      const tables = Math.max(1, Math.min(units, Math.floor(mostQuantiles / (draws * D))));
      const strata = Array.from({length: D}, (_, d) => scrambled(draws, d, source).high.map((x) => (digits ? x >>> (32 - digits) : 0)));
      const normals = new Float64Array(tables * D * draws); // (t, d, stratum)
      for (let at = 0, t = 0; t < tables; ++t) {
        const stream = source.stream("sobol/strata", t);
        for (let d = 0; d < D; ++d) {
          const key = stream.below(2 ** 32);
          for (let k = 0; k < draws; ++k, ++at) normals[at] = quantile((k + (mix((k + key) >>> 0) + 0.5) / 2 ** 32) / draws);
        }
      }
      const weights = new Float64Array(draws).fill(1 / draws);
      const into = (out: Float64Array, from: number, unit: number) => {
        const stream = source.stream("sobol/set", unit);
        for (let d = 0, to = from; d < D; ++d) {
          const shift = stream.below(draws);
          const table = (stream.below(tables) * D + d) * draws;
          const own = strata[d];
          for (let r = 0; r < draws; ++r, ++to) {
            const k = own[r] ^ shift;
            out[to] = k < edge || k >= draws - edge ? quantile((k + stream.uniform()) / draws) : normals[table + k];
          }
        }
      };
      return {
        dimensions: D, count: draws, weights, shared: false, into,
        at(unit) {
          const turned = new Float64Array(draws * D);
          into(turned, 0, unit);
          const nodes = new Float64Array(draws * D);
          for (let d = 0; d < D; ++d) for (let r = 0; r < draws; ++r) nodes[r * D + d] = turned[d * draws + r];
          return nodes;
        }
      };
    }
  };
}
