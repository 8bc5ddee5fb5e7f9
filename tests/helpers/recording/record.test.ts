import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { setImmediate as immediate } from "node:timers/promises";
import { stopAll } from "../../../support/helpers/clean-up/stop-all.ts";
import { compute, sleep } from "../../../support/helpers/clock/sleep.ts";
import { ArgumentError } from "../../../support/helpers/errors/support-error.ts";
import { record, task } from "../../../support/helpers/recording/record.ts";
import type { RecordedTask, RecordingOf, Slice } from "../../../support/helpers/recording/recording.ts";

function named(recording: RecordingOf<unknown>, name: string): RecordedTask {
  const found = recording.tasks.find((one) => one.name === name);
  assert.ok(found, `no task ${name}`);
  return found;
}

function total(slices: readonly Slice[]): number {
  return slices.reduce((sum, slice) => sum + slice.end - slice.start, 0);
}

function near(actual: number, expected: number, margin = 0.45): void {
  assert.ok(Math.abs(actual - expected) <= margin, `${actual} is not within ${margin} of ${expected}`);
}

test("the value of the recorded function is in the recording", async () => {
  const run = await record(async () => 42);
  assert.equal(run.ok, true);
  assert.equal(run.value, 42);
  assert.deepEqual(run.tasks, []);
});

test("a function that throws at once is recorded as failed, and record does not reject", async () => {
  const error = new RangeError("no");
  const run = await record(() => {
    throw error;
  });
  assert.equal(run.ok, false);
  assert.equal(run.error, error);
});

test("a function that rejects later is recorded as failed", async () => {
  const run = await record(async () => {
    await sleep(0.1);
    throw new TypeError("late");
  });
  assert.equal(run.ok, false);
  assert.match(String(run.error), /late/);
});

test("each task has its name, start, end and outcome", async () => {
  const run = await record(async () => {
    await task("first", () => sleep(2));
    await task("second", () => sleep(1));
  });
  assert.deepEqual(
    run.tasks.map(({ name, outcome, parent, error }) => ({ name, outcome, parent, error })),
    [
      { name: "first", outcome: "result", parent: null, error: null },
      { name: "second", outcome: "result", parent: null, error: null },
    ],
  );
  near(named(run, "first").start, 0);
  near(named(run, "first").end, 2);
  near(named(run, "second").start, 2);
  near(named(run, "second").end, 3);
  near(run.makespan, 3);
});

test("task gives the work's result and error to its caller, in a recording and outside", async () => {
  const both = async (): Promise<void> => {
    assert.equal(await task("sync", () => 1), 1);
    assert.equal(await task("async", async () => 2), 2);
    await assert.rejects(
      task("throws", () => {
        throw new RangeError("a");
      }),
      /a/,
    );
    await assert.rejects(
      task("rejects", async () => {
        throw new RangeError("b");
      }),
      /b/,
    );
  };
  await both();
  const run = await record(both);
  assert.deepEqual(run.error, undefined);
  assert.deepEqual(
    run.tasks.map((one) => one.outcome),
    ["result", "result", "error", "error"],
  );
  assert.deepEqual(named(run, "rejects").error, { name: "RangeError", message: "b" });
});

test("a failure that nobody handles is still reported as unhandled", () => {
  const module = new URL("../../../support/helpers/recording/record.ts", import.meta.url).href;
  const script = `const { record, task } = await import(${JSON.stringify(module)});
    await record(() => { task("lost", async () => { throw new Error("nobody looks"); }); });`;
  const run = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  assert.equal(run.status, 1);
  assert.match(run.stderr, /nobody looks/);
});

test("a task aborted by its signal is cancelled, not failed", async () => {
  const controller = new AbortController();
  const run = await record(async () => {
    const pending = task("aborted", () => sleep(3600, { signal: controller.signal }));
    await sleep(0.2);
    controller.abort();
    await Promise.allSettled([pending]);
  });
  assert.equal(named(run, "aborted").outcome, "cancelled");
  assert.equal(named(run, "aborted").error?.name, "AbortError");
});

test("a task that AbortSignal.timeout ends is cancelled", async () => {
  const run = await record(() =>
    Promise.allSettled([
      task("timed out", async () => {
        const signal = AbortSignal.timeout(5);
        await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      }),
    ]),
  );
  assert.equal(named(run, "timed out").outcome, "cancelled");
});

