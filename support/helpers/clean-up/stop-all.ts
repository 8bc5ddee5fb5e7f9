import { cellSignal } from "../cell/cell.ts";

const stops = new Set<() => void | Promise<void>>();

/**
 * Registers a clean-up: closing a server, ending a worker, dropping a lease. It is run when the reader interrupts the
 * cell that registered it, and very soon when the cell is interrupted already.
 *
 * @returns a function that takes the clean-up off the list again
 */
export function onStop(stop: () => void | Promise<void>): () => void {
  stops.add(stop);
  const signal = cellSignal();
  const off = (): boolean => {
    signal?.removeEventListener("abort", interrupted);
    return stops.delete(stop);
  };
  async function interrupted(): Promise<void> {
    if (off()) await stop();
  }
  // Not within this call: the clean-up may want what the caller is only about to have.
  if (signal?.aborted) queueMicrotask(interrupted);
  else signal?.addEventListener("abort", interrupted);
  return () => {
    off();
  };
}

/**
 * Stops what the helpers started in this process and that is still going on: recordings stop waiting, the delay server's
 * lease is given back. It is for programs that use the helpers without our kernel, such as tests.
 *
 * @returns how many clean-ups ran; one that fails doesn't keep the others from running
 * @throws AggregateError (as a rejection) with the errors of the clean-ups that failed
 */
export async function stopAll(): Promise<number> {
  const due = [...stops];
  stops.clear();
  const ends = await Promise.allSettled(due.map(async (stop) => stop()));
  const failed = ends.filter((end) => end.status === "rejected");
  if (failed.length > 0) {
    const reasons = failed.map((end): unknown => end.reason);
    throw new AggregateError(reasons, `${failed.length} of ${due.length} clean-ups failed`);
  }
  return due.length;
}
