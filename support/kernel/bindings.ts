import { boundNames, type Declared, declaredNames, type Known, type Shape } from "./names.ts";
import { boxName } from "./scope.ts";
import { ts } from "./typescript.ts";

/** A cell in its program; the reader's text begins at `start`, after what the kernel wrote before it. */
export interface BoundCell {
  checker: ts.TypeChecker;
  file: ts.SourceFile;
  start: number;
  /** Names of earlier cells. */
  known: ReadonlyMap<string, Known>;
}

function awaits(node: ts.Node): boolean {
  if (ts.isFunctionLike(node)) return false;
  if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier)) return true;
  return ts.forEachChild(node, (child) => awaits(child) || undefined) === true;
}

function isType(node: ts.Node): boolean {
  if (ts.isExpressionWithTypeArguments(node))
    return ts.isHeritageClause(node.parent) && node.parent.token === ts.SyntaxKind.ImplementsKeyword;
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
  return ts.isTypeNode(node) || ts.isTypeParameterDeclaration(node);
}

function isFunction(node: ts.Node): boolean {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node) || ts.isClassExpression(node);
}

function isInside(inner: ts.Node, outer: ts.Node): boolean {
  for (let at: ts.Node | undefined = inner; at; at = at.parent) if (at === outer) return true;
  return false;
}

/**
 * Rewrites a cell so that all cells share their names live, in both directions: a name is a box, and what another
 * cell or a function reads and writes is the box. `let`, `var` and imports live in it; `const`, functions and classes
 * stay local for the cell's own code and are put into the box as soon as they are declared. A loop at the top of a cell
 * works on local copies, written back when it ends, unless it awaits or a function of any cell uses the name: it runs as
 * fast as outside a notebook. The last expression is returned in a list of one.
 *
 * @param captured names that functions of earlier cells use; those of this cell are added
 */
