/**
 * The thread that compiles: cells go on meanwhile, and the compiler's garbage keeps none of their timers waiting. It has a
 * compiler for each kernel that asks it; what they read of files, and what the engine has learnt of the compiler, they share.
 */
import { flushCompileCache, registerHooks } from "node:module";
import { parentPort } from "node:worker_threads";
import type { Compiler, Place } from "./compiler.ts";

/** What can be asked, and what comes back. */
export interface Question {
  id: number;
  method: "compile" | "complete" | "inspect" | "completeness";
  source: string;
  position: number;
}
export type Answer = { id: number; value?: unknown } | { id: number; failure: string };

/** A kernel begins; it waits no more for any question up to the number in `stopped`. */
export interface Begin {
  place: Place;
  stopped: Int32Array<SharedArrayBuffer>;
}
/** What the thread is told of a kernel, which goes by a number; undefined when the kernel has ended. */
export type ToThread = { kernel: number; told: Begin | Question | undefined };
export type FromThread = { kernel: number; answer: Answer };

// Told that the compiler is CommonJS, Node need not parse its nine megabytes to find that out.
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    return specifier === "typescript-6" ? { ...found, format: "commonjs" } : found;
  },
});
const { createCompiler } = await import("./compiler.ts");

interface Session {
  compiler: Compiler;
  asked: number;
}
const sessions = new Map<number, Session>();

function begin(kernel: number, { place, stopped }: Begin): void {
  const compiler = createCompiler(place, () => Atomics.load(stopped, 0) >= session.asked);
  const session: Session = { compiler, asked: 1 };
  sessions.set(kernel, session);
  // Node's types are read before a cell asks for them.
  compiler.compile("void 0;");
  if (kernel === 1) flushCompileCache();
}

function answer(session: Session, { id, method, source, position }: Question): Answer {
  session.asked = id;
  try {
    return { id, value: session.compiler[method](source, position) };
  } catch (error) {
    return { id, failure: String(error) };
  }
}

function hear({ kernel, told }: ToThread): void {
  const session = sessions.get(kernel);
  if (told === undefined) {
    session?.compiler.end();
    sessions.delete(kernel);
  } else if ("place" in told) begin(kernel, told);
  else if (session !== undefined)
    parentPort?.postMessage({ kernel, answer: answer(session, told) } satisfies FromThread);
}

parentPort?.on("message", hear);
