import { AsyncLocalStorage } from "node:async_hooks";

export { isInCell, readersFrames } from "./stack.ts";

/** What an output shows, in several forms: MIME type to content. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** What running code can ask of the cell that it belongs to. */
export interface Cell {
  /** The number in `In [3]`. */
  count: number;
  /** Aborted when the reader interrupts the cell; the reason is an {@link InterruptError}. */
  signal: AbortSignal;
  /** Shows one output in all the forms given; with `id`, one that is replaced when it was shown before. */
  display(bundle: MimeBundle, id?: string): void;
  /**
   * Shows one output until the cell shows anything else, or ends; each call replaces the one before.
   *
   * @returns false, and nothing is shown, once the cell has shown anything else
   */
  displayMeanwhile(bundle: MimeBundle): boolean;
  /** Removes the cell's outputs, at once or when the next one comes. */
  clearOutput(wait: boolean): void;
  /** Shows text in the pager, where the front end has one. */
  page(bundle: MimeBundle): void;
}

/** The reader interrupted the cell. */
export class InterruptError extends Error {
  override readonly name = "InterruptError";
  readonly code = "INTERRUPTED";

  constructor() {
    super("the cell was interrupted");
  }
}

const cells = new AsyncLocalStorage<Cell>();

/**
 * The cell that the running code belongs to, also when it runs later: in a promise, a timer, an answer from a worker.
 * Undefined outside our kernel: in a test, in a worker, with stock tslab.
 */
export function currentCell(): Cell | undefined {
  return cells.getStore();
}

/** Runs code, and all that it starts, as that of a cell. */
export function runInCell<T>(cell: Cell, run: () => T): T {
  return cells.run(cell, run);
}

/**
 * Calls `stop` when the cell of the running code is interrupted.
 *
 * @returns a function that takes it back
 */
export function onInterrupt(stop: () => void): () => void {
  const signal = currentCell()?.signal;
  signal?.addEventListener("abort", stop, { once: true });
  return () => signal?.removeEventListener("abort", stop);
}
