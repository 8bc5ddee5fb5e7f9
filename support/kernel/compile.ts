/** The compiler as the main thread asks it: it works in a thread of its own. */
import { Worker } from "node:worker_threads";
import type { Compiler } from "./compiler.ts";
import type { Answer, CompilerData, Question } from "./compiler-thread.ts";

/** The compiler, with answers that come later; each rejects when the signal is aborted, with its reason. */
export interface RemoteCompiler {
  compile(source: string, signal: AbortSignal): Promise<ReturnType<Compiler["compile"]>>;
  complete(source: string, position: number): Promise<ReturnType<Compiler["complete"]>>;
  inspect(source: string, position: number): Promise<ReturnType<Compiler["inspect"]>>;
  completeness(source: string): Promise<ReturnType<Compiler["completeness"]>>;
  close(): Promise<number>;
}

/** The compiler could not do what it was asked: a cell nests too deep, for example. */
export class CompilerError extends Error {
  override readonly name = "CompilerError";
  readonly code = "COMPILER_FAILED";

  constructor(why: string) {
    super(`the compiler gave up: ${why}. Make the cell smaller or less deeply nested, and run it again`);
  }
}

interface Waiting {
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

/** Starts a compiler for cells in `folder`. */
export function startCompiler(folder: string): RemoteCompiler {
  const stopped = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const waiting = new Map<number, Waiting>();
  const start = (): Worker => {
    const workerData: CompilerData = { folder, stopped };
    const worker = new Worker(new URL("compiler-thread.ts", import.meta.url), { workerData, execArgv: [] });
    worker.unref();
    worker.on("message", (answer: Answer) => {
      const one = waiting.get(answer.id);
      waiting.delete(answer.id);
      if ("value" in answer) one?.resolve(answer.value);
      else one?.reject(new CompilerError(answer.failure));
    });
    // Out of memory, for one. A new compiler knows no names of earlier cells: they have to run again.
    worker.on("error", (error) => {
      thread = start();
      for (const one of waiting.values())
        one.reject(new CompilerError(`${error.message}; it starts anew, with no cells`));
      waiting.clear();
    });
    return worker;
  };
  let thread = start();
  let count = 1;

  function ask<T>(
    method: Question["method"],
    source: string,
    position: number,
    signal?: AbortSignal,
  ): Promise<T> {
    count += 1;
    const id = count;
    return new Promise<T>((resolve, reject) => {
      const stop = (): void => {
        Atomics.store(stopped, 0, id);
        waiting.delete(id);
        reject(signal?.reason);
      };
      const done = (): void => signal?.removeEventListener("abort", stop);
      if (signal?.aborted) return stop();
      signal?.addEventListener("abort", stop, { once: true });
      const one: Waiting = { resolve, reject };
      waiting.set(id, {
        resolve(value) {
          done();
          one.resolve(value);
        },
        reject(reason) {
          done();
          reject(reason);
        },
      });
      thread.postMessage({ id, method, source, position } satisfies Question);
    });
  }

  return {
    compile: (source, signal) => ask("compile", source, 0, signal),
    complete: (source, position) => ask("complete", source, position),
    inspect: (source, position) => ask("inspect", source, position),
    completeness: (source) => ask("completeness", source, 0),
    close: () => thread.terminate(),
  };
}
