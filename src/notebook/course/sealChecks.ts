import {createHash} from "node:crypto";
import {runInNewContext} from "node:vm";
import {ChoiceError} from "../../errors.js";
import {joined, type Notebook} from "../ipynb.js";
import type {Expectation} from "./expectation.js";
import {replaceRegions} from "./regions.js";
import {cellName} from "./roles.js";
import {sealed} from "./seal.js";

/**
 * A notebook whose expectations, between `// ### BEGIN CHECKS` and `// ### END CHECKS`, are sealed: the lines between them
 * are the questions of an object literal, and come out as one line for each. Salts follow from the instructor's text, so
 * that the same notebook is always sealed the same way.
 *
 * @throws {ChoiceError} course/region, course/checks, course/expectation, each with the cell's name
 */
export function sealChecks(notebook: Notebook, at: string): Notebook {
  const secret = createHash("sha256").update(notebook.cells.map(({source}) => joined(source)).join("\0")).digest("hex");
  const salt = (question: string): string => createHash("sha256").update(`${secret} ${question}`).digest("base64url").slice(0, 12);
  const cells = notebook.cells.map((cell, index) => {
    if (cell.cell_type !== "code") return cell;
    const name = cellName(cell, index);
    const {source, regions} = replaceRegions(joined(cell.source), "CHECKS", {at, name, code: true}, ({lines, indent}) =>
      Object.entries(sealed(literal(lines.join("\n"), {at, name}), salt)).map(([question, expectation]) => `${indent}${key(question)}: ${JSON.stringify(expectation)},`)
    );
    return regions.length ? {...cell, source} : cell;
  });
  return {...notebook, cells};
}

const key = (question: string): string => (/^[a-z_]\w*$/i.test(question) ? question : JSON.stringify(question));

// The instructor's own literal, which may count (1 / 3, Math.log(2)); it knows nothing of the cells around it. What comes
// back is of another realm: as JSON it becomes of this one.
function literal(text: string, {at, name}: {at: string; name: string}): Record<string, Expectation> {
  try {
    return JSON.parse(JSON.stringify(runInNewContext(`({${text}\n})`, {}, {timeout: 1000}))) as Record<string, Expectation>;
  } catch (error) {
    throw new ChoiceError("course/checks", {
      at,
      saw: `${name}: what stands between BEGIN CHECKS and END CHECKS cannot be read (${(error as Error)?.message ?? String(error)})`,
      want: "questions of an object literal, such as q1: {answer: 0.25, within: 0.01}",
      hint: "write numbers, texts and lists, and no names of the notebook's own"
    });
  }
}
