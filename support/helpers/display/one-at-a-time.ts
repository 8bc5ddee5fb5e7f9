import { setTimeout as pause } from "node:timers/promises";

/** How often it is tried again, and for how long, in ms. */
const EVERY_MS = 2;
const PATIENCE_MS = 5000;

/**
 * For what takes one message at a time, and throws while that is on its way: what can't be sent at once is sent a moment
 * later, in order. What can't be sent within five seconds is given up.
 *
 * @param isBusy whether an error says that
 * @returns sends; it throws any other error of a first try
 */
export function oneAtATime(isBusy: (error: unknown) => boolean): (send: () => void) => void {
  const waiting: (() => void)[] = [];

  function isSent(send: () => void): boolean {
    try {
      send();
      return true;
    } catch (error) {
      if (isBusy(error)) return false;
      throw error;
    }
  }

  async function sendWaiting(): Promise<void> {
    for (let [first] = waiting; first !== undefined; [first] = waiting) {
      const end = performance.now() + PATIENCE_MS;
      try {
        while (!isSent(first) && performance.now() < end) await pause(EVERY_MS);
      } catch {
        // Whoever asked for it has gone on.
      }
      waiting.shift();
    }
  }

  return (send) => {
    if (waiting.length === 0 && isSent(send)) return;
    waiting.push(send);
    if (waiting.length === 1) void sendWaiting();
  };
}
