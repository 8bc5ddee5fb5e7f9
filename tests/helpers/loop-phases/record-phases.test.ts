import assert from "node:assert/strict";
import { AsyncResource } from "node:async_hooks";
import { once } from "node:events";
import { readFile } from "node:fs";
import { connect, createServer } from "node:net";
import { test } from "node:test";
import { stopAll } from "../../../support/helpers/clean-up/stop-all.ts";
import type { PhaseRecording } from "../../../support/helpers/loop-phases/phase-recording.ts";
import { recordPhases, type Step } from "../../../support/helpers/loop-phases/record-phases.ts";

const ALL_STARTS = ["poll", "timers", "check", "nextTick", "microtask"] as const;

function where(recording: PhaseRecording): string[] {
  return recording.steps.map((step) => `${step.label}: ${step.phase}`);
}

function queues(step: Step): void {
  process.nextTick(() => step("tick"));
  Promise.resolve().then(() => step("promise"));
  queueMicrotask(() => step("microtask"));
  step("end of the call");
}

for (const from of ["poll", "timers", "check", "nextTick"] as const) {
  test(`called from ${from}, ticks come before promises`, async () => {
    assert.deepEqual(where(await recordPhases(queues, { from })), [
      "end of the call: sync",
      "tick: nextTick",
      "promise: microtask",
      "microtask: microtask",
    ]);
  });
}

test("called from a promise job, promises come before ticks", async () => {
  assert.deepEqual(where(await recordPhases(queues, { from: "microtask" })), [
    "end of the call: sync",
    "promise: microtask",
    "microtask: microtask",
    "tick: nextTick",
  ]);
});

test("called from input, an immediate comes before a timer of 0 ms, and in the same turn", async () => {
  const { steps } = await recordPhases((step) => {
    step("start");
    setTimeout(() => step("timer"), 0);
    setImmediate(() => step("immediate"));
  });
  assert.deepEqual(
    steps.map(({ label, phase, type, callback }) => [label, phase, type, callback]),
    [
      ["start", "sync", "FSREQCALLBACK", 1],
      ["immediate", "check", "Immediate", 2],
      ["timer", "timers", "Timeout", 3],
    ],
  );
  assert.equal(steps[1]?.turn, 0);
});

test("an immediate that an immediate sets waits for the next turn, a tick that a tick sets does not", async () => {
  const { steps } = await recordPhases((step) => {
    process.nextTick(() => process.nextTick(() => step("tick")));
    setImmediate(() => setImmediate(() => step("immediate")));
    step("start");
  });
  assert.deepEqual(
    steps.map(({ label, turn }) => [label, turn]),
    [
      ["start", 0],
      ["tick", 0],
      ["immediate", 1],
    ],
  );
});

test("what runs in the queues after a callback belongs to that callback", async () => {
  const { steps } = await recordPhases((step) => {
    for (const name of ["a", "b"]) {
      setImmediate(() => {
        step(name);
        Promise.resolve().then(() => step(`${name} later`));
      });
    }
  });
  assert.deepEqual(
    steps.map(({ label, callback }) => [label, callback]),
    [
      ["a", 1],
      ["a later", 1],
      ["b", 2],
      ["b later", 2],
    ],
  );
});

test("an async function goes on in the microtasks after an await", async () => {
  const recording = await recordPhases(async (step) => {
    step("before");
    await null;
    step("after");
  });
  assert.deepEqual(where(recording), ["before: sync", "after: microtask"]);
});

