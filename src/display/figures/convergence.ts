import {checkOptions, expectFields} from "../../errors.js";
import type {FitFacts} from "../../estimate/types.js";
import type {Ending, Step} from "../../optimize/ending.js";
import {sparkline} from "../bars.js";
import {oneLine} from "../escape.js";
import {drawings} from "../drawing.js";
import type {Drawing} from "../drawing.js";
import {figure} from "../figure.js";
import type {Figure} from "../figure.js";
import {ended, methodName} from "../fitCard.js";
import {count, fixed, scientific} from "../format.js";
import type {PlotModule} from "../studio.js";
import {pad} from "../width.js";
import {legend} from "./legend.js";
import {figureWidth, palette, shapes} from "./palette.js";

export interface ConvergenceFacts {
  readonly title: string;
  readonly steps: readonly Pick<Step, "iteration" | "logLikelihood" | "gradientNorm" | "method" | "pass">[];
  /** The length of gradient, in standard errors, below which the fit was to end. */
  readonly goal: number;
  readonly ending: Ending;
}

export interface ConvergenceOptions {
  /** The tolerance that the fit was given: a squared distance in standard errors. Default 1e-10, as in fitting. */
  readonly tolerance?: number;
}

/**
 * How a fit found its summit: the log-likelihood and the length of the gradient after each step, marked by who made the
 * step, with the goal as a dashed line.
 *
 * @example
 * convergence(fit)
 */
export function convergence(fit: Pick<FitFacts, "title" | "path" | "ending">, options: ConvergenceOptions = {}): Figure<ConvergenceFacts> {
  expectFields("figure/not-a-fit", "convergence(fit)", fit, ["path", "ending"], "a fit", "convergence(await fitMnl(data))");
  checkOptions("convergence(fit)", options, ["tolerance"]);
  const steps = fit.path.map(({iteration, logLikelihood, gradientNorm, method, pass}) => ({iteration, logLikelihood, gradientNorm, method, ...(pass !== undefined && {pass})}));
  return figure("convergence", {title: fit.title, steps, goal: Math.sqrt(options.tolerance ?? (steps.some(({pass}) => pass !== undefined) ? 1e-5 : 1e-10)), ending: fit.ending});
}

drawings.set("convergence", (facts: ConvergenceFacts): Drawing => {
  const {steps, ending} = facts;
  const title = oneLine(facts.title);
  const last = steps[steps.length - 1];
  const walked = last ? ` after ${count(last.iteration, "iteration", "iterations")} at ${fixed(last.logLikelihood, 2).replace("-", "\u2212")}` : "";
  return {
    title: `${title}: ${ended(ending).slice(2)}${walked}`,
    subtitle: ending.converged ? `each mark a step; the dashed line is the goal${steps.some(({pass}) => (pass ?? 1) > 1) ? "; the line breaks where the draws were placed anew" : ""}` : oneLine(ending.words),
    description: `Log-likelihood and length of the gradient by iteration for ${title}: ${ended(ending).slice(2)}${walked}.`,
    text: table(facts),
    panels: (Plot) => panels(Plot, facts)
  };
});

// Who made a step keeps its mark in every figure.
const known = ["start", "bhhh", "newton", "bfgs"];
function mark(method: string): {name: string; color: string; symbol: string} {
  const at = known.indexOf(method);
  const m = at < 0 ? known.length : at;
  return m ? {name: method, color: palette[m - 1], symbol: shapes[m - 1]} : {name: method, color: "#57606a", symbol: "times"};
}

function panels(Plot: PlotModule, {steps, goal}: ConvergenceFacts) {
  const walk = steps.filter(({logLikelihood}) => Number.isFinite(logLikelihood));
  const slopes = steps.filter(({gradientNorm}) => gradientNorm > 0 && Number.isFinite(gradientNorm));
  const methods = [...new Set(steps.map(({method}) => method))];
  const end = Math.max(1, ...steps.map(({iteration}) => iteration));
  const x = {domain: [0, end], nice: false, ticks: ticks(end), tickFormat: "d", inset: 6} as const;
  const shared = {width: figureWidth, marginLeft: 74, marginRight: 20} as const;
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
      height: 190,
      marginBottom: 22,
      x: {...x, label: null},
      y: {label: "Log-likelihood", grid: true, nice: true, ticks: 5, tickFormat: tickFormat(walk.map((d) => d.logLikelihood)), labelArrow: "none" as const},
      marks: [Plot.lineY(walk, {...line, y: "logLikelihood"}), ...dots(walk, "logLikelihood")]
    },
    {
      ...shared,
      height: 190,
      marginBottom: 36,
      x: {...x, label: "Iteration", labelArrow: "none" as const},
      y: {type: "log" as const, nice: true, label: "Gradient norm, in standard errors", grid: true, ticks: 5, tickFormat: "~e", labelArrow: "none" as const},
      marks: [
        Plot.ruleY([goal], {stroke: "#57606a", strokeDasharray: "5 4"}),
        Plot.text([goal], {x: end, y: (d: number) => d, text: () => "goal", textAnchor: "end", dy: -7, fill: "#57606a"}),
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

// Decimals only where the whole walk is short.
function tickFormat(values: readonly number[]): (y: number) => string {
  const span = Math.max(...values) - Math.min(...values);
  return (y) => fixed(y, span > 20 ? 0 : span > 2 ? 1 : 3).replace("-", "\u2212");
}

const most = 30;

function table({steps}: ConvergenceFacts): string {
  const skip = steps.length > most;
  const shown = skip ? [...steps.slice(0, most / 2), undefined, ...steps.slice(-most / 2)] : steps;
  const row = (cells: readonly string[]): string => [pad(cells[0], 9, "right"), pad(cells[1], 14, "right"), pad(cells[2], 10, "right"), ` ${cells[3]}`].join("  ");
  return [
    row(["iteration", "log-likelihood", "gradient", "step by"]),
    ...shown.map((d) => (d ? row([String(d.iteration), fixed(d.logLikelihood, 4), scientific(d.gradientNorm, 2), oneLine(methodName(d.method))]) : row(["...", "", "", ""]).trimEnd())),
    `log-likelihood ${sparkline(steps.map((d) => d.logLikelihood)).text}`
  ].join("\n");
}
