import {hasChoices} from "../data/offers.js";
import type {MaxEntFacts, Moment} from "../entropy/maxEntFit.js";
import type {Support} from "../entropy/programme.js";
import type {Certificate} from "../entropy/solution.js";
import {listed} from "../errors.js";
import type {Bundle} from "../rich.js";
import {sparkline} from "./bars.js";
import {cardBundle, dotted} from "./card.js";
import type {Card, Details, Inline, Line} from "./card.js";
import {entropiesTable} from "./entropyCard.js";
import {estimatesTable, plainRows, reasons, twoDecimals} from "./estimatesTable.js";
import type {TableOptions} from "./estimatesTable.js";
import {ended} from "./fitCard.js";
import {brief, count, fixed, nothing, percent, plainly, starsLegend} from "./format.js";
import {noteLines} from "./notes.js";
import {label, number, words} from "./table.js";
import type {Cell, Table} from "./table.js";

/**
 * A maximum-entropy fit as a card: the estimates, how much is known and how exactly the fit ended, what deserves care; folded
 * away, the certificate of the optimum, the totals with what noise took of them, the noise, and where it all came from.
 *
 * @param options `stars: false` leaves the stars out.
 */
export const maxEntCard = (fit: MaxEntFacts, options: TableOptions = {}): Bundle => cardBundle(maxEntBlocks(fit, options));

function maxEntBlocks(fit: MaxEntFacts, options: TableOptions): Card {
  const {estimates, notes, data, title} = fit;
  const rows = plainRows(estimates.rows);
  const legend: Inline[] = options.stars === false ? [] : [starsLegend];
  return [
    ...(rows.length ? [{table: estimatesTable({...estimates, rows}, `${title}: the choice among ${listed(data.alternatives, 6)}`, options)}] : []),
    {tone: "status", line: status(fit)},
    ...noteLines(notes.filter(({level}) => level === "warning")),
    ...reasons(rows),
    ...scale(fit),
    details(fit),
    {tone: "foot", line: dotted(rows.length ? legend : [], [{label: `errors: ${estimates.words}`}])},
    {tone: "foot", line: provenance(fit)}
  ];
}

function status({kind, entropies: {signal, noise, p, information}, noise: errors, logLikelihood, solution: {certificate, ending, iterations}}: MaxEntFacts): Inline[] {
  const entropy = (name: string, value: number, strong = false): Inline[] => [name, {number: fixed(value, 3), strong}];
  return dotted(
    entropy("Entropy of choices ", p, true),
    kind === "supports" ? entropy("of supports ", signal) : [],
    errors ? entropy("of errors ", noise) : [],
    ["information index ", {number: fixed(information, 3), strong: true}],
    logLikelihood === undefined ? [] : ["log-likelihood ", {number: twoDecimals(logLikelihood)}],
    ["gap ", {number: brief(certificate.gap, 2)}],
    [{strong: ended({converged: ending === "converged"})}, ` in ${count(iterations, "step", "steps")}`]
  );
}

/** Coefficients of supports look like those of a logit, and are not. */
function scale({kind, programme: {signal}}: MaxEntFacts): Line[] {
  if (kind !== "supports" || signal.kind !== "supports") return [];
  return [{tone: "foot", line: [`Coefficients are on the scale of their supports, ${spread(signal.support)}: compare probabilities and effects with other fits, not coefficients.`]}];
}

const spread = ({points}: Support): string => `${count(points.length, "point", "points")} from ${plainly(points[0])} to ${plainly(points[points.length - 1])}`;

const isTilted = (logPrior?: Float64Array): boolean => logPrior?.some((log) => log !== logPrior[0]) ?? false;

