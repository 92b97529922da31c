import type {Note} from "../data/choiceData.js";
import {listed} from "../errors.js";
import {inverse} from "../math/symmetric.js";
import type {Moment, NoiseFacts} from "./maxEntFit.js";
import type {Programme} from "./programme.js";
import type {Solution} from "./solution.js";

/** What notes are made of. */
export interface Finding {
  readonly kind: "logit" | "supports";
  readonly solution: Solution;
  readonly moments: readonly Moment[];
  readonly noise?: NoiseFacts;
  readonly programme: Programme;
}

const warning = (code: string, text: string): Note[] => [{level: "warning", code: `fit/${code}`, text}];
const info = (code: string, text: string): Note[] => [{level: "info", code: `fit/${code}`, text}];

/** What a reader should be told about a maximum-entropy fit, each as a value on the result. */
export function findings(facts: Finding): Note[] {
  return [unfinished(facts), absorbed(facts), separated(facts), edge(facts), conditioned(facts), scaleOfSupports(facts), loose(facts)].flat();
}

function unfinished({solution: {ending, iterations, certificate}}: Finding): Note[] {
  if (ending === "converged") return [];
  const far = `moments are off by ${certificate.moments.toExponential(1)} of the largest total`;
  const words = {iterations: `The fit reached its limit of ${iterations} steps before converging: ${far}. Raise iterations.`, stopped: `The fit was stopped, by request or by its limit of time: ${far}. These are its best so far.`, stuck: `No step improves the dual any more: ${far}.`, unbounded: `The multipliers grow without end: ${far}.`};
  return warning("not-converged", words[ending]);
}

/** Errors that make up most of what a moment says leave little of it to the probabilities. */
function absorbed({moments, noise}: Finding): Note[] {
  if (!noise) return [];
  const eaten = moments.filter((moment) => moment.absorbed > 0.5);
  if (!eaten.length) return [];
  const parts = eaten.map((moment) => `${moment.name} (${Math.round(100 * moment.absorbed)} %)`);
  return warning("noise-absorbs", `Errors take up most of what the data say of ${listed(parts, 8)}: with v = ${Number(noise.v.toPrecision(3))} they are cheaper than probabilities, and estimates shrink towards zero. Use a smaller v, or noise: false.`);
}

/**
 * Choices that the estimates predict perfectly: every total is the greatest that choice sets allow in the direction of beta, and
 * without errors beta would grow for ever. What it is, the noise decides.
 */
function separated({noise, moments, programme: {z, situation, weight, targets}, solution: {lambda}}: Finding): Note[] {
  if (!noise || moments.some(({given}) => given)) return [];
  const K = lambda.length;
  let [best, worst, size] = [0, 0, 0];
  for (let n = 0; n + 1 < situation.length; ++n) {
    let [high, low] = [-Infinity, Infinity];
    for (let row = situation[n]; row < situation[n + 1]; ++row) {
      let v = 0;
      for (let k = 0; k < K; ++k) v -= z[row * K + k] * lambda[k];
      high = Math.max(high, v);
      low = Math.min(low, v);
    }
    best += weight[n] * high;
    worst += weight[n] * low;
    size += weight[n] * Math.max(Math.abs(high), Math.abs(low));
  }
  const reached = targets.reduce((sum, b, k) => sum - b * lambda[k], 0);
  if (!(best - worst > 1e-9 * size) || best - reached > 1e-9 * (best - worst)) return [];
  return warning("separated", `These estimates predict every choice: without noise they would grow without end, and v = ${Number(noise.v.toPrecision(3))} alone makes them as large as they are. Standard errors do not tell this, robust ones least of all. Gather more choices, or drop columns.`);
}

function edge({noise}: Finding): Note[] {
  if (!noise?.tried) return [];
  const best = noise.tried.findIndex(({v}) => v === noise.v);
  if (best > 0 && best < noise.tried.length - 1) return [];
  return info("edge-of-widths", `Held-out choices are likeliest under the ${best ? "widest" : "narrowest"} noise tried, v = ${Number(noise.v.toPrecision(3))}: ${best ? "a wider one" : "a narrower one, or none,"} may do better still.`);
}

function conditioned({solution: {curvature, ending}}: Finding): Note[] {
  if (ending !== "converged") return [];
  const {condition, flat} = inverse(curvature);
  return condition > 1e8 || flat.length ? warning("ill-conditioned", `The multipliers are weakly identified: the condition number of their curvature is ${condition.toExponential(0)} after scaling. Small changes of the totals may move them a lot; the probabilities are not affected.`) : [];
}

function scaleOfSupports({kind}: Finding): Note[] {
  return kind === "supports" ? info("scale-of-supports", "Coefficients are on a scale that depends on the supports: compare probabilities and effects, not coefficients, with those of other supports or of a logit.") : [];
}

/** Totals that were not exact and are missed by more than they were said to be uncertain. */
function loose({moments}: Finding): Note[] {
  const off = moments.filter(({slack, sd}) => sd !== undefined && Math.abs(slack) > 2 * sd);
  const words = off.map(({name, slack, sd, least, greatest}) => `${name} is missed by ${Number((Math.abs(slack) / sd!).toFixed(1))} of its standard deviations (these choice sets allow ${Number(least.toPrecision(6))} to ${Number(greatest.toPrecision(6))})`);
  return off.length ? warning("total-missed", `${listed(words)}: its total does not go with the others.`) : [];
}
