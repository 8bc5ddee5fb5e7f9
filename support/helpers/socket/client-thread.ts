import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { onStop } from "../clean-up/stop-all.ts";
import { SupportError } from "../errors/support-error.ts";
import type { Load, LoadOptions } from "./echo-load.ts";
import type { Client, Talk } from "./talk.ts";
import type { Answer, Job } from "./thread-jobs.ts";

/** The thread has ended, so that it can do no more. */
export class ClientThreadError extends SupportError {
  constructor() {
    super(
      "CLIENT_THREAD_ENDED",
      "the client's thread has ended; call clientThread() for a new one",
      undefined,
    );
  }
}

/** Clients in a thread of their own: a busy server can't hold them up, and they don't take its time. */
export interface ClientThread {
  /**
   * Lets clients talk with a server, all at once.
   *
   * Cancellation: an abort of the signal closes their connections; the call rejects with the signal's reason.
   *
   * @returns what the clients' thread recorded, one bar per client; its value has each one's conversation
   * @throws ConnectError, ClientThreadError (as rejections; an error from the thread has lost its class)
   */
  talk(port: number, clients: readonly Client[], options?: { signal?: AbortSignal }): Promise<Talk>;
  /** Measures an echo server that sends back all it gets. Throws as `talk`. */
  load(port: number, options?: LoadOptions): Promise<Load>;
  /** Starts an echo server in the thread and returns its port, for lessons about clients. It ends with the thread. */
  echo(): Promise<number>;
  /** Ends the thread and all its connections. Calls that wait reject. May be called again. */
  close(): Promise<void>;
}

type Task = Job extends infer One ? (One extends { id: number } ? Omit<One, "id"> : never) : never;

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/**
 * Starts a thread for clients and returns when it is ready. It does not keep the process alive, and an interrupt of the
 * cell ends it.
 *
 * @example
 * const clients = await clientThread();
 * const port = await clients.echo();
 * const talk = await clients.talk(port, [{ name: "Ada", steps: [{ say: "hi" }, { hear: "hi" }] }]);
 * console.log(talk.value[0]?.heard);
 * await clients.close();
 * @throws what the thread could not start for (as a rejection)
 */
export async function clientThread(): Promise<ClientThread> {
  const worker = new Worker(new URL("./client-worker.ts", import.meta.url));
  const waiting = new Map<number, Waiting>();
  let jobs = 0;
  let over = false;

  const failAll = (error: unknown): void => {
    over = true;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  await once(worker, "online");
  worker.on("error", failAll);
  worker.on("exit", () => failAll(new ClientThreadError()));
  worker.on("message", (answer: Answer) => {
    const who = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (waiting.size === 0) worker.unref();
    if (answer.kind === "failed") who?.reject(answer.error);
    else who?.resolve(answer);
  });
  worker.unref();
  const forget = onStop(close);

  async function ask(task: Task, signal?: AbortSignal): Promise<Answer> {
    signal?.throwIfAborted();
    if (over) throw new ClientThreadError();
    jobs += 1;
    const id = jobs;
    const abort = (): void => worker.postMessage({ id, kind: "abort" });
    signal?.addEventListener("abort", abort);
    try {
      return await new Promise<Answer>((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        worker.ref();
        worker.postMessage({ id, ...task });
      });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  async function close(): Promise<void> {
    forget();
    over = true;
    await worker.terminate();
  }

  return {
    async talk(port, clients, { signal } = {}) {
      const answer = await ask({ kind: "talk", port, clients }, signal);
      if (answer.kind !== "talk") throw new ClientThreadError();
      return answer.value;
    },
    async load(port, options = {}) {
      const answer = await ask({ kind: "load", port, options });
      if (answer.kind !== "load") throw new ClientThreadError();
      return answer.value;
    },
    async echo() {
      const answer = await ask({ kind: "echo" });
      if (answer.kind !== "echo") throw new ClientThreadError();
      return answer.value;
    },
    close,
  };
}
