import type {Matrix} from "ml-matrix";
import type {Id, Note} from "../data/choiceData.js";
import {ChoiceError, quote} from "../errors.js";
import type {Kind} from "../infer/covariance.js";
import {quantile} from "../math/normal.js";
import {shown, type Shown} from "../rich.js";
import {present, type Moving} from "./moving.js";
import {deltaError, deltaErrors, table, type Sums} from "./sums.js";
import type {Substitution} from "./substitution.js";

/** Effects in single situations, as columns: one entry for each situation, move and alternative on offer. */
export interface Each {
  readonly situation: readonly Id[];
  /** The alternative that answers, and what moves. */
  readonly answer: readonly string[];
  readonly move: readonly string[];
  readonly value: Float64Array;
  /** By the delta method; NaN where there is none. */
  readonly error: Float64Array;
}

/** Effects of the moves of one attribute, as a matrix: row j answers, column l moves. */
export interface EffectTable {
  /** The attribute that moves; for discrete changes with its values, "rail 0 → 1"; absent where any does. */
  readonly attribute?: string;
  /** "alternative": a column for each alternative whose attribute moves by itself. "situation": one column, as it moves for all. */
  readonly reach: "alternative" | "situation";
  /** Names of the A rows and M columns. */
  readonly answers: readonly string[];
  readonly moves: readonly string[];
  /** (A, M). Where no situation offers both, an average is NaN, and a part of an aggregate nil. */
  readonly value: Matrix;
  /** Standard errors, (A, M); NaN where there are none. */
  readonly error: Matrix;
  /** Confidence limits, (A, M). */
  readonly low: Matrix;
  readonly high: Matrix;
  /** How many situations each entry averages over, and their weight, (A, M). */
  readonly situations: Matrix;
  readonly weight: Matrix;
  /** Absent unless asked for. */
  readonly each?: Each;
}

export interface EffectsFacts {
  readonly what: "marginal effects" | "elasticities" | "semi-elasticities" | "diversion" | "discrete changes";
  /** What an entry is, in words. */
  readonly words: string;
  /** Title of the fit. */
  readonly model: string;
  /** One for each attribute. */
  readonly tables: readonly EffectTable[];
  /** Situations of the fit that count, and their weight. */
  readonly situations: number;
  readonly weight: number;
  /** Confidence level of the limits, and how the errors were made. */
  readonly level: number;
  readonly errors: string;
  readonly notes: readonly Note[];
}

/** Effects of attributes on probabilities: an ordinary readonly record that draws itself. */
export type Effects = EffectsFacts & Shown;

/** Options that all effects share. */
export interface EffectOptions {
  /** Which standard errors the limits rest on; default those of the fit. */
  readonly errors?: Kind;
  /** Confidence level, default 0.95. */
  readonly level?: number;
}

/** @throws {ChoiceError} infer/level */
export function checkLevel({level = 0.95}: EffectOptions, at: string): number {
  if (!(level > 0 && level < 1)) throw new ChoiceError("infer/level", {at, saw: `level: ${quote(level)}`, want: "a number between 0 and 1, such as 0.95"});
  return level;
}

/** Alternatives that are ever on offer, which are the rows of a table, and the row of each alternative (-1 for none). */
export function answering({data}: Substitution): {names: string[]; row: Int32Array} {
  const offered = present(data);
  const names: string[] = [];
  const row = Int32Array.from(data.alternatives, (name, j) => (offered[j] ? names.push(name) - 1 : -1));
  return {names, row};
}

/** Averages with their derivatives as a table with errors. */
export function effectTable(s: Substitution, {attribute, together, names: moves}: Pick<Moving, "together" | "names"> & {readonly attribute?: string}, found: Sums, level: number, each?: Each): EffectTable {
  const answers = answering(s).names;
  const [A, M] = [answers.length, moves.length];
  const error = deltaErrors(s, found);
  const wide = -quantile((1 - level) / 2);
  return {
    ...(attribute !== undefined && {attribute}), reach: together ? "situation" : "alternative", answers, moves,
    value: table(found.value, A, M), error: table(error, A, M),
    low: table(found.value.map((value, cell) => value - wide * error[cell]), A, M), high: table(found.value.map((value, cell) => value + wide * error[cell]), A, M),
    situations: table(found.count, A, M), weight: table(found.weight, A, M), ...(each && {each})
  };
}

/** Collects single situations while their sums are made. */
export function collector(s: Substitution, moves: readonly string[]) {
  const {data: {situations, alternatives}} = s;
  const error = deltaError(s);
  const [situation, answer, move, values, errors]: [Id[], string[], string[], number[], number[]] = [[], [], [], [], []];
  return {
    /** @param gradient derivatives, its j-th C */
    add(n: number, alternative: number, m: number, value: number, gradient: Float64Array, j: number): void {
      situation.push(situations[n]);
      answer.push(alternatives[alternative]);
      move.push(moves[m]);
      values.push(value);
      errors.push(error(gradient, j));
    },
    done: (): Each => ({situation, answer, move, value: Float64Array.from(values), error: Float64Array.from(errors)})
  };
}

/** The record of some tables. */
export function effects(s: Substitution, facts: Pick<EffectsFacts, "what" | "words" | "tables" | "level"> & {readonly notes?: readonly Note[]}): Effects {
  const counting = s.weight.filter((w) => w > 0);
  return shown("effects", {...facts, model: s.model, situations: counting.length, weight: counting.reduce((sum, w) => sum + w, 0), errors: s.words, notes: facts.notes ?? []});
}

/** The values that an attribute takes where it can move, no more than three of them. */
export function valuesOf({data: {x, attributes: {length: K}, alternative}}: Substitution, {k, move}: Moving): number[] {
  const seen = new Set<number>();
  for (let row = 0; row < alternative.length && seen.size < 3; ++row) if (move[alternative[row]] >= 0) seen.add(x[row * K + k]);
  return [...seen].sort((a, b) => a - b);
}

/** A word on attributes that are 0 or 1, of which no small change can be thought. */
export function dummyNotes(s: Substitution, moved: readonly Moving[]): Note[] {
  return moved.filter((moving) => valuesOf(s, moving).join() === "0,1").map(({attribute}): Note => ({
    level: "info", code: "explain/dummy", text: `${attribute} is 0 or 1: discreteChange(fit, {attribute: ${quote(attribute)}}) says what the whole step does.`
  }));
}
