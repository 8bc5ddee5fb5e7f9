import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { stopAll } from "../../../support/helpers/clean-up/stop-all.ts";
import { wasBusy } from "../../../support/helpers/clock/machine-load.ts";
import { blockingSleep } from "../../../support/helpers/clock/sleep.ts";
import { checkOf } from "../../../support/helpers/practice/check-of.ts";
import {
  idsOf,
  lessonsWithExercises,
  loadExercise,
  titleOf,
} from "../../../support/helpers/practice/content.ts";
import { agreed, exercise, grade, judge, solution } from "../../../support/helpers/practice/exercise.ts";
import type { Get } from "../../../support/helpers/practice/get.ts";

// A server of its own, whatever runs on port 3000.
process.env.DELAY_SERVER_PORT = "0";

let out: string[] = [];
let err: string[] = [];

beforeEach(() => {
  out = [];
  err = [];
  mock.method(console, "log", (text: string) => out.push(text));
  mock.method(console, "error", (text: string) => err.push(text));
});
afterEach(async () => {
  mock.restoreAll();
  await stopAll();
});

const never = async (): Promise<number> => 0;

async function right(get: Get, delays: number[]): Promise<number> {
  const losers = new AbortController();
  const asked = delays.map((seconds) => get(seconds, losers.signal));
  try {
    return await Promise.any(asked);
  } finally {
    losers.abort();
    await Promise.allSettled(asked);
  }
}

test("an answer that does is solved, with how many inputs nobody had seen", async () => {
  await exercise("02-a", right);
  assert.match(out.at(-1) ?? "", /^✓ 02-a, The fastest of several: solved, with 3 inputs, 2 of them unseen$/);
  await solution("02-a", right);
  assert.match(out.at(-1) ?? "", /^✓ 02-a, this solution: solved/);
  await grade("02-a", right);
  assert.match(out.at(-1) ?? "", /^✓ 02-a: solved/);
  assert.deepEqual(err, []);
});

test("an answer that does not is told the first thing that was found", async () => {
  await exercise("02-a", never);
  assert.deepEqual(
    out.filter((line) => !line.startsWith("Port")),
    ["☐ 02-a, The fastest of several: not yet\n  with [ 5, 2, 4 ]: 0 requests were sent; 3 were asked for"],
  );
  await solution("02-a", never);
  assert.match(
    err.join(),
    /^✗ 02-a, this solution passes \(with .*: 0 requests were sent.*\): this does not hold$/,
  );
  await assert.rejects(grade("02-a", never), {
    name: "NotSolvedError",
    code: "NOT_SOLVED",
    message: /0 requests were sent/,
  });
});

test("an answer that is no function is told so, also when it says that all is well", async () => {
  await exercise("02-a", true);
  assert.deepEqual(out, [
    "☐ 02-a, The fastest of several: not yet\n  the answer is of type boolean; a function is wanted",
  ]);
  await exercise("the old form: a sentence and whether it holds", true);
  assert.equal(out.length, 1);
  assert.match(err.at(-1) ?? "", /^✗ /);
});

test("an exercise that there is not is a sentence on stderr, and an error for a grader", async () => {
  await exercise("99-a", never);
  await solution("02-z", never);
  assert.equal(err.length, 2);
  assert.match(err[1] ?? "", /the exercise is "02-z"; give one of 02-a, 02-b, 02-c/);
  await assert.rejects(grade("02-z", never), { code: "NO_SUCH_EXERCISE" });
});

test("a check that fails itself is a fault of the check, and no reader's", async () => {
  const broken = { id: "x", title: "X", check: checkOf<() => void>(() => Promise.reject(new Error("mine"))) };
  const verdict = await judge(broken, never);
  assert.equal(verdict.kind, "fault");
});

test("what was found on a busy computer counts when it is found again, and what is never found twice does not", async () => {
  const told = async (...findings: { says: string; busy: boolean; held?: boolean }[]) => {
    const left = [...findings];
    const verdict = await agreed(async () => {
      const { says, ...how } = left.shift() ?? assert.fail("no more checks");
      return { verdict: { kind: "not yet", finding: { says } }, ...how };
    });
    return [verdict.kind, findings.length - left.length];
  };
  const found = (says: string, busy = true): { says: string; busy: boolean } => ({ says, busy });
  assert.deepEqual(await told(found("a", false), found("b")), ["not yet", 1]);
  assert.deepEqual(await told(found("a"), found("a"), found("b")), ["not yet", 2]);
  assert.deepEqual(await told(found("a"), found("b"), found("a")), ["not yet", 3]);
  assert.deepEqual(await told(found("a"), found("b", false)), ["not yet", 2]);
  const left = ["process 17 is alive", "process 18 is alive"].map((says) => found(says));
  assert.deepEqual(await told(...left, found("b")), ["not yet", 2]);
  assert.deepEqual(await told(found("a"), found("b"), found("c"), found("d"), found("e")), ["busy", 4]);
  const held = { says: "held", busy: false, held: true };
  assert.deepEqual(await told(held, found("b", false)), ["not yet", 2]);
  assert.deepEqual(await told(held, { ...held, says: "held for longer" }, found("b")), ["not yet", 2]);
  assert.deepEqual(await told(held, found("a"), held), ["not yet", 3]);
});

test("a check that is made again knows it, so that what the answer prints stands there once", async () => {
  const asked: boolean[] = [];
  await agreed(async (again) => {
    asked.push(again);
    return { verdict: { kind: "not yet", finding: { says: "a" } }, busy: true };
  });
  assert.deepEqual(asked, [false, true]);
});

test("a right answer is right although its code is slow the first time, and one that always holds the thread is told so", async () => {
  let runs = 0;
  const slow = (times: number) => async (get: Get, delays: number[]) => {
    runs += 1;
    const first = right(get, delays);
    if (runs <= times) blockingSleep(3.5);
    return first;
  };
  await exercise("02-a", slow(1));
  assert.deepEqual([out.map((line) => line.split(":")[0]), runs], [["✓ 02-a, The fastest of several"], 5]);
  runs = 0;
  await exercise("02-a", slow(Number.POSITIVE_INFINITY));
  assert.match(
    out[1] ?? "",
    /^☐ 02-a, .*: not yet\n {2}with \[ 5, 2, 4 \]: it ended after [4-9] s; the fastest/,
  );
  // A busy computer is one more excuse.
  assert.ok(runs === 2 || (wasBusy() && runs <= 4), `${runs} runs`);
});

test("each lesson's exercises have an id, a title and a check", async () => {
  assert.deepEqual(idsOf("02"), ["02-a", "02-b", "02-c"]);
  assert.deepEqual(idsOf("77"), []);
  for (const id of lessonsWithExercises().flatMap(idsOf)) {
    const { title, check } = await loadExercise(id);
    assert.notEqual(title, id);
    assert.equal(typeof check, "function");
  }
  assert.equal(titleOf("02-c"), "A dashboard");
});
