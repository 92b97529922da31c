import {checkOptions} from "../errors.js";
import {quantile} from "../math/normal.js";
import {mix, type Source} from "../math/random.js";
import {checkDimensions, checkDraws, personalNodes, sharedDraws} from "./nodes.js";
import type {Rule} from "./rule.js";
import {directionWords} from "./sobolNumbers.js";

export interface SobolOptions {
  /** Whether all units get the same R nodes: as accurate as a set for each, and stored once. */
  readonly shared?: boolean;
}

const MOST_DIMENSIONS = directionWords.length + 1;

/**
 * Owen-scrambled Sobol points, as normals: the best general rule for three random coefficients and more.
 *
 * The first R points of the Sobol sequence (direction numbers of Joe and Kuo 2008) are scrambled once, by Owen's nested
 * uniform scrambling, and each unit sees them through a digital shift of its own, or, with `shared`, all units as they are
 * (eq:sobol). Scrambled or shifted, every point is uniform, so simulated probabilities are unbiased for each unit; and since
 * the shifts are independent given the scramble, simulation errors are uncorrelated between units, at the price of one
 * scramble in place of one for each unit. The error falls faster than 1/R for smooth integrands.
 *
 * Prefer a power of two for R: then each dimension has one point in each of R equal intervals. The leading point of the
 * sequence, 0, is kept: scrambled, it is as good as any, and without it the balance is lost (Owen 2022).
 *
 * Owen (1995), "Randomly permuted (t,m,s)-nets and (t,s)-sequences"; Owen (1997), Annals of Statistics 25.
 *
 * @param draws R, per unit
 * @throws {ChoiceError} integrate/draws; integrate/dimensions on building for more than 256 dimensions
 * @example
 * sobol(1024)
 * sobol(1024, {shared: true})
 */
export function sobol(draws: number, options: SobolOptions = {}): Rule {
  const at = `sobol(${draws})`;
  checkOptions(at, options, ["shared"]);
  const {shared = false} = options;
  checkDraws(at, draws);
  return {
    name: "Sobol, Owen-scrambled",
    draws,
    shared,
    build({dimensions, units, source}) {
      checkDimensions(at, dimensions, MOST_DIMENSIONS, `monteCarlo(${draws})`);
      const points = Array.from({length: dimensions}, (_, d) => scrambled(draws, d, source));
      const shifted = (out: Float64Array, from: number, shift: () => readonly [number, number]) => {
        let to = from;
        for (const {high, low} of points) {
          const [a, b] = shift();
          for (let r = 0; r < draws; ++r, ++to) out[to] = quantile(toUniform(high[r] ^ a, low[r] ^ b));
        }
      };
      if (shared) return sharedDraws(draws, dimensions, (out, from) => shifted(out, from, () => [0, 0]));
      return personalNodes(draws, dimensions, units, (out, from, unit) => {
        const stream = source.stream("sobol/shift", unit);
        shifted(out, from, () => [stream.below(2 ** 32), stream.below(2 ** 20)]);
      });
    }
  };
}

/**
 * The first points of one dimension of the Sobol sequence, as 32-bit fractions, in Gray-code order from 0
 * (Antonov and Saleev 1979).
 */
export function sobolIntegers(count: number, dimension: number): Uint32Array {
  const directions = directionNumbers(dimension);
  const x = new Uint32Array(count);
  // From point r - 1 to r the Gray code changes in the place of the lowest 1 of r.
  for (let r = 1; r < count; ++r) x[r] = x[r - 1] ^ directions[31 - Math.clz32(r & -r)];
  return x;
}

// v_1, ..., v_32 of a dimension, v_k being m_k in the k leading bits (Joe and Kuo 2008, eq. 2 and 3).
function directionNumbers(dimension: number): Uint32Array {
  const v = new Uint32Array(32);
  if (dimension === 0) return v.map((_, k) => 2 ** (31 - k));
  const [polynomial, ...m] = directionWords[dimension - 1].split(".").map(text => parseInt(text, 36));
  const s = m.length;
  for (let k = 0; k < 32; ++k) {
    if (k < s) {
      v[k] = m[k] * 2 ** (31 - k);
      continue;
    }
    v[k] = v[k - s] ^ (v[k - s] >>> s);
    for (let j = 1; j < s; ++j) if ((polynomial >>> (s - j)) & 1) v[k] ^= v[k - j];
  }
  return v;
}

/** Fractions of 52 bits: 32 in `high`, 20 in `low`. */
export interface Fractions {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
}

// Owen's scrambling in full: each bit is flipped, or not, by a coin that belongs to the bits before it. The coins are hashes
// of those bits, so no tree is stored. Below the 32nd bit two points no longer share their past, and the bits are random.
export function scrambled(count: number, dimension: number, source: Source): Fractions {
  const high = sobolIntegers(count, dimension);
  const low = new Uint32Array(count);
  const stream = source.stream("sobol/scramble", dimension);
  const keys = Array.from({length: 33}, () => [stream.below(2 ** 32), stream.below(2 ** 32)]); // (bit, 2)
  const coins = (k: number, past: number) => mix(mix(past ^ keys[k][0]) + keys[k][1]);
  for (let r = 0; r < count; ++r) {
    const x = high[r];
    let flips = 0;
    for (let k = 0; k < 32; ++k) flips = (flips << 1) | (coins(k, k ? x >>> (32 - k) : 0) >>> 31);
    high[r] = x ^ flips;
    low[r] = coins(32, x) >>> 12;
  }
  return {high, low};
}

// The middle of the fraction's interval: an odd multiple of 2^-53, never 0 nor 1.
const toUniform = (high: number, low: number): number => ((high >>> 0) * 2 ** 20 + low + 0.5) / 2 ** 52;
