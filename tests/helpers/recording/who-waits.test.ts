import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { sleep } from "../../../support/helpers/clock/sleep.ts";
import { queue } from "../../../support/helpers/limits/queue.ts";
import { record, task } from "../../../support/helpers/recording/record.ts";
import type { Recording } from "../../../support/helpers/recording/recording.ts";
import { waits, whoWaits } from "../../../support/helpers/recording/who-waits.ts";

/** A run that is looked at after 300 ms, in which nothing needs to end. */
function lookAt(run: () => unknown): Promise<Recording<unknown>> {
  return record(run, { signal: AbortSignal.timeout(300) });
}

test("two tasks that wait for one another are called a circle", async () => {
  const run = await lookAt(() => {
    const both: Promise<unknown>[] = [];
    both.push(task("a", () => sleep(0.1).then(async () => await both[1])));
    both.push(task("b", () => sleep(0.1).then(async () => await both[0])));
    return Promise.all(both);
  });
  assert.deepEqual(whoWaits(run, run.makespan), [
    "the recorded function waits for a, b",
    "  a waits for b",
    "    b waits for a",
    "      a circle: a waits for b waits for a",
    "  b: as above",
  ]);
});

test("a circle that nobody else waits for is told too", async () => {
  const run = await lookAt(async () => {
    const both: Promise<unknown>[] = [];
    both.push(task("a", () => sleep(0.1).then(async () => await both[1])));
    both.push(task("b", () => sleep(0.1).then(async () => await both[0])));
  });
  assert.deepEqual(whoWaits(run, run.makespan), [
    "a waits for b",
    "  b waits for a",
    "    a circle: a waits for b waits for a",
  ]);
});

test("what has no name is not guessed", async () => {
  const run = await lookAt(() => task("mute", () => new Promise(() => {})));
  assert.deepEqual(whoWaits(run, run.makespan), [
    "the recorded function waits for mute",
    "  mute waits for something that can't be seen from here: input, or a timer of its own",
  ]);
});

test("a moment in the past shows who waited then, and the whole run shows all", async () => {
  const run = await record(async () => {
    const letters = queue<string>();
    const taker = task("taker", async () => {
      await letters.get();
      await sleep(1);
    });
    await sleep(1);
    await letters.put("a");
    await taker;
  });
  assert.deepEqual(whoWaits(run, 0.5), [
    "the recorded function waits for a timer of 1 s",
    "taker waits for an item of a queue",
  ]);
  assert.deepEqual(whoWaits(run, 1.5), [
    "the recorded function waits for taker",
    "  taker waits for a timer of 1 s",
  ]);
  assert.deepEqual(whoWaits(run), [
    "the recorded function waits for a timer of 1 s, taker",
    "  taker waits for an item of a queue, a timer of 1 s",
  ]);
});

test("of thousands that wait the first forty lines are told, and how many more there are, also in a long chain", async () => {
  const many = await record(() =>
    Promise.all(Array.from({ length: 3000 }, (_, n) => task(`${n}`, () => sleep(9)))),
  );
  const lines = whoWaits(many, 8);
  assert.equal(lines[0], "the recorded function waits for 0, 1, 2, 3, 4 and 2995 more");
  assert.deepEqual([lines.length, lines.at(-1)], [41, "… and 2961 more"]);
  const chain = await record(async () => {
    let last: Promise<unknown> = sleep(9);
    for (let n = 0; n < 3000; n += 1) {
      const before = last;
      last = task(`${n}`, async () => void (await before));
    }
    await last;
  });
  assert.equal(whoWaits(chain, 8).at(-1), "… and 2961 more");
});

test("the tree is printed; a moment outside the run is refused", async () => {
  const run = await record(() => task("a", () => sleep(1)));
  const log = mock.method(console, "log", () => {});
  waits(run, { at: 0.5 });
  log.mock.restore();
  assert.deepEqual(log.mock.calls[0]?.arguments, [
    "the recorded function waits for a\n  a waits for a timer of 1 s",
  ]);
  for (const at of [-1, 2, Number.NaN]) {
    assert.throws(() => waits(run, { at }), { name: "ArgumentError", code: "BAD_TIME" });
  }
});
