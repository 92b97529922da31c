import {ChoiceError, quote} from "../errors.js";
import {quantile} from "./normal.js";
import {philoxInto} from "./philox.js";

/**
 * A seeded stream of uniforms that is a pure function of its key: `source.stream("draws", 17)` is the same stream whoever
 * asks, in whatever order, on whatever thread (counter-based Philox4x32-10; Salmon et al. 2011).
 */
export interface Stream {
  /** The next uniform in (0, 1), never 0 nor 1, with 53 bits. */
  uniform(): number;
  /** The next standard normal, by inversion. */
  normal(): number;
  /** A whole number in [0, n). */
  below(n: number): number;
}

/** Where everything random comes from: independent streams by purpose and index, the same for the same seed. */
export interface Source {
  readonly seed: number;
  /** The stream for a purpose and, say, a person. */
  stream(purpose: string, index?: number): Stream;
}

/**
 * The seeded source of all chance in this library.
 *
 * The seed is the key of Philox; purpose, index and position in the stream are its counter. Streams of different purpose
 * or index therefore never share a counter (two purposes share one only if their 64-bit hashes collide), and no stream
 * depends on how far another has been read.
 *
 * @param seed a whole number from 0 to 2^53 - 1
 * @throws {ChoiceError} random/seed when the seed is anything else
 * @example
 * source(1).stream("draws", 17).normal() === source(1).stream("draws", 17).normal() // true
 */
export function source(seed: number): Source {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new ChoiceError("random/seed", {
      at: `source(${quote(seed)})`, saw: `the seed ${quote(seed)}`,
      want: "a whole number from 0 to 2^53 - 1",
      hint: "source(1)",
      value: seed
    });
  }
  return {seed, stream: (purpose, index = 0) => stream(seed, purpose, index)};
}

/**
 * A source whose streams have nothing in common with those of its parent: for two integrals within one fit, say over
 * people and over situations.
 *
 * @example
 * const situations = branch(source(1), "situations");
 */
export const branch = ({seed, stream}: Source, name: string): Source => ({
  seed,
  stream: (purpose, index) => stream(`${name}/${purpose}`, index)
});

/** A random order of 0, ..., n - 1 (Fisher and Yates). */
export function permutation(n: number, stream: Stream): Uint32Array {
  const order = Uint32Array.from({length: n}, (_, k) => k);
  for (let k = n - 1; k > 0; --k) {
    const other = stream.below(k + 1);
    [order[k], order[other]] = [order[other], order[k]];
  }
  return order;
}

function stream(seed: number, purpose: string, index: number): Stream {
  if (!Number.isInteger(index) || index < 0 || index >= 2 ** 32) {
    throw new ChoiceError("random/index", {
      at: `stream(${quote(purpose)}, ${quote(index)})`, saw: `the index ${quote(index)}`,
      want: "a whole number from 0 to 2^32 - 1",
      value: index
    });
  }
  const words = new Uint32Array(4);
  const [seedLow, seedHigh] = [seed | 0, Math.floor(seed / 2 ** 32)];
  const [c2, c3] = [hash(purpose, 0x811c9dc5), hash(purpose, 0x2f0b4a27)];
  let block = 0;
  let next = 4;

  // 52 random bits: the upper 26 of each of two words.
  function bits(): number {
    if (next === 4) {
      // A seed fills 53 of the key's 64 bits; the others count on when 2^32 blocks are used up.
      philoxInto(words, block | 0, index, c2, c3, seedLow, seedHigh | (Math.floor(block / 2 ** 32) << 21));
      ++block;
      next = 0;
    }
    const high = words[next] >>> 6;
    const low = words[next + 1] >>> 6;
    next += 2;
    return high * 2 ** 26 + low;
  }

  // Odd multiples of 2^-53: exact doubles, symmetric about 1/2, never 0 nor 1.
  const uniform = () => (bits() + 0.5) / 2 ** 52;

  return {
    uniform,
    normal: () => quantile(uniform()),
    below(n) {
      // Those beyond the last full round of n would make small numbers likelier: draw again.
      const most = Math.floor(2 ** 52 / n) * n;
      let k = bits();
      while (k >= most) k = bits();
      return k % n;
    }
  };
}

// FNV-1a over the UTF-16 code units, then a finalizer so that every bit of the text reaches every bit of the word.
function hash(text: string, start: number): number {
  let h = start;
  for (let i = 0; i < text.length; ++i) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix(h);
}

/** A bijection of 32-bit words whose output bits each depend on all input bits (constants: Wellons, "lowbias32"). */
export function mix(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}
