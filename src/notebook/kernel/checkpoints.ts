import {resumed, turn} from "./interruptions.js";

// Code of a cell is compiled with checkpoints, at which a stopped cell throws: at each turn of a loop, after each await, and
// before each statement of the cell itself. So a loop ends at the line it has reached, with its `finally` blocks, and what a
// stopped cell left behind goes no further. Library code has none of them.

type Node = {readonly kind: number; readonly pos: number; readonly end: number};
type Visit = (node: Node) => Node;
type Create = (...parts: unknown[]) => Node;

/** As much of TypeScript as is needed here. */
export interface Syntax {
  readonly factory: Record<string, Create>;
  readonly SyntaxKind: Record<string, number>;
  visitEachChild(node: Node, visit: Visit, context: unknown): Node;
  setSourceMapRange(node: Node, range: Node): Node;
}

const names = {turn: "__cellTurn", resumed: "__cellResumed"};

/** Gives the code of cells what its checkpoints call. */
export function provideCheckpoints(): void {
  for (const [name, value] of [[names.turn, turn], [names.resumed, resumed]] as const) Object.defineProperty(globalThis, name, {value, configurable: true, enumerable: false});
}

/** A step of the compiler that puts checkpoints in. Those of a function that is sent elsewhere as text find nothing to call there, and do nothing. */
export function checkpoints({factory, SyntaxKind, visitEachChild, setSourceMapRange}: Syntax): (context: unknown) => Visit {
  const loops = new Set(["ForStatement", "ForInStatement", "ForOfStatement", "WhileStatement", "DoStatement"].map((name) => SyntaxKind[name]));
  const silent = new Set(["ImportDeclaration", "ExportDeclaration", "FunctionDeclaration", "EmptyStatement"].map((name) => SyntaxKind[name]));

  // globalThis.name?.()
  const call = (name: string): Node =>
    factory.createCallChain(factory.createPropertyAccessExpression(factory.createIdentifier("globalThis"), name), factory.createToken(SyntaxKind.QuestionDotToken), undefined, []);
  const statement = (at: Node): Node => setSourceMapRange(factory.createExpressionStatement(setSourceMapRange(call(names.turn), at)), at);

  function checked(loop: Node & {readonly statement: Node & {readonly statements?: readonly Node[]}}): Node {
    const {statement: body} = loop;
    const inner = body.kind === SyntaxKind.Block ? body.statements! : [body];
    const block = factory.createBlock([statement(inner[0] ?? loop), ...inner], true);
    const {initializer, condition, incrementor, expression, awaitModifier} = loop as unknown as Record<string, Node>;
    switch (loop.kind) {
      case SyntaxKind.ForStatement:
        return factory.updateForStatement(loop, initializer, condition, incrementor, block);
      case SyntaxKind.ForInStatement:
        return factory.updateForInStatement(loop, initializer, expression, block);
      case SyntaxKind.ForOfStatement:
        return factory.updateForOfStatement(loop, awaitModifier, initializer, expression, block);
      case SyntaxKind.WhileStatement:
        return factory.updateWhileStatement(loop, expression, block);
      default:
        return factory.updateDoStatement(loop, block, expression);
    }
  }

  // [await x, checkpoint][0]
  const awaited = (node: Node): Node => factory.createElementAccessExpression(factory.createArrayLiteralExpression([node, call(names.resumed)]), 0);

  return (context) => {
    const visit: Visit = (node) => {
      const inner = visitEachChild(node, visit, context);
      if (inner.kind === SyntaxKind.AwaitExpression) return awaited(inner);
      return loops.has(inner.kind) ? checked(inner as never) : inner;
    };
    return (file) => {
      const {statements} = visitEachChild(file, visit, context) as Node & {readonly statements: readonly Node[]};
      return factory.updateSourceFile(file, statements.flatMap((one) => (silent.has(one.kind) ? [one] : [statement(one), one])));
    };
  };
}
