import assert from "node:assert/strict";
import { test } from "node:test";
import { oneAtATime } from "../../../support/helpers/display/one-at-a-time.ts";
import { until } from "../until.ts";

const BUSY = new Error("busy");
const isBusy = (error: unknown): boolean => error === BUSY;

test("what can't be sent at once is sent a moment later, in order, and what comes meanwhile behind it", async () => {
  const send = oneAtATime(isBusy);
  const sent: string[] = [];
  let tries = 0;
  const after = (count: number, word: string) => () => {
    tries += 1;
    if (tries <= count) throw BUSY;
    sent.push(word);
  };
  send(() => void sent.push("at once"));
  send(after(3, "first"));
  send(() => void sent.push("second"));
  assert.deepEqual(sent, ["at once"]);
  await until(() => sent.length === 3);
  assert.deepEqual([sent, tries], [["at once", "first", "second"], 4]);
  send(() => void sent.push("at once again"));
  assert.equal(sent.at(-1), "at once again");
});

test("another error is thrown at once, and one of a later try holds up no other", async () => {
  const send = oneAtATime(isBusy);
  const broken = new Error("broken");
  const breaks = (): never => {
    throw broken;
  };
  assert.throws(() => send(breaks), broken);
  const errors = [BUSY, broken];
  const sent: string[] = [];
  send(() => {
    throw errors.shift() ?? assert.fail("tried too often");
  });
  send(() => void sent.push("next"));
  await until(() => sent.length === 1);
});
