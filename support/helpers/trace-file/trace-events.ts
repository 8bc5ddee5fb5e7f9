import { LESSON_SECOND_MS } from "../clock/scale.ts";
import type { RecordedTask, RecordingOf, Slice, Wait } from "../recording/recording.ts";
import { type Lane, type LaneTask, OUTSIDE, tasksOf } from "../timeline/lanes.ts";

/**
 * One event of a trace in Chrome's JSON format, which Perfetto and Chromium's DevTools read. `ts` and `dur` are µs from the
 * start of the recording. `ph` says what it is: X a slice of a thread, b and e the begin and end of an asynchronous slice, s and f
 * the two ends of an arrow, C a counter, M the name of a process or thread.
 */
export interface TraceEvent {
  ph: "X" | "b" | "e" | "s" | "f" | "C" | "M";
  name: string;
  cat?: string;
  id?: string;
  ts?: number;
  dur?: number;
  pid: number;
  tid?: number;
  bp?: "e";
  args?: Readonly<Record<string, string | number | null>>;
}

/** The process and the thread that an event belongs to. */
interface Track {
  pid: number;
  tid: number;
}

/** Whole ns, so that what ends where the next begins does not overlap with it. */
function µs(seconds: number): number {
  return Math.round(seconds * LESSON_SECOND_MS * 1e6) / 1e3;
}

function named(kind: "process_name" | "thread_name", name: string, { pid, tid }: Track): TraceEvent {
  return { ph: "M", name: kind, pid, tid, args: { name } };
}

/** Slices of the thread: only one at a time has it. */
function held(name: string, slices: readonly Slice[], track: Track, task: number | null): TraceEvent[] {
  return slices.map(({ start, end }) => {
    const [ts, over] = [µs(start), µs(end)];
    return { ph: "X", name, cat: "held", ts, dur: Math.max(0, over - ts), ...track, args: { task } };
  });
}

function asyncSlice(
  name: string,
  cat: string,
  id: string,
  at: Slice,
  track: Track,
): [TraceEvent, TraceEvent] {
  return [
    { ph: "b", name, cat, id, ts: µs(at.start), ...track },
    { ph: "e", name, cat, id, ts: µs(at.end), ...track },
  ];
}

/** A task from its start to its end, and within it the stretches in which it was ready. */
function life(task: LaneTask, id: string, track: Track): TraceEvent[] {
  const [begin, end] = asyncSlice(task.name, "task", id, task, track);
  const { outcome, line } = task;
  const ready = task.ready.flatMap((slice) => asyncSlice("ready", "task", id, slice, track));
  return [{ ...begin, args: { outcome: task.note || outcome, line } }, ...ready, end];
}

/** Waits overlap where a task waits for several things at once, so that each has a track of its own. */
function waitEvents(waits: readonly Wait[], id: string, last: number, track: Track): TraceEvent[] {
  return waits.flatMap(({ what, start, end }, n) =>
    asyncSlice(`waits for ${what}`, "wait", `${id} ${n}`, { start, end: end ?? last }, track),
  );
}

/** One end of an arrow and the other. */
interface Arrow {
  name: string;
  from: number;
  to: number;
}

/** An arrow from the slice that one task had at a time to the next slice of another; none where either is missing. */
function arrow(name: string, from: readonly Slice[], at: number, to: readonly Slice[]): Arrow[] {
  const source = from.find(({ start, end }) => start <= at && at <= end);
  const target = to.find(({ start }) => start >= at);
  return source === undefined || target === undefined ? [] : [{ name, from: at, to: target.start }];
}

function arrows(recording: RecordingOf<unknown>, track: Track): TraceEvent[] {
  const slicesOf = (task: number | null): readonly Slice[] =>
    task === null ? recording.cpu : (recording.tasks[task]?.cpu ?? []);
  const all = recording.tasks.flatMap((task) => [
    ...arrow("starts", slicesOf(task.parent), task.start, task.cpu),
    ...task.wakes.flatMap(({ by, at }) => arrow("wakes", slicesOf(by), at, task.cpu)),
  ]);
  return all.flatMap(({ name, from, to }, index): TraceEvent[] => {
    // Perfetto wants a number here, written as hexadecimal.
    const flow = { name, cat: name, id: `0x${(index + 1).toString(16)}`, ...track };
    return [
      { ph: "s", ts: µs(from), ...flow },
      { ph: "f", bp: "e", ts: µs(to), ...flow },
    ];
  });
}

/** How many tasks had begun and not ended, at each change. */
function inFlight(tasks: readonly RecordedTask[], pid: number): TraceEvent[] {
  const changes = tasks.flatMap(({ start, end }) => [
    { at: start, by: 1 },
    { at: end, by: -1 },
  ]);
  let now = 0;
  return changes
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, by }) => {
      now += by;
      return { ph: "C", name: "tasks in flight", ts: µs(at), pid, args: { tasks: now } };
    });
}

function laneEvents(name: string, tasks: readonly LaneTask[], pid: number): TraceEvent[] {
  const track = { pid, tid: pid };
  return [
    named("process_name", name, track),
    ...tasks.flatMap((task, index) => [
      ...held(task.name, task.cpu, track, index),
      ...life(task, `${name} ${index}`, track),
    ]),
  ];
}

/**
 * A recording as the events of a trace.
 *
 * @param lanes what others did meanwhile: a process of the trace each
 * @throws ArgumentError when a lane is none
 */
export function traceEvents(
  recording: RecordingOf<unknown>,
  lanes: Readonly<Record<string, Lane>> = {},
): TraceEvent[] {
  const track = { pid: 1, tid: 1 };
  const { tasks, cpu, makespan } = recording;
  return [
    named("process_name", "the recording", track),
    named("thread_name", "event loop", track),
    ...held(OUTSIDE, cpu, track, null),
    ...waitEvents(recording.waits, OUTSIDE, makespan, track),
    ...tasks.flatMap((task, index) => [
      ...held(task.name, task.cpu, track, index),
      ...life(task, `task ${index}`, track),
      ...waitEvents(task.waits, `task ${index}`, makespan, track),
    ]),
    ...arrows(recording, track),
    ...inFlight(tasks, track.pid),
    ...Object.entries(lanes).flatMap(([name, lane], n) =>
      laneEvents(name, tasksOf(name, lane, recording), n + 2),
    ),
  ];
}
