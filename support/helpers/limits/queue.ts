import { checkLimit } from "./limit-errors.ts";
import { type WaitOptions, waitIn } from "./wait-in-line.ts";
import { line } from "./waiting-line.ts";

/** A queue is closed: nothing can be put into it, or all that was in it is taken. */
export class QueueClosedError extends Error {
  override readonly name = "QueueClosedError";
  readonly code = "QUEUE_CLOSED";

  constructor(call: "put" | "get") {
    super(
      call === "put"
        ? "put(…) on a queue that is closed; close it when the last producer is done"
        : "get() on a queue that is closed and empty; take the items with for await, which ends by itself",
    );
  }
}

/** A queue between tasks that make items and tasks that take them. `for await` takes items until the end of input. */
export interface Queue<T> extends AsyncIterable<T> {
  /** Items that are in the queue, without those whose `put` still waits. */
  readonly size: number;
  /**
   * Adds an item; waits while the queue is full.
   *
   * Cancellation: the item of a `put` that rejects was not added, and that of one that resolves was.
   *
   * @throws QueueClosedError (as a rejection) once the queue is closed
   */
  put(item: T, options?: WaitOptions): Promise<void>;
  /**
   * Takes the oldest item; waits while there is none.
   *
   * Cancellation: a `get` that rejects took nothing.
   *
   * @throws QueueClosedError (as a rejection) once the queue is closed and all its items are taken
   */
  get(options?: WaitOptions): Promise<T>;
  /** The end of input: nothing more is let in. Items that are there, and those whose `put` waits, can still be taken. */
  close(): void;
}

const END = { done: true, value: undefined } as const;

/**
 * Makes a queue for many producers and many consumers. Items come out in the order in which they were put, and those who
 * wait are served in the order in which they came.
 *
 * Idea: `asyncio.Queue`, and Go's channels.
 *
 * @param bound how many items it holds; a `put` beyond that waits, so that the producers can't run ahead of the
 *   consumers. With 0, a `put` waits until its item is taken. Any number when not given.
 * @throws LimitError
 */
export function queue<T>(bound = Number.POSITIVE_INFINITY): Queue<T> {
  checkLimit("the bound of a queue", bound, 0);
  const items = line<{ item: T }>();
  const getters = line<(next: IteratorResult<T, undefined>) => void>();
  const putters = line<{ item: T; serve: (taken: undefined) => void }>();
  let closed = false;

  function oldest(): IteratorResult<T, undefined> | undefined {
    const putter = putters.next();
    if (putter !== undefined) {
      items.join(putter);
      putter.serve(undefined);
    }
    const first = items.next();
    return first && { done: false, value: first.item };
  }

  function next(options: WaitOptions): Promise<IteratorResult<T, undefined>> {
    if (options.signal?.aborted) return Promise.reject(options.signal.reason);
    const found = oldest() ?? (closed ? END : undefined);
    return found ? Promise.resolve(found) : waitIn(getters, (serve) => serve, options);
  }

  return {
    get size() {
      return items.length;
    },
    async put(item, options = {}) {
      options.signal?.throwIfAborted();
      if (closed) throw new QueueClosedError("put");
      const getter = getters.next();
      if (getter !== undefined) getter({ done: false, value: item });
      else if (items.length < bound) items.join({ item });
      else await waitIn(putters, (serve: (taken: undefined) => void) => ({ item, serve }), options);
    },
    async get(options = {}) {
      const { done, value } = await next(options);
      if (done) throw new QueueClosedError("get");
      return value;
    },
    close() {
      closed = true;
      for (let getter = getters.next(); getter !== undefined; getter = getters.next()) getter(END);
    },
    [Symbol.asyncIterator]() {
      const left = new AbortController();
      return {
        next: () => next({ signal: left.signal }),
        // Whoever stops in the middle of the wait for an item must not take one that comes later.
        async return() {
          left.abort();
          return END;
        },
      };
    },
  };
}
