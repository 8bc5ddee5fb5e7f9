import type { RecordedTask, RecordingOf, Slice, Wait } from "./recording.ts";

function slices(all: readonly Slice[], by: number): Slice[] {
  return all.map(({ start, end }) => ({ start: start + by, end: end + by }));
}

function waits(all: readonly Wait[], by: number): Wait[] {
  return all.map((wait) => ({
    ...wait,
    start: wait.start + by,
    end: wait.end === null ? null : wait.end + by,
  }));
}

function task(one: RecordedTask, by: number): RecordedTask {
  return {
    ...one,
    start: one.start + by,
    end: one.end + by,
    cpu: slices(one.cpu, by),
    ready: slices(one.ready, by),
    waits: waits(one.waits, by),
    wakes: one.wakes.map((wake) => ({ ...wake, at: wake.at + by })),
  };
}

/** What happened in a recording, by another clock than from its start. */
export interface Shifted extends Pick<RecordingOf<unknown>, "tasks" | "cpu" | "waits" | "loopDelay"> {
  start: number;
  settled: number;
  end: number;
}

/**
 * A recording by another clock.
 *
 * @param by lesson seconds that are added to each of its times
 */
export function shifted(recording: RecordingOf<unknown>, by: number): Shifted {
  const { tasks, cpu, loopDelay, settled, makespan } = recording;
  return {
    start: by,
    settled: settled + by,
    end: makespan + by,
    tasks: tasks.map((one) => task(one, by)),
    cpu: slices(cpu, by),
    waits: waits(recording.waits, by),
    loopDelay: { ...loopDelay, looks: loopDelay.looks.map((look) => ({ ...look, due: look.due + by })) },
  };
}
