import { checkLimit } from "./limit-errors.ts";
import { type WaitOptions, waitIn } from "./wait-in-line.ts";
import { line } from "./waiting-line.ts";

/** Lets up to N at a time through, first come, first served. */
export interface Semaphore {
  /** How many could be let through at once, now. */
  readonly free: number;
  /** How many wait. */
  readonly waiting: number;
  /**
   * Waits to be let through.
   *
   * Cancellation: the waiter leaves the line.
   *
   * @returns a function that makes room for the next one; calling it again does nothing
   */
  acquire(options?: WaitOptions): Promise<() => void>;
  /**
   * Waits to be let through, runs a function, and makes room again when its promise is settled, however it ends.
   *
   * It wants a function and not a promise: the work of a promise has begun, and nothing can hold it up any more.
   *
   * Cancellation: ends the waiting only. What runs has to listen to the signal itself.
   */
  run<T>(work: () => T | PromiseLike<T>, options?: WaitOptions): Promise<T>;
}

/**
 * Makes a semaphore.
 *
 * Idea: Dijkstra's; `run` is p-limit's way to use one.
 *
 * @example
 * const gate = semaphore(2);
 * await Promise.all(["a", "b", "c"].map((name) => gate.run(() => task(name, () => sleep(1)))));
 * @param permits how many at a time, 1 or more
 * @throws ArgumentError
 */
export function semaphore(permits: number): Semaphore {
  checkLimit("the limit of a semaphore", permits, 1);
  const waiters = line<(release: () => void) => void>();
  let free = permits;

  function permit(): () => void {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      // Handed on and never free in between, so that nobody who comes later can take it.
      const waiter = waiters.next();
      if (waiter === undefined) free += 1;
      else waiter(permit());
    };
  }

  function acquire(options: WaitOptions = {}): Promise<() => void> {
    if (free === 0 || options.signal?.aborted)
      return waitIn("a permit of a semaphore", waiters, (serve) => serve, options);
    free -= 1;
    return Promise.resolve(permit());
  }

  return {
    get free() {
      return free;
    },
    get waiting() {
      return waiters.length;
    },
    acquire,
    async run(work, options) {
      const release = await acquire(options);
      try {
        return await work();
      } finally {
        release();
      }
    },
  };
}
