/** What a recording notes of promises. */
import { privateNotes } from "../wait-names/private-notes.ts";
import type { LiveTask } from "./live-run.ts";

/** When a promise was settled, in ms of `performance.now()`, and by which task; undefined where nobody can say. */
export interface Settling {
  readonly at: number;
  readonly by: LiveTask | undefined;
}

const settlings = privateNotes<Settling>();
/** The promise for whose settling the reaction behind another one waits. */
const parents = privateNotes<object | undefined>();
const tasks = privateNotes<LiveTask>();

/** Notes that a promise was settled. */
export const noteSettling: (promise: object, settling: Settling) => void = settlings.set;

/** How a promise was settled; undefined when it was not while somebody watched. */
export const settlingOf: (promise: object) => Settling | undefined = settlings.get;

/** Notes that the reaction behind one promise waits for another one. */
export const noteReaction: (promise: object, parent: object) => void = parents.set;

/** The promise for whose settling a reaction waited. It is told once, so that no chain of promises is kept. */
export function takeParent(promise: object): object | undefined {
  const parent = parents.get(promise);
  if (parent !== undefined) parents.set(promise, undefined);
  return parent;
}

/** Notes which promise is a task's: who awaits that one waits for the task. */
export const notePromise: (promise: object, task: LiveTask) => void = tasks.set;

/** The task whose promise this is. */
export const taskOf: (promise: object) => LiveTask | undefined = tasks.get;
