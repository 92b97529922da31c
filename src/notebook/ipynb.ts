import {readFileSync} from "node:fs";
import {ChoiceError, quote} from "../errors.js";

/** A value in several MIME types, as a notebook file stores it: texts as lists of lines, images as base64, JSON as it is. */
export type MimeData = Readonly<Record<string, unknown>>;

/** What a cell printed or showed, in the words of nbformat 4.5. */
export type Output =
  | {output_type: "stream"; name: "stdout" | "stderr"; text: string | string[]}
  | {output_type: "display_data"; data: MimeData; metadata: MimeData}
  | {output_type: "execute_result"; execution_count: number; data: MimeData; metadata: MimeData}
  | {output_type: "error"; ename: string; evalue: string; traceback: string[]};

/** One cell of a notebook; only code cells have outputs and a count. */
export interface Cell {
  id?: string;
  cell_type: "code" | "markdown" | "raw";
  source: string | string[];
  metadata: {tags?: string[]; [key: string]: unknown};
  outputs?: Output[];
  execution_count?: number | null;
  attachments?: Record<string, Record<string, string>>;
}

/** A notebook file. Unknown metadata is kept as it was. */
export interface Notebook {
  cells: Cell[];
  metadata: {kernelspec?: {name?: string; language?: string; display_name?: string}; language_info?: {name?: string}; [key: string]: unknown};
  nbformat: number;
  nbformat_minor: number;
}

/** A text that a notebook file may hold as one string or as a list of lines. */
export const joined = (text: unknown): string => (Array.isArray(text) ? text.map(word).join("") : word(text));

// What is no text says nothing; an object may even have no way to become one.
const word = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");

/** The text a value has in one MIME type; undefined where it has none, or something that is no text. */
export function textIn(data: MimeData, mime: string): string | undefined {
  const value = Object.hasOwn(data, mime) ? data[mime] : undefined;
  return typeof value === "string" || Array.isArray(value) ? joined(value) : undefined;
}

/** Base64 and nothing else: whatever its alphabet does not hold is dropped, so that it can end no attribute. */
export const base64 = (text: string): string => text.replace(/[^A-Za-z0-9+/=]/g, "");

/** The lines of a text, each with its line end: how notebook files store texts, so that a diff shows the changed line. */
export const lines = (text: string): string[] => (text === "" ? [] : text.split(/(?<=\n)/));

/** The first line of a cell that says something: how a message names a cell beside its number. */
export const firstLine = (source: string): string => source.split("\n").map((line) => line.trim()).find((line) => line !== "") ?? "";

/**
 * Reads a notebook file of nbformat 4 and brings it to 4.5: cells without an id get one from their position, so that the
 * same notebook always gives the same file.
 *
 * @throws {ChoiceError} notebook/missing, notebook/not-json, notebook/format
 */
export function readNotebook(path: string): Notebook {
  const at = `readNotebook(${quote(path)})`;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new ChoiceError("notebook/missing", {at, saw: "no file that can be read there", want: "the path of a notebook (.ipynb)", hint: "check the path from the folder this runs in"});
  }
  let notebook: Notebook;
  try {
    notebook = JSON.parse(text.replace(/^\uFEFF/, "")) as Notebook;
  } catch (error) {
    const hint = "look for merge conflict marks in it, or export it again from Jupyter";
    throw new ChoiceError("notebook/not-json", {at, saw: `a file that is not JSON (${(error as Error).message})`, want: "a notebook (.ipynb)", hint});
  }
  if (notebook?.nbformat !== 4) {
    throw new ChoiceError("notebook/format", {at, saw: `nbformat ${quote(notebook?.nbformat)}`, want: "a notebook of nbformat 4", hint: "open it in Jupyter and save it again"});
  }
  return normalized(notebook, at);
}

