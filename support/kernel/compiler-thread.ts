/** The thread that compiles: cells go on meanwhile, and the compiler's garbage keeps none of their timers waiting. */
import { flushCompileCache, registerHooks } from "node:module";
import { parentPort, workerData } from "node:worker_threads";

/** What can be asked, and what comes back. */
export interface Question {
  id: number;
  method: "compile" | "complete" | "inspect" | "completeness";
  source: string;
  position: number;
}
export type Answer = { id: number; value: unknown } | { id: number; failure: string };

/** What the thread starts with: where relative imports start, and up to which question nobody waits any more. */
export interface CompilerData {
  folder: string;
  stopped: Int32Array<SharedArrayBuffer>;
}

// Told that the compiler is CommonJS, Node need not parse its nine megabytes to find that out.
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    return specifier === "typescript-6" ? { ...found, format: "commonjs" } : found;
  },
});
const { createCompiler } = await import("./compiler.ts");

const { folder, stopped }: CompilerData = workerData;
let asked = 0;
const isCancellationRequested = (): boolean => Atomics.load(stopped, 0) >= asked;
const compiler = createCompiler(folder, { isCancellationRequested, throwIfCancellationRequested() {} });

function answer({ id, method, source, position }: Question): Answer {
  asked = id;
  try {
    return { id, value: compiler[method](source, position) };
  } catch (error) {
    return { id, failure: String(error) };
  }
}

parentPort?.on("message", (question: Question) => parentPort?.postMessage(answer(question)));
asked = 1;
// Node's types are read before a cell asks for them.
compiler.compile("void 0;");
flushCompileCache();
