import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { sleep } from "../../../support/helpers/clock/sleep.ts";
import { createDesk, type Desk, type RunOptions } from "../../../support/helpers/practice/desk.ts";
import { type Finding, NotYet } from "../../../support/helpers/practice/finding.ts";
import { task } from "../../../support/helpers/recording/record.ts";
import { isAlive, until } from "../until.ts";

async function findingOf(work: () => unknown, options?: RunOptions): Promise<Finding> {
  const { desk } = createDesk(1);
  try {
    await desk.run([1, 2], work, options);
  } catch (error) {
    assert.ok(error instanceof NotYet, String(error));
    return error.finding;
  }
  return assert.fail("nothing was found");
}

test("a run gives its value, its recording and how often it went on", async () => {
  const { desk } = createDesk(1);
  const ran = await desk.run("it", async () => {
    await task("one", () => sleep(1));
    return 7;
  });
  assert.deepEqual([ran.ok, ran.value, ran.recording.tasks.map(({ name }) => name)], [true, 7, ["one"]]);
  assert.ok(ran.steps > 0 && ran.steps < 100);
});

test("a failure is a finding with its name and the input, unless the exercise wants to look at it", async () => {
  const fails = async (): Promise<never> => {
    throw new RangeError("mine");
  };
  assert.deepEqual(await findingOf(fails), { says: "it failed: RangeError: mine", given: "[ 1, 2 ]" });
  const ran = await createDesk(1).desk.run("it", fails, { mayFail: true });
  assert.equal(ran.ok, false);
  assert.ok(ran.error instanceof RangeError);
});

test("an answer that has not ended in its time says for whom it waits", async () => {
  const finding = await findingOf(() => task("hangs", () => new Promise(() => {})), {
    budget: { seconds: 1 },
  });
  assert.match(finding.says, /^it has not ended after 1 seconds: the recorded function waits for hangs/);
  assert.match(finding.idea ?? "", /nobody settles/);
  assert.equal(finding.run?.tasks[0]?.outcome, "running");
});

test("an answer that has returned and left a task behind is told which one goes on", async () => {
  const finding = await findingOf(
    () => {
      void task("left", () => new Promise(() => {}));
      return 1;
    },
    { budget: { seconds: 1 } },
  );
  assert.equal(finding.says, "it has returned, and left still goes on after 1 seconds");
});

test("an answer that asks again and again has no steps left", async () => {
  // Without our kernel nothing stops its immediates.
  const over = { is: false };
  const finding = await findingOf(
    async () => {
      while (!over.is) await new Promise((resolve) => setImmediate(resolve));
    },
    { budget: { steps: 100 } },
  );
  over.is = true;
  assert.equal(finding.says, "it went on 100 times");
});

test("a timer, a thread and a process that are left are told of and ended", async () => {
  const timer: { left?: NodeJS.Timeout } = {};
  const left = await findingOf(() => {
    timer.left = setInterval(() => {}, 1000);
  });
  clearInterval(timer.left);
  assert.equal(left.says, "it has ended, and a timer is still running");

  const pids: (number | undefined)[] = [];
  const child = await findingOf(async () => {
    pids.push(spawn("sleep", ["60"]).pid);
    await pause(20);
  });
  assert.equal(child.says, `it has ended, and process ${pids[0]} is alive`);
  await until(() => !isAlive(pids[0] ?? 0), 5000);

  const workers: Worker[] = [];
  const thread = await findingOf(async () => {
    workers.push(new Worker("setInterval(() => {}, 1000)", { eval: true }));
    await pause(100);
  });
  assert.match(thread.says, /^it has ended, and thread \d+ is alive$/);
  await until(() => workers[0]?.threadId === -1, 5000);
});

test("what an exercise allows to be left is no finding, and ends all the same", async () => {
  const { desk } = createDesk(1);
  const pids: (number | undefined)[] = [];
  const ran = await desk.run(
    "it",
    async () => {
      pids.push(spawn("sleep", ["60"]).pid);
      await pause(20);
      return 1;
    },
    { mayLeave: true },
  );
  assert.equal(ran.value, 1);
  await until(() => !isAlive(pids[0] ?? 0), 5000);
});

test("inputs are those of the text first, then as many that nobody has seen, the same each time", () => {
  const all = (): number[][] => {
    const { desk, counts } = createDesk(5);
    const given = [...desk.inputs([[1], [2]], (random) => [random.whole(10, 99)], 3)];
    assert.deepEqual(counts, { inputs: 5, unseen: 3 });
    return given;
  };
  assert.deepEqual(all().slice(0, 2), [[1], [2]]);
  assert.deepEqual(all(), all());
});

test("a finding says which stage of a longer answer it is from", async () => {
  const { desk } = createDesk(1);
  desk.stage(2, 4, "retries");
  await desk.run("it", () => 1);
  assert.throws(
    () => desk.expect(false, "no retry"),
    (error) => error instanceof NotYet && error.finding.stage === "stage 2 of 4, retries",
  );
});

test("what is expected and does not hold ends the check, with the run before it", async () => {
  const { desk } = createDesk(1);
  const expectIn = (one: Desk): void => one.expect(false, "3 came; 2 are allowed", "Too many.");
  await desk.run("it", () => task("one", () => sleep(0)));
  desk.expect(true, "nothing");
  assert.throws(
    () => expectIn(desk),
    (error) => {
      assert.ok(error instanceof NotYet);
      const { run, ...finding } = error.finding;
      assert.deepEqual(finding, { says: "3 came; 2 are allowed", idea: "Too many.", given: "it" });
      assert.equal(run?.tasks.length, 1);
      return true;
    },
  );
});
