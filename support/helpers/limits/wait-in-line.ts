import { nameWait } from "../wait-names/name-wait.ts";
import type { Line } from "./waiting-line.ts";

/** What a call that may have to wait can be given. */
export interface WaitOptions {
  /** Ends the waiting: the call rejects with the signal's reason, and it is as if it had never been made. */
  signal?: AbortSignal;
}

/**
 * Stands in a line until this place is taken out of it and served.
 *
 * Cancellation: the signal takes the place out of the line, and the promise rejects with the signal's reason. Being
 * served and leaving can't both happen, since each takes the place out at once.
 *
 * @param what what the promise is awaited for, in words
 * @param place makes what stands in the line from the function that ends the waiting
 */
export function waitIn<P, T>(
  what: string,
  line: Line<P>,
  place: (serve: (value: T) => void) => P,
  { signal }: WaitOptions,
): Promise<T> {
  if (signal?.aborted) return Promise.reject(signal.reason);
  const served = new Promise<T>((resolve, reject) => {
    const leave = line.join(
      place((value) => {
        signal?.removeEventListener("abort", aborted);
        resolve(value);
      }),
    );
    const aborted = (): void => {
      leave();
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", aborted, { once: true });
  });
  return nameWait(served, what);
}
