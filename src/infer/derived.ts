import type {Parameter} from "../model/parameters.js";
import type {Asymptotic} from "./asymptotic.js";

/** A quantity that is a function of theta, for the delta method. */
export interface Derived {
  readonly name: string;
  /** The group it stands under. */
  readonly role: "spread" | "within" | "correlation" | "derived";
  readonly words: string;
  of(theta: Float64Array): number;
}

/**
 * What a reader wants beside the parameters: standard deviations and correlations when Gamma is full, and the median and
 * mean of coefficients whose parameters live on a log scale.
 */
export function derived({parameters, design: {columns}}: Pick<Asymptotic, "parameters" | "design">): Derived[] {
  return [...matrixReadings(parameters, columns.map((c) => c.name), "covariance", ""), ...matrixReadings(parameters, columns.map((c) => c.name), "within", ".within"), ...logReadings(parameters, columns)];
}

/** From Sigma = Gamma Gamma': roots of its diagonal, and correlations. */
function matrixReadings(parameters: readonly Parameter[], names: readonly string[], role: "covariance" | "within", suffix: string): Derived[] {
  const entries = parameters.flatMap(({role: r, column, on}, p) => (r === role ? [{p, column, on: on!}] : []));
  if (!entries.some(({column, on}) => column !== on)) return [];
  const random = [...new Set(entries.map(({column}) => column))];
  const rowOf = (c: number) => new Map(entries.filter(({column}) => column === c).map(({on, p}) => [on, p]));
  const rows = new Map(random.map((c) => [c, rowOf(c)]));
  const sigma = (theta: Float64Array, c: number, e: number) => {
    let sum = 0;
    for (const [on, p] of rows.get(c)!) {
      const q = rows.get(e)!.get(on);
      if (q !== undefined) sum += theta[p] * theta[q];
    }
    return sum;
  };
  const sds = random.map((c): Derived => ({name: `sd${suffix}[${names[c]}]`, role: suffix ? "within" : "spread", words: "", of: (theta) => Math.sqrt(sigma(theta, c, c))}));
  const correlations = random.flatMap((c, k) => random.slice(0, k).map((e): Derived => ({
    name: `cor${suffix}[${names[c]},${names[e]}]`, role: "correlation", words: "", of: (theta) => sigma(theta, c, e) / Math.sqrt(sigma(theta, c, c) * sigma(theta, e, e))
  })));
  return [...sds, ...correlations];
}

function logReadings(parameters: readonly Parameter[], columns: Asymptotic["design"]["columns"]): Derived[] {
  return columns.flatMap(({name, distribution}, c): Derived[] => {
    const sign = distribution?.sign ?? 1;
    if (distribution?.family === "exponential") return [{name: `mean of ${name}`, role: "derived", words: "", of: (theta) => sign * Math.exp(theta[c])}];
    if (distribution?.family !== "lognormal") return [];
    const loads = parameters.flatMap(({column, on}, p) => (column === c && on !== undefined ? [p] : []));
    const variance = (theta: Float64Array) => loads.reduce((sum, p) => sum + theta[p] ** 2, 0);
    return [
      {name: `median of ${name}`, role: "derived", words: "", of: (theta) => sign * Math.exp(theta[c])},
      {name: `mean of ${name}`, role: "derived", words: "", of: (theta) => sign * Math.exp(theta[c] + variance(theta) / 2)}
    ];
  });
}
