import type {OfferFacts} from "../data/offers.js";
import {ChoiceError, listed, quote, suggest} from "../errors.js";

/** Prior probabilities: by alternative; one for each row, in the order of the user's table; or an attribute that holds them. */
export type Prior = Readonly<Record<string, number>> | ArrayLike<number> | string;

/**
 * ln of the prior probability of each row, (rows), made to sum to one in every situation; undefined without a prior.
 *
 * @throws {ChoiceError} options/prior, options/unknown-prior
 */
export function logPriors(data: OfferFacts, prior: Prior | undefined, at: string): Float64Array | undefined {
  if (prior === undefined) return undefined;
  const q = positive(data, valuesOf(data, prior, at), at);
  const {situation} = data;
  for (let n = 0; n + 1 < situation.length; ++n) {
    let sum = 0;
    for (let row = situation[n]; row < situation[n + 1]; ++row) sum += q[row];
    for (let row = situation[n]; row < situation[n + 1]; ++row) q[row] = Math.log(q[row] / sum);
  }
  return q;
}

/** The attribute that holds the prior, if one does: it is no moment then. */
export const priorAttribute = (prior: unknown): string | undefined => (typeof prior === "string" ? prior : undefined);

function valuesOf(data: OfferFacts, prior: Prior, at: string): Float64Array {
  const {alternatives, alternative, attributes, x, sourceRow} = data;
  if (typeof prior === "string") {
    const k = attributes.indexOf(prior);
    if (k < 0) throw new ChoiceError("options/unknown-prior", {at, saw: `no attribute called ${quote(prior)}`, want: "an attribute that holds prior probabilities", hint: suggest(prior, attributes)});
    return Float64Array.from(alternative, (_, row) => x[row * attributes.length + k]);
  }
  if (typeof prior !== "object" || prior === null) throw new ChoiceError("options/prior", {at, saw: `prior: ${quote(prior)}`, want: "a record from alternative to probability, one number for each row, or the name of an attribute"});
  if (Array.isArray(prior) || ArrayBuffer.isView(prior)) return byRow(prior as ArrayLike<number>, sourceRow, at);
  const record = prior as Readonly<Record<string, number>>;
  const strange = Object.keys(record).find((name) => !alternatives.includes(name));
  if (strange !== undefined) throw new ChoiceError("options/unknown-prior", {at, saw: `a prior for ${quote(strange)}`, want: "alternatives of the data", hint: suggest(strange, alternatives)});
  const untold = alternatives.filter((name) => !Object.hasOwn(record, name));
  if (untold.length) throw new ChoiceError("options/prior", {at, saw: `no prior for ${listed(untold.map(quote))}`, want: "one for each alternative"});
  const odd = alternatives.find((name) => typeof record[name] !== "number");
  if (odd !== undefined) throw new ChoiceError("options/prior", {at, saw: `a prior for ${quote(odd)} of ${quote(record[odd])}`, want: "a number for each alternative"});
  return Float64Array.from(alternative, (j) => record[alternatives[j]]);
}

function byRow(prior: ArrayLike<number>, sourceRow: Int32Array, at: string): Float64Array {
  const needed = sourceRow.reduce((most, row) => Math.max(most, row + 1), 0);
  if (sourceRow.some((row) => row < 0) || new Set(sourceRow).size < sourceRow.length) {
    throw new ChoiceError("options/prior", {at, saw: "one prior for each row, but alternatives do not each have a row of their own in the table", want: "a long table without an added outside option", hint: "a record from alternative to probability, or an attribute that holds the prior"});
  }
  if (prior.length < needed) throw new ChoiceError("options/prior", {at, saw: `${prior.length} prior weights for ${needed} rows`, want: "one for each row of the table"});
  return Float64Array.from(sourceRow, (row) => prior[row]);
}

function positive({alternatives, alternative}: OfferFacts, q: Float64Array, at: string): Float64Array {
  const bad = q.findIndex((value) => !(value > 0 && Number.isFinite(value)));
  if (bad < 0) return q;
  const value = q[bad];
  throw new ChoiceError("options/prior", {
    at, saw: `a prior of ${quote(value)} for ${quote(alternatives[alternative[bad]])}`, want: "positive probabilities",
    hint: value === 0 ? "drop the rows of what is impossible: a prior of zero can never become more" : undefined
  });
}
