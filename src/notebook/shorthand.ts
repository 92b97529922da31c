// Variables of earlier cells are properties of one object: tslab writes `exports.value` where a cell says `value`. In `{value}`
// one word is both a property's name and a variable, and tslab leaves it alone: nothing of that name is there when the cell
// runs. Here it is written out, `{value: exports.value}`, before tslab looks.

interface Node {
  readonly kind: number;
}
interface Shorthand extends Node {
  readonly name: Node & {readonly text: string};
  /** Of `({value = 1} = record)`: the 1. */
  readonly objectAssignmentInitializer?: Node;
}
interface Declared {
  readonly declarations?: readonly {getSourceFile(): {readonly fileName: string}}[];
}
type Visit = (node: Node) => Node;

/** As much of TypeScript as is needed here. */
export interface Rewriter {
  readonly factory: Record<string, (...parts: unknown[]) => Node>;
  readonly SyntaxKind: Record<string, number>;
  visitEachChild(node: Node, visit: Visit, context: unknown): Node;
}

/** As much of a program that TypeScript checks and emits. */
export interface Emitter {
  getProgram(): {getTypeChecker(): {getShorthandAssignmentValueSymbol(node: Node): Declared | undefined}};
  emit(file: unknown, write: unknown, token: unknown, declarationsOnly: unknown, transformers?: Record<string, unknown>): unknown;
}

/** Has a program write shorthand properties out, where they name what a file of that name declares. */
export function expandShorthand({factory, SyntaxKind, visitEachChild}: Rewriter, program: Emitter, earlier: string): void {
  const emit = program.emit;
  const earlierCell = (symbol?: Declared): boolean => !!symbol?.declarations?.some((one) => one.getSourceFile().fileName.endsWith(earlier));
  program.emit = (file, write, token, declarationsOnly, transformers) => {
    const checker = program.getProgram().getTypeChecker();
    const before = (context: unknown): Visit => {
      const visit: Visit = (node) => {
        if (node.kind !== SyntaxKind.ShorthandPropertyAssignment || !earlierCell(checker.getShorthandAssignmentValueSymbol(node))) return visitEachChild(node, visit, context);
        const {name, objectAssignmentInitializer: initial} = node as Shorthand;
        const variable = factory.createPropertyAccessExpression(factory.createIdentifier("exports"), name.text);
        const value = initial ? factory.createBinaryExpression(variable, SyntaxKind.EqualsToken, visit(initial)) : variable;
        return factory.createPropertyAssignment(name.text, value);
      };
      return visit;
    };
    return emit(file, write, token, declarationsOnly, {...transformers, before: [before]});
  };
}
