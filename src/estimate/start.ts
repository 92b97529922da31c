import {ChoiceError, listed, quote, suggest} from "../errors.js";
import {rootMeanSquares} from "../math/dependencies.js";
import type {Units} from "../model/choices.js";
import type {Design} from "../model/design.js";
import type {Parameter} from "../model/parameters.js";
import type {FitOptions} from "./options.js";

/**
 * Where a climb begins: locations from multinomial logit, spreads at a tenth of a unit of utility or three tenths of the
 * coefficient, whichever is more. Never at zero: a spread of zero is a stationary point whatever the data say.
 *
 * @param b coefficients of the multinomial logit of the same columns, (C)
 */
export function startingValues({columns}: Design, parameters: readonly Parameter[], {d}: Units, b: Float64Array): Float64Array {
  const scale = rootMeanSquares(d, columns.length);
  return Float64Array.from(parameters, ({column, on, role, held}) => {
    if (held !== undefined) return held;
    const {distribution} = columns[column];
    const sign = distribution?.sign ?? 1;
    const small = 0.1 / scale[column]; // moves utility by about a tenth
    if (on === undefined) {
      switch (distribution?.family) {
        case "lognormal": case "exponential": return Math.log(Math.max(sign * b[column], small));
        case "censored": case "truncated": return sign * Math.max(sign * b[column], small);
        default: return b[column];
      }
    }
    if (on !== column) return 0;
    const spread = distribution?.family === "lognormal" ? 0.3 : Math.max(0.3 * Math.abs(b[column]), small);
    return role === "within" ? spread / 2 : spread;
  });
}

/**
 * Puts what the user gave over the starting values: a whole theta, values by name, or an earlier fit matched by name.
 *
 * @throws {ChoiceError} options/start
 */
export function overrideStart(start: NonNullable<FitOptions["start"]>, theta: Float64Array, parameters: readonly Parameter[], at: string): Float64Array {
  const names = parameters.map(({name}) => name);
  const trouble = (saw: string, want: string, hint?: string) => new ChoiceError("options/start", {at, saw, want, hint});
  if (Array.isArray(start) || ArrayBuffer.isView(start)) {
    const values = start as ArrayLike<number>;
    if (values.length !== theta.length) throw trouble(`start: ${values.length} values`, `${theta.length}, in the order ${listed(names, 30)}`);
    return checked(Float64Array.from(values, (value, p) => parameters[p].held ?? value), names, trouble);
  }
  const isFit = "parameters" in start && "theta" in start && typeof start.theta === "object";
  const given = isFit ? carriedOver(start as Earlier, parameters) : (start as Readonly<Record<string, number>>);
  if (!isFit) for (const name of Object.keys(given)) if (!names.includes(name)) throw trouble(`start: {${JSON.stringify(name)}: …}`, "a parameter of this model", suggest(name, names));
  const out = theta.map((value, p) => (parameters[p].held === undefined && Object.hasOwn(given, names[p]) ? given[names[p]] : value));
  return checked(out, names, trouble);
}

interface Earlier {
  readonly parameters: readonly Parameter[];
  readonly theta: Float64Array;
}

/**
 * What an earlier fit says of this model's parameters, by their names. What is spread there is spread here, though diagonal
 * and full covariances name it differently: a standard deviation is the diagonal of a factor whose other entries are zero,
 * and the length of a factor's row is a standard deviation.
 */
function carriedOver({parameters: earlier, theta}: Earlier, parameters: readonly Parameter[]): Record<string, number> {
  const given: Record<string, number> = Object.fromEntries(earlier.map(({name}, p) => [name, theta[p]]));
  const column = (list: readonly Parameter[], index: number) => list.find((one) => one.on === undefined && one.column === index)!.name;
  for (const {name, column: c, on, role} of parameters) {
    if (on === undefined || Object.hasOwn(given, name)) continue;
    const within = role === "within";
    const row = new Map(earlier.flatMap((one, p) => (one.on !== undefined && (one.role === "within") === within && column(earlier, one.column) === column(parameters, c) ? [[column(earlier, one.on), theta[p]]] : [])));
    if (!row.size) continue;
    const whole = name.startsWith("chol");
    given[name] = whole ? row.get(column(parameters, on)) ?? 0 : Math.hypot(...row.values());
  }
  return given;
}

function checked(theta: Float64Array, names: readonly string[], trouble: (saw: string, want: string) => ChoiceError): Float64Array {
  theta.forEach((value, p) => { if (!Number.isFinite(value)) throw trouble(`start: ${quote(value)} for ${names[p]}`, "finite numbers"); });
  return theta;
}
