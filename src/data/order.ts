import type {Id} from "./choiceData.js";

/** Numbers by size; text with its runs of digits by size, so that "t9" comes before "t10"; numbers before text. */
export function compareIds(a: Id, b: Id): number {
  const textual = Number(typeof a === "string") - Number(typeof b === "string");
  if (textual !== 0) return textual;
  return typeof a === "string" ? compareText(a, b as string) : a < b ? -1 : a > b ? 1 : 0;
}

const number = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

function compareText(a: string, b: string): number {
  if (number.test(a) && number.test(b)) return Number(a) - Number(b);
  const [left, right] = [a, b].map((text) => text.match(/\d+|\D+/g) ?? []);
  for (let i = 0; i < Math.min(left.length, right.length); ++i) {
    const gap = Number(left[i]) - Number(right[i]);
    if (gap) return gap;
    if (Number.isNaN(gap) && left[i] !== right[i]) return left[i] < right[i] ? -1 : 1;
  }
  return left.length - right.length || (a < b ? -1 : Number(a > b));
}

/** Sorts 0 … n-1 by a small integer key, ties in order: one counting pass, linear in n. */
export function countingSort(items: Int32Array, key: (item: number) => number, size: number): Int32Array {
  const start = new Int32Array(size + 1);
  for (let i = 0; i < items.length; ++i) ++start[key(items[i]) + 1];
  for (let k = 0; k < size; ++k) start[k + 1] += start[k];
  const sorted = new Int32Array(items.length);
  for (let i = 0; i < items.length; ++i) sorted[start[key(items[i])]++] = items[i];
  return sorted;
}
