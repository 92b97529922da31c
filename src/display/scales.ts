import type {EstimateRow} from "../infer/estimates.js";

/** A scale other than the coefficient's own: that of logarithms, or that of a normal before it is cut at zero. */
export type Scale = "log" | "latent";

/** An estimate that says which scale it is on. */
export interface ScaledRow extends EstimateRow {
  /** Absent on the coefficient's own scale, and for what has no unit. */
  readonly scale?: Scale;
  /** What it is, where it is no number of the coefficient itself: "mean of ln(-price)". Its name then ends with these words. */
  readonly told?: string;
  /** True for a mean over people that was derived from parameters on a log scale. */
  readonly derived?: true;
  /** Another name that asks for it. */
  readonly also?: string;
}

/** What stands under tables and figures with derived means. */
export const derivedMark = "†";
export const derivedLegend = `${derivedMark} mean over people, derived: lognormal and exponential coefficients have their parameters on a log scale`;

/**
 * The rows of a fit so that those of one name are on one scale, whatever the fit: a term's plain name is for the coefficient on
 * its own scale. A lognormal's location becomes "price: mean of ln(-price)", its spread "sd[price]: standard deviation of
 * ln(-price)", and its derived mean over people takes the name "price".
 */
export function scaledRows(rows: readonly EstimateRow[]): ScaledRow[] {
  const locations = rows.filter(isLocation);
  const others = new Map(locations.flatMap((row) => companions(row, locations)));
  const means = new Map(rows.flatMap((row) => (row.role === "derived" ? [[row.name, row] as const] : [])));
  const used = new Set<EstimateRow>();
  const scaled = rows.flatMap((row): ScaledRow[] => {
    if (!isLocation(row)) {
      const found = row.role === "derived" ? undefined : others.get(row.name);
      return [found ? {...row, ...found, name: `${row.name}: ${found.told}`, words: "", also: row.name} : row];
    }
    const scale = scaleOf(row);
    if (!scale) return [row];
    const told: ScaledRow = {...row, name: `${row.name}: ${row.words}`, words: "", scale, told: row.words};
    const mean = means.get(`mean of ${row.name}`);
    if (!mean || scale !== "log") return [{...told, also: row.name}];
    used.add(mean);
    return [{...mean, name: row.name, role: row.role, derived: true, also: mean.name}, told];
  });
  return scaled.filter((row) => !used.has(row));
}

/** Names by which these rows can be asked for. */
export const namesOf = (rows: readonly ScaledRow[]): string[] => rows.flatMap(({name, also}) => (also === undefined ? [name] : [name, also]));

/** Whether a name asks for a row. */
export const isCalled = ({name, also}: {readonly name: string; readonly also?: string}, asked: string): boolean => name === asked || also === asked;

const isLocation = ({role}: EstimateRow): boolean => role === "mean" || role === "intercept";

/** By the words of `parameters`. */
function scaleOf({words}: EstimateRow): Scale | undefined {
  if (words.startsWith("mean of ln(") || words.startsWith("log of the mean of ")) return "log";
  return words.startsWith("mean before being ") ? "latent" : undefined;
}

/** What a number is about: "ln(-price)", "price before being censored to stay below zero", or the coefficient itself. */
function variableOf(row: EstimateRow): string {
  switch (scaleOf(row)) {
    case "log": return row.words.replace(/^.*?mean of /, "");
    case "latent": return `${row.name} ${row.words.replace("mean ", "")}`;
    default: return row.name;
  }
}

type Told = Required<Pick<ScaledRow, "told">> & Pick<ScaledRow, "scale">;

/** The names of spreads, loadings and correlations of a column that is on another scale, and what they are. */
function companions(row: EstimateRow, locations: readonly EstimateRow[]): (readonly [string, Told])[] {
  const scale = scaleOf(row);
  if (!scale) return [];
  const spread: Told = {scale, told: row.words.replace(/^mean/, "standard deviation")};
  const both = (of: EstimateRow, on: EstimateRow): Told => ({told: `of ${variableOf(of)} and ${variableOf(on)}`});
  return ["", ".within"].flatMap((within) => [
    [`sd${within}[${row.name}]`, spread] as const,
    ...locations.flatMap((other) => [
      [`chol${within}[${row.name},${other.name}]`, {scale, told: `loading of ${variableOf(row)}`}] as const,
      [`cor${within}[${row.name},${other.name}]`, both(row, other)] as const,
      [`cor${within}[${other.name},${row.name}]`, both(other, row)] as const
    ])
  ]);
}
