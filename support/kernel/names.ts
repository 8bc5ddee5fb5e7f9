/** The names of cells: what a cell declares, what it mentions, and how it is told of earlier ones. */
import { ts } from "./typescript.ts";

/**
 * How a name lives: a variable can be set by every cell, a constant (a function, a class, an enum) by its own, an import
 * belongs to its module, and a type is nothing at run time.
 */
export type Shape = "variable" | "constant" | "import" | "type";

/** A name that a cell declares for all cells. */
export interface Declared {
  text: string;
  shape: Shape;
  at: ts.Node;
}

/** The names in a pattern, each with its declaration. */
export function boundNames(at: ts.VariableDeclaration | ts.BindingElement): { text: string; at: ts.Node }[] {
  if (ts.isIdentifier(at.name)) return [{ text: at.name.text, at }];
  return at.name.elements.flatMap((one) => (ts.isOmittedExpression(one) ? [] : boundNames(one)));
}

const has = (node: ts.Node, kind: ts.SyntaxKind): boolean =>
  ts.canHaveModifiers(node) && ts.getModifiers(node)?.some((at) => at.kind === kind) === true;

/** Whether a statement has the word `export` before it. */
const isExported = (node: ts.Node): boolean => has(node, ts.SyntaxKind.ExportKeyword);

const isAmbient = (node: ts.Node): boolean => has(node, ts.SyntaxKind.DeclareKeyword);

function variables(list: ts.VariableDeclarationList, ambient: boolean): Declared[] {
  const block = list.flags & ts.NodeFlags.BlockScoped;
  const shape = ambient ? "type" : block !== 0 && block !== ts.NodeFlags.Let ? "constant" : "variable";
  return list.declarations.flatMap((one) => boundNames(one).map((name) => ({ ...name, shape })));
}

/** `var` reaches out of blocks and loops, though not out of functions. */
function hoisted(node: ts.Node): Declared[] {
  const found: Declared[] = [];
  const look = (at: ts.Node): void => {
    if (ts.isFunctionLike(at) || ts.isClassLike(at) || ts.isModuleDeclaration(at)) return;
    if (ts.isVariableDeclarationList(at) && (at.flags & ts.NodeFlags.BlockScoped) === 0)
      found.push(...variables(at, false));
    ts.forEachChild(at, look);
  };
  ts.forEachChild(node, look);
  return found;
}

function imported(clause: ts.ImportClause): Declared[] {
  const shape = clause.phaseModifier === ts.SyntaxKind.TypeKeyword ? "type" : "import";
  const name = clause.name ? [{ text: clause.name.text, shape, at: clause } as const] : [];
  const bindings = clause.namedBindings;
  if (bindings === undefined) return name;
  const all = ts.isNamespaceImport(bindings) ? [bindings] : bindings.elements;
  return [...name, ...all.map((at) => ({ text: at.name.text, shape, at }) as const)];
}

function namesOf(node: ts.Statement): Declared[] {
  if (ts.isVariableStatement(node)) return variables(node.declarationList, isAmbient(node));
  if (ts.isImportDeclaration(node)) return node.importClause ? imported(node.importClause) : [];
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node))
    return [{ text: node.name.text, shape: "type", at: node }];
  const named =
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    (ts.isModuleDeclaration(node) && !isGlobal(node));
  if (!named) return hoisted(node);
  if (!node.name || !ts.isIdentifier(node.name)) return [];
  const isNothing =
    isAmbient(node) ||
    has(node, ts.SyntaxKind.ConstKeyword) ||
    (ts.isFunctionDeclaration(node) && node.body === undefined) ||
    (ts.isModuleDeclaration(node) && !hasValues(node));
  return [{ text: node.name.text, shape: isNothing ? "type" : "constant", at: node }];
}

/** Whether something of a namespace is there at run time. */
function hasValues(node: ts.ModuleDeclaration): boolean {
  if (!node.body) return false;
  if (ts.isModuleDeclaration(node.body)) return hasValues(node.body);
  return (
    ts.isModuleBlock(node.body) &&
    node.body.statements.some((at) =>
      ts.isModuleDeclaration(at)
        ? hasValues(at)
        : !ts.isInterfaceDeclaration(at) && !ts.isTypeAliasDeclaration(at),
    )
  );
}

const isGlobal = (node: ts.ModuleDeclaration): boolean =>
  !ts.isIdentifier(node.name) || node.name.text === "global";

/** What a file declares for all cells. */
export function declaredNames(file: ts.SourceFile): Declared[] {
  return file.statements.flatMap(namesOf);
}

/** Whether a cell adds to what others declare: `declare global`, `declare module "x"`. */
export function isAugmenting(file: ts.SourceFile): boolean {
  return file.statements.some((at) => ts.isModuleDeclaration(at) && isGlobal(at));
}

/** Every word of a file that may be a name. */
function mentionedNames(file: ts.SourceFile): Set<string> {
  const found = new Set<string>();
  const look = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) found.add(node.text);
    ts.forEachChild(node, look);
  };
  look(file);
  return found;
}

/** A name that an earlier cell has declared. */
export interface Known {
  cell: string;
  shape: Shape;
}

/**
 * The line before a cell: it exports what the cell declares, and names what the cell uses of earlier ones. Only that: a
 * cell of a long session is compiled as quickly as one of a short session.
 */
export function prelude(
  file: ts.SourceFile,
  own: readonly Declared[],
  known: ReadonlyMap<string, Known>,
  augmenting: readonly string[],
): string {
  const exported = file.statements.filter((at) => isExported(at) && !has(at, ts.SyntaxKind.DefaultKeyword));
  const already = new Set(exported.flatMap(namesOf).map(({ text }) => text));
  for (const at of file.statements)
    if (ts.isExportDeclaration(at) && at.exportClause && ts.isNamedExports(at.exportClause))
      for (const { name } of at.exportClause.elements) already.add(name.text);
  const declared = new Set(own.map(({ text }) => text));
  const lines = [`export { ${[...declared].filter((name) => !already.has(name)).join(", ")} };`];
  const imports = new Map<string, string[]>(augmenting.map((cell) => [cell, []]));
  for (const name of mentionedNames(file)) {
    const from = declared.has(name) ? undefined : known.get(name);
    if (from?.shape === "variable")
      lines.push(`declare let ${name}: typeof import("./${from.cell}").${name};`);
    else if (from) imports.set(from.cell, [...(imports.get(from.cell) ?? []), name]);
  }
  for (const [cell, names] of imports)
    lines.push(names.length > 0 ? `import { ${names.join(", ")} } from "./${cell}";` : `import "./${cell}";`);
  return `${lines.join(" ")}\n`;
}
