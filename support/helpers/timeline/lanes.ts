import { toLessonSeconds } from "../clock/scale.ts";
import { ArgumentError } from "../errors/support-error.ts";
import { received } from "../recording/received.ts";
import type { Outcome, RecordedTask, RecordingOf } from "../recording/recording.ts";
import { shifted } from "../recording/shifted.ts";

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

/**
 * What other threads or processes did meanwhile: a recording that one of them made itself, several such, or spans. Recordings
 * are looked through, so that a message can be handed on as it came.
 */
export type Lane = RecordingOf<unknown> | readonly RecordingOf<unknown>[] | readonly Span[];

/** A bar of a lane before it is put on a grid, by the clock of the recording that the timeline is of. */
export type LaneTask = RecordedTask & {
  note?: string;
  /** It is the recorded function itself, where it held its thread outside its tasks. */
  outside?: true;
};

/** What the work of the recorded function itself is called. */
export const OUTSIDE = "(outside the tasks)";

function checkSpan(what: string, span: Span): void {
  const { startedAt, endedAt } = span ?? {};
  const wanted = "a recording, or spans as server.requests() gives them, with times in ms since 1970";
  for (const time of endedAt === null ? [startedAt] : [startedAt, endedAt]) {
    if (!Number.isFinite(time)) throw new ArgumentError("BAD_LANE", what, time, wanted);
  }
}

function isSpan(one: Span | RecordingOf<unknown>): one is Span {
  return typeof one !== "object" || one === null || !("tasks" in one);
}

/** What a lane holds, looked through: recordings and spans. */
export interface LaneContent {
  recordings: RecordingOf<unknown>[];
  spans: Span[];
}

/** @throws ArgumentError when it is no lane, or of helpers of another version */
export function contentOf(name: string, lane: Lane): LaneContent {
  const what = `what the lane ${JSON.stringify(name)} shows`;
  const content: LaneContent = { recordings: [], spans: [] };
  const all: readonly (Span | RecordingOf<unknown>)[] = Array.isArray(lane) ? lane : [lane];
  for (const one of all) {
    if (isSpan(one)) {
      checkSpan(what, one);
      content.spans.push(one);
    } else content.recordings.push(received(one, what));
  }
  return content;
}

const NOTHING = { error: null, cpu: [], ready: [], line: null, waits: [], wakes: [] };

function ofSpan(span: Span, since: (at: number) => number, end: number): LaneTask {
  const start = since(span.startedAt);
  return {
    ...NOTHING,
    name: span.name,
    parent: null,
    start,
    end: span.endedAt === null ? Math.max(start, end) : since(span.endedAt),
    outcome: span.outcome,
    note: span.note,
  };
}

/** Tasks are named by their place in the whole recording, some of which a lane leaves out. */
function withCanceller(task: RecordedTask, { tasks }: RecordingOf<unknown>): LaneTask {
  const by = typeof task.abortedBy === "number" ? tasks[task.abortedBy] : undefined;
  return by === undefined ? task : { ...task, note: `cancelled by ${by.name}` };
}

function ofRecording(recording: RecordingOf<unknown>, by: number): LaneTask[] {
  const { start, settled, cpu, tasks } = shifted(recording, by);
  const main: LaneTask = {
    ...NOTHING,
    name: OUTSIDE,
    parent: null,
    start,
    end: settled,
    outcome: "result",
    cpu,
    outside: true,
  };
  return [main, ...tasks.map((task) => withCanceller(task, recording))];
}

/**
 * What a lane holds, by the recording's own clock: lesson seconds from its start. What had ended before the recording began,
 * or began after it had ended, is left out.
 *
 * @throws ArgumentError when it is no lane
 */
export function tasksOf(name: string, lane: Lane, recording: RecordingOf<unknown>): LaneTask[] {
  const since = (at: number): number => toLessonSeconds(at - recording.startedAt);
  const { recordings, spans } = contentOf(name, lane);
  return [
    ...recordings.flatMap((one) => ofRecording(one, since(one.startedAt))),
    ...spans.map((span) => ofSpan(span, since, recording.makespan)),
  ].filter(({ start, end }) => end > 0 && start < recording.makespan);
}
