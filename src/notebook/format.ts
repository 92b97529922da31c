import {inspect} from "node:util";
import {escapeHtml} from "../display/escape.js";
import {rich} from "../rich.js";
import {clipped} from "./clip.js";
import type {MimeData} from "./ipynb.js";
import {promiseWords} from "./promises.js";

/**
 * What to show for a value, in every MIME type it can be shown in; `text/plain` is always among them.
 *
 * In this order: the value's own display (`[Symbol.for("Jupyter.display")]()`, which may be a promise); danfojs data frames
 * and series, and ml-matrix matrices, known by their shape so that neither is loaded here; PNG bytes; elements of a page
 * (`outerHTML`), of which an SVG becomes a picture; errors; promises, in words; anything else as Node prints it. Texts too
 * long for a notebook are cut.
 *
 * @example
 * await format([1, 2]) // {"text/plain": "[ 1, 2 ]"}
 */
export async function format(value: unknown): Promise<MimeData> {
  return formatted(value);
}

/** The same at once, unless the value's own display is a promise. */
export function formatted(value: unknown): MimeData | Promise<MimeData> {
  const bundle = whole(value);
  return bundle instanceof Promise ? bundle.then(clipped) : clipped(bundle);
}

function whole(value: unknown): MimeData | Promise<MimeData> {
  if (!isObject(value) || typeof value[rich] !== "function") return byShape(value);
  const own = (bundle: unknown): MimeData => (!isObject(bundle) ? byShape(value) : "text/plain" in bundle ? (bundle as MimeData) : {"text/plain": plain(value), ...bundle});
  const bundle = (value[rich] as () => unknown)();
  return isObject(bundle) && typeof bundle.then === "function" ? Promise.resolve(bundle).then(own) : own(bundle);
}

function byShape(value: unknown): MimeData {
  if (!isObject(value)) return {"text/plain": plain(value)};
  if (isFrame(value)) return frame(value);
  if (isMatrix(value)) return matrix(value);
  if (value instanceof Uint8Array && isPng(value)) return {"text/plain": `[PNG, ${value.length} bytes]`, "image/png": Buffer.from(value).toString("base64")};
  if (typeof value.outerHTML === "string") return element(value.outerHTML);
  if (value instanceof Promise) return {"text/plain": promiseWords(value)};
  if (value instanceof Error) return {"text/plain": `${value.name}: ${value.message}`};
  return {"text/plain": plain(value)};
}

/** Whether a value has more to show than its text. */
export function dressed(value: unknown): boolean {
  try {
    return isObject(value) && (typeof value[rich] === "function" || isFrame(value) || isMatrix(value) || (value instanceof Uint8Array && isPng(value)) || typeof value.outerHTML === "string");
  } catch {
    return false; // an object that will not be asked
  }
}

type Thing = Record<PropertyKey, unknown>;

const isObject = (value: unknown): value is Thing => value !== null && (typeof value === "object" || typeof value === "function");

// A text that is a cell's value is shown as it is, not as a literal: it is most often a report.
const plain = (value: unknown): string => (typeof value === "string" ? value : inspect(value, {depth: 3, breakLength: 100, maxArrayLength: 60}));

const isPng = (bytes: Uint8Array): boolean => [0x89, 0x50, 0x4e, 0x47].every((byte, i) => bytes[i] === byte);

interface Frame {
  readonly columns: readonly unknown[];
  readonly index: readonly unknown[];
  readonly shape: readonly number[];
  readonly dtypes?: readonly string[];
  readonly values: readonly unknown[];
  head(rows: number): Frame;
}

const isFrame = (value: Thing): value is Thing & Frame =>
  Array.isArray(value.columns) && Array.isArray(value.index) && Array.isArray(value.shape) && typeof value.head === "function" && "values" in value;

const mostRows = 20;
const mostColumns = 30;

