import type {Move} from "../../kernels/dual.js";
import type {DualPart} from "../../kernels/dualPart.js";
import type {Trouble} from "../../optimize/threads/hand.js";

/** What all threads see: the sums of every run, one after the other, and a word that tells them to stop when it is not 0. */
export interface Desk {
  readonly results: Float64Array; // (runs, size)
  readonly halt: Int32Array;
}

/** What a thread is asked. */
export type Task =
  /** To own the runs of a part, which are those from `run` on. */
  | {readonly kind: "take"; readonly part: DualPart; readonly run: number}
  /** To sum them, after the multipliers last moved are accepted, if they are. */
  | {readonly kind: "sum"; readonly move: Move; readonly accepted: boolean};

/** What it answers, once to each task. */
export type Answer = {readonly kind: "done"} | {readonly kind: "stopped"} | Trouble;
