/** One entry of an answer. */
export type Leaf = number | string | boolean;

/**
 * The lengths of a value, from outside in: `[]` for a single one, `[3, 2]` for three lists of two; undefined for lists whose
 * parts differ in length. Arrays, typed arrays and matrices (whatever has `to2DArray`) are lists.
 *
 * @example
 * shapeOf([[1, 2], [3, 4], [5, 6]]) // [3, 2]
 */
export function shapeOf(value: unknown): number[] | undefined {
  const list = listIn(value);
  if (!list) return [];
  const [first, ...rest] = list.map(shapeOf);
  if (first === undefined) return list.length ? undefined : [0];
  return rest.every((shape) => shape !== undefined && shape.join() === first.join()) ? [list.length, ...first] : undefined;
}

/** The entries of a value in reading order; undefined where one is no number, text or boolean. */
export function leavesOf(value: unknown): Leaf[] | undefined {
  const all = entriesOf(value);
  return all.every((entry) => ["number", "string", "boolean"].includes(typeof entry)) ? (all as Leaf[]) : undefined;
}

/** The entries of a value in reading order, whatever they are. */
export function entriesOf(value: unknown): unknown[] {
  const list = listIn(value);
  return list ? list.flatMap(entriesOf) : [value];
}

function listIn(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return Array.from(value as unknown as ArrayLike<unknown>);
  const matrix = value as {to2DArray?: () => unknown} | null | undefined;
  if (typeof value === "object" && typeof matrix?.to2DArray === "function") {
    const rows = matrix.to2DArray();
    return Array.isArray(rows) ? rows : undefined;
  }
  return undefined;
}
