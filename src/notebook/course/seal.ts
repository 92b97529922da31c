import {scryptSync} from "node:crypto";
import {leavesOf, shapeOf, type Leaf} from "./answer.js";
import {checkExpectations, type Answer, type Expectation, type Seal, type SealedExpectation} from "./expectation.js";

/**
 * Expectations with their answers sealed: what a value is compared with can no longer be read, only tried.
 *
 * A number a with the tolerance d > 0 lies on a grid of width 2 d, at cell k = round(a / 2d); its remainder a - 2dk is kept,
 * and of k only a fingerprint. A value has the same k where it is within d of a, and nowhere else. Texts (without regard to
 * case and spaces), yes and no, and numbers that are wanted exactly have a fingerprint alone. Fingerprints are scrypt
 * (RFC 7914) with a salt of the question's own: some 50 ms each, here and for whoever tries values.
 *
 * This keeps answers from being read. It cannot keep a short list of possible answers from being tried out, one by one: a
 * share to two digits is found in seconds.
 *
 * @param expectations by question
 * @param salt         gives each question's salt: the same for the same text
 * @throws {ChoiceError} course/expectation, options/unknown
 * @example
 * const {q1} = sealed({q1: {answer: 0.25, within: 0.01}}, (question) => `a course, ${question}`);
 * opens(q1.seal, 0.259) // true
 * opens(q1.seal, 0.261) // false
 */
export function sealed(expectations: Readonly<Record<string, Expectation>>, salt: (question: string) => string): Record<string, SealedExpectation> {
  checkExpectations("sealed(…)", expectations);
  return Object.fromEntries(Object.entries(expectations).map(([question, {answer, mistakes, within, ...open}]) => {
    const close = (value: Answer): Seal => ({salt: salt(question), shape: shapeOf(value)!, entries: leavesOf(value)!.map((leaf) => closed(leaf, within, salt(question)))});
    return [question, {
      ...(answer === undefined ? {} : {kind: kindOfAll(leavesOf(answer)!), shape: shapeOf(answer)!}),
      ...open,
      ...(answer === undefined ? {} : {seal: close(answer)}),
      ...(mistakes ? {mistakes: mistakes.map(({answer: wrong, hint}) => ({seal: close(wrong), hint}))} : {})
    }];
  }));
}

/** Whether a value is the one that was sealed. */
export const opens = (seal: Seal, value: unknown): boolean => astray(seal, value)?.length === 0;

/** The places, from 0, at which the entries of a value are not those sealed; undefined when it is of another shape or kind. */
export function astray(seal: Seal, value: unknown): number[] | undefined {
  const leaves = leavesOf(value);
  if (!leaves || shapeOf(value)?.join() !== seal.shape.join()) return undefined;
  return leaves.flatMap((leaf, i) => {
    const entry = seal.entries[i];
    const same = typeof entry === "string" ? fingerprint(exactly(leaf), seal.salt) === entry : typeof leaf === "number" && fingerprint(onGrid(leaf, entry[0], entry[1]), seal.salt) === entry[2];
    return same ? [] : [i];
  });
}

function kindOfAll([first, ...rest]: readonly Leaf[]): "number" | "text" | "boolean" | undefined {
  if (first === undefined || rest.some((leaf) => typeof leaf !== typeof first)) return undefined;
  return typeof first === "string" ? "text" : (typeof first as "number" | "boolean");
}

function closed(leaf: Leaf, within: number | undefined, salt: string): Seal["entries"][number] {
  const distance = typeof leaf !== "number" ? 0 : (within ?? (Number.isInteger(leaf) ? 0 : 1e-6 * Math.abs(leaf)));
  if (typeof leaf !== "number" || distance === 0) return fingerprint(exactly(leaf), salt);
  const width = 2 * distance * (1 + 1e-9); // a value just that far away is accepted
  const offset = leaf - width * Math.round(leaf / width);
  return [offset, width, fingerprint(onGrid(leaf, offset, width), salt)];
}

const exactly = (leaf: Leaf): string => (typeof leaf === "string" ? `text ${leaf.normalize("NFKC").trim().toLowerCase().replace(/\s+/g, " ")}` : `${typeof leaf} ${String(leaf === 0 ? 0 : leaf)}`);

const onGrid = (value: number, offset: number, width: number): string => `cell ${Math.round((value - offset) / width) + 0}`;

const fingerprint = (text: string, salt: string): string => scryptSync(text, salt, 12).toString("base64url");
