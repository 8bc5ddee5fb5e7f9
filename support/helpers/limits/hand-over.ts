import type { Work } from "./pool.ts";
import { line } from "./waiting-line.ts";

const END = { done: true, value: undefined } as const;

/** Why no more results come. */
export interface Failure {
  readonly reason: unknown;
}

/** Hands the results of jobs to a reader. A job has ended when its result is taken. */
export interface HandOver<R> {
  /** Work whose results are given as they come. */
  asTheyCome<T>(work: Work<T, R>): Work<T, unknown>;
  /** Work whose results are given in the order in which it was started. */
  inOrder<T>(work: Work<T, R>): Work<T, unknown>;
  /** The next result; waits while there is none. After the results the failure, once, and then the end. */
  next(): Promise<IteratorResult<R, undefined>>;
  /** No more results come. */
  end(failed?: Failure): void;
  /** Nobody reads any more: results that are there or come are dropped, and calls of `next` get the end. */
  leave(): void;
  /** The failure that it ended with, if nobody has been told yet; now somebody has. */
  takeFailure(): Failure | undefined;
}

interface Result<R> {
  readonly value: R;
  /** Ends the job. */
  readonly taken: () => void;
}

interface Reader<R> {
  readonly resolve: (next: IteratorResult<R, undefined>) => void;
  readonly reject: (reason: unknown) => void;
}

/** A place in the order of the starts. */
interface Place<R> {
  /** Undefined as long as the job runs. */
  result: Result<R> | "failed" | undefined;
}

/** A hand-over without results so far. */
export function handOver<R>(): HandOver<R> {
  const ready = line<Result<R>>();
  const readers = line<Reader<R>>();
  const places = line<Place<R>>();
  // The first place whose result has not had its turn.
  let head: Place<R> | undefined;
  let left = false;
  let ended = false;
  let failure: Failure | undefined;

  function deliver(value: R): Promise<void> | undefined {
    if (left) return undefined;
    const reader = readers.next();
    if (reader === undefined) return new Promise((taken) => ready.join({ value, taken }));
    reader.resolve({ done: false, value });
    return undefined;
  }

  function give({ value, taken }: Result<R>): void {
    const reader = readers.next();
    if (reader === undefined) ready.join({ value, taken });
    else {
      reader.resolve({ done: false, value });
      taken();
    }
  }

  /** Gives the results whose turn it is. */
  function advance(): void {
    for (head ??= places.next(); head?.result !== undefined; head = places.next())
      if (head.result !== "failed") give(head.result);
  }

  function start<T>(work: Work<T, R>, item: T, signal: AbortSignal): Promise<R> {
    try {
      return Promise.resolve(work(item, signal));
    } catch (reason) {
      return Promise.reject(reason);
    }
  }

  function endReaders(): void {
    for (let reader = readers.next(); reader !== undefined; reader = readers.next()) reader.resolve(END);
  }

  function takeFailure(): Failure | undefined {
    const failed = failure;
    failure = undefined;
    return failed;
  }

  return {
    asTheyCome: (work) => (item, signal) => start(work, item, signal).then(deliver),
    inOrder: (work) => (item, signal) => {
      const place: Place<R> = { result: undefined };
      places.join(place);
      const inTurn = (value: R): Promise<void> | undefined => {
        if (left) return undefined;
        return new Promise((taken) => {
          place.result = { value, taken };
          advance();
        });
      };
      const failed = (reason: unknown): never => {
        place.result = "failed";
        advance();
        throw reason;
      };
      return start(work, item, signal).then(inTurn, failed);
    },
    next() {
      const result = ready.next();
      if (result !== undefined) {
        result.taken();
        return Promise.resolve({ done: false, value: result.value });
      }
      if (left) return Promise.resolve(END);
      const failed = takeFailure();
      if (failed !== undefined) return Promise.reject(failed.reason);
      if (ended) return Promise.resolve(END);
      return new Promise((resolve, reject) => {
        readers.join({ resolve, reject });
      });
    },
    end(failed) {
      ended = true;
      const reader = failed && readers.next();
      if (reader === undefined) failure = failed;
      else reader.reject(failed?.reason);
      endReaders();
    },
    leave() {
      left = true;
      endReaders();
      for (let result = ready.next(); result !== undefined; result = ready.next()) result.taken();
      for (head ??= places.next(); head !== undefined; head = places.next())
        if (head.result !== undefined && head.result !== "failed") head.result.taken();
    },
    takeFailure,
  };
}
