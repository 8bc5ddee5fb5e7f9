import type ts from "@tslab/typescript-for-tslab";

type TypeScript = typeof ts;

/** The name that a cell's code has for the box of `name`: `$$name.v` is its value. */
export const boxName = (name: string): string => `$$${name}`;

/** What the code of a cell is called with. */
export const PARAMETERS = ["exports", "require", "$$box"] as const;

/** A compiler's view of one cell: its file, and the declarations of the cells before it. */
export interface CellProgram {
  ts: TypeScript;
  checker: ts.TypeChecker;
  cell: ts.SourceFile;
  earlier: ts.SourceFile;
}

interface Names {
  /** `let` and `var` of this cell: they live in their boxes. */
  variables: Set<string>;
  /** `const`, functions, classes, enums and namespaces of this cell: local, and put into their boxes when declared. */
  constants: Set<string>;
  /** What the cell imports. */
  imports: Set<string>;
}

function namesOf({ ts, cell }: CellProgram): Names {
  const names: Names = { variables: new Set(), constants: new Set(), imports: new Set() };
  cell.locals?.forEach((symbol, key) => {
    const name = ts.unescapeLeadingUnderscores(key);
    const { flags, valueDeclaration } = symbol;
    const ambient = symbol.declarations?.every(
      (at) => (ts.getCombinedModifierFlags(at) & ts.ModifierFlags.Ambient) !== 0,
    );
    if (flags & ts.SymbolFlags.Alias) names.imports.add(name);
    else if (ambient || !(flags & ts.SymbolFlags.Value) || flags & ts.SymbolFlags.ConstEnum) return;
    else if (flags & ts.SymbolFlags.Variable && valueDeclaration && !isConst(ts, valueDeclaration))
      names.variables.add(name);
    else names.constants.add(name);
  });
  return names;
}

function isConst(ts: TypeScript, declaration: ts.Declaration): boolean {
  return (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
}

function boundNames(ts: TypeScript, name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [ts.idText(name)];
  return name.elements.flatMap((element) =>
    ts.isOmittedExpression(element) ? [] : boundNames(ts, element.name),
  );
}

function awaits(ts: TypeScript, node: ts.Node): boolean {
  if (ts.isFunctionLike(node)) return false;
  if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier)) return true;
  return ts.forEachChild(node, (child) => awaits(ts, child) || undefined) === true;
}

/**
 * Rewrites a cell so that all cells share their names live, in both directions: a name is a box, and what another
 * cell or a function reads and writes is the box. `let` and `var` live in it; `const`, functions and classes stay local
 * for the cell's own code and are put into the box as soon as they are declared. A loop at the top of a cell works on
 * local copies, written back when it ends, unless it awaits or a function of any cell uses the name: it runs as fast
 * as outside a notebook. The last expression, when no `;` ends it, is returned as `{ value }`.
 *
 * @param captured names that functions of earlier cells use; those of this cell are added
 */
