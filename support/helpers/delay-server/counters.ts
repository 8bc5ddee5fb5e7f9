import { randomDelays } from "./delays.ts";

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
  /** All counters to none and the script away. Requests that are still in flight are not counted any more. */
  reset(): void;
  setScript(delays: readonly number[]): void;
  setSeed(seed: string | undefined): void;
  /** The next delay of the script, or a random one when it is used up. */
  nextDelay(): number;
  /** Counts a request that starts; the returned function counts its end. */
  begin(): (how: Ending) => void;
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
  return {
    counts: () => ({ ...counts }),
    reset() {
      counts = none();
      script = [];
    },
    setScript(delays) {
      script = [...delays].reverse();
    },
    setSeed(next) {
      random = randomDelays(next);
    },
    nextDelay: () => script.pop() ?? random(),
    begin() {
      const mine = counts;
      mine.started += 1;
      mine.inFlight += 1;
      mine.highestInFlight = Math.max(mine.highestInFlight, mine.inFlight);
      return (how) => {
        mine.inFlight -= 1;
        mine[how] += 1;
      };
    },
  };
}
