import type {Graded} from "./grade.js";
import {cut} from "./clip.js";

/** What Gradescope reads of an autograder: `results.json`. */
export interface Results {
  readonly score: number;
  readonly output: string;
  readonly visibility: "visible";
  readonly tests: readonly {
    readonly name: string;
    readonly score: number;
    readonly max_score: number;
    readonly status: "passed" | "failed";
    readonly output: string;
    readonly output_format: "text";
    readonly visibility: "visible" | "after_published";
  }[];
  /** Kept by Gradescope, and not shown to students. */
  readonly extra_data: {readonly max_score: number; readonly remarks: readonly string[]; readonly fenced: boolean};
}

/**
 * A graded submission as Gradescope's `results.json`. Cells with hidden tests are shown once grades are published, others
 * at once; what is still to be read by hand counts 0 and says so.
 *
 * @example
 * const scores = [{name: "q1", score: 1, max: 2, output: "", hidden: false, byHand: false}];
 * const {tests} = gradescope({score: 1, max: 2, scores, remarks: [], fenced: true});
 * tests[0].status // "failed"
 */
export function gradescope({score, max, scores, remarks, fenced}: Graded): Results {
  const waiting = scores.filter(({byHand}) => byHand).map(({name}) => name);
  return {
    score,
    output: waiting.length ? `Still to be read by hand: ${waiting.join(", ")}.` : "",
    visibility: "visible",
    tests: scores.map((one) => ({
      name: one.name,
      score: one.score,
      max_score: one.max,
      status: one.score === one.max && !one.byHand ? "passed" as const : "failed" as const,
      output: cut(one.output, 2000),
      output_format: "text" as const,
      visibility: one.hidden ? "after_published" as const : "visible" as const
    })),
    extra_data: {max_score: max, remarks, fenced}
  };
}
