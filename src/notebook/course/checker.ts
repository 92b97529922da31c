import {ChoiceError, kindOf, listed, quote, suggest} from "../../errors.js";
import {entriesOf, shapeOf} from "./answer.js";
import {checkExpectations, type Expectation, type Kind, type SealedExpectation} from "./expectation.js";
import {astray, opens, sealed} from "./seal.js";

/** How a check may be asked for. */
export interface CheckOptions {
  /** Throw where the value is not the one expected, instead of printing a hint: for cells that are graded. Default false. */
  readonly throws?: boolean;
}

/** Says of a question's value whether it is the one expected, or what to look at. */
export type Check = (question: string, value: unknown, options?: CheckOptions) => void;

/**
 * Makes the `check` of a notebook: `check("q1", value)` prints `✓ q1`, or a hint that does not give the answer away: what
 * kind of value is wanted, of what shape, in what range, what a known mistake looks like. It never throws, unless asked to.
 *
 * The instructor writes the answers down, between `// ### BEGIN CHECKS` and `// ### END CHECKS`; `maxent-logit nb assign`
 * seals them in the students' version. See `sealed` for what that protects.
 *
 * @param expectations by question
 * @throws {ChoiceError} course/expectation, options/unknown for expectations that cannot be meant; course/check by a check
 *   with `throws: true`
 * @example
 * const check = checker({
 *   share: {answer: 0.25, within: 0.01, between: [0, 1], mistakes: [{answer: 0.75, hint: "that is the share of the others"}]}
 * });
 * check("share", 0.251); // prints ✓ share
 * check("share", 0.75); // prints ✗ share: that is the share of the others
 * check("share", 25); // prints ✗ share: 25 is not possible, it lies between 0 and 1
 */
export function checker(expectations: Readonly<Record<string, Expectation | SealedExpectation>>): Check {
  checkExpectations("checker(…)", expectations);
  const ready = new Map<string, SealedExpectation>(); // sealed when first asked for
  const expected = (question: string): SealedExpectation => {
    const found = ready.get(question) ?? sealedAlready(question, expectations[question]);
    ready.set(question, found);
    return found;
  };
  return (question, value, options) => {
    const name = typeof question === "string" ? question : quote(question);
    const hint = Object.hasOwn(expectations, name) ? safely(() => hintFor(expected(name), value)) : `no question has that name: ${suggest(name, Object.keys(expectations))}`;
    if (hint === undefined) return console.log(`✓ ${name}`);
    if (options?.throws) throw new ChoiceError("course/check", {at: `check(${quote(name)})`, saw: hint, want: "the value the question asks for"});
    console.log(`✗ ${name}: ${hint}`);
  };
}

const sealedAlready = (question: string, expectation: Expectation | SealedExpectation): SealedExpectation =>
  "answer" in expectation || expectation.mistakes?.some((mistake) => "answer" in mistake)
    ? sealed({[question]: expectation as Expectation}, (name) => name)[question]
    : (expectation as SealedExpectation);

// A value's own getters may throw: that is a hint, too.
function safely(work: () => string | undefined): string | undefined {
  try {
    return work();
  } catch (error) {
    return `it cannot be looked at: ${quote(String((error as Error)?.message ?? error))}`;
  }
}

/** What to look at first, from the coarsest difference to the finest; undefined when there is none. */
function hintFor({kind, shape, between, fields, seal, mistakes = [], hint}: SealedExpectation, value: unknown): string | undefined {
  if (value === undefined) return "not answered yet: it is undefined, give it a value first";
  if (typeof (value as {then?: unknown} | null)?.then === "function") return "it is a promise: write await before the call that makes it";
  if (kind === undefined && !shape && !between && !fields && !seal) return undefined;
  const entries = entriesOf(value);
  const odd = kind === undefined ? -1 : entries.findIndex((entry) => kindIs(entry) !== kind);
  const list = shapeOf(value);
  if (odd >= 0) return `${list?.length === 0 ? "it" : `its entry ${at(odd, list)}`} is ${said(entries[odd])}; a ${kind} is wanted`;
  if (shape && list?.join() !== shape.join()) return `it is ${sized(list)}; ${sized(shape)} is wanted`;
  const lacking = fields?.filter((field) => typeof value !== "object" || value === null || !(field in value));
  if (lacking?.length) return `it has no ${listed(lacking.map(quote))}`;
  const numbers = entries.filter((entry): entry is number => typeof entry === "number");
  if (numbers.some((entry) => Number.isNaN(entry))) return "it is NaN: look for a missing value, or for a division of zero by zero";
  const out = between && numbers.find((entry) => !(entry >= between[0] && entry <= between[1]));
  if (out !== undefined) return `${out} is not possible, it lies between ${between![0]} and ${between![1]}`;
  const wrong = seal ? astray(seal, value) : [];
  if (wrong?.length === 0) return undefined;
  const known = mistakes.find((mistake) => opens(mistake.seal, value));
  if (known) return known.hint;
  const where = wrong && list?.length && wrong.length < entries.length ? `not yet, at ${listed(wrong.map((i) => at(i, list)))}` : "not yet";
  return hint === undefined ? `${where}: it is of the right kind, and has another value` : `${where}: ${hint}`;
}

function kindIs(value: unknown): Kind | undefined {
  if (typeof value === "string") return "text";
  if (value === null) return undefined;
  return typeof value === "number" || typeof value === "boolean" || typeof value === "function" || typeof value === "object" ? (typeof value as Kind) : undefined;
}

const said = (value: unknown): string => (kindIs(value) === "text" ? "a text" : kindIs(value) === "object" ? "an object" : kindOf(value));

/** Where an entry stands, as one would write it: `[1]`, `[1][0]`. */
function at(index: number, shape: readonly number[] | undefined): string {
  if (!shape) return `${index + 1}`;
  const places: number[] = [];
  for (const size of [...shape].reverse()) {
    places.unshift(index % size);
    index = Math.floor(index / size);
  }
  return places.map((place) => `[${place}]`).join("");
}

function sized(shape: readonly number[] | undefined): string {
  if (!shape) return "lists of several lengths";
  if (shape.length === 0) return "a single value";
  return shape.length === 1 ? `a list of ${shape[0]}` : `a table of ${shape.join(" × ")}`;
}
