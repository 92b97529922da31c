import type {ChoiceData} from "../data/choiceData.js";
import {fromLong} from "../data/fromLong.js";
import {checkOptions, ChoiceError, expectFields, quote, suggest} from "../errors.js";
import {mixing} from "../integrate/mixing.js";
import type {Point} from "../kernels/panel.js";
import {source as seeded, type Source} from "../math/random.js";
import {design, type Column} from "../model/design.js";
import {parameters, type Parameter} from "../model/parameters.js";
import type {Specification} from "../model/specification.js";

/** How large a world to make, and what is true in it. */
export interface WorldOptions {
  /** How many people, and situations of each. */
  readonly people: number;
  readonly situations: number;
  /** Seed of everything random, or a source. Default 1. */
  readonly seed?: number | Source;
  /** Names of alternatives. Default "a", "b", "c". */
  readonly alternatives?: readonly string[];
  /** Names of attributes; each is uniform on [-2, 2], independent over rows. Default "price", "quality". */
  readonly attributes?: readonly string[];
  /** Name of an outside option, offered in every situation beside the alternatives. */
  readonly outside?: string;
  /** Chance that an alternative is on offer; at least two always are. Default 1. */
  readonly available?: number;
  /** True parameters by name; the rest have defaults of ordinary size. */
  readonly truth?: Readonly<Record<string, number>>;
}

/** A data set whose every parameter is known. */
export interface World {
  readonly data: ChoiceData;
  /** The parameters that made it, by name, in the order of `parameters`. */
  readonly truth: Readonly<Record<string, number>>;
  readonly parameters: readonly Parameter[];
  readonly specification: Specification;
}

/**
 * Makes a world in which a model of any tier is true: attributes, coefficients drawn from their distributions, and choices
 * drawn from the logit (eq:utility, eq:mixing). Every person has streams of their own, so a larger world begins with the
 * smaller one.
 *
 * @throws {ChoiceError} simulate/size, simulate/truth, and as `design`
 * @example
 * const {data, truth} = simulate({tier: "mixed"}, {people: 200, situations: 8, seed: 7});
 * const fit = await fitMixed(data); // its estimates are near `truth`
 */
export function simulate(specification: Specification, options: WorldOptions): World {
  const at = "simulate(specification, …)";
  expectFields("simulate/size", at, options, ["people", "situations"], "how many people, and situations of each", 'simulate({tier: "mixed"}, {people: 500, situations: 8})');
  checkOptions(at, options, ["people", "situations", "seed", "alternatives", "attributes", "outside", "available", "truth"]);
  const {people, situations, seed = 1, alternatives = ["a", "b", "c"], attributes = ["price", "quality"], outside, available = 1, truth = {}} = options;
  for (const [name, value, least] of [["people", people, 1], ["situations", situations, 1], ["alternatives", alternatives.length, outside === undefined ? 2 : 1]] as const) {
    if (!Number.isInteger(value) || value < least) {
      throw new ChoiceError("simulate/size", {
        at, saw: `${name}: ${quote(value)}`,
        want: `a whole number, at least ${least}`
      });
    }
  }
  for (const name of attributes) {
    if (["person", "situation", "alternative", "chosen"].includes(name)) {
      throw new ChoiceError("simulate/reserved", {
        at, saw: `an attribute called ${quote(name)}`,
        want: "a name that the world does not use itself",
        hint: `attributes: [${JSON.stringify(`${name}_`)}]`
      });
    }
  }
  if (!(available > 0 && available <= 1)) {
    throw new ChoiceError("simulate/size", {
      at, saw: `available: ${quote(available)}`,
      want: "a chance in (0, 1]"
    });
  }
  const source = typeof seed === "number" ? seeded(seed) : seed;
  const table = menus(people, situations, outside === undefined ? alternatives : [outside, ...alternatives], attributes, outside, available, source);
  const read = () => fromLong(table.columns, {chosen: "chosen", alternative: "alternative", situation: "situation", person: "person", attributes: [...attributes], alternatives: outside === undefined ? [...alternatives] : [outside, ...alternatives], ...(outside !== undefined && {outside})});
  const blank = read();
  const plan = design(blank, specification, at);
  const found = parameters(plan, specification.hold, at);
  const names = found.map(({name}) => name);
  for (const name of Object.keys(truth)) if (!names.includes(name)) throw new ChoiceError("simulate/truth", {at, saw: `truth: {${JSON.stringify(name)}: …}`, want: "a parameter of this model", hint: suggest(name, names)});
  for (const [name, value] of Object.entries(truth)) {
    if (!Number.isFinite(value)) throw new ChoiceError("simulate/truth", {at, saw: `truth: {${JSON.stringify(name)}: ${quote(value)}}`, want: "finite numbers"});
  }
  const theta = Float64Array.from(found, (parameter) => parameter.held ?? (Object.hasOwn(truth, parameter.name) ? truth[parameter.name] : ordinary(parameter, plan.columns, found)));
  choose(blank, plan, theta, found, source, table.columns.chosen);
  return {data: read(), truth: Object.fromEntries(names.map((name, p) => [name, theta[p]])), parameters: found, specification};
}

