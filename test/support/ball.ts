import {density} from "../../src/math/normal.js";
import type {Rule} from "../../src/integrate/rule.js";

/**
 * The trapezoidal rule in three dimensions without the corners, which hold next to no mass: nodes of a cubic lattice within a
 * ball, weighted by the normal density.
 */
export function ball(step: number, radius: number): Rule {
  const most = Math.floor(radius / step);
  const line = Array.from({length: 2 * most + 1}, (_, k) => (k - most) * step);
  const nodes = line.flatMap((x) => line.flatMap((y) => line.map((z) => [x, y, z]))).filter((v) => Math.hypot(...v) <= radius);
  const mass = nodes.map((v) => v.reduce((product, x) => product * density(x), 1));
  const total = mass.reduce((sum, w) => sum + w, 0);
  const nu = Float64Array.from(nodes.flat());
  return {
    name: "lattice in a ball", draws: nodes.length,
    build: () => ({dimensions: 3, count: nodes.length, weights: Float64Array.from(mass, (w) => w / total), at: () => nu, shared: true})
  };
}
