import assert from "node:assert/strict";
import {fromLong, type LongOptions} from "../../src/data/fromLong.js";
import type {ChoiceData} from "../../src/data/choiceData.js";
import {ChoiceError} from "../../src/errors.js";
import {likelihood} from "../../src/estimate/likelihood.js";
import {mixing} from "../../src/integrate/mixing.js";
import type {Rule} from "../../src/integrate/rule.js";
import type {RuleName} from "../../src/integrate/shorthand.js";
import {spread} from "../../src/integrate/spread.js";
import {source} from "../../src/math/random.js";
import {units} from "../../src/model/choices.js";
import {design} from "../../src/model/design.js";
import {parameters, type Parameter} from "../../src/model/parameters.js";
import type {Specification} from "../../src/model/specification.js";
import {free, type Evaluation, type Objective} from "../../src/optimize/objective.js";

export const tierNames = ["mnl", "mnlIntercepts", "mnlSlopes", "mixed", "mixedIntercepts", "mixedSlopes", "mixedDynamic"] as const;

export interface Laying {
  readonly rule?: RuleName | Rule;
  readonly draws?: number;
  readonly ruleWithin?: RuleName | Rule;
  readonly drawsWithin?: number;
  readonly seed?: number;
}

/** A model laid out down to its objective, without a fit: the composition that `fit` makes. */
export function problem(data: ChoiceData, specification: Specification, {rule = "halton", draws = rule === "halton" ? 12 : undefined, ruleWithin = "gaussHermite", drawsWithin, seed = 1}: Laying = {}) {
  const plan = design(data, specification);
  const found = parameters(plan, specification.hold);
  const laid = units(data, plan);
  const blend = mixing(plan, found);
  const nodes = spread(laid, blend, {rule, draws, ruleWithin, drawsWithin: drawsWithin ?? (ruleWithin === "gaussHermite" ? 3 : undefined)}, source(seed));
  const objective = likelihood(laid, blend, nodes.lattice);
  const positions = found.flatMap(({held}, p) => (held === undefined ? [p] : []));
  return {plan, found, laid, blend, nodes, objective, positions, names: found.map(({name}) => name)};
}

/** A point where every parameter matters: means anywhere near zero, spreads well away from it. */
export function somewhere(found: readonly Parameter[], seed = 1): Float64Array {
  const stream = source(seed).stream("somewhere");
  return Float64Array.from(found, ({held, column, on}) => {
    const u = 2 * stream.uniform() - 1;
    return held ?? (on === undefined ? 0.8 * u : on === column ? 0.6 + 0.3 * u : 0.4 * u);
  });
}

/** The objective over its free parameters only, and the point in them. */
export function freed({objective, positions}: Pick<ReturnType<typeof problem>, "objective" | "positions">, theta: Float64Array): [Objective, Float64Array] {
  return [free(objective, theta, positions), Float64Array.from(positions, (p) => theta[p])];
}

/**
 * Gradient against differences of the value, Hessian against differences of the gradient: five points, so that the step can
 * be wide (1e-3) and rounding small. A gap is relative to the entry or, when that is smaller, to its natural unit: the root
 * sum of squares of the scores.
 *
 * @returns the largest relative gap
 */
export async function expectGradient(objective: Objective, theta: Float64Array, {tolerance = 1e-6, names = [] as readonly string[], hessian = true} = {}): Promise<number> {
  const at = await objective.evaluate(theta, 2);
  const unit = Float64Array.from(theta, (_, p) => Math.sqrt(at.opg!.get(p, p)));
  const h = 1e-3;
  let worst = 0;
  const check = (what: string, got: number, wanted: number, scale: number) => {
    const gap = Math.abs(got - wanted) / Math.max(Math.abs(wanted), scale);
    assert.ok(gap <= tolerance, `${what}: ${got} but by differences ${wanted} (gap ${gap})`);
    worst = Math.max(worst, gap);
  };
  assert.ok(Number.isFinite(at.value), `the value is ${at.value}`);
  for (let p = 0; p < theta.length; ++p) {
    const name = names[p] ?? `theta[${p}]`;
    assert.ok(unit[p] > 1e-8, `${name} does not matter here: ${unit[p]}`);
    const points: Evaluation[] = [];
    for (const step of [-2, -1, 1, 2]) {
      const moved = theta.slice();
      moved[p] += step * h;
      points.push(await objective.evaluate(moved, 1));
    }
    const slope = (f: (e: Evaluation) => number) => (f(points[0]) - f(points[3]) + 8 * (f(points[2]) - f(points[1]))) / (12 * h);
    check(`d/d ${name}`, at.gradient[p], slope((e) => e.value), unit[p]);
    if (hessian) for (let q = 0; q < theta.length; ++q) check(`d²/d ${name} d ${names[q] ?? q}`, at.hessian!.get(q, p), slope((e) => e.gradient[q]), unit[p] * unit[q]);
  }
  return worst;
}

