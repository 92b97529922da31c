import {nodesInto, turned, type Lattice} from "../kernels/lattice.js";
import type {Mixing} from "./mixing.js";

/**
 * A lattice of standard normals as the families of a mixing read it. Where all read the normal itself it is left as it is,
 * places and all, and costs nothing. Otherwise a set is read once; with places, nodes are moved unit by unit and kept, since
 * a family reads where its node has come to lie.
 */
export function settled(lattice: Lattice, {readers}: Mixing): Lattice {
  if (!readers) return lattice;
  const {dimensions: D, count: R, places, set} = lattice;
  if (!places) {
    const nodes = lattice.nodes.map((value, at) => readers[Math.floor(at / R) % D](value));
    return {...lattice, nodes};
  }
  const U = set.length;
  const [z, w] = [new Float64Array(R * D), new Float64Array(R)];
  const [nodes, weights] = [new Float64Array(U * D * R), new Float64Array(U * R)];
  for (let u = 0; u < U; ++u) {
    nodesInto(z, w, lattice, u);
    for (let at = 0; at < z.length; ++at) z[at] = readers[at % D](z[at]);
    turned(z, R, D, nodes, 0, u * D * R);
    weights.set(w, u * R);
  }
  const {places: _, ...rest} = lattice;
  return {...rest, nodes, weights, set: Int32Array.from({length: U}, (_, u) => u)};
}
