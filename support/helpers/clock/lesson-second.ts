import { ArgumentError } from "../errors/support-error.ts";

/**
 * A lesson second in ms when `LESSON_SECOND_MS` says nothing. Times are rounded to whole lesson seconds, so a run may be
 * late by half of one before its picture changes. Timers here were late by 4 ms at most with every core busy twice over
 * (`make bench ONLY=timers`), a first request by some 15 ms; 100 ms leaves room for twenty requests in a row.
 */
const DEFAULT_MS = 100;
const SHORTEST_MS = 10;
const LONGEST_MS = 60_000;
const WANTED =
  `the length of a lesson second in ms, ${SHORTEST_MS} to ${LONGEST_MS} ` +
  `(${DEFAULT_MS} is usual, 1000 is real time)`;

function refuse(value: string): never {
  throw new ArgumentError("BAD_LESSON_SECOND", "LESSON_SECOND_MS", value, WANTED);
}

/**
 * Reads the length of a lesson second.
 *
 * @param text what the environment variable holds; undefined or empty means the usual length
 * @returns ms
 * @throws ArgumentError when the text is no number from 10 to 60,000
 */
export function parseLessonSecond(text: string | undefined): number {
  if (text === undefined || text === "") return DEFAULT_MS;
  const ms = text.trim() === "" ? Number.NaN : Number(text);
  if (!(ms >= SHORTEST_MS && ms <= LONGEST_MS)) refuse(text);
  return ms;
}
