import ts from "@tslab/typescript-for-tslab";

/** `export default function () {}` declares nothing that a later cell could name. */
function isNameless(statement: ts.Statement): boolean {
  return (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && !statement.name;
}

/**
 * A cell without `export` and `export default` before its declarations, which code from a module has: later cells know
 * all that a cell declares anyway. Blanks stand in their place, so that every line and column stays what it was.
 */
export function withoutExports(source: string): string {
  if (!source.includes("export")) return source;
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.Latest);
  let plain = source;
  for (const statement of file.statements) {
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    const words = modifiers.filter((one) => !ts.isDecorator(one));
    const end = words[1]?.kind === ts.SyntaxKind.DefaultKeyword ? words[1].end : words[0]?.end;
    if (words[0]?.kind !== ts.SyntaxKind.ExportKeyword || end === undefined || isNameless(statement))
      continue;
    const start = words[0].getStart(file);
    plain = plain.slice(0, start) + " ".repeat(end - start) + plain.slice(end);
  }
  return plain;
}