test("an error thrown by the task itself is no cancellation, even if it says TimeoutError", async () => {
  const error = new Error("too slow");
  error.name = "TimeoutError";
  const run = await record(() => Promise.allSettled([task("own", () => Promise.reject(error))]));
  assert.equal(named(run, "own").outcome, "error");
});

test("something thrown that is no Error is recorded with its type and text", async () => {
  const run = await record(() => Promise.allSettled([task("odd", () => Promise.reject("text"))]));
  assert.deepEqual(named(run, "odd").error, { name: "string", message: "text" });
});

test("the CPU slices of two tasks are told apart", async () => {
  const run = await record(() =>
    Promise.all([
      task("worker", async () => {
        await sleep(1);
        compute(1);
        await sleep(1);
      }),
      task("sleeper", () => sleep(2.5)),
    ]),
  );
  near(total(named(run, "worker").cpu), 1, 0.3);
  near(total(named(run, "sleeper").cpu), 0, 0.2);
});

test("work in a timer's callback belongs to the task that set the timer", async () => {
  const run = await record(() =>
    task("callback", () => new Promise<void>((resolve) => setTimeout(() => resolve(void compute(1)), 5))),
  );
  assert.ok(total(named(run, "callback").cpu) >= 1);
});

test("work after an await of somebody else's promise belongs to the task that awaits", async () => {
  const run = await record(async () => {
    const shared = task("owner", () => sleep(1));
    await Promise.all([
      shared,
      task("waiter", async () => {
        await shared;
        compute(1);
      }),
    ]);
  });
  assert.ok(total(named(run, "waiter").cpu) >= 1);
  near(total(named(run, "owner").cpu), 0, 0.2);
});

test("a nested task names its parent, and its work is not its parent's", async () => {
  const run = await record(() =>
    task("outer", async () => {
      await task("inner", () => void compute(1));
      await sleep(0.1);
    }),
  );
  assert.equal(named(run, "inner").parent, run.tasks.indexOf(named(run, "outer")));
  assert.ok(total(named(run, "inner").cpu) >= 1);
  near(total(named(run, "outer").cpu), 0, 0.2);
});

test("work of the recorded function outside its tasks is recorded apart", async () => {
  const run = await record(() => void compute(1));
  assert.ok(total(run.cpu) >= 1);
});

test("slices are in order, do not overlap, and lie within their task", async () => {
  const run = await record(() =>
    Promise.all(
      [1, 2, 3, 4].map((n) =>
        task(`t${n}`, async () => {
          for (let i = 0; i < 20; i += 1) {
            compute(0.01);
            await immediate();
          }
        }),
      ),
    ),
  );
  const all = run.tasks.flatMap((one) => one.cpu).sort((a, b) => a.start - b.start);
  for (const [i, slice] of all.entries()) {
    assert.ok(slice.end >= slice.start);
    assert.ok(slice.start >= (all[i - 1]?.end ?? 0) - 1e-9, "overlap");
  }
  for (const one of run.tasks) {
    assert.ok((one.cpu[0]?.start ?? -1) >= one.start && (one.cpu.at(-1)?.end ?? -1) <= one.end + 0.01);
  }
});

test("record waits for tasks that the function did not wait for, and says when the function returned", async () => {
  const run = await record(() => Promise.race([task("quick", () => sleep(1)), task("slow", () => sleep(3))]));
  assert.equal(named(run, "slow").outcome, "result");
  near(run.settled, 1);
  near(run.makespan, 3);
});

test("record waits for a task that another's end sets off", async () => {
  const run = await record(() => {
    void task("first", () => sleep(0.5)).then(() => task("second", () => sleep(0.5)));
  });
  assert.equal(named(run, "second").outcome, "result");
});

test("an aborted recording returns at once and says what was still running", async () => {
  const signal = AbortSignal.timeout(30);
  const leave = new AbortController();
  const run = await record(
    () => {
      task("endless", () => sleep(3600, { signal: leave.signal })).catch(() => {});
    },
    { signal },
  );
  assert.equal(named(run, "endless").outcome, "running");
  assert.ok(run.makespan < 100);
  leave.abort();
});

