import { toLessonSeconds } from "../clock/scale.ts";
import type { LiveRun, LiveTask } from "./live-run.ts";
import { plainError, type RecordedTask, type RecordingOf, type Slice } from "./recording.ts";

function slices(cpu: readonly number[], startedAt: number): Slice[] {
  const found: Slice[] = [];
  for (let i = 0; i + 1 < cpu.length; i += 2) {
    const [start = 0, end = 0] = cpu.slice(i, i + 2);
    found.push({ start: toLessonSeconds(start - startedAt), end: toLessonSeconds(end - startedAt) });
  }
  return found;
}

function plainTask(task: LiveTask, startedAt: number, now: number): RecordedTask {
  return {
    name: task.name,
    parent: task.parent,
    start: toLessonSeconds(task.start - startedAt),
    end: toLessonSeconds((task.end ?? now) - startedAt),
    outcome: task.outcome,
    error: task.outcome === "error" || task.outcome === "cancelled" ? plainError(task.reason) : null,
    cpu: slices(task.cpu, startedAt),
  };
}

/** The times of a recording as it stands now, as plain data in lesson seconds. */
export function snapshot(run: LiveRun, main: LiveTask): Omit<RecordingOf<never>, "ok" | "value" | "error"> {
  const now = performance.now();
  const lastEnd = run.tasks.reduce((latest, task) => Math.max(latest, task.end ?? now), main.end ?? now);
  return {
    settled: toLessonSeconds((main.end ?? now) - run.startedAt),
    makespan: toLessonSeconds(lastEnd - run.startedAt),
    tasks: run.tasks.map((task) => plainTask(task, run.startedAt, now)),
    cpu: slices(main.cpu, run.startedAt),
  };
}
