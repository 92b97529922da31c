/** By what a coefficient varies: nothing, alternatives j, people i, both, or both and time t. */
export type Reach = "" | "j" | "i" | "ij" | "ijt";

/** A rung of the ladder: by what intercepts (alpha) and coefficients (beta) vary. */
export interface Tier {
  readonly alpha: Reach;
  readonly beta: Reach;
}

/** The seven rungs of the ladder (eq:ladder): by what the intercepts alpha and the coefficients beta vary. */
export const tiers = {
  mnl: {alpha: "", beta: ""},
  mnlIntercepts: {alpha: "j", beta: ""},
  mnlSlopes: {alpha: "j", beta: "j"},
  mixed: {alpha: "j", beta: "i"},
  mixedIntercepts: {alpha: "ij", beta: "i"},
  mixedSlopes: {alpha: "ij", beta: "ij"},
  mixedDynamic: {alpha: "ij", beta: "ijt"}
} as const satisfies Record<string, Tier>;

/** The name of a rung: "mnl" … "mixedDynamic". */
export type TierName = keyof typeof tiers;

/** What each rung is called in a title. */
export const tierTitles: Readonly<Record<TierName, string>> = {
  mnl: "Multinomial logit",
  mnlIntercepts: "Multinomial logit with intercepts",
  mnlSlopes: "Multinomial logit with slopes by alternative",
  mixed: "Mixed logit",
  mixedIntercepts: "Mixed logit with random intercepts",
  mixedSlopes: "Mixed logit with random slopes by alternative",
  mixedDynamic: "Mixed logit between and within people"
};