/**
 * A notebook whose cells and outputs have all that their types promise, whatever wrote the file: what is missing or of the
 * wrong kind becomes empty, and cells or outputs that are none are left out.
 *
 * @throws {ChoiceError} notebook/format when there is no list of cells
 */
export function normalized(notebook: Notebook, at: string): Notebook {
  if (!Array.isArray(notebook?.cells)) {
    const want = "a notebook of nbformat 4, with a list of cells";
    throw new ChoiceError("notebook/format", {at, saw: "no list of cells", want, hint: "open it in Jupyter and save it again"});
  }
  const taken = new Set<string>();
  const cells = notebook.cells.filter(isRecord).map((cell, i): Cell => {
    let id = typeof cell.id === "string" && /^[a-zA-Z0-9_-]{1,64}$/.test(cell.id) && !taken.has(cell.id) ? cell.id : `cell-${i + 1}`;
    while (taken.has(id)) id += "x";
    taken.add(id);
    const {cell_type, metadata, source, execution_count, outputs, attachments, ...rest} = cell;
    return {
      cell_type,
      ...(cell_type === "code" ? {execution_count: whole(execution_count) ?? null, outputs: listOf(outputs).flatMap(normalOutput)} : {}),
      ...(isRecord(attachments) ? {attachments} : {}),
      ...rest,
      id,
      metadata: normalMetadata(metadata),
      source: typeof source === "string" || Array.isArray(source) ? source : ""
    };
  });
  return {...notebook, cells, metadata: recordOf(notebook.metadata), nbformat: 4, nbformat_minor: Math.max(5, whole(notebook.nbformat_minor) ?? 5)};
}

const isRecord = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === "object" && !Array.isArray(value);
const recordOf = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const whole = (value: unknown): number | undefined => (Number.isInteger(value) ? (value as number) : undefined);

function normalMetadata(metadata: unknown): Cell["metadata"] {
  const {tags, ...rest} = recordOf(metadata);
  return Array.isArray(tags) ? {...rest, tags: tags.map(word)} : rest;
}

function normalOutput(output: unknown): Output[] {
  const {output_type, ...rest} = recordOf(output);
  const [data, metadata] = [recordOf(rest.data), recordOf(rest.metadata)];
  switch (output_type) {
    case "stream":
      return [{...rest, output_type, name: rest.name === "stderr" ? "stderr" : "stdout", text: joined(rest.text)}];
    case "display_data":
      return [{...rest, output_type, data, metadata}];
    case "execute_result":
      return [{...rest, output_type, execution_count: whole(rest.execution_count) ?? 0, data, metadata}];
    case "error": {
      const traceback = typeof rest.traceback === "string" ? [rest.traceback] : listOf(rest.traceback).map(word);
      return [{...rest, output_type, ename: joined(rest.ename) || "Error", evalue: joined(rest.evalue), traceback}];
    }
    default:
      return [];
  }
}

/**
 * The text of a notebook file: keys in Jupyter's (alphabetic) order and one space of indentation, so that opening and
 * saving it there changes nothing.
 */
export function notebookText(notebook: Notebook): string {
  const cells = notebook.cells.map((cell) => ({
    ...cell,
    source: lines(joined(cell.source)),
    ...(cell.outputs ? {outputs: cell.outputs.map(storedOutput)} : {})
  }));
  const stored = {...notebook, cells};
  return `${JSON.stringify(sorted(stored), null, 1)}\n`;
}

function storedOutput(output: Output): Output {
  if (output.output_type === "stream") return {...output, text: lines(joined(output.text))};
  return "data" in output ? {...output, data: storedData(output.data)} : output;
}

// Texts are lists of lines; base64 stays one string, JSON stays JSON.
const isText = (mime: string): boolean => /^text\/|\+xml$|javascript$/.test(mime);
const storedData = (data: MimeData): MimeData =>
  Object.fromEntries(Object.entries(data).map(([mime, value]) => [mime, typeof value === "string" && isText(mime) ? lines(value) : value]));

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]));
}
