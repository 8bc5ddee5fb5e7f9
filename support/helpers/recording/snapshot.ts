import { threadId } from "node:worker_threads";
import { lineInCell } from "../cell/cell.ts";
import { toLessonSeconds } from "../clock/scale.ts";
import { sinceEpoch } from "../clock/since-epoch.ts";
import type { LiveRun, LiveTask } from "./live-run.ts";
import type { LoopWatch } from "./loop-delay.ts";
import { isSettled } from "./promise-notes.ts";
import {
  plainError,
  RECORDING_VERSION,
  type RecordedTask,
  type RecordingOf,
  type Slice,
  type Wait,
} from "./recording.ts";
import { starved } from "./starved.ts";

/** Flat times of the runtime as slices; what goes beyond a time is cut off. */
function slices(flat: readonly number[] = [], startedAt: number, over = Number.POSITIVE_INFINITY): Slice[] {
  let length = flat.length >> 1;
  while (length > 0 && (flat[2 * length - 2] ?? 0) >= over) length -= 1;
  // A list that grows as it is filled takes several times as much room, and there are some for each task.
  return Array.from({ length }, (_, n) => ({
    start: toLessonSeconds((flat[2 * n] ?? 0) - startedAt),
    end: toLessonSeconds(Math.min(flat[2 * n + 1] ?? 0, over) - startedAt),
  }));
}

function waits(task: LiveTask, startedAt: number): Wait[] {
  return (task.waits ?? []).map(({ on, settling, start }) => {
    const ofThisRun = typeof on !== "string" && on.run === task.run;
    return {
      what: typeof on === "string" ? on : on.name,
      task: ofThisRun ? on.index : null,
      start: toLessonSeconds(start - startedAt),
      end: isSettled(settling) ? toLessonSeconds(settling.at - startedAt) : null,
    };
  });
}

/** Tells the place of a stack. Tasks are often started from the same one, and reading one takes its time. */
function lineReader(): (stack: string | undefined) => string | null {
  const known = new Map<string, string | null>();
  return (stack) => {
    if (stack === undefined) return null;
    const line = known.get(stack) ?? lineInCell(stack);
    known.set(stack, line);
    return line;
  };
}

function plainTask(
  task: LiveTask,
  now: number,
  held: readonly Slice[],
  line: (stack: string | undefined) => string | null,
): RecordedTask {
  const { startedAt } = task.run;
  const end = task.end ?? now;
  const plain: RecordedTask = {
    name: task.name,
    parent: task.parent,
    start: toLessonSeconds(task.start - startedAt),
    end: toLessonSeconds(end - startedAt),
    outcome: task.outcome,
    error: task.outcome === "error" || task.outcome === "cancelled" ? plainError(task.reason) : null,
    // A task's last slice ends a moment after the task, with what the runtime has to do for it.
    cpu: slices(task.cpu, startedAt, end),
    ready: task.ready === undefined ? [] : starved(slices(task.ready, startedAt), held),
    line: line(task.place.stack),
    waits: waits(task, startedAt),
    wakes: (task.wakes ?? []).map(({ by, at }) => ({ by: by.index, at: toLessonSeconds(at - startedAt) })),
  };
  if (task.outcome === "cancelled" && task.lastWake !== undefined) plain.abortedBy = task.lastWake.index;
  return plain;
}

/** The times of a recording as it stands now, as plain data in lesson seconds. */
export function snapshot(
  run: LiveRun,
  main: LiveTask,
  loop: LoopWatch,
): Omit<RecordingOf<never>, "ok" | "value" | "error"> {
  const now = performance.now();
  const lastEnd = run.tasks.reduce((latest, task) => Math.max(latest, task.end ?? now), main.end ?? now);
  const line = lineReader();
  const held = slices(run.held, run.startedAt);
  return {
    version: RECORDING_VERSION,
    process: process.pid,
    thread: threadId,
    startedAt: sinceEpoch(run.startedAt),
    settled: toLessonSeconds((main.end ?? now) - run.startedAt),
    makespan: toLessonSeconds(lastEnd - run.startedAt),
    tasks: run.tasks.map((task) => plainTask(task, now, held, line)),
    cpu: slices(main.cpu, run.startedAt),
    waits: waits(main, run.startedAt),
    loopDelay: loop.looks(run.startedAt),
  };
}
