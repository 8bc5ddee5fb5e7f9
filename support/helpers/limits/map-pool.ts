import { handOver } from "./hand-over.ts";
import { type PoolOptions, pool, type Source, type Work } from "./pool.ts";

/** How the results of a pool come. */
export interface MapPoolOptions<T = unknown> extends PoolOptions<T> {
  /** True: in the order of the items. False, when not given: as they come. */
  inOrder?: boolean;
}

/**
 * A {@link pool} that gives the results of its jobs, to be read with `for await`. A job keeps its place in the pool until
 * its result is taken, so that a slow reader slows the source down. In order, a result also waits for those before it,
 * and keeps its place meanwhile.
 *
 * It starts with the first result that is asked for. An error of the pool is thrown after the results that are there.
 *
 * Cancellation: as {@link pool}. Leaving the loop early cancels too, waits for the jobs that run, and drops their results;
 * calls of `next()` that wait are told at once that there is no more. What fails by then is thrown by the loop that was
 * left, as by {@link pool}.
 *
 * RxJS's `from(mapPool(…))` looks for the end of its subscription only when a value comes, and takes values as fast as they
 * come, so that a slow `concatMap` behind it collects them all. Give `signal` to the pool and abort it in `finalize(…)`,
 * and do slow work in the job itself, or in a `for await` loop.
 *
 * @example
 * for await (const length of mapPool(["a", "bb"], async (text) => text.length, { concurrency: 2 })) {
 *   console.log(length);
 * }
 * @throws what {@link pool} does, from the loop
 */
export function mapPool<T, R>(
  source: Source<T>,
  work: Work<T, R>,
  options: MapPoolOptions<T>,
): AsyncGenerator<R, void, undefined> {
  const { inOrder = false, signal, ...rest } = options;
  const left = new AbortController();
  const results = handOver<R>();
  const job = inOrder ? results.inOrder(work) : results.asTheyCome(work);
  let end: Promise<void> | undefined;

  async function run(): Promise<void> {
    const signals = signal === undefined ? [left.signal] : [left.signal, signal];
    try {
      await pool(source, job, { ...rest, signal: AbortSignal.any(signals) });
      results.end();
    } catch (reason) {
      results.end({ reason });
    }
  }

  async function leave(): Promise<void> {
    left.abort();
    results.leave();
    await end;
    const failed = results.takeFailure();
    // To be cancelled is what was asked for, here or by the signal.
    const asked = [left.signal, ...(signal === undefined ? [] : [signal])];
    if (failed === undefined || asked.some((one) => one.aborted && one.reason === failed.reason)) return;
    throw failed.reason;
  }

  return {
    next() {
      if (!left.signal.aborted) end ??= run();
      return results.next();
    },
    async return() {
      await leave();
      return { done: true, value: undefined };
    },
    async throw(reason: unknown) {
      await leave();
      throw reason;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      await leave();
    },
  };
}