export function cellTransformer(
  { checker, file: cell, start, known }: BoundCell,
  captured: Set<string>,
): ts.TransformerFactory<ts.SourceFile> {
  const { factory } = ts;
  const names = new Map<ts.Node, Declared>(declaredNames(cell).map((name) => [name.at, name]));
  const used = new Set<string>();
  const isOwn = ({ at }: Declared): boolean => at.end > start;

  /** The name that an identifier refers to, if it is one that cells share. */
  function shared(node: ts.Identifier): Declared | undefined {
    const at = node.parent;
    const symbol =
      at && ts.isShorthandPropertyAssignment(at) && at.name === node
        ? checker.getShorthandAssignmentValueSymbol(at)
        : checker.getSymbolAtLocation(node);
    for (const declaration of symbol?.declarations ?? []) {
      const name = names.get(declaration);
      if (name && shapeOf(name) !== "type") return name;
    }
    return undefined;
  }

  const shapeOf = (name: Declared): Shape =>
    isOwn(name) ? name.shape : (known.get(name.text)?.shape ?? "constant");

  function noteCaptured(node: ts.Node, inside: boolean): void {
    if (isType(node)) return;
    const name = inside && ts.isIdentifier(node) ? shared(node) : undefined;
    if (name) captured.add(name.text);
    const deeper = inside || ts.isFunctionLike(node) || ts.isClassLike(node);
    ts.forEachChild(node, (child) => noteCaptured(child, deeper));
  }

  const box = (name: string): ts.Expression => {
    used.add(name);
    return factory.createPropertyAccessExpression(factory.createIdentifier(boxName(name)), "v");
  };
  const call = (name: string, ...parameters: ts.Expression[]): ts.Expression =>
    factory.createCallExpression(factory.createIdentifier(name), undefined, parameters);
  const assign = (to: ts.Expression, value: ts.Expression): ts.Statement =>
    factory.createExpressionStatement(factory.createAssignment(to, value));
  const publish = (name: string): ts.Statement => assign(box(name), factory.createIdentifier(name));
  const declare = (flags: ts.NodeFlags, name: string, value: ts.Expression): ts.Statement =>
    factory.createVariableStatement(
      undefined,
      factory.createVariableDeclarationList(
        [factory.createVariableDeclaration(name, undefined, undefined, value)],
        flags,
      ),
    );

  return (context) => {
    /** Names that the loop being visited has copied. */
    let copied: ReadonlySet<string> = new Set();
    /** The names that the statement being visited declares: it uses them as they are, also in its functions. */
    let declaring: ReadonlySet<string> = new Set();
    let depth = 0;

    const isLocal = (name: Declared): boolean =>
      copied.has(name.text) ||
      (isOwn(name) && name.shape === "constant" && (depth === 0 || declaring.has(name.text)));
    const reference = (node: ts.Identifier, name: Declared): ts.Expression =>
      isLocal(name) ? node : ts.setTextRange(box(name.text), node);

    const visitEach = <T extends ts.Node>(node: T): T => ts.visitEachChild(node, visit, context);
    const expression = (node: ts.Expression): ts.Expression =>
      ts.visitNode(node, visit, ts.isExpression) ?? node;

    function visit(node: ts.Node): ts.VisitResult<ts.Node | undefined> {
      if (isType(node)) return node;
      if (ts.isIdentifier(node)) {
        const name = isDeclared(node) ? undefined : shared(node);
        return name ? reference(node, name) : node;
      }
      if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword)
        return factory.createIdentifier("$$meta");
      if (ts.isModifier(node)) return isTopExport(node) ? undefined : node;
      if (ts.isShorthandPropertyAssignment(node)) return shorthand(node);
      if (ts.isCallExpression(node) && ts.isIdentifier(node.expression))
        return plainCall(node, node.expression);
      if (ts.isFunctionLike(node) || ts.isClassLike(node)) return nested(node);
      if (ts.isVariableStatement(node)) return variables(node);
      if (ts.isVariableDeclarationList(node)) return ofClassicLoop(node);
      if (depth === 0 && copied.size === 0 && ts.isIterationStatement(node, true)) return loop(node);
      if (ts.isForInStatement(node) || ts.isForOfStatement(node)) return iteration(node);
      return visitEach(node);
    }

    const isTopExport = ({ kind, parent }: ts.Modifier): boolean =>
      parent.parent === cell &&
      (kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword);

    const isDeclared = (node: ts.Identifier): boolean => {
      const at = node.parent;
      if (ts.isExportSpecifier(at)) return true;
      const declares =
        ts.isVariableDeclaration(at) ||
        ts.isBindingElement(at) ||
        ts.isFunctionLike(at) ||
        ts.isClassLike(at) ||
        ts.isEnumDeclaration(at) ||
        ts.isModuleDeclaration(at);
      return declares && at.name === node;
    };

    function nested(node: ts.Node): ts.Node {
      const before = { copied, declaring };
      // What a class or a function says of itself is its own, also before it is in its box.
      if (
        (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) &&
        node.name &&
        node.parent === cell
      )
        declaring = new Set([...declaring, node.name.text]);
      // A loop's copies are not for functions: none of its names is used in one.
      copied = new Set();
      depth += 1;
      const result = visitEach(node);
      depth -= 1;
      ({ copied, declaring } = before);
      return result;
    }

    function shorthand(node: ts.ShorthandPropertyAssignment): ts.Node {
      const name = shared(node.name);
      if (name === undefined) return visitEach(node);
      const value = reference(node.name, name);
      const initial = node.objectAssignmentInitializer;
      return factory.createPropertyAssignment(
        factory.createIdentifier(name.text),
        initial ? factory.createAssignment(value, expression(initial)) : value,
      );
    }

    /** `f(x)` as `(0, $$f.v)(x)`: called as the plain function that it is, without the box for `this`. */
    function plainCall(node: ts.CallExpression, callee: ts.Identifier): ts.Node {
      const visited = visitEach(node);
      if (visited.expression === callee || callee.text === "eval") return visited;
      const plain = factory.createParenthesizedExpression(
        factory.createComma(factory.createNumericLiteral(0), visited.expression),
      );
      ts.setTextRange(plain, callee);
      return factory.updateCallExpression(visited, plain, visited.typeArguments, visited.arguments);
    }

    /** The names of a declaration that all cells share, and not namesakes in a block. */
    const sharedIn = (at: ts.VariableDeclaration): string[] =>
      boundNames(at).flatMap((one) =>
        names.get(one.at)?.shape === "type" || !names.has(one.at) ? [] : [one.text],
      );

    function variables(node: ts.VariableStatement): ts.VisitResult<ts.Node> {
      const list = node.declarationList;
      if (depth > 0 || !list.declarations.some((at) => sharedIn(at).length > 0)) return visitEach(node);
      const block = list.flags & ts.NodeFlags.BlockScoped;
      const isVariable = block === 0 || block === ts.NodeFlags.Let;
      return list.declarations.flatMap((at) =>
        isVariable ? variable(at, block !== 0) : constant(at, block),
      );
    }

    function constant(at: ts.VariableDeclaration, flags: ts.NodeFlags): ts.Statement[] {
      const before = declaring;
      const bound = sharedIn(at);
      declaring = new Set([...before, ...bound]);
      let visited = visitEach(at);
      declaring = before;
      if (flags !== ts.NodeFlags.Const && visited.initializer) {
        const isAsync = flags === ts.NodeFlags.AwaitUsing ? factory.createTrue() : factory.createFalse();
        const value = call("$$using", visited.initializer, isAsync);
        visited = factory.updateVariableDeclaration(visited, visited.name, undefined, undefined, value);
      }
      const list = factory.createVariableDeclarationList([visited], ts.NodeFlags.Const);
      return [mark(factory.createVariableStatement(undefined, list), at), ...bound.map(publish)];
    }

    /** `let` and `var` set their boxes; a pattern, or a function that gets its name here, by way of a block's constants. */
    function variable(at: ts.VariableDeclaration, isLet: boolean): ts.Statement[] {
      const { name, initializer } = at;
      if (ts.isIdentifier(name) && !(initializer && isFunction(initializer))) {
        if (!initializer && !isLet) return [];
        const value = initializer ? expression(initializer) : factory.createVoidZero();
        return [mark(assign(box(name.text), value), at)];
      }
      const list = factory.createVariableDeclarationList([visitEach(at)], ts.NodeFlags.Const);
      const made = mark(factory.createVariableStatement(undefined, list), at);
      return [factory.createBlock([made, ...sharedIn(at).map(publish)], true)];
    }

    /** `for (var i = 0; …)` with a name that lives in its box. */
    function ofClassicLoop(node: ts.VariableDeclarationList): ts.Node {
      const isBoxed =
        ts.isForStatement(node.parent) &&
        depth === 0 &&
        node.declarations.some((at) => sharedIn(at).length > 0);
      if (!isBoxed) return visitEach(node);
      const all = node.declarations.flatMap((at) => {
        if (!ts.isIdentifier(at.name) || !at.initializer) return [];
        return [factory.createAssignment(box(at.name.text), expression(at.initializer))];
      });
      return (
        all.reduce<ts.Expression | undefined>((a, b) => (a ? factory.createComma(a, b) : b), undefined) ??
        factory.createVoidZero()
      );
    }

    /** `for (var x of …)`: each turn sets the boxes. */
    function iteration(node: ts.ForInOrOfStatement): ts.Node {
      const list = node.initializer;
      const bound =
        depth === 0 && ts.isVariableDeclarationList(list) ? list.declarations.flatMap(sharedIn) : [];
      const visited = visitEach(node);
      if (bound.length === 0 || !ts.isVariableDeclarationList(visited.initializer)) return visited;
      const fresh = factory.createVariableDeclarationList(
        visited.initializer.declarations,
        ts.NodeFlags.Const,
      );
      const body = factory.createBlock([...bound.map(publish), visited.statement], true);
      return ts.isForInStatement(visited)
        ? factory.updateForInStatement(visited, fresh, visited.expression, body)
        : factory.updateForOfStatement(visited, visited.awaitModifier, fresh, visited.expression, body);
    }

    function loop(node: ts.IterationStatement | ts.LabeledStatement): ts.Node {
      const copies = awaits(node) ? [] : [...loopNames(node).values()];
      if (copies.length === 0) return visitLoop(node);
      copied = new Set(copies.map(({ text }) => text));
      const visited = visitLoop(node);
      copied = new Set();
      const back = copies.filter((name) => shapeOf(name) === "variable").map(({ text }) => publish(text));
      const local = copies.map(({ text }) => declare(ts.NodeFlags.Let, text, box(text)));
      const run = factory.createTryStatement(
        factory.createBlock([visited], true),
        undefined,
        factory.createBlock(back, true),
      );
      return factory.createBlock([...local, back.length > 0 ? run : visited], true);
    }

    const visitLoop = (node: ts.IterationStatement | ts.LabeledStatement): ts.Statement =>
      ts.isForInStatement(node) || ts.isForOfStatement(node)
        ? ts.visitNode(iteration(node), (at) => at, ts.isStatement)
        : visitEach(node);

    /** The names in a loop that live in boxes and can be copied: no function uses them, and the loop does not declare them. */
    function loopNames(
      node: ts.Node,
      found = new Map<string, Declared>(),
      outer = node,
    ): Map<string, Declared> {
      if (isType(node) || ts.isFunctionLike(node)) return found;
      const name = ts.isIdentifier(node) ? shared(node) : undefined;
      const isBoxed = name && !(isOwn(name) && name.shape === "constant");
      if (isBoxed && !captured.has(name.text) && !isInside(name.at, outer)) found.set(name.text, name);
      ts.forEachChild(node, (child) => void loopNames(child, found, outer));
      return found;
    }

    function mark<T extends ts.Node>(made: T, from: ts.Node): T {
      return ts.setSourceMapRange(ts.setTextRange(made, from), from);
    }

    /** A statement of the cell's own level, and what follows it. */
    function topStatement(node: ts.Statement): ts.Statement[] {
      if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return [];
      if (ts.isExportAssignment(node))
        return [factory.createExpressionStatement(expression(node.expression))];
      const made = [visit(node)].flat().filter((at) => at !== undefined && ts.isStatement(at));
      const isPublished =
        ts.isClassDeclaration(node) || ts.isEnumDeclaration(node) || ts.isModuleDeclaration(node);
      const name = isPublished ? names.get(node) : undefined;
      if (isPublished && !node.name) return [];
      return name && name.shape === "constant" ? [...made, publish(name.text)] : made;
    }

    const property = (name: string, value: string): ts.PropertyAssignment =>
      factory.createPropertyAssignment(factory.createStringLiteral(name), factory.createStringLiteral(value));

    /** An import as a call that links the boxes of its names to a module: `await $$link("m", { x: "x" }, {})`. */
    function imports(node: ts.Statement): ts.Statement[] {
      const isFrom = ts.isImportDeclaration(node) || ts.isExportDeclaration(node);
      if (!isFrom || !node.moduleSpecifier) return [];
      const bound = [...names.values()].filter(({ at }) => isInside(at, node));
      const links = bound.flatMap(({ at, shape, text }) => {
        const from = shape === "type" || !isValue(at) ? undefined : exportedName(at);
        return from ? [property(text, from)] : [];
      });
      // What only has types is no module at run time.
      if ((bound.length > 0 && links.length === 0) || (ts.isExportDeclaration(node) && node.isTypeOnly))
        return [];
      const attributes = node.attributes?.elements.map(({ name, value }) =>
        property(name.text, ts.isStringLiteral(value) ? value.text : ""),
      );
      const linked = call(
        "$$link",
        node.moduleSpecifier,
        factory.createObjectLiteralExpression(links),
        factory.createObjectLiteralExpression(attributes),
      );
      return [mark(factory.createExpressionStatement(factory.createAwaitExpression(linked)), node)];
    }

    function exportedName(at: ts.Node): string | undefined {
      if (ts.isImportClause(at)) return "default";
      if (ts.isNamespaceImport(at)) return "*";
      return ts.isImportSpecifier(at) && !at.isTypeOnly ? (at.propertyName ?? at.name).text : undefined;
    }

    /** Whether an import is more than a type; what is not known of is taken for a value. */
    function isValue(at: ts.Node): boolean {
      if (!ts.isImportSpecifier(at)) return true;
      const symbol = checker.getSymbolAtLocation(at.name);
      const { flags } = symbol ? checker.getAliasedSymbol(symbol) : { flags: ts.SymbolFlags.Value };
      return (flags & ts.SymbolFlags.Value) !== 0 || (flags & ts.SymbolFlags.Type) === 0;
    }

    const result = (last: ts.ExpressionStatement): ts.Statement =>
      mark(
        factory.createReturnStatement(
          // In a list and not under a name, which functions in it would get from the engine.
          factory.createArrayLiteralExpression([expression(last.expression)]),
        ),
        last,
      );

    return (file) => {
      noteCaptured(file, false);
      const written = file.statements.filter(({ end }) => end > start);
      const last = written.at(-1);
      const body = written.flatMap((node) =>
        node === last && ts.isExpressionStatement(node) ? [result(node)] : topStatement(node),
      );
      const own = [...names.values()].filter(isOwn);
      const functions = own.filter(({ at, shape }) => shape === "constant" && ts.isFunctionDeclaration(at));
      const isVar = ({ at, shape }: Declared): boolean =>
        shape === "variable" && (ts.getCombinedNodeFlags(at) & ts.NodeFlags.BlockScoped) === 0;
      const vars = own.filter(isVar).map(({ text }) => assign(box(text), factory.createVoidZero()));
      const hoisted = [...written.flatMap(imports), ...vars, ...functions.map(({ text }) => publish(text))];
      const boxes = [...used].map((name) =>
        declare(ts.NodeFlags.Const, boxName(name), call("$$box", factory.createStringLiteral(name))),
      );
      return factory.updateSourceFile(file, [...boxes, ...hoisted, ...body]);
    };
  };
}
