/** Who could go on and did not get the thread, who waits for whom, and who let whom go on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as immediate, setTimeout as pause } from "node:timers/promises";
import fc from "fast-check";
import { compute, sleep } from "../../../support/helpers/clock/sleep.ts";
import { queue } from "../../../support/helpers/limits/queue.ts";
import { semaphore } from "../../../support/helpers/limits/semaphore.ts";
import { record, task } from "../../../support/helpers/recording/record.ts";
import type { RecordedTask, RecordingOf, Slice } from "../../../support/helpers/recording/recording.ts";
import { starved } from "../../../support/helpers/recording/starved.ts";

/** Stretches in order, with those that have at most `gap` between them as one. */
function merged(slices: readonly Slice[], gap: number): Slice[] {
  const whole: Slice[] = [];
  for (const { start, end } of slices.toSorted((a, b) => a.start - b.start)) {
    const last = whole.at(-1);
    if (last !== undefined && start - last.end <= gap) last.end = Math.max(last.end, end);
    else whole.push({ start, end });
  }
  return whole;
}

function named(run: RecordingOf<unknown>, name: string): RecordedTask {
  const found = run.tasks.find((one) => one.name === name);
  assert.ok(found, `no task ${name}`);
  return found;
}

function total(slices: readonly Slice[]): number {
  return slices.reduce((sum, { start, end }) => sum + end - start, 0);
}

function near(actual: number, expected: number, margin = 0.6): void {
  assert.ok(Math.abs(actual - expected) <= margin, `${actual} is not within ${margin} of ${expected}`);
}

test("a task whose timer is due while another holds the thread is ready from then on", async () => {
  const run = await record(() =>
    Promise.all([
      task("holds", async () => {
        await sleep(1);
        compute(3);
      }),
      task("ticks", () => sleep(2)),
    ]),
  );
  const [slice] = named(run, "ticks").ready;
  near(slice?.start ?? 0, 2);
  near(slice?.end ?? 0, 4);
  assert.deepEqual(named(run, "holds").ready, []);
});

test("so is one whose promise is settled by a task that then keeps the thread, and it is told who woke it", async () => {
  const run = await record(() => {
    const { promise, resolve } = Promise.withResolvers<void>();
    return Promise.all([
      task("waits", async () => promise),
      task("wakes", async () => {
        await sleep(1);
        resolve();
        compute(2);
      }),
    ]);
  });
  near(total(named(run, "waits").ready), 2);
  assert.equal(named(run, "waits").wakes[0]?.by, 1);
  near(named(run, "waits").wakes[0]?.at ?? 0, 1);
});

test("so is one that gave the thread up for a moment", async () => {
  const run = await record(() =>
    Promise.all([
      task("polite", async () => {
        await immediate();
      }),
      task("holds", () => void compute(2)),
    ]),
  );
  near(total(named(run, "polite").ready), 2);
});

test("so is one that awaits what is no promise, or a promise that was settled long ago", async () => {
  for (const make of [() => undefined, () => Promise.resolve()]) {
    const run = await record(() => {
      const value = make();
      const first = task("first", async () => {
        await value;
      });
      return Promise.all([first, task("holds", () => void compute(2))]);
    });
    near(total(named(run, "first").ready), 2);
  }
});

test("a task that sleeps while nobody holds the thread is never ready, however late its timers", async () => {
  const run = await record(() =>
    task("sleeps", async () => {
      for (let i = 0; i < 20; i += 1) await pause(3);
    }),
  );
  assert.deepEqual(run.tasks[0]?.ready, []);
});

test("a task that another one aborts is told by whom; one that a time-out ends is not", async () => {
  const run = await record(() => {
    const stop = new AbortController();
    const all = [
      task("aborted", () => sleep(9, { signal: stop.signal })),
      task("aborts", async () => {
        await sleep(1);
        stop.abort();
      }),
      task("timed out", () => sleep(9, { signal: AbortSignal.timeout(50) })),
      task("fails by itself", async () => {
        await sleep(1);
        throw new RangeError("no");
      }),
    ];
    return Promise.allSettled(all);
  });
  assert.deepEqual(
    run.tasks.map((one) => [one.outcome, one.abortedBy]),
    [
      ["cancelled", 1],
      ["result", undefined],
      ["cancelled", undefined],
      ["error", undefined],
    ],
  );
});

test("the recorded function that aborts a task is told as no task", async () => {
  const run = await record(async () => {
    const stop = new AbortController();
    const waiting = task("aborted", () => sleep(9, { signal: stop.signal }));
    await sleep(1);
    stop.abort();
    await Promise.allSettled([waiting]);
  });
  assert.equal(run.tasks[0]?.abortedBy, null);
});

