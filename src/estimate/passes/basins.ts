import type {Source} from "../../math/random.js";
import {negated} from "../../math/symmetric.js";
import type {Parameter} from "../../model/parameters.js";
import type {Summit} from "../../optimize/climb.js";
import type {Ground} from "./ground.js";
import type {Journey} from "./journey.js";

/** A summit that some of several climbs came to. */
export interface Basin {
  /** On few nodes: good to a unit or so. */
  readonly logLikelihood: number;
  /** How many starts ended there. */
  readonly starts: number;
  /** Whether the fit went on from it. */
  readonly taken: boolean;
  /** (P) */
  readonly theta: Float64Array;
}

/** Points to start from: the first as given, the others around it, locations by a normal of one spread (or of their own size), spreads by a factor. */
export function startingPoints(first: Float64Array, count: number, parameters: readonly Parameter[], scale: Float64Array, source: Source): Float64Array[] {
  return Array.from({length: count}, (_, n) => {
    if (n === 0) return first;
    const stream = source.stream("starts", n);
    return first.map((value, p) => {
      const {held, on, column} = parameters[p];
      const z = stream.normal();
      if (held !== undefined) return value;
      if (on === column) return value * Math.exp(z);
      return value + 0.5 * z * Math.max(on === undefined ? Math.abs(value) : 0, 1 / scale[column]);
    });
  });
}

/** Two points are of one basin when they are less than this apart, root mean square over parameters, in standard errors. */
const apart = 1;

/**
 * Climbs from every start, sorts where the climbs ended into basins, and leaves the journey at the best. The sign of a
 * spread, or of a column of a loading matrix, is no difference.
 */
export async function settle(ground: Ground, {starts}: {readonly starts: readonly Float64Array[]}, going: Journey, rough: () => Promise<Summit | undefined>): Promise<readonly Basin[]> {
  const {parameters} = ground.blend.of;
  const found: {theta: Float64Array; raw: Float64Array; logLikelihood: number; starts: number; summit: Summit}[] = [];
  for (const start of starts) {
    if (!going.goesOn()) break;
    going.from(start);
    const summit = await rough();
    if (!summit || !Number.isFinite(summit.at.value)) continue;
    const raw = going.theta;
    const theta = upright(raw, parameters);
    const near = found.find((other) => distance(other, theta, going.positions) < apart);
    if (!near) found.push({theta, raw, logLikelihood: summit.at.value, starts: 1, summit});
    else {
      ++near.starts;
      if (summit.at.value > near.logLikelihood) Object.assign(near, {theta, raw, logLikelihood: summit.at.value, summit});
    }
  }
  found.sort((a, b) => b.logLikelihood - a.logLikelihood);
  going.from(found[0]?.theta ?? starts[0]);
  return found.map(({theta, logLikelihood, starts}, k) => ({logLikelihood, starts, taken: k === 0, theta}));
}

/** With the diagonal of each spread and loading positive. */
function upright(theta: Float64Array, parameters: readonly Parameter[]): Float64Array {
  const out = theta.slice();
  for (const [p, {role, column, on}] of parameters.entries()) {
    if (on !== column || !(out[p] < 0)) continue;
    for (const [q, other] of parameters.entries()) if (other.on === on && (other.role === "within") === (role === "within")) out[q] = -out[q];
  }
  return out;
}

/** In standard errors, by the curvature at the first: which was computed before its signs were turned. */
function distance({theta, raw, summit: {at}}: {readonly theta: Float64Array; readonly raw: Float64Array; readonly summit: Summit}, other: Float64Array, positions: readonly number[]): number {
  const A = at.hessian ? negated(at.hessian) : at.opg;
  if (!A) return Infinity;
  const off = positions.map((p) => (raw[p] === theta[p] ? 1 : -1) * (other[p] - theta[p]));
  let sum = 0;
  off.forEach((x, f) => off.forEach((y, g) => { sum += x * A.get(f, g) * y; }));
  return Math.sqrt(Math.max(0, sum) / Math.max(1, positions.length));
}
