/** The compiler as the main thread asks it: it works elsewhere, and answers later. */
import type { Compiler, Place } from "./compiler.ts";
import { type Heard, lineToServer, lineToThread } from "./compiler-line.ts";
import type { Question } from "./compiler-thread.ts";

/** The compiler, with answers that come later; each rejects when the signal is aborted, with its reason. */
export interface RemoteCompiler {
  compile(source: string, signal: AbortSignal): Promise<ReturnType<Compiler["compile"]>>;
  complete(source: string, position: number): Promise<ReturnType<Compiler["complete"]>>;
  inspect(source: string, position: number): Promise<ReturnType<Compiler["inspect"]>>;
  completeness(source: string): Promise<ReturnType<Compiler["completeness"]>>;
  close(): void;
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
  question: Question;
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

/**
 * Starts a compiler for cells.
 *
 * @param server the socket of a server that compiles; a thread does when there is none, or when it is gone
 */
export function startCompiler(place: Place, server?: string): RemoteCompiler {
  const waiting = new Map<number, Waiting>();
  // A server that has answered nothing, since it is not there or not for this kernel, takes nothing with it.
  let knowsNothing = server !== undefined;
  const heard: Heard = {
    answered(answer) {
      knowsNothing = false;
      const one = waiting.get(answer.id);
      waiting.delete(answer.id);
      if ("failure" in answer) one?.reject(new CompilerError(answer.failure));
      else one?.resolve(answer.value);
    },
    // A new compiler knows no names of earlier cells: they have to run again.
    lost(error) {
      line = lineToThread(place, heard);
      if (knowsNothing) {
        knowsNothing = false;
        for (const { question } of waiting.values()) line.ask(question);
        return;
      }
      for (const one of waiting.values())
        one.reject(new CompilerError(`${error.message}; it starts anew, with no cells`));
      waiting.clear();
    },
  };
  let line = server === undefined ? lineToThread(place, heard) : lineToServer(server, place, heard);
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
        line.stop(id);
        waiting.delete(id);
        reject(signal?.reason);
      };
      const done = (): void => signal?.removeEventListener("abort", stop);
      if (signal?.aborted) return stop();
      signal?.addEventListener("abort", stop, { once: true });
      const question = { id, method, source, position };
      waiting.set(id, {
        question,
        // Of the type that the method has: the other side keeps to it.
        resolve(value: T) {
          done();
          resolve(value);
        },
        reject(reason) {
          done();
          reject(reason);
        },
      });
      line.ask(question);
    });
  }

  return {
    compile: (source, signal) => ask("compile", source, 0, signal),
    complete: (source, position) => ask("complete", source, position),
    inspect: (source, position) => ask("inspect", source, position),
    completeness: (source) => ask("completeness", source, 0),
    close: () => line.end(),
  };
}
