import { randomDelays } from "./delays.ts";
import { newVisits, now, type Visit } from "./visits.ts";

/** How a request to `/aio` ended. */
export type Ending = "finished" | "failed" | "abortedByClient";

/** What a scope has counted. `started` is the sum of the others but `highestInFlight`. */
export interface Counts {
  started: number;
  inFlight: number;
  highestInFlight: number;
  /** Answered. */
  finished: number;
  /** Answered with an error status, on request. */
  failed: number;
  /** The client went away before its answer was complete. */
  abortedByClient: number;
}

/** The counters, the script and the seed of one lesson, or of the server itself. */
export interface Scope {
  counts(): Counts;
  /** The last requests to `/aio` since the start or the last reset, in the order in which they came. */
  visits(): Visit[];
  /** All counters to none and the script away. Requests that are still in flight are not counted any more. */
  reset(): void;
  setScript(delays: readonly number[]): void;
  setSeed(seed: string | undefined): void;
  /** The next delay of the script, or a random one when it is used up. */
  nextDelay(): number;
  /**
   * Counts a request that starts; the returned function counts its end.
   *
   * @param delay lesson seconds that it is to sleep
   * @param status the status of its answer
   */
  begin(delay: number, status: number): (how: Ending) => void;
}

function none(): Counts {
  return {
    started: 0,
    inFlight: 0,
    highestInFlight: 0,
    finished: 0,
    failed: 0,
    abortedByClient: 0,
  };
}

export function newScope(seed: string | undefined): Scope {
  let random = randomDelays(seed);
  let script: number[] = [];
  let counts = none();
  let visits = newVisits();
  return {
    counts: () => ({ ...counts }),
    visits: () => visits.all(),
    reset() {
      counts = none();
      visits = newVisits();
      script = [];
    },
    setScript(delays) {
      script = [...delays].reverse();
    },
    setSeed(next) {
      random = randomDelays(next);
    },
    nextDelay: () => script.pop() ?? random(),
    begin(delay, status) {
      const mine = counts;
      const visit: Visit = { delay, status, came: now(), ended: null, how: null };
      visits.add(visit);
      mine.started += 1;
      mine.inFlight += 1;
      mine.highestInFlight = Math.max(mine.highestInFlight, mine.inFlight);
      return (how) => {
        mine.inFlight -= 1;
        mine[how] += 1;
        visit.ended = now();
        visit.how = how;
      };
    },
  };
}
