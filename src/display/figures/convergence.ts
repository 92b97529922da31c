import {dualEnding, dualStep} from "../../entropy/dualPath.js";
import type {MaxEntFacts} from "../../entropy/maxEntFit.js";
import {checkOptions, expectFields} from "../../errors.js";
import type {FitFacts} from "../../estimate/types.js";
import type {ClimbKind} from "../../live.js";
import type {Ending, Step} from "../../optimize/ending.js";
import {sparkline} from "../bars.js";
import {climbs} from "../climbs.js";
import {oneLine} from "../escape.js";
import {drawings} from "../drawing.js";
import type {Drawing} from "../drawing.js";
import {figure} from "../figure.js";
import type {Figure} from "../figure.js";
import {ended, methodName} from "../fitCard.js";
import {brief, count, fixed, scientific} from "../format.js";
import type {PlotModule} from "../studio.js";
import {pad} from "../width.js";
import {legend} from "./legend.js";
import {figureWidth, palette, shapes} from "./palette.js";

export interface ConvergenceFacts {
  readonly title: string;
  readonly steps: readonly Pick<Step, "iteration" | "logLikelihood" | "gradientNorm" | "method" | "pass" | "draws">[];
  /** What the two numbers of a step are; absent for a log-likelihood and its largest slope. */
  readonly kind?: ClimbKind;
  /** The largest slope, in its standard errors, that the fit was to end with; or what else is to become so small. */
  readonly goal?: number;
  readonly ending: Ending;
}

/** A fit that knows the path it took. */
export type Climbed = Pick<FitFacts, "title" | "path" | "ending"> & {readonly kind?: string};

export interface ConvergenceOptions {
  /** The tolerance that the fit was given, where it was given one; default as in fitting. */
  readonly tolerance?: number;
}

/**
 * How a fit found its summit: the log-likelihood and its largest slope, in standard errors of the slope, after each step, marked by who made the
 * step, with the goal as a dashed line. Of a maximum-entropy fit the dual and its largest residual.
 *
 * @example
 * convergence(fit)
 */
export function convergence(fit: Climbed | Pick<MaxEntFacts, "title" | "solution">, options: ConvergenceOptions = {}): Figure<ConvergenceFacts> {
  const dual = typeof fit === "object" && fit !== null && "solution" in fit;
  expectFields("figure/not-a-fit", "convergence(fit)", fit, dual ? ["solution"] : ["path", "ending"], "a fit", "convergence(await fitMnl(data))");
  checkOptions("convergence(fit)", options, ["tolerance"]);
  const kind: ClimbKind = dual ? "dual" : fit.kind === "moments" || fit.kind === "weights" ? fit.kind : "likelihood";
  const path = dual ? fit.solution.path.map(dualStep) : fit.path;
  const steps = path.map(({iteration, logLikelihood, gradientNorm, method, pass, draws}) => ({iteration, logLikelihood, gradientNorm, method, ...(pass !== undefined && {pass}), ...(draws !== undefined && {draws})}));
  const goal = climbs[kind].goal?.(options.tolerance, steps.some(({pass}) => pass !== undefined));
  return figure("convergence", {title: fit.title, steps, ...(kind !== "likelihood" && {kind}), ...(goal !== undefined && {goal}), ending: dual ? dualEnding(fit.solution) : fit.ending});
}

drawings.set("convergence", (facts: ConvergenceFacts): Drawing => {
  const {steps, ending} = facts;
  const title = oneLine(facts.title);
  const last = steps[steps.length - 1];
  const reached = steps.filter(({logLikelihood}) => Number.isFinite(logLikelihood)).pop();
  const walked = last ? ` after ${count(last.iteration, "iteration", "iterations")}${reached ? ` at ${fixed(reached.logLikelihood, 2).replace("-", "\u2212")}` : ""}` : "";
  return {
    title: `${title}: ${ended(ending).slice(2)}${walked}`,
    subtitle: ending.converged ? `each mark a step${facts.goal === undefined ? "" : "; the dashed line is the goal"}${steps.some(({pass}) => (pass ?? 1) > 1) ? "; the line breaks where draws were laid anew" : ""}` : oneLine(ending.words),
    description: `${wordsOf(facts).both} by iteration for ${title}: ${ended(ending).slice(2)}${walked}.`,
    text: table(facts),
    panels: (Plot) => panels(Plot, facts)
  };
});

const wordsOf = ({kind = "likelihood"}: ConvergenceFacts) => {
  const {value, distance} = climbs[kind];
  return {value, distance, both: kind === "likelihood" ? "Log-likelihood and its largest slope" : `${value} and ${distance[0].toLowerCase()}${distance.slice(1)}`};
};

// Who made a step keeps its mark in every figure.
const known = ["start", "bhhh", "newton", "bfgs"];
function mark(method: string): {name: string; color: string; symbol: string} {
  const at = known.indexOf(method);
  const m = at < 0 ? known.length : at;
  return m ? {name: method, color: palette[m - 1], symbol: shapes[m - 1]} : {name: method, color: "#57606a", symbol: "times"};
}

