import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { constants, Script } from "node:vm";
import { type Cell, runInCell } from "./cell.ts";
import type { RemoteCompiler } from "./compile.ts";
import type { Compiled } from "./compiler.ts";
import { describe, runForeign } from "./foreign.ts";
import type { Modules } from "./modules.ts";
import { LINES_BEFORE, PARAMETERS, type Scope } from "./scope.ts";
import type { Shield } from "./shield.ts";
import { noteSource, scriptName } from "./stack.ts";
import { type ErrorContent, typeErrors } from "./traceback.ts";

/** How a cell ended: with the value of its last expression, or with an error. */
export type Outcome = { value: unknown } | { error: ErrorContent };

/** What running a cell needs. */
export interface Runtime {
  /** The notebook's folder. */
  folder: string;
  compiler: RemoteCompiler;
  modules: Modules;
  scope: Scope;
  shield: Shield;
}

/** A cell as a function. It is called with what `PARAMETERS` names. */
type Start = (...parameters: unknown[]) => unknown;

function load(cell: Cell, source: string, { code, map }: Compiled): Start {
  const name = scriptName(cell.count);
  noteSource(name, source, map, LINES_BEFORE);
  const whole = `(async function (${PARAMETERS.join(", ")}) { "use strict";\n${code}\n})`;
  const importModuleDynamically = constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  return new Script(whole, { filename: name, lineOffset: -1, importModuleDynamically }).runInThisContext();
}

function isDisposable(value: unknown): value is (Disposable & AsyncDisposable) | null | undefined {
  if (value === null || value === undefined) return true;
  return typeof value === "object" && (Symbol.dispose in value || Symbol.asyncDispose in value);
}

/** What the cell declares with `using` goes here, and is disposed of at the cell's end, however that comes. */
function createUsing(): {
  using: (value: unknown, isAsync: boolean) => unknown;
  dispose: () => Promise<void>;
} {
  const stack = new AsyncDisposableStack();
  return {
    using(value, isAsync) {
      if (!isDisposable(value))
        throw new TypeError("using wants something with Symbol.dispose, null or undefined");
      if (isAsync) return stack.use(value);
      const one = new DisposableStack();
      one.use(value);
      stack.defer(() => one.dispose());
      return value;
    },
    dispose: () => stack.disposeAsync(),
  };
}

/** `eval` and `new Function` see what is global, and the names of cells are not. */
function withHint(error: ErrorContent, scope: Scope): ErrorContent {
  const name =
    error.ename === "ReferenceError" ? /^([\w$]+) is not defined$/.exec(error.evalue)?.[1] : undefined;
  if (name === undefined || !scope.has(name)) return error;
  const hint = `  eval and new Function see no names of cells: say globalThis.${name} = ${name} first, or pass it on`;
  const [heading, ...rest] = error.traceback;
  return { ...error, evalue: `${error.evalue}\n${hint}`, traceback: [`${heading}\n${hint}`, ...rest] };
}

async function run(cell: Cell, start: Start, runtime: Runtime): Promise<unknown> {
  const { folder, scope, modules, shield } = runtime;
  const { using, dispose } = createUsing();
  const file = join(folder, "cell.ts");
  const meta = {
    url: pathToFileURL(file).href,
    filename: file,
    dirname: folder,
    resolve: modules.require.resolve,
    main: false,
  };
  // A module that is cut in half while it loads could not be loaded again.
  const require = Object.assign(
    (id: string): unknown => shield.over(() => modules.require(id)),
    modules.require,
  );
  const parameters = [require, file, folder, meta, scope.box, modules.link, using];
  try {
    return await runForeign(cell, () => start(...parameters));
  } finally {
    await runInCell(cell, dispose);
  }
}

/**
 * Runs a cell. What it declares is known to later cells also when it fails.
 *
 * Cancellation: when the cell's signal is aborted it ends with an `InterruptError`. What it has started listens to
 * the same signal, or goes on; what it declared with `using` is disposed of.
 */
export async function execute(cell: Cell, source: string, runtime: Runtime): Promise<Outcome> {
  try {
    const result = await runtime.compiler.compile(source, cell.signal);
    if ("faults" in result) return { error: typeErrors(scriptName(cell.count), result.faults) };
    const returned = await run(cell, load(cell, source, result.compiled), runtime);
    return { value: Array.isArray(returned) ? returned[0] : undefined };
  } catch (error) {
    return { error: withHint(await describe(cell, error), runtime.scope) };
  }
}
