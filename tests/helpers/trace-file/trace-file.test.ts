import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { record } from "../../../support/helpers/recording/record.ts";
import { RECORDING_VERSION } from "../../../support/helpers/recording/recording.ts";
import { saveTrace } from "../../../support/helpers/trace-file/save-trace.ts";
import { type TraceEvent, traceEvents } from "../../../support/helpers/trace-file/trace-events.ts";
import { holdsWakesAborts } from "./holds-wakes-aborts.ts";

const folder = mkdtempSync(join(tmpdir(), "traces-"));
after(() => rmSync(folder, { recursive: true }));

const run = await record(holdsWakesAborts);

function of(ph: TraceEvent["ph"], events = traceEvents(run)): TraceEvent[] {
  return events.filter((event) => event.ph === ph);
}

test("each slice of the thread is one of the trace, in µs, and no two overlap", () => {
  const slices = of("X").toSorted((a, b) => (a.ts ?? 0) - (b.ts ?? 0));
  assert.equal(slices.length, [run, ...run.tasks].flatMap(({ cpu }) => cpu).length);
  for (const [at, { ts = 0 }] of slices.entries()) {
    const before = slices[at - 1];
    assert.ok(ts >= (before?.ts ?? 0) + (before?.dur ?? 0) - 1e-6);
  }
  const longest = slices.reduce((most, one) => Math.max(most, one.dur ?? 0), 0);
  assert.ok(longest >= 200_000 && longest < 260_000, `${longest} µs for 2 lesson seconds of 100 ms`);
});

test("each task is an asynchronous slice, with what it waited for and when it was ready", () => {
  const begun = of("b").map(({ name, cat }) => `${cat}: ${name}`);
  assert.deepEqual(
    begun.filter((words) => words.startsWith("task")),
    ["task: holds", "task: woken", "task: ready", "task: aborted"],
  );
  assert.ok(begun.includes("wait: waits for a timer of 9 s"));
  assert.ok(begun.includes("wait: waits for woken"));
  for (const { id, cat } of of("b")) {
    const both = traceEvents(run).filter((event) => event.id === id && event.cat === cat);
    assert.equal(both.filter(({ ph }) => ph === "b").length, both.filter(({ ph }) => ph === "e").length);
  }
});

test("arrows lead from who started and who woke a task to its next slice", () => {
  const names = of("s").map(({ name }) => name);
  assert.equal(names.filter((name) => name === "starts").length, 3);
  assert.ok(names.includes("wakes"));
  assert.equal(of("s").length, of("f").length);
  const slices = of("X");
  for (const { ts = 0 } of [...of("s"), ...of("f")]) {
    assert.ok(
      slices.some((one) => (one.ts ?? 0) <= ts && ts <= (one.ts ?? 0) + (one.dur ?? 0)),
      `in a slice at ${ts}`,
    );
  }
});

test("the number of tasks in flight rises to all and falls to none", () => {
  const counts = of("C").flatMap(({ args }) => (args?.tasks === undefined ? [] : [Number(args.tasks)]));
  assert.deepEqual([Math.max(...counts), counts.at(-1)], [3, 0]);
});

test("the loop's delay is a counter: long while the thread is held, and short while it is free", () => {
  const looks = of("C").flatMap(({ name, ts = 0, args }) =>
    name.startsWith("loop delay") ? [{ name, ts, ms: Number(args?.ms) }] : [],
  );
  assert.ok(looks.every(({ name }) => name === "loop delay in ms, looked at every 10 ms"));
  const holds = run.tasks[0]?.cpu.toSorted((a, b) => b.end - b.start - (a.end - a.start))[0];
  assert.ok(holds !== undefined);
  const [from, to] = [holds.start * 100_000, holds.end * 100_000];
  // The look that was due first while the thread was held came when it was free again.
  const late = looks.filter(({ ts, ms }) => ts > from - 10_000 && ts < to && ms > 50);
  assert.equal(late.length, 1);
  assert.ok(Math.abs((late[0]?.ts ?? 0) + (late[0]?.ms ?? 0) * 1000 - to) < 15_000);
  const before = looks.filter(({ ts }) => ts < from).map(({ ms }) => ms);
  assert.ok(before.length >= 4, `${before.length} looks in 100 ms`);
  assert.ok((before.toSorted((a, b) => a - b)[before.length >> 1] ?? 99) < 10, `${before}`);
});

