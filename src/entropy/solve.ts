import type {DualKernel, Move} from "../kernels/dual.js";
import type {Engine} from "../kernels/panel.js";
import {breather} from "../optimize/breath.js";
import {Stopped} from "../optimize/climb.js";
import {checkProgramme, checkStart} from "./checkProgramme.js";
import {conclude} from "./conclude.js";
import {coordinates} from "./coordinates.js";
import {direction, slopeAt, type Direction} from "./direction.js";
import {dualPoint, gapOf, largestTotals, type DualPoint} from "./dualPoint.js";
import {lowest} from "./lowest.js";
import type {Multipliers, Programme} from "./programme.js";
import type {DualStep, Solution} from "./solution.js";
import {hireDual} from "./threads/hire.js";

export interface SolveOptions {
  /** Largest residual of moments (relative to the largest totals), of adding up, of the sums of errors, and gap. Default 1e-12. */
  readonly tolerance?: number;
  /** Most steps. Default 100. */
  readonly iterations?: number;
  /** Where to start; mu and nu follow from lambda. Default zeros. */
  readonly start?: Pick<Multipliers, "lambda">;
  /** Stops between parts of a pass, with what there is: ending "stopped". */
  readonly signal?: AbortSignal;
  /** Called at the start and after every step. */
  readonly onStep?: (step: DualStep) => void;
  readonly engine?: Engine;
  /** How many, this one counted; all give the same bits. Default `"auto"`: as many as repay their start. */
  readonly threads?: number | "auto";
}

/** Root mean square by which eta may change in the first steps, and in all. */
const longest = 1e3;
const farthest = 1e8;

/** On an exponential tail, t Newton steps leave exp(-t) of the slope; this part of that is enough of a tail. */
const tail = 0.6;

/**
 * Solves a programme by its dual (eq:dual): Newton's method on all multipliers at once (eq:arrow), one pass over the cells
 * to a step. Where mu or nu of a situation would go astray, they are solved for in a bracket (eq:bracket).
 *
 * Multipliers that run away end "unbounded": the totals cannot be met, or only by certain choices. An end is a value, not
 * an exception; no number of a solution is NaN.
 *
 * @throws {ChoiceError} entropy/programme, entropy/supports, entropy/start, options/threads, entropy/worker
 * @example
 * // Two situations of two alternatives; the second is chosen in the first, the first in the second.
 * const programme = {z: Float64Array.of(1, 3, 2, 5), moments: 1, situation: Int32Array.of(0, 2, 4), weight: Float64Array.of(1, 1), targets: Float64Array.of(3 + 2), signal: {kind: "shannon"}};
 * (await solve(programme)).ending // "converged"
 */
export async function solve(programme: Programme, options: SolveOptions = {}): Promise<Solution> {
  checkProgramme(programme);
  checkStart(programme, options.start?.lambda);
  const clock = performance.now();
  const kernel = await hireDual(programme, {...options, breathe: breather()});
  try {
    return await descend(programme, kernel, options, clock);
  } finally {
    await kernel.close();
  }
}

