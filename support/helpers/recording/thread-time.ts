import { AsyncLocalStorage, createHook, executionAsyncResource } from "node:async_hooks";
import { types } from "node:util";
import { promiseHooks } from "node:v8";
import { nameOfWait } from "../wait-names/name-wait.ts";
import { type Cause, causeOf, dueAt } from "./due.ts";
import { type LiveTask, noteEnd } from "./live-run.ts";
import { awaitedBy, isSettled, noteAwaited, noteSettled, settlingOf, taskOf } from "./promise-notes.ts";

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

/** Between two stretches that are one to who waits the thread goes from one task to the next, in ms. */
const HAND_OVER_MS = 0.5;

/** Notes that somebody held the thread, in a flat list of starts and ends. */
function noteHeld(held: number[], start: number, end: number): void {
  const last = held.length - 1;
  const lastEnd = held[last];
  if (lastEnd !== undefined && start - lastEnd <= HAND_OVER_MS) held[last] = end;
  else held.push(start, end);
}

function note(task: LiveTask, start: number, end: number): void {
  for (let at: LiveTask | undefined = task; at !== undefined; at = at.outer) {
    if (at.run.over) continue;
    const last = at.cpu.length - 1;
    const lastEnd = at.cpu[last];
    const nobodyBetween = at !== task || lastNoted === task;
    if (lastEnd !== undefined && nobodyBetween && start - lastEnd < JOIN_MS) at.cpu[last] = end;
    else at.cpu.push(start, end);
    noteHeld(at.run.held, start, end);
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

/** Notes when the promise was settled that a task awaited, and who did it, as far as the runtime tells. */
function notePromiseDone(task: LiveTask, reaction: object, now: number): void {
  const settling = awaitedBy(reaction);
  // Of a reaction whose promise is not known nothing can be said.
  if (settling === undefined || !isSettled(settling)) return;
  noteWaker(task, settling.by, settling.at);
  noteReady(task, settling.at, now);
}

/** Notes since when a task that gets the thread in a callback could have had it, as far as the runtime tells. */
function noteCalled(task: LiveTask, resource: object, cause: Cause, now: number): void {
  task.lastWake = undefined;
  // Who waits for the loop's next round could go on from when it left the thread.
  const due = cause === "timer" ? dueAt(resource, now) : cause === "round" ? task.cpu.at(-1) : undefined;
  if (due !== undefined) noteReady(task, due, now);
}

/** Who had the thread and who acted, in pairs, for each callback that goes on within another one. */
const interrupted: (LiveTask | undefined)[] = [];

function leave(): void {
  actor = interrupted.pop();
  switchTo(interrupted.pop());
}

// The runtime calls these around every callback and every continuation of a promise. Node has restored the
// AsyncLocalStorage of the code that goes on by then, so that whose work it is need not be remembered for each promise.

function continues(promise: Promise<unknown>): void {
  interrupted.push(onThread, actor);
  const next = owners.getStore();
  actor = next;
  if (next === onThread) return;
  const now = performance.now();
  if (next !== undefined && next.end === null) notePromiseDone(next, promise, now);
  switchTo(next, now);
}

const callbacks = createHook({
  before() {
    interrupted.push(onThread, actor);
    const next = owners.getStore();
    const resource = executionAsyncResource();
    // Node before 24.14 calls back for promises all the same.
    if (types.isPromise(resource)) return;
    const cause = causeOf(resource);
    actor = cause === "other" ? undefined : next;
    if (next === onThread) return;
    const now = performance.now();
    if (next !== undefined && next.end === null) noteCalled(next, resource, cause, now);
    switchTo(next, now);
  },
  after: leave,
  // Node gives each promise that it follows two numbers, which takes longer than all that is noted here.
  trackPromises: false,
});

function settled(promise: Promise<unknown>): void {
  // A task's own promise is settled by the task, though its last step is done for the one who started it.
  const at = performance.now();
  noteSettled(promise, at, taskOf(promise) ?? actor);
  if (onThread !== undefined) noteEnd(onThread, promise, at);
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
  const settling = settlingOf(parent);
  noteAwaited(promise, settling);
  if (isSettled(settling)) return;
  const on = taskOf(parent) ?? nameOfWait(parent);
  if (on === undefined || on === waiter) return;
  waiter.waits ??= [];
  waiter.waits.push({ on, settling, start: performance.now() });
}

let watchers = 0;
let stopWatching = (): void => {};

/** Begins to follow the thread. Costs nothing until then; several may watch at once. */
export function watchThread(): void {
  watchers += 1;
  if (watchers > 1) return;
  callbacks.enable();
  const stopHooks = promiseHooks.createHook({ init: made, before: continues, after: leave, settled });
  stopWatching = () => {
    callbacks.disable();
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
