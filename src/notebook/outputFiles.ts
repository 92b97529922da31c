import {rasterizer} from "../display/raster.js";
import {base64, joined, textIn, type Cell, type MimeData, type Notebook} from "./ipynb.js";
import {drawingFile} from "./sanitize.js";
import {slug} from "./slug.js";

/** A file made of an output. */
export interface OutputFile {
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** Files made of a notebook's outputs, and what was left out, with the reason. */
export interface OutputFiles {
  readonly files: readonly OutputFile[];
  readonly left: readonly string[];
}

/** Outputs that hold a value, from the first cell to the last. */
const shown = ({cells}: Notebook): {readonly cell: Cell; readonly data: MimeData}[] =>
  cells.flatMap((cell) => (cell.outputs ?? []).flatMap((output) => (output.output_type === "display_data" || output.output_type === "execute_result" ? [{cell, data: output.data}] : [])));

/**
 * "01-travel-time": a number that keeps the order, and words: the cell's tag `name:…`, its metadata's `name`, a line `//| label: …` in
 * its code, or the first words of what it shows.
 */
function named(k: number, cell: Cell, caption: string, what: string): string {
  const {metadata: {tags, name}, source} = cell;
  const tag = (Array.isArray(tags) ? tags : []).find((tag) => typeof tag === "string" && /^name[:=]/.test(tag))?.slice(5);
  const label = /^[ \t]*(?:\/\/|#)\|[ \t]*label:(.+)$/m.exec(joined(source))?.[1];
  const words = [tag, typeof name === "string" ? name : undefined, label].map((text) => slug(text ?? "")).find((text) => text !== "");
  return `${String(k).padStart(2, "0")}-${words ?? (slug(caption.split(/\s+/).slice(0, 6).join(" ")) || what)}`;
}

/** The tables of a notebook as files for `\input`: those of its values that have one in LaTeX. */
export function tableFiles(notebook: Notebook): OutputFiles {
  const files: OutputFile[] = [];
  const left: string[] = [];
  for (const {cell, data} of shown(notebook)) {
    const latex = textIn(data, "text/latex");
    if (latex === undefined || !latex.includes("\\begin{tabular")) continue;
    const caption = /\\caption\{((?:[^{}\\]|\\[\s\S]|\{[^{}]*\})*)\}/.exec(latex)?.[1] ?? textIn(data, "text/plain")?.split("\n")[0] ?? "";
    const name = `${named(files.length + left.length + 1, cell, caption.replace(/\\[A-Za-z]+\*?/g, " "), "table")}.tex`;
    const odd = unknownCommand(latex);
    if (odd === undefined) files.push({name, content: `% needs \\usepackage{booktabs}; then \\input{tables/${name.replace(/\.tex$/, "")}}\n${latex.trimEnd()}\n`});
    else left.push(`${name}: it holds ${odd}, which no table needs`);
  }
  return {files, left};
}

const commands = new Set((
  "begin end caption label centering toprule midrule bottomrule addlinespace cmidrule multicolumn multirow hline cline textit textbf textrm texttt textsc emph textsuperscript textsubscript " +
  "textbackslash textasciitilde textasciicircum textless textgreater textbar textasciigrave textperiodcentered textminus ldots dots surd pm mp times cdot le leq ge geq ne neq approx infty rightarrow to " +
  "alpha beta gamma delta epsilon varepsilon zeta eta theta kappa lambda mu nu xi pi rho sigma tau phi varphi chi psi omega Gamma Delta Theta Lambda Sigma Phi Psi Omega " +
  "par smallskip medskip bigskip noindent footnotesize small scriptsize tiny normalsize quad qquad hspace vspace mathrm mathbf mathit hat bar tilde frac sqrt log ln exp sum prod dagger ddagger ast star " +
  "textwidth linewidth columnwidth tabcolsep arraystretch resizebox raggedright raggedleft arraybackslash makecell thead rule"
).split(" "));
const environments = new Set(["table", "table*", "tabular", "tabular*", "tabularx", "center", "threeparttable", "tablenotes", "small", "footnotesize"]);

/**
 * The first thing in a table that does more than set one: it could read files, write them, or start programs.
 *
 * A text is read as TeX reads it, from the left, so that `\\Price` is a line's end and a word. Each command is judged by itself, and
 * an environment by the braces directly behind its `\begin`: so comments and line ends between the two hide nothing. Two signs of
 * TeX's category 7 in a row (`^^`, and control characters that some formats count to it) write any character.
 */
function unknownCommand(latex: string): string | undefined {
  if (latex.includes("^^")) return "^^, which hides a command";
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(latex)) return "a control character";
  for (const [, name, environment] of latex.matchAll(/\\(?:([A-Za-z@]+)(?:(?<=\\(?:begin|end))\{([^{}]*)\})?|[\s\S])/g)) {
    if (name === undefined) continue;
    if (!commands.has(name)) return `\\${name}`;
    if ((name === "begin" || name === "end") && !environments.has(environment ?? "")) return environment === undefined ? `\\${name} without the name of an environment directly behind it` : `\\${name}{${environment}}`;
  }
  return undefined;
}

/** The figures of a notebook as files: SVG where there is one, and PNG where there is one or one can be drawn. */
export function figureFiles(notebook: Notebook): OutputFiles {
  const files: OutputFile[] = [];
  const left: string[] = [];
  let k = 0;
  for (const {cell, data} of shown(notebook)) {
    const [svg, png] = [textIn(data, "image/svg+xml"), textIn(data, "image/png")];
    if (svg === undefined && png === undefined) continue;
    const name = named(++k, cell, textIn(data, "text/plain")?.split("\n")[0] ?? "", "figure");
    const clean = svg === undefined ? undefined : drawingFile(svg);
    if (clean !== undefined) files.push({name: `${name}.svg`, content: `${clean}\n`});
    else if (svg !== undefined) left.push(`${name}.svg: it is no well-formed drawing`);
    const bytes = png === undefined ? drawn(clean) : Buffer.from(base64(png), "base64");
    if (bytes && isPng(bytes)) files.push({name: `${name}.png`, content: bytes});
    else if (png !== undefined) left.push(`${name}.png: it is no PNG`);
  }
  return {files, left};
}

const isPng = (bytes: Uint8Array): boolean => bytes.length > 8 && [0x89, 0x50, 0x4e, 0x47].every((byte, i) => bytes[i] === byte);

function drawn(svg: string | undefined): Uint8Array | undefined {
  const raster = svg === undefined ? undefined : rasterizer();
  try {
    return raster && Buffer.from(raster(svg!), "base64");
  } catch {
    return undefined; // the SVG file stands alone
  }
}
