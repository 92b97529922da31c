import {breather} from "../../optimize/breath.js";
import {influenceVariance} from "./influence.js";
import {menusOf, type MixingLayout} from "./layout.js";
import type {MixedMenus} from "./objective.js";
import {likelihoodRows} from "./rows.js";
import {slopesVariance} from "./spread.js";
import type {MixingFit} from "./types.js";

/** A number read off a fit: its derivatives by the weights, (R), and by the shared coefficients that were estimated, (F). */
export interface Slope {
  readonly byWeight: Float64Array;
  readonly byShared?: readonly number[];
}

/** Variances of numbers read off a fit; null where the fit has no errors. */
export async function readingVariances(fit: MixingFit, slopes: readonly Slope[]): Promise<(number | null)[]> {
  if (fit.kind === "weights") {
    if (fit.tau === 0) return slopes.map(() => null);
    const menus = fitMenus(fit);
    const problem = {rows: likelihoodRows(menus, fit.tastes), units: Int32Array.from(menus.weight.keys()), weight: menus.weight, logBase: fit.tastes.logBase};
    const weights = {theta: fit.weights, log: fit.logWeights, normaliser: 0};
    return influenceVariance(problem, menus, {nu: fit.multipliers, weights}, fit.tau, slopes.map(({byWeight}) => byWeight), breather());
  }
  const moments = fit.kind === "moments";
  const t = moments ? fit.free.map((k) => fit.means[k]) : fit.statistics.map(({values}) => values);
  return slopes.map(({byWeight, byShared = []}) => slopesVariance(byWeight, fit.weights, t, moments ? -1 : 1, fit.covariance, byShared));
}

/** The menus that a fit was made from. */
export const fitMenus = ({data, layout}: {readonly data: MixingFit["data"]; readonly layout: MixingLayout}): MixedMenus => menusOf(data, layout, "a fitted mixture");

/** Shared coefficients that were estimated, (F), in the order of the layout. */
export const fitShared = ({layout: {fixed, design}, shared}: Pick<MixingFit, "layout" | "shared">): Float64Array => Float64Array.from(fixed, (c) => shared[design.columns[c].name]);
