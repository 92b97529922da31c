import type {Mixing} from "../../integrate/mixing.js";
import {latticeOf, type Lattice} from "../../kernels/lattice.js";
import {largestSet, type Engine} from "../../kernels/panel.js";
import type {Units} from "../../model/choices.js";
import {blockSize, type Part} from "./slice.js";

/** Consecutive units, `from` … `to`. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export const blocksOf = ({weight}: Pick<Units, "weight">): number => Math.ceil(weight.length / blockSize);

/** Cuts units into consecutive ranges of about the same work, on the borders of blocks; at most one for each block. */
export function ranges(units: Units, parts: number): Range[] {
  const {row, unit, weight} = units;
  const blocks = blocksOf(units);
  const most = Math.min(parts, blocks);
  const border = (b: number) => Math.min(weight.length, b * blockSize);
  const work = (b: number) => row[unit[border(b)]] + unit[border(b)]; // exponentials and divisions, each once for every node
  const cuts = [0];
  for (let k = 1, b = 0; k < most; ++k) {
    const wanted = (work(blocks) * k) / most;
    const least = cuts[k - 1] + 1;
    while (b < blocks && work(b + 1) <= wanted) ++b;
    const nearest = wanted - work(b) <= work(b + 1) - wanted ? b : b + 1;
    cuts.push(Math.min(blocks - (most - k), Math.max(least, nearest)));
  }
  return [...cuts, blocks].slice(1).map((b, k) => ({from: border(cuts[k]), to: border(b)}));
}

/** The choices of a range, counted from its own first, in arrays of their own. */
export function partOf({d, row, unit, columns, weight}: Units, {of}: Mixing, {from, to}: Range, engine?: Engine): Part {
  const [first, last] = [unit[from], unit[to]];
  return {
    choices: {
      d: d.slice(row[first] * columns, row[last] * columns),
      row: row.slice(first, last + 1).map((at) => at - row[first]),
      unit: unit.slice(from, to + 1).map((n) => n - first),
      columns,
      weight: weight.slice(from, to),
      largest: largestSet(row)
    },
    first: from, of, engine
  };
}

/** The share of a range in a lattice. */
export const latticeFor = ({unit}: Units, lattice: Lattice, {from, to}: Range): Lattice => latticeOf(lattice, from, to, unit[from], unit[to]);
