import {Matrix} from "ml-matrix";
import type {ChoiceData} from "../../src/data/choiceData.js";
import {datasets} from "../../src/data/datasets.js";
import {fromLong} from "../../src/data/fromLong.js";
import type {MaxEntFit} from "../../src/entropy/maxEntFit.js";
import type {Noise, Programme, Signal, Support} from "../../src/entropy/programme.js";
import {solve} from "../../src/entropy/solve.js";
import {fitMnlSlopes} from "../../src/estimate/tiers.js";
import type {Explained} from "../../src/explain/substitution.js";
import {source} from "../../src/math/random.js";
import {design} from "../../src/model/design.js";
import {parameters} from "../../src/model/parameters.js";
import type {Specification} from "../../src/model/specification.js";
import {inverted, read, type Row} from "../support/world.js";

/** M points from 0 to 1. */
export const points = (M: number, prior?: readonly number[]): Support => ({points: Float64Array.from({length: M}, (_, m) => m / (M - 1)), logPrior: Float64Array.from({length: M}, (_, m) => (prior ? Math.log(prior[m]) : 0))});

export const noise = (v: number, sumToZero: boolean): Noise => ({support: {points: Float64Array.of(-v, 0, v), logPrior: new Float64Array(3)}, sumToZero});

export interface Shape {
  readonly signal: Signal;
  readonly noise?: Noise;
  readonly slack?: Float64Array;
  /** Totals instead of those of the choices, and which of them were given. */
  readonly targets?: Float64Array;
  readonly given?: readonly number[];
}

export function programme(data: ChoiceData, specification: Specification, {signal, noise, slack, targets}: Shape): Programme {
  const {z, columns} = design(data, specification);
  const K = columns.length;
  const totals = new Float64Array(K);
  data.chosen.forEach((row, n) => { for (let k = 0; k < K; ++k) totals[k] += data.weight[n] * z[row * K + k]; });
  return {z, moments: K, situation: data.situation, weight: data.weight, targets: targets ?? totals, signal, ...(noise && {noise}), ...(slack && {slack})};
}

/**
 * A maximum-entropy fit as far as effects read it, at its optimum, or at any coefficients with any covariance: derivatives are
 * derivatives anywhere.
 */
export async function maxEnt(data: ChoiceData, specification: Specification, shape: Shape, elsewhere?: {readonly theta: Float64Array; readonly covariance: Matrix}): Promise<MaxEntFit> {
  const plan = design(data, specification);
  const given = programme(data, specification, shape);
  const K = given.moments;
  const solution = elsewhere ? {lambda: elsewhere.theta.map((b) => -b), curvature: Matrix.eye(K, K)} : await solve(given);
  const {curvature} = solution;
  const hessian = curvature.clone().mul(-1);
  return {
    title: "Maximum entropy", kind: shape.signal.kind === "shannon" ? "logit" : "supports", data, design: plan, parameters: parameters(plan), programme: given,
    moments: plan.columns.map((_, k) => (shape.given?.includes(k) ? {given: true} : {})), solution, theta: solution.lambda.map((l) => -l), hessian, free: [...Array(K).keys()],
    covariance: elsewhere?.covariance ?? new Matrix(inverted(curvature.to2DArray())), estimates: {rows: [], errors: "hessian", words: "inverse curvature", level: 0.95}
  } as unknown as MaxEntFit;
}

/** Choice sets of two to four of four alternatives, weighted, with a price, a quality and an income of situations. */
export function ragged(situations: number, seed = 3): Row[] {
  const stream = source(seed).stream("ragged");
  return Array.from({length: situations}, (_, n) => {
    const offered = ["a", "b", "c", "d"].filter((_, j) => j < 2 || stream.uniform() < 0.6);
    const took = stream.below(offered.length);
    const income = 1 + stream.uniform();
    return offered.map((alternative, j): Row => ({person: n, situation: n, alternative, chosen: Number(j === took), price: 0.5 + 2 * stream.uniform(), quality: stream.normal(), income, weight: 1 + (n % 3)}));
  }).flat();
}

export const raggedData = (situations: number, seed?: number): ChoiceData => read(ragged(situations, seed), {weights: "weight"});

/** A price and a quality with a coefficient each, income and price by alternative, intercepts. */
export const manyColumns: Specification = {tier: "mnlIntercepts", attributes: [{attribute: "price", byAlternative: true}, "quality", {attribute: "income", byAlternative: true}]};

/** Somewhere that no coefficient vanishes, with some covariance. */
export function elsewhere(columns: number, seed = 5): {theta: Float64Array; covariance: Matrix} {
  const stream = source(seed).stream("elsewhere");
  const theta = Float64Array.from({length: columns}, () => 2 * stream.uniform() - 1);
  const root = new Matrix(Array.from({length: columns}, () => Array.from({length: columns}, () => 0.3 * stream.normal())));
  return {theta, covariance: root.mmul(root.transpose())};
}

/** A fit of the same situations with other coefficients, other data in its design, or another covariance. */
export const changed = <T extends Explained>(fit: T, facts: Partial<T>): T => ({...fit, ...facts});

/** The three faces of one formula, over ragged weighted data; with priors where there can be. */
export async function faces(data: ChoiceData, specification: Specification, seed?: number): Promise<readonly (readonly [string, MaxEntFit])[]> {
  const rows = data.alternative.length;
  const stream = source(8).stream("prior");
  const place = elsewhere(design(data, specification).columns.length, seed);
  return Promise.all(([
    ["entropy of p", {signal: {kind: "shannon"}, noise: noise(0.2, true)}],
    ["cross-entropy of p", {signal: {kind: "shannon", logPrior: Float64Array.from({length: rows}, () => Math.log(0.1 + stream.uniform()))}}],
    ["two supports", {signal: {kind: "supports", support: points(2)}}],
    ["five supports with a prior", {signal: {kind: "supports", support: points(5, [0.4, 0.3, 0.15, 0.1, 0.05])}, noise: noise(0.3, true)}]
  ] as const).map(async ([name, shape]) => [name, await maxEnt(data, specification, shape as Shape, place)] as const));
}

