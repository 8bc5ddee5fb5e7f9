import { type EventEmitter, once } from "node:events";
import { syncBuiltinESMExports } from "node:module";
import readline from "node:readline";
import promises from "node:readline/promises";
import { Readable } from "node:stream";
import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { InterruptError } from "./cell.ts";
import type { Message } from "./message.ts";
import { replace } from "./replace.ts";
import { type Shared, waitForAnswer } from "./shield.ts";
import type { Answer, Question } from "./wire.ts";

/** Nobody can be asked for input. */
export class InputError extends Error {
  override readonly name = "InputError";
  readonly code = "NO_INPUT";

  constructor(why: string) {
    super(`there is no input: ${why}. Run the cell in a notebook, or give it the text as a constant`);
  }
}

/** Questions to the reader, asked in Jupyter's input box. Both ways throw an {@link InputError} at once, or reject with it. */
export interface Input {
  /** Throws an {@link InputError} when nobody can be asked. */
  asker(): Message;
  /** Cancellation: rejects with an `InterruptError` when the cell is interrupted. */
  ask(prompt: string): Promise<string>;
  /** Holds the thread until the answer is there. */
  askNow(prompt: string): string;
  /** Takes the answer to a question that doesn't hold the thread. */
  answered(answer: Answer): void;
}

/** What asking needs: whose reader is asked, the way to the sockets' thread, and the way back past a held thread. */
export interface InputOptions {
  asker: () => Message;
  send: (question: Question) => void;
  shared: Shared;
  answers: MessagePort;
}

function given({ value }: Answer): string {
  if (value === undefined) throw new InterruptError();
  return value;
}

export function createInput({ asker, send, shared, answers }: InputOptions): Input {
  const waiting = new Map<number, (answer: Answer) => void>();
  let id = 0;
  const question = (prompt: string, holdsThread: boolean): Question => {
    const { route, header } = asker();
    id += 1;
    return { id, asker: { route, header }, prompt, holdsThread };
  };
  return {
    asker,
    async ask(prompt) {
      const asked = question(prompt, false);
      const answer = new Promise<Answer>((resolve) => waiting.set(asked.id, resolve));
      send(asked);
      return given(await answer);
    },
    askNow(prompt) {
      const asked = question(prompt, true);
      waitForAnswer(shared, () => send(asked));
      for (let got = receiveMessageOnPort(answers); got; got = receiveMessageOnPort(answers)) {
        const answer: Answer = got.message;
        if (answer.id === asked.id) return given(answer);
      }
      throw new InterruptError();
    },
    answered(answer) {
      waiting.get(answer.id)?.(answer);
      waiting.delete(answer.id);
    },
  };
}

/** `process.stdin` of a kernel: who reads it asks the reader for a line. */
class Stdin extends Readable {
  readonly fd = 0;
  readonly #ask: Input["ask"];
  readonly #interfaces = new Set<EventEmitter>();
  #wanted = false;

  constructor(ask: Input["ask"]) {
    super({ encoding: "utf8", highWaterMark: 0 });
    this.#ask = ask;
    this.on("newListener", () => this.#later());
  }

  /** A readline interface always listens here, but wants lines only when somebody listens to it. */
  serve(lines: EventEmitter): void {
    this.#interfaces.add(lines);
    lines.once("close", () => this.#interfaces.delete(lines));
    // Told where lines were wanted, if nobody listens there; thrown from here it would keep others from being told.
    lines.on("error", (error) => {
      if (lines.listenerCount("line") > 0 && lines.listenerCount("error") === 1) void Promise.reject(error);
    });
    lines.on("newListener", (name) => {
      if (name === "line") this.#later();
    });
  }

  /** Whoever has just been given a line may want no other. */
  #later(): void {
    setImmediate(() => this.#next());
  }

  override _read(): void {
    this.#wanted = true;
    this.#later();
  }

  #next(): void {
    const readers = this.listenerCount("data") + this.listenerCount("readable");
    const heard = [...this.#interfaces].some((lines) => lines.listenerCount("line") > 0);
    if (!this.#wanted || (readers <= this.#interfaces.size && !heard)) return;
    this.#wanted = false;
    this.#ask("").then(
      (line) => this.push(`${line}\n`),
      (error) => this.destroy(error),
    );
  }
}

async function aborted(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, "abort");
  throw signal.reason;
}

/** Gives the interfaces that a readline module makes on stdin a question that is asked in the input box. */
function askInBox(module: object, question: (query: string, rest: unknown[]) => unknown): void {
  replace(module, "createInterface", (own) => (...given) => {
    const made = own(...given);
    if (made instanceof readline.Interface || made instanceof promises.Interface) {
      const { stdin } = process;
      if (Reflect.get(made, "input") !== stdin || !(stdin instanceof Stdin)) return made;
      stdin.serve(made);
      replace(made, "question", (ownQuestion) => (query, ...rest) => {
        if (Reflect.get(made, "closed")) return Reflect.apply(ownQuestion, made, [query, ...rest]);
        return question(String(query), rest);
      });
    }
    return made;
  });
}

/** Lets `prompt`, `readline` and `process.stdin` ask the reader. */
export function provideInput({ ask, askNow, asker }: Input): void {
  let stdin = new Stdin(ask);
  Object.defineProperty(process, "stdin", {
    configurable: true,
    enumerable: true,
    get(): Stdin {
      if (stdin.destroyed) stdin = new Stdin(ask);
      return stdin;
    },
  });
  askInBox(promises, (query, [options]) => {
    const signal: unknown = Reflect.get(Object(options), "signal");
    return signal instanceof AbortSignal ? Promise.race([ask(query), aborted(signal)]) : ask(query);
  });
  askInBox(readline, (query, rest) => {
    const done = rest.at(-1);
    asker();
    if (typeof done === "function") void ask(query).then((line) => done(line));
  });
  const prompt = (message: unknown = "", value: unknown = ""): string =>
    askNow(String(message)) || String(value);
  Object.defineProperty(globalThis, "prompt", { configurable: true, writable: true, value: prompt });
  syncBuiltinESMExports();
}
