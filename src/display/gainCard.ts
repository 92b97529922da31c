import {listed} from "../errors.js";
import type {Gain, InformationGainFacts, Stage} from "../explain/informationGain.js";
import type {Bundle} from "../rich.js";
import {stepBar} from "./bars.js";
import {cardBundle, dotted} from "./card.js";
import type {Inline} from "./card.js";
import {entropiesTable} from "./entropyCard.js";
import {evenly, nothing, percent, scientific} from "./format.js";
import {noteLines} from "./notes.js";
import {label, number, words} from "./table.js";
import type {Cell, Column, Group, Table} from "./table.js";

/** What each constraint tells: the chain as a stair, entropies along it, and what they are at its end. */
export function gainCard(gain: InformationGainFacts): Bundle {
  const {entropies, units, residual, steps} = gain;
  const kind = entropies.nats.signal === entropies.nats.p ? "logit" : "supports"; // a logit's signal is p itself
  return cardBundle([
    {tone: "heading", line: told(gain)},
    {table: chainTable(gain)},
    {table: stagesTable(gain)},
    {table: entropiesTable(kind, entropies.nats)},
    ...noteLines(gain.notes),
    {tone: "foot", line: dotted(
      [units],
      hasSlack(gain) ? ["bars: ■ signal, □ noise, ┄ slack"] : [],
      steps.length > 2 ? ["gains depend on the order of the chain"] : [],
      steps.some(({dropped}) => dropped !== undefined) ? ["dropped: what would be lost without this one alone"] : [],
      ...(steps.some(({shapley}) => shapley !== undefined) ? [["alone: what it tells by itself"], ["Shapley: its mean gain over all orders"]] : []),
      ["gains and divergences agree within ", {number: scientific(residual, 1)}]
    )}
  ]);
}

function told({explained, onNoise, units, steps}: InformationGainFacts): Inline[] {
  if (!explained) return ["Stopped before the first programme was solved"];
  const write = digits(steps, explained.total);
  return [`The totals tell ${write(explained.total)} ${units}`, ...(onNoise > 0 ? [`, ${percent(onNoise)} of it spent on noise`] : [])];
}

/** Decimals by what the moments tell: the structure may be much more. */
const digits = (steps: readonly Gain[], total: number): ((x: number) => string) => evenly([...steps.slice(1).map(({gain}) => gain), total], 2);

const hasSlack = ({steps}: InformationGainFacts): boolean => steps.some(({slack}) => slack !== 0);
const hasNoise = ({stages}: InformationGainFacts): boolean => stages.some(({noise}) => noise !== 0);

function chainTable(gain: InformationGainFacts): Table {
  const {steps, explained} = gain;
  const [noisy, loose] = [hasNoise(gain), hasSlack(gain)];
  const dropped = steps.some((step) => step.dropped !== undefined);
  const everyWay = steps.some((step) => step.shapley !== undefined);
  const write = digits(steps, explained?.total ?? 1);
  const grain = 1e-12 * Math.abs(gain.stages[0].total);
  const clean = (x: number): number => (Math.abs(x) <= grain ? 0 : x);
  const cell = (x: number | undefined): Cell => (x === undefined ? words("") : number(write(clean(x))));
  const columns: Column[] = [
    {head: "Constraint", align: "left"},
    {head: "Gain", title: "by how much entropy falls", align: "right"},
    {head: "Signal", title: "what probabilities moved: the divergence of the distributions behind them", align: "right"},
    ...(noisy ? [{head: "Noise", title: "what errors moved: spent, and telling nothing of probabilities", align: "right"} as const] : []),
    ...(loose ? [{head: "Slack", title: "what totals that are not exact gave way", align: "right"} as const] : []),
    ...(noisy || loose ? [{head: "On noise", title: "part of the gain that noise took", align: "right"} as const] : []),
    ...(dropped ? [{head: "Dropped", title: "what would be lost without this one alone", align: "right"} as const] : []),
    ...(everyWay ? [{head: "Alone", title: "what it adds to the structure by itself", align: "right"} as const, {head: "Shapley", title: "its mean gain over all orders", align: "right"} as const] : []),
    {head: loose ? "Bars" : `■\u00a0signal${noisy ? "\u2002□\u00a0noise" : ""}`, title: "each group of rows on its own scale", align: "left", drawing: true}
  ];
  const row = (name: Cell, step: Pick<Gain, "gain" | "signal" | "noise" | "slack" | "onNoise" | "dropped" | "alone" | "shapley">, from: number, whole: number): Cell[] => [
    name, cell(step.gain), cell(step.signal), ...(noisy ? [cell(step.noise)] : []), ...(loose ? [cell(step.slack)] : []),
    ...(noisy || loose ? [number(step.gain > grain ? percent(step.onNoise) : nothing)] : []),
    ...(dropped ? [cell(step.dropped)] : []), ...(everyWay ? [cell(step.alone), cell(step.shapley)] : []),
    words("", {picture: stepBar(from, [step.signal, step.noise, step.slack].map(clean), {low: 0, high: clean(whole)}, `gain ${write(step.gain)}, after ${write(from)}`)})
  ];
  const [structure, ...moments] = steps;
  const groups: Group[] = [];
  if (structure) groups.push({title: "Before any total", rows: [row(words("adding up", {title: "that probabilities sum to one, all multipliers zero"}), structure, 0, structure.gain)]});
  if (moments.length) {
    const whole = moments.reduce((sum, step) => sum + step.gain, 0);
    let from = 0;
    const rows = moments.map((step) => {
      const drawn = row(stepName(step), step, from, whole);
      from += step.gain;
      return drawn;
    });
    const all = explained && gain.complete && moments.length > 1 ? [row(words("all totals"), {gain: explained.total, ...explained, onNoise: gain.onNoise}, 0, whole)] : [];
    groups.push({title: "Totals, in their order", rows: [...rows, ...all]});
  }
  return {caption: "Information chain", columns, groups};
}

/** The name of a group, and its moments where it is not the name of its only one. */
const stepName = ({name, moments}: Pick<Gain, "name" | "moments">): Cell => label(name, moments.length === 1 && moments[0] === name ? {} : {below: listed(moments, 6)});

function stagesTable(gain: InformationGainFacts): Table {
  const {stages, steps, explained} = gain;
  const [noisy, loose] = [hasNoise(gain), hasSlack(gain)];
  const write = digits(steps, explained?.total ?? 1);
  const apart = stages.some(({signal, p}) => !Number.isNaN(p) && Math.abs(signal - p) > 1e-9);
  const name = (stage: Stage, s: number): Cell => (s === 0 ? words(stage.name === "prior" ? "nothing (priors)" : "nothing (uniform)") : s === 1 ? words("adding up") : label(stage.name));
  return {
    caption: "Entropy that is left",
    columns: [
      {head: "After", align: "left"}, {head: "Entropy", align: "right"}, {head: apart ? "Supports" : "Signal", align: "right"},
      ...(noisy ? [{head: "Errors", align: "right"} as const] : []), ...(loose ? [{head: "Slack", align: "right"} as const] : []),
      {head: "Choices", title: "entropy of the probabilities, - sum p ln p", align: "right"},
      {head: "I", title: "information index: one minus the normalised entropy of choices", align: "right"}
    ],
    groups: [{title: "", rows: stages.map((stage, s) => [
      name(stage, s), number(write(stage.total)), number(write(stage.signal)), ...(noisy ? [number(write(stage.noise))] : []), ...(loose ? [number(write(stage.slack))] : []),
      number(write(stage.p)), number(evenly([1], 4)(stage.information))
    ])}]
  };
}
