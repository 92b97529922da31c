// Mixtures whose weights are set by hand, so that their bytes hang on no climb: a normal density on a grid, with invented
// errors and refits. Markets and bundles are closed or nearly so, and are worked out.
import {complementarity} from "../../src/bundles/complementarity.js";
import {fitBundles} from "../../src/bundles/fitBundles.js";
import {readingRow, readings} from "../../src/entropy/mixing/readings.js";
import {tasteDraws, tasteGrid, type Tastes} from "../../src/entropy/mixing/tastes.js";
import {divergence} from "../../src/entropy/mixing/tilt.js";
import type {MixedMomentsFit, MixedStatisticsFit, MixedWeightsFit} from "../../src/entropy/mixing/types.js";
import type {PersonTastes} from "../../src/entropy/mixing/tastesByPerson.js";
import type {TasteElasticities} from "../../src/entropy/mixing/tasteElasticities.js";
import type {EstimateRow, Estimates} from "../../src/infer/estimates.js";
import {logSumExp} from "../../src/math/logSumExp.js";
import {fitPerturbations} from "../../src/pricing/fitPerturbations.js";
import {shown} from "../../src/rich.js";
import "../../src/display/register.js";
import "../../src/display/registerMarkets.js";
import {choices, estimated, row} from "./fixture.js";

const grid = (price: string): Tastes => tasteGrid({[price]: {from: -4, to: 2, points: 25}, quality: [0, 0.5, 1, 1.5]});

/** ln of a normal density of the first coefficient, and of one of the second, summing to one. */
function normal({points}: Tastes): Float64Array {
  const log = Float64Array.from(points[0], (b, r) => -0.5 * ((b + 1.2) / 0.8) ** 2 - 0.5 * ((points[1][r] - 0.6) / 0.4) ** 2);
  const total = logSumExp(log);
  return log.map((value) => value - total);
}

const error = (value: number, role: EstimateRow["role"]) => (role === "correlation" ? 1e-12 : 0.05 + 0.1 * Math.abs(value));

/** What the three kinds of mixtures have in common. */
function mixture(tastes: Tastes, label: string) {
  const logWeights = normal(tastes);
  const weights = logWeights.map(Math.exp);
  const made = readings(tastes, weights);
  const rows = made.map((reading) => {
    const {name, words, role, value} = reading;
    return name.startsWith("P(") ? readingRow(reading, error(value, role) ** 2, 0.95) : row(name, role, value, error(value, role), {words});
  });
  const alphas = [row(`alpha[${tastes.names[0]}]`, "mean", -1.875, 0.4, {detail: true}), row(`alpha[${tastes.names[0]}²]`, "mean", -0.78125, 0.2, {detail: true})];
  const refit = (base: string, words: string, by: number, logLikelihood?: number) => ({base, words, divergence: 1 + by, ...(logLikelihood !== undefined && {logLikelihood}), readings: Object.fromEntries(made.map(({name, value}) => [name, value * (1 + by / 10)]))});
  const refits = [refit("dome", "beta (2, 2)", -0.2, -1256.02), refit("peak", "beta (4, 4)", -0.6, -1257.9), refit("ends", "beta (1/2, 1/2)", 0.3, -1255.18)];
  const ranges = made.map(({name, value}) => {
    const all = [value, ...refits.map(({readings: other}) => other[name])];
    return {name, low: Math.min(...all), high: Math.max(...all)};
  });
  const columns = [{name: tastes.names[0]}, {name: "quality"}, {name: "comfort"}];
  return {
    title: "Maximum-entropy mixed logit", data: choices([label, "bus", "car"]), design: {columns},
    layout: {design: {columns}, random: Int32Array.of(0, 1), fixed: new Int32Array(0), held: [{column: 2, value: 0.75}]},
    tastes, weights, logWeights, shared: {comfort: 0.75},
    identification: {
      divergence: divergence({log: logWeights, theta: weights, normaliser: 0}, tastes.logBase), directions: 4, atoms: 61, effective: 37.4,
      edges: Object.fromEntries(tastes.names.map((name, d) => [name, {low: 0.0003 + d / 10, high: 0.0001}])), sensitivity: {refits, ranges}
    },
    estimates: estimated([...alphas, row("comfort", "mean", 0.75, null, {why: "held"}), ...rows], "hessian", "inverse Hessian") as Estimates,
    ending: {code: "converged", converged: true, words: "converged in 12 steps", advice: ""},
    path: [-1663.55, -1300.2, -1262.4, -1256.1, -1255.4].map((logLikelihood, i) => ({iteration: i * 3, logLikelihood, gradientNorm: 10 ** (1 - 2 * i), decrement: NaN, method: ["start", "em", "em", "newton", "newton"][i], seconds: i})),
    seconds: 1, seed: 7, version: "0.1.0",
    notes: [
      {level: "info", code: "mixing/identification", text: "1.49 nats from the base; 61 of 100 points hold 99 % of the weight."},
      {level: "warning", code: "mixing/edge", text: `10 % of the weight sits on the lowest point of quality, 0: the range cuts the mixture off.`}
    ]
  };
}