/** Probabilities of every row by bisection and plain sums: slow, and independent of the library's. */
export function slowly({theta, programme: {signal, situation}}: MaxEntFit, z: Float64Array): Float64Array {
  const K = theta.length;
  const u = Float64Array.from({length: z.length / K}, (_, row) => { let sum = 0; for (let k = 0; k < K; ++k) sum += z[row * K + k] * theta[k]; return sum; });
  const mean = ({points, logPrior}: Support, a: number) => {
    const q = points.map((s, m) => Math.exp(logPrior[m] - s * a));
    return points.reduce((sum, s, m) => sum + s * q[m], 0) / q.reduce((sum, x) => sum + x, 0);
  };
  for (let n = 0; n + 1 < situation.length; ++n) {
    const own = u.subarray(situation[n], situation[n + 1]);
    if (signal.kind === "shannon") {
      own.forEach((v, j) => { own[j] = Math.exp(v + (signal.logPrior?.[situation[n] + j] ?? 0)); });
      const sum = own.reduce((a, b) => a + b, 0);
      own.forEach((v, j) => { own[j] = v / sum; });
      continue;
    }
    let [low, high] = [-200, 200];
    for (let turn = 0; turn < 200; ++turn) {
      const mu = (low + high) / 2;
      if (own.reduce((sum, v) => sum + mean(signal.support, mu - v), 0) > 1) low = mu;
      else high = mu;
    }
    own.forEach((v, j) => { own[j] = mean(signal.support, low - v); });
  }
  return u;
}

/** The same rows with an attribute changed where an alternative (or any, for "") stands. */
export const shifted = (rows: readonly Row[], attribute: string, alternative: string, by: (x: number) => number): Row[] =>
  rows.map((row) => (!alternative || row["alternative"] === alternative ? {...row, [attribute]: by(Number(row[attribute]))} : row));

/** Averages of a quantity of rows over the situations that offer both j and l ("" for any), weights counted. */
export function overBoth(data: ChoiceData, value: ArrayLike<number>, j: string, l: string): number {
  let [sum, weight] = [0, 0];
  const {situation, alternative, alternatives} = data;
  for (let n = 0; n < data.weight.length; ++n) {
    const names = Array.from(alternative.subarray(situation[n], situation[n + 1]), (a) => alternatives[a]);
    if (!names.includes(j) || (l && !names.includes(l))) continue;
    sum += data.weight[n] * value[situation[n] + names.indexOf(j)];
    weight += data.weight[n];
  }
  return sum / weight;
}

/** Standard error of a function of the fit by differences: independent of the gradients in the library. */
export function slowError(fit: MaxEntFit, f: (fit: MaxEntFit) => number): number {
  const h = 1e-4;
  const g = Array.from(fit.theta, (_, k) => {
    const at = (step: number) => f(changed(fit, {theta: fit.theta.map((b, l) => (l === k ? b + step * h : b))}));
    return (at(-2) - at(2) + 8 * (at(1) - at(-1))) / (12 * h);
  });
  let sum = 0;
  g.forEach((a, k) => g.forEach((b, l) => { sum += a * fit.covariance.get(k, l) * b; }));
  return Math.sqrt(sum);
}

/**
 * One traveller at the means of all attributes, with the coefficients of the model of mlogit's vignette "Multinomial logit
 * models", cost + freq | income | time, fitted to ModeCanada with bus left out and noalt 4.
 */
export async function canadaAtMeans() {
  const raw = await datasets.modecanada.columns();
  const rows = [...raw["alt"].keys()].filter((row) => Number(raw["noalt"][row]) === 4 && raw["alt"][row] !== "bus");
  const chose = new Set(rows.filter((row) => Number(raw["choice"][row]) === 1).map((row) => raw["case"][row]));
  const kept = rows.filter((row) => chose.has(raw["case"][row]));
  const table = Object.fromEntries(Object.entries(raw).map(([name, values]) => [name, kept.map((row) => values[row])]));
  const time = table["ivt"].map((ivt, row) => Number(ivt) + Number(table["ovt"][row]));
  const data = fromLong({...table, time}, {chosen: "choice", alternative: "alt", situation: "case", alternatives: ["car", "train", "air"], attributes: ["cost", "freq", "income", "time"]});
  const fit = await fitMnlSlopes(data, {attributes: [{attribute: "cost", byAlternative: false}, {attribute: "freq", byAlternative: false}, "income", "time"]});
  const [J, K, {columns}] = [3, 4, fit.design];
  const x = new Float64Array(J * K);
  data.alternative.forEach((j, row) => { for (let k = 0; k < K; ++k) x[j * K + k] += data.x[row * K + k] / data.weight.length; });
  const z = Float64Array.from({length: J * columns.length}, (_, at) => {
    const {attribute, alternatives} = columns[at % columns.length];
    const j = Math.floor(at / columns.length);
    return alternatives.length && !alternatives.includes(j) ? 0 : attribute < 0 ? 1 : x[j * K + attribute];
  });
  const one = {...data, x, alternative: Int32Array.of(0, 1, 2), chosen: Int32Array.of(0), situation: Int32Array.of(0, 3), person: Int32Array.of(0, 1), weight: Float64Array.of(1), people: [1], situations: [1]} as unknown as ChoiceData;
  return {fit: changed(fit, {data: one, design: {...fit.design, z}}), x};
}
