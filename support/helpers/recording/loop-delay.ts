import { toLessonSeconds } from "../clock/scale.ts";
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
  // Flat: due, late, due, late … in ms.
  const looks: number[] = [];
  let due = performance.now() + EVERY_MS;
  const timer = setTimeout(() => {
    const now = performance.now();
    looks.push(due, Math.max(0, now - due));
    due = now + EVERY_MS;
    timer.refresh();
  }, EVERY_MS);
  timer.unref();
  return {
    looks(startedAt) {
      const now = performance.now();
      // A look that is due by now has been late for so long at least.
      const all = now > due ? [...looks, due, now - due] : looks;
      const found: LoopDelay["looks"] = [];
      for (let i = 0; i < all.length; i += 2) {
        const [at = 0, late = 0] = [all[i], all[i + 1]];
        found.push({ due: toLessonSeconds(at - startedAt), late: toLessonSeconds(late) });
      }
      return { every: toLessonSeconds(EVERY_MS), looks: found };
    },
    stop: () => clearTimeout(timer),
  };
}
