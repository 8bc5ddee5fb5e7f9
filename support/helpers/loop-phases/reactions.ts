import { promiseHooks } from "node:v8";

/** Tells when the reactions of promises were queued. */
export interface Reactions {
  /** @param promise the one that the runtime has for the reaction itself */
  queuedAt(promise: object): number;
  end(): void;
}

/**
 * Follows the promises of this thread. A reaction is queued at once behind a promise that is settled, else when that one is.
 *
 * @param now a counter by which it is told when
 */
export function watchReactions(now: () => number): Reactions {
  const parents = new WeakMap<object, object>();
  const madeAt = new WeakMap<object, number>();
  const settledAt = new WeakMap<object, number>();
  const stop = promiseHooks.createHook({
    init(promise: object, parent: object | undefined) {
      madeAt.set(promise, now());
      if (parent !== undefined && !settledAt.has(parent)) parents.set(promise, parent);
    },
    settled(promise: object) {
      settledAt.set(promise, now());
    },
  });
  return {
    queuedAt(promise) {
      const parent = parents.get(promise);
      const at = parent === undefined ? undefined : settledAt.get(parent);
      return at ?? madeAt.get(promise) ?? 0;
    },
    end() {
      stop();
    },
  };
}
