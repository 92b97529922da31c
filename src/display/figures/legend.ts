import type {PlotOptions} from "@observablehq/plot";
import {oneLine} from "../escape.js";
import type {PlotModule} from "../studio.js";
import {shorten, width} from "../width.js";
import {figureWidth} from "./palette.js";

export interface Entry {
  readonly name: string;
  readonly color: string;
  readonly symbol: string;
  /** Outline, and its dashes, where they differ from the colour. */
  readonly stroke?: string;
  readonly dash?: string;
}

/** A line of marks with their names, drawn as a panel of its own so that it travels with the figure. */
export function legend(Plot: PlotModule, entries: readonly Entry[]): PlotOptions {
  let x = 16;
  let y = 12;
  const placed = entries.map((entry) => {
    const name = shorten(oneLine(entry.name), 60);
    const room = 28 + 6.8 * width(name);
    if (x > 16 && x + room > figureWidth) {
      x = 16;
      y += 18;
    }
    const at = {...entry, name, x, y};
    x += room;
    return at;
  });
  const height = y + 10;
  return {
    width: figureWidth,
    height,
    margin: 0,
    x: {axis: null, domain: [0, figureWidth], range: [0, figureWidth], type: "linear"},
    y: {axis: null, domain: [0, height], range: [0, height], type: "linear"},
    marks: [
      ...placed.map((d) => Plot.dot([d], {x: "x", y: "y", fill: d.symbol === "times" ? "none" : d.color, stroke: d.stroke ?? d.color, ...(d.dash && {strokeDasharray: d.dash}), symbol: d.symbol as "circle", r: 4})),
      Plot.text(placed, {x: "x", y: "y", text: "name", dx: 9, textAnchor: "start", fontSize: 11})
    ]
  };
}
