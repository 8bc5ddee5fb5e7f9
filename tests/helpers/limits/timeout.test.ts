import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { LESSON_SECOND_MS } from "../../../support/helpers/clock/scale.ts";
import { TimeoutError, withTimeout } from "../../../support/helpers/limits/timeout.ts";

afterEach(() => mock.timers.reset());

function timers(): number {
  return process.getActiveResourcesInfo().filter((one) => one === "Timeout").length;
}

test("arguments and result stay as they are, with their types", async () => {
  const repeat = withTimeout(1, async (_limit, word: string, times: number) => word.repeat(times));
  const word: string = await repeat("ab", 2);
  assert.equal(word, "abab");
  assert.equal(await withTimeout(1, () => 7)(), 7);
});

test("work that is too slow gives a TimeoutError with its limit, and its signal has the same error", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const seen: unknown[] = [];
  const slow = withTimeout(10, (limit) => {
    limit.addEventListener("abort", () => {
      seen.push(limit.reason);
    });
    return new Promise<never>(() => {});
  });
  const end = slow();
  mock.timers.tick(10 * LESSON_SECOND_MS - 1);
  await turn();
  assert.deepEqual(seen, []);
  mock.timers.tick(1);
  const reason: unknown = await end.catch((error: unknown) => error);
  assert.ok(reason instanceof TimeoutError);
  assert.equal(seen[0], reason);
  assert.deepEqual([reason.name, reason.code, reason.value], ["TimeoutError", "TIMED_OUT", 10]);
  assert.match(reason.message, /10 lesson seconds/);
});

test("work that settles when it is aborted does not win: the caller gets the TimeoutError", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const ends: Record<
    string,
    (settle: { resolve(value: string): void; reject(reason: Error): void }) => void
  > = {
    "a result": ({ resolve }) => resolve("too late"),
    "another error": ({ reject }) => reject(new Error("too late")),
  };
  for (const [what, end] of Object.entries(ends)) {
    const work = (limit: AbortSignal): Promise<string> =>
      new Promise((resolve, reject) => {
        limit.addEventListener("abort", () => end({ resolve, reject }));
      });
    const async = async (limit: AbortSignal): Promise<string> => work(limit);
    for (const one of [work, async]) {
      const limited = withTimeout(1, one)();
      mock.timers.tick(LESSON_SECOND_MS);
      await assert.rejects(limited, { name: "TimeoutError" }, what);
    }
  }
});

test("what becomes of work that does not listen is not looked at", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  let failLate = (_reason: Error): void => {};
  const deaf = withTimeout(1, () => new Promise<never>((_resolve, reject) => (failLate = reject)));
  const end = deaf();
  mock.timers.tick(LESSON_SECOND_MS);
  await assert.rejects(end, { name: "TimeoutError" });
  failLate(new Error("an unhandled rejection would fail this test"));
  await turn();
});

test("the timer is cleared however the work ends", async () => {
  const before = timers();
  const failing = withTimeout(3600, () => Promise.reject(new Error("failed")));
  const throwing = withTimeout(3600, () => {
    throw new Error("thrown");
  });
  await withTimeout(3600, async () => {})();
  await assert.rejects(failing(), { message: "failed" });
  await assert.rejects(throwing(), { message: "thrown" });
  assert.equal(timers(), before);
});

test("each call has a limit of its own", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const wait = withTimeout(2, (_limit, seconds: number) => {
    return new Promise((resolve) => setTimeout(resolve, seconds * LESSON_SECOND_MS, seconds));
  });
  const first = wait(1);
  mock.timers.tick(LESSON_SECOND_MS);
  const second = wait(3);
  mock.timers.tick(2 * LESSON_SECOND_MS);
  assert.equal(await first, 1);
  await assert.rejects(second, { name: "TimeoutError" });
});

test("a limit that is no length of time is refused at once", () => {
  assert.throws(() => withTimeout(-1, async () => {}), { code: "BAD_DURATION", value: -1 });
});
