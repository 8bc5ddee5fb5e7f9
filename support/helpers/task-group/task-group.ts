import { cellSignal } from "../cell/cell.ts";
import { ArgumentError } from "../errors/support-error.ts";
import { textOf } from "../errors/text-of.ts";
import { stoppedBy } from "../limits/cancelled.ts";
import { task } from "../recording/record.ts";
import {
  CancelledByError,
  type TaskFailure,
  TaskGroupClosedError,
  TaskGroupError,
} from "./task-group-errors.ts";

/** A block of code and the tasks started in it, which end together. */
export interface TaskGroup {
  /** Aborted as soon as a task or the block fails, by {@link cancel}, and by the signal that the group was given. */
  readonly signal: AbortSignal;
  /**
   * Starts a task at once. Until the group is over, tasks may be started by the block, by other tasks, and by others.
   *
   * A failure of the task is one of the group, also when somebody catches it at the promise that is returned: what is no
   * failure is caught inside the task. Nobody has to await that promise.
   *
   * Cancellation: work is told by its signal, and the group waits until it has ended. In a group that is being cancelled
   * the work is not begun, and the promise rejects with the signal's reason.
   *
   * @param name what errors and a recording call it
   * @returns a promise of the work's result
   * @throws TaskGroupClosedError (as a rejection) once the group is over
   */
  start<T>(name: string, work: (signal: AbortSignal) => T | PromiseLike<T>): Promise<T>;
  /** Tells all tasks to stop. This alone is no failure: when the block returns, so does the group. */
  cancel(reason?: unknown): void;
}

/** How {@link taskGroup} runs. */
export interface TaskGroupOptions {
  /** Cancels the group when aborted. */
  signal?: AbortSignal;
}

function ignore(): void {}

/** @throws ArgumentError when given something that can't be run */
function checkFunction(what: string, run: unknown, form: string): void {
  if (typeof run !== "function") throw new ArgumentError("NOT_A_FUNCTION", what, run, `a function: ${form}`);
}

/** The signals that end a group from outside: the one it was given, and that of the cell it is in. */
function outside({ signal }: TaskGroupOptions): AbortSignal[] {
  return [signal, cellSignal()].filter((one) => one !== undefined);
}

/**
 * Runs a block of code that can start tasks, and ends when the block and all its tasks have ended: no task outlives its
 * block. The first failure, of a task or of the block itself, cancels the rest. No failure is lost: when all have ended,
 * they come out together, each with its name. Don't await the group itself in one of its tasks: that never ends.
 *
 * It is a function and nothing for `await using`, because the end of such a block is not told that the block has failed: it
 * could not cancel the tasks, and would wait for them to end by themselves.
 *
 * Cancellation: `options.signal` and an interrupt of the cell cancel the group. When all have stopped, it rejects with the
 * signal's reason, or with a `TaskGroupError` that has it as its cause when something failed meanwhile. Tasks that don't
 * listen to their signal are waited for. When the signal has aborted already, the block is not run. A task counts as
 * stopped, and not as failed, when after the abort it rejects with the signal's reason or an `AbortError`.
 *
 * Idea: Trio's nurseries and `asyncio.TaskGroup`.
 *
 * @example
 * const sum = await taskGroup(async (group) => {
 *   const three = group.start("three", (signal) => sleep(1, { signal }).then(() => 3));
 *   const four = group.start("four", (signal) => sleep(2, { signal }).then(() => 4));
 *   return (await three) + (await four);
 * });
 * console.log(sum); // 7
 * @param block starts the tasks; its result is the group's
 * @throws TaskGroupError, ArgumentError (as rejections)
 */
export async function taskGroup<T>(
  block: (group: TaskGroup) => T | PromiseLike<T>,
  options: TaskGroupOptions = {},
): Promise<T> {
  checkFunction("the block of a task group", block, "(group) => …");
  const from = outside(options);
  for (const signal of from) signal.throwIfAborted();
  const group = newGroup();
  const listeners = from.map((signal) => {
    const aborted = (): void => group.cancel(signal.reason);
    signal.addEventListener("abort", aborted, { once: true });
    return () => signal.removeEventListener("abort", aborted);
  });
  const [end] = await Promise.allSettled([group.enter(block)]);
  await group.over();
  for (const forget of listeners) forget();
  const aborted = from.find((signal) => signal.aborted);
  if (group.failures.length > 0)
    throw new TaskGroupError(group.failures, aborted && { cause: aborted.reason });
  aborted?.throwIfAborted();
  if (end.status === "rejected") throw end.reason;
  return end.value;
}

/** What {@link taskGroup} knows of a group, and its tasks do not. */
interface LiveGroup extends TaskGroup {
  readonly failures: readonly TaskFailure[];
  enter<T>(block: (group: TaskGroup) => T | PromiseLike<T>): Promise<T>;
  /** Resolves when no task runs any more; from then on none can be started. */
  over(): Promise<void>;
}

function newGroup(): LiveGroup {
  const stop = new AbortController();
  const { signal } = stop;
  const failures: TaskFailure[] = [];
  let running = 0;
  let closed = false;
  let idle = ignore;

  const fail = (name: string, reason: unknown): void => {
    if (stoppedBy(signal, reason)) return;
    failures.push({ name, reason });
    stop.abort(new CancelledByError({ name, reason }));
  };
  const cancel = (reason?: unknown): void => stop.abort(reason);
  const left = (): void => {
    running -= 1;
    if (running === 0) idle();
  };

  function start<T>(name: string, work: (signal: AbortSignal) => T | PromiseLike<T>): Promise<T> {
    const called = textOf(name);
    if (closed) return Promise.reject(new TaskGroupClosedError(called));
    if (signal.aborted) {
      const refused = Promise.reject(signal.reason);
      refused.catch(ignore);
      return refused;
    }
    running += 1;
    const child = task(called, async () => {
      try {
        checkFunction(`the work of ${called}`, work, "(signal) => …");
        return await work(signal);
      } catch (reason) {
        // Here, as a part of the task, so that a recording can tell who cancelled the others.
        fail(called, reason);
        throw reason;
      }
    });
    child.then(left, left);
    return child;
  }

  async function enter<T>(block: (group: TaskGroup) => T | PromiseLike<T>): Promise<T> {
    try {
      return await block({ signal, start, cancel });
    } catch (reason) {
      // What a task threw and the block awaited has been noted as the task's.
      if (!failures.some((one) => Object.is(one.reason, reason))) fail("the block", reason);
      throw reason;
    }
  }

  async function over(): Promise<void> {
    while (running > 0) {
      await new Promise<void>((resolve) => {
        idle = resolve;
      });
    }
    closed = true;
  }

  return { signal, start, cancel, failures, enter, over };
}
