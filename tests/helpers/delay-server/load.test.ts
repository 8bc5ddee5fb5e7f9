import assert from "node:assert/strict";
import { test } from "node:test";
import { round } from "./load.ts";

test("a thousand requests sleep at once in a server that has just started, and none is lost", async () => {
  const { ratio, lost, highestInFlight } = await round(1000, 3, 1000);
  assert.equal(lost, 0);
  assert.equal(highestInFlight, 1000);
  // A full listen queue would cost a whole second of the client's retries: a ratio over 1.33.
  assert.ok(ratio < 1.3, `makespan ÷ delay ${ratio.toFixed(2)}`);
});
