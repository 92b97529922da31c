const golden = 0.6180339887498949;

/**
 * Where a convex function of one variable is least between two ends, by golden sections; as soon as it is at most `enough`,
 * there.
 *
 * @example
 * Math.round(goldenSection((x) => (x - 1) ** 2, 0, 3) * 1e6) / 1e6 // 1
 */
export function goldenSection(f: (x: number) => number, low: number, high: number, enough = -Infinity): number {
  let [a, d] = [low, high];
  let [b, c] = [d - golden * (d - a), a + golden * (d - a)];
  let [fb, fc] = [f(b), f(c)];
  for (let round = 0; round < 50 && Math.min(fb, fc) > enough; ++round) {
    if (fb < fc) {
      [d, c, fc] = [c, b, fb];
      b = d - golden * (d - a);
      fb = f(b);
    } else {
      [a, b, fb] = [b, c, fc];
      c = a + golden * (d - a);
      fc = f(c);
    }
  }
  return fb < fc ? b : c;
}
