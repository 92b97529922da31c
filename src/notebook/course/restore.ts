import {joined, normalized, type Cell, type Notebook} from "../ipynb.js";
import {assign, instructorSheet} from "./assign.js";
import {recorded, storedRole, type Role} from "./roles.js";

/** A submission made ready to be run: its own answers among the instructor's tests. */
export interface Restored {
  readonly notebook: Notebook;
  /** The role of each cell, undefined for those that are the student's own affair. */
  readonly roles: readonly (Role | undefined)[];
  /** Ids of cells that were put back: changed ones, and those that were not there. */
  readonly changed: readonly string[];
  readonly missing: readonly string[];
  /** Ids of solution cells that are as they were handed out. */
  readonly unanswered: ReadonlySet<string>;
}

/** What grading needs of an instructor's notebook, read once for all submissions. */
export interface Key {
  readonly notebook: Notebook;
  readonly roles: readonly (Role | undefined)[];
  /** As it was written, and the students' version, cell by cell. */
  readonly original: Notebook;
  readonly released: Notebook;
}

/** @throws {ChoiceError} as `assign` */
export function keyOf(instructor: Notebook): Key {
  const at = "grade(instructor, …)";
  return {...instructorSheet(instructor, at), original: normalized(instructor, at), released: assign(instructor)};
}

const text = ({source}: Cell): string => joined(source).trimEnd();
const same = (a: Cell, b: Cell): boolean => a.cell_type === b.cell_type && text(a) === text(b);

/**
 * Puts the instructor's cells back into a submission. Every test and every locked cell is the instructor's, hidden tests
 * and all, where the student has it; what is missing comes after the nearest cell before it that is there. The rest is as
 * the student left it. A copied cell counts where it stands first.
 *
 * @throws {ChoiceError} notebook/format when the submission is no notebook
 */
export function restore({notebook: instructor, roles, original, released}: Key, submission: Notebook): Restored {
  const student = normalized(submission, "the submission");
  const place = new Map(roles.flatMap((role, i) => (role ? [[role.id, i] as const] : [])));
  const changed: string[] = [];
  const unanswered = new Set<string>();
  const taken = new Set<string>();
  const cells = student.cells.map((cell): Cell => {
    const {nbgrader: _, ...metadata} = cell.metadata;
    const id = recorded(cell)?.grade_id;
    const index = typeof id === "string" && !taken.has(id) ? place.get(id) : undefined;
    if (index === undefined) return {...cell, metadata};
    const role = roles[index]!;
    const handedOut = released.cells[index];
    taken.add(role.id);
    if (!role.locked) {
      if (text(cell) === text(handedOut)) unanswered.add(role.id);
      return {...cell, cell_type: handedOut.cell_type, metadata: {...metadata, nbgrader: storedRole(role, cell)}};
    }
    if (!same(cell, handedOut) && !same(cell, original.cells[index])) changed.push(role.id);
    return {...own(instructor.cells[index], role), id: cell.id};
  });
  const missing = roles.flatMap((role, i) => (role && !taken.has(role.id) ? [i] : []));
  for (const index of missing) {
    const role = roles[index]!;
    if (role.locked) cells.splice(after(cells, roles.slice(0, index)), 0, own(instructor.cells[index], role));
  }
  const notebook = normalized({...student, cells, metadata: instructor.metadata}, "the submission");
  const found = notebook.cells.map((cell) => roles[place.get(String(recorded(cell)?.grade_id)) ?? -1]);
  return {notebook, roles: found, changed, missing: missing.map((i) => roles[i]!.id), unanswered};
}

function own(cell: Cell, role: Role): Cell {
  const copy = structuredClone(cell);
  return {...copy, metadata: {...copy.metadata, nbgrader: storedRole(role, copy)}};
}

/** The place behind the last cell there is of those that come before; the beginning when there is none. */
function after(cells: readonly Cell[], before: readonly (Role | undefined)[]): number {
  for (const role of [...before].reverse()) {
    const at = role ? cells.findIndex((cell) => recorded(cell)?.grade_id === role.id) : -1;
    if (at >= 0) return at + 1;
  }
  return 0;
}
