import {spreadInErrors} from "../entropy/mixing/identification.js";
import type {MixedMomentsFacts, MixedStatisticsFacts, MixedWeightsFacts, MixingFacts, MixingMoment} from "../entropy/mixing/types.js";
import {listed} from "../errors.js";
import type {EstimateRow} from "../infer/estimates.js";
import type {Step} from "../optimize/ending.js";
import type {Bundle} from "../rich.js";
import {sparkline} from "./bars.js";
import {cardBundle, dotted} from "./card.js";
import type {Card, Details, Inline, Line} from "./card.js";
import {estimatesTable, plainRows, reasons, twoDecimals} from "./estimatesTable.js";
import type {TableOptions} from "./estimatesTable.js";
import {ended, methodName, warnings} from "./fitCard.js";
import {brief, count, fixed, percent, plainly, starsLegend} from "./format.js";
import {provenance, sizeWords} from "./maxEntCard.js";
import {label, number, words} from "./table.js";
import type {Table} from "./table.js";

type Mixing = MixedMomentsFacts | MixedStatisticsFacts | MixedWeightsFacts;

/**
 * A mixture over tastes as a card: what is read off it with errors, how far it is from its base and what other bases would have
 * given, the moments it meets, what deserves care; folded away, multipliers, weights tried, and where it all came from.
 *
 * @param options `stars: false` leaves the stars out.
 */
export const mixingCard = (fit: Mixing, options: TableOptions = {}): Bundle => cardBundle(mixingBlocks(fit, options));

function mixingBlocks(fit: Mixing, options: TableOptions): Card {
  const {data, ending, estimates, identification: {sensitivity}, notes, title} = fit;
  const rows = plainRows(estimates.rows).filter((row) => !isTied(row)).map(untested);
  const legend: Inline[] = options.stars === false ? [] : [starsLegend];
  return [
    {table: estimatesTable({...estimates, rows}, `${title}: the choice among ${listed(data.alternatives, 6)}`, options)},
    {tone: "status", line: status(fit)},
    {tone: "status", line: distance(fit)},
    ...warnings(ending, notes),
    ...why(rows),
    ...ties(estimates.rows),
    ...(fit.kind === "moments" ? [{table: momentsTable(fit)}] : []),
    ...(sensitivity ? [{table: basesTable(fit)}] : []),
    details(fit),
    {tone: "foot", line: dotted(legend, [{label: `errors: ${estimates.words}`}], rows.some(({name, low}) => name.startsWith("P(") && low !== null) ? ["intervals of shares: on the logit scale"] : [])},
    {tone: "foot", line: provenance(fit)}
  ];
}

/** A share of people lies between 0 and 1: there is nothing to test against zero. */
const untested = (row: EstimateRow): EstimateRow => (row.name.startsWith("P(") ? {...row, z: null, p: null} : row);

/** Without statistics of pairs, tastes of an independent base stay independent, and their correlation is rounding. */
const isTied = ({role, estimate, error}: EstimateRow): boolean => role === "correlation" && Math.abs(estimate) < 1e-9 && (error ?? 0) < 1e-9;

function ties(rows: readonly EstimateRow[]): Line[] {
  const tied = rows.filter(isTied);
  return tied.length ? [{tone: "foot", line: [{label: `${listed(tied.map(({name}) => name), 4)}: zero by construction, as nothing was to be learned of pairs.`}]}] : [];
}

/** A reading that cannot vary has an error of none, and no reason is owed for it. */
const why = (rows: readonly EstimateRow[]): Line[] => reasons(rows.filter((row) => row.error !== null || row.why));

function status(fit: Mixing): Inline[] {
  const done: Inline[] = [{strong: ended(fit.ending)}, ...(fit.path.length > 1 ? [` in ${count(fit.path[fit.path.length - 1].iteration, "step", "steps")}`] : [])];
  const logLikelihood: Inline[] = fit.logLikelihood === undefined ? [] : ["Log-likelihood ", {number: twoDecimals(fit.logLikelihood), strong: true}];
  if (fit.kind === "moments") return dotted([`${count(fit.moments.length, "moment", "moments")} met within `, {number: brief(fit.residual, 2)}, " of their spread"], logLikelihood, done);
  if (fit.kind === "weights") return dotted(logLikelihood, ["penalised ", {number: twoDecimals(fit.penalised)}], [`tau ${plainly(fit.tau)}${fit.how === "given" ? "" : ", cross-validated"}`], ["conditions within ", {number: brief(fit.kkt, 2)}], done);
  return dotted(
    logLikelihood, ["McFadden ρ² ", {number: fixed(fit.rho2, 3), strong: true}], ["AIC ", {number: fixed(fit.aic, 1)}], ["BIC ", {number: fixed(fit.bic, 1)}],
    ["without a mixture ", {number: twoDecimals(fit.logLikelihoodAtPoint)}], done
  );
}

