import {expectFields} from "../../errors.js";
import type {InformationGainFacts} from "../../explain/informationGain.js";
import {stepBar} from "../bars.js";
import {drawings} from "../drawing.js";
import type {Drawing} from "../drawing.js";
import {oneLine} from "../escape.js";
import {figure} from "../figure.js";
import type {Figure} from "../figure.js";
import {brief, evenly, percent} from "../format.js";
import type {PlotModule} from "../studio.js";
import {pad, shorten, width} from "../width.js";
import {inMargin, marginOf, tallest} from "./inMargin.js";
import {legend} from "./legend.js";
import {figureWidth, palette} from "./palette.js";

/** One step of the stair. */
export interface WaterfallStep {
  readonly name: string;
  /** What was told before it, and what it told in parts: they sum to its gain. */
  readonly from: number;
  readonly gain: number;
  readonly signal: number;
  readonly noise: number;
  readonly slack: number;
}

export interface WaterfallFacts {
  readonly units: string;
  /** Entropy before anything is known, and at the end. */
  readonly top: number;
  readonly left: number;
  /** The structure first. */
  readonly steps: readonly WaterfallStep[];
}

/**
 * The chain of information as a stair: from nothing known over the structure to each constraint, how much each tells, and how
 * much of that was spent on noise. Where the structure dwarfs the rest, what the totals tell is drawn once more by itself.
 *
 * @param gain what `informationGain` returned
 * @throws {ChoiceError} figure/not-a-gain
 * @example
 * const world = simulate({tier: "mnlIntercepts"}, {people: 60, situations: 2, seed: 1});
 * waterfall(await informationGain(await fitMaxEnt(world.data)))
 */
export function waterfall(gain: InformationGainFacts): Figure<WaterfallFacts> {
  expectFields("figure/not-a-gain", "waterfall(gain)", gain, ["stages", "steps", "units"], "a chain of information", "waterfall(await informationGain(fit))");
  const {units, stages, steps} = gain;
  const grain = 1e-12 * Math.abs(stages[0].total);
  const clean = (x: number): number => (Math.abs(x) <= grain ? 0 : x);
  return figure("waterfall", {
    units, top: stages[0].total, left: stages[stages.length - 1].total,
    steps: steps.map(({name, gain, signal, noise, slack}, t) => ({
      name: t ? name : "adding up", from: clean(stages[0].total - stages[t].total), gain: clean(gain), signal: clean(signal), noise: clean(noise), slack: clean(slack)
    }))
  });
}

const total = (steps: readonly WaterfallStep[]): number => steps.reduce((sum, {gain}) => sum + gain, 0);

drawings.set("waterfall", ({units, top, left, steps}: WaterfallFacts): Drawing => {
  const totals = steps.slice(1);
  const spent = total(totals) > 0 ? totals.reduce((sum, {noise, slack}) => sum + noise + slack, 0) : 0;
  const write = evenly([...totals.map(({gain}) => gain), total(totals)].filter((x) => x > 0), 2);
  return {
    title: totals.length ? `The totals tell ${write(total(totals))} ${units}` : "Nothing but adding up",
    subtitle: `Entropy falls from ${write(top)} to ${write(left)} ${units}${steps[0]?.gain ? `, by ${write(steps[0].gain)} because probabilities add up` : ""}`,
    description: `What each constraint tells, in ${units}: ${steps.map(({name, gain, noise, slack}) => `${oneLine(name)} ${brief(gain)}${noise + slack > 0 ? ` (${brief(noise + slack)} on noise)` : ""}`).slice(0, 30).join(", ")}.`,
    text: text(steps, write),
    panels: (Plot) => panels(Plot, steps, units, write, spent > 0)
  };
});

const parts = [
  {key: "signal", name: "signal: what probabilities learned", color: palette[0], symbol: "square"},
  {key: "noise", name: "noise: what errors took", color: "#ffffff", symbol: "square", stroke: palette[1]},
  {key: "slack", name: "slack: what totals gave way", color: "#ffffff", symbol: "square", stroke: palette[2], dash: "3 2"}
] as const;

function panels(Plot: PlotModule, steps: readonly WaterfallStep[], units: string, write: (x: number) => string, noisy: boolean) {
  const totals = steps.slice(1);
  const used = parts.filter(({key}) => key === "signal" || steps.some((step) => step[key] > 0));
  const dwarfed = totals.length > 0 && steps[0].gain > 2 * total(totals);
  const shown = steps[0]?.gain ? steps : totals;
  const marginLeft = marginOf(shown.map(({name}) => inMargin(name))); // one for both panels
  const one = (rows: readonly WaterfallStep[], label: string) => panel(Plot, rows, used, {label, marginLeft}, write);
  const axis = `Information, in ${units}`;
  return [
    ...(noisy ? [legend(Plot, used.map(({name, color, symbol, ...rest}) => ({name, color, symbol, ...rest})))] : []),
    ...(shown.length ? [one(shown, dwarfed ? `${axis}, from nothing known` : axis)] : []),
    ...(dwarfed ? [one(totals.map((step) => ({...step, from: step.from - steps[0].gain})), `${axis}, once probabilities add up`)] : [])
  ];
}

