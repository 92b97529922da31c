import {Matrix, wrap} from "ml-matrix";
import type {ChoiceData} from "../data/choiceData.js";
import type {Offers} from "../data/offers.js";
import {covariance} from "../infer/covariance.js";
import {estimates} from "../infer/estimates.js";
import type {Breathe} from "../kernels/mnl.js";
import {negated} from "../math/symmetric.js";
import {shown} from "../rich.js";
import {version} from "../version.js";
import type {Bounds} from "./bounds.js";
import type {Laid} from "./fitEntropy.js";
import type {Entropies, MaxEntFit, Moment, NoiseFacts} from "./maxEntFit.js";
import {findings} from "./notes.js";
import type {Programme} from "./programme.js";
import {readings, type Readings} from "./readings.js";
import type {Solution} from "./solution.js";

/** A programme solved. */
export interface Solved {
  readonly programme: Programme;
  readonly noise?: NoiseFacts;
  readonly solution: Solution;
  /** Bounds of each total by probabilities alone, (K). */
  readonly alone: readonly Bounds[];
  readonly level?: number;
  readonly seed: number;
}

/** What a solution says, with its uncertainty and all that a reader should be told. `clock` is when the fit began. */
export async function maxEntFit({kindred, given, data, chosen, plan, found, asked, unsound, usual}: Laid, {programme, noise, solution, alone, level, seed}: Solved, clock: number, breathe: Breathe): Promise<MaxEntFit> {
  const K = found.length;
  const read = await readings(programme, solution, chosen ? data : undefined, breathe);
  const moments = found.map(({name}, k) => momentOf(name, k, asked, read, solution, alone[k]));
  const asymptotic = {
    parameters: found, design: plan, theta: solution.lambda.map((l) => -l || 0), free: found.map((_, k) => k),
    hessian: negated(solution.curvature), scores: read.scores && K ? wrap(read.scores, {rows: data.people.length}) : new Matrix(0, K),
    expected: loosened(read.expected, asked.slack), unsound, usual, ...personWeights(data),
    ...(solution.ending === "stopped" && {silence: "not computed: the fit was stopped"})
  };
  const asking = {...asymptotic, data, arrived: solution.ending === "converged"};
  return shown("maxent", {
    title: kindred.title(noise !== undefined), kind: kindred.kind, data: chosen ? data : offersOfCounted(given, data), ...asymptotic,
    programme, solution, moments, ...(noise && {noise}), entropies: entropiesOf(read), ...(chosen && {logLikelihood: read.logLikelihood}),
    covariance: asymptotic.silence === undefined ? covariance(asking, usual).matrix : Matrix.zeros(K, K).fill(NaN),
    estimates: estimates(asking, {errors: usual, level}),
    seconds: (performance.now() - clock) / 1000, seed, version,
    notes: [...plan.notes, ...findings({kind: kindred.kind, solution, moments, noise, programme})]
  });
}

function momentOf(name: string, k: number, {targets, slack, given}: Laid["asked"], {predicted, errors, atZero}: Readings, {lambda}: Solution, {least, greatest}: Bounds): Moment {
  const variance = slack?.[k] ?? 0;
  const loose = -variance * lambda[k] || 0;
  const gap = targets[k] - atZero[k];
  const felt = Math.abs(gap) > 1e-12 * (greatest - least);
  return {
    name, target: targets[k], ...(given[k] && {given: true as const}), ...(variance > 0 && {sd: Math.sqrt(variance)}),
    predicted: predicted[k], error: errors[k], slack: loose, atZero: atZero[k], absorbed: felt ? (errors[k] + loose) / gap : NaN, least, greatest
  };
}

function entropiesOf({entropy, most}: Readings): Entropies {
  const p = entropy.p / most.p;
  return {...entropy, normalized: {signal: entropy.signal / most.signal, noise: most.noise ? entropy.noise / most.noise : NaN, p}, information: 1 - p};
}

/** Totals that are not exact vary on their own account, too. */
function loosened(expected: Matrix, slack?: Float64Array): Matrix {
  slack?.forEach((variance, k) => expected.set(k, k, expected.get(k, k) + variance));
  return expected;
}

/** Mean weight of each person's situations, where not all are one. */
function personWeights({weight, person}: ChoiceData): {weight?: Float64Array} {
  if (weight.every((w) => w === 1)) return {};
  return {weight: Float64Array.from({length: person.length - 1}, (_, i) => {
    const own = weight.subarray(person[i], person[i + 1]);
    return own.reduce((sum, w) => sum + w, 0) / own.length;
  })};
}

/** The offers that counted. */
function offersOfCounted(given: ChoiceData | Offers, data: ChoiceData): Offers {
  if (data.situations.length === given.situations.length) return given;
  const {chosen: _, ...facts} = data;
  return shown("offers", facts);
}
