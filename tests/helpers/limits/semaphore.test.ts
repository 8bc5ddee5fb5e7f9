import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { semaphore } from "../../../support/helpers/limits/semaphore.ts";

test("up to N at a time, and the others wait", async () => {
  const gate = semaphore(2);
  const releases = [await gate.acquire(), await gate.acquire()];
  const third = gate.acquire();
  assert.deepEqual([gate.free, gate.waiting], [0, 1]);
  releases[0]?.();
  (await third)();
  releases[1]?.();
  assert.deepEqual([gate.free, gate.waiting], [2, 0]);
});

test("first come, first served, and nobody who comes later slips in between", async () => {
  const gate = semaphore(1);
  const order: string[] = [];
  const release = await gate.acquire();
  const enter = (name: string): Promise<void> => gate.run(() => void order.push(name));
  const entered = [enter("a"), enter("b")];
  release();
  entered.push(enter("c"));
  await Promise.all(entered);
  assert.deepEqual(order, ["a", "b", "c"]);
});

test("releasing twice makes room once", async () => {
  const gate = semaphore(1);
  const release = await gate.acquire();
  release();
  release();
  assert.equal(gate.free, 1);
  await gate.acquire();
  release();
  assert.equal(gate.free, 0);
});

test("run gives the result back and makes room, also after a failure", async () => {
  const gate = semaphore(1);
  assert.equal(await gate.run(() => 7), 7);
  assert.equal(await gate.run(async () => "later"), "later");
  await assert.rejects(
    gate.run(() => Promise.reject(new Error("no"))),
    { message: "no" },
  );
  await assert.rejects(
    gate.run(() => {
      throw new Error("at once");
    }),
    { message: "at once" },
  );
  assert.equal(gate.free, 1);
});

test("a cancelled waiter leaves the line, and its work never runs", async () => {
  const gate = semaphore(1);
  const release = await gate.acquire();
  const cancel = new AbortController();
  let ran = false;
  const cancelled = gate.run(
    () => {
      ran = true;
    },
    { signal: cancel.signal },
  );
  const patient = gate.run(() => "patient");
  cancel.abort(new Error("enough"));
  assert.equal(gate.waiting, 1);
  await assert.rejects(cancelled, { message: "enough" });
  release();
  assert.equal(await patient, "patient");
  await assert.rejects(gate.acquire({ signal: cancel.signal }), { message: "enough" });
  await turn();
  assert.deepEqual([gate.free, gate.waiting, ran], [1, 0, false]);
});

test("a limit that is none is refused", () => {
  for (const limit of [0, -1, 2.5, Number.NaN]) {
    assert.throws(() => semaphore(limit), { name: "ArgumentError", code: "BAD_LIMIT", value: limit });
  }
});
