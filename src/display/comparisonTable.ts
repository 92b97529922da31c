import type {Bundle} from "../rich.js";
import {cardBundle, dotted} from "./card.js";
import type {Inline, Line} from "./card.js";
import {errorKinds} from "./compare.js";
import type {ComparedFit, ComparedRow, ComparisonFacts} from "./compare.js";
import {scaleOf, twoDecimals} from "./estimatesTable.js";
import type {TableOptions} from "./estimatesTable.js";
import {align, decimalsFor, fixed, stars, starsLegend} from "./format.js";
import {byRole} from "./roles.js";
import {label, number, words} from "./table.js";
import type {Cell, Column, Group, Table} from "./table.js";

/** Fits side by side: "estimate (error)" for each parameter, then how good and how finished each fit is. */
export function comparisonBundle(comparison: ComparisonFacts, options: TableOptions = {}): Bundle {
  const {fits, sameData} = comparison;
  const legend: Inline[] = options.stars === false ? [] : [starsLegend];
  const unlike: Line = {
    tone: "warning",
    line: ["⚠ ", {strong: "These fits learned from different data"}, ": their log-likelihoods, AIC and BIC cannot be compared; coefficients only with care."]
  };
  const sources = [...new Set(fits.map(({hash}) => hash))];
  return cardBundle([
    {table: comparisonTable(comparison, options)},
    ...(sameData ? [] : [unlike]),
    ...fits.filter(({converged}) => !converged).map(({name}): Line => ({tone: "warning", line: ["⚠ ", {label: name}, " did not converge: read its numbers with care."]})),
    ...fits.filter(({ownScale}) => ownScale).map(({name}): Line => ({tone: "foot", line: ["Coefficients of ", {label: name}, " are on the scale of their supports: compare probabilities and effects, not coefficients."]})),
    {tone: "foot", line: dotted(...fits.filter(({name, title}) => name !== title).map(({name, title}): Inline[] => [{label: name}, ": ", {label: title}]))},
    {tone: "foot", line: dotted([`standard errors in parentheses: ${errorKinds(fits)}`], legend, [`data ${sources.join(", ")}`])}
  ]);
}

/** So many fits stand side by side with errors beside the estimates; more, with errors below them, as papers do. */
const abreast = 3;

function comparisonTable({fits, rows}: ComparisonFacts, {stars: starred = true}: TableOptions): Table {
  const stacked = fits.length > abreast;
  const per = (starred ? 2 : 1) + (stacked ? 0 : 1);
  const columns = (fit: ComparedFit): Column[] => [
    {head: fit.name, headKind: "label", align: "right", title: fit.title === fit.name ? undefined : fit.title},
    ...(starred ? [{head: "", align: "left", joined: true} as const] : []),
    ...(stacked ? [] : [{head: "", align: "right", joined: true} as const])
  ];
  return {
    caption: fits.length === 1 ? "One fit" : `${fits.length} fits side by side`,
    columns: [{head: "Term", align: "left"}, ...fits.flatMap(columns)],
    groups: [...byRole(rows).map(({title, rows}) => ({title, rows: parameterRows(rows, starred, stacked)})), goodness(fits, per, stacked)]
  };
}

// Decimals are chosen over all parameters of a role, as fits share their scale more than parameters do.
function parameterRows(rows: readonly ComparedRow[], starred: boolean, stacked: boolean): Cell[][] {
  const filled = rows.flatMap(({cells}) => cells.flatMap((cell) => (cell ? [cell] : [])));
  const errors = filled.filter(({error}) => error !== null && error > 0);
  const decimals = decimalsFor((errors.length ? errors : filled).map(scaleOf));
  const common = decimals(NaN);
  const star = (text: string): Cell[] => (starred ? [words(text)] : []);
  const estimate = (c: ComparedRow["cells"][number]): Cell[] => {
    if (!c) return [words(""), ...star("")];
    const {text, blanks} = align(c.estimate, c.error === null && Number.isInteger(c.estimate) ? common : decimals(scaleOf(c)), common);
    return [number(text, {blanks}), ...star(stars(c.p))];
  };
  const error = (c: ComparedRow["cells"][number]): Cell => {
    if (!c) return words("");
    return number(c.error === null || !Number.isFinite(c.error) ? "(—)" : `(${align(c.error, decimals(scaleOf(c)), common).text})`);
  };
  return rows.flatMap(({name, words: below, cells}) => {
    const head = label(name, below ? {below} : {});
    if (!stacked) return [[head, ...cells.flatMap((c) => [...estimate(c), error(c)])]];
    return [[head, ...cells.flatMap(estimate)], [words(""), ...cells.flatMap((c) => [error(c), ...star("")])]];
  });
}

function goodness(fits: readonly ComparedFit[], span: number, stacked: boolean): Group {
  const row = (name: string, read: (fit: ComparedFit) => Cell): Cell[] => [words(name), ...fits.map((fit) => ({...read(fit), span}))];
  return {
    title: "Fit",
    rows: [
      row("Log-likelihood", (f) => number(twoDecimals(f.logLikelihood))),
      row("Free parameters", (f) => number(String(f.free))),
      row("McFadden ρ²", (f) => number(fixed(f.rho2, 3))),
      row("AIC", (f) => number(fixed(f.aic, 1))),
      row("BIC", (f) => number(fixed(f.bic, 1))),
      row("Choices", (f) => number(String(f.situations))),
      row("Draws", (f) => label(stacked ? f.draws.split(",")[0] : f.draws)),
      stacked ? row("Converged", (f) => words(f.converged ? "✓ yes" : "✗ no")) : row("Ending", (f) => words(f.converged ? "✓ converged" : "✗ not converged"))
    ]
  };
}
