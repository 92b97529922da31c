import {checkOptions, ChoiceError, quote} from "../errors.js";
import {quantile} from "../math/normal.js";
import {permutation, type Source} from "../math/random.js";
import {checkDimensions, checkDraws, inside, personalNodes, sharedDraws, type Draw} from "./nodes.js";
import type {Rule} from "./rule.js";

export interface HaltonOptions {
  /** Elements left out at the start of each sequence, the leading 0 among them: 100, as mlogit and xlogit do. */
  readonly drop?: number;
  /** Whether the digits are permuted at random. Advised beyond five dimensions. */
  readonly scrambled?: boolean;
  /** Whether all units get the same R nodes, the first of the sequence. */
  readonly shared?: boolean;
}

const MOST_DIMENSIONS = 100;

/**
 * Halton draws, as most software for mixed logit makes them.
 *
 * Dimension d is the van der Corput sequence in the d-th prime: the digits of 0, 1, 2, ... mirrored at the point. The first
 * `drop` elements, beginning with the leading 0, are left out; the rest is one long sequence that is cut person by person,
 * person i getting elements iR to iR + R - 1; uniforms become normals by inversion (eq:halton). With the defaults these are
 * the draws of R's mlogit and of Python's xlogit, so that simulated likelihoods can be compared digit by digit; they are the
 * same for every seed.
 *
 * Good in few dimensions. Sequences in large primes run in parallel for long: beyond about five dimensions prefer
 * `scrambled: true`, which permutes the digits at each place at random (one permutation per dimension and place; Owen 2017,
 * "A randomized Halton algorithm in R"), or `sobol`.
 *
 * Train (2009), Discrete Choice Methods with Simulation, section 9.3.3.
 *
 * @param draws R, per unit
 * @throws {ChoiceError} integrate/draws, integrate/drop; integrate/dimensions on building for more than 100 dimensions
 * @example
 * halton(500)
 * halton(500, {scrambled: true})
 */
export function halton(draws: number, options: HaltonOptions = {}): Rule {
  const at = `halton(${draws})`;
  checkOptions(at, options, ["drop", "scrambled", "shared"]);
  const {drop = 100, scrambled = false, shared = false} = options;
  checkDraws(at, draws);
  if (!Number.isInteger(drop) || drop < (scrambled ? 0 : 1)) {
    throw new ChoiceError("integrate/drop", {
      at, saw: `drop: ${quote(drop)}`,
      want: scrambled ? "a whole number, 0 or more" : "a whole number, 1 or more: the sequence begins with 0, which has no normal",
      hint: "{drop: 100}",
      value: drop
    });
  }
  return {
    name: scrambled ? "Halton, scrambled" : "Halton",
    draws,
    shared,
    build({dimensions, units, source, skip = 0}) {
      checkDimensions(at, skip + dimensions, MOST_DIMENSIONS, `sobol(${draws})`);
      const sequences = primes(skip + dimensions).slice(skip).map((prime, d) => (scrambled ? permuted(prime, d, source) : vanDerCorput(prime)));
      const cut: Draw = (out, from, unit) => {
        const first = drop + unit * draws;
        for (const [d, sequence] of sequences.entries()) {
          for (let r = 0, to = from + d * draws; r < draws; ++r, ++to) out[to] = quantile(sequence(first + r));
        }
      };
      return shared ? sharedDraws(draws, dimensions, cut) : personalNodes(draws, dimensions, units, cut);
    }
  };
}

/** The van der Corput sequence in a base: element n mirrors the digits of n at the point. Element 0 is 0. */
export function vanDerCorput(base: number): (n: number) => number {
  const places = placeValues(base);
  return n => {
    let u = 0;
    // From the first place on: rounding then falls as in software that builds the sequence block by block.
    for (let k = 0; n > 0; ++k) {
      const rest = Math.floor(n / base);
      u += places[k] * (n - rest * base);
      n = rest;
    }
    return u;
  };
}

// The same with the digits at each place permuted, unto the last place that a double shows: the endless zeros above the
// leading digit are permuted too.
function permuted(base: number, dimension: number, source: Source): (n: number) => number {
  const places = placeValues(base);
  const stream = source.stream("halton", dimension);
  const permutations = places.map(() => permutation(base, stream)); // (k, digit)
  // What the places from k to `end` give to the number n of those digits.
  const sum = (n: number, k: number, end: number) => {
    let u = 0;
    for (; k < end; ++k) {
      const above = Math.floor(n / base);
      u += places[k] * permutations[k][n - above * base];
      n = above;
    }
    return u;
  };
  // The first places are looked up, and the others are the same for many numbers in a row.
  const few = Math.floor(Math.log(4096) / Math.log(base));
  const size = base ** few;
  const low = Float64Array.from({length: size}, (_, n) => sum(n, 0, few));
  let [of, high] = [-1, 0];
  return n => {
    const above = Math.floor(n / size);
    if (above !== of) [of, high] = [above, sum(above, few, places.length) + places[places.length - 1] / 2]; // what is not drawn adds its middle
    return inside(low[n - above * size] + high);
  };
}

// 1/base, 1/base^2, ... while the power is a whole number that a double holds.
function placeValues(base: number): number[] {
  const values: number[] = [];
  for (let power = base; power <= 2 ** 53; power *= base) values.push(1 / power);
  return values;
}

function primes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; ++n) if (found.every(prime => n % prime)) found.push(n);
  return found;
}
