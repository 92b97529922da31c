import {ChoiceError, quote, suggest} from "../errors.js";
import type {Id, Note} from "./choiceData.js";
import type {Codes} from "./cells.js";
import {compareIds} from "./order.js";

/** How columns become attributes. Applied in this order: dummies, scale, center, interactions. */
export interface EncodeOptions {
  /** Categorical columns: each level but the first (in sorted order) becomes a 0/1 attribute `"region[north]"`. */
  readonly dummies?: readonly string[];
  /** Factors by which attributes are multiplied: `{cost: 0.01}`. */
  readonly scale?: Readonly<Record<string, number>>;
  /** Attributes from which the mean over rows (outside option aside) is subtracted. */
  readonly center?: readonly string[];
  /** Products of two attributes: `["cost", "income"]` gives `"cost:income"`. A factor need not be an attribute itself. */
  readonly interactions?: readonly (readonly [string, string])[];
}

export const encodeOptionNames = ["dummies", "scale", "center", "interactions"] as const;

/** A column on its way to an attribute: numbers or levels, one for every `per` rows. */
export interface RoughColumn {
  readonly name: string;
  /** Only wanted as a factor of an interaction. */
  readonly hidden?: boolean;
  /** The cell of row r is at floor(r / per). */
  readonly per: number;
  readonly values?: Float64Array;
  readonly levels?: Codes;
}

interface Attribute {
  readonly name: string;
  readonly hidden: boolean;
  /** The column it came from: "region" for "region[north]". */
  readonly family: string;
  /** Writes its values as they come from the table, (rows). */
  fill(to: Float64Array): void;
}

/**
 * Columns to attributes.
 *
 * @param order   which rough row each final row is, (rows); -1 for an outside option made here
 * @param outside marks rows of the outside option, whose attributes are zeros, (rows)
 * @returns names and x, (rows, K), row-major
 */
export function encode(
  at: string,
  columns: readonly RoughColumn[],
  order: Int32Array,
  outside: Uint8Array,
  options: EncodeOptions,
  notes: Note[]
): {names: string[]; x: Float64Array} {
  const attributes = columns.flatMap((column) => (column.levels ? expand(at, column, column.levels, order, outside, notes) : [gather(column, order)]));
  const find = (option: string, name: string) => {
    const found = attributes.filter((a) => a.name === name || a.family === name);
    if (found.length > 0) return found;
    throw new ChoiceError("data/unknown-attribute", {
      at, saw: `option ${option} names ${quote(name)}`,
      want: "an attribute of these data",
      hint: suggest(name, attributes.map((a) => a.name))
    });
  };

  const scales = new Map<Attribute, number>();
  for (const [name, factor] of Object.entries(options.scale ?? {})) {
    if (!Number.isFinite(factor) || factor === 0) {
      throw new ChoiceError("options/bad-scale", {
        at, value: factor, saw: `scale of ${quote(name)} is ${quote(factor)}`,
        want: "a finite number other than 0"
      });
    }
    for (const attribute of find("scale", name)) scales.set(attribute, (scales.get(attribute) ?? 1) * factor);
  }
  const centred = new Set((options.center ?? []).flatMap((name) => find("center", name)));
  const products = (options.interactions ?? []).flatMap((pair) => {
    if (!Array.isArray(pair) || pair.length !== 2) {
      throw new ChoiceError("options/bad-interaction", {
        at, value: pair, saw: `interaction ${quote(pair)}`,
        want: 'two names, such as ["cost", "income"]'
      });
    }
    return find("interactions", pair[0]).flatMap((a) => find("interactions", pair[1]).map((b) => ({name: `${a.name}:${b.name}`, a, b})));
  });
  const kept = [...attributes.filter((a) => !a.hidden), ...products];
  const names = kept.map((a) => a.name);
  const twice = names.find((name, k) => names.indexOf(name) !== k);
  if (twice !== undefined) {
    throw new ChoiceError("data/duplicate-attribute", {
      at, column: twice, saw: `two attributes are called ${quote(twice)}`,
      want: "names that tell attributes apart"
    });
  }
  const R = order.length;
  const K = kept.length;
  const x = new Float64Array(R * K);
  const silenced: string[] = [];
  /** An attribute as the model sees it: scaled, centred, zero for the outside option. */
  const finished = (attribute: Attribute, values: Float64Array): Float64Array => {
    attribute.fill(values);
    if (!attribute.hidden && values.some((value, r) => outside[r] === 1 && value !== 0)) silenced.push(attribute.name);
    const factor = scales.get(attribute);
    if (factor !== undefined) for (let r = 0; r < R; ++r) values[r] *= factor;
    const mean = centred.has(attribute) ? meanInside(values, outside) : 0;
    if (mean !== 0) for (let r = 0; r < R; ++r) values[r] -= mean;
    for (let r = 0; r < R; ++r) if (outside[r]) values[r] = 0;
    return values;
  };
  // One column at a time passes through the same room; only what is multiplied with another is kept.
  const room = new Float64Array(R);
  const factors = new Map([...new Set(products.flatMap(({a, b}) => [a, b]))].map((attribute) => [attribute, new Float64Array(R)]));
  for (const [attribute, values] of factors) if (attribute.hidden) finished(attribute, values);
  kept.forEach((item, k) => {
    if ("fill" in item) {
      const values = finished(item, factors.get(item) ?? room);
      for (let r = 0; r < R; ++r) x[r * K + k] = values[r];
      return;
    }
    const [a, b] = [factors.get(item.a)!, factors.get(item.b)!];
    for (let r = 0; r < R; ++r) x[r * K + k] = a[r] * b[r];
  });
  if (silenced.length > 0) {
    notes.push({level: "warning", code: "data/outside-zeroed", text: `The outside option had values of its own for ${silenced.map(quote).join(", ")}; its attributes are zeros now.`});
  }
  return {names, x};
}