async function descend(programme: Programme, kernel: DualKernel, {tolerance = 1e-12, iterations = 100, start, signal, onStep}: SolveOptions, clock: number): Promise<Solution> {
  const [totals, floor, ways] = [largestTotals(programme), lowest(programme), coordinates(programme)];
  const [patient, heedful] = [breather(), breather(() => { if (signal?.aborted) throw new Stopped(); })];
  const look = async (move: Move, breathe = heedful) => dualPoint(programme, totals, move.lambda, await kernel.evaluate(move, {breathe}));
  const path: DualStep[] = [];
  let at = await look({kind: "settle", lambda: start?.lambda.slice() ?? new Float64Array(programme.moments)}, patient);
  arrive(at, 0);

  let [first, limit, radius] = [1, longest, longest]; // of the next step: length to try, greatest length, radius of its direction
  let [moved, stalled] = [0, 0];
  try {
    for (;;) {
      const next = direction(at, ways, radius);
      const met = within(at, tolerance);
      if (met && endless(next)) return finish("unbounded");
      if (met && (stalled || next.whole <= 1e-5) && gapOf(at) <= Math.max(tolerance, at.grain)) return finish("converged");
      if (at.value < floor - 1e3 * at.grain || moved > farthest) return finish("unbounded");
      if (signal?.aborted) return finish("stopped");
      if (path.length > iterations) return finish("iterations");
      const found = stalled < 4 ? await search(at, next) : undefined;
      if (!found) return finish(exhausted(at, next));
      const length = found.length * next.length;
      stalled = found.at.residual > 0.5 * at.residual && at.value - found.at.value <= at.grain ? stalled + 1 : 0;
      first = found.steep ? 2 * Math.max(1, found.length) : 1;
      if (length > 0.5 * limit) limit *= 4;
      radius = found.length < 1 ? 2 * length : Math.min(limit, Math.max(radius, 4 * length));
      moved += length;
      at = found.at;
      arrive(at, found.length);
    }
  } catch (error) {
    if (error instanceof Stopped) return finish("stopped");
    throw error;
  }

  function arrive({value, residual}: DualPoint, step: number): void {
    kernel.accept();
    path.push({iteration: path.length, value, residual, step, seconds: (performance.now() - clock) / 1000});
    onStep?.(path[path.length - 1]);
  }

  function finish(ending: Solution["ending"]): Solution {
    return conclude(programme, kernel, at, "joint", ending, path);
  }

  /** Where no step lets the dual fall any further than rounding. */
  function exhausted(last: DualPoint, next: Direction): Solution["ending"] {
    if (within(last, Math.max(tolerance, 1e-10))) return endless(next) ? "unbounded" : "converged";
    // What is left of the totals where no step would change it is no matter of differences in z.
    return next.whole < 1e-9 && last.residual > 1e-10 ? "unbounded" : "stuck";
  }

  /** Goes along a direction until the dual has fallen as much as its slope lets one expect (Armijo 1966). */
  async function search(from: DualPoint, {along, slope, length: unit}: Direction): Promise<Found | undefined> {
    let length = Math.min(first, Math.max(1, limit / unit));
    for (let turn = 0; turn < 60 && (turn === 0 || length * unit > 1e-16); ++turn) {
      const lambda = from.lambda.map((l, k) => l + length * along[k]);
      const to = await look(turn ? {kind: "again", lambda, length} : {kind: "step", lambda, along, length});
      const after = slopeAt(to, along);
      // Where a step promises less than rounding, slopes tell what values cannot: the dual is convex (Hager and Zhang 2005).
      const level = to.value <= from.value + 1e-10 * (1 + Math.abs(from.value)) && after <= -0.8 * slope;
      const enough = to.value <= from.value + 1e-4 * length * slope + from.grain || level;
      // A stretched step must not go past the least point of its line: curvature there may be next to nothing.
      if (enough && (length <= 1 || after <= 0)) return {at: to, length, steep: length >= 1 && unit > 0.1 && after < tail * Math.exp(-length) * slope};
      // The dual is convex: its slope crosses zero between, about where a straight line of slopes does.
      const crossing = (length * slope) / (slope - after);
      length = length > 1 ? 1 : Math.min(0.5 * length, Math.max(0.1 * length, Number.isFinite(crossing) ? crossing : 0));
    }
    return undefined;
  }
}

interface Found {
  readonly at: DualPoint;
  /** In Newton steps. */
  readonly length: number;
  /** On an exponential tail, where Newton's steps are all alike: the next one may be stretched. */
  readonly steep: boolean;
}

/** At an optimum Newton's steps vanish with the residuals; where multipliers run away curvature does instead. */
const endless = ({whole, least}: Direction) => whole > 0.1 || least < 1e-14;

/** Whether the constraints hold to a tolerance. */
const within = ({residual, sums}: DualPoint, tolerance: number) => Math.max(residual, sums.addingUp, sums.errorSum) <= tolerance;