interface Menus {
  readonly columns: {person: number[]; situation: number[]; alternative: string[]; chosen: number[]} & Record<string, number[] | string[]>;
}

function menus(people: number, situations: number, alternatives: readonly string[], attributes: readonly string[], outside: string | undefined, available: number, source: Source): Menus {
  const columns = {person: [] as number[], situation: [] as number[], alternative: [] as string[], chosen: [] as number[]} as Menus["columns"];
  for (const name of attributes) columns[name] = [];
  for (let i = 0; i < people; ++i) {
    const stream = source.stream("attributes", i);
    for (let t = 0; t < situations; ++t) {
      // Draw for every alternative, on offer or not, so that availability does not shift the stream.
      const drawn = alternatives.map((name) => ({name, offered: stream.uniform() < available || name === outside, x: attributes.map(() => 4 * stream.uniform() - 2)}));
      for (const item of drawn) if (drawn.filter(({offered}) => offered).length < 2) item.offered = true;
      drawn.filter(({offered}) => offered).forEach(({name, x}, rank) => {
        columns.person.push(i + 1);
        columns.situation.push(t + 1);
        columns.alternative.push(name);
        columns.chosen.push(rank === 0 ? 1 : 0); // until choices are drawn
        attributes.forEach((attribute, k) => (columns[attribute] as number[]).push(name === outside ? 0 : x[k]));
      });
    }
  }
  return {columns};
}

/** Draws coefficients and choices, writing `chosen` (rows). */
function choose(data: ChoiceData, plan: ReturnType<typeof design>, theta: Float64Array, found: readonly Parameter[], source: Source, chosen: number[]): void {
  const blend = mixing(plan, found);
  const [C, P] = [plan.columns.length, found.length];
  const point: Point = {b: new Float64Array(C), jacobian: new Float64Array(P), curve: new Float64Array(P * P)};
  const together = plan.panel;
  for (let i = 0; i < data.people.length; ++i) {
    const [tastes, shocks] = [source.stream("tastes", i), source.stream("shocks", i)];
    const drawNu = () => Float64Array.from({length: blend.dimensions}, (_, d) => (blend.readers ? blend.readers[d](tastes.normal()) : tastes.normal()));
    let nu = drawNu();
    for (let n = data.person[i]; n < data.person[i + 1]; ++n) {
      if (!together && n > data.person[i]) nu = drawNu();
      const eta = Float64Array.from({length: blend.within}, () => tastes.normal());
      blend.at(theta, nu, 0, eta, 0, point, 0);
      let [best, top] = [-1, -Infinity];
      for (let row = data.situation[n]; row < data.situation[n + 1]; ++row) {
        let utility = -Math.log(-Math.log(shocks.uniform())); // Gumbel
        for (let c = 0; c < C; ++c) utility += plan.z[row * C + c] * point.b[c];
        if (utility > top) [best, top] = [row, utility];
      }
      for (let row = data.situation[n]; row < data.situation[n + 1]; ++row) chosen[data.sourceRow[row]] = row === best ? 1 : 0;
    }
  }
}

/** A true value of ordinary size: effects near one, spreads near two thirds, correlations that are felt. */
function ordinary({role, column, on}: Parameter, columns: readonly Column[], found: readonly Parameter[]): number {
  const {distribution} = columns[column];
  const rank = found.filter((p) => p.role === role && p.column < column).length;
  switch (role) {
    case "intercept": return [0.5, -0.25, 0.25, -0.5][rank % 4];
    case "mean":
      if (distribution?.family === "lognormal" || distribution?.family === "exponential") return -0.25;
      if (distribution?.family === "censored" || distribution?.family === "truncated") return 0.5 * (distribution.sign ?? 1);
      return [-1, 0.75, 0.5, -0.5, 1, -0.75][rank % 6];
    case "within": return on === column ? 0.6 : 0.2;
    default: return on === column ? (distribution?.family === "lognormal" ? 0.5 : [0.8, 0.6, 1, 0.7][column % 4]) : 0.3;
  }
}
