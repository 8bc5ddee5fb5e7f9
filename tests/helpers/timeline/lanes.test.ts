/** What others did meanwhile, on the recording's clock. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { sleep } from "../../../support/helpers/clock/sleep.ts";
import { receive } from "../../../support/helpers/recording/receive.ts";
import { record, task } from "../../../support/helpers/recording/record.ts";
import { RECORDING_VERSION, type RecordingOf } from "../../../support/helpers/recording/recording.ts";
import { layout } from "../../../support/helpers/timeline/layout.ts";
import { timelineFigure } from "../../../support/helpers/timeline/timeline.ts";
import { shown } from "../drawing/shown.ts";
import { aRecording } from "./plain-recordings.ts";

const INDEX = fileURLToPath(new URL("../../../support/helpers/index.ts", import.meta.url));

const START = 1_700_000_000_000;

/** A recording of 5 lesson seconds, each 100 ms, that began at START. */
function empty(makespan = 5): RecordingOf<unknown> {
  return aRecording([], { startedAt: START, settled: makespan, makespan });
}

function span(
  from: number,
  to: number | null,
  more: { note?: string; outcome?: "cancelled" | "running" } = {},
) {
  const endedAt = to === null ? null : START + to * 100;
  return {
    name: `from ${from}`,
    startedAt: START + from * 100,
    endedAt,
    outcome: "result" as const,
    note: "",
    ...more,
  };
}

test("spans stand on the recording's clock; what was over before it, or came after it, is left out", () => {
  const spans = [span(-3, -1), span(-1, 2), span(1, 4), span(4, 9), span(6, 7)];
  const [lane] = layout(empty(), 1, { server: spans }).lanes;
  assert.deepEqual(
    lane?.rows.map(({ start, end }) => [start, end]),
    [
      [-1, 2],
      [1, 4],
      [4, 9],
    ],
  );
});

test("a span that has not ended reaches to the end of the recording, and the axis to the last end of a span", () => {
  const put = layout(empty(), 1, { server: [span(1, null, { outcome: "running" }), span(4, 9)] });
  assert.deepEqual([put.lanes[0]?.rows[0]?.end, put.end, put.makespan], [5, 9, 5]);
});

test("the picture, its text and its table tell whose lane it is, and how spans ended", () => {
  const gone = span(1, 3, { note: "client gone", outcome: "cancelled" });
  const { alt, svg, document } = shown(
    timelineFigure(empty(), { lanes: { "delay <server>": [gone, span(0, 2)] } }),
  );
  assert.match(alt, / On the lane of the delay <server>: 2 bars \(client gone: 1\)\.$/);
  assert.match(svg, /2 s, client gone/);
  assert.match(svg, /delay &lt;server&gt;/);
  const cells = [...document.querySelectorAll("details tr")].map((row) => row.textContent);
  assert.equal(cells[1], "delay <server>: from 11302002client gone".replace("11302002", "113002"));
});

test("more than 50 bars with those of the lanes are drawn as the number in flight", () => {
  const spans = Array.from({ length: 51 }, () => span(0, 1));
  assert.match(shown(timelineFigure(empty(), { lanes: { server: spans } })).svg, /tasks in flight/);
});

test("who cancelled a task of another recording is named rightly, although an earlier task is left out", () => {
  const plain = { parent: null, error: null, cpu: [], ready: [], line: null, waits: [], wakes: [] };
  const at = (name: string, start: number, end: number) => ({
    ...plain,
    name,
    start,
    end,
    outcome: "result" as const,
  });
  const tasks = [
    at("over", 0, 1),
    at("aborts", 3, 5),
    { ...at("aborted", 3, 4), outcome: "cancelled" as const, abortedBy: 1 },
  ];
  const other = { ...empty(), startedAt: START - 200, tasks };
  const [lane] = layout(empty(), 1, { other }).lanes;
  assert.deepEqual(
    lane?.rows.map(({ label, note }) => [label, note]),
    [
      ["aborts", ""],
      ["aborted", "cancelled by aborts"],
    ],
  );
});

test("what is no lane is refused with its name", () => {
  const wrong: unknown = JSON.parse('{ "a": [{}] }');
  assert.throws(() => timelineFigure(empty(), { lanes: Object(wrong) }), {
    name: "ArgumentError",
    code: "BAD_LANE",
    message: /the lane "a" shows/,
  });
});

/** What a thread runs that records a task and sends the recording. */
function worker(work: string): Worker {
  return new Worker(
    `const { parentPort } = require("node:worker_threads");
    const { compute, record, task } = require(${JSON.stringify(INDEX)});
    parentPort.on("message", async () => parentPort.postMessage(await record(() => ${work})));
    parentPort.postMessage("ready");`,
    { eval: true },
  );
}

test("a recording that a worker made stands where it was, by the clock of both", async () => {
  const there = worker('task("computes", () => void compute(2))');
  await once(there, "message");
  const run = await record(() =>
    task("waits", async () => {
      await sleep(1);
      there.postMessage("go");
      return receive(there);
    }),
  );
  await there.terminate();
  assert.ok(run.ok);
  const [row, ...others] = layout(run, 1, { worker: run.value }).lanes[0]?.rows ?? [];
  assert.deepEqual([row?.start, row?.end, row?.running, row?.held], [1, 3, [{ start: 1, end: 3 }], 2]);
  assert.deepEqual(others, []);
  const { summary } = timelineFigure(run, { lanes: { worker: run.value } });
  assert.match(summary, / On the lane of the worker: 1 bar, solid for 2 s\.$/);
});

test("what the recorded function itself did in a worker is a bar, as it held that thread", async () => {
  const there = worker("compute(2)");
  await once(there, "message");
  const run = await record(async () => {
    there.postMessage("go");
    return receive(there);
  });
  await there.terminate();
  assert.ok(run.ok);
  const [row] = layout(run, 1, { worker: run.value }).lanes[0]?.rows ?? [];
  assert.deepEqual([row?.label, row?.start, row?.held], ["(outside the tasks)", 0, 2]);
});

test("one lane may hold the recordings of several threads", () => {
  const at = (startedAt: number, name: string): RecordingOf<unknown> => {
    const task = { name, parent: null, start: 1, end: 2, outcome: "result" as const };
    const rest = { error: null, cpu: [], ready: [], line: null, waits: [], wakes: [] };
    return { ...empty(), startedAt, tasks: [{ ...task, ...rest }] };
  };
  const [lane] = layout(empty(), 1, { pool: [at(START, "first"), at(START + 200, "second")] }).lanes;
  assert.deepEqual(
    lane?.rows.map(({ label, start }) => [label, start]),
    [
      ["first", 1],
      ["second", 3],
    ],
  );
});

test("a recording of helpers of another version is refused with the lane's name", () => {
  const other = { ...empty(), version: RECORDING_VERSION + 1 };
  assert.throws(() => layout(empty(), 1, { worker: other }), {
    name: "ArgumentError",
    code: "OTHER_RECORDING_VERSION",
    message: /the lane "worker" shows.*same version of support/,
  });
});
