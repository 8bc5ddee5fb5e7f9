import { AsyncLocalStorage, createHook, executionAsyncResource } from "node:async_hooks";
import { promiseHooks } from "node:v8";
import { nameOfWait } from "../wait-names/name-wait.ts";
import { type Cause, causeOf, dueAt } from "./due.ts";
import { type LiveTask, noteSettled } from "./live-run.ts";
import { noteReaction, noteSettling, settlingOf, takeParent, taskOf } from "./promise-notes.ts";

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

/** Runs a function whose timers and callbacks belong to no task. */
export function outsideTasks<T>(run: () => T): T {
  return owners.exit(run);
}

let onThread: LiveTask | undefined;
let since = 0;
let lastNoted: LiveTask | undefined;
/** Who acts: the task on the thread, unless a library acts on its own account in that task's name. */
let actor: LiveTask | undefined;
const interrupted: (LiveTask | undefined)[] = [];
const interruptedActors: (LiveTask | undefined)[] = [];

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

function switchTo(next: LiveTask | undefined, at?: number): void {
  if (next === onThread) return;
  const now = at ?? performance.now();
  if (onThread !== undefined) note(onThread, since, now);
  onThread = next;
  since = now;
}

/** Shorter stretches than this (ms) are no waiting for the thread: timers are that late on an idle one too. */
const NOTICED_MS = 2;

/** Notes who let a task go on. What it does by itself after that changes nothing. */
function noteWaker(task: LiveTask, by: LiveTask | undefined, at: number): void {
  if (by === task) return;
  if (by !== undefined && by !== task.lastWake && by.run === task.run) {
    task.wakes ??= [];
    task.wakes.push({ by, at });
  }
  task.lastWake = by;
}

/** Notes that a task that gets the thread could have had it from a moment on. */
function noteReady(task: LiveTask, due: number, now: number): void {
  if (now - due < NOTICED_MS) return;
  for (let at: LiveTask | undefined = task; at !== undefined; at = at.outer) {
    const from = Math.max(due, at.start, at.cpu.at(-1) ?? 0, at.ready?.at(-1) ?? 0);
    if (at.run.over || now - from < NOTICED_MS) continue;
    at.ready ??= [];
    at.ready.push(from, now);
  }
}

/** Notes since when a task that gets the thread could have had it, and who made it so, as far as the runtime tells. */
function noteWoken(task: LiveTask, resource: object, cause: Cause, now: number): void {
  if (cause === "promise") {
    const parent = takeParent(resource);
    const settling = parent && settlingOf(parent);
    // Of a reaction whose promise is not known nothing can be said.
    if (settling === undefined) return;
    noteWaker(task, settling.by, settling.at);
    noteReady(task, settling.at, now);
    return;
  }
  task.lastWake = undefined;
  // Who waits for the loop's next round could go on from when it left the thread.
  const due = cause === "timer" ? dueAt(resource, now) : cause === "round" ? task.cpu.at(-1) : undefined;
  if (due !== undefined) noteReady(task, due, now);
}

// The runtime calls these around every callback and every continuation of a promise. Node has restored the
// AsyncLocalStorage of the code that goes on by then, so that whose work it is need not be remembered for each promise.
const hook = createHook({
  before() {
    interrupted.push(onThread);
    interruptedActors.push(actor);
    const next = owners.getStore();
    const resource = executionAsyncResource();
    const cause = causeOf(resource);
    actor = cause === "other" ? undefined : next;
    if (next === onThread) return;
    const now = performance.now();
    if (next !== undefined && next.end === null) noteWoken(next, resource, cause, now);
    switchTo(next, now);
  },
  after() {
    switchTo(interrupted.pop());
    actor = interruptedActors.pop();
  },
});

function settled(promise: Promise<unknown>): void {
  // A task's own promise is settled by the task, though its last step is done for the one who started it.
  const at = performance.now();
  noteSettling(promise, { at, by: taskOf(promise) ?? actor });
  if (onThread !== undefined) noteSettled(onThread, promise, at);
}

let awaitsNext: LiveTask | undefined;

/** Says whose the next `await` of the running function is: what a task's work returned is awaited for the task. */
export function awaitFor(task: LiveTask): void {
  awaitsNext = task;
}

/** Calls a function that runs up to its first `await`, which may be that of {@link awaitFor}. */
export function uptoAwait<T>(run: () => T): T {
  try {
    return run();
  } finally {
    awaitsNext = undefined;
  }
}

/** A promise that has a parent waits for it; so does the task that made it, if the parent's purpose is known. */
function made(promise: Promise<unknown>, parent: Promise<unknown> | undefined): void {
  const waiter = awaitsNext ?? onThread;
  if (parent === undefined || waiter === undefined) return;
  noteReaction(promise, parent);
  const on = taskOf(parent) ?? nameOfWait(parent);
  if (on === undefined || on === waiter || settlingOf(parent) !== undefined) return;
  waiter.waits ??= [];
  waiter.waits.push({ on, promise: parent, start: performance.now() });
}

let watchers = 0;
let stopWatching = (): void => {};

/** Begins to follow the thread. Costs nothing until then; several may watch at once. */
export function watchThread(): void {
  watchers += 1;
  if (watchers > 1) return;
  hook.enable();
  const stopHooks = promiseHooks.createHook({ init: made, settled });
  stopWatching = () => {
    hook.disable();
    stopHooks();
  };
}

/** Ends what {@link watchThread} began. */
export function unwatchThread(): void {
  watchers -= 1;
  if (watchers > 0) return;
  stopWatching();
  // The callback that disables the hook has no `after` any more.
  interrupted.length = 0;
  interruptedActors.length = 0;
  actor = undefined;
  switchTo(undefined);
  lastNoted = undefined;
}

/** Runs a function for a task, at once: the thread is that task's until the function returns. */
export function runFor<T>(task: LiveTask, run: () => T): T {
  const [before, actorBefore] = [onThread, actor];
  switchTo(task);
  actor = task;
  try {
    return owners.run(task, run);
  } finally {
    switchTo(before);
    actor = actorBefore;
  }
}
