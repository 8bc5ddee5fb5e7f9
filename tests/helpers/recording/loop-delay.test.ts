/** How late the loop was while a recording ran. */
import assert from "node:assert/strict";
import { createHook } from "node:async_hooks";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { compute, sleep } from "../../../support/helpers/clock/sleep.ts";
import { record, task } from "../../../support/helpers/recording/record.ts";

test("the loop is looked at every tenth of a lesson second, and on a free loop a look is hardly late", async () => {
  const { loopDelay, makespan } = await record(() => sleep(4));
  assert.equal(loopDelay.every, 0.1);
  const { looks } = loopDelay;
  assert.ok(looks.length > 15 && looks.length <= makespan / 0.1, `${looks.length} looks in ${makespan} s`);
  for (const [n, { due, late }] of looks.entries()) {
    assert.ok(
      late >= 0 && due >= (looks[n - 1]?.due ?? 0) + (n === 0 ? 0 : 0.1) - 1e-6,
      `look ${n} at ${due}`,
    );
  }
  const half = looks.map(({ late }) => late).toSorted((a, b) => a - b)[looks.length >> 1] ?? 9;
  assert.ok(half < 0.1, `half of them later than ${half} s`);
});

test("while the thread is held, one look is late, and there is no other one meanwhile", async () => {
  const run = await record(async () => {
    await sleep(1);
    compute(2);
    await sleep(1);
  });
  const held = run.cpu.find(({ start, end }) => end - start > 1.5);
  assert.ok(held !== undefined);
  // It may have been due just before, when the loop was about to come to it.
  const late = run.loopDelay.looks.filter(({ due }) => due > held.start - 0.1 && due < held.end - 0.2);
  assert.equal(late.filter((look) => look.late > 1).length, 1);
  assert.ok(late.length <= 2, `${late.length} looks`);
  const { due, late: by } = late.at(-1) ?? { due: 0, late: 0 };
  assert.ok(Math.abs(due + by - held.end) < 0.15, `came at ${due + by}, held to ${held.end}`);
});

test("a look that is still to come when the recording ends counts with what it is late by then", async () => {
  const run = await record(async () => {
    await sleep(1);
    compute(2);
  });
  const last = run.loopDelay.looks.at(-1);
  assert.ok(last !== undefined && last.late > 1.5, `${last?.late} s`);
  assert.ok(last.due + last.late <= run.makespan + 0.2);
});

test("the looks are no work of a task in which the recording is made", async () => {
  const run = await record(() => task("records", () => record(() => sleep(4))));
  assert.ok(run.ok && run.value.loopDelay.looks.length > 15);
  const slices = run.tasks[0]?.cpu.length ?? 99;
  assert.ok(slices < 10, `${slices} slices`);
});

test("after the recording nothing is looked at", async () => {
  await record(() => sleep(1));
  let callbacks = 0;
  const hook = createHook({ before: () => (callbacks += 1), trackPromises: false }).enable();
  await pause(60);
  hook.disable();
  assert.equal(callbacks, 1);
});