/** How far from the base, and what holds the weight. */
function distance({identification: {divergence, directions, atoms, effective}, weights}: MixingFacts): Inline[] {
  const moved = directions === undefined ? "every weight is free" : `${count(directions, "number moves", "numbers move")} the weights, the rest of their shape is the base`;
  return dotted(
    [{number: brief(divergence), strong: true}, " nats from the base"],
    [`${count(atoms, "point", "points")} of ${weights.length} hold 99% of the weight, as uncertain as ${brief(effective)} equal ones`],
    [moved]
  );
}

function momentsTable({moments}: MixedMomentsFacts): Table {
  const loose = moments.some(({slack}) => slack !== 0);
  const row = ({name, target, error, predicted, slack, atBase, least, greatest}: MixingMoment) => [
    label(name), number(brief(target, 6)), number(brief(error)), number(brief(predicted, 6)), ...(loose ? [number(brief(slack))] : []),
    number(brief(atBase, 4)), number(`[${brief(least, 4)}, ${brief(greatest, 4)}]`)
  ];
  return {
    caption: "Moments, means over situations",
    columns: [
      {head: "Mean of", align: "left"},
      {head: "Asked for", align: "right"},
      {head: "SE", title: "standard error of what was asked for", align: "right"},
      {head: "Predicted", align: "right"},
      ...(loose ? [{head: "Slack", title: "what was left to the moment's noise", align: "right"} as const] : []),
      {head: "At base", title: "what the base by itself predicts", align: "right"},
      {head: "Attainable", title: "least and greatest mean at any single taste", align: "right"}
    ],
    groups: [{title: "", rows: moments.map(row)}]
  };
}

/** What moves with the base is not learned from the data. */
function basesTable({estimates, identification: {sensitivity}, tastes}: MixingFacts): Table {
  const {ranges, refits} = sensitivity!;
  return {
    caption: `The same under ${count(refits.length, "other base", "other bases")}`,
    columns: [
      {head: "Reading", align: "left"}, {head: "Here", align: "right"}, {head: "Least", align: "right"}, {head: "Greatest", align: "right"},
      {head: "Spread", title: "greatest less least", align: "right"}, {head: "in SE", title: "the spread in standard errors of the reading", align: "right"}
    ],
    groups: [{title: "", rows: ranges.flatMap(({name, low, high}) => {
      const own = estimates.rows.find((row) => row.name === name);
      if (own && isTied(own)) return [];
      const inErrors = spreadInErrors(tastes, {name, low, high}, own?.error);
      return [[
        label(name), number(own ? brief(own.estimate) : ""), number(brief(low)), number(brief(high)), number(brief(high - low, 2)),
        number(inErrors === undefined ? "" : brief(inErrors, 2))
      ]];
    })}]
  };
}

function details(fit: Mixing): Details {
  const {data, ending, notes, path, shared, tastes, layout} = fit;
  const held = layout.held.map(({column}) => layout.design.columns[column].name);
  const facts: [string, Inline[]][] = [
    ["Model", [{label: fit.title}]],
    ["Tastes", [{label: `${tastes.words}: ${tastes.names.join(", ")}`}]],
    ...(held.length ? [["Held", [{label: held.map((name) => `${name} ${plainly(shared[name])}`).join(", ")}]] as [string, Inline[]]] : []),
    ["Data", [sizeWords(fit)]],
    ["Data made by", [{code: data.recipe}]],
    ["Weight on the ends of the range", [{label: edges(fit)}]],
    ["Ending", [{label: ending.words}]],
    ...certified(fit),
    ...(path.length > 1 ? [["Path", walked(path)] as [string, Inline[]]] : []),
    ...notes.filter(({level}) => level === "info").map(({text}): [string, Inline[]] => ["Note", [{label: text}]])
  ];
  return {summary: "Multipliers, identification and provenance", facts, tables: tables(fit)};
}

