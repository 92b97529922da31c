import type {Cell, Notebook} from "../../../src/notebook/ipynb.js";

/** Cells and notebooks for tests, in a line each. */
export const code = (source: string, nbgrader?: object): Cell => ({cell_type: "code", metadata: nbgrader ? {nbgrader} : {}, source, outputs: [], execution_count: null});
export const text = (source: string, nbgrader?: object): Cell => ({cell_type: "markdown", metadata: nbgrader ? {nbgrader} : {}, source});
export const solution = (id: string, source: string): Cell => code(source, {grade_id: id, solution: true, grade: false, locked: false, schema_version: 3});
export const graded = (id: string, points: unknown, source: string): Cell => code(source, {grade_id: id, points, grade: true, solution: false, locked: true, schema_version: 3});
export const locked = (id: string, source: string): Cell => code(source, {grade_id: id, grade: false, solution: false, locked: true, schema_version: 3});
export const notebook = (...cells: Cell[]): Notebook => ({cells: structuredClone(cells), metadata: {kernelspec: {name: "tslab", language: "typescript", display_name: "TypeScript"}}, nbformat: 4, nbformat_minor: 5});

export const mark = (words: string, inner: string): string => `// ### BEGIN ${words}\n${inner}\n// ### END ${words}`;
