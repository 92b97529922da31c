import type {Coefficients, ColumnPlan, Order, Point} from "../kernels/panel.js";
import type {Column, Design} from "../model/design.js";
import {gaussian} from "../model/distribution.js";
import type {Parameter} from "../model/parameters.js";
import {readNode, transform, truncatedInto} from "./family.js";

/** A distribution of coefficients: how theta and nodes give b (eq:mixing), and how many nodes it wants. */
export interface Mixing extends Coefficients {
  /** Dimensions between people: one per random column, in the order of the columns. */
  readonly dimensions: number;
  /** Dimensions within people. */
  readonly within: number;
  /** How the family of each dimension reads a standard normal; absent when all read the normal itself. */
  readonly readers?: readonly ((nu: number) => number)[];
  /** What it was made of, as plain records that another thread can make it from again. */
  readonly of: {readonly columns: readonly Column[]; readonly parameters: readonly Parameter[]};
}

/**
 * The mixing of a design: b_c = T_c(mu_c + (Gamma nu)_c + (W eta)_c), eq:mixing. With no random column it is a point mass,
 * which makes multinomial logit the one-node case of mixed logit.
 */
export function mixing({columns}: Pick<Design, "columns">, parameters: readonly Parameter[]): Mixing {
  const P = parameters.length;
  const betweenAt = place(columns, (c) => c.distribution !== undefined); // column → its dimension
  const withinAt = place(columns, (c) => c.within);
  const dimensions = betweenAt.count;
  const readers = columns.filter((c) => c.distribution).map((c) => readNode(c.distribution!));
  const identity = columns.every((c) => !c.distribution || gaussian(c.distribution));
  const recipes = columns.map((column, c) => recipe(column, c, parameters, betweenAt.of, withinAt.of));
  return {
    size: P,
    columns: columns.length,
    owner: Int32Array.from(parameters, (p) => p.column),
    plan: columns.map((column, c) => planOf(column, c, parameters, betweenAt.of, withinAt.of)),
    bent: recipes.filter((r) => r.bent).map((r) => r.own),
    dimensions,
    within: withinAt.count,
    at(theta, nu, atNu, eta, atEta, point, order) {
      for (const {fill} of recipes) fill(theta, nu, atNu, eta, atEta, point, order);
    },
    ...(!identity && {readers}),
    of: {columns, parameters}
  };
}

/** What \`recipe\` does, as a plan for a compiled kernel. */
function planOf({distribution}: Column, c: number, parameters: readonly Parameter[], between: readonly number[], within: readonly number[]): ColumnPlan {
  const loads = (inside: boolean, at: readonly number[]) => parameters.flatMap(({column, on, role}, p) => (column === c && on !== undefined && (role === "within") === inside ? [{p, at: at[on]}] : []));
  const base = {location: c, between: loads(false, between), within: loads(true, within)};
  if (!distribution) return {...base, shape: "fixed"};
  const {family, sign = 1} = distribution;
  switch (family) {
    case "lognormal": return {...base, shape: "exp", sign};
    case "exponential": return {...base, shape: "exp", sign, whole: between[c]};
    case "censored": return {...base, shape: "censored", sign};
    case "truncated": return {...base, shape: "given", given: (out, location, spread, node, order) => truncatedInto(out, location, spread, node, sign, order)};
    default: return {...base, shape: "index"};
  }
}

type Fill = (theta: Float64Array, nu: Float64Array, atNu: number, eta: Float64Array, atEta: number, point: Point, order: Order) => void;

interface Recipe {
  readonly own: Int32Array;
  readonly bent: boolean;
  readonly fill: Fill;
}

function recipe(column: Column, c: number, parameters: readonly Parameter[], between: readonly number[], within: readonly number[]): Recipe {
  const P = parameters.length;
  const {distribution} = column;
  const loads = parameters.flatMap(({column: owner, on, role}, p) => (owner === c && on !== undefined ? [{p, inside: role === "within", at: role === "within" ? within[on] : between[on]}] : []));
  const own = Int32Array.from([c, ...loads.map(({p}) => p)]);
  if (distribution?.family === "truncated") return {own, bent: true, fill: truncated(c, loads[0].p, between[c], distribution.sign ?? 1, P)};
  // An exponential has no spread: its node enters with weight one.
  const unit = distribution?.family === "exponential" ? between[c] : -1;
  const shape = distribution && transform(distribution);
  const out = new Float64Array(3);
  return {
    own,
    bent: shape !== undefined && distribution !== undefined && distribution.family !== "censored",
    fill(theta, nu, atNu, eta, atEta, point, order) {
      const {b, jacobian, curve} = point;
      let index = theta[c];
      if (unit >= 0) index += nu[atNu + unit];
      for (const {p, inside, at} of loads) index += theta[p] * (inside ? eta[atEta + at] : nu[atNu + at]);
      let slope = 1;
      if (shape) {
        shape(index, out);
        b[c] = out[0];
        slope = out[1];
      } else b[c] = index;
      if (order === 0) return;
      jacobian[c] = slope;
      for (const {p, inside, at} of loads) jacobian[p] = slope * (inside ? eta[atEta + at] : nu[atNu + at]);
      if (order < 2 || !shape) return;
      // d²b = T'' g g', and T' g is at hand: T'' g g' = (T'' / T'²) (T' g)(T' g)'.
      const bend = slope === 0 ? 0 : out[2] / (slope * slope);
      for (const a of own) for (const e of own) if (e <= a) curve[a * P + e] = bend * jacobian[a] * jacobian[e];
    }
  };
}

function truncated(c: number, s: number, at: number, sign: 1 | -1, P: number): Fill {
  const out = new Float64Array(6);
  return (theta, nu, atNu, _eta, _atEta, {b, jacobian, curve}, order) => {
    truncatedInto(out, theta[c], theta[s], nu[atNu + at], sign, order);
    b[c] = out[0];
    jacobian[c] = out[1];
    jacobian[s] = out[2];
    curve[c * P + c] = out[3];
    curve[s * P + c] = out[4]; // spreads come after locations, so this is the lower triangle
    curve[s * P + s] = out[5];
  };
}

/** Numbers the columns that pass, in order: `of[c]` is the number of column c, -1 for the rest. */
function place(columns: readonly Column[], passes: (column: Column) => boolean): {of: number[]; count: number} {
  let count = 0;
  return {of: columns.map((column) => (passes(column) ? count++ : -1)), count};
}

/** Columns that share Gamma when the covariance is full. */
export const correlated = (columns: readonly Column[]): number[] => columns.flatMap((column, c) => (gaussian(column.distribution) ? [c] : []));