function details(fit: MaxEntFacts): Details {
  const {data, estimates, programme: {signal}, solution, notes, unsound, noise} = fit;
  const facts: [string, Inline[]][] = [
    ["Model", [{label: fit.title}]],
    ["Signal", [signal.kind === "shannon" ? `the entropy of the probabilities themselves${isTilted(signal.logPrior) ? ", relative to a prior" : ""}` : `a distribution for each probability over ${spread(signal.support)}${isTilted(signal.support.logPrior) ? ", relative to a prior" : ""}`]],
    ["Noise", [noiseWords(fit)]],
    ["Coefficients", ["minus the multipliers of the totals, beta = -lambda"]],
    ["Data", [sizeWords(fit)]],
    ["Data made by", [{code: data.recipe}]],
    ["Computed by", [`${solvers[solution.solver]}, the ${solution.engine === "wasm" ? "compiled" : "readable"} kernel, ${count(solution.threads, "thread", "threads")}`]],
    ["Errors", [{label: estimates.words}]],
    ...refused(unsound),
    ...(solution.path.length > 1 ? [["Path", walked(fit)] as [string, Inline[]]] : []),
    ...notes.filter(({level, code}) => level === "info" && code !== "fit/scale-of-supports").map(({text}): [string, Inline[]] => ["Note", [{label: text}]])
  ];
  return {summary: "Certificate, totals, noise and provenance", facts, tables: [certificateTable(fit), ...(fit.moments.length ? [momentsTable(fit.moments)] : []), entropiesTable(fit.kind, fit.entropies), ...(noise?.tried ? [widthsTable(noise.tried, noise.v)] : [])]};
}

const solvers = {joint: "Newton's method on all multipliers together", nested: "Newton's method with each situation solved inside", primal: "Newton's method on the problem as written"} as const;

/** "v = 0.05 = 1/√N, 3 points, summing to zero in each situation". */
function noiseWords({noise}: MaxEntFacts): string {
  if (!noise) return "none: probabilities meet the totals by themselves";
  const how = {"1/√N": " = 1/√N", given: ", as given", "cross-validated": ", the likeliest for held-out choices"}[noise.how];
  return `errors within ±v, v = ${plainly(noise.v)}${how}; ${count(noise.points, "point", "points")}; ${noise.sumToZero ? "summing to zero in each situation" : "free to sum to anything in a situation"}`;
}

/** "361 people, 4308 situations, 4 alternatives, 17232 rows". */
export const weightOf = ({weight}: MaxEntFacts["data"]): number => weight.reduce((sum, w) => sum + w, 0);

export function sizeWords({data}: Pick<MaxEntFacts, "data">): string {
  const [people, situations, rows] = [data.person.length - 1, data.situation.length - 1, data.alternative.length];
  const weight = weightOf(data);
  return [
    ...(data.panel ? [count(people, "person", "people")] : []),
    `${count(situations, "situation", "situations")}${weight === situations ? "" : ` of weight ${plainly(weight)}`}`,
    count(data.alternatives.length, "alternative", "alternatives"),
    count(rows, "row", "rows"),
    ...(hasChoices(data) ? [] : ["choices not known"])
  ].join(", ");
}

/** "30.98 falling to 28.41, by 5 steps". */
function walked({solution: {path}}: MaxEntFacts): Inline[] {
  const [first, last] = [path[0], path[path.length - 1]];
  return ["dual ", {number: fixed(first.value, 4)}, " falling to ", {number: fixed(last.value, 4)}, `; last residual `, {number: brief(last.residual, 2)}, " ", {picture: sparkline(path.map(({value}) => value))}];
}

/** Errors that do not hold, each reason once. */
function refused(unsound: MaxEntFacts["unsound"]): [string, Inline[]][] {
  const reasons = [...new Set(Object.values(unsound))];
  return reasons.map((why) => [`No errors ${listed(Object.entries(unsound).filter(([, reason]) => reason === why).map(([kind]) => `"${kind}"`)).replace(" and ", " or ")}`, [{label: why}]]);
}

/** Residuals beyond this are no rounding. */
const rounding = 1e-10;

