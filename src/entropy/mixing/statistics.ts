import {ChoiceError, quote, suggest} from "../../errors.js";
import type {TastesFacts} from "./tastes.js";

/**
 * What a mixture is to be learned of one coefficient, b: the statistics t(b) whose means the choices set. The rest is the base.
 *
 * - "linear": b. A tilt of the base: exponential, where the base is uniform.
 * - "normal": b, b². A normal density, cut off at the ends of the range.
 * - "lognormal": ln |b|, ln² |b|, for coefficients on one side of zero.
 * - {legendre: m}: Legendre polynomials of degree 1 to m on the range.
 * - {steps: m}: m intervals of equal width, each with a level of its own.
 * - {splines: m}: a log-density of m straight pieces over intervals of equal width.
 */
export type TasteShape = "linear" | "normal" | "lognormal" | {readonly legendre: number} | {readonly steps: number} | {readonly splines: number};

/** One statistic. */
export interface Statistic {
  /** "price", "price²", "price·quality", "P3(price)", "price in [-2, -1)". */
  readonly name: string;
  /** The coefficient it is of, an index into the tastes' names; the first of two for a product. */
  readonly of: number;
  /** (R) */
  readonly values: Float64Array;
}

/**
 * The statistics of a mixture, coefficient by coefficient, then products of pairs. A coefficient with a single value has none.
 *
 * @param shape one for all coefficients, or one for each by name; a coefficient that is not named is "normal"
 * @param cross whether coefficients may be correlated: products of b (or ln |b|) for each pair
 * @throws {ChoiceError} mixing/shape
 */
export function tasteStatistics({names, points}: TastesFacts, shape: TasteShape | Readonly<Record<string, TasteShape>> = "normal", cross = false, at = "fitMaxEntMixed(data, …)"): Statistic[] {
  const shapes = shapesOf(names, shape, at);
  const varied = names.map((_, d) => points[d].some((b) => b !== points[d][0]));
  const own = names.flatMap((name, d) => (varied[d] ? statisticsOf(name, d, points[d], shapes[d], at) : []));
  if (!cross) return own;
  const first = names.map((name, d) => (shapes[d] === "lognormal" ? {name: logName(name, points[d]), values: points[d].map((b) => Math.log(Math.abs(b)))} : {name, values: points[d]}));
  const products = names.flatMap((_, d) => names.slice(0, d).flatMap((_, e) => (varied[d] && varied[e] ? [{
    name: `${first[e].name}·${first[d].name}`, of: e, values: first[e].values.map((b, r) => b * first[d].values[r])
  }] : [])));
  return [...own, ...products];
}

function shapesOf(names: readonly string[], shape: TasteShape | Readonly<Record<string, TasteShape>>, at: string): readonly TasteShape[] {
  const trouble = (saw: unknown, hint?: string) => new ChoiceError("mixing/shape", {at, saw: `statistics: ${quote(saw)}`, want: 'a shape: "linear", "normal", "lognormal", {legendre: 4}, {steps: 5} or {splines: 4}, one for all or one by coefficient', hint});
  const isShape = (value: unknown): value is TasteShape => value === "linear" || value === "normal" || value === "lognormal"
    || (typeof value === "object" && value !== null && Object.keys(value).length === 1 && ["legendre", "steps", "splines"].some((key) => Number.isInteger((value as Record<string, number>)[key]) && (value as Record<string, number>)[key] >= (key === "steps" ? 2 : 1)));
  if (isShape(shape)) return names.map(() => shape);
  if (typeof shape !== "object" || shape === null) throw trouble(shape, suggest(String(shape), ["linear", "normal", "lognormal"]));
  for (const [name, value] of Object.entries(shape)) {
    if (!names.includes(name)) throw trouble({[name]: value}, suggest(name, names));
    if (!isShape(value)) throw trouble({[name]: value});
  }
  return names.map((name) => shape[name] ?? "normal");
}

const logName = (name: string, points: Float64Array) => `ln(${points[0] < 0 ? "-" : ""}${name})`;

function statisticsOf(name: string, of: number, b: Float64Array, shape: TasteShape, at: string): Statistic[] {
  const [low, high] = [b.reduce((least, x) => Math.min(least, x), Infinity), b.reduce((most, x) => Math.max(most, x), -Infinity)];
  const made = (label: string, values: Float64Array): Statistic => ({name: label, of, values});
  if (shape === "linear") return [made(name, b)];
  if (shape === "normal") return [made(name, b), made(`${name}²`, b.map((x) => x * x))];
  if (shape === "lognormal") {
    if (!(low * high > 0)) throw new ChoiceError("mixing/shape", {at, saw: `a lognormal ${quote(name)} on points from ${low} to ${high}`, want: "points on one side of zero", hint: `tasteGrid({${JSON.stringify(name)}: {from: -10, to: -0.05, points: 40, spacing: "log"}})`, column: name});
    const logs = b.map((x) => Math.log(Math.abs(x)));
    return [made(logName(name, b), logs), made(`${logName(name, b)}²`, logs.map((x) => x * x))];
  }
  const unit = b.map((x) => (x - low) / (high - low)); // 0 to 1
  const edge = (part: number) => String(Number((low + part * (high - low)).toPrecision(4)));
  if ("legendre" in shape) return legendre(unit.map((u) => 2 * u - 1), shape.legendre).map((values, k) => made(k ? `P${k + 1}(${name})` : name, values));
  if ("steps" in shape) {
    const m = shape.steps;
    const bin = unit.map((u) => Math.min(m - 1, Math.floor(u * m + 1e-9)));
    return Array.from({length: m - 1}, (_, k) => made(`${name} in [${edge((k + 1) / m)}, ${edge((k + 2) / m)}${k === m - 2 ? "]" : ")"}`, bin.map((own) => (own === k + 1 ? 1 : 0))));
  }
  const m = shape.splines;
  return Array.from({length: m}, (_, k) => made(k ? `(${name} beyond ${edge(k / m)})` : name, unit.map((u) => Math.max(0, u - k / m) * (high - low))));
}

/** P_1 … P_m by Bonnet's recursion, (k + 1) P_{k+1} = (2k + 1) x P_k - k P_{k-1}. */
function legendre(x: Float64Array, m: number): Float64Array[] {
  const P = [new Float64Array(x.length).fill(1), x];
  for (let k = 1; k < m; ++k) P.push(x.map((value, r) => ((2 * k + 1) * value * P[k][r] - k * P[k - 1][r]) / (k + 1)));
  return P.slice(1, m + 1);
}
