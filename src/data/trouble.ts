import {ChoiceError, quote, type Place} from "../errors.js";

/** Trouble of one kind, gathered over many rows: all are counted, the first thousand kept. */
export interface Heap {
  readonly places: Place[];
  count: number;
}

export const heap = (): Heap => ({places: [], count: 0});

export function add(heap: Heap, place: Place): void {
  if (heap.count++ >= 1000) return;
  // An object in a cell may refuse to become text: its kind says enough.
  const {value} = place;
  heap.places.push(typeof value === "object" && value !== null ? {...place, value: Object.prototype.toString.call(value)} : place);
}

/** `column "cost", row 3: null` */
export const cell = ({column, row, value}: Place): string => `column ${quote(column)}, row ${row}: ${quote(value)}`;

/** The first few places in words, and how many more there are. */
export function sketch(heap: Heap, say: (place: Place, index: number) => string = cell): string {
  const first = heap.places.slice(0, 3).map(say).join("; ");
  return heap.count > 3 ? `${first}; and ${heap.count - 3} more` : first;
}

/** Throws what a heap holds, if it holds anything. */
export function raise(heap: Heap, code: string, {at, want, hint}: {at: string; want: string; hint?: string}, say?: (place: Place, index: number) => string): void {
  if (heap.count === 0) return;
  throw new ChoiceError(code, {at, saw: sketch(heap, say), want, hint, ...heap.places[0]}, heap.places);
}
