import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { sleep } from "../../../support/helpers/clock/sleep.ts";
import { record } from "../../../support/helpers/recording/record.ts";
import { taskGroup } from "../../../support/helpers/task-group/task-group.ts";
import { CancelledByError, TaskGroupError } from "../../../support/helpers/task-group/task-group-errors.ts";
import { runInCell } from "../../../support/kernel/cell.ts";
import { silentCell } from "../../kernel/silent-cell.ts";

async function errorOf(run: Promise<unknown>): Promise<unknown> {
  const [end] = await Promise.allSettled([run]);
  assert.ok(end.status === "rejected", "it did not reject");
  return end.reason;
}

async function groupErrorOf(run: Promise<unknown>): Promise<TaskGroupError> {
  const error = await errorOf(run);
  assert.ok(error instanceof TaskGroupError, String(error));
  return error;
}

const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

async function fails(error: unknown, ms = 0): Promise<never> {
  await delay(ms);
  throw error;
}

test("the group gives the result of its block, after its last task", async () => {
  const seen: string[] = [];
  const value = await taskGroup(async (group) => {
    void group.start("slow", () => delay(20).then(() => seen.push("slow")));
    const quick = await group.start("quick", () => "quick");
    seen.push("block");
    return quick;
  });
  assert.equal(value, "quick");
  assert.deepEqual(seen, ["block", "slow"]);
});

test("an empty group gives its result too", async () => {
  assert.equal(await taskGroup(() => 7), 7);
});

test("the first failure cancels the other tasks and the block, and comes out with its name", async () => {
  const broken = new RangeError("broken");
  const error = await groupErrorOf(
    taskGroup(async (group) => {
      void group.start("waits", untilAborted);
      void group.start("breaks", () => fails(broken));
      await untilAborted(group.signal);
    }),
  );
  assert.deepEqual(error.failures, [{ name: "breaks", reason: broken }]);
  assert.ok(error instanceof AggregateError);
  assert.deepEqual([error.errors, error.value, error.code], [[broken], ["breaks"], "TASKS_FAILED"]);
  assert.match(error.message, /^1 in the task group failed: breaks \(RangeError: broken\)$/);
});

test("the others are told which failure it was that cancelled them", async () => {
  const broken = new Error("broken");
  let told: unknown;
  await groupErrorOf(
    taskGroup((group) => {
      void group.start("waits", (signal) =>
        untilAborted(signal).catch((reason) => {
          told = reason;
        }),
      );
      void group.start("breaks", () => fails(broken));
    }),
  );
  assert.ok(told instanceof CancelledByError);
  assert.deepEqual([told.name, told.code, told.value], ["AbortError", "ABORT_ERR", "breaks"]);
  assert.deepEqual([told.message, told.cause], ["breaks failed", broken]);
});

test("failures that come while the others stop are not lost", async () => {
  const error = await groupErrorOf(
    taskGroup((group) => {
      void group.start("first", () => fails("a"));
      void group.start("deaf", () => fails("b", 200));
      void group.start("unclean", (signal) => untilAborted(signal).catch(() => fails("c", 5)));
    }),
  );
  assert.deepEqual(error.failures, [
    { name: "first", reason: "a" },
    { name: "unclean", reason: "c" },
    { name: "deaf", reason: "b" },
  ]);
});

test("a block that throws cancels its tasks, and is named beside them", async () => {
  const error = await groupErrorOf(
    taskGroup((group) => {
      void group.start("waits", untilAborted);
      void group.start("unclean", (signal) => untilAborted(signal).catch(() => fails("b")));
      throw "a";
    }),
  );
  assert.deepEqual(error.failures, [
    { name: "the block", reason: "a" },
    { name: "unclean", reason: "b" },
  ]);
});

test("a failure that the block awaits, or catches, is told once", async () => {
  for (const caught of [false, true]) {
    const error = await groupErrorOf(
      taskGroup(async (group) => {
        const breaks = group.start("breaks", () => fails("a"));
        await (caught ? breaks.catch(() => {}) : Promise.all([breaks]));
      }),
    );
    assert.deepEqual(error.failures, [{ name: "breaks", reason: "a" }]);
  }
});

test("a task may start others, also when the block has ended", async () => {
  const seen: string[] = [];
  await taskGroup((group) => {
    void group.start("parent", async () => {
      await delay(5);
      void group.start("late", () => delay(5).then(() => seen.push("late")));
    });
  });
  assert.deepEqual(seen, ["late"]);
});

test("a task that is started when the last one has just ended belongs to the group too", async () => {
  const seen: string[] = [];
  await taskGroup((group) => {
    const first = group.start("first", () => delay(5));
    void first.then(() => group.start("second", () => delay(5).then(() => seen.push("second"))));
  });
  assert.deepEqual(seen, ["second"]);
});

