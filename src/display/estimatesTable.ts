import type {EstimateRow, EstimatesFacts} from "../infer/estimates.js";
import type {Bundle} from "../rich.js";
import {intervalAxis, intervalBar} from "./bars.js";
import type {Axis} from "./bars.js";
import {cardBundle} from "./card.js";
import type {Block, Line} from "./card.js";
import {align, decimalsFor, fixed, nothing, pValue, stars, starsLegend, statistic, sureOf} from "./format.js";
import {byRole} from "./roles.js";
import {label, number, words} from "./table.js";
import type {Cell, Column, Table} from "./table.js";

export interface TableOptions {
  /** Stars beside the estimates, with their legend. Default true. */
  readonly stars?: boolean;
  /** Drawings of the intervals, where the page can show them. Default true. */
  readonly bars?: boolean;
}

const isHeld = ({error, why}: EstimateRow): boolean => error === null && /^held|held at/i.test(why ?? "");

/** The scale that decides how many decimals a row deserves: its error, or the estimate where there is none. */
export const scaleOf = ({error, estimate}: {readonly error: number | null; readonly estimate: number}): number =>
  error !== null && error > 0 ? error : estimate;

/** Estimates, errors, tests and intervals by role, with a drawing of each interval. */
export function estimatesTable({rows, words: how, level}: EstimatesFacts, caption: string, {stars: starred = true, bars = true}: TableOptions = {}): Table {
  const errors = rows.filter((r) => r.error !== null && r.error > 0);
  const decimals = decimalsFor((errors.length ? errors : rows).map(scaleOf));
  const common = decimals(NaN);
  const sure = sureOf(level);
  const columns: Column[] = [
    {head: "Term", align: "left"},
    {head: "Estimate", align: "right"},
    ...(starred ? [{head: "", align: "left", joined: true} as const] : []),
    {head: "SE", title: `standard error: ${how}`, align: "right"},
    {head: "z", align: "right"},
    {head: "p", align: "right"},
    {head: `${sure} interval`, align: "right"},
    ...(bars ? [{head: "", align: "left", drawing: true} as const] : [])
  ];

  const line = (row: EstimateRow, axis: Axis | undefined): Cell[] => {
    const {name, estimate, error, z, p, low, high, why} = row;
    const d = error === null && Number.isInteger(estimate) ? common : decimals(scaleOf(row));
    const write = (x: number): Cell => {
      const {text, blanks} = align(x, d, common);
      return number(text, {blanks});
    };
    const none = number(nothing);
    const known = error !== null && Number.isFinite(error);
    const interval = low !== null && high !== null && Number.isFinite(low) && Number.isFinite(high) ? {low, middle: estimate, high} : undefined;
    const bounds = interval ? `[${align(interval.low, d, common).text}, ${align(interval.high, d, common).text}]` : nothing;
    return [
      label(name, row.words ? {below: row.words} : {}),
      write(estimate),
      ...(starred ? [words(stars(p))] : []),
      known ? write(error) : isHeld(row) ? words("held", {title: why}) : number(nothing, {title: why}),
      z === null ? none : number(statistic(z)),
      p === null ? none : number(pValue(p)),
      number(bounds),
      ...(bars ? [interval && axis ? words("", {picture: intervalBar(interval, axis, `${sure} interval ${bounds.slice(1, -1).replace(", ", " to ")}`)}) : words("")] : [])
    ];
  };

  const groups = byRole(rows).map(({title, rows}) => {
    const intervals = rows.flatMap(({low, estimate, high}) => (low !== null && high !== null ? [{low, middle: estimate, high}] : []));
    const axis = intervalAxis(intervals);
    return {title, rows: rows.map((row) => line(row, axis))};
  });
  return {caption, columns, groups};
}

/** Why some rows have no error, each reason once. */
export function reasons(rows: readonly EstimateRow[]): Line[] {
  const whys = new Map<string, string[]>();
  for (const row of rows) {
    if (row.error !== null) continue;
    const why = isHeld(row) ? "held at this value, not estimated" : row.why || "no standard error was found";
    whys.set(why, [...(whys.get(why) ?? []), row.name]);
  }
  return [...whys].map(([why, names]) => ({
    tone: "foot",
    line: [...names.flatMap((name, i) => [...(i ? [", "] : []), {label: name}]),  " — ", {label: `${why}.`}]
  }));
}

/** The rows a reader meets first: those whose meaning others tell are for the folded part. */
export const plainRows = <R extends {readonly detail?: true}>(rows: readonly R[]): readonly R[] => rows.filter(({detail}) => !detail);

/** The folded rows as a table without drawings, and a line that says where they are. */
export function foldedRows(estimates: EstimatesFacts): {readonly tables: readonly Table[]; readonly lines: readonly Line[]} {
  const rows = estimates.rows.filter(({detail}) => detail);
  if (!rows.length) return {tables: [], lines: []};
  const entries = rows.length === 1 ? "1 entry of Gamma stands" : `${rows.length} entries of Gamma stand`;
  return {
    tables: [estimatesTable({...estimates, rows}, "Entries of Gamma, in Sigma = Gamma Gamma'", {stars: false, bars: false})],
    lines: [{tone: "foot", line: [`${entries} in the details, and in estimates.rows.`]}]
  };
}

/** Estimates without their fit: the table, its legend, and how the errors were made. */
export function estimatesBundle(estimates: EstimatesFacts, options: TableOptions = {}): Bundle {
  const legend = options.stars === false ? [] : [`${starsLegend} · `];
  const rows = plainRows(estimates.rows);
  const {tables, lines} = foldedRows(estimates);
  const details: Block[] = tables.length ? [{summary: "Details", facts: [], tables}] : [];
  return cardBundle([
    {table: estimatesTable({...estimates, rows}, "Estimates", options)},
    ...reasons(rows),
    ...lines,
    ...details,
    {tone: "foot", line: [...legend, `errors: ${estimates.words}`]}
  ]);
}

/** A log-likelihood or a criterion. */
export const twoDecimals = (x: number): string => fixed(x, 2);
