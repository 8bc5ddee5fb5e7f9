import { toLessonSeconds } from "../clock/scale.ts";
import { dueByTimers, fromTimers } from "./due.ts";
import type { LoopDelay } from "./recording.ts";

/** How often the loop is looked at, in ms. A hundred looks a second cost a thousandth of them. */
const EVERY_MS = 10;

/** Looks again and again how late the loop comes to a timer that is due. */
export interface LoopWatch {
  /** The looks since then; times are lesson seconds from the given start, in ms of `performance.now()`. */
  looks(startedAt: number): LoopDelay;
  stop(): void;
}

/**
 * Begins to watch the loop of this thread. The timer keeps no process alive, and ends with `stop()`.
 *
 * Timers count in whole ms, so that a look is right to about one; shorter delays than that, and those between two looks, are not seen.
 */
export function watchLoop(): LoopWatch {
  // Three numbers each: due by the clock of timers, due as it was reckoned here, and when it came; in ms.
  const looked: number[] = [];
  let due = performance.now() + EVERY_MS;
  const timer = setTimeout(() => {
    const now = performance.now();
    // A timer counts from when the loop's round began, which may be some ms ago.
    looked.push(dueByTimers(timer, now) ?? Number.NaN, due, now);
    due = now + EVERY_MS;
    timer.refresh();
  }, EVERY_MS);
  timer.unref();
  return {
    looks(startedAt) {
      const now = performance.now();
      // A look that is due by now has been late for so long at least.
      const all = now > due ? [...looked, Number.NaN, due, now] : looked;
      const looks: LoopDelay["looks"] = [];
      for (let i = 0; i < all.length; i += 3) {
        const [byTimers = 0, reckoned = 0, came = 0] = all.slice(i, i + 3);
        const from = Number.isNaN(byTimers) ? reckoned : fromTimers(byTimers);
        const late = toLessonSeconds(Math.max(0, came - from));
        looks.push({ due: toLessonSeconds(from - startedAt), late });
      }
      return { every: toLessonSeconds(EVERY_MS), looks };
    },
    stop: () => clearTimeout(timer),
  };
}