export type Row = Record<string, string | number>;

/** A data set as the rows a user would have: person, situation, alternative, chosen, weight and the attributes. */
export function rowsOf(data: ChoiceData): Row[] {
  const rows: Row[] = [];
  const K = data.attributes.length;
  data.people.forEach((person, i) => {
    for (let n = data.person[i]; n < data.person[i + 1]; ++n) for (let r = data.situation[n]; r < data.situation[n + 1]; ++r) {
      rows.push({person: String(person), situation: `s${n}`, alternative: data.alternatives[data.alternative[r]], chosen: data.chosen[n] === r ? 1 : 0, weight: data.weight[n], ...Object.fromEntries(data.attributes.map((name, k) => [name, data.x[r * K + k]]))});
    }
  });
  return rows;
}

/** Reads such rows back; `person: undefined` makes a cross-section. */
export function read(rows: readonly Row[], options: Partial<LongOptions> = {}): ChoiceData {
  const others = ["person", "situation", "alternative", "chosen", "weight", "available"];
  return fromLong([...rows], {chosen: "chosen", alternative: "alternative", situation: "situation", person: "person", attributes: Object.keys(rows[0]).filter((name) => !others.includes(name)), ...options} as LongOptions);
}

export function close(got: number, wanted: number, tolerance: number, what = ""): void {
  assert.ok(Math.abs(got - wanted) <= tolerance * Math.max(1, Math.abs(wanted)), `${what} ${got} is not ${wanted} to ${tolerance}: off by ${Math.abs(got - wanted)}`);
}

export function allClose(got: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number, what = ""): void {
  assert.equal(got.length, wanted.length, what);
  for (let k = 0; k < wanted.length; ++k) close(got[k], wanted[k], tolerance, `${what}[${k}]`);
}

/** Runs something that must be refused, and says what must be in the message. */
export async function refuses(code: string, run: () => unknown, ...said: readonly (string | RegExp)[]): Promise<ChoiceError> {
  let thrown: unknown;
  try {
    await run();
  } catch (error) {
    thrown = error;
  }
  assert.ok(thrown instanceof ChoiceError, thrown === undefined ? `nothing was refused, but ${code} was wanted` : `not a ChoiceError: ${String(thrown)}`);
  assert.equal(thrown.code, code, thrown.message);
  for (const words of said) assert.ok(typeof words === "string" ? thrown.message.includes(words) : words.test(thrown.message), `${String(words)} is not in: ${thrown.message}`);
  return thrown;
}

/** The inverse of a small matrix by Gauss and Jordan, independent of the library's. */
export function inverted(A: readonly (readonly number[])[]): number[][] {
  const n = A.length;
  const m = A.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let k = 0; k < n; ++k) {
    let pivot = k;
    for (let i = k + 1; i < n; ++i) if (Math.abs(m[i][k]) > Math.abs(m[pivot][k])) pivot = i;
    [m[k], m[pivot]] = [m[pivot], m[k]];
    const by = m[k][k];
    m[k] = m[k].map((v) => v / by);
    for (let i = 0; i < n; ++i) if (i !== k) {
      const times = m[i][k];
      m[i] = m[i].map((v, j) => v - times * m[k][j]);
    }
  }
  return m.map((row) => row.slice(n));
}

export const times = (A: readonly (readonly number[])[], B: readonly (readonly number[])[]): number[][] =>
  A.map((row) => B[0].map((_, j) => row.reduce((sum, v, k) => sum + v * B[k][j], 0)));
