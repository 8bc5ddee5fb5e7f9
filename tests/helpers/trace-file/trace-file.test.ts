import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { record } from "../../../support/helpers/recording/record.ts";
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
  const counts = of("C").map(({ args }) => Number(args?.tasks));
  assert.deepEqual([Math.max(...counts), counts.at(-1)], [3, 0]);
});

test("a lane is a process of its own", () => {
  const span = { name: "delay 5", endedAt: run.startedAt + 200, outcome: "result" as const, note: "" };
  const events = traceEvents(run, { "delay server": [{ ...span, startedAt: run.startedAt + 100 }] });
  const names = of("M", events).map(({ args }) => args?.name);
  assert.deepEqual(names, ["the recording", "event loop", "delay server"]);
  const [begin] = events.filter(({ pid, ph }) => pid === 2 && ph === "b");
  assert.ok(Math.abs((begin?.ts ?? 0) - 100_000) < 1);
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
