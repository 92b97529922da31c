import type {Perturbation} from "./perturbation.js";

/** "share": phi' is piecewise linear in x. "log": in ln x, so that logit's ln x is one of the curves. */
export type RampScale = "share" | "log";

const scales = {
  share: {of: (x: number) => x, back: (t: number) => t, d: () => 1, d2: () => 0, area: (x: number) => (x * x) / 2},
  log: {of: Math.log, back: Math.exp, d: (x: number) => 1 / x, d2: (x: number) => -1 / (x * x), area: (x: number) => x * Math.log(x) - x}
} as const;

/** A curve phi' that rises along ramps between knots, and beyond them as sigma ln x does. */
export interface Ramps {
  readonly scale: RampScale;
  /** Shares, increasing, (B + 1). */
  readonly knots: Float64Array;
  /** phi' at the knots, not decreasing, (B + 1). */
  readonly heights: Float64Array;
  /** sigma > 0. */
  readonly tail: number;
}

/** How much of each ramp lies below x: clip((t(x) - t(k_b)) / (t(k_b+1) - t(k_b)), 0, 1), written to out[0 ... B) (eq:ramps). */
export function rampsInto(out: Float64Array, x: number, knots: Float64Array, scale: RampScale): void {
  const {of} = scales[scale];
  const t = of(x);
  for (let b = 0; b + 1 < knots.length; ++b) out[b] = Math.min(1, Math.max(0, (t - of(knots[b])) / (of(knots[b + 1]) - of(knots[b]))));
}

/** Knots at even quantiles of the values, ties once, (at most `count`). */
export function quantileKnots(values: readonly number[], count: number): Float64Array {
  const sorted = [...values].sort((a, b) => a - b);
  const at = Array.from({length: count}, (_, k) => {
    const place = (k / (count - 1)) * (sorted.length - 1);
    const low = Math.floor(place);
    return sorted[low] + (place - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
  });
  return Float64Array.from(at.filter((v, k) => k === 0 || v > at[k - 1] * (1 + 1e-9)));
}

/** A curve of ramps as a perturbation. Flat stretches are allowed: there a small change of price moves demand from one end to the other. */
export function rampPerturbation({scale, knots, heights, tail}: Ramps): Perturbation {
  const {of, back, d, d2, area} = scales[scale];
  const B = knots.length - 1;
  const [first, last] = [knots[0], knots[B]];
  const steep = Float64Array.from({length: B}, (_, b) => (heights[b + 1] - heights[b]) / (of(knots[b + 1]) - of(knots[b])));
  const piece = (x: number) => {
    let b = 0;
    while (b < B - 1 && x > knots[b + 1]) ++b;
    return b;
  };
  const logArea = (x: number, knot: number, height: number) => height * (x - knot) + tail * (x * Math.log(x / knot) - x + knot); // of height + tail ln(x / knot)
  const rise = (b: number, x: number) => heights[b] * (x - knots[b]) + steep[b] * (area(x) - area(knots[b]) - of(knots[b]) * (x - knots[b]));
  return Object.freeze({
    name: "fitted",
    knots: Array.from(knots),
    value(x: number) { // from the first knot
      if (x === 0) return -heights[0] * first + tail * first;
      if (x <= first) return logArea(x, first, heights[0]);
      let sum = 0;
      const b = piece(Math.min(x, last));
      for (let c = 0; c < b; ++c) sum += rise(c, knots[c + 1]);
      return sum + rise(b, Math.min(x, last)) + (x > last ? logArea(x, last, heights[B]) : 0);
    },
    slope(x: number) {
      if (x <= first) return heights[0] + tail * Math.log(x / first);
      if (x >= last) return heights[B] + tail * Math.log(x / last);
      const b = piece(x);
      return heights[b] + steep[b] * (of(x) - of(knots[b]));
    },
    curvature: (x: number) => (x < first || x > last ? tail / x : steep[piece(x)] * d(x)),
    third: (x: number) => (x < first || x > last ? -tail / (x * x) : steep[piece(x)] * d2(x)),
    share(y: number) {
      if (y <= heights[0]) return first * Math.exp((y - heights[0]) / tail);
      if (y >= heights[B]) return last * Math.exp((y - heights[B]) / tail);
      let b = 0;
      while (y > heights[b + 1]) ++b;
      return back(of(knots[b]) + (y - heights[b]) / steep[b]);
    },
    response(y: number) {
      if (y <= heights[0]) return (first / tail) * Math.exp((y - heights[0]) / tail);
      if (y >= heights[B]) return (last / tail) * Math.exp((y - heights[B]) / tail);
      let b = 0;
      while (y > heights[b + 1]) ++b;
      return 1 / (steep[b] * d(back(of(knots[b]) + (y - heights[b]) / steep[b])));
    },
    bend(low: number, high: number) {
      // Within one stretch the share is linear in y, or exponential; a kink between has no bound.
      if (high <= heights[0]) return (first / tail ** 2) * Math.exp((high - heights[0]) / tail);
      if (low >= heights[B]) return (last / tail ** 2) * Math.exp((high - heights[B]) / tail);
      let b = 0;
      while (b < B - 1 && high > heights[b + 1]) ++b;
      if (low < heights[b] || high > heights[b + 1]) return Infinity;
      return scale === "share" ? 0 : back(of(knots[b]) + (high - heights[b]) / steep[b]) / steep[b] ** 2;
    }
  });
}
