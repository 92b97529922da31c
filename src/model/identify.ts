import type {ChoiceFacts} from "../data/choiceData.js";
import {ChoiceError, listed, quote} from "../errors.js";
import type {Breathe} from "../kernels/mnl.js";
import {dependencies, rootMeanSquares} from "../math/dependencies.js";
import type {Units} from "./choices.js";
import type {Column} from "./design.js";
import type {Parameter} from "./parameters.js";

/**
 * Refuses what these data cannot tell, by name, before any fit: columns that never vary within a situation, and columns
 * that are combinations of others. Both are read off the differences to the chosen row, which are all that a logit sees.
 * This is the exact answer, and takes its time: `clearlyIndependent` spares most data the question.
 *
 * @param all        columns of the design, with their parameters: what is held is not asked of the data
 * @throws {ChoiceError} identify/constant, identify/no-variation, identify/collinear, identify/too-few
 */
export async function checkIdentified(data: ChoiceFacts, all: readonly Column[], parameters: readonly Parameter[], {d: whole, row}: Units, at = "fit(data)", breathe?: Breathe): Promise<void> {
  const free = (c: number, location: boolean) => parameters.some(({column, on, held}) => column === c && held === undefined && (!location || on === undefined));
  const sizes = rootMeanSquares(whole, all.length);
  const still = all.filter((_, c) => sizes[c] === 0 && free(c, false));
  if (still.length) throw noVariation(data, still, at);
  // Only locations compete with one another; a held one is no unknown.
  const kept = [...all.keys()].filter((c) => free(c, true));
  const columns = kept.map((c) => all[c]);
  const C = columns.length;
  if (!C) return;
  const d = C === all.length ? whole : pick(whole, all.length, kept);
  const scale = Float64Array.from(kept, (c) => sizes[c]);
  if (row[row.length - 1] < C) {
    throw new ChoiceError("identify/too-few", {
      at, saw: `${C} columns and ${row[row.length - 1]} comparisons between alternatives`,
      want: "more comparisons than columns",
      hint: "drop columns, or bring more situations"
    });
  }
  const relations = await dependencies(d, C, scale, breathe);
  if (!relations.length) return;
  const words = relations.map(({column, of}) => {
    const parts = of.map(({column: other, weight}) => {
      const times = format((weight * scale[column]) / scale[other]);
      return `${times === "1" ? "" : times === "-1" ? "-" : `${times} `}${columns[other].name}`;
    });
    return `${columns[column].name} = ${parts.join(" + ").replaceAll("+ -", "- ")}`;
  });
  throw new ChoiceError("identify/collinear", {
    at, saw: `${listed(relations.map(({column}) => columns[column].name))} ${relations.length > 1 ? "are combinations" : "is a combination"} of other columns, within every situation: ${words.join("; ")}`,
    want: "columns that each add something", hint: `leave out ${listed(relations.map(({column}) => quote(columns[column].name)))}, or hold it: {hold: {${JSON.stringify(columns[relations[0].column].name)}: 0}}`
  }, relations.map(({column}) => ({column: columns[column].name})));
}

function pick(d: Float64Array, C: number, kept: readonly number[]): Float64Array {
  const out = new Float64Array((d.length / C) * kept.length);
  for (let row = 0, to = 0; row < d.length; row += C) for (const c of kept) out[to++] = d[row + c];
  return out;
}

const format = (value: number) => String(Number(value.toPrecision(4)));

function noVariation(data: ChoiceFacts, still: readonly Column[], at: string): ChoiceError {
  const K = data.attributes.length;
  const constants = still.filter(({attribute}) => attribute >= 0 && data.alternative.every((alternative, row) => alternative === data.outside || data.x[row * K + attribute] === data.x[firstInside(data) * K + attribute]));
  const names = listed(still.map(({name}) => quote(name)));
  if (constants.length === still.length && constants.length) {
    const value = data.x[firstInside(data) * K + constants[0].attribute];
    return new ChoiceError("identify/constant", {at, saw: `${names} ${still.length > 1 ? "are" : "is"} constant everywhere${still.length > 1 ? "" : ` (${value})`}`, want: "attributes that vary", hint: `leave ${names} out`, column: still[0].name}, still.map(({name}) => ({column: name})));
  }
  const example = still.find(({attribute}) => attribute >= 0);
  return new ChoiceError("identify/no-variation", {
    at, saw: `${names} never ${still.length > 1 ? "vary" : "varies"} between the alternatives of a situation`, want: "attributes that differ between alternatives: what is the same for all of them cancels",
    hint: example ? `give it one coefficient per alternative: attributes: [{attribute: ${JSON.stringify(data.attributes[example.attribute])}, byAlternative: true}, …]` : "drop it: these alternatives are always or never on offer together"
  }, still.map(({name}) => ({column: name})));
}

const firstInside = (data: ChoiceFacts) => data.alternative.findIndex((j) => j !== data.outside);
