import { SupportError } from "../errors/support-error.ts";
import { nameWait } from "../wait-names/name-wait.ts";
import { checkLimit } from "./limit-errors.ts";
import { TAKE_BACK, type TakesBack } from "./take-back.ts";
import { type WaitOptions, waitIn } from "./wait-in-line.ts";
import { line } from "./waiting-line.ts";

const CLOSED = {
  put: "put(…) on a queue that is closed; close it when the last producer is done",
  get: "get() on a queue that is closed and empty; take the items with for await, which ends by itself",
} as const;

/** A queue is closed: nothing can be put into it, or all that was in it is taken. `value` is the call that failed. */
export class QueueClosedError extends SupportError {
  constructor(call: keyof typeof CLOSED) {
    super("QUEUE_CLOSED", CLOSED[call], call);
  }
}

/**
 * A queue between tasks that make items and tasks that take them. `for await` takes items until the end of input; who
 * leaves the loop, also in the middle of its wait, takes nothing that comes later.
 *
 * A {@link pool} that is cancelled gives back an item that it took and began nothing with: it is the oldest again, and is
 * there beyond the bound if need be.
 */
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

const AN_ITEM = "an item of a queue";
const ROOM = "room in a full queue";

const END = { done: true, value: undefined } as const;

/**
 * Makes a queue for many producers and many consumers. Items come out in the order in which they were put, and those who
 * wait are served in the order in which they came.
 *
 * Idea: `asyncio.Queue`, and Go's channels.
 *
 * @example
 * const letters = queue<string>(2);
 * const producer = (async () => {
 *   for (const letter of "abc") await letters.put(letter);
 *   letters.close();
 * })();
 * for await (const letter of letters) console.log(letter);
 * await producer;
 * @param bound how many items it holds; a `put` beyond that waits, so that the producers can't run ahead of the
 *   consumers. With 0, a `put` waits until its item is taken. Any number when not given.
 * @throws ArgumentError
 */
export function queue<T>(bound = Number.POSITIVE_INFINITY): Queue<T> {
  checkLimit("the bound of a queue", bound, 0);
  const items = line<{ item: T }>();
  const getters = line<(next: IteratorResult<T, undefined>) => void>();
  const putters = line<{ item: T; serve: (taken: undefined) => void }>();
  let closed = false;

  /** The first of those whose `put` waits, whose wait is over. */
  function nextPut(): { item: T } | undefined {
    const putter = putters.next();
    putter?.serve(undefined);
    return putter;
  }

  function oldest(): { item: T } | undefined {
    const first = items.next();
    if (first === undefined) return nextPut();
    // An item that was taken back may stand beyond the bound; then nobody moves up.
    const movesUp = items.length < bound ? nextPut() : undefined;
    if (movesUp !== undefined) items.join(movesUp);
    return first;
  }

  /** What there is for who wants an item now; undefined when it has to be waited for. */
  function found(): IteratorResult<T, undefined> | undefined {
    const first = oldest();
    if (first !== undefined) return { done: false, value: first.item };
    return closed ? END : undefined;
  }

  function next(options: WaitOptions): Promise<IteratorResult<T, undefined>> {
    if (options.signal?.aborted) return Promise.reject(options.signal.reason);
    const now = found();
    return now ? Promise.resolve(now) : waitIn(AN_ITEM, getters, (serve) => serve, options);
  }

  function takeBack(item: T): void {
    const getter = getters.next();
    if (getter !== undefined) getter({ done: false, value: item });
    else items.putBack({ item });
  }

  function iterate(): AsyncIterator<T, undefined> & TakesBack<T> {
    // What ends each wait of this iterator; the getters of others stand in the same line.
    const waits = line<() => void>();
    let left = false;
    return {
      next() {
        const now = left ? END : found();
        if (now !== undefined) return Promise.resolve(now);
        const given = new Promise<IteratorResult<T, undefined>>((resolve) => {
          const leave = getters.join((next) => {
            over();
            resolve(next);
          });
          const over = waits.join(() => {
            leave();
            resolve(END);
          });
        });
        return nameWait(given, AN_ITEM);
      },
      async return() {
        left = true;
        for (let end = waits.next(); end !== undefined; end = waits.next()) end();
        return END;
      },
      [TAKE_BACK]: takeBack,
    };
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
      else await waitIn(ROOM, putters, (serve: (taken: undefined) => void) => ({ item, serve }), options);
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
    [Symbol.asyncIterator]: iterate,
  };
}
