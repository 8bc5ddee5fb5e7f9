import { checkLimit, JobsFailedError } from "./limit-errors.ts";

/** What a pool takes its items from. It may be endless: an item is asked for only when it can be worked on. */
export type Source<T> = Iterable<T> | AsyncIterable<T>;

/**
 * The work on one item. The signal is the pool's own: it is aborted with the caller's reason when the pool is
 * cancelled, and with an `AbortError` when another job has failed and the rest is not wanted any more.
 */
export type Work<T, R> = (item: T, signal: AbortSignal) => R | PromiseLike<R>;

/** How a pool runs. */
export interface PoolOptions {
  /** How many jobs at a time, 1 or more. */
  concurrency: number;
  /**
   * `first`, when not given: the first failure ends the pool, and the pool rejects with it. `all`: the other jobs go on,
   * and the pool rejects with a `JobsFailedError` after the last one.
   */
  errors?: "first" | "all";
  /** Cancels: nothing more is started, the jobs' signal is aborted, and the pool rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Drains: nothing more is asked for, what runs is finished, and the pool resolves. */
  drain?: AbortSignal;
  /** Called after each job with the number of jobs that have ended. */
  onProgress?: (ended: number) => void;
}

/** Jobs that never really wait would keep the event loop from turning; after so many of them the pool lets it turn. */
const TURN_AFTER = 1000;

function isAsync<T>(source: Source<T>): source is AsyncIterable<T> {
  // A string is iterable too, and `in` wants an object.
  return Symbol.asyncIterator in Object(source);
}

function open<T>(source: Source<T>): Iterator<T> | AsyncIterator<T> {
  return isAsync(source) ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
}

/**
 * Works on every item of a source, so many at a time, and keeps nothing of what is done: memory stays flat, however many
 * items there are. The source is asked for one item at a time, and only when there is room for a job.
 *
 * Cancellation, a failure and `drain` end the pool early. It waits for the jobs that run, so that nothing goes on
 * afterwards, and then closes the source with `return()`, as `for await` does on `break`. An item that the source is about
 * to give is still worked on when draining; otherwise it is dropped, and not waited for.
 *
 * Ideas: Go's worker pools, Trio's nurseries.
 *
 * @returns how many jobs were done
 * @throws LimitError, JobsFailedError, the failure of a job or of the source, or the signal's reason (as rejections)
 */
export async function pool<T>(
  source: Source<T>,
  work: Work<T, unknown>,
  options: PoolOptions,
): Promise<number> {
  const { concurrency, errors = "first", signal, drain, onProgress } = options;
  checkLimit("the concurrency of a pool", concurrency, 1);
  signal?.throwIfAborted();
  const iterator = open(source);
  const cancel = new AbortController();
  const failures: unknown[] = [];
  let fatal: { reason: unknown } | undefined;
  let running = 0;
  let ended = 0;
  let untilTurn = TURN_AFTER;
  let asking = false;
  let turning = false;
  let stopped = false;
  let exhausted = false;
  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });

  const stop = (): void => {
    stopped = true;
    fill();
  };
  const fail = (reason: unknown, told?: unknown): void => {
    fatal ??= { reason };
    // Without a reason of the caller's, an AbortError: the other jobs are cancelled, and it is not they who failed.
    cancel.abort(told);
    stop();
  };
  const aborted = (): void => fail(signal?.reason, signal?.reason);

  const done = (): void => {
    running -= 1;
    ended += 1;
    try {
      onProgress?.(ended);
    } catch (reason) {
      fail(reason);
    }
    fill();
  };
  const failed = (reason: unknown): void => {
    if (errors === "all") failures.push(reason);
    else fail(reason);
    done();
  };
  const start = (item: T): void => {
    running += 1;
    try {
      Promise.resolve(work(item, cancel.signal)).then(done, failed);
    } catch (reason) {
      Promise.reject(reason).then(done, failed);
    }
  };

  const taken = (next: IteratorResult<T>): void => {
    asking = false;
    if (next.done) {
      exhausted = true;
      stopped = true;
    } else if (fatal === undefined) start(next.value);
  };
  const broken = (reason: unknown): void => {
    asking = false;
    exhausted = true;
    fail(reason);
  };
  const ask = (): void => {
    asking = true;
    try {
      const next = iterator.next();
      if ("then" in next) next.then(taken).then(fill, broken);
      else taken(next);
    } catch (reason) {
      broken(reason);
    }
  };
  const turn = (): void => {
    turning = true;
    setImmediate(() => {
      turning = false;
      untilTurn = TURN_AFTER;
      fill();
    });
  };

  function fill(): void {
    while (running < concurrency && !stopped && !asking && !turning) {
      untilTurn -= 1;
      if (untilTurn === 0) turn();
      else ask();
    }
    const owed = asking && fatal === undefined;
    if (stopped && running === 0 && !owed) finish();
  }

  async function close(): Promise<void> {
    if (exhausted) return;
    const closing = Promise.resolve(iterator.return?.());
    // A source that owes an answer may never give it, and would close only then.
    if (asking) closing.catch(() => {});
    else await closing;
  }

  signal?.addEventListener("abort", aborted, { once: true });
  drain?.addEventListener("abort", stop, { once: true });
  if (drain?.aborted) stop();
  else fill();
  await finished;
  signal?.removeEventListener("abort", aborted);
  drain?.removeEventListener("abort", stop);
  try {
    await close();
  } catch (reason) {
    fatal ??= { reason };
  }
  if (fatal !== undefined) throw fatal.reason;
  if (failures.length > 0) throw new JobsFailedError(failures, ended);
  return ended;
}