/** What would be zero at an exact optimum, and how far from it the solution is. */
function certificateTable({solution: {certificate}, noise}: MaxEntFacts): Table {
  const rows: [name: string, how: string, keyof Certificate, asked?: string][] = [
    ["Duality gap", "|primal - dual| / (1 + |dual|): a bound on how much better any other answer could be", "gap"],
    ["Stationarity", "each distribution is the tilted prior that its multipliers call for; by construction of a dual solution", "stationarity"],
    ["Totals", "largest residual, over the largest total that there could be", "moments"],
    ["Adding up", "largest |1 - sum of the probabilities of a situation|", "addingUp"],
    ["Sum of errors", "largest |sum of the errors of a situation|", "errorSum", noise ? (noise.sumToZero ? undefined : "not asked for") : "no errors"]
  ];
  return {
    caption: "Conditions of the optimum",
    columns: [{head: "Condition", align: "left"}, {head: "Residual", align: "right"}, {head: "Should be", align: "left"}, {head: "", align: "left"}],
    groups: [{title: "", rows: rows.map(([name, how, key, asked]) => [
      words(name, {title: how}), asked ? words(nothing) : number(brief(certificate[key], 2)), words(asked ?? `0, to 10 decimals`), words(asked ? "" : certificate[key] <= rounding ? "✓" : "✗")
    ])}]
  };
}

/** Totals as met: predicted, left to error, and where they stand in what the choice sets allow. */
export function momentsTable(moments: readonly Moment[]): Table {
  const loose = moments.some(({slack, sd}) => slack !== 0 || sd !== undefined);
  const row = ({name, target, given, sd, predicted, error, slack, absorbed, least, greatest}: Moment): Cell[] => [
    label(name, given ? {below: sd === undefined ? "given" : `given, sd ${plainly(sd)}`} : {}),
    number(brief(target, 6)), number(brief(predicted, 6)), number(brief(error)), ...(loose ? [number(brief(slack))] : []),
    number(percent(absorbed)), number(`[${brief(least, 4)}, ${brief(greatest, 4)}]`)
  ];
  return {
    caption: "Totals",
    columns: [
      {head: "Total of", align: "left"},
      {head: "Asked for", align: "right"},
      {head: "Predicted", title: "what the probabilities make of it", align: "right"},
      {head: "Error", title: "what the errors make of it", align: "right"},
      ...(loose ? [{head: "Slack", title: "the total's own noise", align: "right"} as const] : []),
      {head: "Absorbed", title: "part of the way from what it would be with nothing known that error and slack took up", align: "right"},
      {head: "Attainable", title: "least and greatest total that these choice sets allow", align: "right"}
    ],
    groups: [{title: "", rows: moments.map(row)}]
  };
}

function widthsTable(tried: readonly {readonly v: number; readonly heldOut: number}[], taken: number): Table {
  return {
    caption: "Widths of the noise tried",
    columns: [{head: "v", align: "right"}, {head: "Held-out log-likelihood", align: "right"}, {head: "", align: "left"}],
    groups: [{title: "", rows: tried.map(({v, heldOut}) => [number(brief(v, 4)), number(twoDecimals(heldOut)), words(v === taken ? "taken" : "")])}]
  };
}

/** The last line of a card: how many choices, which seed, version and data. */
export function provenance({data, seed, version}: Pick<MaxEntFacts, "data" | "seed" | "version">): Inline[] {
  const situations = data.situation.length - 1;
  const weight = weightOf(data);
  return dotted(
    [`N = ${hasChoices(data) ? count(situations, "choice", "choices") : `${count(situations, "situation", "situations")}, choices not known`}${weight === situations ? "" : ` (weight ${plainly(weight)})`}`],
    data.panel ? [count(data.person.length - 1, "person", "people")] : [],
    [`seed ${seed}`],
    [`maxent-logit ${version}`],
    [`data ${data.hash}`]
  );
}
