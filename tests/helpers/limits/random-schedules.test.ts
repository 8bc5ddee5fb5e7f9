/**
 * What must hold in whatever order things happen. fast-check makes plans and schedules by chance, and when one of them
 * breaks a promise of the helpers, it looks for the smallest plan that does.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { JobsFailedError } from "../../../support/helpers/limits/limit-errors.ts";
import { mapPool } from "../../../support/helpers/limits/map-pool.ts";
import { pool } from "../../../support/helpers/limits/pool.ts";
import { QueueClosedError, queue } from "../../../support/helpers/limits/queue.ts";
import { semaphore } from "../../../support/helpers/limits/semaphore.ts";
import { inAnyOrder, type Pause, sorted } from "./in-any-order.ts";

/** A signal that the schedule aborts some time, if it is to abort at all. */
function signalOf(aborts: boolean, pause: Pause): { signal?: AbortSignal } {
  if (!aborts) return {};
  const cancel = new AbortController();
  void pause().then(() => cancel.abort());
  return { signal: cancel.signal };
}

const flags = (most: number) => fc.array(fc.boolean(), { maxLength: most });

inAnyOrder(
  "a queue gives each item that was put to one consumer, and no item whose put was cancelled",
  fc.record({
    bound: fc.constantFrom(0, 1, 2, 5, Number.POSITIVE_INFINITY),
    producers: fc.array(flags(6), { minLength: 1, maxLength: 4 }),
    consumers: fc.array(flags(6), { minLength: 1, maxLength: 4 }),
  }),
  async ({ bound, producers, consumers }, pause) => {
    const q = queue<number>(bound);
    const put: number[] = [];
    const cancelled: number[] = [];
    const produce = async (cancels: boolean[], producer: number): Promise<void> => {
      for (const [i, cancel] of cancels.entries()) {
        const item = producer * 100 + i;
        await pause();
        await q.put(item, signalOf(cancel, pause)).then(
          () => put.push(item),
          () => cancelled.push(item),
        );
        assert.ok(q.size <= bound, `${q.size} in a queue of ${bound}`);
      }
    };
    const consume = async (cancels: boolean[]): Promise<number[]> => {
      const taken: number[] = [];
      for (let round = 0; ; round += 1) {
        await pause();
        try {
          taken.push(await q.get(signalOf(cancels[round] ?? false, pause)));
        } catch (reason) {
          if (reason instanceof QueueClosedError) return taken;
        }
      }
    };
    const consumed = consumers.map(consume);
    await Promise.all(producers.map(produce));
    q.close();
    const taken = await Promise.all(consumed);
    assert.deepEqual(sorted(taken.flat()), sorted(put));
    assert.equal(put.length + cancelled.length, producers.flat().length);
    for (const mine of taken) {
      for (const producer of producers.keys()) {
        const ofOne = mine.filter((item) => Math.floor(item / 100) === producer);
        assert.deepEqual(ofOne, sorted(ofOne), "a producer's items changed places");
      }
    }
  },
);

inAnyOrder(
  "those who wait at a queue are served in the order in which they came, whoever leaves",
  fc.record({ gets: flags(8), puts: flags(8), bound: fc.nat(3) }),
  async ({ gets, puts, bound }, pause) => {
    const q = queue<number>(bound);
    const cancel = new AbortController();
    const leaving = (leaves: boolean) => (leaves ? { signal: cancel.signal } : {});
    const served: number[] = [];
    const gone = gets.map((leaves, i) => q.get(leaving(leaves)).then(() => served.push(i)));
    const waiting = Promise.allSettled(gone);
    cancel.abort();
    const staying = [...gets.keys()].filter((i) => !gets[i]);
    for (const i of staying) await q.put(i);
    await waiting;
    assert.deepEqual(served, staying);

    const again = new AbortController();
    const put = puts.map((leaves, i) => q.put(i, leaves ? { signal: again.signal } : {}));
    const ended = Promise.allSettled(put);
    const held = Math.min(bound, put.length);
    again.abort();
    await pause();
    const kept = [...puts.keys()].filter((i) => i < held || !puts[i]);
    for (const i of kept) assert.equal(await q.get(), i);
    await ended;
    assert.equal(q.size, 0);
  },
);

