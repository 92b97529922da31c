import type {ChoiceFacts} from "../../data/choiceData.js";
import type {OfferFacts} from "../../data/offers.js";
import {ChoiceError, quote, suggest} from "../../errors.js";

/** One column by its name: an attribute, or an intercept, of all alternatives or of some. */
export interface NamedColumn {
  readonly name: string;
  /** Index of the attribute, -1 for an intercept. */
  readonly attribute: number;
  /** Indices of the alternatives that carry it; empty when all do. */
  readonly alternatives: readonly number[];
}

/**
 * Reads columns off their names, as a design writes them: "price", "price[car]", "price[car+bus]", "intercept[car]",
 * "intercept" (all alternatives but the outside option).
 *
 * @throws {ChoiceError} model/unknown-column, with the nearest
 */
export function namedColumns(data: ChoiceFacts | OfferFacts, names: readonly string[], at: string): NamedColumn[] {
  return names.map((name) => {
    const column = named(data, name);
    if (column) return column;
    throw new ChoiceError("model/unknown-column", {
      at, saw: quote(name), want: 'an attribute, an attribute of an alternative such as "price[car]", or an intercept such as "intercept[car]"',
      hint: suggest(name, [...data.attributes, ...data.alternatives.map((j) => `intercept[${j}]`), ...data.attributes.flatMap((k) => data.alternatives.map((j) => `${k}[${j}]`))])
    });
  });
}

function named({attributes, alternatives, outside}: ChoiceFacts | OfferFacts, name: string): NamedColumn | undefined {
  const whole = attributes.indexOf(name); // an attribute may have brackets of its own
  if (whole >= 0) return {name, attribute: whole, alternatives: []};
  if (name === "intercept" && outside !== undefined) return {name, attribute: -1, alternatives: [...alternatives.keys()].filter((j) => j !== outside)};
  const parts = /^(.*)\[(.*)\]$/s.exec(name);
  if (!parts) return undefined;
  const [, family, list] = parts;
  const attribute = attributes.indexOf(family);
  if (attribute < 0 && family !== "intercept") return undefined;
  const carriers = alternatives.includes(list) ? [list] : list.split("+");
  if (!carriers.every((carrier) => alternatives.includes(carrier))) return undefined;
  return {name, attribute, alternatives: carriers.map((carrier) => alternatives.indexOf(carrier))};
}

/** What each row has in each column, (rows, C), row-major; nothing in the rows of an outside option but its own intercept. */
export function fillColumns({x, alternative, attributes}: ChoiceFacts | OfferFacts, columns: readonly NamedColumn[]): Float64Array {
  const [rows, C, K] = [alternative.length, columns.length, attributes.length];
  const z = new Float64Array(rows * C);
  columns.forEach(({attribute, alternatives: carriers}, c) => {
    for (let row = 0; row < rows; ++row) {
      if (carriers.length && !carriers.includes(alternative[row])) continue;
      z[row * C + c] = attribute < 0 ? 1 : x[row * K + attribute];
    }
  });
  return z;
}