test("files and sockets answer in the poll phase", async () => {
  const recording = await recordPhases(async (step) => {
    await new Promise<void>((resolve) => {
      readFile(process.execPath, { encoding: null, flag: "r" }, () => {
        step("file");
        resolve();
      });
    });
    const server = createServer((socket) => {
      step("accepted");
      socket.end("x");
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    assert.ok(address !== null && typeof address === "object");
    const client = connect(address.port, "127.0.0.1");
    client.once("data", () => step("data"));
    await once(client, "close");
    server.close();
    await once(server, "close");
  });
  const expected = ["file: poll", "accepted: poll", "data: poll"];
  assert.deepEqual(where(recording), expected);
});

test("it waits for timers, immediates, ticks and file requests that nobody waits for", async () => {
  const recording = await recordPhases((step) => {
    setTimeout(
      () => readFile("/dev/null", () => setImmediate(() => process.nextTick(() => step("last")))),
      20,
    );
  });
  assert.deepEqual(where(recording), ["last: nextTick"]);
});

test("timers that were cleared or that keep nothing alive are not waited for", async () => {
  const forever = setInterval(() => {}, 60_000);
  const recording = await recordPhases((step) => {
    clearTimeout(setTimeout(() => step("never"), 60_000));
    setTimeout(() => step("never"), 60_000).unref();
    step("start");
  });
  clearInterval(forever);
  assert.deepEqual(where(recording), ["start: sync"]);
});

test("an interval is waited for until it is cleared", async () => {
  const recording = await recordPhases((step) => {
    let left = 2;
    const ticking = setInterval(() => {
      step(`${left} left`);
      left -= 1;
      if (left === 0) clearInterval(ticking);
    }, 2);
  });
  assert.deepEqual(where(recording), ["2 left: timers", "1 left: timers"]);
});

test("promises and timers from before the recording are told apart all the same", async () => {
  const earlier = new Promise<void>((resolve) => setTimeout(resolve, 20));
  const recording = await recordPhases(async (step) => {
    await earlier;
    step("after it");
  });
  assert.deepEqual(where(recording), ["after it: microtask"]);
});

test("code inside a resource of its own runs in the phase that it was called in", async () => {
  const recording = await recordPhases((step) => {
    const own = new AsyncResource("MINE");
    setImmediate(() => own.runInAsyncScope(() => step("mine")));
  });
  assert.deepEqual(
    recording.steps.map(({ phase, type }) => [phase, type]),
    [["check", "MINE"]],
  );
});

test("the recording says where the function was called from", async () => {
  for (const from of ALL_STARTS) assert.equal((await recordPhases(() => {}, { from })).from, from);
  assert.equal((await recordPhases(() => {})).from, "poll");
});

test("what the function throws or rejects with is the recording's rejection", async () => {
  const fails = (): never => {
    throw new RangeError("no");
  };
  await assert.rejects(recordPhases(fails), RangeError);
  await assert.rejects(
    recordPhases(async () => fails()),
    RangeError,
  );
});

test("aborting ends the waiting", async () => {
  const slow = () => new Promise((resolve) => setTimeout(resolve, 200));
  await assert.rejects(recordPhases(slow, { signal: AbortSignal.timeout(20) }), { name: "TimeoutError" });
  await assert.rejects(recordPhases(slow, { signal: AbortSignal.abort() }), { name: "AbortError" });
});

test("a function that is not called yet when the waiting ends is not called at all", async () => {
  const calls: string[] = [];
  for (const from of ALL_STARTS) {
    const note = (): void => void calls.push(from);
    await assert.rejects(recordPhases(note, { from, signal: AbortSignal.abort() }), { name: "AbortError" });
    const cancel = new AbortController();
    const recording = recordPhases(note, { from, signal: cancel.signal });
    cancel.abort();
    await assert.rejects(recording, { name: "AbortError" });
  }
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(calls, []);
});

test("stopAll ends the waiting", async () => {
  const recording = recordPhases(() => new Promise((resolve) => setTimeout(resolve, 200)));
  const rejected = assert.rejects(recording, { name: "AbortError" });
  assert.equal(await stopAll(), 1);
  await rejected;
});

test("a step after the end of the recording is not noted", async () => {
  const kept: Step[] = [];
  const recording = await recordPhases((step) => kept.push(step));
  kept[0]?.("too late");
  assert.deepEqual(recording.steps, []);
});

test("what a late reaction sets off is waited for", async () => {
  const order = await recordPhases((step) => {
    void (async () => {
      for (let i = 0; i < 20; i += 1) await null;
      process.nextTick(() => void Promise.resolve().then(() => setTimeout(() => step("last"), 1)));
    })();
  });
  assert.deepEqual(where(order), ["last: timers"]);
});
