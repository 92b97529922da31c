// Real fits of little data, and every record that is read off them. Residuals of a certificate are rounding, which another
// machine may do otherwise: where bytes are compared they are set to numbers of their own.
import {offers} from "../../src/data/offers.js";
import {fitMaxEnt} from "../../src/entropy/fitMaxEnt.js";
import {fitMaxEntSupports} from "../../src/entropy/fitMaxEntSupports.js";
import type {MaxEntFit} from "../../src/entropy/maxEntFit.js";
import {decomposition} from "../../src/explain/decomposition.js";
import {diversion} from "../../src/explain/diversion.js";
import {elasticities} from "../../src/explain/elasticities.js";
import {entropyRatio} from "../../src/explain/entropyRatio.js";
import {entropyTable} from "../../src/explain/entropyTable.js";
import {informationGain} from "../../src/explain/informationGain.js";
import {marginalEffects} from "../../src/explain/marginalEffects.js";
import {mutualInformation} from "../../src/explain/mutualInformation.js";
import {revenueEffect} from "../../src/explain/revenue.js";
import {totalEffect} from "../../src/explain/totalEffect.js";
import {wald} from "../../src/explain/wald.js";
import {shown} from "../../src/rich.js";
import {simulate} from "../../src/simulate/simulate.js";
import "../../src/display/register.js";
import {six} from "../entropy/cases.js";
import {raggedData} from "../explain/fixture.js";

const plain = {kernel: "typescript", threads: 1} as const;

/** The same record with other facts, still drawing itself. */
export const retold = <T extends object>(kind: string, record: T, facts: Partial<T>) => shown(kind, {...record, ...facts});

/** Six situations of three, five points for each probability, errors free to sum to anything. */
export const five = await fitMaxEntSupports(six, {tier: "mnl", supports: 5, noise: {sumToZero: false}, ...plain});

/** A logit over ragged, weighted choice sets, its noise found by cross-validation. */
export const logit = await fitMaxEnt(raggedData(60), {attributes: ["price", "quality", {attribute: "income", byAlternative: true}], noise: {v: "cv"}, ...plain});

const world = simulate({tier: "mnlIntercepts"}, {people: 50, situations: 4, seed: 11});

/** A total that is not exact, and does not go with the choices. */
export const loose = await fitMaxEnt(world.data, {totals: {price: {total: 100, sd: 5}}, ...plain});

/** No noise at all. */
export const pure = await fitMaxEnt(world.data, {noise: false, ...plain});

export const shelf = offers([{brand: "A", price: 2}, {brand: "B", price: 3}, {brand: "C", price: 5}], {alternative: "brand"});

/** One revenue number. */
export const revenue = await fitMaxEnt(shelf, {tier: "mnl", totals: {price: 2.6}, ...plain});

export const fits: Readonly<Record<string, MaxEntFit>> = {five, logit, loose, pure, revenue};

export const gains = {
  five: await informationGain(five),
  logit: await informationGain(logit, {chain: ["intercepts", ["price", "quality"], "income"], shapley: true}),
  loose: await informationGain(loose, {units: "bits"}),
  pure: await informationGain(pure)
};

/** Every other record. */
export const readings = {
  shelf,
  entropies: entropyTable(five),
  byAlternative: entropyTable(logit, {by: "alternative"}),
  bySituation: entropyTable(logit, {by: "situation", units: "bits"}),
  mutual: mutualInformation(logit),
  ratio: await entropyRatio(pure, "quality"),
  wald: wald(logit),
  decomposition: decomposition(logit),
  looseDecomposition: decomposition(loose),
  effects: marginalEffects(logit),
  elasticities: elasticities(logit, {attribute: "price"}),
  diversion: diversion(five),
  revenueEffect: revenueEffect(pure),
  totalEffect: totalEffect(pure, {attribute: "price", change: "proportional"})
};

/** A certificate of no machine. */
export const certified = (fit: MaxEntFit): MaxEntFit =>
  retold("maxent", fit, {solution: {...fit.solution, certificate: {gap: 1.2e-16, stationarity: 0, moments: 3.4e-15, addingUp: 2.2e-16, errorSum: 5.6e-17}, path: fit.solution.path.map((step, k, path) => (k === path.length - 1 ? {...step, residual: 3.4e-15} : step))}});
