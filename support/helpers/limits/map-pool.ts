import { type PoolOptions, pool, type Source, type Work } from "./pool.ts";
import { queue } from "./queue.ts";

/** How the results of a pool come. */
export interface MapPoolOptions extends PoolOptions {
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
 * Cancellation: as {@link pool}. Leaving the loop early cancels too, waits for the jobs that run, and drops their results.
 *
 * @throws what {@link pool} does, from the loop
 */
export async function* mapPool<T, R>(
  source: Source<T>,
  work: Work<T, R>,
  options: MapPoolOptions,
): AsyncGenerator<R, void, undefined> {
  const { inOrder = false, signal, ...rest } = options;
  const left = new AbortController();
  const signals = signal === undefined ? [left.signal] : [left.signal, signal];
  const results = queue<R>(0);
  let turn = Promise.resolve();

  async function deliver(item: T, cancel: AbortSignal): Promise<void> {
    await results.put(await work(item, cancel));
  }
  async function deliverInOrder(item: T, cancel: AbortSignal): Promise<void> {
    const myTurn = turn;
    let over = (): void => {};
    const delivered = new Promise<void>((resolve) => {
      over = resolve;
    });
    turn = myTurn.then(() => delivered);
    try {
      const result = await work(item, cancel);
      await myTurn;
      await results.put(result);
    } finally {
      over();
    }
  }

  const job = inOrder ? deliverInOrder : deliver;
  const end = pool(source, job, { ...rest, signal: AbortSignal.any(signals) });
  const closed = end.then(results.close, results.close);
  try {
    yield* results;
    await end;
  } finally {
    left.abort();
    for await (const _dropped of results);
    await closed;
  }
}