function panels(Plot: PlotModule, facts: ConvergenceFacts) {
  const {steps, goal} = facts;
  const words = wordsOf(facts);
  const walk = steps.filter(({logLikelihood}) => Number.isFinite(logLikelihood));
  const slopes = steps.filter(({gradientNorm}) => gradientNorm > 0 && Number.isFinite(gradientNorm));
  const methods = [...new Set(steps.map(({method}) => method))];
  const end = Math.max(1, ...steps.map(({iteration}) => iteration));
  const x = {domain: [0, end], nice: false, ticks: ticks(steps.length > 1 ? end : 0), tickFormat: "d", inset: 6} as const;
  const shared = {width: figureWidth, marginLeft: 74, marginRight: 20} as const;
  const labelled = {labelArrow: "none", labelOffset: 62} as const; // where the title begins
  const dots = (data: typeof steps, y: "logLikelihood" | "gradientNorm") =>
    methods.map((method) => {
      const {color, symbol} = mark(method);
      return Plot.dot(data.filter((d) => d.method === method), {x: "iteration", y, fill: symbol === "times" ? "none" : color, stroke: color, symbol: symbol as "circle", r: steps.length > 50 ? 2.2 : 3.5});
    });
  const line = {x: "iteration", z: ({pass}: (typeof steps)[number]) => pass ?? 1, stroke: "#57606a", strokeOpacity: 0.6} as const; // a line for each set of nodes
  return [
    legend(Plot, methods.map((method) => ({...mark(method), name: method === "start" ? "start" : `${methodName(method)} step`}))),
    {
      ...shared,
      height: 196,
      marginTop: 26,
      marginBottom: 22,
      x: {...x, label: null},
      y: {label: words.value, grid: true, nice: true, ticks: 5, tickFormat: tickFormat(walk.map((d) => d.logLikelihood)), ...labelled},
      marks: [Plot.lineY(walk, {...line, y: "logLikelihood"}), ...dots(walk, "logLikelihood")]
    },
    {
      ...shared,
      height: 200,
      marginTop: 26,
      marginBottom: 40,
      x: {...x, label: "Iteration", labelAnchor: "center" as const, labelArrow: "none" as const, labelOffset: 32},
      y: {type: "log" as const, nice: true, label: words.distance, grid: true, ticks: powers(slopes.map((d) => d.gradientNorm).concat(goal ?? [])), tickFormat: power, ...labelled},
      marks: [
        ...(goal === undefined ? [] : [
          Plot.ruleY([goal], {stroke: "#57606a", strokeDasharray: "5 4"}),
          Plot.text([goal], {x: end, y: (d: number) => d, text: () => "goal", textAnchor: "end", dy: -7, fill: "#57606a"})
        ]),
        Plot.lineY(slopes, {...line, y: "gradientNorm"}),
        ...dots(slopes, "gradientNorm")
      ]
    }
  ];
}

// Whole iterations only.
function ticks(end: number): number[] {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((s) => end / s <= 12) ?? Math.ceil(end / 10);
  return Array.from({length: Math.floor(end / step) + 1}, (_, i) => i * step);
}

/** Powers of ten over a stretch, at most eight. */
function powers(values: readonly number[]): number[] {
  const logs = values.filter((v) => v > 0 && Number.isFinite(v)).map(Math.log10);
  const [low, high] = [Math.floor(Math.min(...logs)), Math.ceil(Math.max(...logs))];
  const step = Math.max(1, Math.ceil((high - low) / 7));
  return Array.from({length: Math.floor((high - low) / step) + 1}, (_, k) => 10 ** (low + k * step));
}

/** 10, 0.1, 1e−4. */
const power = (x: number): string => (x >= 0.0099 && x < 1e5 ? brief(x, 1) : `1e${Math.round(Math.log10(x))}`.replace("-", "\u2212"));

// Decimals only where the whole walk is short.
function tickFormat(values: readonly number[]): (y: number) => string {
  const span = Math.max(...values) - Math.min(...values);
  return (y) => fixed(y, span > 20 ? 0 : span > 2 ? 1 : span > 0 ? 3 : 2).replace("-", "\u2212");
}

const most = 30;

function table({steps, kind = "likelihood"}: ConvergenceFacts): string {
  const skip = steps.length > most;
  const shown = skip ? [...steps.slice(0, most / 2), undefined, ...steps.slice(-most / 2)] : steps;
  // By the step before it, shown or not.
  const first = new Set(steps.filter((d, k) => k && d.pass !== steps[k - 1].pass));
  const anew = (d: (typeof steps)[number]): string => (first.has(d) ? `, new draws${d.draws === undefined ? "" : `: ${d.draws}`}` : "");
  const row = (cells: readonly string[]): string => [pad(cells[0], 9, "right"), pad(cells[1], 14, "right"), pad(cells[2], 10, "right"), ` ${cells[3]}`].join("  ");
  return [
    row(["iteration", kind === "likelihood" ? "log-likelihood" : kind === "weights" ? "penalised" : "dual", kind === "likelihood" ? "slope" : kind === "weights" ? "difference" : "residual", "step by"]),
    ...shown.map((d) => (d ? row([String(d.iteration), fixed(d.logLikelihood, 4), scientific(d.gradientNorm, 2), `${oneLine(methodName(d.method))}${anew(d)}`]) : row(["...", "", "", ""]).trimEnd())),
    ...(first.size ? ["Log-likelihoods before and after new draws are not comparable."] : []),
    `${kind === "likelihood" ? "log-likelihood" : "path"} ${sparkline(steps.map((d) => d.logLikelihood)).text}`
  ].join("\n");
}