function frame(whole: Frame): MimeData {
  const [rows, columns = 1] = whole.shape;
  const part = rows > mostRows ? whole.head(mostRows) : whole;
  const names = part.columns.slice(0, mostColumns).map(String);
  const cells = part.values.map((row) => (Array.isArray(row) ? row.slice(0, mostColumns) : [row]));
  const cut = [rows > mostRows && `first ${mostRows} rows`, columns > mostColumns && `first ${mostColumns} columns`].filter(Boolean).join(", ");
  return table({names, index: part.index, cells, note: `${count(rows, "row")} × ${count(columns, "column")}${cut ? ` (${cut} shown)` : ""}`});
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;

interface MatrixLike {
  readonly rows: number;
  readonly columns: number;
  get(i: number, j: number): number;
}

const isMatrix = (value: Thing): value is Thing & MatrixLike =>
  typeof value.rows === "number" && typeof value.columns === "number" && typeof value.get === "function" && typeof value.to2DArray === "function";

function matrix(m: MatrixLike): MimeData {
  const [rows, columns] = [Math.min(m.rows, mostRows), Math.min(m.columns, mostColumns)];
  const cells = Array.from({length: rows}, (_, i) => Array.from({length: columns}, (_, j) => m.get(i, j)));
  const cut = rows < m.rows || columns < m.columns ? " (the first shown)" : "";
  return table({names: Array.from({length: columns}, (_, j) => String(j)), index: cells.map((_, i) => i), cells, note: `Matrix, ${m.rows} × ${m.columns}${cut}`});
}

/** One cell of a table: six significant digits are enough to look at; the value itself keeps them all. */
function shownCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" && Number.isFinite(value) && !Number.isInteger(value)) {
    const size = Math.abs(value);
    return (size >= 1e6 || size < 1e-4 ? value.toExponential(4) : String(Number(value.toPrecision(6)))).replace("-", "−");
  }
  if (value instanceof Date) return value.toISOString();
  return typeof value === "number" ? String(value).replace("-", "−") : String(value);
}

function table({names, index, cells, note}: {names: readonly string[]; index: readonly unknown[]; cells: readonly (readonly unknown[])[]; note: string}): MimeData {
  const numeric = names.map((_, j) => cells.every((row) => row[j] === null || row[j] === undefined || typeof row[j] === "number" || typeof row[j] === "bigint"));
  const side = (j: number): string => (numeric[j] ? ' align="right" style="text-align:right"' : ' align="left" style="text-align:left"');
  const head = names.map((name, j) => `<th scope="col"${side(j)}>${escapeHtml(name)}</th>`).join("");
  const body = cells.map((row, i) => {
    const name = `<th scope="row" align="left" style="text-align:left">${escapeHtml(String(index[i]))}</th>`;
    return `<tr>${name}${row.map((value, j) => `<td${side(j)}>${escapeHtml(shownCell(value))}</td>`).join("")}</tr>`;
  });
  const html = `<table class="dataframe"><thead><tr><th></th>${head}</tr></thead><tbody>${body.join("")}</tbody></table><p><small>${escapeHtml(note)}</small></p>`;

  const grid = [["", ...names], ...cells.map((row, i) => [String(index[i]), ...row.map(shownCell)])];
  const widths = grid[0].map((_, j) => Math.max(...grid.map((row) => row[j].length)));
  const text = grid.map((row) => row.map((word, j) => (j > 0 && numeric[j - 1] ? word.padStart(widths[j]) : word.padEnd(widths[j]))).join("  ").trimEnd());
  return {"text/plain": [...text, note].join("\n"), "text/html": html};
}

/**
 * An element of a page. An SVG travels as a picture, which asks for a name space and, as it may be shown on a dark page
 * that lends it no colours, for a ground of its own; anything else travels as HTML.
 */
export function element(html: string): MimeData {
  const open = /^<svg\b[^>]*>/.exec(html)?.[0];
  if (open === undefined) return {"text/plain": `[${/^<([\w-]+)/.exec(html)?.[1] ?? "HTML"} element]`, "text/html": html};
  const named = /\sxmlns=/.test(open) ? open : open.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"');
  const linked = /\sxmlns:xlink=/.test(named) || !html.includes("xlink:") ? named : named.replace("<svg", '<svg xmlns:xlink="http://www.w3.org/1999/xlink"');
  const grounded = /\sstyle=/.test(linked) ? linked.replace(/\sstyle="/, ' style="background:#fff;color:#1b1b1b;') : linked.replace("<svg", '<svg style="background:#fff;color:#1b1b1b"');
  const label = /\saria-label="([^"]*)"/.exec(open)?.[1];
  return {"text/plain": label ?? "[figure]", "image/svg+xml": grounded + html.slice(open.length)};
}
