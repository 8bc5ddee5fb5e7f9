import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { JobsFailedError } from "../../../support/helpers/limits/limit-errors.ts";
import { pool } from "../../../support/helpers/limits/pool.ts";
import { queue } from "../../../support/helpers/limits/queue.ts";

/** Counts what is asked of it, and whether it was closed. */
function source(length: number) {
  const seen = { asked: 0, closed: false };
  function* items(): Generator<number> {
    try {
      while (seen.asked < length) {
        seen.asked += 1;
        yield seen.asked;
      }
    } finally {
      seen.closed = true;
    }
  }
  return { seen, items: items() };
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}

test("every item is worked on once, of an iterable and of an async one, with work that returns at once too", async () => {
  const done: number[] = [];
  assert.equal(await pool([1, 2, 3], (item) => done.push(item), { concurrency: 2 }), 3);
  async function* later(): AsyncGenerator<number> {
    yield 4;
    await turn();
    yield 5;
  }
  assert.equal(await pool(later(), async (item) => done.push(item), { concurrency: 2 }), 2);
  assert.equal(await pool([], () => {}, { concurrency: 2 }), 0);
  assert.deepEqual(done, [1, 2, 3, 4, 5]);
});

test("nothing is asked for before there is room for it", async () => {
  const { seen, items } = source(50);
  let finished = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    await turn();
    most = Math.max(most, seen.asked - finished);
    finished += 1;
  };
  assert.equal(await pool(items, work, { concurrency: 5 }), 50);
  assert.equal(most, 5);
});

test("the first failure ends an endless pool: the others are cancelled, the source is closed", async () => {
  const { seen, items } = source(Number.POSITIVE_INFINITY);
  let cancelled = 0;
  const work = async (item: number, signal: AbortSignal): Promise<void> => {
    if (item === 3) {
      await turn();
      throw new RangeError("item 3");
    }
    await untilAborted(signal).catch((reason: unknown) => {
      assert.ok(reason instanceof DOMException && reason.name === "AbortError");
      cancelled += 1;
    });
  };
  await assert.rejects(pool(items, work, { concurrency: 4 }), { name: "RangeError", message: "item 3" });
  assert.deepEqual([seen.asked, seen.closed, cancelled], [4, true, 3]);
});

test("with errors: all the others are done, and the failures come in the end", async () => {
  const work = async (item: number): Promise<void> => {
    if (item % 3 === 0) throw new Error(`item ${item}`);
  };
  await assert.rejects(pool([1, 2, 3, 4, 5, 6], work, { concurrency: 2, errors: "all" }), (error) => {
    assert.ok(error instanceof JobsFailedError);
    assert.deepEqual([error.name, error.code], ["JobsFailedError", "JOBS_FAILED"]);
    assert.match(error.message, /2 of 6/);
    assert.deepEqual(
      error.errors.map((one) => one instanceof Error && one.message),
      ["item 3", "item 6"],
    );
    return true;
  });
});

