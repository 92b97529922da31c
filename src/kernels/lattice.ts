/**
 * The nodes of all units as flat numbers, ready for any kernel (eq:lattice). Unit u has the nodes of its set, moved to where
 * that unit's choices point when it has a place:
 *
 *   z_r = m_u + C_u x_r,      weight  w_r phi(z_r) |C_u| / phi(x_r),                                          (eq:place)
 *
 * x_r the node of the set, m_u and C_u the place; |C_u| is taken without its sign. However many units there are, a set is kept once.
 */
export interface Lattice {
  /** D, between units. */
  readonly dimensions: number;
  /** Nodes of a unit, R. */
  readonly count: number;
  /** (G, D, R): the node runs fastest. */
  readonly nodes: Float64Array;
  /** (G, R), or (R) when every set has the same. */
  readonly weights: Float64Array;
  /** The set of each unit, (U). */
  readonly set: Int32Array;
  /** Centre m and lower triangle of C, row by row, of each unit, (U, D + D (D + 1) / 2); absent: the nodes as they are. */
  readonly places?: Float64Array;
  readonly inner?: Inner;
}

/** Nodes within units, for each situation. */
export interface Inner {
  /** E */
  readonly dimensions: number;
  /** S */
  readonly count: number;
  /** (S) */
  readonly weights: Float64Array;
  /** Whether there is one set for all, (S, E); one for each situation, (N, S, E); or one for each situation and outer node, (N, S, E, R). */
  readonly by: "all" | "situation" | "node";
  readonly nodes: Float64Array;
}

/** Numbers that describe one place. */
export const placeSize = (D: number): number => D + (D * (D + 1)) / 2;

/** Every unit the same nodes, which are given with the node running slowest, (R, D). */
export function oneSet(nodes: Float64Array, weights: Float64Array, dimensions: number, units: number): Lattice {
  return {dimensions, count: weights.length, nodes: turned(nodes, weights.length, dimensions), weights, set: new Int32Array(units)};
}

/** No integral: one node of no dimension. */
export const pointLattice = (units: number): Lattice => oneSet(new Float64Array(0), Float64Array.of(1), 0, units);

/** (R, D) to (D, R). */
export function turned(nodes: Float64Array, R: number, D: number, into = new Float64Array(nodes.length), from = 0, to = 0): Float64Array {
  for (let r = 0; r < R; ++r) for (let d = 0; d < D; ++d) into[to + d * R + r] = nodes[from + r * D + d];
  return into;
}

/** The part of a lattice that belongs to units from … to, whose situations are first … last: sets that it does not use are left out. */
export function latticeOf(lattice: Lattice, from: number, to: number, first: number, last: number): Lattice {
  const {dimensions: D, count: R, nodes, weights, set, places, inner} = lattice;
  const used = [...new Set(set.subarray(from, to))].sort((a, b) => a - b);
  const number = new Map(used.map((g, k) => [g, k]));
  const pick = (numbers: Float64Array, size: number) => {
    const out = new Float64Array(used.length * size);
    used.forEach((g, k) => out.set(numbers.subarray(g * size, (g + 1) * size), k * size));
    return out;
  };
  const one = placeSize(D);
  return {
    dimensions: D, count: R,
    nodes: pick(nodes, D * R),
    weights: weights.length === R ? weights.slice() : pick(weights, R),
    set: Int32Array.from(set.subarray(from, to), (g) => number.get(g)!),
    ...(places && {places: places.slice(from * one, to * one)}),
    ...(inner && {inner: innerOf(inner, R, first, last)})
  };
}

function innerOf(inner: Inner, R: number, first: number, last: number): Inner {
  if (inner.by === "all") return inner;
  const size = inner.count * inner.dimensions * (inner.by === "node" ? R : 1);
  return {...inner, nodes: inner.nodes.slice(first * size, last * size)};
}

/** The nodes of a unit, (R, D), and their weights, (R). */
export function nodesOf(lattice: Lattice, u: number): {readonly nu: Float64Array; readonly weights: Float64Array} {
  const [nu, weights] = [new Float64Array(lattice.count * lattice.dimensions), new Float64Array(lattice.count)];
  nodesInto(nu, weights, lattice, u);
  return {nu, weights};
}

/**
 * Writes the nodes of a unit as (R, D) into z, and their weights (R) into w (eq:place): the definition of what a place means.
 */
export function nodesInto(z: Float64Array, w: Float64Array, {dimensions: D, count: R, nodes, weights, set, places}: Lattice, u: number): void {
  const at = set[u] * D * R;
  const atWeight = weights.length === R ? 0 : set[u] * R;
  for (let r = 0; r < R; ++r) {
    w[r] = weights[atWeight + r];
    for (let d = 0; d < D; ++d) z[r * D + d] = nodes[at + d * R + r];
  }
  if (!places) return;
  const place = u * placeSize(D);
  let logSize = 0;
  for (let d = 0; d < D; ++d) logSize += Math.log(Math.abs(places[place + D + (d * (d + 3)) / 2]));
  for (let r = 0; r < R; ++r) {
    let far = 0; // |x|² - |z|²
    for (let d = D - 1; d >= 0; --d) {
      let value = places[place + d];
      const row = place + D + (d * (d + 1)) / 2;
      far += z[r * D + d] ** 2;
      for (let e = 0; e <= d; ++e) value += places[row + e] * z[r * D + e];
      z[r * D + d] = value;
      far -= value * value;
    }
    w[r] *= Math.exp(logSize + 0.5 * far);
  }
}
