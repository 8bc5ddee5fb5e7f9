/** Recordings of other threads and processes, as they arrive. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { sleep } from "../../../support/helpers/clock/sleep.ts";
import { receive } from "../../../support/helpers/recording/receive.ts";
import { RECORD_URL, received } from "../../../support/helpers/recording/received.ts";
import { record, task } from "../../../support/helpers/recording/record.ts";
import { RECORDING_VERSION } from "../../../support/helpers/recording/recording.ts";

const stop = new AbortController();
const run = await record(async () => {
  const tea = task("tea", () => sleep(1));
  const guest = task("guest", () => tea);
  const late = task("late", () => sleep(9, { signal: stop.signal }));
  await guest;
  stop.abort();
  await Promise.allSettled([late]);
  throw new RangeError("no milk");
});

/** The recording as JSON makes it, with one value in another one's place. */
function planted(path: readonly string[], value: unknown): unknown {
  const json: unknown = JSON.parse(JSON.stringify(run));
  let at = json;
  for (const key of path.slice(0, -1)) at = Reflect.get(Object(at), key);
  Reflect.set(Object(at), path.at(-1) ?? "", value);
  return json;
}

test("a recording is the same after a structured clone; its error is still one of the language", () => {
  const cloned = received(structuredClone(run));
  assert.deepEqual({ ...cloned, error: run.error }, run);
  assert.ok(cloned.error instanceof RangeError);
});

test("of JSON the times, tasks and ends are the same", () => {
  const { value, error, ...rest } = run;
  assert.deepEqual(received(JSON.parse(JSON.stringify(run))), { ...rest, value, error: {} });
});

test("fields that a recording has not are left out", () => {
  assert.ok(!("extra" in received(planted(["extra"], 1))));
});

const WRONG: readonly (readonly [path: string, value: unknown])[] = [
  ["version", "1"],
  ["startedAt", null],
  ["ok", 1],
  ["tasks", {}],
  ["tasks.0", null],
  ["tasks.1.name", 7],
  ["tasks.1.parent", 1],
  ["tasks.1.outcome", "well"],
  ["tasks.1.cpu.0.end", "2"],
  ["tasks.1.waits.0.task", 3],
  ["tasks.1.waits.0.what", undefined],
  ["tasks.1.wakes", [{ by: 0.5, at: 1 }]],
  ["tasks.2.abortedBy", -1],
  ["tasks.2.error", "AbortError"],
  ["waits.0.end", "never"],
];

for (const [path, value] of WRONG) {
  test(`${path} that is ${JSON.stringify(value)} is refused, with its place`, () => {
    const place = path
      .replaceAll(/\.(\d)/g, "[$1]")
      .replaceAll("[", "\\[")
      .replaceAll("]", "\\]");
    assert.throws(() => received(planted(path.split("."), value), "it"), {
      name: "ArgumentError",
      code: "BAD_RECORDING",
      message: new RegExp(`^it\\.${place}`),
    });
  });
}

test("what is no object is refused", () => {
  for (const value of [undefined, null, "recording", 7]) {
    assert.throws(() => received(value), { name: "ArgumentError", code: "BAD_RECORDING", value });
  }
});

test("a recording of another version says which one, and what to do", () => {
  assert.throws(() => received(planted(["version"], RECORDING_VERSION + 1)), {
    name: "ArgumentError",
    code: "OTHER_RECORDING_VERSION",
    value: RECORDING_VERSION + 1,
    message: /of version 1: let the same version of support record on both sides/,
  });
});

const HELPERS = JSON.stringify(fileURLToPath(new URL("../../../support/helpers/index.ts", import.meta.url)));

function workerThat(does: string): Worker {
  const code = `const { parentPort } = require("node:worker_threads");
    const { compute, record, task } = require(${HELPERS});
    ${does}`;
  return new Worker(code, { eval: true });
}

test("a worker's recording says in which thread it was made", async () => {
  const worker = workerThat(
    'record(() => task("computes", () => void compute(1))).then((run) => parentPort.postMessage(run));',
  );
  const { threadId } = worker;
  const there = await receive(worker);
  assert.deepEqual([there.process, there.thread], [process.pid, threadId]);
  assert.deepEqual(
    there.tasks.map(({ name, outcome }) => [name, outcome]),
    [["computes", "result"]],
  );
  await worker.terminate();
});

test("a failure in a worker arrives as the recording's error", async () => {
  const worker = workerThat(
    'record(() => { throw new RangeError("no such seed"); }).then((run) => parentPort.postMessage(run));',
  );
  const there = await receive(worker);
  assert.ok(!there.ok && there.error instanceof RangeError);
  await worker.terminate();
});

test("a worker that dies before it has sent its recording is known by its exit code", async () => {
  const dies = receive(workerThat("record(() => task('dies', () => process.exit(3)));"));
  await assert.rejects(dies, { name: "SenderEndedError", code: "SENDER_ENDED", value: 3 });
});

test("a worker that had ended already is not waited for", async () => {
  const worker = workerThat("");
  await once(worker, "exit");
  await assert.rejects(receive(worker), { code: "SENDER_ENDED" });
});

test("an error that nobody caught in a worker is what the call rejects with", async () => {
  await assert.rejects(receive(workerThat('throw new RangeError("uncaught");')), {
    name: "RangeError",
    message: "uncaught",
  });
});

test("a worker that sends something else is told from one that records", async () => {
  const worker = workerThat('parentPort.postMessage("ready");');
  await assert.rejects(receive(worker), { code: "BAD_RECORDING", value: "ready" });
  await worker.terminate();
});

test("an abort ends the waiting and leaves no listener", async () => {
  const worker = workerThat("setInterval(() => {}, 1000);");
  const enough = new AbortController();
  const waiting = receive(worker, { signal: enough.signal });
  enough.abort();
  await assert.rejects(waiting, { name: "AbortError" });
  assert.deepEqual([worker.listenerCount("message"), worker.listenerCount("exit")], [0, 0]);
  await worker.terminate();
});

function childThat(does: string, serialization: "json" | "advanced" = "advanced"): ChildProcess {
  const code = `import { record, task } from ${JSON.stringify(RECORD_URL)}; ${does}`;
  return spawn(process.execPath, ["--input-type=module", "--eval", code], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    serialization,
  });
}

for (const serialization of ["json", "advanced"] as const) {
  test(`a child process that imports the helpers sends its recording, by ${serialization}`, async () => {
    const child = childThat(
      'process.send(await record(() => task("computes", () => 1))); process.disconnect();',
      serialization,
    );
    const start = performance.timeOrigin + performance.now();
    const there = await receive(child);
    const end = performance.timeOrigin + performance.now();
    assert.deepEqual([there.process, there.thread], [child.pid, 0]);
    assert.ok(there.startedAt > start - 3 && there.startedAt < end);
    assert.equal(there.tasks[0]?.name, "computes");
  });
}

test("a child that is killed is known by the signal", async () => {
  const killed = receive(childThat('process.kill(process.pid, "SIGKILL");'));
  await assert.rejects(killed, { code: "SENDER_ENDED", value: "SIGKILL" });
});

test("a child that had ended already is not waited for", async () => {
  const child = childThat("process.exitCode = 4;");
  await once(child, "close");
  await assert.rejects(receive(child), { code: "SENDER_ENDED", value: 4 });
});
