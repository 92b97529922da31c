import {checkOptions, ChoiceError, expectFields, quote, suggest} from "../../errors.js";
import {quantile} from "../../math/normal.js";
import {logSumExp} from "../../math/logSumExp.js";
import {permutation, source} from "../../math/random.js";
import {shown, type Shown} from "../../rich.js";

/** One coefficient on a grid: evenly spaced points, or the points themselves. */
export type Axis =
  | {readonly from: number; readonly to: number; readonly points: number; /** "log": evenly spaced in ln |coefficient|, for which both ends lie on one side of zero. Default "even". */ readonly spacing?: "even" | "log"}
  | readonly number[];

/** One coefficient's base density, to draw from. A lognormal's mean and sd are those of its logarithm; `sign: -1` turns it negative. */
export type BaseDensity =
  | {readonly family: "normal"; readonly mean: number; readonly sd: number}
  | {readonly family: "lognormal"; readonly mean: number; readonly sd: number; readonly sign?: 1 | -1}
  | {readonly family: "uniform"; readonly from: number; readonly to: number};

/** A weight for each point, before they are made to sum to one: a density of the coefficients by name, or the weights themselves. */
export type BaseWeights = ((taste: Readonly<Record<string, number>>) => number) | ArrayLike<number>;

export interface TastesFacts {
  /** The D coefficients, called as columns of a design: "price", "price[car]", "intercept[car]". */
  readonly names: readonly string[];
  /** Coefficient by coefficient, D arrays of (R). */
  readonly points: readonly Float64Array[];
  /** Logarithms of the base weights q, which sum to one, (R). */
  readonly logBase: Float64Array;
  /** The D lists of a grid, whose last coefficient runs fastest; absent for draws. */
  readonly axes?: readonly Float64Array[];
  /** "grid of 7 × 5 points, uniform", "2000 draws". */
  readonly words: string;
}

/** The coefficient vectors that a mixture mixes, R of them, with the base weights it departs from as little as it must. */
export type Tastes = TastesFacts & Shown;

/** More than this many points would ask for more memory than they are worth. */
const mostPoints = 1e6;

/**
 * A grid of coefficient vectors, the tensor product of one list for each coefficient: what the maximum-entropy mixed logits
 * spread their weights over. Its range is an assumption: no weight goes beyond it.
 *
 * @param axes         a range with its number of points, or the points, by coefficient: named as columns of a design
 * @param options.base base weights q: a density of the coefficients, or R weights; default uniform
 * @throws {ChoiceError} mixing/axis, mixing/too-many (above a million points), mixing/base
 * @example
 * const tastes = tasteGrid({price: {from: -3, to: 0, points: 7}, quality: [0, 1, 2]});
 * tastes.words // "grid of 7 × 3 points, uniform"
 * [tastes.points[0][3], tastes.points[1][3]] // [-2.5, 0]
 */
export function tasteGrid(axes: Readonly<Record<string, Axis>>, options: {readonly base?: BaseWeights} = {}): Tastes {
  const at = "tasteGrid(axes, …)";
  checkOptions(at, options, ["base"]);
  const names = namesOf(axes, at, "{price: {from: -3, to: 0, points: 31}}");
  const lists = names.map((name) => axisPoints(name, axes[name], at));
  const R = lists.reduce((product, list) => product * list.length, 1);
  if (R > mostPoints) throw new ChoiceError("mixing/too-many", {at, saw: `${lists.map(({length}) => length).join(" × ")} = ${R.toExponential(1)} points`, want: `at most ${mostPoints.toExponential(0)}`, hint: "use fewer points on each axis, or tasteDraws, which fills many dimensions with few points"});
  let repeat = R;
  const points = lists.map((list) => {
    repeat /= list.length;
    return Float64Array.from({length: R}, (_, r) => list[Math.floor(r / repeat) % list.length]);
  });
  return shown("tastes", {names, points, logBase: logBase(names, points, options.base, at), axes: lists, words: `grid of ${lists.map(({length}) => length).join(" × ")} points, ${options.base === undefined ? "uniform" : "base weights given"}`});
}

/**
 * Coefficient vectors drawn from a base density: points for more coefficients than a grid can hold. Each coefficient is
 * stratified (a Latin hypercube: one draw in each of R equally likely intervals; McKay, Beckman and Conover 1979), and the
 * coefficients are independent in the base.
 *
 * @param densities      a density by coefficient
 * @param options.draws  R, default 1000
 * @param options.seed   default 1
 * @throws {ChoiceError} mixing/density, mixing/too-many, random/seed
 * @example
 * tasteDraws({price: {family: "lognormal", mean: 0, sd: 1, sign: -1}, quality: {family: "normal", mean: 1, sd: 1}}, {draws: 500}).words // "500 draws"
 */
export function tasteDraws(densities: Readonly<Record<string, BaseDensity>>, options: {readonly draws?: number; readonly seed?: number} = {}): Tastes {
  const at = "tasteDraws(densities, …)";
  checkOptions(at, options, ["draws", "seed"]);
  const {draws: R = 1000, seed = 1} = options;
  if (!Number.isInteger(R) || R < 1 || R > mostPoints) throw new ChoiceError("mixing/too-many", {at, saw: `draws: ${quote(R)}`, want: `a whole number up to ${mostPoints.toExponential(0)}`});
  const names = namesOf(densities, at, '{price: {family: "normal", mean: -1, sd: 1}}');
  const from = source(seed);
  const points = names.map((name, d) => {
    const inverse = quantileOf(name, densities[name], at);
    const stream = from.stream(`tastes of ${name}`, d);
    const order = permutation(R, stream);
    return Float64Array.from({length: R}, (_, r) => inverse((order[r] + stream.uniform()) / R));
  });
  return shown("tastes", {names, points, logBase: new Float64Array(R).fill(-Math.log(R)), words: `${R} draws`});
}

