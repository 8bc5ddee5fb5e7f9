import { setTimeout as delay } from "node:timers/promises";
import { cellSignal } from "../cell/cell.ts";
import { ArgumentError } from "../errors/support-error.ts";
import { nameWait } from "../wait-names/name-wait.ts";
import { LESSON_SECOND_MS } from "./scale.ts";

/**
 * @param seconds lesson seconds, 0 to 3600
 * @returns the same in ms of real time
 * @throws ArgumentError when the length is none
 */
export function toMs(seconds: number): number {
  if (!(seconds >= 0 && seconds <= 3600)) {
    throw new ArgumentError(
      "BAD_DURATION",
      "the length in lesson seconds",
      seconds,
      "a number from 0 to 3600",
    );
  }
  return seconds * LESSON_SECOND_MS;
}

/** What {@link sleep} can be given beside its length. */
export interface SleepOptions {
  /** Ends the sleep early: it rejects with an `AbortError`, and its timer is cleared. */
  signal?: AbortSignal;
}

/** The signals that end a sleep: the one it was given, and that of the cell it is in. */
function signalsOf({ signal }: SleepOptions): SleepOptions {
  const cell = cellSignal();
  if (cell === undefined) return signal ? { signal } : {};
  return { signal: signal ? AbortSignal.any([signal, cell]) : cell };
}

/**
 * Suspends the caller and leaves the thread to others. It ends early also when the reader interrupts the cell.
 *
 * @example
 * await sleep(2);
 * await sleep(60, { signal: AbortSignal.timeout(500) }).catch(() => console.log("woken"));
 * @param seconds lesson seconds, 0 to 3600
 * @throws ArgumentError (as a rejection) when the length is none
 */
export function sleep(seconds: number, options: SleepOptions = {}): Promise<void> {
  try {
    // Not async: the timer's own promise is enough, and who awaits it goes on one step earlier.
    return nameWait(delay(toMs(seconds), undefined, signalsOf(options)), `a timer of ${seconds} s`);
  } catch (error) {
    return Promise.reject(error);
  }
}

/**
 * Stops the whole thread, as Python's `time.sleep` does: nothing else runs meanwhile, and no signal ends it.
 *
 * @example
 * blockingSleep(2);
 * @param seconds lesson seconds, 0 to 3600
 * @throws ArgumentError when the length is none
 */
export function blockingSleep(seconds: number): void {
  const nobodyWakesThis = new Int32Array(new SharedArrayBuffer(4));
  Atomics.wait(nobodyWakesThis, 0, 0, toMs(seconds));
}

/**
 * Keeps the thread busy with arithmetic, as a long computation does, until the time is over.
 *
 * @example
 * const rounds = compute(2);
 * @param seconds lesson seconds, 0 to 3600, by the clock on the wall
 * @returns how many rounds it did; it depends on the machine
 * @throws ArgumentError when the length is none
 */
export function compute(seconds: number): number {
  const end = performance.now() + toMs(seconds);
  let rounds = 0;
  while (performance.now() < end) rounds += 1;
  return rounds;
}
