import { Given } from "./given.ts";

/** A promise that has a name. */
class Named extends Given {
  #name = "";

  static set(promise: object, name: string): void {
    const named = #name in promise ? promise : new Named(promise);
    named.#name = name;
  }

  static get(promise: object): string | undefined {
    return #name in promise ? promise.#name : undefined;
  }
}

/**
 * Says what those who await a promise wait for, so that a recording can tell: the runtime knows a promise, not its purpose.
 *
 * @param what a few words that go on from "waits for": `an item of a queue`
 * @returns the promise
 */
export function nameWait<T>(promise: Promise<T>, what: string): Promise<T> {
  Named.set(promise, what);
  return promise;
}

/** What {@link nameWait} said of a promise; undefined where nobody did. */
export const nameOfWait: (promise: object) => string | undefined = Named.get;
