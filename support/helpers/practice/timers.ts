import { createHook } from "node:async_hooks";

/** The timers that some code has started, for as long as they run. */
export interface OwnTimers {
  /** How many of them keep the process. */
  count(): number;
  /** Clears them, and notes no more. */
  end(): void;
}

const isTimer = (value: unknown): value is NodeJS.Timeout =>
  typeof value === "object" && value !== null && "hasRef" in value && "refresh" in value;

/**
 * Notes, from now on, the timers that are started by code of which `isOwn` says so. How many timers the process has tells
 * nothing: others end meanwhile.
 */
export function watchTimers(isOwn: () => boolean): OwnTimers {
  const running = new Map<number, NodeJS.Timeout>();
  const hook = createHook({
    init(id, type, _trigger, resource: unknown) {
      if (type === "Timeout" && isTimer(resource) && isOwn()) running.set(id, resource);
    },
    destroy(id) {
      running.delete(id);
    },
    // Node gives each promise that it follows two numbers, and a reader would see them where one is printed.
    trackPromises: false,
  }).enable();
  return {
    count: () => [...running.values()].filter((timer) => timer.hasRef()).length,
    end() {
      hook.disable();
      for (const timer of running.values()) clearTimeout(timer);
    },
  };
}
