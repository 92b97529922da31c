import type {Order} from "../../kernels/panel.js";
import {sequences, type ChosenMenus} from "./sequences.js";
import type {TastesFacts} from "./tastes.js";

/** The likelihoods of a unit at every taste, relative to the largest. */
export interface LikelihoodRow {
  /** P_ur / max_r P_ur, (R). */
  readonly row: Float64Array;
  /** ln max_r P_ur. */
  readonly top: number;
  /** As in `Sequence`: filled from order 1 and 2. */
  readonly s: Float64Array;
  readonly k: Float64Array;
}

export interface LikelihoodRows {
  /** Overwritten by the next unit. */
  at(u: number, shared: Float64Array, order: Order): LikelihoodRow;
  /** ln P_ur, (R). */
  logs(u: number, shared: Float64Array): Float64Array;
}

/** A table of more numbers than this (1 GiB) is computed anew on every pass instead. */
const mostKept = 2 ** 27;

/**
 * Rows of the table P (U, R). Where no coefficient is shared, the table never changes: it is computed once and kept, and a
 * pass over it costs a few multiplications an entry.
 */
export function likelihoodRows(menus: ChosenMenus, tastes: TastesFacts, most = mostKept): LikelihoodRows {
  const fill = sequences(menus, tastes);
  const [U, R, F] = [menus.unit.length - 1, tastes.points[0].length, menus.fixed.length];
  const kept = F === 0 && U * R <= most ? table(U, R) : undefined;
  const known = new Uint8Array(kept ? U : 0);
  const tops = new Float64Array(kept ? U : 0);
  const scratch = new Float64Array(R);
  const none = new Float64Array(0);

  function relative(row: Float64Array, logP: Float64Array): number {
    let top = -Infinity;
    for (let r = 0; r < R; ++r) if (logP[r] > top) top = logP[r];
    for (let r = 0; r < R; ++r) row[r] = Math.exp(logP[r] - top);
    return top;
  }

  return {
    at(u, shared, order) {
      if (!kept) {
        const {logP, s, k} = fill(u, shared, order);
        const top = relative(scratch, logP);
        return {row: scratch, top, s, k};
      }
      const row = kept.subarray(u * R, (u + 1) * R);
      if (!known[u]) {
        tops[u] = relative(row, fill(u, shared, 0).logP);
        known[u] = 1;
      }
      return {row, top: tops[u], s: none, k: none};
    },
    logs: (u, shared) => fill(u, shared, 0).logP
  };
}

/** Room for the whole table, where there is any. */
function table(U: number, R: number): Float64Array | undefined {
  try {
    return new Float64Array(U * R);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
