import type {Shown} from "../rich.js";

/** A label of a person, situation, time or cluster, as the user's table holds it. */
export type Id = string | number | bigint | boolean;

/** Something worth a look that is not an error: printed with the result, never only logged. */
export interface Note {
  readonly level: "info" | "warning";
  /** Stable name, such as "data/string-numbers". */
  readonly code: string;
  readonly text: string;
}

/**
 * Choices, ready for any model: one flat row per alternative on offer, people and situations kept by pointers, so that
 * choice sets of any size sit side by side without padding.
 *
 * Rows [situation[n], situation[n + 1]) are the alternatives that situation n offered; situations
 * [person[i], person[i + 1]) are those that person i faced. Letters: I people, N situations, J alternatives,
 * K attributes, rows ≥ 2N.
 */
export interface ChoiceFacts {
  /** Names of the J alternatives. */
  readonly alternatives: readonly string[];
  /** Names of the K attributes, in the order of the columns of `x`. */
  readonly attributes: readonly string[];
  /** Attribute values, (rows, K), row-major, on the user's scale. */
  readonly x: Float64Array;
  /** Which alternative each row is, (rows), indices into `alternatives`. */
  readonly alternative: Int32Array;
  /** The chosen row of each situation, (N), an index into rows. */
  readonly chosen: Int32Array;
  /** Pointers from situations to rows, (N + 1). */
  readonly situation: Int32Array;
  /** Pointers from people to situations, (I + 1). */
  readonly person: Int32Array;
  /** Weight of each situation, (N); 1 where none was given. */
  readonly weight: Float64Array;
  /** The ids of people (I) and situations (N), in order of first appearance. */
  readonly people: readonly Id[];
  readonly situations: readonly Id[];
  /** When each situation happened, (N), if a column of times was named; situations of a person are sorted by it. */
  readonly times?: readonly Id[];
  /** A coarser unit for clustered errors, one label per person, (I), if a column was named. */
  readonly clusters?: readonly Id[];
  /** True when people were named: several situations may belong to one person. */
  readonly panel: boolean;
  /** Index of the outside option among `alternatives`: its utility is 0, its attributes are zeros. */
  readonly outside?: number;
  /** Which user row each row came from, (rows); -1 for rows made here (an outside option). */
  readonly sourceRow: Int32Array;
  /** How the data came about, for provenance: `fromLong: chosen "choice", …`. */
  readonly recipe: string;
  /** Short hash of every number and name above: two data sets with one hash are, almost surely, the same data. */
  readonly hash: string;
  readonly notes: readonly Note[];
}

/** Choices, ready for any model: the facts, in a record that draws itself. `fromLong` and `fromWide` make it. */
export type ChoiceData = ChoiceFacts & Shown;

/** Counts that every other room asks for. */
export const sizes = (data: ChoiceFacts) => ({
  people: data.person.length - 1,
  situations: data.situation.length - 1,
  rows: data.alternative.length,
  alternatives: data.alternatives.length,
  attributes: data.attributes.length
});
