import type {Id} from "../../data/choiceData.js";
import {ChoiceError, expectFields} from "../../errors.js";
import type {FitFacts} from "../../estimate/types.js";
import {drawings} from "../drawing.js";
import type {Drawing} from "../drawing.js";
import {oneLine} from "../escape.js";
import {figure} from "../figure.js";
import type {Figure} from "../figure.js";
import {brief, count} from "../format.js";
import type {PlotModule} from "../studio.js";
import {pad, shorten, width} from "../width.js";
import {figureWidth, palette} from "./palette.js";
import {tick} from "./tick.js";

export interface EffectiveDrawsFacts {
  readonly title: string;
  /** Whether each number is of a person, or of a situation. */
  readonly of: "person" | "situation";
  readonly draws: number;
  readonly least: number;
  readonly median: number;
  /** All of them, from the fewest on. */
  readonly sorted: readonly number[];
  readonly worst: readonly {readonly person: Id; readonly effective: number}[];
}

const at = "effectiveDraws(fit)";

/** Below so many a simulated probability may hang on a draw or two. */
const few = 5;

/**
 * How many draws each person's likelihood really rests on, (sum w)² / sum w² of the draws' shares in it, one mark a person from the
 * fewest to the most: where a handful carries a person, more draws, or draws that are laid where they matter, are owed.
 *
 * @throws {ChoiceError} figure/not-a-fit; figure/no-draws for a fit without draws, or one from before they were kept
 * @example
 * effectiveDraws(mixed).facts.of // "person"
 */
export function effectiveDraws(fit: Pick<FitFacts, "title" | "integration" | "design" | "data">): Figure<EffectiveDrawsFacts> {
  expectFields("figure/not-a-fit", at, fit, ["integration", "design"], "a fit", "effectiveDraws(await fitMixed(data))");
  const {title, integration: {effective, draws, rule}, design} = fit;
  if (!effective?.sorted?.length || rule === "none") {
    throw new ChoiceError("figure/no-draws", {at, saw: rule === "none" ? `a ${title}, which needs no draws` : "a fit without effective draws of each person", want: "a fit that averaged over draws", hint: "effectiveDraws(await fitMixed(data))"});
  }
  const {least, median, worst = [], sorted} = effective;
  return figure("effective draws", {title, of: design.panel ? "person" : "situation", draws, least, median, sorted: [...sorted], worst});
}

const plural = {person: "people", situation: "situations"} as const;

drawings.set("effective draws", (facts: EffectiveDrawsFacts): Drawing => {
  const {title, of, draws, least, median, sorted} = facts;
  const below = sorted.filter((value) => value < few).length;
  const units = count(sorted.length, of, plural[of]);
  return {
    title: `${oneLine(title)}: effective draws of ${units}`,
    subtitle: `Of ${draws} draws the median ${of} uses ${brief(median)}, the least ${brief(least)}${below ? `; ${count(below, of, plural[of])} fewer than ${few}: hollow` : `; nobody fewer than ${few}`.replace("nobody", of === "person" ? "nobody" : "none")}`,
    description: `Effective draws of ${units}: least ${brief(least)}, median ${brief(median)} of ${draws}. Fewest: ${facts.worst.map(({person, effective}) => `${oneLine(String(person))} ${brief(effective)}`).join(", ")}.`,
    text: text(facts),
    panels: (Plot) => [strip(Plot, facts)]
  };
});

/** So many marks are told apart; of more, evenly many are drawn, the fewest always. */
const most = 1200;

function strip(Plot: PlotModule, {of, draws, least, median, sorted, worst}: EffectiveDrawsFacts) {
  const U = sorted.length;
  const step = Math.max(1, U / most);
  const places = [...new Set([...Array.from({length: Math.min(5, U)}, (_, k) => k), ...Array.from({length: Math.ceil(U / step)}, (_, k) => Math.min(U - 1, Math.round(k * step))), U - 1])];
  const rows = places.map((rank) => ({rank: rank + 1, value: sorted[rank]}));
  const low = Math.min(least, few) / 1.25;
  const high = Math.max(draws, sorted[U - 1]);
  // Marks rise to the right: the corner below them is free, or the one above where all are low.
  const corner = Math.log(median / low) > 0.4 * Math.log(high / low) ? "bottom-right" : "top-left";
  const fewest = [`The fewest, by ${of === "person" ? "person" : "the person of the situation"}:`, ...worst.slice(0, 5).map(({person, effective}) => `${shorten(oneLine(String(person)), 40)}: ${brief(effective)}`)].join("\n");
  return {
    width: figureWidth,
    height: 250,
    marginLeft: 56,
    marginRight: 74,
    marginTop: 24,
    marginBottom: 44,
    x: {label: `${of === "person" ? "People" : "Situations"}, from the fewest on`, labelAnchor: "center" as const, labelArrow: "none" as const, domain: [1, Math.max(2, U)], inset: 8, ticks: Math.min(8, U), tickFormat: (x: number) => (Number.isInteger(x) ? tick(x) : "")},
    y: {type: "log" as const, label: "Effective draws", labelAnchor: "top" as const, labelArrow: "none" as const, domain: [low, high], ticks: decades(low, high), tickFormat: tick, grid: true},
    marks: [
      Plot.ruleY([median], {stroke: "#1f2328", strokeDasharray: "5 3"}),
      Plot.text([median], {y: (d: number) => d, frameAnchor: "right", text: (d: number) => `median ${brief(d)}`, textAnchor: "start", dx: 6, fontSize: 10.5}),
      Plot.ruleY([draws], {stroke: "#57606a"}),
      Math.abs(Math.log(draws / median)) > 0.15 ? Plot.text([draws], {y: (d: number) => d, frameAnchor: "right", text: () => `all ${draws}`, textAnchor: "start", dx: 6, fontSize: 10.5}) : null,
      Plot.dot(rows, {x: "rank", y: "value", r: U > 200 ? 2 : 3, stroke: (d: {readonly value: number}) => (d.value < few ? palette[1] : palette[0]), fill: (d: {readonly value: number}) => (d.value < few ? "#ffffff" : palette[0])}),
      worst.length ? Plot.text([fewest], {text: (d: string) => d, frameAnchor: corner, textAnchor: corner === "bottom-right" ? "end" : "start", lineAnchor: corner === "bottom-right" ? "bottom" : "top", dx: corner === "bottom-right" ? -10 : 10, dy: corner === "bottom-right" ? -8 : 8, fontSize: 10.5, lineHeight: 1.35, stroke: "#ffffff", strokeWidth: 3, fill: "#1f2328"}) : null
    ],
    color: {type: "identity" as const}
  };
}

/** 1, 2, 5, 10, … within a stretch. */
function decades(low: number, high: number): number[] {
  const all = [-2, -1, 0, 1, 2, 3, 4, 5, 6].flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power)).filter((x) => x >= low && x <= high);
  return all.length > 9 ? all.filter((x) => Number.isInteger(Math.log10(x))) : all;
}

function text({of, draws, least, median, sorted, worst}: EffectiveDrawsFacts): string {
  const part = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  const names = worst.map(({person}) => shorten(oneLine(String(person)), 34));
  const room = Math.max(of.length, ...names.map(width));
  return [
    `  least ${brief(least)} · tenth ${brief(part(0.1))} · median ${brief(median)} · nine tenths ${brief(part(0.9))} · most ${brief(sorted[sorted.length - 1])} · of ${draws}`,
    `  ${pad(of, room, "left")}  effective`,
    ...worst.map(({effective}, k) => `  ${pad(names[k], room, "left")}  ${pad(brief(effective), 9, "right")}`)
  ].join("\n");
}
