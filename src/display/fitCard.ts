import {sizes} from "../data/choiceData.js";
import type {FitFacts, SimulationFacts} from "../estimate/types.js";
import type {Note} from "../data/choiceData.js";
import {listed} from "../errors.js";
import type {Ending, Step} from "../optimize/ending.js";
import type {Bundle} from "../rich.js";
import {cardBundle, dotted} from "./card.js";
import type {Card, Details, Inline, Line} from "./card.js";
import {sparkline} from "./bars.js";
import {estimatesTable, foldedRows, plainRows, reasons, twoDecimals} from "./estimatesTable.js";
import type {TableOptions} from "./estimatesTable.js";
import {brief, count, fixed, starsLegend} from "./format.js";

/**
 * A fit as a card: the estimates, how good and how finished the fit is, what deserves care, and where it all came from.
 * The same fit has the same bytes: nothing here depends on the clock.
 *
 * @param options `stars: false` leaves the stars out.
 * @example
 * fitCard(fit, {stars: false})["text/latex"]
 */
export const fitCard = (fit: FitFacts, options: TableOptions = {}): Bundle => cardBundle(fitBlocks(fit, options));

function fitBlocks(fit: FitFacts, options: TableOptions): Card {
  const explained = `${fit.title}: the choice among ${listed(fit.data.alternatives, 6)}`;
  const legend: Inline[] = options.stars === false ? [] : [starsLegend];
  const rows = plainRows(fit.estimates.rows);
  const folded = foldedRows(fit.estimates);
  return [
    {table: estimatesTable({...fit.estimates, rows}, explained, options)},
    {tone: "status", line: status(fit)},
    ...warnings(fit.ending, fit.notes),
    ...reasons(rows),
    ...folded.lines,
    {...details(fit), tables: folded.tables},
    {tone: "foot", line: dotted(legend, [`errors: ${fit.estimates.words}`])},
    {tone: "foot", line: provenance(fit)}
  ];
}

/** How a fit ended: a sign and a word, so that colour is never needed. */
export const ended = ({converged}: Pick<Ending, "converged">): string => (converged ? "✓ converged" : "✗ not converged");

const status = ({logLikelihood, rho2, aic, bic, ending, path}: FitFacts): Inline[] =>
  dotted(
    ["Log-likelihood ", {number: twoDecimals(logLikelihood), strong: true}],
    ["McFadden ρ² ", {number: fixed(rho2, 3), strong: true}],
    ["AIC ", {number: fixed(aic, 1)}],
    ["BIC ", {number: fixed(bic, 1)}],
    [{strong: ended(ending)}, ...(path.length > 1 ? [` in ${count(path[path.length - 1].iteration, "iteration", "iterations")}`] : [])]
  );

/** Warnings as lines: first how the fit ended, where it did not converge. */
export function warnings(ending: Ending, notes: readonly Note[]): Line[] {
  const warning = (...line: Inline[]): Line => ({tone: "warning", line: ["⚠ ", ...line]});
  const lines = notes.filter(({level}) => level === "warning").map(({text}) => warning({label: text}));
  if (ending.converged) return ending.advice ? [warning({label: ending.advice}), ...lines] : lines;
  return [warning({strong: "The fit did not finish"}, ", so read these numbers with care: it ", {label: `${ending.words}.${ending.advice ? ` To go on: ${ending.advice}.` : ""}`}), ...lines];
}

function details(fit: FitFacts): Details {
  const {data, ending, estimates, integration, notes, path, specification, tier} = fit;
  const {people, situations, rows} = sizes(data);
  const facts: [string, Inline[]][] = [
    ["Model", [{label: fit.title}, ` (tier ${tier})`]],
    ["Specification", [{code: written(specification)}]],
    ["Data", [
      data.panel ? `${count(people, "person", "people")}, ` : "",
      `${count(situations, "situation", "situations")}, ${count(data.alternatives.length, "alternative", "alternatives")}, ${count(rows, "row", "rows")}`
    ]],
    ["Data made by", [{code: data.recipe}]],
    ["Integration", integration.rule === "none" ? ["none needed: nothing is random"] : [{label: draws(fit)}]],
    ...(integration.effective ? [["Effective draws", [`least ${brief(integration.effective.least)}, median ${brief(integration.effective.median)}`]] as [string, Inline[]]] : []),
    ...(integration.simulation ? [["Error of simulation", [simulated(integration.simulation)]] as [string, Inline[]]] : []),
    ...(fit.basins ? [["Basins", [basins(fit.basins)]] as [string, Inline[]]] : []),
    ["Computed by", [computer(fit)]],
    ["Errors", [{label: estimates.words}]],
    ["Log-likelihood with all coefficients zero", [{number: twoDecimals(fit.logLikelihoodAtZero)}]],
    ["Log-likelihood with shares alone", Number.isNaN(fit.logLikelihoodAtShares) ? ["no closed form: choice sets differ"] : [{number: twoDecimals(fit.logLikelihoodAtShares)}]],
    ["Free parameters", [String(fit.free.length)]],
    ["Ending", [{label: ending.words}]]
  ];
  if (path.length > 1) facts.push(["Path", walked(path)]);
  for (const note of notes) if (note.level === "info") facts.push(["Note", [{label: note.text}]]);
  return {summary: "Diagnostics and provenance", facts};
}

