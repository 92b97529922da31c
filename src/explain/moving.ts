import {standIn} from "../data/offers.js";
import {ChoiceError, quote, suggest} from "../errors.js";
import {variesWithin} from "../model/design.js";
import {answer, differential, push, type Answer, type Differential} from "./differential.js";
import {rowsOf, widestOf, type Substitution} from "./substitution.js";

/** Ways in which an attribute may move: in one alternative at a time, or in all at once where it is the situation's own. */
export interface Moving {
  readonly attribute: string;
  /** Its index among the attributes of the data; -1 where nothing but utility itself moves. */
  readonly k: number;
  /** True for an attribute that is the same for all alternatives of a situation, such as income. */
  readonly together: boolean;
  /** Names of the M moves: alternatives, or the attribute itself. */
  readonly names: readonly string[];
  /** Which move each alternative takes part in, (alternatives); -1 for none. */
  readonly move: Int32Array;
  /** 1 where column c multiplies the attribute in alternative j, (alternatives, C). */
  readonly carries: Uint8Array;
}

/** Options naming attributes: one, several, or all of the model. */
export function movings(s: Substitution, wanted: string | readonly string[] | undefined, at: string): Moving[] {
  const {data: {attributes}, columns} = s;
  const all = attributes.filter((_, k) => columns.some(({attribute}) => attribute === k));
  if (wanted === undefined && !all.length) throw new ChoiceError("explain/no-attribute", {at, saw: "a model of intercepts alone", want: "an attribute that could change", hint: "name attributes when fitting"});
  return (wanted === undefined ? all : Array.isArray(wanted) ? (wanted as readonly string[]) : [wanted as string]).map((attribute) => moving(s, attribute, at));
}

/** @throws {ChoiceError} explain/unknown-attribute, explain/not-in-model */
export function moving({data, columns}: Substitution, attribute: string, at: string): Moving {
  const {attributes, alternatives, outside} = data;
  const k = attributes.indexOf(attribute);
  const known = attributes.filter((_, l) => columns.some((column) => column.attribute === l));
  if (k < 0) throw new ChoiceError("explain/unknown-attribute", {at, saw: `no attribute called ${quote(attribute)}`, want: "an attribute of the data", hint: suggest(String(attribute), known), column: String(attribute)});
  if (!known.includes(attribute)) throw new ChoiceError("explain/not-in-model", {at, saw: `${quote(attribute)}, which the model does not use`, want: "an attribute of the model", hint: known.length ? `use one of ${known.map(quote).join(", ")}` : "name attributes when fitting", column: attribute});
  const [J, C] = [alternatives.length, columns.length];
  const carries = new Uint8Array(J * C);
  columns.forEach((column, c) => {
    if (column.attribute !== k) return;
    for (let j = 0; j < J; ++j) if (j !== outside && (!column.alternatives.length || column.alternatives.includes(j))) carries[j * C + c] = 1;
  });
  const together = !variesWithin(standIn(data), k);
  const offered = present(data);
  const movers = [...alternatives.keys()].filter((j) => offered[j] && carries.subarray(j * C, (j + 1) * C).includes(1));
  const move = new Int32Array(J).fill(-1);
  if (together) movers.forEach((j) => { move[j] = 0; });
  else movers.forEach((j, m) => { move[j] = m; });
  return {attribute, k, together, names: together ? [attribute] : movers.map((j) => alternatives[j]), move, carries};
}

/** 1 for alternatives that are ever on offer. */
export function present({alternative, alternatives}: Substitution["data"]): Uint8Array {
  const known = new Uint8Array(alternatives.length);
  for (let row = 0; row < alternative.length; ++row) known[alternative[row]] = 1;
  return known;
}

/** One move in one situation; its arrays are filled anew for the next. */
export interface Step extends Pick<Answer, "effect" | "gradient"> {
  readonly n: number;
  readonly w: number;
  /** First row of the situation. */
  readonly from: number;
  readonly m: number;
  /** The row that moves; where all move together, the first that is not the outside option's. */
  readonly row: number;
  readonly d: Differential;
  /** dz, (J, C) and longer. */
  readonly dz: Float64Array;
}

/** Whether moves are by one unit of the attribute or by all of it, or how far each row of the data goes. */
export type Length = "unit" | "proportional" | ArrayLike<number>;

/** Visits each situation that counts, with its differential, and each move that can be made in it. */
export function eachMove(s: Substitution, {k, together, move, carries}: Moving, visit: (step: Step) => void, length: Length = "unit", arrive?: (n: number, d: Differential) => void): void {
  const {data: {situation, alternative, attributes: {length: K}, x, outside}, weight, beta, columns: {length: C}} = s;
  const far = (row: number) => (length === "unit" ? 1 : length === "proportional" ? x[row * K + k] : length[row]);
  const widest = widestOf(situation);
  const [rise, dz, into] = [new Float64Array(widest), new Float64Array(widest * C), answer(widest, C)];
  const lift = (j: number, step: number, r: number) => {
    rise[r] = 0;
    for (let c = 0; c < C; ++c) {
      dz[r * C + c] = carries[j * C + c] ? step : 0;
      if (carries[j * C + c]) rise[r] += step * beta[c];
    }
  };
  const lower = (r: number) => {
    rise[r] = 0;
    dz.fill(0, r * C, (r + 1) * C);
  };
  for (let n = 0; n < weight.length; ++n) {
    if (!(weight[n] > 0)) continue;
    const [from, to, w] = [situation[n], situation[n + 1], weight[n]];
    const z = rowsOf(s, n);
    const d = differential(s.react(n, z), z);
    arrive?.(n, d);
    const {effect, gradient} = into;
    let first = -1;
    for (let row = from; row < to; ++row) {
      const m = move[alternative[row]];
      if (first < 0 && alternative[row] !== outside) first = row;
      if (m < 0) continue;
      lift(alternative[row], far(row), row - from);
      if (together) continue;
      push(d, rise, dz, into);
      visit({n, w, from, m, row, d, dz, effect, gradient});
      lower(row - from);
    }
    // What a situation has as a whole moves there even if nothing on offer carries it: by nothing, which counts.
    if (!together) continue;
    push(d, rise, dz, into);
    visit({n, w, from, m: 0, row: first, d, dz, effect, gradient});
    for (let row = from; row < to; ++row) lower(row - from);
  }
}
