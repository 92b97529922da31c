import type {Cell, MimeData, Notebook, Output} from "./ipynb.js";
import {textIn} from "./ipynb.js";
import {withoutDress} from "./sanitize.js";

/**
 * A notebook as GitHub shows it best: its viewer draws PNG reliably and SVG hardly, and takes styles and drawings out of HTML. SVG goes
 * where there is a PNG; HTML loses its style sheets and drawings, so that the text twins behind them come to the fore.
 */
export const forGithub = (notebook: Notebook): Notebook => ({...notebook, cells: notebook.cells.map((cell): Cell => (cell.outputs ? {...cell, outputs: cell.outputs.map(plainer)} : cell))});

function plainer(output: Output): Output {
  if (output.output_type !== "display_data" && output.output_type !== "execute_result") return output;
  const html = textIn(output.data, "text/html");
  const {"image/svg+xml": svg, ...rest} = output.data;
  const kept: MimeData = textIn(rest, "image/png") === undefined && svg !== undefined ? output.data : rest;
  return {...output, data: html === undefined ? kept : {...kept, "text/html": withoutDress(html)}};
}
