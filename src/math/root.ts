/**
 * The x between two ends at which f changes sign, to the last digits, by Chandrupatla's (1997) choice between inverse
 * quadratic interpolation and halving. Where f has one sign throughout, the end at which it is nearer to zero.
 *
 * @example
 * root((x) => x * x - 2, 0, 2) // 1.4142135623730951
 */
export function root(f: (x: number) => number, low: number, high: number): number {
  let [a, b, fa, fb] = [high, low, f(high), f(low)];
  if (fa === 0) return a;
  if (fb === 0) return b;
  if (fa > 0 === fb > 0) return Math.abs(fa) < Math.abs(fb) ? a : b;
  let [c, fc, t] = [a, fa, 0.5];
  for (let round = 0; round < 200; ++round) {
    const x = a + t * (b - a);
    const fx = f(x);
    if (fx > 0 === fa > 0) [c, fc] = [a, fa];
    else [c, b, fc, fb] = [b, a, fb, fa];
    [a, fa] = [x, fx];
    const nearest = Math.abs(fa) < Math.abs(fb) ? a : b;
    const least = (2e-16 * Math.abs(nearest) + 1e-300) / Math.abs(b - a);
    if (least > 0.5 || fa === 0 || fb === 0) return nearest;
    const [xi, ratio] = [(a - b) / (c - b), (fa - fb) / (fc - fb)];
    t = ratio * ratio < xi && (1 - ratio) * (1 - ratio) < 1 - xi ? (fa / (fb - fa)) * (fc / (fb - fc)) + ((((c - a) / (b - a)) * fa) / (fc - fa)) * (fb / (fc - fb)) : 0.5;
    t = Number.isNaN(t) ? 0.5 : Math.min(1 - least, Math.max(least, t)); // an infinite f interpolates to nothing
  }
  return a;
}
