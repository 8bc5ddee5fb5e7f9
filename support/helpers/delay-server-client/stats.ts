import type { Counts } from "../delay-server/counters.ts";
import { DelayServerError } from "../delay-server/delay-server-errors.ts";

/** What the delay server has counted for this lesson, and its memory. */
export interface Stats extends Counts {
  /** Memory of the server's process, in bytes. */
  memory: number;
}

/**
 * Reads the server's answer to `/stats`.
 *
 * @throws DelayServerError when it is no such answer
 */
export function statsOf(json: unknown): Stats {
  const given = new Map(typeof json === "object" && json !== null ? Object.entries(json) : []);
  const number = (name: keyof Stats): number => {
    const value: unknown = given.get(name);
    if (typeof value === "number") return value;
    throw new DelayServerError(`the delay server's answer has no ${name}: ${JSON.stringify(json)}`);
  };
  return {
    started: number("started"),
    inFlight: number("inFlight"),
    highestInFlight: number("highestInFlight"),
    finished: number("finished"),
    failed: number("failed"),
    dropped: number("dropped"),
    abortedByClient: number("abortedByClient"),
    memory: number("memory"),
  };
}