/** "residual 1.2e-16, gap 3.4e-17 (…)". */
function certified({certificate}: Partial<Pick<MixingFacts, "certificate">>): [string, Inline[]][] {
  if (!certificate) return []; // a fit kept from before there were any
  const {gap, residual, words: units} = certificate;
  return [["Certificate", ["residual ", {number: brief(residual, 2)}, ...(gap === undefined ? [] : [", gap ", {number: brief(gap, 2)}]), ` (${units})`]]];
}

/** "price 0.0% and 1.2%". */
const edges = ({identification, tastes}: MixingFacts): string =>
  tastes.axes ? tastes.names.map((name) => `${name} ${percent(identification.edges[name].low)} and ${percent(identification.edges[name].high)}`).join(", ") : "none: these are draws";

function tables(fit: Mixing): Table[] {
  const multipliers = fit.estimates.rows.filter(({detail}) => detail);
  const {sensitivity} = fit.identification;
  return [
    ...(multipliers.length ? [untitled(estimatesTable({...fit.estimates, rows: multipliers}, "Multipliers", {stars: false, bars: false}))] : []),
    ...(sensitivity?.refits.length ? [refitsTable(fit)] : []),
    ...(fit.kind === "weights" && fit.tried ? [triedTable(fit)] : []),
    ...(fit.kind === "statistics" && fit.basins ? [basinsTable(fit)] : [])
  ];
}

/** Multipliers are no coefficients, whatever their role is called elsewhere. */
const untitled = (table: Table): Table => ({...table, groups: table.groups.map((group) => ({...group, title: ""}))});

function refitsTable({identification: {sensitivity, divergence}, logLikelihood}: Mixing): Table {
  const {refits} = sensitivity!;
  const likely = logLikelihood !== undefined && refits.some((refit) => refit.logLikelihood !== undefined);
  const row = (name: string, how: string, nats: number, value?: number) => [words(name, how ? {title: how} : {}), number(brief(nats)), ...(likely ? [number(value === undefined ? "" : twoDecimals(value))] : [])];
  return {
    caption: "Bases",
    columns: [{head: "Base", align: "left"}, {head: "Nats from it", align: "right"}, ...(likely ? [{head: "Log-likelihood", align: "right"} as const] : [])],
    groups: [{title: "", rows: [row("this one", "", divergence, logLikelihood), ...refits.map((refit) => row(refit.base, `this one times a ${refit.words} density of each coefficient`, refit.divergence, refit.logLikelihood))]}]
  };
}

const triedTable = ({tried, tau}: MixedWeightsFacts): Table => ({
  caption: "Weights of the divergence tried",
  columns: [{head: "tau", align: "right"}, {head: "Held-out log-likelihood", align: "right"}, {head: "", align: "left"}],
  groups: [{title: "", rows: tried!.map((item) => [number(plainly(item.tau)), number(twoDecimals(item.heldOut)), words(item.tau === tau ? "taken" : "")])}]
});

const basinsTable = ({basins}: MixedStatisticsFacts): Table => ({
  caption: "Summits found",
  columns: [{head: "Log-likelihood", align: "right"}, {head: "Starts", align: "right"}, {head: "", align: "left"}],
  groups: [{title: "", rows: basins!.map(({logLikelihood, starts, taken}) => [number(twoDecimals(logLikelihood)), number(String(starts)), words(taken ? "taken" : "")])}]
});

/** "30 EM steps and 4 Newton steps". */
function walked(path: readonly Step[]): Inline[] {
  const methods = new Map<string, number>();
  for (const {method} of path) if (method !== "start") methods.set(method, (methods.get(method) ?? 0) + 1);
  return [
    listed([...methods].map(([name, steps]) => `${steps} ${name === "em" ? "EM" : methodName(name)} ${steps === 1 ? "step" : "steps"}`)), "; last residual ",
    {number: brief(path[path.length - 1].gradientNorm, 2)}, " ", {picture: sparkline(path.map((step) => step.logLikelihood))}
  ];
}
