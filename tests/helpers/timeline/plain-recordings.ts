/** Recordings written by hand. */
import {
  RECORDING_VERSION,
  type RecordedTask,
  type RecordingOf,
} from "../../../support/helpers/recording/recording.ts";

export function aTask(
  name: string,
  start: number,
  end: number,
  more: Partial<RecordedTask> = {},
): RecordedTask {
  const unknown = { line: null, waits: [], wakes: [] };
  return {
    name,
    start,
    end,
    parent: null,
    outcome: "result",
    error: null,
    cpu: [],
    ready: [],
    ...unknown,
    ...more,
  };
}

export function aRecording(
  tasks: RecordedTask[],
  more: Partial<RecordingOf<unknown>> = {},
): RecordingOf<unknown> {
  const makespan = tasks.reduce((latest, one) => Math.max(latest, one.end), 0);
  return {
    version: RECORDING_VERSION,
    process: 1,
    thread: 0,
    value: undefined,
    error: undefined,
    ok: true,
    settled: makespan,
    makespan,
    startedAt: 0,
    tasks,
    cpu: [],
    waits: [],
    loopDelay: { every: 0.1, looks: [] },
    ...more,
  };
}
