/**
 * A lesson second in ms when `LESSON_SECOND_MS` says nothing. Times are rounded to whole lesson seconds, so a run may be
 * late by half of one before its picture changes. Timers here were late by 4 ms at most with every core busy twice over
 * (`tests/helpers/clock/jitter.ts`), a first request by some 15 ms; 100 ms leaves room for twenty requests in a row.
 */
const DEFAULT_MS = 100;
const SHORTEST_MS = 10;
const LONGEST_MS = 60_000;

/** The variable `LESSON_SECOND_MS` holds something that can't be a length of time. */
export class LessonSecondError extends Error {
  override readonly name = "LessonSecondError";
  readonly code = "BAD_LESSON_SECOND";
  readonly value: string;

  constructor(value: string) {
    super(
      `LESSON_SECOND_MS is ${JSON.stringify(value)}; give the length of a lesson second in ms, ` +
        `${SHORTEST_MS} to ${LONGEST_MS} (${DEFAULT_MS} is usual, 1000 is real time)`,
    );
    this.value = value;
  }
}

/**
 * Reads the length of a lesson second.
 *
 * @param text what the environment variable holds; undefined or empty means the usual length
 * @returns ms
 * @throws LessonSecondError when the text is no number from 10 to 60,000
 */
export function parseLessonSecond(text: string | undefined): number {
  if (text === undefined || text.trim() === "") return DEFAULT_MS;
  const ms = Number(text);
  if (!(ms >= SHORTEST_MS && ms <= LONGEST_MS)) throw new LessonSecondError(text);
  return ms;
}
