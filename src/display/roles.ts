import type {EstimateRow} from "../infer/estimates.js";

type RoleName = EstimateRow["role"];

const order: readonly RoleName[] = ["intercept", "mean", "spread", "covariance", "within", "derived"];

/** The rows under their headings, in the order a reader meets them: what is typical, how it spreads, what follows. */
export function byRole<R extends {readonly role: RoleName}>(rows: readonly R[]): readonly {readonly title: string; readonly rows: readonly R[]}[] {
  const has = (role: RoleName): boolean => rows.some((row) => row.role === role);
  const full = has("covariance");
  const titles: Record<RoleName, string> = {
    intercept: "Intercepts",
    mean: has("spread") ? "Means" : "Coefficients",
    // With a full covariance the diagonal of Gamma is no longer the standard deviation.
    spread: full ? "Spreads (diagonal of Gamma)" : "Spreads (standard deviations)",
    covariance: "Covariances (off the diagonal of Gamma)",
    within: "Within people",
    derived: "Derived"
  };
  return order.filter(has).map((role) => ({title: titles[role], rows: rows.filter((row) => row.role === role)}));
}
