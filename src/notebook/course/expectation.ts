import {checkOptions, ChoiceError, quote} from "../../errors.js";
import {leavesOf, shapeOf, type Leaf} from "./answer.js";

/** A value a question may ask for: a number, a text, a yes or no, or a list of such, in as many dimensions as it has. */
export type Answer = Leaf | readonly Answer[];

/** What a value is, as far as a hint speaks of it. */
export const kinds = ["number", "text", "boolean", "function", "object"] as const;
export type Kind = (typeof kinds)[number];

/** A wrong answer that is often given, and what to say to it. */
export interface Mistake {
  readonly answer: Answer;
  readonly hint: string;
}

/** What an instructor expects of the value given to a question. What is left out is not looked at. */
export interface Expectation {
  /** The answer. Sealed in the students' version, so that it cannot be read there. */
  readonly answer?: Answer;
  /** How far from the answer a number may be. Default: not at all for whole numbers, otherwise a millionth of the answer. */
  readonly within?: number;
  /** What the value or, in a list, each of its entries has to be; by default what the answer is. */
  readonly kind?: Kind;
  /** The lengths of a list, `[3]`, or of a table, `[3, 2]`; by default those of the answer. `[]` is a single value. */
  readonly shape?: readonly number[];
  /** What is possible at all: a share lies in `[0, 1]`. Students can read it. */
  readonly between?: readonly [number, number];
  /** Fields an object has to have. */
  readonly fields?: readonly string[];
  /** What to say where all but the answer fits. Students can read it. */
  readonly hint?: string;
  readonly mistakes?: readonly Mistake[];
}

/** An expectation whose answers are sealed: see `sealed`. */
export interface SealedExpectation extends Omit<Expectation, "answer" | "mistakes"> {
  readonly seal?: Seal;
  readonly mistakes?: readonly {readonly seal: Seal; readonly hint: string}[];
}

/** A salt, and for each entry its fingerprint; for a number with a tolerance, where its grid lies, too. */
export interface Seal {
  readonly salt: string;
  readonly shape: readonly number[];
  readonly entries: readonly (string | readonly [offset: number, width: number, fingerprint: string])[];
}

const known = ["answer", "within", "kind", "shape", "between", "fields", "hint", "mistakes", "seal"];

/** As many entries as a seal may have: each takes some 50 ms to make and to check. */
export const mostEntries = 24;

/**
 * Refuses expectations that cannot be meant, by the question's name.
 *
 * @throws {ChoiceError} options/unknown, course/expectation
 */
export function checkExpectations(at: string, expectations: Readonly<Record<string, Expectation | SealedExpectation>>): void {
  for (const [question, expectation] of Object.entries(expectations)) {
    const where = `${at}, question ${quote(question)}`;
    checkOptions(where, expectation, known);
    const refuse = (saw: string, want: string): never => {
      throw new ChoiceError("course/expectation", {at: where, saw, want});
    };
    const {within, kind, shape, between, fields, hint, mistakes} = expectation;
    if (within !== undefined && !(typeof within === "number" && within >= 0 && within < Infinity)) refuse(`within: ${quote(within)}`, "a distance, 0 or more");
    if (kind !== undefined && !kinds.includes(kind)) refuse(`kind: ${quote(kind)}`, `one of ${kinds.join(", ")}`);
    if (shape !== undefined && !(Array.isArray(shape) && shape.every((size) => Number.isInteger(size) && size >= 0))) refuse(`shape: ${quote(shape)}`, "lengths, such as [3] or [3, 2]");
    if (between !== undefined && !(Array.isArray(between) && between.length === 2 && between[0] <= between[1])) refuse(`between: ${quote(between)}`, "the least and the greatest number, [0, 1]");
    if (fields !== undefined && !(Array.isArray(fields) && fields.every((field) => typeof field === "string"))) refuse(`fields: ${quote(fields)}`, "names of fields");
    if (hint !== undefined && typeof hint !== "string") refuse(`hint: ${quote(hint)}`, "a sentence");
    if (mistakes !== undefined && !(Array.isArray(mistakes) && mistakes.every((mistake) => typeof mistake?.hint === "string" && ("answer" in mistake || "seal" in mistake)))) refuse(`mistakes: ${quote(mistakes)}`, "a list of {answer, hint}");
    const plain = [...("answer" in expectation ? [expectation.answer] : []), ...(mistakes ?? []).flatMap((mistake) => ("answer" in mistake ? [mistake.answer] : []))];
    for (const answer of plain) {
      const leaves = shapeOf(answer) && leavesOf(answer);
      if (!leaves) refuse(`answer ${quote(answer)}`, "a number, a text, true or false, or lists of such, all of one length");
      if (leaves!.length > mostEntries) refuse(`an answer of ${leaves!.length} numbers`, `at most ${mostEntries}: ask for those that matter, or for a sum`);
    }
  }
}
