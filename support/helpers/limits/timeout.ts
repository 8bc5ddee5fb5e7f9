import { toMs } from "../clock/sleep.ts";
import { SupportError } from "../errors/support-error.ts";

/** Work took longer than its limit. `value` is the limit, in lesson seconds. */
export class TimeoutError extends SupportError {
  constructor(seconds: number) {
    const limit = `${seconds} lesson ${seconds === 1 ? "second" : "seconds"}`;
    super("TIMED_OUT", `not done within ${limit}; give it more time, or let it do less`, seconds);
  }
}

/**
 * Makes a function that has a time limit from one that can be cancelled. Arguments, result and their types stay.
 *
 * Cancellation: at the limit the promise rejects, and the work's signal is aborted, with the same error, whatever the
 * work makes of the abort. Work that doesn't listen to its signal goes on, and what becomes of it is not looked at. To cancel from outside too, pass a signal
 * of your own as an argument and give `AbortSignal.any([limit, mine])` to the work.
 *
 * The timer is cleared when the work ends, however it ends.
 *
 * Idea: `asyncio.wait_for`, and undici's `signal`.
 *
 * @example
 * const quick = withTimeout(2, (signal, seconds: number) => sleep(seconds, { signal }));
 * await quick(1);
 * await expectError(() => quick(3), { name: "TimeoutError" });
 * @param seconds the limit, in lesson seconds, 0 to 3600
 * @param work is given the signal before its other arguments
 * @throws ArgumentError
 * @throws TimeoutError (as a rejection of the function that is returned)
 */
export function withTimeout<A extends unknown[], R>(
  seconds: number,
  work: (limit: AbortSignal, ...args: A) => R | PromiseLike<R>,
): (...args: A) => Promise<R> {
  const ms = toMs(seconds);
  return async (...args) => {
    const limit = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        const error = new TimeoutError(seconds);
        // Work may settle within the abort; the caller's promise is settled by then.
        reject(error);
        limit.abort(error);
      }, ms);
    });
    try {
      return await Promise.race([work(limit.signal, ...args), timeout]);
    } finally {
      clearTimeout(timer);
    }
  };
}