/** What a pool rejected with, which must be a JobsFailedError. */
async function failureOf(end: Promise<unknown>): Promise<JobsFailedError> {
  const error: unknown = await end.then(
    () => assert.fail("it did not reject"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof JobsFailedError, String(error));
  return error;
}

test("each failure comes with its item", async () => {
  const work = async (item: string): Promise<void> => {
    await turn();
    if (item !== "b") throw new Error(`no ${item}`);
  };
  const { failures, cause } = await failureOf(pool("abc", work, { concurrency: 3, errors: "all" }));
  assert.deepEqual(
    failures.map(({ item, reason }) => [item, String(reason)]),
    [
      ["a", "Error: no a"],
      ["c", "Error: no c"],
    ],
  );
  assert.equal(cause, undefined);
});

test("with errors: first, a second failure is not lost: the first is the cause of what is thrown", async () => {
  const work = async (item: number, signal: AbortSignal): Promise<void> => {
    if (item === 1) throw new RangeError("the first");
    if (item === 2) await untilAborted(signal);
    await turn();
    if (item === 3) throw new TypeError("the second");
  };
  const error = await failureOf(pool([1, 2, 3, 4], work, { concurrency: 4 }));
  assert.ok(error.cause instanceof RangeError);
  assert.deepEqual(
    error.failures.map(({ item }) => item),
    [1, 3],
  );
  assert.deepEqual(error.errors.map(String), ["RangeError: the first", "TypeError: the second"]);
  assert.match(error.message, /2 of 4 jobs failed, and the pool was ended early/);
});

test("failures of a pool inside a pool are not lost when both are told to stop", async () => {
  const cancel = new AbortController();
  const unclean = (_: string, signal: AbortSignal): Promise<never> =>
    untilAborted(signal).catch(() => {
      throw new RangeError("unclean");
    });
  const inner = (_: number, signal: AbortSignal): Promise<unknown> =>
    pool("ab", unclean, { concurrency: 2, signal });
  setImmediate(() => cancel.abort("enough"));
  const error = await failureOf(pool([1], inner, { concurrency: 1, signal: cancel.signal }));
  const [failed] = error.failures;
  assert.ok(failed?.reason instanceof JobsFailedError);
  assert.deepEqual(failed.reason.errors.map(String), ["RangeError: unclean", "RangeError: unclean"]);
});

test("with errors: all, neither an abort nor a broken source takes the failures away", async () => {
  const work = async (item: number, signal: AbortSignal): Promise<void> => {
    if (item === 1) throw new RangeError("item 1");
    await untilAborted(signal);
  };
  const cancel = new AbortController();
  setImmediate(() => cancel.abort("enough"));
  const options = { concurrency: 2, errors: "all" as const };
  const cancelled = await failureOf(pool([1, 2], work, { ...options, signal: cancel.signal }));
  assert.equal(cancelled.cause, "enough");
  assert.deepEqual([cancelled.errors.map(String), cancelled.failures[0]?.item], [["RangeError: item 1"], 1]);

  function* broken(): Generator<number> {
    yield 1;
    yield 2;
    throw new TypeError("no more");
  }
  const source = await failureOf(pool(broken(), work, { ...options, concurrency: 3 }));
  assert.deepEqual(source.errors.map(String), ["TypeError: no more", "RangeError: item 1"]);
  assert.deepEqual([String(source.cause), source.failures.length], ["TypeError: no more", 1]);
});

test("a job that fails while it is cancelled, and a source that can't be closed, are not lost either", async () => {
  const cancel = new AbortController();
  setImmediate(() => cancel.abort(new Error("enough")));
  const work = async (_item: number, signal: AbortSignal): Promise<void> => {
    await untilAborted(signal).catch(() => {});
    throw new RangeError("could not roll back");
  };
  function* items(): Generator<number> {
    try {
      for (;;) yield 7;
    } finally {
      // biome-ignore lint/correctness/noUnsafeFinally: what a source does when it is closed is what is tested
      throw new TypeError("stuck");
    }
  }
  const error = await failureOf(pool(items(), work, { concurrency: 1, signal: cancel.signal }));
  assert.deepEqual(error.errors.map(String), ["RangeError: could not roll back", "TypeError: stuck"]);
  assert.deepEqual([String(error.cause), error.failures[0]?.item], ["Error: enough", 7]);
});

test("work that throws before it returns a promise is a failure like any other", async () => {
  const work = (): never => {
    throw new Error("at once");
  };
  await assert.rejects(pool([1], work, { concurrency: 1 }), { message: "at once" });
});

test("a signal cancels, also when no job ever waits, and the pool waits for the jobs that run", async () => {
  const cancel = new AbortController();
  setImmediate(() => cancel.abort(new Error("enough")));
  const { seen, items } = source(Number.POSITIVE_INFINITY);
  await assert.rejects(
    pool(items, () => {}, { concurrency: 10, signal: cancel.signal }),
    { message: "enough" },
  );
  assert.equal(seen.closed, true);

  const other = new AbortController();
  let finished = false;
  const slow = async (): Promise<void> => {
    other.abort();
    await turn();
    finished = true;
  };
  await assert.rejects(pool([1, 2], slow, { concurrency: 1, signal: other.signal }), { name: "AbortError" });
  assert.equal(finished, true);
});

test("the jobs are told the caller's reason, and have not failed when they reject with it", async () => {
  const cancel = new AbortController();
  const reason = new Error("enough");
  const told: unknown[] = [];
  const work = async (_item: number, signal: AbortSignal): Promise<void> => {
    await untilAborted(signal).catch((why: unknown) => told.push(why));
    signal.throwIfAborted();
  };
  setImmediate(() => cancel.abort(reason));
  const end = pool([1, 2], work, { concurrency: 2, errors: "all", signal: cancel.signal });
  await assert.rejects(end, (error) => error === reason);
  assert.deepEqual(told, [reason, reason]);
});

test("a signal that has aborted already starts nothing", async () => {
  const { seen, items } = source(3);
  const options = { concurrency: 1, signal: AbortSignal.abort() };
  await assert.rejects(
    pool(items, () => {}, options),
    { name: "AbortError" },
  );
  assert.equal(seen.asked, 0);
});

test("drain finishes what runs and starts nothing more", async () => {
  const { seen, items } = source(Number.POSITIVE_INFINITY);
  const drain = new AbortController();
  let cancelled = false;
  const work = async (item: number, signal: AbortSignal): Promise<void> => {
    await turn();
    cancelled ||= signal.aborted;
    if (item === 7) drain.abort();
  };
  const done = await pool(items, work, { concurrency: 3, drain: drain.signal });
  assert.equal(done, seen.asked);
  assert.ok(done >= 7 && done < 10);
  assert.deepEqual([seen.closed, cancelled], [true, false]);
  assert.equal(await pool(items, work, { concurrency: 3, drain: AbortSignal.abort() }), 0);
});

test("an item that a generator is about to give is worked on when draining", async () => {
  const items = queue<string>();
  async function* fromQueue(): AsyncGenerator<string> {
    for await (const item of items) yield item;
  }
  const drain = new AbortController();
  const done: string[] = [];
  const work = (item: string): void => void done.push(item);
  const draining = pool(fromQueue(), work, { concurrency: 2, drain: drain.signal });
  drain.abort();
  await items.put("a");
  assert.equal(await draining, 1);
  assert.deepEqual(done, ["a"]);
});

test("draining ends at an idle queue, when the jobs have ended, and what comes later stays in the queue", async () => {
  const items = queue<string>();
  const drain = new AbortController();
  const done: string[] = [];
  const work = async (item: string): Promise<void> => {
    await turn();
    done.push(item);
  };
  await items.put("a");
  const draining = pool(items, work, { concurrency: 2, drain: drain.signal });
  await Promise.resolve();
  drain.abort();
  assert.equal(await draining, 1);
  assert.equal(await pool(items, work, { concurrency: 2, drain: AbortSignal.abort() }), 0);
  await items.put("b");
  assert.deepEqual([done, await items.get()], [["a"], "b"]);
});

test("a cancelled pool leaves a queue what comes later, and gives back what came at the same moment", async () => {
  const items = queue<string>();
  const work = (item: string): void => assert.fail(`worked on ${item}`);
  for (const [first, then] of [
    ["put", "abort"],
    ["abort", "put"],
  ]) {
    const cancel = new AbortController();
    const cancelled = pool(items, work, { concurrency: 2, signal: cancel.signal });
    await turn();
    const puts = [];
    for (const what of [first, then]) {
      if (what === "put") puts.push(items.put("a"), items.put("b"));
      else cancel.abort();
    }
    await assert.rejects(cancelled, { name: "AbortError" });
    await Promise.all(puts);
    assert.deepEqual([items.size, await items.get(), await items.get()], [2, "a", "b"]);
  }
});

test("an item of another source that comes too late is told to onDropped", async () => {
  const dropped: number[] = [];
  const onDropped = (item: number): void => void dropped.push(item);
  const cancel = new AbortController();
  function* aborting(): Generator<number> {
    yield 1;
    cancel.abort();
    yield 2;
  }
  const done: number[] = [];
  const work = (item: number): void => void done.push(item);
  const options = { concurrency: 2, signal: cancel.signal, onDropped };
  await assert.rejects(pool(aborting(), work, options), { name: "AbortError" });
  assert.deepEqual([done, dropped], [[1], [2]]);
  function* failing(): Generator<number> {
    yield 3;
    failSoon.abort(new Error("too soon"));
    yield 4;
  }
  const failSoon = new AbortController();
  const deaf = { concurrency: 2, signal: failSoon.signal, onDropped: () => assert.fail("deaf") };
  await assert.rejects(pool(failing(), work, deaf), (error) => {
    assert.ok(error instanceof JobsFailedError && error.cause === failSoon.signal.reason);
    assert.deepEqual(
      [error.errors.map(String), error.failures],
      [["AssertionError [ERR_ASSERTION]: deaf"], []],
    );
    return true;
  });
});

test("a source that never answers does not keep a cancelled pool", async () => {
  const cancel = new AbortController();
  async function* silent(): AsyncGenerator<number> {
    yield 1;
    await new Promise(() => {});
  }
  const end = pool(silent(), () => cancel.abort(), { concurrency: 2, signal: cancel.signal });
  await assert.rejects(end, { name: "AbortError" });
});

test("an item that comes after the cancellation is dropped", async () => {
  const cancel = new AbortController();
  let give = (_item: number): void => {};
  async function* late(): AsyncGenerator<number> {
    yield new Promise<number>((resolve) => {
      give = resolve;
    });
  }
  let ran = false;
  const work = (): void => {
    ran = true;
  };
  const dropped: number[] = [];
  const onDropped = (item: number): void => void dropped.push(item);
  const end = pool(late(), work, { concurrency: 1, signal: cancel.signal, onDropped });
  await turn();
  cancel.abort();
  await assert.rejects(end, { name: "AbortError" });
  give(1);
  await turn();
  assert.deepEqual([ran, dropped], [false, [1]]);
});

test("a source that fails ends the pool with its error, while it makes an item or is closed", async () => {
  function* broken(): Generator<number> {
    yield 1;
    throw new Error("no more");
  }
  await assert.rejects(
    pool(broken(), () => {}, { concurrency: 1 }),
    { message: "no more" },
  );
  async function* brokenLater(): AsyncGenerator<number> {
    yield* broken();
  }
  await assert.rejects(
    pool(brokenLater(), () => {}, { concurrency: 1, errors: "all" }),
    { message: "no more" },
  );
  function* hardToClose(): Generator<number> {
    try {
      for (;;) yield 1;
    } finally {
      // biome-ignore lint/correctness/noUnsafeFinally: what a source does when it is closed is what is tested
      throw new Error("stuck");
    }
  }
  const drain = new AbortController();
  const end = pool(hardToClose(), () => drain.abort(), { concurrency: 1, drain: drain.signal });
  await assert.rejects(end, { message: "stuck" });
});

test("a source that has ended or failed is not closed again", async () => {
  let closed = 0;
  const source = (last: () => IteratorResult<number>): Iterable<number> => ({
    [Symbol.iterator]: () => ({
      next: last,
      return() {
        closed += 1;
        return { done: true, value: undefined };
      },
    }),
  });
  const broken = (): never => {
    throw new Error("broken");
  };
  const options = { concurrency: 1 };
  const ended = source(() => ({ done: true, value: undefined }));
  assert.equal(await pool(ended, () => {}, options), 0);
  await assert.rejects(
    pool(source(broken), () => {}, options),
    { message: "broken" },
  );
  assert.equal(closed, 0);
});

test("an AbortError is a failure, unless the job was told to stop", async () => {
  const own = new DOMException("its own", "AbortError");
  const failing = () => Promise.reject(own);
  await assert.rejects(pool([1], failing, { concurrency: 1 }), (error) => error === own);
  const { failures } = await failureOf(pool([1], failing, { concurrency: 1, errors: "all" }));
  assert.deepEqual(failures, [{ item: 1, reason: own }]);

  const enough = new Error("enough");
  const ways = [
    own,
    Object.assign(new Error("undici's"), { code: "UND_ERR_ABORTED" }),
    new Error("stopped", { cause: enough }),
  ];
  const cancel = new AbortController();
  const stopping = async (way: Error, signal: AbortSignal): Promise<never> => {
    await untilAborted(signal).catch(() => {});
    throw way;
  };
  setImmediate(() => cancel.abort(enough));
  const end = pool(ways, stopping, { concurrency: 3, signal: cancel.signal });
  await assert.rejects(end, (error) => error === enough);
});

test("a pool waits until its source is closed", async () => {
  let closed = false;
  async function* slowToClose(): AsyncGenerator<number> {
    try {
      for (;;) yield 1;
    } finally {
      await turn();
      closed = true;
    }
  }
  const drain = new AbortController();
  const work = async (): Promise<void> => {
    await turn();
    drain.abort();
  };
  await pool(slowToClose(), work, { concurrency: 1, drain: drain.signal });
  assert.equal(closed, true);
});

test("a source that drains or cancels the pool while it makes an item", async () => {
  const drain = new AbortController();
  function* one(stop: AbortController): Generator<number> {
    stop.abort();
    yield 1;
  }
  const done: number[] = [];
  const work = (item: number): void => void done.push(item);
  assert.equal(await pool(one(drain), work, { concurrency: 2, drain: drain.signal }), 1);
  const cancel = new AbortController();
  const end = pool(one(cancel), work, { concurrency: 2, signal: cancel.signal });
  await assert.rejects(end, { name: "AbortError" });
  assert.deepEqual(done, [1]);
});

test("progress is told after each job, and an error of the one who is told ends the pool", async () => {
  const told: number[] = [];
  await pool("abc", () => {}, { concurrency: 2, onProgress: (ended) => told.push(ended) });
  assert.deepEqual(told, [1, 2, 3]);
  const onProgress = (): never => {
    throw new Error("deaf");
  };
  await assert.rejects(
    pool("abc", () => {}, { concurrency: 2, onProgress }),
    { message: "deaf" },
  );
});

test("jobs that never wait let the event loop turn", async () => {
  let turns = 0;
  const count = (): void => {
    turns += 1;
    again = setImmediate(count);
  };
  let again = setImmediate(count);
  await pool(
    Array.from({ length: 10_000 }, (_, i) => i),
    () => {},
    { concurrency: 10 },
  );
  clearImmediate(again);
  assert.ok(turns >= 9, `${turns} turns`);
});

test("thousand jobs may listen to the signal without a warning", async () => {
  const warnings: Error[] = [];
  const note = (warning: Error): void => void warnings.push(warning);
  process.on("warning", note);
  const cancel = new AbortController();
  setImmediate(() => cancel.abort());
  const work = (_item: number, signal: AbortSignal): Promise<never> => untilAborted(signal);
  const { items } = source(Number.POSITIVE_INFINITY);
  await assert.rejects(pool(items, work, { concurrency: 900, signal: cancel.signal }), {
    name: "AbortError",
  });
  await turn();
  process.off("warning", note);
  assert.deepEqual(warnings, []);
});

test("a pool that has ended leaves no listener on the signals it was given", async () => {
  const signals = { signal: new AbortController().signal, drain: new AbortController().signal };
  await pool([1, 2], () => turn(), { concurrency: 1, ...signals });
  for (const one of Object.values(signals)) assert.equal(getEventListeners(one, "abort").length, 0);
});

test("a concurrency that is none is refused", async () => {
  await assert.rejects(
    pool([1], () => {}, { concurrency: 0 }),
    { code: "BAD_LIMIT", value: 0 },
  );
});
