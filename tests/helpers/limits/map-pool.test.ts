import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { finalize, from, lastValueFrom, Subject, takeUntil } from "rxjs";
import { JobsFailedError } from "../../../support/helpers/limits/limit-errors.ts";
import { mapPool } from "../../../support/helpers/limits/map-pool.ts";

async function turns(count: number): Promise<number> {
  for (let i = 0; i < count; i += 1) await turn();
  return count;
}

async function all<R>(results: AsyncIterable<R>): Promise<R[]> {
  const seen: R[] = [];
  for await (const one of results) seen.push(one);
  return seen;
}

function* endless(seen: { asked: number; closed: boolean }): Generator<number> {
  try {
    for (;;) {
      seen.asked += 1;
      yield seen.asked;
    }
  } finally {
    seen.closed = true;
  }
}

test("results come as they come, or in order", async () => {
  const waits = [6, 3, 1, 3];
  assert.deepEqual(await all(mapPool(waits, turns, { concurrency: 3 })), [1, 3, 3, 6]);
  assert.deepEqual(await all(mapPool(waits, turns, { concurrency: 3, inOrder: true })), waits);
});

for (const inOrder of [false, true]) {
  const how = inOrder ? "in order" : "as they come";

  test(`a reader who is slow slows the source down, results ${how}`, async () => {
    const seen = { asked: 0, closed: false };
    let read = 0;
    for await (const _result of mapPool(endless(seen), turns, { concurrency: 4, inOrder })) {
      await turns(5);
      read += 1;
      assert.ok(seen.asked - read < 5, `${seen.asked - read} ahead`);
      if (read === 20) break;
    }
    assert.equal(seen.closed, true);
  });

  test(`leaving early cancels the jobs and waits for them, results ${how}`, async () => {
    const seen = { asked: 0, closed: false };
    let running = 0;
    let cancelled = 0;
    const work = async (item: number, signal: AbortSignal): Promise<number> => {
      running += 1;
      await turns(item);
      if (signal.aborted) cancelled += 1;
      running -= 1;
      return item;
    };
    for await (const result of mapPool(endless(seen), work, { concurrency: 4, inOrder })) {
      assert.equal(result, 1);
      break;
    }
    assert.deepEqual([running, seen.closed], [0, true]);
    assert.ok(cancelled >= 2);
  });

  test(`an error comes after the results that are there, results ${how}`, async () => {
    const work = async (item: number): Promise<number> => {
      await turns(item);
      if (item === 3) throw new RangeError("item 3");
      return item;
    };
    const seen: number[] = [];
    await assert.rejects(
      async () => {
        for await (const one of mapPool([1, 2, 3, 4, 9, 9], work, { concurrency: 3, inOrder }))
          seen.push(one);
      },
      { name: "RangeError" },
    );
    assert.deepEqual(seen.slice(0, 2), [1, 2]);
    assert.ok(!seen.includes(9) || seen.length <= 4);
  });

  test(`all errors come in the end and the order is kept, results ${how}`, async () => {
    const work = async (item: number): Promise<number> => {
      await turns(item % 4);
      if (item % 4 === 0) throw new Error(`item ${item}`);
      return item;
    };
    const seen: number[] = [];
    const items = Array.from({ length: 20 }, (_, i) => i);
    await assert.rejects(
      async () => {
        for await (const one of mapPool(items, work, { concurrency: 3, inOrder, errors: "all" }))
          seen.push(one);
      },
      { name: "JobsFailedError" },
    );
    const wanted = items.filter((item) => item % 4 !== 0);
    if (!inOrder) seen.sort((a, b) => a - b);
    assert.deepEqual(seen, wanted);
  });
}

test("a signal ends the loop with its reason", async () => {
  const cancel = new AbortController();
  const seen = { asked: 0, closed: false };
  const results = mapPool(endless(seen), turns, { concurrency: 2, signal: cancel.signal });
  await assert.rejects(
    async () => {
      for await (const one of results) if (one === 5) cancel.abort(new Error("enough"));
    },
    { message: "enough" },
  );
  assert.equal(seen.closed, true);
});

