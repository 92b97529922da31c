import {ChoiceError, quote} from "../../errors.js";

/** What a pair of comment lines may enclose: `// ### BEGIN SOLUTION` to `// ### END SOLUTION`. */
export type Mark = "SOLUTION" | "HIDDEN TESTS" | "MARK SCHEME" | "CHECKS";

/** One region of a cell: its lines, without those of the marks, and how far the first mark is set in. */
export interface Region {
  readonly lines: readonly string[];
  readonly indent: string;
  /** The number of the line that begins it, from 1. */
  readonly from: number;
}

interface Where {
  readonly at: string;
  /** The cell's name. */
  readonly name: string;
  readonly code: boolean;
}

/**
 * A cell's source with each region of one kind replaced. The marks are nbgrader's, on lines of their own; in code they are
 * comments. A line that is nearly a mark is refused: overlooked, it would hand the solution out.
 *
 * @throws {ChoiceError} course/region
 */
export function replaceRegions(source: string, mark: Mark, where: Where, replace: (region: Region) => readonly string[]): {source: string; regions: Region[]} {
  const out: string[] = [];
  const regions: Region[] = [];
  let open: {lines: string[]; indent: string; from: number} | undefined;
  const refuse = (line: number, saw: string, hint?: string): never => {
    const want = `// ### BEGIN ${mark} and // ### END ${mark}, each on a line of its own, in pairs`;
    throw new ChoiceError("course/region", {at: where.at, saw: `${where.name}, line ${line}: ${saw}`, want, hint});
  };
  source.split("\n").forEach((text, i) => {
    const edge = markIn(text, mark, where.code);
    if (edge === "unclear") refuse(i + 1, quote(text.trim()), "write the mark as a comment with nothing else on its line");
    if (edge === "BEGIN") {
      if (open) refuse(i + 1, `another BEGIN ${mark} before the END of that on line ${open.from}`);
      open = {lines: [], indent: /^\s*/.exec(text)![0], from: i + 1};
    } else if (edge === "END") {
      if (!open) return refuse(i + 1, `an END ${mark} without its BEGIN`);
      regions.push(open);
      out.push(...replace(open));
      open = undefined;
    } else (open?.lines ?? out).push(text);
  });
  if (open) refuse((open as Region).from, `a BEGIN ${mark} without its END`);
  return {source: out.join("\n"), regions};
}

function markIn(line: string, mark: Mark, code: boolean): "BEGIN" | "END" | "unclear" | undefined {
  const exact = new RegExp(String.raw`^\s*(?:${code ? String.raw`\/\/|\/\*` : "<!--|#"})[\s#]*(BEGIN|END) ${mark}[\s#]*(?:\*\/|-->)?\s*$`).exec(line);
  if (exact) return exact[1] as "BEGIN" | "END";
  const words = mark.replace(/S$/, "").replace(" ", String.raw`\W*`);
  // The words alone, in whatever dress, or at the end of a line of code.
  const near = new RegExp(String.raw`^\W*(?:BEGIN|END)\W+${words}S?\W*$`, "i").test(line) || (code && new RegExp(String.raw`\b(?:BEGIN|END) ${mark}\b`).test(line));
  return near ? "unclear" : undefined;
}