inAnyOrder(
  "a semaphore never lets more through than it may, in the order in which they came, and loses no place",
  fc.record({ permits: fc.integer({ min: 1, max: 4 }), cancels: flags(12) }),
  async ({ permits, cancels }, pause) => {
    const gate = semaphore(permits);
    const came: number[] = [];
    const entered: number[] = [];
    let inside = 0;
    let most = 0;
    const visit = async (cancel: boolean, i: number): Promise<void> => {
      await pause();
      came.push(i);
      await gate.run(
        async () => {
          entered.push(i);
          inside += 1;
          most = Math.max(most, inside);
          await pause();
          inside -= 1;
        },
        signalOf(cancel, pause),
      );
    };
    const ends = await Promise.allSettled(cancels.map(visit));
    const left = new Set([...cancels.keys()].filter((i) => ends[i]?.status === "rejected"));
    assert.deepEqual(
      entered,
      came.filter((i) => !left.has(i)),
    );
    assert.ok([...left].every((i) => cancels[i]));
    assert.ok(most <= permits, `${most} inside at once`);
    assert.deepEqual([gate.free, gate.waiting], [permits, 0]);
  },
);

/** How a source ends: its items are given out, it is closed, or neither. */
interface Watched {
  asked: number;
  over: boolean;
}

function* syncSource(count: number, watched: Watched): Generator<number> {
  try {
    while (watched.asked < count) {
      watched.asked += 1;
      yield watched.asked;
    }
  } finally {
    watched.over = true;
  }
}

async function* asyncSource(count: number, watched: Watched, pause: Pause): AsyncGenerator<number> {
  for (const item of syncSource(count, watched)) {
    await pause();
    yield item;
  }
}

const poolPlans = fc.record({
  concurrency: fc.integer({ min: 1, max: 4 }),
  count: fc.nat(12),
  asynchronous: fc.boolean(),
  failing: fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 3 }),
  errors: fc.constantFrom("first" as const, "all" as const),
  ending: fc.constantFrom("none", "none", "signal", "drain"),
});

inAnyOrder(
  "a pool works on each item at most once, never runs or asks ahead too much, and leaves nothing running",
  poolPlans,
  async ({ concurrency, count, asynchronous, failing, errors, ending }, pause) => {
    const watched = { asked: 0, over: false };
    const source = asynchronous ? asyncSource(count, watched, pause) : syncSource(count, watched);
    const started: number[] = [];
    let running = 0;
    let ended = 0;
    let most = 0;
    const work = async (item: number): Promise<void> => {
      started.push(item);
      running += 1;
      most = Math.max(most, running, watched.asked - ended);
      await pause();
      running -= 1;
      ended += 1;
      if (failing.includes(item)) throw new RangeError(`item ${item}`);
    };
    const stop = signalOf(ending !== "none", pause).signal;
    const [end] = await Promise.allSettled([
      pool(source, work, {
        concurrency,
        errors,
        ...(stop && (ending === "signal" ? { signal: stop } : { drain: stop })),
      }),
    ]);
    const items = Array.from({ length: started.length }, (_, i) => i + 1);
    const failed = items.filter((item) => failing.includes(item));
    assert.deepEqual(started, items);
    assert.ok(most <= concurrency, `${most} asked for or running at once`);
    assert.deepEqual([running, ended], [0, started.length]);
    if (end?.status === "fulfilled") {
      assert.deepEqual([end.value, failed], [ended, []]);
      assert.ok(ended === count || stop?.aborted);
      assert.equal(watched.asked, ended, "an item was asked for and not worked on");
    } else if (end?.reason instanceof JobsFailedError) {
      assert.equal(end.reason.errors.length, failed.length);
      const allDone = ended === count || stop?.aborted;
      assert.ok(errors === "all" ? allDone : failed.length > 1 || stop?.aborted);
    } else if (end?.reason instanceof RangeError) assert.ok(errors === "first" && failed.length > 0);
    else assert.ok(ending === "signal" && stop?.aborted);
    // An asynchronous source that still owed an item is closed once it has given it.
    await pause();
    assert.ok(watched.over || watched.asked === 0 || asynchronous);
  },
);

inAnyOrder(
  "mapPool gives each result once, in order if asked, and is never further ahead than its concurrency",
  fc.record({
    concurrency: fc.integer({ min: 1, max: 4 }),
    count: fc.nat(12),
    asynchronous: fc.boolean(),
    inOrder: fc.boolean(),
    take: fc.nat(15),
  }),
  async ({ concurrency, count, asynchronous, inOrder, take }, pause) => {
    const watched = { asked: 0, over: false };
    const source = asynchronous ? asyncSource(count, watched, pause) : syncSource(count, watched);
    const seen: number[] = [];
    let running = 0;
    const work = async (item: number): Promise<number> => {
      running += 1;
      await pause();
      running -= 1;
      return item;
    };
    for await (const result of mapPool(source, work, { concurrency, inOrder })) {
      await pause();
      seen.push(result);
      assert.ok(watched.asked - seen.length <= concurrency);
      if (seen.length === take) break;
    }
    assert.equal(running, 0);
    assert.equal(new Set(seen).size, seen.length);
    if (inOrder) assert.deepEqual(seen, sorted(seen));
    if (take === 0 || take >= count) assert.equal(seen.length, count);
  },
);