test("a lane of spans is a process of its own", () => {
  const span = { name: "delay 5", endedAt: run.startedAt + 200, outcome: "result" as const, note: "" };
  const events = traceEvents(run, { "delay server": [{ ...span, startedAt: run.startedAt + 100 }] });
  const names = of("M", events).map(({ args }) => args?.name);
  assert.deepEqual(names, ["the recording", "event loop", "delay server"]);
  const [begin] = events.filter(({ pid, ph }) => pid === 2 && ph === "b");
  assert.ok(Math.abs((begin?.ts ?? 0) - 100_000) < 1);
});

test("a recording of another thread is a thread of the same process, one of another process a thread of that", () => {
  const worker = { ...run, thread: 7 };
  const child = { ...run, process: run.process + 1, startedAt: run.startedAt + 100 };
  const events = traceEvents(run, { worker, child });
  assert.deepEqual(
    of("M", events).map(({ name, pid, tid, args }) => [name, pid, tid, args?.name]),
    [
      ["process_name", 1, 1, "the recording"],
      ["thread_name", 1, 1, "event loop"],
      ["thread_name", 1, 2, "worker, thread 7"],
      ["process_name", 2, 3, `child, process ${run.process + 1}`],
      ["thread_name", 2, 3, "child, thread 0"],
    ],
  );
  for (const tid of [1, 2, 3]) {
    const mine = events.filter((event) => event.tid === tid);
    for (const ph of ["X", "b", "e", "s", "f"] as const) {
      assert.equal(of(ph, mine).length, of(ph).length, `${ph} of thread ${tid}`);
    }
  }
  const starts = [1, 3].map((tid) => events.find((event) => event.tid === tid && event.ph === "X")?.ts ?? 0);
  assert.ok(Math.abs((starts[1] ?? 0) - (starts[0] ?? 0) - 100_000) < 1);
  const arrows = of("s", events).map(({ id }) => id);
  assert.equal(new Set(arrows).size, arrows.length);
});

test("a lane that began before the recording begins at 0, and the recording later", () => {
  const earlier = { ...run, thread: 7, startedAt: run.startedAt - 100 };
  const events = traceEvents(run, { earlier });
  const times = events.flatMap(({ ts }) => (ts === undefined ? [] : [ts]));
  assert.ok(Math.min(...times) >= 0);
  const first = (tid: number): number =>
    Math.min(...events.flatMap((one) => (one.tid === tid ? [one.ts ?? 1e9] : [])));
  assert.ok(Math.abs(first(1) - first(2) - 100_000) < 1);
});

test("recordings of the lanes that were over before, or came after, are left out", () => {
  const over = { ...run, thread: 7, startedAt: run.startedAt - 100_000 };
  assert.equal(
    traceEvents(run, { over, late: { ...over, startedAt: run.startedAt + 100_000 } }).length,
    traceEvents(run).length,
  );
});

test("a recording of another version is refused", async () => {
  const other = { ...run, version: RECORDING_VERSION + 1 };
  const expected = { name: "ArgumentError", code: "OTHER_RECORDING_VERSION" };
  await assert.rejects(saveTrace(other, join(folder, "other.json")), expected);
  await assert.rejects(saveTrace(run, join(folder, "other.json"), { lanes: { other } }), expected);
});

test("the file is JSON at the path that is returned; a bad path is refused, one that can't be written is named", async () => {
  const path = await saveTrace(run, join(folder, "run.json"));
  const saved = JSON.parse(readFileSync(path, "utf8"));
  assert.equal(saved.traceEvents.length, traceEvents(run).length);
  await assert.rejects(saveTrace(run, ""), { name: "ArgumentError", code: "BAD_PATH" });
  const nowhere = join(folder, "none", "run.json");
  await assert.rejects(saveTrace(run, nowhere), {
    name: "TraceFileError",
    code: "TRACE_NOT_SAVED",
    value: nowhere,
  });
});
