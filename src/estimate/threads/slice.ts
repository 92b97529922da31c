import {centre, type Centring, type Seek} from "../../integrate/centre.js";
import {mixing, type Mixing} from "../../integrate/mixing.js";
import {settled} from "../../integrate/settled.js";
import {placeSize, type Lattice} from "../../kernels/lattice.js";
import {choose} from "../../kernels/choose.js";
import type {Choices, Engine, Order, PanelKernel, Results as Sums} from "../../kernels/panel.js";

/** Units are summed in blocks of this many, whoever computes them: the order of the sums, and so their bits, never change. */
export const blockSize = 32;
/** Rows of d times nodes that a few units may have together: a third of a millisecond, so that nobody waits for them. */
const mostAtOnce = 65536;

/** Where results go: arrays over all units and blocks, which the threads of a crew share. */
export interface Results extends Sums {
  /** Where the nodes of each unit belong, (U, D + D (D + 1) / 2): what `centre` fills. */
  readonly places: Float64Array;
}

/** What one thread computes: consecutive units, from `first` on, a multiple of the block size. */
export interface Part {
  /** Counted from the first of this part, with their weights. */
  readonly choices: Choices & {readonly weight: Float64Array};
  readonly first: number;
  readonly of: Mixing["of"];
  readonly engine?: Engine;
}

export interface Slice {
  readonly engine: Engine;
  /** Takes nodes, standard normals, for the units of this part. */
  lay(lattice: Lattice): void;
  /** Takes other places for the same nodes. */
  move(places: Float64Array | undefined): void;
  /** The point to compute at, and how much. */
  begin(theta: Float64Array, order: Order): void;
  /**
   * Computes a few units, from u on, counted within this part, and returns the next. A block is right once its units were
   * computed in their order, all of them.
   */
  run(u: number, results: Results): number;
  /** How places are to be found, and where. */
  seek(theta: Float64Array, how: Centring): void;
  /** Finds the place of the nodes of one unit, counted within this part. */
  place(u: number, results: Results): void;
}

/** Doubles that results need. */
export const resultSizes = (U: number, {size: P, dimensions: D}: Pick<Mixing, "size" | "dimensions">): Record<keyof Results, number> => ({value: U, effective: U, scores: U * P, curvature: Math.ceil(U / blockSize) * P * (P + 1), places: U * placeSize(D)});

/** One thread's share of a log-likelihood: no chance and no waiting in it, so that it is the same wherever it runs. */
export function slice({choices, first, of, engine}: Part): Slice {
  const blend = mixing(of, of.parameters);
  const P = blend.size;
  const {weight} = choices;
  const U = weight.length;
  const kernel: PanelKernel = choose(choices, blend, engine);
  const g = new Float64Array(P);
  const h = new Float64Array(P * P);
  const half = (P * (P + 1)) / 2;
  const size = placeSize(blend.dimensions);
  let order: Order = 0;
  let laid: Lattice | undefined;
  let stride = 1;
  let seeks: Seek = () => undefined;
  return {
    engine: kernel.engine,
    lay(lattice) {
      laid = lattice;
      stride = Math.max(1, Math.min(blockSize, Math.floor((mostAtOnce * U) / (choices.row[choices.row.length - 1] * lattice.count * (lattice.inner?.count ?? 1)))));
      kernel.lay(settled(lattice, blend));
    },
    move(places) {
      const {places: _, ...rest} = laid!;
      this.lay(places ? {...rest, places} : rest);
    },
    seek(theta, how) {
      seeks = centre({choices, blend, kernel, lattice: laid!}, theta, how);
    },
    place: (u, {places}) => seeks(u, places.subarray((first + u) * size, (first + u + 1) * size)),
    begin(theta, much) {
      order = much;
      kernel.begin(theta, much);
    },
    run(u, results) {
      const {value, effective, scores, curvature} = results;
      const sums = Math.floor((first + u) / blockSize) * 2 * half;
      if (u % blockSize === 0) curvature.fill(0, sums, sums + 2 * half);
      const end = Math.min(U, u + stride, u + blockSize - (u % blockSize));
      const next = kernel.run?.(u, end, results, first, sums) ?? u;
      if (next > u) return next;
      const w = weight[u];
      g.fill(0);
      if (order > 1) h.fill(0);
      value[first + u] = kernel.unit(u, g, h);
      effective[first + u] = kernel.effective();
      if (order === 0) return u + 1;
      const own = (first + u) * P;
      for (let p = 0, at = sums; p < P; ++p) {
        const wg = w * g[p];
        scores[own + p] = wg;
        for (let q = 0; q <= p; ++q, ++at) curvature[at] += wg * g[q];
      }
      if (order > 1) for (let p = 0, at = sums + half; p < P; ++p) for (let q = 0; q <= p; ++q, ++at) curvature[at] += w * h[p * P + q];
      return u + 1;
    }
  };
}
