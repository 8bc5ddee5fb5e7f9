/** Gives back the promise that it is given, so that a subclass adds its private field to that one. */
class Given {
  constructor(promise: object) {
    // biome-ignore lint/correctness/noConstructorReturn: it is what this class is for
    return promise;
  }
}

/** The name in a private field of the promise: nobody can see it, and with thousands it costs a third of a `WeakMap`. */
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
