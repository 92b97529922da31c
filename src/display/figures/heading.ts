import type {Markish} from "@observablehq/plot";
import type {PlotModule} from "../studio.js";
import {wrap} from "../width.js";

/** What stands over a panel, in as many lines as it takes: the mark, and the room that it asks for above the frame. */
export function heading(Plot: PlotModule, text: string, marginLeft: number, below = 8): {readonly mark: Markish; readonly marginTop: number} {
  const lines = wrap(text, 92);
  const marginTop = 15 * lines.length + below;
  return {
    marginTop,
    mark: Plot.text([lines.join("\n")], {text: (d: string) => d, frameAnchor: "top-left", textAnchor: "start", lineAnchor: "top", dx: 12 - marginLeft, dy: 2 - marginTop, fontSize: 11.5, lineHeight: 1.25})
  };
}
