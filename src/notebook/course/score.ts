import {quote} from "../../errors.js";
import {joined, textIn, type Cell, type Output} from "../ipynb.js";
import {replaceRegions} from "./regions.js";
import type {Role} from "./roles.js";

/** What one graded cell earned, and why. */
export interface Score {
  /** The cell's `grade_id`. */
  readonly name: string;
  readonly score: number;
  readonly max: number;
  /** Why it earned what it did, as the student may read it: nothing of hidden tests. */
  readonly output: string;
  /** Whether the cell has hidden tests. */
  readonly hidden: boolean;
  /** Whether a reader has still to give points: `score` is 0 until then. */
  readonly byHand: boolean;
}

/** The points of several cells together. Sums of tenths are not tenths to the last bit, so they are rounded. */
export const total = (scores: readonly Score[], of: "score" | "max"): number => Number(scores.reduce((sum, score) => sum + score[of], 0).toFixed(9));

/** How a cell ended, as its outputs say. */
export type Failure = Extract<Output, {output_type: "error"}>;
export const failureOf = ({outputs = []}: Cell): Failure | undefined => outputs.find((output): output is Failure => output.output_type === "error");

/**
 * What a test earned, by nbgrader's rule: nothing when it failed, the last value where that is a number between 0 and the
 * points, otherwise all points. Beyond nbgrader's rule, a test that was never run earns nothing; and so does one whose last
 * value is a number out of that range, where nbgrader gives all points or stops.
 *
 * @param cell     the cell as it was run
 * @param notRun   why cells were not run, in words
 */
export function scoreTest(cell: Cell, {id, points}: Role, notRun: string): Score {
  const hidden = hiddenLines(cell).length > 0;
  const earned = (score: number, output: string): Score => ({name: id, score, max: points, output, hidden, byHand: false});
  if (typeof cell.execution_count !== "number") return earned(0, `this test was not run: ${notRun}`);
  const failure = failureOf(cell);
  if (failure) return earned(0, tellable(cell, failure) ? `${failure.ename}: ${failure.evalue}` : "a hidden test failed");
  const value = partOf(cell);
  if (value === undefined) return earned(points, "");
  if (!(value >= 0 && value <= points)) return earned(0, `the test is at fault: its last value, ${quote(value)}, is no score between 0 and ${points}`);
  return earned(value, "");
}

/** The number that is a cell's last value; undefined where that is something else. */
function partOf({outputs = []}: Cell): number | undefined {
  const result = outputs.find(({output_type}) => output_type === "execute_result");
  const text = result && "data" in result ? (textIn(result.data, "text/plain") ?? "").trim() : "";
  return /^[-+]?(\d+\.?\d*(e[-+]?\d+)?|\.\d+(e[-+]?\d+)?|NaN|Infinity)$/i.test(text) ? Number(text) : undefined;
}

/** The lines of a cell's hidden tests, counted from 1, marks included. */
export function hiddenLines(cell: Cell): number[] {
  const {regions} = replaceRegions(joined(cell.source), "HIDDEN TESTS", {at: "grade(…)", name: "a test", code: true}, () => []);
  return regions.flatMap(({from, lines}) => Array.from({length: lines.length + 2}, (_, i) => from + i));
}

/**
 * A failure as the student may read it; undefined where it would tell of hidden tests: it comes of them, or nobody can say
 * from where. A trace names lines of its cell as `cell 7, line 3:5`; a complaint of the type checker ends in `(line 3)`,
 * and stands for those after it.
 */
export function tellable(cell: Cell, failure: Failure): Failure | undefined {
  const hidden = hiddenLines(cell);
  const {ename, evalue, traceback} = failure;
  if (!hidden.length || ename === "TimeoutError" || ename === "ProcessEnded") return failure;
  if (ename === "TypeScriptError") {
    const line = Number(/\(line (\d+)\)$/.exec(evalue)?.[1]);
    return line && !hidden.includes(line) ? {...failure, traceback: [`${ename}: ${evalue}`]} : undefined;
  }
  const trace = traceback.join("\n").replace(/\u001b\[\d+m/g, "");
  const lines = [...trace.matchAll(new RegExp(String.raw`\bcell ${cell.execution_count}, line (\d+):`, "g"))].map(([, line]) => Number(line));
  // A trace shows the two lines above its own, too.
  return lines.length && !lines.some((line) => hidden.some((own) => own <= line && own >= line - 2)) ? failure : undefined;
}

/** What is left to a reader: 0 until then, and for good where nothing was written. */
export function scoreByHand({id, points}: Role, unanswered: boolean, missing: boolean): Score {
  const output = missing ? "this cell is not in the submission" : unanswered ? "not answered" : `to be read: up to ${points} points`;
  return {name: id, score: 0, max: points, output, hidden: false, byHand: !unanswered && !missing};
}
