import { sinceEpoch } from "../clock/since-epoch.ts";
import type { Ending } from "./counters.ts";

/** A request to `/aio` as the server saw it. Times are ms since 1970, by the clock that all processes share. */
export interface Visit {
  /** Lesson seconds that it was to sleep. */
  delay: number;
  /** The status of its answer, whether it got there or not. */
  status: number;
  came: number;
  /** When it was answered, or the client was gone; null while it sleeps. */
  ended: number | null;
  how: Ending | null;
}

/** Of so many requests the server knows more than their number: the last ones. */
const MOST = 2000;

/** Now, in ms since 1970, with the parts of a ms that `Date.now` leaves out. */
export function now(): number {
  return sinceEpoch(performance.now());
}

/** A list that keeps the last visits only. */
export function newVisits(): { add(visit: Visit): void; all(): Visit[] } {
  let visits: Visit[] = [];
  return {
    add(visit) {
      visits.push(visit);
      if (visits.length >= 2 * MOST) visits = visits.slice(-MOST);
    },
    all: () => visits.slice(-MOST),
  };
}