/** A mixture fitted to choices, one that meets moments, one whose every weight is free. */
export const mixed = (price = "price", label = "train"): MixedStatisticsFit => shown("mixing", {
  ...mixture(grid(price), label), kind: "statistics", statistics: [], logLikelihood: -1255.4, logLikelihoodAtZero: -1663.5532, logLikelihoodAtPoint: -1290.2, rho2: 1 - 1255.4 / 1663.5532, aic: 2518.8, bic: 2539.2,
  basins: [{logLikelihood: -1255.4, starts: 4, taken: true, theta: new Float64Array(0)}, {logLikelihood: -1261.3, starts: 1, taken: false, theta: new Float64Array(0)}]
}) as unknown as MixedStatisticsFit;

export const met = (price = "price", label = "train"): MixedMomentsFit => shown("mixing", {
  ...mixture(grid(price), label), title: "Maximum-entropy mixed logit, moments", kind: "moments", situations: 1200, residual: 3e-12,
  moments: [
    {name: price, target: 1.7333, predicted: 1.7333, slack: 0, atBase: 1.9021, least: 1.31, greatest: 2.31, error: 0.021},
    {name: `intercept[${label}]`, target: 0.31, predicted: 0.3066, slack: 0.0034, atBase: 0.28, least: 0.11, greatest: 0.52, error: 0.013}
  ]
}) as unknown as MixedMomentsFit;

export const free = (price = "price", label = "train"): MixedWeightsFit => {
  const {identification: {sensitivity: _, directions: __, ...identification}, ...rest} = mixture(grid(price), label);
  return shown("mixing", {
    ...rest, title: "Entropy-regularised mixed logit", kind: "weights", identification, tau: 1, how: "cross-validated", tried: [{tau: 0.1, heldOut: -251.2}, {tau: 1, heldOut: -250.1}, {tau: 10, heldOut: -253.8}],
    logLikelihood: -1255.4, penalised: -1256.89, kkt: 4e-13
  }) as unknown as MixedWeightsFit;
};

/** The same on draws, whose weights are those of the base moved by the first coefficient. */
export function drawn(price = "price"): MixedStatisticsFit {
  const tastes = tasteDraws({[price]: {family: "normal", mean: -0.5, sd: 1.2}, quality: {family: "lognormal", mean: -0.5, sd: 0.5}}, {draws: 400});
  return shown("mixing", {...mixed(), ...mixture(tastes, "train")}) as unknown as MixedStatisticsFit;
}

