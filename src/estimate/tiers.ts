import type {ChoiceData} from "../data/choiceData.js";
import type {TierName} from "../model/tiers.js";
import {checkOptions} from "../errors.js";
import {fit} from "./fit.js";
import {optionNames, type FitOptions} from "./options.js";
import type {Fit} from "./types.js";

/** Options of a function that has its tier in its name. */
export type TierOptions = Omit<FitOptions, "tier">;

const fitTier = (tier: TierName, name: string) => async (data: ChoiceData, options: TierOptions = {}): Promise<Fit> => {
  const call = `${name}(data, …)`;
  checkOptions(call, options, optionNames.filter((option) => option !== "tier"));
  return fit(data, {...options, tier}, call);
};

/** Multinomial logit: coefficients the same for all; an intercept for all alternatives when there is an outside option. See `fit`. */
export const fitMnl = fitTier("mnl", "fitMnl");

/** Multinomial logit with an intercept per alternative, one of them base. See `fit`. */
export const fitMnlIntercepts = fitTier("mnlIntercepts", "fitMnlIntercepts");

/** Multinomial logit with intercepts and coefficients per alternative. See `fit`. */
export const fitMnlSlopes = fitTier("mnlSlopes", "fitMnlSlopes");

/** Mixed logit: intercepts per alternative, coefficients that vary over people. See `fit`. */
export const fitMixed = fitTier("mixed", "fitMixed");

/** Mixed logit whose intercepts vary over people, too. See `fit`. */
export const fitMixedIntercepts = fitTier("mixedIntercepts", "fitMixedIntercepts");

/** Mixed logit whose intercepts and coefficients vary over people and alternatives. See `fit`. */
export const fitMixedSlopes = fitTier("mixedSlopes", "fitMixedSlopes");

/** As `fitMixedSlopes`, and coefficients vary from situation to situation of a person, too. See `fit`. */
export const fitMixedDynamic = fitTier("mixedDynamic", "fitMixedDynamic");