test("nothing starts before the first result is asked for", async () => {
  const seen = { asked: 0, closed: false };
  const results = mapPool(endless(seen), turns, { concurrency: 2 });
  await turn();
  assert.equal(seen.asked, 0);
  await results.return();
  assert.equal(seen.asked, 0);
});

const END = { done: true, value: undefined };

for (const inOrder of [false, true]) {
  const how = inOrder ? "in order" : "as they come";

  test(`it can be left while a result is waited for: the wait ends at once, the jobs are cancelled, results ${how}`, async () => {
    const ends: string[] = [];
    const work = async (item: number, signal: AbortSignal): Promise<number> => {
      if (item === 2) return item;
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      await turns(3);
      ends.push(`job ${item}`);
      return item;
    };
    const results = mapPool([1, 2, 3], work, { concurrency: 3, inOrder });
    const waits = [results.next(), results.next(), results.next()];
    await turn();
    const left = results.return().then((end) => ends.push("left") && end);
    const ended = await Promise.all(waits.slice(inOrder ? 0 : 1));
    assert.ok(ended.every(({ done }) => done));
    assert.deepEqual(ends, []);
    assert.deepEqual(await left, END);
    assert.deepEqual(ends, ["job 1", "job 3", "left"]);
    assert.deepEqual([await results.next(), await results.return()], [END, END]);
  });

  test(`several may wait for results at once; an error comes to the first of them, and once, results ${how}`, async () => {
    const work = async (item: number): Promise<number> => {
      await turns(item);
      if (item === 2) throw new RangeError("item 2");
      return item;
    };
    const results = mapPool([1, 2], work, { concurrency: 2, inOrder });
    const waits = [results.next(), results.next(), results.next()];
    const [first, second, third] = await Promise.allSettled(waits);
    assert.deepEqual(first, { status: "fulfilled", value: { done: false, value: 1 } });
    assert.ok(second?.status === "rejected" && second.reason instanceof RangeError);
    assert.deepEqual(third, { status: "fulfilled", value: END });
    assert.deepEqual([await results.next(), await results.return()], [END, END]);
  });

  test(`what failed before the loop was left is thrown by the loop, results ${how}`, async () => {
    const work = async (item: number): Promise<number> => {
      if (item === 2) throw new RangeError("item 2");
      return item;
    };
    const read = async (): Promise<void> => {
      for await (const _first of mapPool([1, 2, 3], work, { concurrency: 3, inOrder, errors: "all" })) {
        await turn();
        break;
      }
    };
    await assert.rejects(read, (error) => {
      assert.ok(error instanceof JobsFailedError);
      assert.deepEqual([error.failures.length, error.failures[0]?.item], [1, 2]);
      return true;
    });
  });
}

test("throw and await using leave it too", async () => {
  const seen = { asked: 0, closed: false };
  const thrown = mapPool(endless(seen), turns, { concurrency: 2 });
  await thrown.next();
  await assert.rejects(thrown.throw(new RangeError("enough")), { name: "RangeError" });
  assert.equal(seen.closed, true);

  seen.closed = false;
  {
    await using results = mapPool(endless(seen), turns, { concurrency: 2 });
    await results.next();
  }
  assert.equal(seen.closed, true);
});

test("a subscription of RxJS ends its jobs at once by a signal that finalize aborts", async () => {
  let cancelled = 0;
  const work = async (item: number, signal: AbortSignal): Promise<number> => {
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    cancelled += 1;
    return item;
  };
  const seen = { asked: 0, closed: false };
  const cancel = new AbortController();
  const enough = new Subject<void>();
  const results = from(mapPool(endless(seen), work, { concurrency: 3, signal: cancel.signal }));
  const ended = lastValueFrom(
    results.pipe(
      takeUntil(enough),
      finalize(() => cancel.abort()),
    ),
    { defaultValue: 0 },
  );
  await turn();
  enough.next();
  assert.equal(await ended, 0);
  await turn();
  assert.deepEqual([seen.asked, cancelled, seen.closed], [3, 3, true]);
});