test("nothing is started in a group that is over, nor in one that is being cancelled", async () => {
  let ran = false;
  const run = (): void => {
    ran = true;
  };
  let kept: Parameters<Parameters<typeof taskGroup>[0]>[0] | undefined;
  const reason = new Error("enough");
  await taskGroup(async (group) => {
    kept = group;
    group.cancel(reason);
    assert.equal(await errorOf(group.start("too late", run)), reason);
    void group.start("not awaited", run);
  });
  const error = await errorOf(Promise.resolve(kept?.start("later", run)));
  assert.ok(error instanceof Error && "code" in error);
  assert.equal(error.code, "GROUP_CLOSED");
  assert.equal(ran, false);
});

test("cancel ends the tasks, and the group still gives the result of its block", async () => {
  const first = await taskGroup(async (group) => {
    const one = group.start("quick", () => delay(5, "quick"));
    const two = group.start("slow", (signal) => delay(60_000, "slow", { signal }));
    const winner = await Promise.race([one, two]);
    group.cancel();
    return winner;
  });
  assert.equal(first, "quick");
});

test("a block that stops because it was cancelled rejects with the reason it was given", async () => {
  const run = taskGroup(async (group) => {
    group.cancel("enough");
    await Promise.reject(group.signal.reason);
  });
  assert.equal(await errorOf(run), "enough");
});

test("a signal from outside cancels the group, which waits for those who clean up, and keeps no listener", async () => {
  const outer = new AbortController();
  let cleaned = false;
  const run = taskGroup(
    (group) => {
      void group.start("cleans up", (signal) =>
        untilAborted(signal).finally(async () => {
          await delay(10);
          cleaned = true;
        }),
      );
    },
    { signal: outer.signal },
  );
  outer.abort("closing time");
  assert.equal(await errorOf(run), "closing time");
  assert.equal(cleaned, true);
  assert.equal(getEventListeners(outer.signal, "abort").length, 0);
});

test("an interrupt of its cell cancels the group", async () => {
  const interrupt = new AbortController();
  const cell = silentCell(interrupt.signal);
  const run = runInCell(cell, () =>
    taskGroup((group) => {
      void group.start("waits", untilAborted);
    }),
  );
  interrupt.abort("interrupted");
  assert.equal(await errorOf(run), "interrupted");
  assert.equal(getEventListeners(interrupt.signal, "abort").length, 0);
});

test("what failed while a signal from outside stopped the group is told with that as its cause", async () => {
  const outer = new AbortController();
  const run = taskGroup(
    (group) => {
      void group.start("unclean", (signal) => untilAborted(signal).catch(() => fails("a")));
    },
    { signal: outer.signal },
  );
  outer.abort("closing time");
  const error = await groupErrorOf(run);
  assert.deepEqual([error.errors, error.cause], [["a"], "closing time"]);
});

test("with a signal that has aborted before, the block is not run", async () => {
  const run = taskGroup(() => assert.fail("it was run"), { signal: AbortSignal.abort("closed") });
  assert.equal(await errorOf(run), "closed");
});

test("a group inside a group stops with it, and its failures keep their names", async () => {
  const error = await groupErrorOf(
    taskGroup((outer) => {
      void outer.start("inner", (signal) =>
        taskGroup(
          (inner) => {
            void inner.start("unclean", (own) => untilAborted(own).catch(() => fails("b")));
            void inner.start("stops", untilAborted);
          },
          { signal },
        ),
      );
      void outer.start("stops too", (signal) => taskGroup((inner) => untilAborted(inner.signal), { signal }));
      void outer.start("breaks", () => fails("a"));
    }),
  );
  const [breaks, inner] = error.failures;
  assert.deepEqual([error.value, breaks?.reason], [["breaks", "inner"], "a"]);
  assert.ok(inner?.reason instanceof TaskGroupError);
  assert.deepEqual(inner.reason.failures, [{ name: "unclean", reason: "b" }]);
});

test("what is no function is refused in words", async () => {
  // @ts-expect-error: on purpose
  const block = await errorOf(taskGroup(Promise.resolve()));
  assert.ok(block instanceof Error);
  assert.match(block.message, /the block of a task group is .*; give a function: \(group\) => …/);
  // @ts-expect-error: on purpose
  const error = await groupErrorOf(taskGroup((group) => void group.start("promise", Promise.resolve())));
  assert.match(error.message, /the work of promise is .*; give a function: \(signal\) => …/);
});

test("a recording shows the tasks under their block, and who cancelled whom", async () => {
  const run = await record(() =>
    taskGroup((group) => {
      void group.start("breaks", () => sleep(0.1).then(() => fails("a")));
      void group.start("stops", (signal) => sleep(60, { signal }));
    }),
  );
  assert.equal(run.ok, false);
  const [breaks, stops] = run.tasks;
  assert.deepEqual([breaks?.name, breaks?.outcome], ["breaks", "error"]);
  assert.deepEqual([stops?.name, stops?.outcome, stops?.abortedBy], ["stops", "cancelled", 0]);
  assert.ok(run.waits.some((wait) => wait.task === 0) && run.waits.some((wait) => wait.task === 1));
});
