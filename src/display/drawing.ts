import type {PlotOptions} from "@observablehq/plot";
import type {Bundle} from "../rich.js";
import {oneLine} from "./escape.js";
import type {FigureFacts} from "./figure.js";
import {portable} from "./portable.js";
import {rasterizer} from "./raster.js";
import {studio} from "./studio.js";
import type {Element, PlotModule} from "./studio.js";

/** How a kind of figure is drawn. Labels in its words have been through `oneLine` one by one, so that none turns the rest. */
export interface Drawing {
  readonly title: string;
  readonly subtitle?: string;
  /** What it shows, in one sentence. */
  readonly description: string;
  /** The same in characters: for a terminal, and for a page without pictures. */
  readonly text: string;
  /** Panels from top to bottom. */
  panels(Plot: PlotModule): readonly PlotOptions[];
}

/** The kinds of figures. A file that makes one adds its drawing here. */
export const drawings = new Map<string, (facts: never) => Drawing>();

const drawn = new WeakMap<object, Bundle>();

/** The figure as SVG, PNG where it can be made, and characters: each made when asked for, and once. */
export function figureBundle(record: FigureFacts): Bundle {
  let bundle = drawn.get(record);
  if (!bundle) drawn.set(record, (bundle = draw(record)));
  return bundle;
}

function draw({figure, facts}: FigureFacts): Bundle {
  const read = drawings.get(figure) as ((facts: object) => Drawing) | undefined;
  if (!read) return {"text/plain": `[figure ${oneLine(figure)}]`};
  const drawing = read(facts);
  const svg = once(() => svgOf(drawing));
  const raster = rasterizer();
  const png = once(() => raster!(svg()));
  const text = [drawing.title.replaceAll("\u2212", "-"), ...(drawing.subtitle ? [drawing.subtitle] : []), drawing.text].join("\n");
  const bundle = {"text/plain": text};
  const later = (type: keyof Bundle, get: () => string) => Object.defineProperty(bundle, type, {get, enumerable: true});
  later("image/svg+xml", svg);
  if (raster) later("image/png", png);
  return Object.freeze(bundle);
}

function svgOf(drawing: Drawing): string {
  const {Plot, document} = studio();
  const panels = drawing.panels(Plot).map((options) => Plot.plot({...options, document: document as never}) as unknown as Element);
  return portable(panels, drawing);
}

function once(make: () => string): () => string {
  let made: string | undefined;
  return () => (made ??= make());
}
