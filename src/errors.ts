/** Where a piece of trouble was met: any of these may be missing. Rows are counted from 0, as in the user's table. */
export interface Place {
  readonly column?: string;
  readonly row?: number;
  readonly value?: unknown;
}

/** The four parts of a message, as data: a notebook shows them as a card, a test reads the code. */
export interface Trouble extends Place {
  /** The call as the user would recognise it: `fromLong(frame, {chosen: "choice"})`. */
  readonly at: string;
  /** What was seen: column, row, value. */
  readonly saw: string;
  /** What was wanted. */
  readonly want: string;
  /** A way out, in the imperative: `drop the row, or fill it in`. */
  readonly hint?: string;
}

/**
 * The one error of this library: what the call was, what was seen, what was wanted, and a way out.
 *
 * The `code` is stable and may be tested against; the words may improve. Trouble met in many rows is collected into one
 * error, `places` lists them all, and the message shows the first few.
 *
 * @example
 * const error = new ChoiceError("data/missing-column", {at: "fromLong(frame)", saw: 'no column "chioce"', want: "the column of choices", hint: 'did you mean "choice"?'});
 * error.code // "data/missing-column"
 */
export class ChoiceError extends Error {
  override readonly name = "ChoiceError";
  readonly code: string;
  readonly at: string;
  readonly saw: string;
  readonly want: string;
  readonly hint?: string;
  readonly places: readonly Place[];

  constructor(code: string, {at, saw, want, hint, column, row, value}: Trouble, places?: readonly Place[]) {
    super(`${at}: ${saw}; ${want}.${hint ? `\n${wayOut(hint)}` : ""}`);
    this.code = code;
    this.at = at;
    this.saw = saw;
    this.want = want;
    this.hint = hint;
    this.places = places ?? (column === undefined && row === undefined ? [] : [{column, row, value}]);
  }
}

// A question stands by itself; an imperative follows "Try:".
const wayOut = (hint: string): string => (hint.endsWith("?") ? hint[0].toUpperCase() + hint.slice(1) : `Try: ${hint}.`);

/** Quotes a value from a table for a message, shortened so that a huge cell cannot flood it. */
export function quote(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : typeof value === "bigint" ? `${value}n` : typeof value === "object" && value !== null ? described(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

// An object may have no way to become text (no prototype) or one that throws.
function described(value: object): string {
  try {
    return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype ? JSON.stringify(value) : String(value);
  } catch {
    return "an object";
  }
}

/** "3", "3 and 5", "3, 5 and 8", "3, 5, 8 and 97 more". */
export function listed(items: readonly unknown[], most = 5): string {
  const shown = items.slice(0, most).map(String);
  if (items.length > most) return `${shown.join(", ")} and ${items.length - most} more`;
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} and ${shown[shown.length - 1]}`;
}

/**
 * The candidate nearest to a misspelt word, by edit distance (adjacent swaps count one), or undefined when none is near.
 *
 * @example
 * nearest("chioce", ["choice", "alt"]) // "choice"
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const limit = Math.max(2, Math.floor(word.length / 3));
  let best: string | undefined;
  let least = limit + 1;
  for (const candidate of candidates) {
    const d = distance(word.toLowerCase(), candidate.toLowerCase());
    if (d < least) [best, least] = [candidate, d];
  }
  return best;
}

/** `did you mean "choice"?`, or what there is to choose from. */
export function suggest(word: string, candidates: readonly string[]): string {
  const near = nearest(word, candidates);
  return near !== undefined ? `did you mean ${quote(near)}?` : `use one of ${listed(candidates.map(quote), 12)}`;
}

// Optimal string alignment: insert, delete, substitute, swap neighbours.
function distance(a: string, b: string): number {
  let [before, last]: number[][] = [[], Array.from({length: b.length + 1}, (_, j) => j)];
  for (let i = 1; i <= a.length; ++i) {
    const row = [i];
    for (let j = 1; j <= b.length; ++j) {
      row[j] = Math.min(row[j - 1] + 1, last[j] + 1, last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    [before, last] = [last, row];
  }
  return last[b.length];
}

/** What a value is, for a message: "a promise", "undefined", "a number". */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof (value as {then?: unknown}).then === "function") return "a promise";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object without it" : `a ${typeof value}`;
}

/**
 * Refuses a value that has not the fields of what is wanted: the likeliest slips of a notebook are a forgotten `await` and a
 * table where choices belong.
 *
 * @throws {ChoiceError} with the code given
 */
export function expectFields(code: string, at: string, value: unknown, fields: readonly string[], want: string, hint: string): void {
  if (typeof value === "object" && value !== null && fields.every((field) => field in value)) return;
  const kind = kindOf(value);
  throw new ChoiceError(code, {at, saw: kind === "an object without it" ? `an object that is not ${want}` : kind, want, hint: kind === "a promise" ? "write await before the call that makes it" : hint});
}

/**
 * Refuses option names nobody knows, with the nearest that is known.
 *
 * @throws {ChoiceError} options/unknown, options/not-an-object
 */
export function checkOptions(at: string, options: object, known: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new ChoiceError("options/not-an-object", {at, saw: `options: ${quote(options)}`, want: "an object of options", hint: `{${known[0]}: …}`});
  }
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) {
      throw new ChoiceError("options/unknown", {at, saw: `no option called ${quote(name)}`, want: "a known option", hint: suggest(name, known)});
    }
  }
}
