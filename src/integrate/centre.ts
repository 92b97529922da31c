import type {Lattice} from "../kernels/lattice.js";
import type {Choices, PanelKernel} from "../kernels/panel.js";
import type {Mixing} from "./mixing.js";

/** How units are to find the place of their nodes (eq:place). */
export interface Centring {
  /** "prior": the nodes as they are. */
  readonly by: "prior";
}

/** What a unit's place is found from. */
export interface Scene {
  readonly choices: Choices;
  readonly blend: Mixing;
  readonly kernel: PanelKernel;
  /** The standard normal nodes that are laid now. */
  readonly lattice: Lattice;
}

/** Writes the places of units `from` … `to` into `places` (to - from, D + D (D + 1) / 2): the centre of each, and the lower triangle of its C. */
export function centre({lattice: {dimensions: D}}: Scene, _theta: Float64Array, _how: Centring, from: number, to: number, places: Float64Array): void {
  places.fill(0);
  const size = D + (D * (D + 1)) / 2;
  for (let u = 0; u < to - from; ++u) for (let d = 0; d < D; ++d) places[u * size + D + (d * (d + 3)) / 2] = 1;
}