interface Bar {
  readonly y: number;
  readonly x1: number;
  readonly x2: number;
}

function panel(Plot: PlotModule, rows: readonly WaterfallStep[], used: readonly (typeof parts)[number][], {label, marginLeft}: {readonly label: string; readonly marginLeft: number}, write: (x: number) => string) {
  const names = rows.map(({name}) => inMargin(name));
  const bars = ({key}: (typeof parts)[number]): Bar[] => rows.map((step, y) => {
    const before = parts.slice(0, parts.findIndex((part) => part.key === key)).reduce((sum, part) => sum + step[part.key], 0);
    return {y, x1: step.from + before, x2: step.from + before + step[key]};
  }).filter(({x1, x2}) => x2 > x1);
  const ends = rows.map(({from, gain, noise, slack}, y) => ({y, x: from + gain, from, text: `+${write(gain)}${noise + slack > 0 ? ` (${percent((noise + slack) / gain)} on noise)` : ""}`}));
  const end = Math.max(...ends.map(({x}) => x), 1e-300);
  // A label stands behind its bar where there is room, in front of it otherwise.
  const right = ({x, from}: {readonly x: number; readonly from: number}): boolean => x < 0.6 * end || from < 0.45 * end;
  const outside = ends.filter((d) => right(d) && d.x > 0.4 * end).map(({text}) => 16 + 6.8 * width(text));
  const edge = {frameAnchor: "middle", fontSize: 11} as const;
  return {
    width: figureWidth,
    height: rows.length * Math.max(26, 13 * tallest(names) + 8) + 66,
    marginLeft,
    marginRight: Math.max(24, ...outside),
    marginTop: 10,
    marginBottom: 48,
    x: {label, labelAnchor: "center" as const, labelArrow: "none" as const, domain: [0, end], grid: true, ticks: 5, tickFormat: (x: number) => brief(x)},
    y: {type: "band" as const, domain: rows.map((_, y) => y), label: null, tickFormat: (y: number) => names[y], tickSize: 0, padding: 0.3},
    marks: [
      // The stair: a line from the end of each step to the beginning of the next.
      Plot.link(ends.slice(0, -1), {x1: "x", x2: "x", y1: "y", y2: (d: {readonly y: number}) => d.y + 1, stroke: "#57606a", strokeDasharray: "2 2"}),
      ...used.map((part) => Plot.barX(bars(part), {y: "y", x1: "x1", x2: "x2", fill: part.color, stroke: "stroke" in part ? part.stroke : part.color, strokeWidth: 1.2, ...("dash" in part && {strokeDasharray: part.dash})})),
      Plot.text(ends.filter(right), {...edge, y: "y", x: "x", text: "text", dx: 6, textAnchor: "start"}),
      Plot.text(ends.filter((d) => !right(d)), {...edge, y: "y", x: "from", text: "text", dx: -6, textAnchor: "end"}),
      Plot.ruleX([0], {stroke: "#57606a"})
    ]
  };
}

function text(steps: readonly WaterfallStep[], write: (x: number) => string): string {
  const names = steps.map(({name}) => shorten(oneLine(name), 34));
  const room = Math.max(4, ...names.map(width));
  const gains = steps.map(({gain}) => `+${write(gain)}`);
  const wide = Math.max(...gains.map(width));
  const [first, ...totals] = steps;
  const whole = total(totals);
  const line = (step: WaterfallStep, t: number, from: number, high: number): string => {
    const {signal, noise, slack, gain} = step;
    const spent = noise + slack > 0 ? `  ${percent((noise + slack) / gain)} on noise` : "";
    return `${pad(names[t], room, "left")}  ${pad(gains[t], wide, "right")}  ${pad(stepBar(from, [signal, noise, slack], {low: 0, high}, "").text, 24, "left")}${spent}`.trimEnd();
  };
  return [
    ...(first ? [line(first, 0, 0, first.gain)] : []),
    ...totals.map((step, t) => line(step, t + 1, step.from - first.gain, whole)),
    ...(totals.some(({noise, slack}) => noise + slack > 0) ? ["█ signal  ▒ noise  ░ slack"] : [])
  ].join("\n");
}
