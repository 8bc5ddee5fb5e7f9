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
  /** Begins a part of the cell that can be ended by itself. */
  startTrial(options: TrialOptions): Trial;
}

/** How a trial is watched. */
export interface TrialOptions {
  /** From how many ms on that it holds the thread without a pause it is ended from outside. */
  holdMs: number;
  /** Whether what it prints is left out. */
  muted: boolean;
  /** Told of what fails in it and nobody awaits, in place of the cell's reader. */
  unhandled(reason: unknown): void;
}

/** A part of a cell, with its own signal: what is started in it belongs to it, and ends with it. */
export interface Trial {
  /** Aborted when it is stopped, when it holds the thread ({@link HeldError}), and when the cell is interrupted. */
  readonly signal: AbortSignal;
  /** Runs code as the trial's. Rejects with an error when the signal is aborted, whatever the code does. */
  run<T>(work: () => T | Promise<T>): Promise<T>;
  /** Ends it and what it has left running: timers, waits, workers, children that are not detached. */
  stop(reason: Error): void;
}

/** A trial held the thread for too long. */
export class HeldError extends Error {
  override readonly name = "HeldError";
  readonly code = "THREAD_HELD";

  constructor(holdMs: number) {
    super(`the thread was held for over ${holdMs} ms without a pause`);
  }
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
