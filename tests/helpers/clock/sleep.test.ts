import assert from "node:assert/strict";
import { test } from "node:test";
import { LESSON_SECOND_MS } from "../../../support/helpers/clock/scale.ts";
import { blockingSleep, compute, sleep } from "../../../support/helpers/clock/sleep.ts";

async function lasts(run: () => unknown): Promise<number> {
  const start = performance.now();
  await run();
  return (performance.now() - start) / LESSON_SECOND_MS;
}

/** How often a timer fired while something ran. */
async function ticksDuring(run: () => unknown): Promise<number> {
  let ticks = 0;
  const ticker = setInterval(() => {
    ticks += 1;
  }, LESSON_SECOND_MS / 10);
  await run();
  clearInterval(ticker);
  return ticks;
}

test("sleep lasts its lesson seconds", async () => {
  const length = await lasts(() => sleep(1));
  assert.ok(length > 0.98 && length < 2, String(length));
});

test("sleep leaves the thread to others", async () => {
  assert.ok((await ticksDuring(() => sleep(2))) >= 3);
});

test("an aborted sleep rejects at once with an AbortError", async () => {
  const controller = new AbortController();
  const sleeping = sleep(3600, { signal: controller.signal });
  controller.abort();
  await assert.rejects(sleeping, { name: "AbortError" });
});

test("blockingSleep keeps the thread from everybody", async () => {
  assert.equal(await ticksDuring(() => blockingSleep(1)), 0);
  const length = await lasts(() => blockingSleep(1));
  assert.ok(length > 0.98, String(length));
});

test("compute keeps the thread busy for its lesson seconds", async () => {
  assert.equal(await ticksDuring(() => compute(1)), 0);
  const length = await lasts(() => assert.ok(compute(1) > 0));
  assert.ok(length >= 1, String(length));
});

for (const seconds of [-1, 3601, Number.NaN, Number.POSITIVE_INFINITY]) {
  test(`a length of ${seconds} is refused by all three`, async () => {
    const refused = { name: "ArgumentError", code: "BAD_DURATION", value: seconds };
    await assert.rejects(() => sleep(seconds), refused);
    assert.throws(() => blockingSleep(seconds), refused);
    assert.throws(() => compute(seconds), refused);
  });
}
