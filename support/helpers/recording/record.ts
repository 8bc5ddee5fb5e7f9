import { setImmediate as immediate } from "node:timers/promises";
import { cellSignal, InterruptError } from "../cell/cell.ts";
import { onStop } from "../clean-up/stop-all.ts";
import { noteLoad } from "../clock/machine-load.ts";
import { ArgumentError } from "../errors/support-error.ts";
import { textOf } from "../errors/text-of.ts";
import { addTask, endTask, type LiveRun, type LiveTask, newMain, newRun } from "./live-run.ts";
import { watchLoop } from "./loop-delay.ts";
import { begun } from "./onlooker.ts";
import { notePromise } from "./promise-notes.ts";
import { isCancellation, type Recording, type RecordingOf } from "./recording.ts";
import { snapshot } from "./snapshot.ts";
import {
  awaitFor,
  currentTask,
  outsideTasks,
  runFor,
  unwatchThread,
  uptoAwait,
  watchThread,
} from "./thread-time.ts";
import { whoWaits } from "./who-waits.ts";

/** @throws ArgumentError when given something that can't be run */
function checkFunction(what: string, run: unknown): void {
  if (typeof run === "function") return;
  const promise = run instanceof Promise ? "; a promise is running already" : "";
  throw new ArgumentError("NOT_A_FUNCTION", `what ${what} is to run`, run, `a function: () => …${promise}`);
}

/** How {@link record} runs. */
export interface RecordOptions {
  /** Stops waiting when aborted: tasks that go on then are recorded as `running`. Cancels nothing by itself. */
  signal?: AbortSignal;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Resolves when no task runs any more. What the last task's end sets off may start another one at once. */
async function idle(run: LiveRun, stop: AbortSignal): Promise<void> {
  while (run.running > 0 && !stop.aborted) {
    const lastEnded = new Promise<void>((resolve) => {
      run.onIdle = resolve;
    });
    await Promise.race([lastEnded, aborted(stop)]);
    // An interrupt ends this wait too, with an error: the recording is told all the same.
    await immediate().catch(() => {});
  }
}

type Settled<T> = { ok: true; value: T; error: undefined } | { ok: false; value: undefined; error: unknown };

const NOT_YET = { ok: false, value: undefined, error: undefined } as const;

async function settle<T>(main: LiveTask, run: () => T | PromiseLike<T>): Promise<Settled<T>> {
  try {
    const work = runFor(main, run);
    awaitFor(main);
    return { ok: true, value: await work, error: undefined };
  } catch (error) {
    return { ok: false, value: undefined, error };
  } finally {
    main.end = performance.now();
  }
}

async function stopped(stop: AbortSignal): Promise<Settled<never>> {
  await aborted(stop);
  return { ok: false, value: undefined, error: stop.reason };
}

/** Of so many tasks it is noted where they were started: a picture of more draws no single one. */
const MOST_PLACES = 1000;

/** The first frame is mostly the reader's own; all that a longer stack has is the time that it takes to write it. */
const PLACE_FRAMES = 4;

const NO_PLACE = {};

/** An object whose stack tells, if it is asked for, where a task was started. */
function placeOf(caller: (...given: never[]) => unknown): { stack?: string } {
  const place = {};
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = Math.min(stackTraceLimit, PLACE_FRAMES);
  Error.captureStackTrace(place, caller);
  Error.stackTraceLimit = stackTraceLimit;
  return place;
}

/** For the reader who has interrupted a cell that hung. */
function tellWaits(recording: RecordingOf<unknown>): void {
  console.log(["Interrupted. Who waited for whom:", ...whoWaits(recording, recording.makespan)].join("\n"));
}

/**
 * Runs a function and returns what happened as plain data: how it ended, and for every {@link task} inside it when it
 * started, held the thread, was ready, waited and ended, for what it waited, and who woke or aborted it. A failure of the function is part of the data; `record` itself
 * rejects only when it was given no function.
 *
 * It waits for every task that was started, also for those that the function itself did not wait for, so that
 * nothing goes on afterwards. When the function was settled stands in `settled`.
 *
 * The slices come from the runtime (`node:async_hooks`), so the code inside a task stays as it is. When no
 * recording runs, nothing is hooked. Times are lesson seconds.
 *
 * Cancellation: `options.signal` and an interrupt of the cell end the waiting, not the work. What goes on then is
 * recorded as `running`, and an interrupted cell says who waited for whom. A function that has not ended counts as failed
 * with the signal's reason. When the signal has aborted already, the function is not run.
 *
 * Idea: Trio's nurseries (no task outlives its block) and its instrument API.
 *
 * @example
 * const run = await record(async () => {
 *   await Promise.all([task("a", () => sleep(2)), task("b", () => sleep(3))]);
 * });
 * console.log(run.makespan, run.tasks.map(({ name, end }) => [name, end]));
 * @throws ArgumentError (as a rejection)
 */
export async function record<T>(
  run: () => T | PromiseLike<T>,
  options: RecordOptions = {},
): Promise<Recording<T>> {
  checkFunction("record(…)", run);
  noteLoad();
  const stopping = new AbortController();
  const forget = onStop(() => stopping.abort());
  const stop = options.signal ? AbortSignal.any([options.signal, stopping.signal]) : stopping.signal;
  // Before the clock of the recording starts: whoever looks on gets ready first.
  const lookAway = begun({
    count: () => ({ started: live.tasks.length, ended: live.tasks.length - live.running }),
    look: () => ({ ...snapshot(live, main, loop), ...end }),
  });
  let end: Settled<T> = NOT_YET;
  const live = newRun();
  const main = newMain(live, currentTask());
  watchThread();
  const loop = outsideTasks(watchLoop);
  try {
    end = await (stop.aborted
      ? stopped(stop)
      : Promise.race([uptoAwait(() => settle(main, run)), stopped(stop)]));
    await idle(live, stop);
    const recording = { ...snapshot(live, main, loop), ...end };
    if (cellSignal()?.reason instanceof InterruptError) tellWaits(recording);
    return recording;
  } finally {
    live.over = true;
    lookAway();
    loop.stop();
    unwatchThread();
    forget();
  }
}

/**
 * Runs a function at once and, inside a {@link record}, as a named bar of its timeline. Outside a recording it only
 * runs the function. Tasks may be nested, and names may repeat.
 *
 * @example
 * const run = await record(() => task("tea", () => sleep(2)));
 * @param name what the timeline calls it
 * @param run the work; its result or error becomes the task's
 * @returns a promise of the work's result
 * @throws ArgumentError (as a rejection) when given a promise or anything else that isn't a function
 */
export function task<T>(name: string, run: () => T | PromiseLike<T>): Promise<T> {
  const within = currentTask();
  if (within === undefined || within.run.over || typeof run !== "function")
    return follow(undefined, name, run);
  const place = within.run.tasks.length < MOST_PLACES ? placeOf(task) : NO_PLACE;
  const mine = addTask(within, textOf(name), place);
  const ended = uptoAwait(() => follow(mine, name, run));
  notePromise(ended, mine);
  return ended;
}

async function follow<T>(
  mine: LiveTask | undefined,
  name: string,
  run: () => T | PromiseLike<T>,
): Promise<T> {
  checkFunction(`task(${JSON.stringify(name)}, …)`, run);
  if (mine === undefined) return run();
  try {
    const work = runFor(mine, run);
    mine.work = work;
    awaitFor(mine);
    const value = await work;
    endTask(mine, "result", undefined);
    return value;
  } catch (reason) {
    endTask(mine, isCancellation(reason) ? "cancelled" : "error", reason);
    throw reason;
  }
}
