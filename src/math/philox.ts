// Multipliers and Weyl increments of Philox4x32 (Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", section 3).
const [M0, M1] = [0xd2511f53, 0xcd9e8d57];
const [W0, W1] = [0x9e3779b9, 0xbb67ae85];

/**
 * Ten rounds of Philox4x32: four random 32-bit words that are a pure function of a counter and a key.
 *
 * @param out receives the four words
 * @param c0,c1,c2,c3 the counter, 32 bits each
 * @param k0,k1 the key, 32 bits each
 * @example
 * const out = new Uint32Array(4);
 * philoxInto(out, 0, 0, 0, 0, 0, 0); // 6627e8d5 e169c58d bc57ac4c 9b00dbd8
 */
export function philoxInto(out: Uint32Array, c0: number, c1: number, c2: number, c3: number, k0: number, k1: number): void {
  for (let round = 0; round < 10; ++round) {
    const high0 = mulHigh(c0, M0);
    const high1 = mulHigh(c2, M1);
    const low0 = Math.imul(c0, M0);
    const low1 = Math.imul(c2, M1);
    c0 = high1 ^ c1 ^ k0;
    c2 = high0 ^ c3 ^ k1;
    c1 = low1;
    c3 = low0;
    k0 = (k0 + W0) | 0;
    k1 = (k1 + W1) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

// The upper half of a 32 x 32 bit product, by halves, since a double holds only 53 of its 64 bits.
function mulHigh(a: number, b: number): number {
  const [a0, a1, b0, b1] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const middle = a1 * b0 + ((a0 * b0) >>> 16);
  const carry = (a0 * b1 + (middle & 0xffff)) >>> 16;
  return (a1 * b1 + (middle >>> 16) + carry) | 0;
}