export const people = (price = "price", person = "Ann"): PersonTastes => shown("person tastes", {
  names: [price, "quality"], people: [person, ...Array.from({length: 19}, (_, u) => u)],
  means: Float64Array.from({length: 40}, (_, k) => (k % 2 ? 0.5 + 0.01 * (k % 7) : -1.2 + 0.05 * (k % 11))), sds: Float64Array.from({length: 40}, (_, k) => 0.3 + 0.01 * (k % 5)),
  logLikelihood: new Float64Array(20).fill(-4.2), information: Float64Array.from({length: 20}, (_, u) => 0.2 + 0.05 * (u % 9)), effective: Float64Array.from({length: 20}, (_, u) => 6 + (u % 4))
});

export function elastic(attribute = "price", alternatives: readonly string[] = ["train", "bus", "car"]): TasteElasticities {
  const J = alternatives.length;
  const square = <T>(of: (j: number, l: number) => T): T[][] => Array.from({length: J}, (_, j) => Array.from({length: J}, (__, l) => of(j, l)));
  return shown("taste elasticities", {
    attribute, alternatives, shares: Array.from({length: J}, () => 1 / J), elasticities: square((j, l) => (j === l ? -1.25 + 0.1 * j : 0.2 + 0.11 * l + 0.01 * j)), errors: square((j, l) => 0.05 + 0.01 * Math.abs(j - l)),
    derivatives: square((j, l) => (j === l ? -0.2 : 0.2 / Math.max(1, J - 1))), diversion: square((j, l) => (j === l ? -1 : 1 / Math.max(1, J - 1)))
  });
}

export const market = (first = "tea") => ({names: [first, "coffee", "water"], values: [3, 2.5, 2], costs: [1, 1.2, 0.4]});

/** Half the customers mind prices four times as much as the others: shares of three goods at forty prices. */
const twoSegments = (p: readonly number[]): number[] => {
  const logit = (v: readonly number[], b: number): number[] => {
    const e = v.map((x, j) => Math.exp(x - b * p[j]));
    return e.map((x) => x / e.reduce((sum, y) => sum + y, 1));
  };
  const others = logit([1, 1.5, 1], 0.5);
  return logit([3, 3, 4], 2).map((x, j) => 0.5 * x + 0.5 * others[j]);
};
const prices = Array.from({length: 40}, (_, t) => [1 + (t % 7) / 3, 1.2 + (t % 5) / 3, 0.8 + (t % 11) / 6]);

export function curves(first = "tea", options: Parameters<typeof fitPerturbations>[2] = {}) {
  const names = [first, "coffee", "water"];
  const shares = prices.map(twoSegments);
  const columns = (rows: readonly (readonly number[])[]) => Object.fromEntries(names.map((name, j) => [name, rows.map((cells) => cells[j])]));
  return fitPerturbations(columns(prices), columns(shares), options);
}

/** Baskets of four goods. */
const baskets = [[1, 1, 1, 0, 20], [1, 1, 0, 0, 22], [1, 0, 1, 0, 12], [0, 1, 1, 0, 5], [1, 0, 0, 0, 14], [0, 1, 0, 0, 19], [0, 0, 1, 0, 6], [1, 0, 0, 1, 2], [0, 1, 0, 1, 21], [0, 0, 0, 1, 30], [0, 0, 0, 0, 41], [0, 0, 1, 1, 11]];

export function table(first = "tea", count = "customers", store?: string) {
  const goods = [first, "milk", "sugar", "coffee"];
  return {table: Object.fromEntries([...goods, count, ...(store === undefined ? [] : [store])].map((name, c) => [name, baskets.map((basket, r) => (c < 5 ? basket[c] : r % 2 ? "by the station" : "in the square"))])), goods, count};
}

export function pairs(first = "tea", store?: string) {
  const {table: rows, goods, count} = table(first, "customers", store);
  return complementarity(rows, {goods, count, ...(store !== undefined && {stratify: store})});
}

export function bundles(first = "tea") {
  const {table: rows, goods, count} = table(first);
  return fitBundles(rows, {goods, count});
}
