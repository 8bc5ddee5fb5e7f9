import { Script } from "node:vm";
import { getCodeMetadata } from "tslab/dist/metadata.js";
import { PARAMETERS } from "./bindings.ts";
import { type Cell, InterruptError, runInCell } from "./cell.ts";
import { type Compiler, LINES_BEFORE } from "./compile.ts";
import type { Modules } from "./modules.ts";
import type { Scope } from "./scope.ts";
import type { Shield } from "./shield.ts";
import { noteSource, scriptName } from "./stack.ts";
import { type ErrorContent, errorContent, typeErrors } from "./traceback.ts";

/** How a cell ended: with the value of its last expression, or with an error. */
export type Outcome = { value: unknown } | { error: ErrorContent };

/** What running a cell needs. */
export interface Runtime {
  compiler: Compiler;
  modules: Modules;
  scope: Scope;
  shield: Shield;
}

interface Result {
  value: unknown;
}

function isResult(returned: unknown): returned is Result {
  return typeof returned === "object" && returned !== null && "value" in returned;
}

/** Rejects as soon as the cell is interrupted, whatever the cell itself does. */
function interruption(signal: AbortSignal): { promise: Promise<never>; end: () => void } {
  let end = (): void => {};
  const promise = new Promise<never>((_resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    end = () => signal.removeEventListener("abort", stop);
  });
  return { promise, end };
}

/** A module that is cut in half while it loads could not be loaded again. */
function shielded(require: Modules["require"], shield: Shield): Modules["require"] {
  return Object.assign((id: string): unknown => shield.over(() => require(id)), require);
}

/** A cell as a function. It is called with what `PARAMETERS` names. */
type Start = (...parameters: unknown[]) => unknown;

/** A cell that can be called, or what became of one that has nothing to call. */
type Prepared = { start: Start } | { outcome: Outcome };

function prepare(cell: Cell, source: string, { compiler, modules }: Runtime): Prepared {
  const name = scriptName(cell.count);
  const { module, mode, jsx } = getCodeMetadata(source);
  if (module !== undefined) {
    const errors = compiler.addModule(module, source, jsx ?? false);
    return {
      outcome: errors.length > 0 ? { error: typeErrors(name, source, errors) } : { value: undefined },
    };
  }
  if (mode === "browser") return { outcome: { value: undefined } };
  const result = compiler.compile(source);
  if ("errors" in result) return { outcome: { error: typeErrors(name, source, result.errors) } };
  const { code, map, awaits, modules: changed } = result.compiled;
  modules.update(changed);
  if (code === "") return { outcome: { value: undefined } };
  noteSource(name, source, map, LINES_BEFORE);
  try {
    const whole = `(${awaits ? "async " : ""}function (${PARAMETERS.join(", ")}) {\n${code}\n})`;
    return { start: new Script(whole, { filename: name, lineOffset: -1 }).runInThisContext() };
  } catch (error) {
    return { outcome: { error: errorContent(error) } };
  }
}

async function run(cell: Cell, start: Start, { scope, modules, shield }: Runtime): Promise<unknown> {
  if (cell.signal.aborted) throw new InterruptError();
  const { promise, end } = interruption(cell.signal);
  const require = shielded(modules.require, shield);
  try {
    // In a job of its own: when a loop in it is ended from outside, no code after it is run, and this here still is.
    const returned = Promise.resolve().then(() =>
      runInCell(cell, (): unknown => start(scope.exports, require, scope.box)),
    );
    return await Promise.race([returned, promise]);
  } catch (error) {
    // A loop that was stopped from outside ends as if the engine had no time left.
    throw cell.signal.aborted ? new InterruptError() : error;
  } finally {
    end();
  }
}

/**
 * Runs a cell. What it declares is known to later cells also when it fails.
 *
 * Cancellation: when the cell's signal is aborted it ends with an `InterruptError`. What it has started listens to
 * the same signal, or goes on.
 */
export async function execute(cell: Cell, source: string, runtime: Runtime): Promise<Outcome> {
  runtime.shield.reset();
  const prepared = runtime.shield.over(() => prepare(cell, source, runtime));
  if ("outcome" in prepared) return prepared.outcome;
  try {
    const returned = await run(cell, prepared.start, runtime);
    return { value: isResult(returned) ? returned.value : undefined };
  } catch (error) {
    return { error: errorContent(error) };
  }
}
