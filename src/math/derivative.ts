/**
 * Central differences of a function of several variables: for derived quantities and for tests, where a relative error of
 * 1e-8 or so is enough.
 *
 * @param steps one step per variable; default 1e-5 of its size, at least 1e-7
 */
export function gradientOf(f: (x: Float64Array) => number, x: Float64Array, steps: (p: number) => number = (p) => Math.max(1e-5 * Math.abs(x[p]), 1e-7)): Float64Array {
  return x.map((_, p) => {
    const h = steps(p);
    const [up, down] = [x.slice(), x.slice()];
    up[p] += h;
    down[p] -= h;
    return (f(up) - f(down)) / (up[p] - down[p]);
  });
}
