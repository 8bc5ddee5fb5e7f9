/** What waits in the loop's queues, step by step. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Frame, queueFrames } from "../../../support/helpers/loop-phases/queue-frames.ts";
import { recordPhases, type Step } from "../../../support/helpers/loop-phases/record-phases.ts";
import { stepsFigure } from "../../../support/helpers/loop-phases/steps.ts";
import { shown } from "../drawing/shown.ts";

/** `sync | nextTick: tick | timers: timer` */
function words({ running, queues }: Frame): string {
  const waiting = Object.entries(queues).filter(([, all]) => all.length > 0);
  const each = waiting.map(([queue, all]) => `${queue}: ${all.map(({ label }) => label).join(" ")}`);
  return [running, ...each].join(" | ");
}

async function framesOf(run: (step: Step) => unknown): Promise<string[]> {
  return queueFrames(await recordPhases(run)).map(words);
}

test("what is set before a step waits at it, and is gone when it runs", async () => {
  const frames = await framesOf((step) => {
    setTimeout(() => step("timer"), 20);
    setImmediate(() => step("immediate"));
    process.nextTick(() => step("tick"));
    queueMicrotask(() => step("micro"));
    step("sync");
  });
  assert.deepEqual(frames, [
    "sync | nextTick: tick | microtask: micro | timers: timer | check: immediate",
    "tick | microtask: micro | timers: timer | check: immediate",
    "micro | timers: timer | check: immediate",
    "immediate | timers: timer",
    "timer",
  ]);
});

test("a reaction waits in the queue only once its promise is settled", async () => {
  const frames = await framesOf(async (step) => {
    const gate = Promise.withResolvers<void>();
    gate.promise.then(() => step("reaction"));
    step("before");
    gate.resolve();
    step("after");
    await gate.promise;
    step("after await");
  });
  assert.deepEqual(frames, [
    "before",
    "after | microtask: reaction",
    "reaction | microtask: after await",
    "after await",
  ]);
});

test("a chain queues one reaction after another", async () => {
  const frames = await framesOf((step) => {
    void Promise.resolve()
      .then(() => step("first"))
      .then(() => step("second"));
    void Promise.resolve().then(() => step("other"));
    step("sync");
  });
  assert.deepEqual(frames, [
    "sync | microtask: first other",
    "first | microtask: other",
    "other | microtask: second",
    "second",
  ]);
});

test("code with several steps is queued once, under the name of its first", async () => {
  const frames = await framesOf((step) => {
    queueMicrotask(() => {
      step("one");
      step("two");
    });
    step("sync");
  });
  assert.deepEqual(frames, ["sync | microtask: one", "one", "two"]);
});

test("an interval waits again after each of its turns", async () => {
  const frames = await framesOf(async (step) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let turns = 0;
    const interval = setInterval(() => {
      turns += 1;
      step(`turn ${turns}`);
      if (turns < 2) return;
      clearInterval(interval);
      resolve();
    }, 1);
    step("sync");
    await promise;
  });
  assert.deepEqual(frames, ["sync | timers: turn 1", "turn 1", "turn 2"]);
});

test("in random programs the next microtask is always the first that waits", async () => {
  // Each job is set off by one that comes before it in the list, or by the program itself.
  const job = fc.record({ kind: fc.constantFrom("tick", "micro", "promise"), by: fc.nat() });
  await fc.assert(
    fc.asyncProperty(fc.array(job, { maxLength: 12 }), async (jobs) => {
      const order = await recordPhases((step) => {
        const setOffBy = (parent: number): void =>
          jobs.forEach(({ kind, by }, at) => {
            if (by % (at + 1) !== parent + 1) return;
            // What it sets off is set off before its step, so that all of it waits by then.
            const run = (): void => {
              setOffBy(at);
              step(`${kind} ${at}`);
            };
            if (kind === "tick") process.nextTick(run);
            else if (kind === "micro") queueMicrotask(run);
            else void Promise.resolve().then(run);
          });
        setOffBy(-1);
        step("sync");
      });
      const frames = queueFrames(order);
      assert.equal(frames.length, jobs.length + 1);
      frames.forEach((frame, at) => {
        const next = frames[at + 1];
        const { nextTick, microtask } = frame.queues;
        const [tick, micro] = [nextTick[0]?.label, microtask[0]?.label];
        // One queue is emptied before the other, so the next step is the first of one of them.
        assert.ok(next === undefined ? !tick && !micro : [tick, micro].includes(next.running));
      });
    }),
    { numRuns: 60 },
  );
});

test("the picture has a frame for each step; its text and its table say the same", async () => {
  const order = await recordPhases((step) => {
    queueMicrotask(() => step("<micro>"));
    step("sync");
  });
  const { alt, html, document } = shown(stepsFigure(order, { title: "Mine" }));
  assert.equal(
    alt,
    "Queues, Mine: 2 steps. 1. sync runs; microtasks: <micro>. 2. <micro> runs; nothing waits.",
  );
  const rows = [...document.querySelectorAll("tbody tr")].map((row) => row.textContent);
  assert.deepEqual(rows, ["1sync<micro>", "2<micro>"]);
  assert.doesNotMatch(html, /<micro>/);
});

test("of more steps than a page holds the first are drawn, and all are in the table", async () => {
  const order = await recordPhases((step) => {
    for (let i = 0; i < 45; i += 1) step(`step ${i}`);
  });
  const { svg, document } = shown(stepsFigure(order));
  assert.match(svg, /step 39</);
  assert.doesNotMatch(svg, /step 40</);
  assert.equal(document.querySelectorAll("tbody tr").length, 45);
});