export function cellTransformer(
  program: CellProgram,
  captured: Set<string>,
): ts.TransformerFactory<ts.SourceFile> {
  const { ts, checker, cell, earlier } = program;
  const { factory } = ts;
  const names = namesOf(program);
  const used = new Set<string>();

  /** The name that an identifier refers to, if it is one that cells share. */
  function shared(node: ts.Identifier): string | undefined {
    const at = node.parent;
    const symbol =
      at && ts.isShorthandPropertyAssignment(at) && at.name === node
        ? checker.getShorthandAssignmentValueSymbol(at)
        : checker.getSymbolAtLocation(node);
    if (symbol === undefined) return undefined;
    const name = ts.idText(node);
    const key = node.escapedText;
    const own = cell.locals?.get(key) === symbol && (names.variables.has(name) || names.constants.has(name));
    if (own || (earlier.locals?.get(key) === symbol && !(symbol.flags & ts.SymbolFlags.ConstEnum)))
      return name;
    return undefined;
  }

  function isType(node: ts.Node): boolean {
    if (ts.isExpressionWithTypeArguments(node))
      return ts.isHeritageClause(node.parent) && node.parent.token === ts.SyntaxKind.ImplementsKeyword;
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
    return ts.isTypeNode(node) || ts.isTypeParameterDeclaration(node);
  }

  function noteCaptured(node: ts.Node, inside: boolean): void {
    if (isType(node)) return;
    if (inside && ts.isIdentifier(node)) {
      const name = shared(node);
      if (name !== undefined) captured.add(name);
    }
    const deeper = inside || ts.isFunctionLike(node) || ts.isClassLike(node);
    ts.forEachChild(node, (child) => noteCaptured(child, deeper));
  }

  const box = (name: string): ts.Expression => {
    used.add(name);
    return factory.createPropertyAccessExpression(factory.createIdentifier(boxName(name)), "v");
  };
  const assign = (to: ts.Expression, value: ts.Expression): ts.Statement =>
    factory.createExpressionStatement(factory.createAssignment(to, value));
  const publish = (name: string): ts.Statement => assign(box(name), factory.createIdentifier(name));

  return (context) => {
    /** Names that the loop being visited has copied. */
    let copied: ReadonlySet<string> = new Set();
    /** The names that the statement being visited declares: it uses them as they are, also in its functions. */
    let declaring: ReadonlySet<string> = new Set();
    let depth = 0;

    function reference(node: ts.Identifier, name: string): ts.Expression {
      if (declaring.has(name) && names.constants.has(name)) return node;
      if (copied.has(name) || (depth === 0 && names.constants.has(name))) return node;
      return ts.setTextRange(box(name), node);
    }

    function visit(node: ts.Node): ts.VisitResult<ts.Node> {
      if (isType(node) || ts.isImportDeclaration(node)) return node;
      if (ts.isIdentifier(node)) {
        const name = shared(node);
        return name === undefined || isDeclared(node) ? node : reference(node, name);
      }
      if (ts.isShorthandPropertyAssignment(node)) return shorthand(node);
      if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) return call(node, node.expression);
      if (ts.isFunctionLike(node) || ts.isClassLike(node)) return nested(node);
      if (ts.isVariableStatement(node)) return variables(node);
      if (ts.isVariableDeclarationList(node) && lives(node)) return initializer(node);
      if (depth === 0 && copied.size === 0 && ts.isIterationStatement(node, true)) return loop(node);
      return ts.visitEachChild(node, visit, context);
    }

    const isDeclared = (node: ts.Identifier): boolean =>
      (ts.isVariableDeclaration(node.parent) || ts.isBindingElement(node.parent)
        ? node.parent.name === node
        : false) ||
      ((ts.isFunctionLike(node.parent) || ts.isClassLike(node.parent) || ts.isEnumDeclaration(node.parent)) &&
        node.parent.name === node) ||
      (ts.isModuleDeclaration(node.parent) && node.parent.name === node) ||
      ts.isExportSpecifier(node.parent);

    function nested(node: ts.Node): ts.Node {
      const outer = declaring;
      // What a class or a function says of itself is its own, also before it is in its box.
      if (isNamed(node) && node.parent === cell) declaring = new Set([...outer, node.name.text]);
      depth += 1;
      // A loop's copies are not for functions: none of its names is used in one.
      const before = copied;
      copied = new Set();
      const result = ts.visitEachChild(node, visit, context);
      copied = before;
      depth -= 1;
      declaring = outer;
      return result;
    }

    const isNamed = (node: ts.Node): node is ts.Node & { name: ts.Identifier } =>
      (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) && node.name !== undefined;

    function shorthand(node: ts.ShorthandPropertyAssignment): ts.Node {
      const name = shared(node.name);
      const fallback = node.objectAssignmentInitializer;
      if (name === undefined) return ts.visitEachChild(node, visit, context);
      const value = reference(node.name, name);
      const initial = fallback && ts.visitNode(fallback, visit, ts.isExpression);
      return factory.createPropertyAssignment(
        factory.createIdentifier(name),
        initial ? factory.createAssignment(value, initial) : value,
      );
    }

    /** `f(x)` as `(0, $$f.v)(x)`: called as the plain function that it is, without the box for `this`. */
    function call(node: ts.CallExpression, callee: ts.Identifier): ts.Node {
      const name = shared(callee);
      const visited = ts.visitEachChild(node, visit, context);
      if (name === undefined || visited.expression === callee) return visited;
      const plain = factory.createParenthesizedExpression(
        factory.createComma(factory.createNumericLiteral(0), visited.expression),
      );
      ts.setTextRange(plain, callee);
      return factory.updateCallExpression(visited, plain, visited.typeArguments, visited.arguments);
    }

    const lives = (list: ts.VariableDeclarationList): boolean =>
      depth === 0 &&
      list.declarations.some((at) =>
        boundNames(ts, at.name).some((name) => names.variables.has(name) && isTop(at, name)),
      );

    /** Whether a declaration is the one that all cells see, and not a namesake in a block. */
    function isTop(at: ts.VariableDeclaration, name: string): boolean {
      const key = ts.escapeLeadingUnderscores(name);
      return cell.locals?.get(key)?.declarations?.some((decl) => within(decl, at)) === true;
    }

    function within(inner: ts.Node, outer: ts.Node): boolean {
      for (let at: ts.Node | undefined = inner; at && at !== cell; at = at.parent)
        if (at === outer) return true;
      return false;
    }

    function target(name: ts.BindingName): ts.Expression {
      if (ts.isIdentifier(name)) return reference(name, ts.idText(name));
      if (ts.isArrayBindingPattern(name))
        return factory.createArrayLiteralExpression(
          name.elements.map((element) => {
            if (ts.isOmittedExpression(element)) return element;
            return element.dotDotDotToken
              ? factory.createSpreadElement(target(element.name))
              : withInitial(target(element.name), element.initializer);
          }),
        );
      return factory.createObjectLiteralExpression(
        name.elements.map((element) => {
          if (element.dotDotDotToken) return factory.createSpreadAssignment(target(element.name));
          const value = withInitial(target(element.name), element.initializer);
          return factory.createPropertyAssignment(propertyOf(element), value);
        }),
      );
    }

    function propertyOf(element: ts.BindingElement): ts.PropertyName {
      if (element.propertyName) return ts.visitNode(element.propertyName, visit, ts.isPropertyName);
      if (ts.isIdentifier(element.name)) return factory.createIdentifier(ts.idText(element.name));
      throw new Error("a pattern without a property name has an identifier");
    }

    function withInitial(to: ts.Expression, initial: ts.Expression | undefined): ts.Expression {
      return initial ? factory.createAssignment(to, ts.visitNode(initial, visit, ts.isExpression)) : to;
    }

    /** The value of a declaration; a function without a name gets the variable's, as it would from JavaScript. */
    function initialValue(at: ts.VariableDeclaration, initial: ts.Expression): ts.Expression {
      const value = ts.visitNode(initial, visit, ts.isExpression);
      const anonymous =
        ts.isArrowFunction(initial) ||
        ((ts.isFunctionExpression(initial) || ts.isClassExpression(initial)) && !initial.name);
      if (!anonymous || !ts.isIdentifier(at.name)) return value;
      const name = ts.idText(at.name);
      const holder = factory.createObjectLiteralExpression([factory.createPropertyAssignment(name, value)]);
      return factory.createPropertyAccessExpression(factory.createParenthesizedExpression(holder), name);
    }

    function assignment(at: ts.VariableDeclaration, block: boolean): ts.Expression | undefined {
      if (at.initializer) return factory.createAssignment(target(at.name), initialValue(at, at.initializer));
      return block ? factory.createAssignment(target(at.name), factory.createVoidZero()) : undefined;
    }

    function variables(node: ts.VariableStatement): ts.VisitResult<ts.Node> {
      const list = node.declarationList;
      if (node.modifiers?.some((at) => at.kind === ts.SyntaxKind.DeclareKeyword)) return node;
      const block = (list.flags & ts.NodeFlags.BlockScoped) !== 0;
      if (lives(list)) {
        const done = list.declarations.flatMap((at) => {
          const expression = assignment(at, block);
          return expression ? [mark(factory.createExpressionStatement(expression), at)] : [];
        });
        return done;
      }
      const constants = list.declarations.flatMap((at) => boundNames(ts, at.name));
      if (depth > 0 || node.parent !== cell || !constants.every((name) => names.constants.has(name)))
        return ts.visitEachChild(node, visit, context);
      return list.declarations.flatMap((at) => constant(node, at));
    }

    function constant(node: ts.VariableStatement, at: ts.VariableDeclaration): ts.Statement[] {
      const before = declaring;
      const bound = boundNames(ts, at.name);
      declaring = new Set([...before, ...bound]);
      const visited = ts.visitEachChild(at, visit, context);
      declaring = before;
      const list = factory.createVariableDeclarationList([visited], node.declarationList.flags);
      return [mark(factory.createVariableStatement(undefined, list), at), ...bound.map(publish)];
    }

    /** `for (var i = 0; …)` and `for (var x of …)` with names that live in boxes. */
    function initializer(node: ts.VariableDeclarationList): ts.Node {
      const [first] = node.declarations;
      if (first && (ts.isForOfStatement(node.parent) || ts.isForInStatement(node.parent)))
        return target(first.name);
      const all = node.declarations.map((at) => assignment(at, false)).filter((at) => at !== undefined);
      return all.length === 0 ? factory.createVoidZero() : all.reduce((a, b) => factory.createComma(a, b));
    }

    function loop(node: ts.IterationStatement | ts.LabeledStatement): ts.Node {
      const copies = awaits(ts, node) ? [] : [...loopNames(node)].filter((name) => !captured.has(name));
      if (copies.length === 0) return ts.visitEachChild(node, visit, context);
      copied = new Set(copies);
      const visited = ts.visitEachChild(node, visit, context);
      copied = new Set();
      const declared = copies.map((name) =>
        factory.createVariableDeclaration(name, undefined, undefined, box(name)),
      );
      const list = factory.createVariableDeclarationList(declared, ts.NodeFlags.Let);
      const run = factory.createTryStatement(
        factory.createBlock([visited], true),
        undefined,
        factory.createBlock(copies.map(publish), true),
      );
      return factory.createBlock([factory.createVariableStatement(undefined, list), run], true);
    }

    /** The names in a loop that live in boxes: variables of this cell and whatever earlier cells declared. */
    function loopNames(node: ts.Node, found = new Set<string>()): Set<string> {
      if (isType(node) || ts.isFunctionLike(node)) return found;
      if (ts.isIdentifier(node)) {
        const name = shared(node);
        if (name !== undefined && !names.constants.has(name)) found.add(name);
      }
      ts.forEachChild(node, (child) => {
        loopNames(child, found);
      });
      return found;
    }

    function mark<T extends ts.Node>(made: T, from: ts.Node): T {
      return ts.setSourceMapRange(ts.setTextRange(made, from), from);
    }

    /** A statement of the cell's own level, and what follows it. */
    function topStatement(node: ts.Statement): ts.Statement[] {
      if (ts.isExportDeclaration(node)) return exported(node);
      const made = [visit(node)].flat().filter(ts.isStatement);
      const isNamed =
        ts.isClassDeclaration(node) || ts.isEnumDeclaration(node) || ts.isModuleDeclaration(node);
      if (!isNamed || !node.name) return made;
      const name = node.name.text;
      return names.constants.has(name) ? [...made, publish(name)] : made;
    }

    /** Of the names that tslab exports, only imports stay: what they lead to is put into their boxes by `exports`. */
    function exported(node: ts.ExportDeclaration): ts.Statement[] {
      if (!node.exportClause || !ts.isNamedExports(node.exportClause)) return [node];
      const kept = node.exportClause.elements.filter((at) => names.imports.has(ts.idText(at.name)));
      if (kept.length === 0) return [];
      const clause = factory.updateNamedExports(node.exportClause, kept);
      return [
        factory.updateExportDeclaration(node, node.modifiers, node.isTypeOnly, clause, undefined, undefined),
      ];
    }

    function result(last: ts.ExpressionStatement): ts.Statement {
      const value = ts.visitNode(last.expression, visit, ts.isExpression);
      return mark(
        factory.createReturnStatement(
          factory.createObjectLiteralExpression([factory.createPropertyAssignment("value", value)]),
        ),
        last,
      );
    }

    function opening(): ts.Statement[] {
      const boxes = [...used].map((name) =>
        factory.createVariableDeclaration(
          boxName(name),
          undefined,
          undefined,
          factory.createCallExpression(factory.createIdentifier("$$box"), undefined, [
            factory.createStringLiteral(name),
          ]),
        ),
      );
      if (boxes.length === 0) return [];
      const list = factory.createVariableDeclarationList(boxes, ts.NodeFlags.Const);
      return [factory.createVariableStatement(undefined, list)];
    }

    return (file) => {
      noteCaptured(file, false);
      const written = file.statements.filter((at) => !ts.isExportDeclaration(at));
      const last = written.at(-1);
      const isResult =
        last !== undefined && ts.isExpressionStatement(last) && !last.getText(cell).endsWith(";");
      const body: ts.Statement[] = [];
      for (const node of file.statements) if (node !== last || !isResult) body.push(...topStatement(node));
      if (last && isResult && ts.isExpressionStatement(last)) body.push(result(last));
      const functions = file.statements
        .filter(ts.isFunctionDeclaration)
        .flatMap((at) =>
          at.body && at.name && names.constants.has(at.name.text) ? [publish(at.name.text)] : [],
        );
      const hoisted = [...names.variables]
        .filter(isVar)
        .map((name) => assign(box(name), factory.createVoidZero()));
      return factory.updateSourceFile(file, [...opening(), ...hoisted, ...functions, ...body]);
    };

    function isVar(name: string): boolean {
      const symbol = cell.locals?.get(ts.escapeLeadingUnderscores(name));
      return symbol !== undefined && (symbol.flags & ts.SymbolFlags.FunctionScopedVariable) !== 0;
    }
  };
}
