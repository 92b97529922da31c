import {decimalsFor, fixed, nothing, scientific} from "./format.js";
import {label, number, words} from "./table.js";
import type {Cell, Column, Table} from "./table.js";

/** Whose row it is, and what stands in small type under it. */
export interface SquareName {
  readonly name: string;
  readonly below?: string;
}

type Square = readonly (readonly (number | null)[])[];

/** Up to so many columns a matrix is shown whole; a larger one by its diagonal and the largest other number of each row. */
const abreast = 10;

/** A matrix of what rows do when columns move, with errors in parentheses below where there are any. */
export function squareTable(caption: string, names: readonly SquareName[], values: Square, errors?: Square): Table {
  const sure = errors?.some((row) => row.some((error) => error !== null)) ?? false;
  const write = writing(sure ? errors! : values);
  return names.length <= abreast ? whole(caption, names, values, sure ? errors : undefined, write) : extremes(caption, names, values, write);
}

type Write = (x: number | null | undefined) => string;

/** One number of decimals for all, so that columns can be compared; tiny numbers by their powers of ten. */
function writing(scales: Square): Write {
  const known = scales.flat().filter((x): x is number => x !== null && Number.isFinite(x) && x !== 0);
  const decimals = Math.min(6, Math.max(2, decimalsFor(known)(NaN)));
  return (x) => (x === null || x === undefined || Number.isNaN(x) ? nothing : x !== 0 && Math.abs(x) < 0.05 * 10 ** -decimals ? scientific(x, 2) : fixed(x, decimals));
}

function whole(caption: string, names: readonly SquareName[], values: Square, errors: Square | undefined, write: Write): Table {
  return {
    caption,
    columns: [{head: "Row \\ column", align: "left"}, ...names.map(({name}): Column => ({head: name, headKind: "label", align: "right"}))],
    groups: [{title: "", rows: names.flatMap(({name, below}, j): Cell[][] => [
      [label(name, below && !errors ? {below} : {}), ...values[j].map((value) => number(write(value)))],
      ...(errors ? [[words(below ?? ""), ...errors[j].map((error) => number(error === null ? "" : `(${write(error)})`))]] : [])
    ])}]
  };
}

function extremes(caption: string, names: readonly SquareName[], values: Square, write: Write): Table {
  const size = (x: number | null): number => (x === null || Number.isNaN(x) ? -1 : Math.abs(x));
  return {
    caption: `${caption}: own, and the largest other`,
    columns: [{head: "Row", align: "left"}, {head: "Own", align: "right"}, {head: "Largest other", align: "left"}, {head: "", align: "right", joined: true}],
    groups: [{title: "", rows: names.map(({name, below}, j): Cell[] => {
      const other = values[j].reduce<number>((best, value, k) => (k !== j && (best < 0 || size(value) > size(values[j][best])) ? k : best), -1);
      return [label(name, below ? {below} : {}), number(write(values[j][j])), label(names[other].name), number(write(values[j][other]))];
    })}]
  };
}
