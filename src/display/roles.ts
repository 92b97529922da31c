import type {EstimateRow} from "../infer/estimates.js";

type RoleName = EstimateRow["role"];

const order: readonly RoleName[] = ["intercept", "mean", "spread", "covariance", "within", "correlation", "derived"];

/** The rows under their headings, in the order a reader meets them: what is typical, how it spreads, what follows. */
export function byRole<R extends {readonly role: RoleName; readonly name: string}>(rows: readonly R[]): readonly {readonly title: string; readonly rows: readonly R[]}[] {
  const has = (role: RoleName): boolean => rows.some((row) => row.role === role);
  const random = has("spread") || has("covariance") || has("within");
  const deviations = rows.every(({role, name}) => role !== "spread" || name.startsWith("sd["));
  const titles: Record<RoleName, string> = {
    intercept: "Intercepts",
    mean: random ? "Means" : "Coefficients",
    spread: deviations ? "Spreads (standard deviations)" : "Spreads",
    covariance: "Covariances (Gamma, of Sigma = Gamma Gamma')",
    within: "Within people",
    correlation: "Correlations",
    derived: "Derived"
  };
  return order.filter(has).map((role) => ({title: titles[role], rows: rows.filter((row) => row.role === role)}));
}
