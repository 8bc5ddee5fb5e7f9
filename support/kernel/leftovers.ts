import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers";
import promises from "node:timers/promises";
import type { Worker } from "node:worker_threads";
import { currentCell, onInterrupt } from "./cell.ts";
import { replace } from "./replace.ts";

/** Timers of an interrupted cell do nothing any more. */
function stopTimers(): void {
  for (const name of ["setTimeout", "setInterval", "setImmediate"] as const) {
    replace(timers, name, (own) => (callback, ...rest) => {
      const signal = currentCell()?.signal;
      if (signal === undefined || typeof callback !== "function") return own(callback, ...rest);
      function unlessInterrupted(this: NodeJS.Timeout, ...given: unknown[]): void {
        if (signal?.aborted) clearTimeout(this);
        else if (typeof callback === "function") Reflect.apply(callback, this, given);
      }
      return own(unlessInterrupted, ...rest);
    });
    Reflect.set(globalThis, name, timers[name]);
  }
}

/** The timers that are awaited, with the place of their options. */
const WAITS = [
  { holder: promises, name: "setTimeout", at: 2 },
  { holder: promises, name: "setInterval", at: 2 },
  { holder: promises, name: "setImmediate", at: 1 },
  { holder: promises.scheduler, name: "wait", at: 1 },
] as const;

/** Waits of an interrupted cell end with its interrupt, unless they have a signal of their own. */
function stopWaits(): void {
  for (const { holder, name, at } of WAITS)
    replace(
      holder,
      name,
      (own) =>
        function (...given) {
          const signal = currentCell()?.signal;
          const options: unknown = given[at] ?? {};
          if (!signal || typeof options !== "object" || options === null || "signal" in options)
            return Reflect.apply(own, this, given);
          if (!signal.aborted || name === "setInterval")
            return Reflect.apply(own, this, Object.assign([...given], { [at]: { ...options, signal } }));
          // Not at once: a loop that catches this and tries again would never let go of the thread.
          return Promise.resolve(Reflect.apply(own, this, given)).then(() => Promise.reject(signal.reason));
        },
    );
}

/**
 * A chain of ticks or of microtasks, which lets nothing else run, ends when it is given no more of them. Cut off from outside, one
 * of them would have begun and not ended, which Node takes for a fault of its own.
 */
function stopChains(areDropped: () => boolean): void {
  replace(process, "nextTick", (own) => (callback, ...given) => {
    if (typeof callback !== "function" || currentCell() === undefined) return own(callback, ...given);
    const unlessDropped = (): unknown =>
      areDropped() ? undefined : Reflect.apply(callback, undefined, given);
    return own(unlessDropped);
  });
  replace(globalThis, "queueMicrotask", (own) => (callback) => {
    if (typeof callback !== "function" || currentCell() === undefined) return own(callback);
    return own(() => {
      if (!areDropped()) callback();
    });
  });
}

/**
 * Ends what a cell has left running when it is interrupted: its timers, waits, ticks and workers.
 *
 * @param areTicksDropped whether the thread comes to nothing but ticks, and has to
 */
export function stopLeftovers(areTicksDropped: () => boolean): void {
  stopTimers();
  stopChains(areTicksDropped);
  stopWaits();
  process.on("worker", (worker: Worker) => {
    worker.once(
      "exit",
      onInterrupt(() => void worker.terminate()),
    );
  });
  syncBuiltinESMExports();
}