/** @throws {ChoiceError} mixing/not-tastes */
export function checkTastes(tastes: unknown, at: string): asserts tastes is Tastes {
  expectFields("mixing/not-tastes", at, tastes, ["names", "points", "logBase"], "a grid or draws of tastes", "tastes: tasteGrid({price: {from: -3, to: 0, points: 31}})");
}

/** The R coefficient vectors, one at a time, by name. */
export const tasteAt = ({names, points}: TastesFacts, r: number): Record<string, number> => Object.fromEntries(names.map((name, d) => [name, points[d][r]]));

function namesOf(record: unknown, at: string, hint: string): string[] {
  const names = typeof record === "object" && record !== null && !Array.isArray(record) ? Object.keys(record) : [];
  if (!names.length) throw new ChoiceError("mixing/axis", {at, saw: quote(record), want: "something for each coefficient, by name", hint});
  return names;
}

function axisPoints(name: string, axis: Axis, at: string): Float64Array {
  const trouble = (saw: string, want: string, hint?: string) => new ChoiceError("mixing/axis", {at, saw: `${quote(name)}: ${saw}`, want, hint, column: name});
  if (Array.isArray(axis) || ArrayBuffer.isView(axis)) {
    const list = Float64Array.from(axis as readonly number[]);
    if (!list.length || !list.every(Number.isFinite)) throw trouble(quote(axis), "finite numbers, at least one");
    if (new Set(list).size < list.length) throw trouble("a point twice", "each point once");
    return list.sort();
  }
  if (typeof axis !== "object" || axis === null) throw trouble(quote(axis), "a range or a list", "{from: -3, to: 0, points: 31}");
  const {from, to, points, spacing = "even"} = axis as Exclude<Axis, readonly number[]>;
  checkOptions(`${at}, ${name}`, axis, ["from", "to", "points", "spacing"]);
  if (!Number.isFinite(from) || !Number.isFinite(to) || !Number.isInteger(points) || points < 1) throw trouble(quote(axis), "finite ends and a whole number of points");
  if (points === 1 ? from !== to : !(from < to)) throw trouble(quote(axis), "from below to, or equal for one point");
  if (spacing !== "even" && spacing !== "log") throw trouble(`spacing: ${quote(spacing)}`, '"even" or "log"', suggest(String(spacing), ["even", "log"]));
  if (spacing === "log" && !(from * to > 0)) throw trouble(`from ${from} to ${to}, spaced by logarithms`, "both ends on one side of zero");
  const [low, high] = spacing === "log" ? [Math.log(Math.abs(from)), Math.log(Math.abs(to))] : [from, to];
  // From both ends at once, so that a grid around zero is symmetric to the last bit.
  const inside = (k: number) => (points === 1 ? low : (low * (points - 1 - k) + high * k) / (points - 1));
  return Float64Array.from({length: points}, (_, k) => (k === 0 ? from : k === points - 1 ? to : spacing === "log" ? Math.sign(from) * Math.exp(inside(k)) : inside(k)));
}

function quantileOf(name: string, density: BaseDensity, at: string): (u: number) => number {
  const trouble = (want: string) => new ChoiceError("mixing/density", {at, saw: `${quote(name)}: ${quote(density)}`, want, hint: '{family: "normal", mean: -1, sd: 1}', column: name});
  if (typeof density !== "object" || density === null) throw trouble("a density");
  if (density.family === "uniform") {
    const {from, to} = density;
    if (!(Number.isFinite(from) && Number.isFinite(to) && from < to)) throw trouble("finite ends, from below to");
    return (u) => from + (to - from) * u;
  }
  if (density.family !== "normal" && density.family !== "lognormal") throw trouble('"normal", "lognormal" or "uniform"');
  const {mean, sd} = density;
  if (!(Number.isFinite(mean) && sd > 0 && sd < Infinity)) throw trouble("a finite mean and a positive sd");
  if (density.family === "normal") return (u) => mean + sd * quantile(u);
  const {sign = 1} = density;
  if (sign !== 1 && sign !== -1) throw trouble("sign: 1 or -1");
  return (u) => sign * Math.exp(mean + sd * quantile(u));
}

/** ln q, summing to one. */
function logBase(names: readonly string[], points: readonly Float64Array[], base: BaseWeights | undefined, at: string): Float64Array {
  const R = points[0].length;
  if (base === undefined) return new Float64Array(R).fill(-Math.log(R));
  if (typeof base !== "function" && base.length !== R) throw new ChoiceError("mixing/base", {at, saw: `${base.length} base weights`, want: `one for each of ${R} points`});
  const facts = {names, points} as TastesFacts;
  const weights = Float64Array.from({length: R}, (_, r) => (typeof base === "function" ? base(tasteAt(facts, r)) : base[r]));
  const odd = weights.findIndex((weight) => !(weight > 0 && weight < Infinity));
  if (odd >= 0) throw new ChoiceError("mixing/base", {at, saw: `a base weight of ${weights[odd]} at ${quote(tasteAt(facts, odd))}`, want: "positive, finite weights: where the base has none, no fit can put any", hint: "leave such points out of the grid"});
  const logs = weights.map(Math.log);
  const total = logSumExp(logs);
  return logs.map((log) => log - total);
}
