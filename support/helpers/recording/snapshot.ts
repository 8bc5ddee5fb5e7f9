import { threadId } from "node:worker_threads";
import { lineInCell } from "../cell/cell.ts";
import { toLessonSeconds } from "../clock/scale.ts";
import { sinceEpoch } from "../clock/since-epoch.ts";
import type { LiveRun, LiveTask } from "./live-run.ts";
import type { LoopWatch } from "./loop-delay.ts";
import { settlingOf } from "./promise-notes.ts";
import {
  plainError,
  RECORDING_VERSION,
  type RecordedTask,
  type RecordingOf,
  type Slice,
  type Wait,
} from "./recording.ts";
import { merged, starved } from "./starved.ts";

function slices(cpu: readonly number[] = [], startedAt: number): Slice[] {
  const found: Slice[] = [];
  for (let i = 0; i + 1 < cpu.length; i += 2) {
    const [start = 0, end = 0] = [cpu[i], cpu[i + 1]];
    found.push({ start: toLessonSeconds(start - startedAt), end: toLessonSeconds(end - startedAt) });
  }
  return found;
}

/** What lies before a time: a task's last slice ends a moment after the task, with what the runtime has to do for it. */
function upTo(end: number, all: readonly Slice[]): Slice[] {
  return all
    .filter((slice) => slice.start < end)
    .map((slice) => ({ ...slice, end: Math.min(slice.end, end) }));
}

/** Lesson seconds between two slices that are one to who waits: the thread goes from one task to the next. */
const JOIN = toLessonSeconds(0.5);

function waits(task: LiveTask, startedAt: number): Wait[] {
  return (task.waits ?? []).map(({ on, promise, start }) => {
    const end = settlingOf(promise)?.at;
    const ofThisRun = typeof on !== "string" && on.run === task.run;
    return {
      what: typeof on === "string" ? on : on.name,
      task: ofThisRun ? on.index : null,
      start: toLessonSeconds(start - startedAt),
      end: end === undefined ? null : toLessonSeconds(end - startedAt),
    };
  });
}

function plainTask(task: LiveTask, now: number, cpu: readonly Slice[], held: readonly Slice[]): RecordedTask {
  const { startedAt } = task.run;
  const end = toLessonSeconds((task.end ?? now) - startedAt);
  return {
    name: task.name,
    parent: task.parent,
    start: toLessonSeconds(task.start - startedAt),
    end,
    outcome: task.outcome,
    error: task.outcome === "error" || task.outcome === "cancelled" ? plainError(task.reason) : null,
    cpu: upTo(end, cpu),
    ready: starved(slices(task.ready, startedAt), held),
    line: lineInCell(task.place.stack),
    waits: waits(task, startedAt),
    wakes: (task.wakes ?? []).map(({ by, at }) => ({ by: by.index, at: toLessonSeconds(at - startedAt) })),
    ...(task.outcome === "cancelled" && task.lastWake !== undefined
      ? { abortedBy: task.lastWake.index }
      : {}),
  };
}

/** The times of a recording as it stands now, as plain data in lesson seconds. */
export function snapshot(
  run: LiveRun,
  main: LiveTask,
  loop: LoopWatch,
): Omit<RecordingOf<never>, "ok" | "value" | "error"> {
  const now = performance.now();
  const lastEnd = run.tasks.reduce((latest, task) => Math.max(latest, task.end ?? now), main.end ?? now);
  const cpu = slices(main.cpu, run.startedAt);
  const each = run.tasks.map((task) => slices(task.cpu, run.startedAt));
  const held = run.tasks.some((task) => task.ready !== undefined) ? merged([cpu, ...each].flat(), JOIN) : [];
  return {
    version: RECORDING_VERSION,
    process: process.pid,
    thread: threadId,
    startedAt: sinceEpoch(run.startedAt),
    settled: toLessonSeconds((main.end ?? now) - run.startedAt),
    makespan: toLessonSeconds(lastEnd - run.startedAt),
    tasks: run.tasks.map((task, index) => plainTask(task, now, each[index] ?? [], held)),
    cpu,
    waits: waits(main, run.startedAt),
    loopDelay: loop.looks(run.startedAt),
  };
}
