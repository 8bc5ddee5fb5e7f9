import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { sinceEpoch } from "../../../support/helpers/clock/since-epoch.ts";

const MODULE = new URL("../../../support/helpers/clock/since-epoch.ts", import.meta.url).href;

test("where both clocks agree, the parts of a ms are kept", () => {
  assert.equal(sinceEpoch(10.25, { origin: 1000.5, now: 20.5, wall: 1020 }), 1010.75);
});

test("what a computer slept through, or its clock was set by, is added", () => {
  const anHour = 3_600_000;
  assert.equal(sinceEpoch(10, { origin: 1000, now: 20, wall: 1020 + anHour }), 1010 + anHour);
  assert.equal(sinceEpoch(10, { origin: 5000, now: 20, wall: 4000 }), 3990);
});

test("two threads tell the same time", async () => {
  const code = `
    const { parentPort } = require("node:worker_threads");
    const { sinceEpoch } = require(require("node:url").fileURLToPath(${JSON.stringify(MODULE)}));
    parentPort.on("message", () => parentPort.postMessage(sinceEpoch(performance.now())));`;
  const worker = new Worker(code, { eval: true });
  let closest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 20; i += 1) {
    const before = sinceEpoch(performance.now());
    worker.postMessage("now?");
    const [there] = await once(worker, "message");
    const after = sinceEpoch(performance.now());
    const outside = Math.max(before - Number(there), Number(there) - after, 0);
    closest = Math.min(closest, outside);
  }
  await worker.terminate();
  assert.ok(closest <= 2, `off by ${closest} ms`);
});
