import { parseLessonSecond } from "./lesson-second.ts";

/**
 * How long one lesson second lasts, in ms. Set it with the environment variable of the same name:
 * `LESSON_SECOND_MS=1000 make lab` lives the lessons in real time.
 */
export const LESSON_SECOND_MS: number = parseLessonSecond(process.env.LESSON_SECOND_MS);

/**
 * @example
 * const start = performance.now();
 * await sleep(2);
 * console.log(toLessonSeconds(performance.now() - start)); // 2.03, for example
 * @param ms a length of real time
 * @returns the same in lesson seconds, not rounded
 */
export function toLessonSeconds(ms: number): number {
  return ms / LESSON_SECOND_MS;
}

/** Timers fire up to a ms early, so a tenth of a step is let pass; they are late by more. */
const EARLY = 0.1;

/**
 * A time in whole lesson seconds, as pictures and checks give it: rounded down, since what a computer adds to a wait only
 * makes it longer. So 5 s of sleep are 5, whether they took 5.02 or 5.6.
 *
 * @example
 * whole(5.6); // 5
 * whole(5.6, 0.5); // 5.5
 * @param seconds lesson seconds
 * @param step lesson seconds between two values; 1 when not given
 */
export function whole(seconds: number, step = 1): number {
  return Number((Math.floor(seconds / step + EARLY) * step).toFixed(6));
}
