import {ChoiceError, quote} from "../errors.js";

/** Numbers by period and good: rows of one length, (T)(J), or an object with a column of T numbers for each good. */
export type PanelInput = readonly ArrayLike<number>[] | Readonly<Record<string, ArrayLike<number>>>;

/** The same, flat. */
export interface Panel {
  readonly T: number;
  readonly J: number;
  readonly names?: readonly string[];
  readonly cells: Float64Array; // (T, J), row-major
}

/** @throws {ChoiceError} pricing/panel, pricing/length */
export function panel(at: string, option: string, given: PanelInput, like?: Panel): Panel {
  if (typeof given !== "object" || given === null) throw new ChoiceError("pricing/panel", {at, value: given, saw: `${option}: ${quote(given)}`, want: "rows of numbers, one for each period, or a column for each good", hint: `${option}: [[1, 2], [1.5, 2]]`});
  const byRow = Array.isArray(given);
  const names = byRow ? undefined : Object.keys(given);
  if (like?.names && names && like.names.some((name) => !names.includes(name))) throw new ChoiceError("pricing/panel", {at, saw: `${option} has columns ${quote(names)}`, want: `columns ${quote(like.names)}`});
  const columns = names && (like?.names ?? names).map((name) => (given as Readonly<Record<string, ArrayLike<number>>>)[name]);
  const rows = given as readonly ArrayLike<number>[];
  const T = columns ? (columns[0]?.length ?? 0) : rows.length;
  const J = columns ? columns.length : (rows[0]?.length ?? 0);
  if (!(T > 0 && J > 0)) throw new ChoiceError("pricing/length", {at, saw: `${option} of ${T || 0} periods and ${J || 0} goods`, want: "at least one of each"});
  if (like && (T !== like.T || J !== like.J)) throw new ChoiceError("pricing/length", {at, saw: `${option} of ${T} periods and ${J} goods`, want: `${like.T} periods and ${like.J} goods, as in prices`});
  const cells = new Float64Array(T * J);
  for (let t = 0; t < T; ++t) for (let j = 0; j < J; ++j) {
    const value = columns ? columns[j]?.[t] : rows[t]?.[j];
    const length = columns ? columns[j]?.length : rows[t]?.length;
    if (length !== (columns ? T : J)) throw new ChoiceError("pricing/length", {at, row: t, saw: columns ? `column ${quote(names![j])} of ${option} has ${length ?? 0} rows, not ${T}` : `row ${t} of ${option} has ${length} numbers, not ${J}`, want: "rows of one length"});
    if (typeof value !== "number" || !Number.isFinite(value)) throw new ChoiceError("pricing/number", {at, column: names?.[j], row: t, value, saw: `${option}, period ${t}, good ${j}: ${quote(value)}`, want: "a finite number in each cell", hint: "leave out periods with empty cells"});
    cells[t * J + j] = value;
  }
  return {T, J, cells, ...((like?.names ?? names) && {names: like?.names ?? names})};
}
