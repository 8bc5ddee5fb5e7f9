import { setMaxListeners } from "node:events";
import { type Cell, HeldError, type Trial, type TrialOptions } from "./cell.ts";
import { runForeign } from "./foreign.ts";

const { setImmediate } = globalThis;

/** What a muted trial shows. */
const MUTED = {
  display(): void {},
  displayMeanwhile: (): boolean => false,
  clearOutput(): void {},
  page(): void {},
};

/** The trials that run, and those of which something may still come. */
export interface Trials {
  start(cell: Cell, options: TrialOptions): Trial;
  /** The thread was held and has been freed from outside: ends the trials that run. */
  held(): void;
  /** The options of the trial that a cell is; undefined when it is an ordinary one. */
  optionsOf(cell: Cell): TrialOptions | undefined;
  /** The options of the trial that runs and began last: what fails and tells of no cell is most likely its own. */
  running(): TrialOptions | undefined;
}

/**
 * @param watch asks for an eye on this thread, from outside, which frees it when it is held for so many ms; 0 ends that
 * @param began is told of the cell that a trial is, and of the one that it is a part of
 */
export function createTrials(watch: (ms: number) => void, began: (trial: Cell, of: Cell) => void): Trials {
  const running = new Map<Cell, { options: TrialOptions; abort: AbortController }>();
  const known = new WeakMap<Cell, TrialOptions>();
  const watchLongest = (): void =>
    watch(Math.max(0, ...[...running.values()].map(({ options }) => options.holdMs)));

  function start(cell: Cell, options: TrialOptions): Trial {
    const abort = new AbortController();
    const { signal } = abort;
    setMaxListeners(0, signal);
    const part: Cell = { ...cell, signal, ...(options.muted ? MUTED : {}) };
    const stop = (reason: unknown): void => {
      cell.signal.removeEventListener("abort", interrupted);
      abort.abort(reason);
      // Not before the thread is free: a chain of promises goes on after an abort, and only the eye from outside ends it.
      setImmediate(() => {
        running.delete(part);
        watchLongest();
      });
    };
    const interrupted = (): void => stop(cell.signal.reason);
    known.set(part, options);
    began(part, cell);
    running.set(part, { options, abort });
    watchLongest();
    if (cell.signal.aborted) interrupted();
    else cell.signal.addEventListener("abort", interrupted, { once: true });
    return { signal, run: (work) => runForeign(part, work), stop };
  }

  return {
    start,
    held() {
      for (const { options, abort } of running.values()) abort.abort(new HeldError(options.holdMs));
    },
    optionsOf: (cell) => known.get(cell),
    running: () => [...running.values()].at(-1)?.options,
  };
}
