import {createHash} from "node:crypto";
import {ChoiceError, quote} from "../../errors.js";
import {firstLine, joined, type Cell, type Notebook} from "../ipynb.js";

/** What a cell is to the grader, in nbgrader's words (its cell metadata, schema 3). */
export interface Role {
  /** The cell's `grade_id`, one of a kind in its notebook. */
  readonly id: string;
  /** Whether it earns points: by itself when it is a test, by a reader's judgement when it is a solution or a task, too. */
  readonly grade: boolean;
  /** Whether students write in it. */
  readonly solution: boolean;
  /** Whether what students change in it is put back. */
  readonly locked: boolean;
  /** A question in words that a reader grades. */
  readonly task: boolean;
  /** 0 where it earns none. */
  readonly points: number;
}

/** Whether a program scores the cell; the other cells with points wait for a reader. */
export const isTest = ({grade, solution, task}: Role): boolean => grade && !solution && !task;

/** How a message names a cell: its place among all cells, its first line, its id. */
export function cellName(cell: Cell, index: number): string {
  const id = recorded(cell)?.grade_id;
  const line = firstLine(joined(cell.source));
  return `cell ${index + 1}${line === "" ? "" : ` (${quote(line)})`}${typeof id === "string" && id !== "" ? `, grade_id ${quote(id)}` : ""}`;
}

/** What nbgrader wrote into a cell's metadata, unchecked. */
export function recorded(cell: Cell): Record<string, unknown> | undefined {
  const found = cell.metadata.nbgrader;
  return found !== null && typeof found === "object" && !Array.isArray(found) ? (found as Record<string, unknown>) : undefined;
}

/**
 * Reads the role of every cell of an instructor's notebook; undefined for cells that are nothing to the grader.
 *
 * @throws {ChoiceError} course/metadata, course/id, course/duplicate-id, course/points, course/kind, each with the cell's name
 */
export function rolesOf({cells}: Notebook, at: string): (Role | undefined)[] {
  const seen = new Map<string, string>();
  return cells.map((cell, index) => {
    const name = cellName(cell, index);
    const role = roleOf(cell, {at, name});
    if (!role) return undefined;
    const before = seen.get(role.id);
    if (before !== undefined) {
      throw new ChoiceError("course/duplicate-id", {at, saw: `${name}, whose id ${before} has already`, want: "a grade_id of its own for each cell", hint: "a copied cell keeps its id: give the copy another in its metadata"});
    }
    seen.set(role.id, name);
    return role;
  });
}

function roleOf(cell: Cell, {at, name}: {at: string; name: string}): Role | undefined {
  if (cell.metadata.nbgrader === undefined) return undefined;
  const data = recorded(cell);
  if (!data) throw new ChoiceError("course/metadata", {at, saw: `${name}: nbgrader metadata that is ${quote(cell.metadata.nbgrader)}`, want: "an object", hint: "delete it, or set it again in Jupyter's assignment view"});
  for (const word of ["grade", "solution", "locked", "task"]) {
    if (data[word] !== undefined && typeof data[word] !== "boolean") {
      throw new ChoiceError("course/metadata", {at, saw: `${name}: ${word} ${quote(data[word])} in its nbgrader metadata`, want: "true or false"});
    }
  }
  const [grade, solution, task] = [data.grade === true, data.solution === true, data.task === true];
  // As nbgrader has it: what students write is never locked, what grades them always is.
  const locked = !solution && (grade || task || data.locked === true);
  if (!grade && !solution && !task && !locked) return undefined;
  const id = data.grade_id;
  if (typeof id !== "string" || !/^[a-zA-Z0-9_-]+$/.test(id)) {
    throw new ChoiceError("course/id", {at, saw: `${name}: ${id === undefined ? "no grade_id" : `grade_id ${quote(id)}`}`, want: "letters, digits, _ and -", hint: 'give it one in its nbgrader metadata, such as "q1"'});
  }
  const {points} = data;
  const scored = grade || task;
  if (scored && !(typeof points === "number" && Number.isFinite(points) && points >= 0)) {
    throw new ChoiceError("course/points", {at, saw: `${name}: ${points === undefined ? "no points" : `points ${quote(points)}`}`, want: "a number, 0 or more, for a cell that is graded", hint: 'say "points": 1 in its nbgrader metadata'});
  }
  const kind = wrongKind(cell, {grade, solution, task});
  if (kind !== undefined) throw new ChoiceError("course/kind", {at, saw: `${name}: ${kind}`, want: "tests in code, words to be graded marked as a solution, tasks in words"});
  return {id, grade, solution, locked, task, points: scored ? (points as number) : 0};
}

function wrongKind({cell_type: type}: Cell, {grade, solution, task}: {grade: boolean; solution: boolean; task: boolean}): string | undefined {
  if (task) return type === "markdown" && !grade && !solution ? undefined : "a task that is no markdown cell, or is a test or a solution as well";
  if (type !== "code" && grade && !solution) return `a test in a ${type} cell`;
  return type !== "code" && solution && !grade ? `a solution in a ${type} cell that nobody grades` : undefined;
}

/** A role as nbgrader stores it, schema 3, with the checksum by which an unanswered cell is told from an answered one. */
export function storedRole(role: Role, cell: Pick<Cell, "cell_type" | "source">): Record<string, unknown> {
  const {id, grade, solution, locked, task, points} = role;
  return {
    schema_version: 3, grade, solution, locked, task, grade_id: id, cell_type: cell.cell_type, checksum: checksum(role, cell),
    ...(grade || task ? {points} : {})
  };
}

/**
 * nbgrader's checksum of a cell (its `compute_checksum`): MD5 of the source, the kind of cell, Python's words for its
 * flags, the id and, where it is graded, the points.
 *
 * @example
 * const role = {id: "q1", grade: true, solution: false, locked: true, task: false, points: 2};
 * checksum(role, {cell_type: "code", source: "1 + 1"}) // "e4e4530364f26c08837df23de2378a69"
 */
export function checksum({id, grade, solution, locked, points}: Role, {cell_type, source}: Pick<Cell, "cell_type" | "source">): string {
  const python = (flag: boolean): string => (flag ? "True" : "False");
  const float = Number.isInteger(points) ? `${points}.0` : String(points);
  return createHash("md5").update([joined(source), cell_type, python(grade), python(solution), python(locked), id, ...(grade ? [float] : [])].join("")).digest("hex");
}
