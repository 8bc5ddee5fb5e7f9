import assert from "node:assert/strict";
import { test } from "node:test";
import { rounds } from "./throughput.ts";

test("the benchmark measures every style in every round", { timeout: 60_000 }, async () => {
  const styles = ["callbacks", "pipe", "for await, stream", "recv, sendAll", "for await, socket"];
  const all = await rounds(styles, 1, 20);
  assert.deepEqual(
    all.map((measured) => measured.length),
    [1, 1, 1, 1, 1],
  );
  for (const [one] of all) assert.ok(one !== undefined && one.perSecond > 0 && one.cpu > 0);
});
