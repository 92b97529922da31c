import {ChoiceError, quote} from "../../errors.js";
import {joined, normalized, type Cell, type Notebook} from "../ipynb.js";
import {replaceRegions} from "./regions.js";
import {cellName, rolesOf, storedRole, type Role} from "./roles.js";
import {sealChecks} from "./sealChecks.js";

/** What stands in the place of a solution. It throws, so that what is not answered earns nothing. */
export const stub = ["// YOUR CODE HERE", 'throw new Error("not answered yet: your code goes here");'];
const words = ["YOUR ANSWER HERE"];

/**
 * The students' version of an instructor's notebook: solutions replaced by a stub that throws, hidden tests and mark
 * schemes taken out, expectations sealed, outputs cleared, and for each cell nbgrader's metadata (schema 3) with a checksum,
 * so that nbgrader itself could go on with it. A solution cell without marks is replaced as a whole; a cell with a
 * solution, and without metadata, becomes a solution cell.
 *
 * @throws {ChoiceError} course/region for marks that do not pair up; course/duplicate-id, course/id, course/points,
 *   course/kind, course/metadata for metadata that do not do; course/place for marks in cells they do not belong in;
 *   course/checks, course/expectation, course/unsealed for expectations; notebook/format. Each names the cell
 * @example
 * const nbgrader = {grade: false, solution: true, locked: false, grade_id: "q1", schema_version: 3};
 * const cell = {cell_type: "code", metadata: {nbgrader}, source: "const x =\n// ### BEGIN SOLUTION\n  6 * 7\n// ### END SOLUTION"};
 * const student = assign({cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5});
 * student.cells[0].source.includes("6 * 7") // false
 */
export function assign(instructor: Notebook): Notebook {
  const at = "assign(notebook)";
  const sheet = instructorSheet(instructor, at);
  const cells = sheet.notebook.cells.map((cell, index) => {
    const role = sheet.roles[index];
    const source = released(joined(cell.source), cell, role, {at, name: cellName(cell, index), code: cell.cell_type === "code"});
    return release({...cell, source}, role);
  });
  refuseOpenAnswers(cells, at);
  const {celltoolbar: _, ...metadata} = sheet.notebook.metadata;
  return {...sheet.notebook, cells, metadata};
}

/** An instructor's notebook with its expectations sealed, and the role of each cell, those of unmarked solutions made. */
export interface InstructorSheet {
  readonly notebook: Notebook;
  readonly roles: readonly (Role | undefined)[];
}

/** @throws {ChoiceError} as `assign` */
export function instructorSheet(instructor: Notebook, at: string): InstructorSheet {
  const whole = normalized(instructor, at);
  const cells = whole.cells.map((cell, index): Cell => {
    if (cell.metadata.nbgrader !== undefined || cell.cell_type !== "code") return cell;
    const {regions} = replaceRegions(joined(cell.source), "SOLUTION", {at, name: cellName(cell, index), code: true}, () => []);
    return regions.length ? {...cell, metadata: {...cell.metadata, nbgrader: {solution: true, grade_id: cell.id}}} : cell;
  });
  const notebook = sealChecks({...whole, cells}, at);
  return {notebook, roles: rolesOf(notebook, at)};
}

interface Where {
  readonly at: string;
  readonly name: string;
  readonly code: boolean;
}

function released(source: string, cell: Cell, role: Role | undefined, where: Where): string {
  const misplaced = (mark: string, want: string, hint?: string): never => {
    throw new ChoiceError("course/place", {at: where.at, saw: `${where.name}: ${mark}`, want, hint});
  };
  const setIn = (lines: readonly string[], indent: string): string[] => lines.map((line) => indent + line);
  const answered = replaceRegions(source, "SOLUTION", where, ({indent}) => setIn(where.code ? stub : words, indent));
  if (answered.regions.length && !role?.solution) misplaced("a solution in a cell that is no solution cell", "solution: true in its nbgrader metadata", "keep solutions and tests in cells of their own");
  const shown = replaceRegions(answered.source, "HIDDEN TESTS", where, () => []);
  if (shown.regions.length && !role?.grade) misplaced("hidden tests in a cell that earns no points", "grade: true and points in its nbgrader metadata");
  const open = replaceRegions(shown.source, "MARK SCHEME", where, () => []);
  if (open.regions.length && !role?.task) misplaced("a mark scheme in a cell that is no task", "task: true in its nbgrader metadata");
  if (role?.solution && !answered.regions.length) return (cell.cell_type === "code" ? stub : words).join("\n");
  return open.source;
}

function release(cell: Cell, role: Role | undefined): Cell {
  const {nbgrader: _, ...metadata} = cell.metadata;
  const cleared = cell.cell_type === "code" ? {...cell, outputs: [], execution_count: null} : cell;
  if (!role) return {...cleared, metadata};
  // What Jupyter heeds, too: no cell of the assignment is lost by a slip, and what will be put back is not edited in vain.
  const kept = {...metadata, deletable: false, ...(role.locked ? {editable: false} : {})};
  return {...cleared, metadata: {...kept, nbgrader: storedRole(role, cleared)}};
}

function refuseOpenAnswers(cells: readonly Cell[], at: string): void {
  cells.forEach((cell, index) => {
    const source = joined(cell.source);
    if (cell.cell_type !== "code" || !/\bchecker\s*\(/.test(source) || !/\banswer["']?\s*:/.test(source)) return;
    const want = "the questions between // ### BEGIN CHECKS and // ### END CHECKS, which are sealed";
    throw new ChoiceError("course/unsealed", {at, saw: `${cellName(cell, index)}: an answer of ${quote("checker")} that students could read`, want});
  });
}