test("what tasks wait for has a name: a task, a queue's item or room, a permit, a timer", async () => {
  const run = await record(async () => {
    const letters = queue<string>(0);
    const gate = semaphore(1);
    const release = await gate.acquire();
    const taken = task("takes", () => letters.get());
    const other = queue<string>(0);
    const full = task("puts", () => other.put("a"));
    const gated = task("enters", () => gate.run(() => {}));
    const both = task("joins", () => Promise.all([taken, full]));
    await task("sleeps", () => sleep(1));
    await letters.put("a");
    await other.get();
    release();
    await Promise.all([gated, both]);
  });
  const what = (name: string): unknown[] => named(run, name).waits.map((wait) => [wait.what, wait.task]);
  assert.deepEqual(what("takes"), [["an item of a queue", null]]);
  assert.deepEqual(what("puts"), [["room in a full queue", null]]);
  assert.deepEqual(what("enters"), [["a permit of a semaphore", null]]);
  assert.deepEqual(what("joins"), [
    ["takes", 0],
    ["puts", 1],
  ]);
  assert.deepEqual(what("sleeps"), [["a timer of 1 s", null]]);
  for (const { waits } of run.tasks) near(waits[0]?.end ?? 0, 1);
});

test("a wait that was not over by the end of the recording has no end", async () => {
  const letters = queue<string>();
  const leave = new AbortController();
  const run = await record(() => task("waits", () => letters.get({ signal: leave.signal })), {
    signal: AbortSignal.timeout(20),
  });
  assert.equal(run.tasks[0]?.waits[0]?.end, null);
  leave.abort();
});

/** What a random task does: it holds the thread, sleeps, or lets the loop turn. Times are ms. */
type Step = { hold: number } | { sleep: number } | { turn: true };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ hold: fc.integer({ min: 5, max: 60 }) }),
  fc.record({ sleep: fc.integer({ min: 1, max: 40 }) }),
  fc.constant({ turn: true as const }),
);

/** What a task notes of itself: when it had the thread, and from when it could have had it. In ms. */
interface Diary {
  held: Slice[];
  due: Slice[];
}

async function live(steps: readonly Step[], diary: Diary): Promise<void> {
  let since = performance.now();
  const leave = async (due: number, back: Promise<unknown>): Promise<void> => {
    diary.held.push({ start: since, end: performance.now() });
    await back;
    since = performance.now();
    diary.due.push({ start: due, end: since });
  };
  for (const one of steps) {
    if ("hold" in one) {
      const end = performance.now() + one.hold;
      while (performance.now() < end);
    } else if ("sleep" in one) await leave(performance.now() + one.sleep, pause(one.sleep));
    else await leave(performance.now(), immediate());
  }
  diary.held.push({ start: since, end: performance.now() });
}

test("what random tasks note of themselves is what is recorded, and it adds up", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { maxLength: 5 }), { minLength: 1, maxLength: 4 }),
      async (all) => {
        const diaries = all.map((): Diary => ({ held: [], due: [] }));
        const cpuBefore = process.threadCpuUsage();
        const run = await record(() =>
          Promise.all(
            all.map((steps, n) => task(`${n}`, () => live(steps, diaries[n] ?? { held: [], due: [] }))),
          ),
        );
        const { user, system } = process.threadCpuUsage(cpuBefore);
        const held = [run.cpu, ...run.tasks.map((one) => one.cpu)].flat().sort((a, b) => a.start - b.start);
        for (const [at, slice] of held.entries()) {
          assert.ok(slice.start >= (held[at - 1]?.end ?? 0) - 1e-9, "two hold the thread at once");
        }
        // Lesson seconds are 100 ms here; what the runtime does besides is little.
        assert.ok(
          (user + system) / 1000 <= total(held) * 100 * 1.1 + 15,
          "the thread worked more than was recorded",
        );
        for (const [n, one] of run.tasks.entries()) {
          const own = [...one.cpu, ...one.ready].sort((a, b) => a.start - b.start);
          for (const [at, slice] of own.entries()) {
            assert.ok(slice.start >= (own[at - 1]?.end ?? one.start) - 1e-9, "held and ready at once");
            assert.ok(slice.end <= one.end + 0.01, "after its end");
          }
          const diary = diaries[n] ?? { held: [], due: [] };
          const others = merged(
            diaries.filter((_, m) => m !== n).flatMap((other) => other.held),
            0.5,
          );
          const missed = total(starved(diary.due, others)) / 100;
          const steps = diary.due.length;
          near(total(one.ready), missed, 0.1 + steps * 0.08);
          near(total(one.cpu), total(diary.held) / 100, 0.1 + steps * 0.05);
        }
      },
    ),
    { numRuns: 25, seed: 16 },
  );
});
