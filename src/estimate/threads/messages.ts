import {ChoiceError, type Place} from "../../errors.js";
import type {Centring} from "../../integrate/centre.js";
import type {Lattice} from "../../kernels/lattice.js";
import type {Engine, Order} from "../../kernels/panel.js";
import type {Part, Results} from "./slice.js";

/** What all threads see: where results go, and a word that tells them to stop when it is not 0. */
export interface Desk {
  readonly results: Results;
  readonly halt: Int32Array;
}

/** What a thread is asked. */
export type Task =
  | {readonly kind: "take"; readonly part: Part}
  | {readonly kind: "lay"; readonly lattice: Lattice}
  | {readonly kind: "move"; readonly places?: Float64Array}
  | {readonly kind: "compute"; readonly theta: Float64Array; readonly order: Order}
  | {readonly kind: "centre"; readonly theta: Float64Array; readonly how: Centring};

/** What it answers, once to each task. */
export type Answer =
  | {readonly kind: "done"; readonly engine: Engine}
  | {readonly kind: "stopped"}
  | {readonly kind: "trouble"; readonly trouble: Report};

/** An error as a plain record: between threads, errors lose what they carry. */
export interface Report {
  readonly words: string;
  readonly stack?: string;
  readonly choice?: {readonly code: string; readonly at: string; readonly saw: string; readonly want: string; readonly hint?: string; readonly places: readonly Place[]};
}

export function report(error: unknown): Report {
  if (error instanceof ChoiceError) {
    const {message: words, stack, code, at, saw, want, hint, places} = error;
    return {words, stack, choice: {code, at, saw, want, hint, places}};
  }
  return error instanceof Error ? {words: String(error), stack: error.stack} : {words: String(error)};
}

/** The error again: a ChoiceError as itself, anything else as what `other` makes of its words. */
export function revived({words, stack, choice}: Report, other: (saw: string) => ChoiceError): ChoiceError {
  const error = choice ? new ChoiceError(choice.code, choice, choice.places) : other(words);
  if (stack) error.stack = stack;
  return error;
}
