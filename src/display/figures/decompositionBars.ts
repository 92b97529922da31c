import type {MaxEntFacts, Moment} from "../../entropy/maxEntFit.js";
import {expectFields} from "../../errors.js";
import {drawings} from "../drawing.js";
import type {Drawing} from "../drawing.js";
import {oneLine} from "../escape.js";
import {figure} from "../figure.js";
import type {Figure} from "../figure.js";
import {brief, percent} from "../format.js";
import type {PlotModule} from "../studio.js";
import {pad, shorten, width} from "../width.js";
import {inMargin, marginOf, tallest} from "./inMargin.js";
import {legend} from "./legend.js";
import {figureWidth, palette} from "./palette.js";

export interface DecompositionBarsFacts {
  readonly title: string;
  readonly rows: readonly Pick<Moment, "name" | "target" | "predicted" | "error" | "slack" | "atZero" | "absorbed" | "given">[];
}

/**
 * What each total is made of, on the way from what it would be with nothing known (0) to what it is (1): how far the
 * probabilities go, and how much errors and slack took up.
 *
 * @param fit a maximum-entropy fit
 * @throws {ChoiceError} figure/not-maxent
 * @example
 * const world = simulate({tier: "mnlIntercepts"}, {people: 60, situations: 2, seed: 1});
 * decompositionBars(await fitMaxEnt(world.data))
 */
export function decompositionBars(fit: Pick<MaxEntFacts, "title" | "moments">): Figure<DecompositionBarsFacts> {
  expectFields("figure/not-maxent", "decompositionBars(fit)", fit, ["programme", "solution", "moments"], "a maximum-entropy fit", "make one: await fitMaxEnt(data)");
  return figure("decompositionBars", {
    title: fit.title,
    rows: fit.moments.map(({name, target, predicted, error, slack, atZero, absorbed, given}) => ({name, target, predicted, error, slack, atZero, absorbed, ...(given && {given})}))
  });
}

type Row = DecompositionBarsFacts["rows"][number];

/** The part of the way that the probabilities go; NaN where there is no way to go. */
const explained = ({absorbed}: Row): number => 1 - absorbed;

drawings.set("decompositionBars", ({title, rows}: DecompositionBarsFacts): Drawing => {
  const loose = rows.some(({slack}) => slack !== 0);
  return {
    title: `${oneLine(title)}: what totals are made of`,
    subtitle: "0: the total with nothing known. 1: the total asked for",
    description: `How far each total is explained by probabilities: ${rows.map((row) => `${oneLine(row.name)} ${Number.isNaN(row.absorbed) ? "nothing to explain" : `${percent(explained(row))}, absorbed by noise ${percent(row.absorbed)}`}`).slice(0, 30).join("; ")}.`,
    text: text(rows),
    panels: (Plot) => [legend(Plot, lanes.slice(0, loose ? 3 : 2)), bars(Plot, rows, loose)]
  };
});

// Parts may overlap or pull back: each has a lane of its own, and its own look.
const lanes = [
  {name: "predicted by the probabilities", color: palette[0], stroke: palette[0], symbol: "square"},
  {name: "error", color: "#ffffff", stroke: palette[1], symbol: "square"},
  {name: "slack of the total", color: "#ffffff", stroke: palette[2], symbol: "square", dash: "3 2"}
] as const;

/** The axis ends here; what goes beyond is cut, and its numbers stand beside it. */
const [furthestBack, furthest] = [-1, 2];

function bars(Plot: PlotModule, rows: readonly Row[], loose: boolean) {
  const names = rows.map(({name}) => inMargin(name));
  const count = loose ? 3 : 2;
  const lane = 9;
  const cut = (x: number): number => Math.min(furthest, Math.max(furthestBack, x));
  const parts = rows.flatMap((row, y) => {
    const {target, atZero, error, slack, absorbed} = row;
    if (Number.isNaN(absorbed)) return [];
    const [way, far] = [target - atZero, explained(row)];
    const ends = [[0, far], [far, far + error / way], [far + error / way, far + (error + slack) / way]];
    return ends.slice(0, count).map(([from, to], k) => ({y, k, x1: cut(Math.min(from, to)), x2: cut(Math.max(from, to))}));
  });
  const low = Math.min(0, ...parts.map(({x1}) => x1));
  const high = Math.max(1, ...parts.map(({x2}) => x2));
  const remarks = rows.map((row, y) => {
    const {target, predicted, error, slack, absorbed, given} = row;
    const sum = [brief(predicted, 4), ...[error, ...(loose ? [slack] : [])].map((x) => `${x < 0 ? "\u2212" : "+"} ${brief(Math.abs(x))}`)].join(" ").replace(/^-/, "\u2212");
    return {y, text: `${brief(target, 4).replace("-", "\u2212")}${given ? " (given)" : ""} = ${sum}${Number.isNaN(absorbed) ? "\nnothing to explain" : `\n${percent(absorbed).replace("-", "\u2212")} absorbed`}`};
  });
  const tall = Math.max(count * lane + 14, 13 * Math.max(2, tallest(names)) + 10);
  return {
    width: figureWidth,
    height: rows.length * tall + 44,
    marginLeft: marginOf(names),
    marginRight: 14 + 6.6 * Math.max(...remarks.flatMap(({text}) => text.split("\n").map(width))),
    marginTop: 8,
    marginBottom: 28,
    x: {label: null, domain: [low, high], grid: true, ticks: 5, tickFormat: (x: number) => brief(x).replace("-", "\u2212")},
    // A scale of numbers: over a single row of a scale of names a rectangle would fill the frame.
    y: {type: "linear" as const, domain: [rows.length - 0.5, -0.5], ticks: rows.map((_, y) => y), label: null, tickFormat: (y: number) => names[y], tickSize: 0},
    marks: [
      Plot.ruleX([0, 1], {stroke: "#1f2328", strokeDasharray: "4 3"}),
      ...lanes.slice(0, count).map(({color, stroke, ...look}, k) => {
        const middle = (k - (count - 1) / 2) * lane;
        return Plot.rect(parts.filter((part) => part.k === k && part.x2 > part.x1), {x1: "x1", x2: "x2", y1: "y", y2: "y", insetTop: middle - 3.5, insetBottom: -middle - 3.5, fill: color, stroke, ...("dash" in look && {strokeDasharray: look.dash})});
      }),
      Plot.text(remarks, {y: "y", frameAnchor: "right", text: "text", textAnchor: "start", dx: 8, fontSize: 10.5})
    ]
  };
}

function text(rows: readonly Row[]): string {
  const names = rows.map(({name}) => shorten(oneLine(name), 34));
  const room = Math.max(8, ...names.map(width));
  const loose = rows.some(({slack}) => slack !== 0);
  const line = (cells: readonly string[]): string => [pad(cells[0], room, "left"), ...cells.slice(1).map((cell) => pad(cell, 10, "right"))].join("  ");
  return [
    line(["total of", "total", "predicted", "error", ...(loose ? ["slack"] : []), "explained", "absorbed"]),
    ...rows.map((row, k) => line([names[k], brief(row.target, 5), brief(row.predicted, 5), brief(row.error), ...(loose ? [brief(row.slack)] : []), percent(explained(row)), percent(row.absorbed)]))
  ].join("\n");
}
