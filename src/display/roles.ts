import type {EstimateRow} from "../infer/estimates.js";

type RoleName = EstimateRow["role"];

const order: readonly RoleName[] = ["intercept", "mean", "spread", "covariance", "within", "correlation", "derived"];

/**
 * The rows under their headings, in the order a reader meets them: what is typical, how it spreads, what follows.
 *
 * @param kept true where somebody chose the order: groups then stand as the rows do, and an order that goes back and forth
 *   between roles has no headings
 */
export function byRole<R extends {readonly role: RoleName; readonly name: string}>(rows: readonly R[], kept = false): readonly {readonly title: string; readonly rows: readonly R[]}[] {
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
  if (kept) {
    const turns = rows.filter(({role}, k) => k === 0 || role !== rows[k - 1].role).map(({role}) => role);
    if (new Set(turns).size < turns.length) return [{title: "", rows}];
    return turns.map((role) => ({title: titles[role], rows: rows.filter((row) => row.role === role)}));
  }
  return order.filter(has).map((role) => ({title: titles[role], rows: rows.filter((row) => row.role === role)}));
}
