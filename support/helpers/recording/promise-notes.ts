/** What a recording notes of promises, in private fields of the promises themselves. */
import { Given } from "../wait-names/given.ts";
import type { LiveTask } from "./live-run.ts";

/** A promise that was settled. */
class Settled extends Given {
  #at: number | undefined = undefined;
  #by: LiveTask | undefined = undefined;

  static settle(promise: object, at: number, by: LiveTask | undefined): void {
    const settled = #at in promise ? promise : new Settled(promise);
    settled.#at = at;
    settled.#by = by;
  }

  static settledAt(promise: object): number | undefined {
    return #at in promise ? promise.#at : undefined;
  }

  static settledBy(promise: object): LiveTask | undefined {
    return #at in promise ? promise.#by : undefined;
  }
}

/** A promise whose reaction waits for another one. */
class Reaction extends Given {
  #parent: object | undefined = undefined;

  static begin(promise: object, parent: object): void {
    const reaction = #parent in promise ? promise : new Reaction(promise);
    reaction.#parent = parent;
  }

  static takeParent(promise: object): object | undefined {
    if (!(#parent in promise)) return undefined;
    const parent = promise.#parent;
    // Forgotten once it runs, so that no chain of promises is kept.
    promise.#parent = undefined;
    return parent;
  }
}

/** The promise of a task. */
class OfTask extends Given {
  #task: LiveTask | undefined = undefined;

  static set(promise: object, task: LiveTask): void {
    const mine = #task in promise ? promise : new OfTask(promise);
    mine.#task = task;
  }

  static get(promise: object): LiveTask | undefined {
    return #task in promise ? promise.#task : undefined;
  }
}

/** Notes that the reaction behind one promise waits for another one. */
export const noteReaction: (promise: object, parent: object) => void = Reaction.begin;

/** The promise for whose settling a reaction waited. It is told once. */
export const takeParent: (promise: object) => object | undefined = Reaction.takeParent;

/** Notes that a promise was settled by a task. */
export const noteSettling: (promise: object, at: number, by: LiveTask | undefined) => void = Settled.settle;

/** When a promise was settled, in ms of `performance.now()`; undefined when it was not while somebody watched. */
export const settledAt: (promise: object) => number | undefined = Settled.settledAt;

/** The task that settled a promise; undefined where nobody can say. */
export const settledBy: (promise: object) => LiveTask | undefined = Settled.settledBy;

/** Notes which promise is a task's: who awaits that one waits for the task. */
export const notePromise: (promise: object, task: LiveTask) => void = OfTask.set;

/** The task whose promise this is. */
export const taskOf: (promise: object) => LiveTask | undefined = OfTask.get;
