import type {Parser} from "./declarations.js";

// What a cell may say that tslab does not take as it stands.

interface Node {
  readonly kind: number;
  readonly pos: number;
  readonly end: number;
  readonly modifiers?: readonly Node[];
  readonly awaitModifier?: Node;
}

/** As much of TypeScript as is needed here. */
export interface Reader extends Parser {
  forEachChild<T>(node: unknown, visit: (node: Node) => T | undefined): T | undefined;
  isFunctionLike(node: unknown): boolean;
  isClassLike(node: unknown): boolean;
}

const latest = 99; // ScriptTarget.Latest
const statements = ({createSourceFile}: Reader, code: string): readonly Node[] => createSourceFile("cell.ts", code, latest, false).statements as unknown as readonly Node[];

/**
 * A cell without the word `export` before what it declares, as in code pasted from a file: tslab exports every name itself.
 * Blanks take its place, so that lines and columns stay. `export default` and lists of names are left to the compiler.
 */
export function withoutExport(ts: Reader, code: string): string {
  if (!/\bexport\b/.test(code)) return code;
  const {ExportKeyword, DefaultKeyword} = ts.SyntaxKind;
  let text = code;
  for (const {modifiers = []} of statements(ts, code)) {
    const word = modifiers.find(({kind}) => kind === ExportKeyword);
    if (word && !modifiers.some(({kind}) => kind === DefaultKeyword)) text = `${text.slice(0, word.end - 6)}      ${text.slice(word.end)}`;
  }
  return text;
}

/** Whether a cell has a `for await` that is not inside a function: tslab sees other words `await` alone. */
export function awaitsInLoop(ts: Reader, code: string): boolean {
  const holds = (node: Node): true | undefined => (node.awaitModifier ? true : ts.isFunctionLike(node) || ts.isClassLike(node) ? undefined : ts.forEachChild(node, holds));
  return /\bfor\s+await\b/.test(code.replace(/\/\*[\s\S]*?\*\//g, " ")) && statements(ts, code).some(holds);
}