/** How far from exact integrals, as measured. */
function simulated({rms, max, logLikelihood, replications, pooled, certified}: SimulationFacts): string {
  const by = replications > 1 ? `${replications} independent sets of draws${pooled ? ", which the estimates are of together" : ""}` : "a far finer rule";
  return `${brief(rms, 2)} standard errors over the estimates, at most ${brief(max, 2)}; log-likelihood ± ${brief(logLikelihood, 2)}; measured by ${by}${certified ? "" : ": more than was asked for"}`;
}

/** "500 Halton draws in 3 dimensions, one set for each person, seed 42". */
function draws({data, integration}: FitFacts): string {
  const {rule, method, draws, dimensions, within, shared, seed} = integration;
  const unit = data.panel ? "person" : "situation";
  const inside = within ? `; within people ${count(within.draws, "draw", "draws")} of ${within.rule} in ${count(within.dimensions, "dimension", "dimensions")}` : "";
  return `${count(draws, "draw", "draws")} of ${rule}${method === "centred" || method === "adaptive" ? ", moved to where each person's choices point," : ""} in ${count(dimensions, "dimension", "dimensions")}, ${shared ? "one set for all" : `a set for each ${unit}`}${inside}; seed ${seed}`;
}

/** "−3878.94 from 3 starts (taken), −3901.20 from 1". */
const basins = (found: NonNullable<FitFacts["basins"]>): string =>
  found.map(({logLikelihood, starts, taken}) => `${twoDecimals(logLikelihood)} from ${count(starts, "start", "starts")}${taken ? " (taken)" : ""}`).join(", ");

/** "the compiled kernel, 2 threads". */
function computer({computing: {kernel, threads, note}}: FitFacts): string {
  return `the ${kernel === "wasm" ? "compiled" : "readable"} kernel, ${count(threads, "thread", "threads")}${note ? `; ${note}` : ""}`;
}

/** What a method of climbing is called in a sentence. */
export const methodName = (method: string): string => ({bhhh: "BHHH", newton: "Newton", bfgs: "BFGS"})[method] ?? method;

/** "−1500.00 to −1200.00 by 6 BHHH steps and 3 Newton steps; largest slope in the end 1e-7 of its standard errors". */
function walked(path: readonly Step[]): Inline[] {
  const methods = new Map<string, number>();
  for (const {method} of path) if (method !== "start") methods.set(method, (methods.get(method) ?? 0) + 1);
  const first = path[0];
  const last = path[path.length - 1];
  return [
    {number: twoDecimals(first.logLikelihood)}, " to ", {number: twoDecimals(last.logLikelihood)},
    ` by ${listed([...methods].map(([name, steps]) => `${steps} ${methodName(name)} ${steps === 1 ? "step" : "steps"}`))}; largest slope in the end `,
    {number: brief(last.gradientNorm, 2)}, " of its standard errors ",
    {picture: sparkline(path.map((step) => step.logLikelihood))}
  ];
}

function provenance({data, integration, seed, version}: FitFacts): Inline[] {
  const {people, situations} = sizes(data);
  return dotted(
    [`N = ${count(situations, "choice", "choices")}`],
    data.panel ? [count(people, "person", "people")] : [],
    integration.rule === "none" ? [] : [{label: `${count(integration.draws, "draw", "draws")} (${integration.rule})`}],
    [`seed ${seed}`],
    [`maxent-logit ${version}`],
    [`data ${data.hash}`]
  );
}

/** A record as one would write it in a cell. */
export function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join(", ")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "undefined";
  const key = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));
  return `{${Object.entries(value).filter(([, v]) => v !== undefined).map(([name, v]) => `${key(name)}: ${written(v)}`).join(", ")}}`;
}
