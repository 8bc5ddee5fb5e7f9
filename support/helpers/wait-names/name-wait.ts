import { privateNotes } from "./private-notes.ts";

const names = privateNotes<string>();

/**
 * Says what those who await a promise wait for, so that a recording can tell: the runtime knows a promise, not its purpose.
 *
 * @param what a few words that go on from "waits for": `an item of a queue`
 * @returns the promise
 */
export function nameWait<T>(promise: Promise<T>, what: string): Promise<T> {
  names.set(promise, what);
  return promise;
}

/** What {@link nameWait} said of a promise; undefined where nobody did. */
export const nameOfWait: (promise: object) => string | undefined = names.get;
