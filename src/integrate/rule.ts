import type {Source} from "../math/random.js";

/** How many nodes, for whom, in how many dimensions. */
export interface NodeRequest {
  /** Dimensions D of the integral. */
  readonly dimensions: number;
  /** Units U that are integrated separately (people, or situations), in their order. */
  readonly units: number;
  /** Dimensions that another integral of the same model has used: a sequence without randomness begins behind them. */
  readonly skip?: number;
  /** Where randomness comes from; the same source gives the same nodes. */
  readonly source: Source;
}

/** Nodes on the scale of a standard normal, and their weights. */
export interface Nodes {
  readonly dimensions: number;
  /** Nodes per unit, R. */
  readonly count: number;
  /** (R), summing to 1. */
  readonly weights: Float64Array;
  /** The nodes of a unit, (R, D) row-major; the same array for every unit when `shared`. */
  at(unit: number): Float64Array;
  /** Writes the nodes of a unit, the node running fastest, (D, R), to `out` from `from` on, where a rule can do so at once. */
  into?(out: Float64Array, from: number, unit: number): void;
  readonly shared: boolean;
}

/** A way to integrate over a standard normal in D dimensions. */
export interface Rule {
  /** In words, for the provenance line: "Halton", "Sobol, Owen-scrambled". */
  readonly name: string;
  /** Nodes per unit asked for; a product rule has `draws ** dimensions` of them. */
  readonly draws: number;
  /** True for quadrature: nodes are placed, not drawn, so that only another rule can tell its error. */
  readonly exact?: boolean;
  /** True when everybody gets the same nodes: there is one set to keep, however many people. */
  readonly shared?: boolean;
  build(request: NodeRequest): Nodes;
}
