import { ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Worker } from "node:worker_threads";
import { watchTimers } from "./timers.ts";

/** What an answer has started and not ended, in words; empty when there is nothing. */
export interface Leftovers {
  /** Looks what still runs. */
  found(): string[];
  /** Ends it, and looks no more. */
  end(): void;
}

/**
 * Notes, from now on, which processes, threads and timers are started.
 *
 * @param isOwn whether the running code is the answer's: others have timers too
 */
export function watchLeftovers(isOwn: () => boolean): Leftovers {
  const children = new Set<ChildProcess>();
  const workers = new Set<Worker>();
  const timers = watchTimers(isOwn);
  const onChild = (message: unknown): void => {
    const child: unknown = Reflect.get(Object(message), "process");
    if (child instanceof ChildProcess) children.add(child);
  };
  const onWorker = (worker: Worker): void => {
    workers.add(worker);
    worker.once("exit", () => workers.delete(worker));
  };
  subscribe("child_process", onChild);
  process.on("worker", onWorker);
  const alive = (): ChildProcess[] =>
    [...children].filter(
      ({ pid, exitCode, signalCode }) => pid !== undefined && exitCode === null && signalCode === null,
    );
  return {
    found() {
      const more = timers.count();
      return [
        ...alive().map(({ pid }) => `process ${pid} is alive`),
        ...[...workers].map(({ threadId }) => `thread ${threadId} is alive`),
        ...(more > 0 ? [more === 1 ? "a timer is still running" : `${more} timers are still running`] : []),
      ];
    },
    end() {
      unsubscribe("child_process", onChild);
      process.off("worker", onWorker);
      timers.end();
      for (const child of alive()) child.kill("SIGKILL");
      for (const worker of workers) void worker.terminate();
    },
  };
}
