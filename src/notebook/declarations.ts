// What a cell declared, as the text of a declaration file: which of it stays when the cell ended early.

type Node = {readonly kind: number; readonly end: number; getText(): string; getFullText(): string; readonly [part: string]: unknown};

/** As much of TypeScript as is needed here. */
export interface Parser {
  readonly SyntaxKind: Record<string, number>;
  createSourceFile(name: string, text: string, target: number, parents: boolean): {readonly statements: readonly Node[]};
}

const latest = 99; // ScriptTarget.Latest

/**
 * A text of declarations without those of values that are not wanted: of `declare const a: number, b: string;` with b wanted,
 * `declare const b: string;`. `wanted` is told the word a variable was declared by, too. Types stay: they need no value.
 */
export function declarationsOf({SyntaxKind, createSourceFile}: Parser, text: string, wanted: (name: string, word?: string) => boolean, types = true): string {
  const named = (node: unknown): string => (node as Node | undefined)?.getText() ?? "";
  const keep = (statement: Node): string => {
    switch (statement.kind) {
      case SyntaxKind.VariableStatement: {
        const list = statement.declarationList as Node;
        const all = list.declarations as readonly Node[];
        const word = /\b(const|let|var)\b/.exec(list.getText())?.[1] ?? "let";
        const kept = all.filter(({name}) => wanted(named(name), word));
        if (!kept.length) return "";
        if (kept.length === all.length) return statement.getFullText();
        return `\ndeclare ${word} ${kept.map((one) => one.getText()).join(", ")};`;
      }
      case SyntaxKind.FunctionDeclaration:
      case SyntaxKind.ClassDeclaration:
      case SyntaxKind.EnumDeclaration:
      case SyntaxKind.ModuleDeclaration:
        return wanted(named(statement.name)) ? statement.getFullText() : "";
      case SyntaxKind.ImportDeclaration:
        return imports(statement);
      default:
        return types ? statement.getFullText() : "";
    }
  };
  const imports = (statement: Node): string => {
    const clause = statement.importClause as Node | undefined;
    if (!clause) return "";
    const bindings = clause.namedBindings as Node | undefined;
    const whole = clause.name && wanted(named(clause.name)) ? [named(clause.name)] : [];
    const list = (bindings?.elements as readonly Node[] | undefined)?.filter(({name}) => wanted(named(name))).map((one) => one.getText());
    const named_ = list?.length ? [`{${list.join(", ")}}`] : bindings && !list && wanted(named(bindings.name)) ? [bindings.getText()] : [];
    const parts = [...whole, ...named_];
    return parts.length ? `\nimport ${parts.join(", ")} from ${named(statement.moduleSpecifier)};` : "";
  };
  const kept = createSourceFile("kept.d.ts", text, latest, true).statements.map(keep).join("");
  return kept === "" ? "" : `${kept.replace(/^\n/, "")}\n`;
}
