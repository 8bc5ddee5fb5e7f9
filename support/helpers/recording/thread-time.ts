import { AsyncLocalStorage, createHook } from "node:async_hooks";
import { promiseHooks } from "node:v8";
import { type LiveTask, noteSettled } from "./live-run.ts";

/**
 * Slices of one task with less than this between them (ms) are one: the runtime leaves and enters a task between
 * microtasks without any other task getting the thread.
 */
const JOIN_MS = 0.05;

/** Whose work the thread does; Node keeps it across every await, timer and callback. */
const owners = new AsyncLocalStorage<LiveTask>();

/** The task that the running code belongs to; undefined outside every recording. */
export function currentTask(): LiveTask | undefined {
  return owners.getStore();
}

let onThread: LiveTask | undefined;
let since = 0;
let lastNoted: LiveTask | undefined;
const interrupted: (LiveTask | undefined)[] = [];

function note(task: LiveTask, start: number, end: number): void {
  for (let at: LiveTask | undefined = task; at !== undefined; at = at.outer) {
    if (at.run.over) continue;
    const last = at.cpu.length - 1;
    const lastEnd = at.cpu[last];
    const nobodyBetween = at !== task || lastNoted === task;
    if (lastEnd !== undefined && nobodyBetween && start - lastEnd < JOIN_MS) at.cpu[last] = end;
    else at.cpu.push(start, end);
  }
  lastNoted = task;
}

function switchTo(next: LiveTask | undefined): void {
  if (next === onThread) return;
  const now = performance.now();
  if (onThread !== undefined) note(onThread, since, now);
  onThread = next;
  since = now;
}

// The runtime calls these around every callback and every continuation of a promise. Node has restored the
// AsyncLocalStorage of the code that goes on by then, so that nothing has to be remembered a promise.
const hook = createHook({
  before() {
    interrupted.push(onThread);
    switchTo(owners.getStore());
  },
  after() {
    switchTo(interrupted.pop());
  },
});

function settled(promise: Promise<unknown>): void {
  if (onThread !== undefined) noteSettled(onThread, promise);
}

let watchers = 0;
let stopWatching = (): void => {};

/** Begins to follow the thread. Costs nothing until then; several may watch at once. */
export function watchThread(): void {
  watchers += 1;
  if (watchers > 1) return;
  hook.enable();
  const stopHook = promiseHooks.onSettled(settled);
  stopWatching = () => {
    hook.disable();
    stopHook();
  };
}

/** Ends what {@link watchThread} began. */
export function unwatchThread(): void {
  watchers -= 1;
  if (watchers > 0) return;
  stopWatching();
  // The callback that disables the hook has no `after` any more.
  interrupted.length = 0;
  switchTo(undefined);
  lastNoted = undefined;
}

/** Runs a function for a task, at once: the thread is that task's until the function returns. */
export function runFor<T>(task: LiveTask, run: () => T): T {
  const before = onThread;
  switchTo(task);
  try {
    return owners.run(task, run);
  } finally {
    switchTo(before);
  }
}
