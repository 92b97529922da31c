import type {Bundle} from "../rich.js";
import {cardBundle, dotted} from "./card.js";
import type {Inline, Line} from "./card.js";
import {errorKinds} from "./compare.js";
import type {ComparedFit, ComparedRow, ComparisonFacts, ComparisonStyle} from "./compare.js";
import {scaleOf} from "./estimatesTable.js";
import type {TableOptions} from "./estimatesTable.js";
import {align, count, decimalsFor, pValue, stars, starsLegend, statistic as written, sureOf} from "./format.js";
import {endingName, goodnessCell} from "./goodness.js";
import {byRole} from "./roles.js";
import {derivedLegend, derivedMark} from "./scales.js";
import {label, number, words} from "./table.js";
import type {Cell, Column, Group, Table} from "./table.js";

/** Fits side by side: "estimate (error)" for each parameter, then how good and how finished each fit is. */
export function comparisonBundle(comparison: ComparisonFacts, {stars: starred}: TableOptions = {}): Bundle {
  const {fits, sameData} = comparison;
  const style = {...comparison.style, stars: starred ?? comparison.style.stars};
  const legend: Inline[] = style.stars ? [starsLegend] : [];
  const unlike: Line = {
    tone: "warning",
    line: ["⚠ ", {strong: "These fits learned from different data"}, ": their log-likelihoods, AIC and BIC cannot be compared; coefficients only with care."]
  };
  const sources = [...new Set(fits.map(({hash}) => hash))];
  return cardBundle([
    {table: comparisonTable(comparison, style)},
    ...(sameData ? [] : [unlike]),
    ...fits.filter(({converged}) => !converged).map(({name}): Line => ({tone: "warning", line: ["⚠ ", {label: name}, " did not converge: read its numbers with care."]})),
    ...fits.filter(({ownScale}) => ownScale).map(({name}): Line => ({tone: "foot", line: ["Coefficients of ", {label: name}, " are on the scale of their supports: compare probabilities and effects, not coefficients."]})),
    ...tests(fits),
    {tone: "foot", line: dotted(...fits.filter(({name, title}) => name !== title).map(({name, title}): Inline[] => [{label: name}, ": ", {label: title}]))},
    ...(comparison.rows.some(isDerived) ? [{tone: "foot", line: [`${derivedLegend}.`]} as const] : []),
    {tone: "foot", line: dotted([said(style, fits)], legend, [`data ${sources.join(", ")}`])}
  ]);
}

const isDerived = ({cells}: ComparedRow): boolean => cells.some((cell) => cell?.derived);

/** What stands with the estimates. */
function said({statistic, level}: ComparisonStyle, fits: readonly ComparedFit[]): string {
  const errors = errorKinds(fits);
  switch (statistic) {
    case "error": return `standard errors in parentheses: ${errors}`;
    case "z": return `z in parentheses, errors: ${errors}`;
    case "p": return `p in parentheses, errors: ${errors}`;
    case "interval": return `${level === undefined ? "intervals" : `${sureOf(level)} intervals`} in brackets, errors: ${errors}`;
    case "none": return `errors: ${errors}`;
  }
}

/** What a reader of the tests must know. */
function tests(fits: readonly ComparedFit[]): Line[] {
  const before = (f: number): Inline[] => [{label: fits[f].name}, " against ", {label: fits[f - 1].name}];
  return fits.flatMap(({test}, f): Line[] => {
    if (!test?.edges) return [];
    return [{tone: "foot", line: ["Likelihood ratio of ", ...before(f), `: p is conservative, as ${count(test.edges, "spread is", "spreads are")} zero in the smaller one, the edge of what can be.`]}];
  });
}

/** So many fits stand side by side with errors beside the estimates; more, with errors below them, as papers do. */
const abreast = 3;

function comparisonTable({fits, rows}: ComparisonFacts, style: ComparisonStyle): Table {
  const narrow = fits.length > abreast;
  const below = style.statistic !== "none" && (style.layout ? style.layout === "below" : narrow || style.statistic === "interval");
  const beside = style.statistic !== "none" && !below;
  const marked = style.stars || rows.some(isDerived);
  const per = (marked ? 2 : 1) + (beside ? 1 : 0);
  const columns = (fit: ComparedFit): Column[] => [
    {head: fit.name, headKind: "label", align: "right", title: fit.title === fit.name ? undefined : fit.title},
    ...(marked ? [{head: "", align: "left", joined: true} as const] : []),
    ...(beside ? [{head: "", align: "right", joined: true} as const] : [])
  ];
  const last = goodness(fits, style, per, narrow);
  return {
    caption: style.caption ?? (fits.length === 1 ? "One fit" : `${fits.length} fits side by side`),
    columns: [{head: "Term", align: "left"}, ...fits.flatMap(columns)],
    groups: [...byRole(rows, style.ordered).map(({title, rows}) => ({title, rows: parameterRows(rows, style, marked, below, beside)})), ...(last.rows.length ? [last] : [])]
  };
}

// Decimals are chosen over all parameters of a role, as fits share their scale more than parameters do.
function parameterRows(rows: readonly ComparedRow[], {stars: starred, statistic}: ComparisonStyle, marked: boolean, below: boolean, beside: boolean): Cell[][] {
  const filled = rows.flatMap(({cells}) => cells.flatMap((cell) => (cell ? [cell] : [])));
  const errors = filled.filter(({error}) => error !== null && error > 0);
  const decimals = decimalsFor((errors.length ? errors : filled).map(scaleOf));
  const common = decimals(NaN);
  const star = (text: string): Cell[] => (marked ? [words(text)] : []);
  const estimate = (c: ComparedRow["cells"][number]): Cell[] => {
    if (!c) return [words(""), ...star("")];
    const {text, blanks} = align(c.estimate, c.error === null && Number.isInteger(c.estimate) ? common : decimals(scaleOf(c)), common);
    return [number(text, {blanks}), ...star(`${starred ? stars(c.p) : ""}${c.derived ? derivedMark : ""}`)];
  };
  const with_ = (c: ComparedRow["cells"][number]): Cell => {
    if (!c) return words("");
    const write = (x: number): string => align(x, decimals(scaleOf(c)), common).text;
    const {error, z, p, low, high} = c;
    switch (statistic) {
      case "z": return number(z === null || !Number.isFinite(z) ? "(—)" : `(${written(z)})`);
      case "p": return number(p === null ? "(—)" : `(${pValue(p)})`);
      case "interval": return number(low === null || high === null ? "[—]" : `[${write(low)}, ${write(high)}]`);
      default: return number(error === null || !Number.isFinite(error) ? "(—)" : `(${write(error)})`);
    }
  };
  return rows.flatMap(({name, words: under, cells}) => {
    const head = label(name, under ? {below: under} : {});
    const first = [head, ...cells.flatMap((c) => [...estimate(c), ...(beside ? [with_(c)] : [])])];
    return below ? [first, [words(""), ...cells.flatMap((c) => [with_(c), ...star("")])]] : [first];
  });
}

function goodness(fits: readonly ComparedFit[], {goodness: asked, add}: ComparisonStyle, span: number, narrow: boolean): Group {
  return {
    title: "Fit",
    rows: [
      ...asked.map(({key, name}): Cell[] => [label(key === "ending" ? endingName(name, narrow) : name), ...fits.map((fit) => ({...goodnessCell(key, fit, narrow), span}))]),
      ...add.map(({name, cells}): Cell[] => [label(name), ...cells.map((text) => label(text, {span}))])
    ]
  };
}
