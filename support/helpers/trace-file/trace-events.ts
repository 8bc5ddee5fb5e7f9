import { LESSON_SECOND_MS, toLessonSeconds } from "../clock/scale.ts";
import type { LoopDelay, RecordedTask, RecordingOf, Slice, Wait } from "../recording/recording.ts";
import { type Shifted, shifted } from "../recording/shifted.ts";
import { contentOf, type Lane, type LaneTask, OUTSIDE, tasksOf } from "../timeline/lanes.ts";
import { newTracks, type Track, type TrackName } from "./tracks.ts";

/**
 * One event of a trace in Chrome's JSON format, which Perfetto and Chromium's DevTools read. `ts` and `dur` are µs from the
 * earliest start of all that it shows. `ph` says what it is: X a slice of a thread, b and e the begin and end of an asynchronous slice, s and f
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

/** Whole ns, so that what ends where the next begins does not overlap with it. */
function µs(seconds: number): number {
  return Math.round(seconds * LESSON_SECOND_MS * 1e6) / 1e3;
}

function nameEvent({ kind, name, track }: TrackName): TraceEvent {
  return { ph: "M", name: kind, ...track, args: { name } };
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

function arrows({ tasks, cpu }: Shifted, id: string, track: Track): TraceEvent[] {
  const slicesOf = (task: number | null): readonly Slice[] =>
    task === null ? cpu : (tasks[task]?.cpu ?? []);
  const all = tasks.flatMap((task) => [
    ...arrow("starts", slicesOf(task.parent), task.start, task.cpu),
    ...task.wakes.flatMap(({ by, at }) => arrow("wakes", slicesOf(by), at, task.cpu)),
  ]);
  return all.flatMap(({ name, from, to }, index): TraceEvent[] => {
    // Perfetto wants a number here, written as hexadecimal, and of all recordings another one.
    const flow = { name, cat: name, id: `0x${id}${index.toString(16).padStart(6, "0")}`, ...track };
    return [
      { ph: "s", ts: µs(from), ...flow },
      { ph: "f", bp: "e", ts: µs(to), ...flow },
    ];
  });
}

/** How many tasks had begun and not ended, at each change. */
function inFlight(tasks: readonly RecordedTask[], of: string, { pid }: Track): TraceEvent[] {
  const changes = tasks.flatMap(({ start, end }) => [
    { at: start, by: 1 },
    { at: end, by: -1 },
  ]);
  let now = 0;
  return changes
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, by }) => {
      now += by;
      return { ph: "C", name: `tasks in flight${of}`, ts: µs(at), pid, args: { tasks: now } };
    });
}

/** How late the loop was, at the times at which a look was due; a viewer draws each value up to the next one. */
function delays({ every, looks }: LoopDelay, of: string, { pid }: Track): TraceEvent[] {
  const name = `loop delay in ms, looked at every ${Math.round(every * LESSON_SECOND_MS)} ms${of}`;
  return looks.map(({ due, late }) => ({ ph: "C", name, ts: µs(due), pid, args: { ms: µs(late) / 1e3 } }));
}

/**
 * All that one thread recorded.
 *
 * @param of whose counters these are; empty for the recording itself
 * @param id a number of its own, from 1 upwards
 */
function recorded(what: Shifted, track: Track, of: string, id: number): TraceEvent[] {
  const { tasks, cpu, waits, end, loopDelay } = what;
  return [
    ...held(OUTSIDE, cpu, track, null),
    ...waitEvents(waits, `${id} ${OUTSIDE}`, end, track),
    ...tasks.flatMap((task, index) => [
      ...held(task.name, task.cpu, track, index),
      ...life(task, `${id} task ${index}`, track),
      ...waitEvents(task.waits, `${id} task ${index}`, end, track),
    ]),
    ...arrows(what, id.toString(16), track),
    ...inFlight(tasks, of, track),
    ...delays(loopDelay, of, track),
  ];
}

/** What the lanes show, each thread with its name. */
interface Others {
  recordings: { name: string; made: RecordingOf<unknown> }[];
  spans: { name: string; lane: Lane }[];
}

function othersOf(lanes: Readonly<Record<string, Lane>>): Others {
  const others: Others = { recordings: [], spans: [] };
  for (const [name, lane] of Object.entries(lanes)) {
    const { recordings, spans } = contentOf(name, lane);
    others.recordings.push(...recordings.map((made) => ({ name, made })));
    if (spans.length > 0) others.spans.push({ name, lane: spans });
  }
  return others;
}

/**
 * A recording as the events of a trace. What ended before it began or began after it had ended is left out of the lanes.
 *
 * @param lanes what others did meanwhile. A recording of a thread of the same process is a thread of the trace, one of another
 * process is a thread of another process; spans are a process, as it is not known which thread they were of.
 * @throws ArgumentError when a lane is none
 */
export function traceEvents(
  recording: RecordingOf<unknown>,
  lanes: Readonly<Record<string, Lane>> = {},
): TraceEvent[] {
  const since = (at: number): number => toLessonSeconds(at - recording.startedAt);
  const meanwhile = ({ start, end }: { start: number; end: number }): boolean =>
    end > 0 && start < recording.makespan;
  const others = othersOf(lanes);
  const threads = others.recordings
    .map(({ name, made }) => ({ name, made, on: shifted(made, since(made.startedAt)) }))
    .filter(({ on }) => meanwhile(on));
  const spans = others.spans.map(({ name, lane }) => ({ name, tasks: tasksOf(name, lane, recording) }));
  // A viewer knows no time before 0.
  const starts = [
    ...threads.map(({ on }) => on.start),
    ...spans.flatMap(({ tasks }) => tasks.map(({ start }) => start)),
  ];
  const before = starts.reduce((earliest, start) => Math.min(earliest, start), 0);
  const tracks = newTracks();
  const track = tracks.own(recording.process);
  const events = [
    ...recorded(shifted(recording, -before), track, "", 1),
    ...threads.flatMap(({ name, made }, n) => {
      const mine = tracks.thread(name, made.process, made.thread);
      return recorded(shifted(made, since(made.startedAt) - before), mine, `, ${name} ${n + 1}`, n + 2);
    }),
    ...spans.flatMap(({ name, tasks }) => {
      const mine = tracks.process(name);
      return tasks.flatMap(({ start, end, ...task }, index) =>
        life({ ...task, start: start - before, end: end - before }, `${name} ${index}`, mine),
      );
    }),
  ];
  return [...tracks.names().map(nameEvent), ...events];
}
