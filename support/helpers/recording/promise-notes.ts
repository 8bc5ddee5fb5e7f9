/** What a recording notes of promises. */
import { privateNotes } from "../wait-names/private-notes.ts";
import type { LiveTask } from "./live-run.ts";

/**
 * When a promise was settled, in ms of `performance.now()`, and by which task; undefined where nobody can say. Who awaits the promise
 * has this note and not the promise, which the garbage collector may then take.
 */
export interface Settling {
  /** Not a number until then. */
  at: number;
  by: LiveTask | undefined;
}

const settlings = privateNotes<Settling>();
/** Of the promise behind a reaction: how the promise that it waits for was settled. */
const awaited = privateNotes<Settling | undefined>();
const tasks = privateNotes<LiveTask>();

/** How a promise was settled; made here, and not settled, when it was not while somebody watched. */
export function settlingOf(promise: object): Settling {
  const known = settlings.get(promise);
  if (known !== undefined) return known;
  const pending = { at: Number.NaN, by: undefined };
  settlings.set(promise, pending);
  return pending;
}

export function isSettled({ at }: Settling): boolean {
  return !Number.isNaN(at);
}

/** Notes that a promise was settled. */
export function noteSettled(promise: object, at: number, by: LiveTask | undefined): void {
  const known = settlings.get(promise);
  if (known === undefined) settlings.set(promise, { at, by });
  else {
    known.at = at;
    known.by = by;
  }
}

/** Notes for what the reaction behind a promise waits. */
export const noteAwaited: (promise: object, settling: Settling) => void = awaited.set;

/** For what a reaction waited. */
export const awaitedBy: (promise: object) => Settling | undefined = awaited.get;

/** Notes which promise is a task's: who awaits that one waits for the task. */
export const notePromise: (promise: object, task: LiveTask) => void = tasks.set;

/** The task whose promise this is. */
export const taskOf: (promise: object) => LiveTask | undefined = tasks.get;
