import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { setImmediate as immediate, setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { watchLeftovers } from "../../../support/helpers/practice/leftovers.ts";

const TIMERS = new URL("../../../support/helpers/practice/timers.ts", import.meta.url);
const run = promisify(execFile);

const answers = new AsyncLocalStorage<boolean>();
const isOwn = (): boolean => answers.getStore() === true;

/** What an answer has left, and a turn later, when all that has ended is known. */
async function leftBy(answer: () => unknown): Promise<{ found: string[]; end: () => void }> {
  const left = watchLeftovers(isOwn);
  await answers.run(true, async () => answer());
  await immediate();
  return { found: left.found(), end: () => left.end() };
}

test("a timer that is left is found, also when another one has ended meanwhile", async () => {
  const others = setTimeout(() => {}, 5000);
  const { found, end } = await leftBy(() => {
    setInterval(() => {}, 1000);
    clearTimeout(others);
  });
  end();
  assert.deepEqual(found, ["a timer is still running"]);
});

test("timers of others, timers that have ended and timers that keep nothing are not left", async () => {
  const others = setTimeout(() => setTimeout(() => {}, 20), 1);
  const { found, end } = await leftBy(async () => {
    setTimeout(() => {}, 1000).unref();
    clearTimeout(setTimeout(() => {}, 1000));
    await pause(10);
  });
  end();
  clearTimeout(others);
  assert.deepEqual(found, []);
});

test("what is left ends with the watching", async () => {
  let rang = 0;
  const { end } = await leftBy(() => {
    setInterval(() => {
      rang += 1;
    }, 5);
    setTimeout(() => {
      rang += 1;
    }, 5).unref();
  });
  end();
  const before = rang;
  await pause(30);
  assert.equal(rang, before);
});

test("a promise looks as ever while timers are watched", async () => {
  // In a process of its own: the runner of tests follows promises itself.
  const program = `
    import { inspect } from "node:util";
    import { watchTimers } from ${JSON.stringify(TIMERS.href)};
    watchTimers(() => true);
    console.log(inspect(Promise.resolve(3)));`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", program]);
  assert.equal(stdout.trim(), "Promise { 3 }");
});
