import type { Settling } from "./promise-notes.ts";
import type { Outcome } from "./recording.ts";

/** A recording that is being made. Times are ms of `performance.now()`. */
export interface LiveRun {
  readonly startedAt: number;
  /** In the order of their starts. */
  readonly tasks: LiveTask[];
  /** When anybody of it held the thread. Flat: start, end, start, end … */
  readonly held: number[];
  running: number;
  /** Called when the last running task has ended. */
  onIdle: () => void;
  /** Once true, what still goes on is not followed any more. */
  over: boolean;
}

/** What a task waits for: another task or something that has a name, and what tells when that was settled. */
export interface LiveWait {
  readonly on: LiveTask | string;
  readonly settling: Settling;
  readonly start: number;
}

/** Who let a task go on, and when. */
export interface LiveWake {
  readonly by: LiveTask;
  readonly at: number;
}

/** A task that is being recorded; also the recorded function itself, which is no task of the recording. */
export interface LiveTask {
  readonly run: LiveRun;
  readonly name: string;
  /** Its place in `run.tasks`; null for the recorded function itself. */
  readonly index: number | null;
  readonly parent: number | null;
  /** The task of another recording that this recording is made in. */
  readonly outer: LiveTask | undefined;
  readonly start: number;
  end: number | null;
  outcome: Outcome;
  reason: unknown;
  /** Flat: start, end, start, end … A flat list costs a third of one of objects. */
  readonly cpu: number[];
  /** The same for the stretches in which it could have gone on. */
  ready: number[] | undefined;
  waits: LiveWait[] | undefined;
  wakes: LiveWake[] | undefined;
  /** Who let it go on last; undefined where that is not known, or it did so itself. */
  lastWake: LiveTask | undefined;
  /** An object whose stack, if it is asked for, tells where the task was started. */
  readonly place: { stack?: string };
  /** What the work returned, and the promise that was settled last while the task had the thread. */
  work: unknown;
  settled: Promise<unknown> | null;
  settledAt: number;
}

function newTask(
  run: LiveRun,
  name: string,
  index: number | null,
  parent: number | null,
  outer: LiveTask | undefined,
  place: LiveTask["place"],
): LiveTask {
  return {
    run,
    name,
    index,
    parent,
    outer,
    place,
    start: index === null ? run.startedAt : performance.now(),
    end: null,
    outcome: "running",
    reason: undefined,
    cpu: [],
    // Most tasks have none of these, and ten thousand empty lists take their time.
    ready: undefined,
    waits: undefined,
    wakes: undefined,
    lastWake: undefined,
    work: null,
    settled: null,
    settledAt: 0,
  };
}

export function newRun(): LiveRun {
  return { startedAt: performance.now(), tasks: [], held: [], running: 0, onIdle: () => {}, over: false };
}

/** What the recorded function itself is followed as. */
export function newMain(run: LiveRun, outer: LiveTask | undefined): LiveTask {
  return newTask(run, "", null, null, outer, {});
}

/**
 * Adds a task that starts now to its recording.
 *
 * @param place has a stack that tells where
 */
export function addTask(within: LiveTask, name: string, at: LiveTask["place"]): LiveTask {
  const { run } = within;
  const task = newTask(run, name, run.tasks.length, within.index, within.outer, at);
  run.tasks.push(task);
  run.running += 1;
  return task;
}

/** Work may be null too, and has no promise then whose end could have been noted. */
function hasSettled(task: LiveTask): boolean {
  return task.settled !== null && task.settled === task.work;
}

/** Notes that a promise was settled while the task had the thread. */
export function noteEnd(task: LiveTask, promise: Promise<unknown>, at: number): void {
  // Once the task's own promise is settled, nothing that comes later is its end.
  if (hasSettled(task)) return;
  task.settled = promise;
  task.settledAt = at;
}

/**
 * Notes how and when a task ended. Those who wait for the task hear of it only when the thread is free again; the task
 * itself was over when its promise was settled.
 */
export function endTask(task: LiveTask, outcome: Outcome, reason: unknown): void {
  task.end = hasSettled(task) ? task.settledAt : performance.now();
  task.outcome = outcome;
  task.reason = reason;
  task.work = null;
  task.settled = null;
  task.run.running -= 1;
  if (task.run.running === 0) task.run.onIdle();
}
