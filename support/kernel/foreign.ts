import { type Cell, InterruptError, runInCell } from "./cell.ts";
import { type ErrorContent, errorContent } from "./traceback.ts";

/** Rejects as soon as the cell is interrupted, whatever the cell itself does. */
function interruption(signal: AbortSignal): { promise: Promise<never>; end: () => void } {
  let end = (): void => {};
  const promise = new Promise<never>((_resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    end = () => signal.removeEventListener("abort", stop);
  });
  return { promise, end };
}

/**
 * Runs code of the cell's, or code that may call some: a getter, an `inspect`, a display. It may throw, loop or never
 * settle.
 *
 * Cancellation: rejects with an `InterruptError` when the cell is interrupted, and does not run when it has been.
 */
export async function runForeign<T>(cell: Cell, code: () => T | Promise<T>): Promise<T> {
  if (cell.signal.aborted) throw new InterruptError();
  const { promise, end } = interruption(cell.signal);
  try {
    // In a job of its own: when a loop in it is ended from outside, no code after it is run, and this here still is.
    const returned = Promise.resolve().then(() => runInCell(cell, code));
    return await Promise.race([returned, promise]);
  } catch (error) {
    // A loop that was stopped from outside ends as if the engine had no time left.
    throw cell.signal.aborted ? new InterruptError() : error;
  } finally {
    end();
  }
}

/** What a cell threw, in words: its members may be foreign code too. */
export async function describe(cell: Cell, reason: unknown): Promise<ErrorContent> {
  try {
    return await runForeign(cell, () => errorContent(reason));
  } catch (error) {
    return errorContent(error);
  }
}
