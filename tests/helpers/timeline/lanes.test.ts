/** What others did meanwhile, on the recording's clock. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { sleep } from "../../../support/helpers/clock/sleep.ts";
import { record, task } from "../../../support/helpers/recording/record.ts";
import type { RecordingOf } from "../../../support/helpers/recording/recording.ts";
import { layout } from "../../../support/helpers/timeline/layout.ts";
import { timelineFigure } from "../../../support/helpers/timeline/timeline.ts";
import { shown } from "../drawing/shown.ts";

const START = 1_700_000_000_000;

/** A recording of 5 lesson seconds, each 100 ms, that began at START. */
function empty(makespan = 5): RecordingOf<unknown> {
  const ended = { value: undefined, error: undefined, ok: true, settled: makespan, makespan };
  return { ...ended, startedAt: START, tasks: [], cpu: [], waits: [] };
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

test("a recording that a worker made stands where it was, by the clock of both", async () => {
  const module = new URL("../../../support/helpers/recording/record.ts", import.meta.url).href;
  const clock = new URL("../../../support/helpers/clock/sleep.ts", import.meta.url).href;
  const code = `
    const { parentPort } = require("node:worker_threads");
    (async () => {
      const { record, task } = await import(${JSON.stringify(module)});
      const { compute } = await import(${JSON.stringify(clock)});
      parentPort.postMessage("ready");
      await new Promise((resolve) => parentPort.once("message", resolve));
      const { tasks, cpu, waits, makespan, settled, startedAt } = await record(() => task("computes", () => void compute(2)));
      parentPort.postMessage({ tasks, cpu, waits, makespan, settled, startedAt, ok: true });
    })();`;
  const worker = new Worker(code, { eval: true });
  await once(worker, "message");
  let inWorker: RecordingOf<unknown> | undefined;
  const run = await record(() =>
    task("waits", async () => {
      await sleep(1);
      const answer = once(worker, "message");
      worker.postMessage("go");
      [inWorker] = await answer;
    }),
  );
  await worker.terminate();
  assert.ok(inWorker !== undefined);
  const [row] = layout(run, 1, { worker: inWorker }).lanes[0]?.rows ?? [];
  assert.deepEqual([row?.start, row?.end, row?.running, row?.held], [1, 3, [{ start: 1, end: 3 }], 2]);
});
