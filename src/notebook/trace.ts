import {sep} from "node:path";
import {fileURLToPath} from "node:url";
import {inspect} from "node:util";
import type {CellError} from "./messages.js";
import type {Complaint, RunCell} from "./tslab.js";

const red = (text: string): string => `\u001b[31m${text}\u001b[39m`;

/** The place in a cell as an editor shows it: two lines before, the line, and a mark under the column. */
function codeFrame(source: string, line: number, column: number): string[] {
  const all = source.split("\n");
  const from = Math.max(1, line - 2);
  const width = String(line).length;
  const shown = all.slice(from - 1, line).map((text, i) => `${from + i === line ? red(">") : " "} ${String(from + i).padStart(width)} | ${text}`);
  return [...shown, `  ${" ".repeat(width)} | ${" ".repeat(Math.max(0, column - 1))}${red("^")}`];
}

/** The error of a cell that does not type-check. Lines that only continue a complaint are set in under it. */
export function typeTrouble(complaints: readonly Complaint[], source: string): CellError {
  const groups: Complaint[][] = [];
  for (const complaint of complaints) {
    const last = groups[groups.length - 1];
    if (last && last[0].line === complaint.line && last[0].column === complaint.column) last.push(complaint);
    else groups.push([complaint]);
  }
  const traceback = groups.flatMap(([first, ...more], i) => [
    `${i ? "\n" : ""}${red("TypeScriptError")}: ${first.text}`,
    ...more.map((complaint) => `  ${complaint.text}`),
    ...(first.file !== undefined ? [`    at ${first.file}:${first.line}:${first.column}`] : codeFrame(source, first.line, first.column))
  ]);
  const place = complaints[0].file === undefined ? `line ${complaints[0].line}` : `${complaints[0].file}, line ${complaints[0].line}`;
  return {ename: "TypeScriptError", evalue: `${complaints[0].text} (${place})`, traceback};
}

/**
 * The error of a cell that threw, told in the user's own lines: frames of cells and of files beside the notebook stay,
 * those of Node, tslab, packages and this library go, and no path of this machine is left.
 */
export function thrownTrouble(error: unknown, {cells, folder}: {cells: ReadonlyMap<string, RunCell>; folder: string}): CellError {
  if (!isError(error)) {
    const text = tidy(typeof error === "string" ? error : inspect(error), folder);
    return {ename: "Thrown", evalue: text, traceback: [`${red("Thrown")}: ${text}`]};
  }
  const ename = error.name || "Error";
  const evalue = tidy(error.message, folder);
  const frames = userFrames(String(error.stack ?? ""), cells, folder);
  const top = frames.find((frame) => frame.cell);
  const cause = error.cause === undefined ? [] : [`Caused by ${isError(error.cause) ? `${error.cause.name}: ${tidy(error.cause.message, folder)}` : tidy(inspect(error.cause), folder)}`];
  return {
    ename,
    evalue,
    traceback: [`${red(ename)}: ${evalue}`, ...(top?.cell ? codeFrame(top.cell.source, top.line, top.column) : []), ...frames.slice(0, mostFrames).map((frame) => `    at ${frame.text}`), ...cause]
  };
}

// Errors of workers and of other realms are no instances of this realm's Error.
const isError = (value: unknown): value is Error => value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";

const mostFrames = 10;

// In this library's own checkout its files may lie under the notebook's folder, and outside node_modules.
const library = ["src", "dist"].map((room) => fileURLToPath(new URL(`../../${room}/`, import.meta.url)));

interface Frame {
  readonly text: string;
  readonly line: number;
  readonly column: number;
  readonly cell?: RunCell;
}

function userFrames(stack: string, cells: ReadonlyMap<string, RunCell>, folder: string): Frame[] {
  const frames: Frame[] = [];
  for (const text of stack.split("\n")) {
    const [, called, async, file, l, c] = /^\s+at (?:((?:async )?.*?) \()?(async )?(.*?):(\d+):(\d+)\)?$/.exec(text) ?? [];
    if (file === undefined) continue;
    const [line, column] = [Number(l), Number(c)];
    const name = (called ?? async?.trim())?.replace(/^(async )?(Proxy|Object)\./, "$1"); // tslab keeps the cells' variables in a proxy
    const cell = cells.get(file);
    if (cell) {
      const at = cell.locate(line, column);
      // The function around a whole cell is of tslab's making: its name says nothing.
      if (at) frames.push({text: name && !/^(async )?(eval|<anonymous>)$/.test(name) && !/^async$/.test(name) ? `${name} (${place(file, at)})` : place(file, at), ...at, cell});
    } else {
      const path = file.replace(/^file:\/\//, "");
      const foreign = path.includes(`${sep}node_modules${sep}`) || library.some((room) => path.startsWith(room));
      if (path.startsWith(folder + sep) && !foreign) frames.push({text: `${name ? `${name} ` : ""}(${path.slice(folder.length + 1)})`, line, column});
    }
  }
  return frames;
}

const place = (cell: string, {line, column}: {line: number; column: number}): string => `${cell.replace("-", " ")}, line ${line}:${column}`;

/** A message without this machine's paths, and without the list of files Node adds when a module is not found. */
export function tidy(text: string, folder: string): string {
  return text
    .replace(/\nRequire stack:(\n- .*)*/g, "")
    .replace(/ imported from \/.*$/gm, "")
    .replaceAll(folder, ".")
    .replace(/(?:file:\/\/)?\/[^\s'"]*\/node_modules\//g, "node_modules/");
}
