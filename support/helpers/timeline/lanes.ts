import { toLessonSeconds } from "../clock/scale.ts";
import { ArgumentError } from "../errors/support-error.ts";
import type { Outcome, RecordedTask, RecordingOf } from "../recording/recording.ts";

/** A stretch of work that somebody else noted: the delay server, for one. Times are ms since 1970. */
export interface Span {
  name: string;
  startedAt: number;
  /** Null where it had not ended. */
  endedAt: number | null;
  outcome: Outcome;
  /** How it ended, in a word or two; empty where there is nothing to say. */
  note: string;
}

/** What another thread or process did meanwhile: a recording that it made itself, or spans. */
export type Lane = RecordingOf<unknown> | readonly Span[];

/** A bar of a lane before it is put on a grid, by the clock of the recording that the timeline is of. */
export type LaneTask = RecordedTask & { note?: string };

function isSpans(lane: Lane): lane is readonly Span[] {
  return Array.isArray(lane);
}

function check(name: string, startedAt: unknown): void {
  if (typeof startedAt === "number" && Number.isFinite(startedAt)) return;
  const wanted = "a recording, or spans as server.requests() gives them, with times in ms since 1970";
  throw new ArgumentError("BAD_LANE", `what the lane ${JSON.stringify(name)} shows`, startedAt, wanted);
}

function ofSpan(span: Span, since: (at: number) => number, end: number): LaneTask {
  const start = since(span.startedAt);
  return {
    name: span.name,
    parent: null,
    start,
    end: span.endedAt === null ? Math.max(start, end) : since(span.endedAt),
    outcome: span.outcome,
    error: null,
    cpu: [],
    ready: [],
    line: null,
    waits: [],
    wakes: [],
    note: span.note,
  };
}

function shifted(task: RecordedTask, by: number): LaneTask {
  const move = (slices: RecordedTask["cpu"]): RecordedTask["cpu"] =>
    slices.map(({ start, end }) => ({ start: start + by, end: end + by }));
  return {
    ...task,
    start: task.start + by,
    end: task.end + by,
    cpu: move(task.cpu),
    ready: move(task.ready),
  };
}

/**
 * What a lane holds, by the recording's own clock: lesson seconds from its start. What had ended before the recording began,
 * or began after it had ended, is left out.
 *
 * @throws ArgumentError when it is no lane
 */
export function tasksOf(name: string, lane: Lane, recording: RecordingOf<unknown>): LaneTask[] {
  const since = (at: number): number => toLessonSeconds(at - recording.startedAt);
  const meanwhile = ({ start, end }: LaneTask): boolean => end > 0 && start < recording.makespan;
  if (isSpans(lane)) {
    for (const span of lane) check(name, span?.startedAt);
    return lane.map((span) => ofSpan(span, since, recording.makespan)).filter(meanwhile);
  }
  check(name, lane?.startedAt);
  const by = since(lane.startedAt);
  return lane.tasks.map((task) => shifted(task, by)).filter(meanwhile);
}
