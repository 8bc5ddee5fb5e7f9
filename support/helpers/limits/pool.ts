import { stoppedBy } from "./cancelled.ts";
import { checkLimit, type JobFailure, JobsFailedError } from "./limit-errors.ts";
import { TAKE_BACK, takesBack } from "./take-back.ts";

/** What a pool takes its items from. It may be endless: an item is asked for only when it can be worked on. */
export type Source<T> = Iterable<T> | AsyncIterable<T>;

/**
 * The work on one item. The signal is the pool's own: it is aborted with the caller's reason when the pool is
 * cancelled, and with an `AbortError` when another job has failed and the rest is not wanted any more.
 */
export type Work<T, R> = (item: T, signal: AbortSignal) => R | PromiseLike<R>;

/** How a pool runs. */
export interface PoolOptions<T = unknown> {
  /** How many jobs at a time, 1 or more. */
  concurrency: number;
  /**
   * `first`, when not given: the first failure ends the pool, and the pool rejects with it. `all`: the other jobs go on,
   * and the pool rejects with a `JobsFailedError` after the last one. No failure is lost: see {@link pool}.
   */
  errors?: "first" | "all";
  /** Cancels: nothing more is started, the jobs' signal is aborted, and the pool rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Drains: nothing more is asked for, what runs is finished, and the pool resolves. */
  drain?: AbortSignal;
  /** Called after each job with the number of jobs that have ended. If it throws, the pool ends and it is not called again. */
  onProgress?: (ended: number) => void;
  /**
   * Called with an item that the source gave when nothing was to be started any more: the pool was cancelled or had
   * failed in the moment in which the item came. An item of a queue goes back into the queue instead. That may be after
   * the pool has rejected, when the source took its time. If it throws before, that is a failure of the pool.
   */
  onDropped?(item: T): void;
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
 * Works on every item of a source, up to N at a time, and keeps nothing of what is done: memory stays flat, however many
 * items there are. The source is asked for one item at a time, and only when there is room for a job.
 *
 * Cancellation, a failure and `drain` end the pool early. It waits for the jobs that run, so that nothing goes on
 * afterwards, and then closes the source with `return()`, as `for await` does on `break`. A queue that the pool waits for
 * ends the wait then. An async generator can't: it gives first what it is about to give. Draining waits for that item and
 * works on it; otherwise it is not waited for, and goes to `onDropped`.
 *
 * Failures: none is lost. One alone is thrown as it is. When more went wrong by the time that all jobs have ended, the pool
 * rejects with a `JobsFailedError` that has them all, each with its item; its `cause` is what the pool would have rejected
 * with alone: the first failure, or the reason of the signal. A job that was told to stop, and rejects with its signal's
 * reason or an `AbortError`, has not failed.
 *
 * Ideas: Go's worker pools, Trio's nurseries.
 *
 * @example
 * const done = await pool(["a", "b", "c"], (name) => task(name, () => sleep(1)), { concurrency: 2 });
 * console.log(done); // 3
 * @returns how many jobs were done
 * @throws ArgumentError, JobsFailedError, the failure of a job or of the source, or the signal's reason (as rejections)
 */
export async function pool<T>(
  source: Source<T>,
  work: Work<T, unknown>,
  options: PoolOptions<T>,
): Promise<number> {
  const { concurrency, errors = "first", signal, drain } = options;
  checkLimit("the concurrency of a pool", concurrency, 1);
  signal?.throwIfAborted();
  const iterator = open(source);
  const cancel = new AbortController();
  const reasons: unknown[] = [];
  const failures: JobFailure[] = [];
  let { onProgress } = options;
  let early: { reason: unknown } | undefined;
  let running = 0;
  let ended = 0;
  let untilTurn = TURN_AFTER;
  let asking = false;
  let owed = false;
  let turning = false;
  let stopped = false;
  let exhausted = false;
  let closing: Promise<void> | undefined;
  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });

  const stop = (): void => {
    stopped = true;
    fill();
  };
  const endEarly = (reason: unknown, told?: unknown): void => {
    early ??= { reason };
    // Without a reason of the caller's, an AbortError: the other jobs are cancelled, and it is not they who failed.
    cancel.abort(told);
    stop();
  };
  const fail = (reason: unknown): void => {
    if (stoppedBy(cancel.signal, reason)) return;
    reasons.push(reason);
    endEarly(reason);
  };
  const aborted = (): void => endEarly(signal?.reason, signal?.reason);

  function close(): void {
    closing ??= closed();
  }
  async function closed(): Promise<void> {
    try {
      await iterator.return?.();
    } catch (reason) {
      fail(reason);
    }
  }

  const done = (): void => {
    running -= 1;
    ended += 1;
    try {
      onProgress?.(ended);
    } catch (reason) {
      onProgress = undefined;
      fail(reason);
    }
    fill();
  };
  const failed = (item: T, reason: unknown): void => {
    if (!stoppedBy(cancel.signal, reason)) {
      failures.push({ item, reason });
      reasons.push(reason);
      if (errors === "first") endEarly(reason);
    }
    done();
  };
  const start = (item: T): void => {
    running += 1;
    try {
      Promise.resolve(work(item, cancel.signal)).then(done, (reason: unknown) => failed(item, reason));
    } catch (thrown) {
      Promise.reject(thrown).catch((reason: unknown) => failed(item, reason));
    }
  };
  const giveBack = (item: T): void => {
    try {
      if (takesBack(iterator)) iterator[TAKE_BACK](item);
      else options.onDropped?.(item);
    } catch (reason) {
      fail(reason);
    }
  };

  const taken = (next: IteratorResult<T>): void => {
    asking = false;
    owed = false;
    if (next.done) {
      exhausted = true;
      stopped = true;
    } else if (early === undefined) start(next.value);
    else giveBack(next.value);
  };
  const broken = (reason: unknown): void => {
    asking = false;
    owed = false;
    exhausted = true;
    fail(reason);
  };
  const ask = (): void => {
    asking = true;
    try {
      const next = iterator.next();
      if ("then" in next) {
        owed = true;
        next.then(taken).then(fill, broken);
      } else taken(next);
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
    if (!stopped || running > 0) return;
    // A queue, which may have nothing to give for ever, ends its wait.
    if (owed) close();
    if (!asking || early !== undefined) finish();
  }

  signal?.addEventListener("abort", aborted, { once: true });
  drain?.addEventListener("abort", stop, { once: true });
  if (drain?.aborted) stop();
  else fill();
  await finished;
  signal?.removeEventListener("abort", aborted);
  drain?.removeEventListener("abort", stop);
  if (!exhausted) close();
  // A source that owes an answer may never give it, and would close only then.
  if (!asking) await closing;
  const [first] = reasons;
  const oneAlone = reasons.length === 1 && early !== undefined && Object.is(first, early.reason);
  if (reasons.length > 0 && !oneAlone) throw new JobsFailedError(reasons, failures, ended, early);
  if (early !== undefined) throw early.reason;
  return ended;
}