test("stopAll ends the waiting of a recording whose function never returns", async () => {
  const running = record(() => new Promise<void>(() => {}));
  assert.equal(await stopAll(), 1);
  const run = await running;
  assert.equal(run.ok, false);
  assert.match(String(run.error), /AbortError/);
});

test("a recording inside a task of another one counts for both", async () => {
  let inner: RecordingOf<unknown> | undefined;
  const outer = await record(() =>
    task("outer", async () => {
      inner = await record(() => task("inner", () => void compute(1)));
    }),
  );
  assert.ok(inner !== undefined && total(named(inner, "inner").cpu) >= 1);
  assert.ok(total(named(outer, "outer").cpu) >= 1);
});

test("two recordings at once keep their tasks apart", async () => {
  const [a, b] = await Promise.all([
    record(() => task("a", () => sleep(0.3))),
    record(() => task("b", () => sleep(0.3))),
  ]);
  assert.deepEqual([a.tasks.map((t) => t.name), b.tasks.map((t) => t.name)], [["a"], ["b"]]);
});

test("10,000 tasks are recorded, each with its end", async () => {
  const run = await record(() =>
    Promise.all(Array.from({ length: 10_000 }, (_, i) => task(`t${i}`, () => sleep(0.5)))),
  );
  assert.equal(run.tasks.length, 10_000);
  assert.ok(run.tasks.every((one) => one.outcome === "result" && one.end > one.start));
});

test("a recording is plain data: it survives JSON", async () => {
  const run = await record(() => task("a", () => sleep(0.1)));
  const { tasks, makespan, cpu } = run;
  assert.deepEqual(JSON.parse(JSON.stringify({ tasks, makespan, cpu })), { tasks, makespan, cpu });
});

test("a task that throws at once, or that returns null or undefined, ends after it started", async () => {
  const thrown = new RangeError("no");
  const run = await record(async () => {
    await sleep(0.5);
    await task("throws", () => {
      compute(1);
      throw thrown;
    }).catch(() => {});
    await task("null", () => {
      compute(1);
      return null;
    });
    await task("undefined", () => void compute(1));
    await task("later null", async () => {
      await sleep(1);
      return null;
    });
  });
  assert.equal(run.tasks.length, 4);
  for (const one of run.tasks) {
    assert.ok(one.start >= 0.4, `${one.name} started at ${one.start}`);
    near(one.end - one.start, 1);
  }
  near(run.makespan, 4.5);
});

/** What can be thrown and can't be asked for its name or its text. */
const UNSPEAKABLE: Record<string, unknown> = {
  "an object without a prototype": Object.create(null),
  "an object whose toString throws": {
    toString() {
      throw new Error("no text");
    },
  },
  "an error whose message can't be had": Object.defineProperty(new Error(), "message", {
    get() {
      throw new Error("no message");
    },
  }),
  "an error whose code can't be had": Object.defineProperty(new Error("no code"), "code", {
    get() {
      throw new Error("no code");
    },
  }),
  "a revoked proxy": (() => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  })(),
  "a symbol": Symbol("thrown"),
};

for (const [what, reason] of Object.entries(UNSPEAKABLE)) {
  test(`${what} may be thrown by a task: it is recorded, and record does not reject`, async () => {
    const run = await record(() => task("odd", () => Promise.reject(reason)));
    assert.equal(run.ok, false);
    assert.equal(run.error, reason);
    const { outcome, error } = named(run, "odd");
    assert.equal(outcome, "error");
    assert.equal(typeof error?.message, "string");
    assert.ok(error?.name);
  });
}

test("a signal that has aborted already: the function is not run, and the recording says why", async () => {
  const reason = new Error("enough");
  let ran = false;
  const run = await record(
    () => {
      ran = true;
    },
    { signal: AbortSignal.abort(reason) },
  );
  assert.deepEqual([ran, run.ok, run.error, run.tasks], [false, false, reason, []]);
});

test("a promise given instead of a function is refused with what to write", async () => {
  // @ts-expect-error a promise is no function
  const refused = task("request", sleep(0));
  await assert.rejects(refused, (error) => {
    assert.ok(error instanceof ArgumentError);
    assert.match(
      error.message,
      /task\("request", …\).*give a function: \(\) => ….*a promise is running already/,
    );
    return true;
  });
  // @ts-expect-error neither is a number
  await assert.rejects(record(7), { name: "ArgumentError", code: "NOT_A_FUNCTION", value: 7 });
});
