import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { type Queue, QueueClosedError, queue } from "../../../support/helpers/limits/queue.ts";
import { TAKE_BACK, takesBack } from "../../../support/helpers/limits/take-back.ts";

async function all<T>(from: Queue<T>): Promise<T[]> {
  const taken: T[] = [];
  for await (const item of from) taken.push(item);
  return taken;
}

/** Whether a promise is settled by the time that all microtasks have run. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  let over = false;
  const note = (): void => {
    over = true;
  };
  promise.then(note, note);
  await turn();
  return over;
}

test("items come out in the order in which they were put, undefined too", async () => {
  const q = queue<number | undefined>();
  for (const item of [1, undefined, 3]) await q.put(item);
  assert.equal(q.size, 3);
  assert.deepEqual([await q.get(), await q.get(), await q.get()], [1, undefined, 3]);
  assert.equal(q.size, 0);
});

test("get waits for an item, and those who wait are served in the order in which they came", async () => {
  const q = queue<string>();
  const waiting = [q.get(), q.get()];
  await q.put("a");
  await q.put("b");
  assert.deepEqual(await Promise.all(waiting), ["a", "b"]);
});

test("put waits while the queue is full, and its item keeps its place", async () => {
  const q = queue<string>(1);
  await q.put("a");
  const second = q.put("b");
  const third = q.put("c");
  assert.equal(await settled(second), false);
  assert.equal(q.size, 1);
  assert.equal(await q.get(), "a");
  assert.equal(await settled(second), true);
  assert.equal(await settled(third), false);
  assert.deepEqual([await q.get(), await q.get()], ["b", "c"]);
  await third;
});

test("with a bound of 0 a put waits until its item is taken", async () => {
  const q = queue<string>(0);
  const put = q.put("a");
  assert.equal(await settled(put), false);
  assert.equal(q.size, 0);
  assert.equal(await q.get(), "a");
  await put;
  const get = q.get();
  await q.put("b");
  assert.equal(await get, "b");
});

test("close ends every consumer, after the items that are there and those whose put waits", async () => {
  const q = queue<number>(1);
  const consumers = [all(q), all(q), all(q)];
  const puts = [1, 2, 3, 4, 5, 6].map((item) => q.put(item));
  q.close();
  const taken = await Promise.all(consumers);
  await Promise.all(puts);
  assert.deepEqual(
    taken.flat().sort((a, b) => a - b),
    [1, 2, 3, 4, 5, 6],
  );
  q.close();
});

test("a closed queue refuses items, and get on it says so when it is empty", async () => {
  const q = queue<number>();
  await q.put(1);
  const waiting = [q.get(), q.get()];
  q.close();
  const [first, second] = await Promise.allSettled(waiting);
  assert.deepEqual(first, { status: "fulfilled", value: 1 });
  assert.ok(second?.status === "rejected" && second.reason instanceof QueueClosedError);
  await assert.rejects(q.put(2), { name: "QueueClosedError", code: "QUEUE_CLOSED", message: /put/ });
  await assert.rejects(q.get(), { code: "QUEUE_CLOSED", message: /get/ });
});

test("a cancelled get takes nothing", async () => {
  const q = queue<string>();
  const cancel = new AbortController();
  const cancelled = q.get({ signal: cancel.signal });
  const patient = q.get();
  cancel.abort(new Error("gone"));
  await q.put("a");
  await assert.rejects(cancelled, { message: "gone" });
  assert.equal(await patient, "a");
  await assert.rejects(q.get({ signal: cancel.signal }), { message: "gone" });
});

test("a cancelled put adds nothing, and the next one moves up", async () => {
  const q = queue<string>(1);
  await q.put("a");
  const cancel = new AbortController();
  const cancelled = q.put("b", { signal: cancel.signal });
  const patient = q.put("c");
  cancel.abort();
  await assert.rejects(cancelled, { name: "AbortError" });
  await assert.rejects(q.put("d", { signal: cancel.signal }), { name: "AbortError" });
  assert.deepEqual([await q.get(), await q.get()], ["a", "c"]);
  await patient;
  assert.equal(q.size, 0);
});

test("a put whose signal has aborted already adds nothing, also where there is room or somebody waits", async () => {
  const q = queue<string>();
  const signal = AbortSignal.abort();
  await assert.rejects(q.put("a", { signal }), { name: "AbortError" });
  assert.equal(q.size, 0);
  const waiting = q.get();
  await assert.rejects(q.put("b", { signal }), { name: "AbortError" });
  await q.put("c");
  assert.equal(await waiting, "c");
});

test("a call that is served leaves no listener on its signal", async () => {
  const q = queue<string>(1);
  const { signal } = new AbortController();
  const get = q.get({ signal });
  await q.put("a", { signal });
  await get;
  await q.put("b");
  const put = q.put("c", { signal });
  assert.equal(getEventListeners(signal, "abort").length, 1);
  await q.get();
  await put;
  assert.equal(getEventListeners(signal, "abort").length, 0);
});

test("a signal that aborts after the call was served changes nothing", async () => {
  const q = queue<string>(1);
  const cancel = new AbortController();
  const get = q.get({ signal: cancel.signal });
  await q.put("a");
  cancel.abort();
  assert.equal(await get, "a");
});

test("whoever leaves for await early takes no item that comes later", async () => {
  const q = queue<string>();
  await q.put("a");
  for await (const item of q) {
    assert.equal(item, "a");
    break;
  }
  const iterator = q[Symbol.asyncIterator]();
  const pending = iterator.next();
  const end = { done: true, value: undefined };
  assert.deepEqual(await iterator.return?.(), end);
  assert.deepEqual(await pending, end);
  await q.put("b");
  assert.deepEqual(await iterator.next(), end, "next after return");
  assert.equal(await q.get(), "b");
});

test("a loop that is left ends its own waits and nobody else's", async () => {
  const q = queue<string>();
  const [mine, other] = [q[Symbol.asyncIterator](), q[Symbol.asyncIterator]()];
  const waits = [mine.next(), other.next(), mine.next(), q.get()];
  await mine.return?.();
  await q.put("a");
  await q.put("b");
  assert.deepEqual(await Promise.all(waits), [
    { done: true, value: undefined },
    { done: false, value: "a" },
    { done: true, value: undefined },
    "b",
  ]);
});

test("an item that is taken back is the oldest again, and the queue comes back to its bound", async () => {
  const q = queue<string>(1);
  await q.put("a");
  const iterator = q[Symbol.asyncIterator]();
  assert.ok(takesBack(iterator));
  const taken = await iterator.next();
  assert.equal(taken.value, "a");
  await q.put("b");
  const waiting = q.put("c");
  iterator[TAKE_BACK]("a");
  assert.equal(q.size, 2);
  assert.equal(await q.get(), "a");
  assert.deepEqual([q.size, await settled(waiting)], [1, false]);
  assert.deepEqual([await q.get(), await q.get()], ["b", "c"]);
  await waiting;

  const patient = q.get();
  q.close();
  iterator[TAKE_BACK]("d");
  await assert.rejects(patient, { code: "QUEUE_CLOSED" });
  assert.equal(await q.get(), "d");
  const later = queue<string>();
  const wanted = later.get();
  const other = later[Symbol.asyncIterator]();
  assert.ok(takesBack(other));
  other[TAKE_BACK]("e");
  assert.equal(await wanted, "e");
});

test("a bound that is none is refused", () => {
  for (const bound of [-1, 1.5, Number.NaN]) {
    assert.throws(() => queue(bound), { name: "ArgumentError", code: "BAD_LIMIT", value: bound });
  }
});
