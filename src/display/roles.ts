import type {EstimateRow} from "../infer/estimates.js";
import type {Scale} from "./scales.js";

type RoleName = EstimateRow["role"];

const order: readonly (RoleName | Scale)[] = ["intercept", "mean", "spread", "covariance", "within", "correlation", "log", "latent", "derived"];

interface Row {
  readonly role: RoleName;
  readonly name: string;
  readonly scale?: Scale;
}

const placeOf = ({role, scale}: Row): RoleName | Scale => scale ?? role;

/**
 * The rows under their headings, in the order a reader meets them: what is typical, how it spreads, what follows. Rows on another
 * scale than the coefficients stand by themselves.
 *
 * @param kept true where somebody chose the order: groups then stand as the rows do, and an order that goes back and forth
 *   between roles has no headings
 */
export function byRole<R extends Row>(rows: readonly R[], kept = false): readonly {readonly title: string; readonly rows: readonly R[]}[] {
  const has = (role: RoleName): boolean => rows.some((row) => row.role === role);
  const group = (place: RoleName | Scale) => ({title: titles[place], rows: rows.filter((row) => placeOf(row) === place)});
  const random = has("spread") || has("covariance") || has("within");
  const deviations = rows.every(({role, name, scale}) => role !== "spread" || scale || name.startsWith("sd["));
  const titles: Record<RoleName | Scale, string> = {
    intercept: "Intercepts",
    mean: random ? "Means" : "Coefficients",
    spread: deviations ? "Spreads (standard deviations)" : "Spreads",
    covariance: "Covariances (Gamma, of Sigma = Gamma Gamma')",
    within: "Within people",
    correlation: "Correlations",
    log: "On a log scale",
    latent: "Before being cut at zero",
    derived: "Derived"
  };
  if (kept) {
    const turns = rows.map(placeOf).filter((place, k, all) => place !== all[k - 1]);
    if (new Set(turns).size < turns.length) return [{title: "", rows}];
    return turns.map(group);
  }
  return order.map(group).filter(({rows}) => rows.length);
}
