import {inspect} from "node:util";

// Promises as last values: most often of a call that was to be awaited.

// Node's watch over asynchronous work (AsyncLocalStorage, before Node 24) keeps its books on each promise, for all to see.
const books = new Set(["async_id_symbol", "trigger_async_id_symbol", "kResourceStore"]);

/** Hides what Node itself wrote on a promise. */
function hideBooks(promise: Promise<unknown>): void {
  for (const key of Object.getOwnPropertySymbols(promise)) {
    if (!books.has(key.description ?? "")) continue;
    try {
      Object.defineProperty(promise, key, {enumerable: false});
    } catch {
      return; // one that is frozen
    }
  }
}

/** Has promises printed without what Node wrote on them, wherever they stand: for a process that is this library's own. */
export function printPromisesPlainly(): void {
  // Returning the value itself means: print it as ever.
  const value = function (this: unknown): unknown {
    if (this instanceof Promise) hideBooks(this);
    return this;
  };
  Object.defineProperty(Promise.prototype, inspect.custom, {value, configurable: true, writable: true, enumerable: false});
}

const mostWords = 80;

/** How a promise prints, outside in: `<pending>`, `<rejected> …` or what it has come to. */
function state(promise: Promise<unknown>): string {
  hideBooks(promise);
  return /^[^{]*\{\s*([\s\S]*?)\s*\}$/.exec(inspect(promise, {depth: 0, breakLength: Infinity}))?.[1] ?? "";
}

export const hasFailed = (value: unknown): boolean => value instanceof Promise && state(value).startsWith("<rejected>");

/** What is said of a promise in the place of its value. */
export function promiseWords(promise: Promise<unknown>): string {
  const now = state(promise);
  if (now.startsWith("<rejected>")) return "a promise that has failed: await it within try and catch to see why";
  const known = now !== "" && !now.startsWith("<pending>") && now.length <= mostWords && !now.includes("\n");
  return known ? `a promise of ${now}: write await before it` : "a promise: write await before it";
}
