import type {TastesFacts} from "../../entropy/mixing/tastes.js";

/** A stretch of one coefficient, and the weight that base and mixture have on it. */
export interface Stretch {
  readonly low: number;
  readonly high: number;
  readonly base: number;
  readonly weight: number;
}

/** One coefficient of a mixture: stretches that leave no gap, none of which has zero inside. */
export interface Marginal {
  readonly stretches: readonly Stretch[];
  /** Weight in the tails that the stretches leave out; 0 for a grid. */
  readonly outside: {readonly base: number; readonly weight: number};
}

/** So many stretches draws are sorted into, over all but a two-hundredth of the base and of the mixture on either side. */
const stretchesOfDraws = 32;
const tail = 0.005;

/**
 * The weights of a mixture along one coefficient, beside those of its base. A point of a grid stands for the cell around it,
 * halfway to its neighbours; a cell with zero inside is cut there, as shares below zero are counted.
 *
 * @param weights theta, (R)
 * @param d which coefficient
 */
export function marginal({points, axes, logBase}: TastesFacts, weights: ArrayLike<number>, d: number): Marginal {
  const axis = axes?.[d];
  const edges = axis && axis.length > 1 ? cellsOf(axis) : evenEdges(points[d], [weights, logBase.map(Math.exp)]);
  const of = axis && axis.length > 1 ? finder(axis) : (b: number) => Math.floor((b - edges[0]) / (edges[1] - edges[0]));
  const base = new Float64Array(edges.length - 1);
  const weight = new Float64Array(edges.length - 1);
  const outside = {base: 0, weight: 0};
  points[d].forEach((b, r) => {
    const k = of(b);
    if (k < 0 || k >= base.length) {
      outside.base += Math.exp(logBase[r]);
      outside.weight += weights[r];
    } else {
      base[k] += Math.exp(logBase[r]);
      weight[k] += weights[r];
    }
  });
  return {stretches: Array.from(base, (q, k) => ({low: edges[k], high: edges[k + 1], base: q, weight: weight[k]})).flatMap(cutAtZero), outside};
}

/** Edges halfway between points, the outer cells as wide outwards as inwards. */
function cellsOf(axis: Float64Array): number[] {
  const n = axis.length;
  const inner = Array.from({length: n - 1}, (_, k) => (axis[k] + axis[k + 1]) / 2);
  return [2 * axis[0] - inner[0], ...inner, 2 * axis[n - 1] - inner[n - 2]];
}

function finder(axis: Float64Array): (b: number) => number {
  const places = new Map([...axis].map((b, k) => [b, k]));
  return (b) => places.get(b)!;
}

/** Edges at multiples of one width, so that zero is an edge where it is near. */
function evenEdges(points: Float64Array, weightings: readonly ArrayLike<number>[]): number[] {
  const order = [...points.keys()].sort((a, b) => points[a] - points[b]);
  const at = (part: number): number[] => weightings.map((w) => {
    let sum = 0;
    for (const r of order) if ((sum += w[r]) >= part) return points[r];
    return points[order[order.length - 1]];
  });
  const [low, high] = [Math.min(...at(tail)), Math.max(...at(1 - tail))];
  if (!(high > low)) return [low - 0.5, low + 0.5];
  const width = (high - low) / stretchesOfDraws;
  const first = Math.floor(low / width);
  return Array.from({length: Math.floor(high / width) + 2 - first}, (_, k) => (first + k) * width);
}

function cutAtZero(stretch: Stretch): Stretch[] {
  const {low, high, base, weight} = stretch;
  if (!(low < 0 && high > 0)) return [stretch];
  const below = -low / (high - low);
  return [{low, high: 0, base: base * below, weight: weight * below}, {low: 0, high, base: base * (1 - below), weight: weight * (1 - below)}];
}
