import {joined, type MimeData, type Output} from "../ipynb.js";

const mostText = 20_000; // characters of one stream, or of an error
const mostOutputs = 200; // of one cell
const mostData = 1_000_000; // characters of one display

/** The outputs of a cell, cut to what a reader would still read: a submission may print without end. */
export function clipped(outputs: readonly Output[]): Output[] {
  const kept = outputs.slice(0, mostOutputs).map(shorter);
  const more = outputs.length - kept.length;
  // The error that ended a cell stands last, and decides about its points.
  const error = outputs.slice(mostOutputs).find(({output_type}) => output_type === "error");
  if (more > 0) kept.push({output_type: "stream", name: "stderr", text: `[${more} more outputs are left out]\n`});
  return error ? [...kept, shorter(error)] : kept;
}

/** A text cut at so many characters, with a word where it was cut. */
export const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most)}\n[${text.length - most} more characters are left out]\n` : text);

function shorter(output: Output): Output {
  switch (output.output_type) {
    case "stream":
      return {...output, text: cut(joined(output.text), mostText)};
    case "error":
      return {...output, ename: cut(output.ename, 200), evalue: cut(output.evalue, mostText), traceback: cut(output.traceback.join("\n"), mostText).split("\n")};
    default: {
      const size = JSON.stringify(output.data).length;
      const data: MimeData = size > mostData ? {"text/plain": `[${size} characters of ${Object.keys(output.data).slice(0, 9).join(", ")} are left out]`} : output.data;
      return {...output, data, metadata: {}};
    }
  }
}
