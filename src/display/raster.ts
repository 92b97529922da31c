import {createRequire} from "node:module";
import {dirname, join} from "node:path";

interface Rendered {
  readonly pixels: Uint8Array;
  asPng(): Uint8Array;
}
type Resvg = new (svg: string, options: object) => {render(): Rendered};

/** Draws an SVG as a PNG in base64, at twice its size for fine screens. */
export type Raster = (svg: string) => string;

let found: {readonly raster?: Raster} | undefined;

/**
 * A rasterizer, when there is one: `@resvg/resvg-js` and some font are installed. Without a font all words would vanish
 * from the picture without a sound, so a picture is only offered when a letter leaves a mark.
 */
export function rasterizer(): Raster | undefined {
  found ??= {raster: find()};
  return found.raster;
}

function find(): Raster | undefined {
  const require = createRequire(import.meta.url);
  let Resvg: Resvg;
  try {
    ({Resvg} = require("@resvg/resvg-js") as {Resvg: Resvg});
  } catch {
    return undefined;
  }
  // Fonts from the package give the same bytes on every machine; those of the system are second best.
  const families = {defaultFontFamily: "DejaVu Sans", sansSerifFamily: "DejaVu Sans"};
  for (const font of [{loadSystemFonts: false, fontFiles: packaged(require), ...families}, {loadSystemFonts: true, ...families}]) {
    const probe = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" font-family="DejaVu Sans, Arial, sans-serif"><text x="2" y="16">M</text></svg>';
    if (new Resvg(probe, {font}).render().pixels.some((value) => value > 0)) {
      return (svg) => Buffer.from(new Resvg(svg, {font, fitTo: {mode: "zoom", value: 2}}).render().asPng()).toString("base64");
    }
  }
  return undefined;
}

function packaged(require: NodeJS.Require): string[] {
  try {
    const folder = join(dirname(require.resolve("dejavu-fonts-ttf/package.json")), "ttf");
    return ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"].map((name) => join(folder, name));
  } catch {
    return [];
  }
}