function gather({name, hidden = false, per, values}: RoughColumn, order: Int32Array): Attribute {
  const source = values as Float64Array;
  return {name, hidden, family: name, fill(to) {
    for (let r = 0; r < to.length; ++r) to[r] = order[r] < 0 ? 0 : source[per === 1 ? order[r] : Math.floor(order[r] / per)];
  }};
}

function expand(at: string, {name, hidden = false, per}: RoughColumn, {code, ids}: Codes, order: Int32Array, outside: Uint8Array, notes: Note[]): Attribute[] {
  const level = Int32Array.from(order, (r) => (r < 0 ? -1 : code[Math.floor(r / per)]));
  const present = new Set<number>();
  for (let r = 0; r < level.length; ++r) if (!outside[r] && level[r] >= 0) present.add(level[r]);
  if (present.size > 200) {
    throw new ChoiceError("data/too-many-levels", {
      at, column: name, saw: `column ${quote(name)} has ${present.size} levels`,
      want: "at most 200 for dummies",
      hint: "merge rare levels into one"
    });
  }
  const sorted = [...present].sort((a, b) => compareIds(ids[a], ids[b]));
  const [base, ...rest] = sorted;
  notes.push(
    rest.length > 0
      ? {level: "info", code: "data/dummy-base", text: `Dummies of ${quote(name)} compare with ${quote(label(name, ids[base]))}, the first of ${sorted.length} levels.`}
      : {level: "warning", code: "data/one-level", text: `Column ${quote(name)} has one level only; it makes no dummies.`}
  );
  return rest.map((l) => ({name: label(name, ids[l]), hidden, family: name, fill: (to) => { for (let r = 0; r < to.length; ++r) to[r] = Number(level[r] === l); }}));
}

const label = (name: string, level: Id) => `${name}[${String(level)}]`;

function meanInside(values: Float64Array, outside: Uint8Array): number {
  let sum = 0;
  let count = 0;
  for (let r = 0; r < values.length; ++r) {
    if (outside[r]) continue;
    sum += values[r];
    ++count;
  }
  return count > 0 ? sum / count : 0;
}
