import type {Note} from "../../data/choiceData.js";
import type {Sensitivity} from "./sensitivity.js";
import type {TastesFacts} from "./tastes.js";
import {divergence, type Weights} from "./tilt.js";
import type {Identification} from "./types.js";

/** What the weights say of themselves. */
export function identify(tastes: TastesFacts, weights: Weights, directions?: number, sensitivity?: Sensitivity): Identification {
  const {theta} = weights;
  const sorted = theta.slice().sort();
  let [held, atoms] = [0, 0];
  while (held < 0.99 && atoms < theta.length) held += sorted[theta.length - ++atoms];
  let entropy = 0;
  for (let r = 0; r < theta.length; ++r) if (theta[r] > 0) entropy -= theta[r] * Math.log(theta[r]);
  return {
    divergence: divergence(weights, tastes.logBase), atoms, effective: Math.exp(entropy),
    edges: Object.fromEntries(tastes.names.map((name, d) => [name, edgesOf(tastes, d, theta)])),
    ...(directions !== undefined && {directions}), ...(sensitivity && {sensitivity})
  };
}

function edgesOf({axes, points}: TastesFacts, d: number, theta: Float64Array): {low: number; high: number} {
  const axis = axes?.[d];
  let [low, high] = [0, 0];
  if (!axis || axis.length < 2) return {low, high};
  for (let r = 0; r < theta.length; ++r) {
    if (points[d][r] === axis[0]) low += theta[r];
    else if (points[d][r] === axis[axis.length - 1]) high += theta[r];
  }
  return {low, high};
}

/**
 * The size that a reading has by its nature: shares and correlations are of size one, means and spreads of the size of the
 * tastes. Differences far below it are rounding.
 */
function scaleOf({names, points}: TastesFacts, reading: string): number {
  const d = names.findIndex((name) => reading === `mean[${name}]` || reading === `sd[${name}]`);
  return d < 0 ? 1 : points[d].reduce((most, b) => Math.max(most, Math.abs(b)), 0);
}

/** Whether a reading moves with the base by more than rounding. */
export const movesWithBase = (tastes: TastesFacts, {name, low, high}: Sensitivity["ranges"][number]): boolean => high - low > 1e-6 * scaleOf(tastes, name);

/** How far a reading moves with the base, in standard errors; undefined where it stands still, or its error is rounding. */
export function spreadInErrors(tastes: TastesFacts, range: Sensitivity["ranges"][number], error: number | null | undefined): number | undefined {
  return movesWithBase(tastes, range) && error && error > 1e-9 * scaleOf(tastes, range.name) ? (range.high - range.low) / error : undefined;
}

const warning = (code: string, text: string): Note => ({level: "warning", code: `mixing/${code}`, text});
const info = (code: string, text: string): Note => ({level: "info", code: `mixing/${code}`, text});
const short = (value: number, digits = 3) => String(Number(value.toPrecision(digits)));

/** Identification in plain words. */
export function identificationNotes(tastes: TastesFacts, facts: Identification, {cross, errors}: {/** One situation per person. */ readonly cross?: boolean; /** Errors of the readings by name. */ readonly errors?: ReadonlyMap<string, number>} = {}): Note[] {
  const {names, points, axes} = tastes;
  const R = points[0].length;
  const {divergence: nats, directions, atoms, effective, edges, sensitivity} = facts;
  const moved = directions === undefined ? "every weight is free" : `${directions} ${directions === 1 ? "number moves" : "numbers move"} the weights, and everything else about their shape is the base`;
  const notes = [info("identification", `${short(nats)} nats from the base; ${atoms} of ${R} points hold 99 % of the weight, as uncertain as ${short(effective)} equal ones; ${moved}.`)];
  if (cross) notes.push(warning("cross-section", "One situation per person: the shape of the mixture is told by variation of attributes across people alone, and weakly. Three or more situations per person say much more."));
  for (const [d, name] of names.entries()) {
    const {low, high} = edges[name];
    const axis = axes?.[d];
    if (!axis || axis.length < 4) continue;
    if (Math.max(low, high) > 0.05 && Math.max(low, high) > 1.5 / axis.length) {
      notes.push(warning("edge", `${short(100 * Math.max(low, high), 2)} % of the weight sits on the ${low > high ? "lowest" : "highest"} point of ${name}, ${short(low > high ? axis[0] : axis[axis.length - 1])}: the range cuts the mixture off. Widen it, or take its end for an assumption.`));
    }
  }
  if (sensitivity) {
    const wide = sensitivity.ranges.filter((range) => movesWithBase(tastes, range) && range.high - range.low > 3.92 * (errors?.get(range.name) ?? Infinity));
    const widest = sensitivity.ranges.reduce((most, range) => (range.name.startsWith("sd[") && range.high - range.low > most.high - most.low ? range : most), {name: "", low: 0, high: 0});
    if (widest.name) notes.push(info("sensitivity", `Under ${sensitivity.refits.length} other bases ${widest.name} goes from ${short(widest.low)} to ${short(widest.high)}: what moves with the base is not learned from the data.`));
    if (wide.length) notes.push(warning("base", `${wide.map(({name, low, high}) => `${name} (${short(low)} to ${short(high)})`).join(", ")}: further apart under other bases than a 95 % interval is wide. These numbers are mostly the base.`));
  }
  return notes;
}
