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

async function run(cell: Cell, script: Script, { scope, modules, shield }: Runtime): Promise<unknown> {
  if (cell.signal.aborted) throw new InterruptError();
  const { promise, end } = interruption(cell.signal);
  try {
    const start = script.runInThisContext();
    const require = shielded(modules.require, shield);
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
  const name = scriptName(cell.count);
  const { module, mode, jsx } = getCodeMetadata(source);
  if (module !== undefined) {
    const errors = runtime.shield.over(() => runtime.compiler.addModule(module, source, jsx ?? false));
    return errors.length > 0 ? { error: typeErrors(name, source, errors) } : { value: undefined };
  }
  if (mode === "browser") return { value: undefined };
  const result = runtime.shield.over(() => runtime.compiler.compile(source));
  if ("errors" in result) return { error: typeErrors(name, source, result.errors) };
  const { code, map, awaits, modules } = result.compiled;
  runtime.modules.update(modules);
  if (code === "") return { value: undefined };
  noteSource(name, source, map, LINES_BEFORE);
  try {
    const whole = `(${awaits ? "async " : ""}function (${PARAMETERS.join(", ")}) {\n${code}\n})`;
    const script = new Script(whole, { filename: name, lineOffset: -1 });
    const returned = await run(cell, script, runtime);
    return { value: isResult(returned) ? returned.value : undefined };
  } catch (error) {
    return { error: errorContent(error) };
  }
}
