import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate as immediate } from "node:timers/promises";
import { promiseHooks } from "node:v8";
import { HeldError, startTrialInCell, type Trial } from "../cell/cell.ts";
import { LESSON_SECOND_MS } from "../clock/scale.ts";
import { SupportError } from "../errors/support-error.ts";

/** How much an answer may use. */
export interface Budget {
  /** Lesson seconds until it has ended. */
  seconds: number;
  /** How long it may hold the thread without a pause, in ms. */
  holdMs: number;
  /** How many times it may go on: after an `await`, or in a `then`. */
  steps: number;
}

/** An answer used more than it may; the words say of what. */
export class BudgetError extends SupportError {
  readonly kind: "seconds" | "hold" | "steps";

  constructor(kind: "seconds" | "hold" | "steps", message: string) {
    super("BUDGET_USED", message, kind);
    this.kind = kind;
  }
}

/** What came of running something within a budget. */
export interface Spent<T> {
  /** Its value; an error, when it failed or used up its budget. */
  end: { ok: true; value: T } | { ok: false; error: unknown };
  steps: number;
  /** What failed in it and nobody awaited. */
  unheard: unknown[];
}

const within = new AsyncLocalStorage<{ steps: number; left: () => void; most: number }>();

/** Whether the running code is one that runs within a budget, or was started by one. */
export const isWithinBudget = (): boolean => within.getStore() !== undefined;

/** Counts how often code goes on that belongs to a budget. */
function countSteps(): () => void {
  const stop: unknown = promiseHooks.onBefore(() => {
    const mine = within.getStore();
    if (mine === undefined) return;
    mine.steps += 1;
    if (mine.steps === mine.most) mine.left();
  });
  return () => {
    if (typeof stop === "function") stop();
  };
}

/** Where our kernel is not, nothing frees a thread that is held. */
function plainTrial(): Trial {
  const abort = new AbortController();
  const stopped = new Promise<never>((_resolve, reject) => {
    abort.signal.addEventListener("abort", () => reject(abort.signal.reason), { once: true });
  });
  stopped.catch(() => {});
  return {
    signal: abort.signal,
    run: async (work) => Promise.race([work(), stopped]),
    stop: (reason) => abort.abort(reason),
  };
}

/** A reason that a signal was aborted for, told in the budget's words. */
function spent(reason: unknown, holdMs: number): unknown {
  if (!(reason instanceof HeldError)) return reason;
  return new BudgetError("hold", `it held the thread for over ${holdMs} ms without a pause`);
}

/**
 * Runs something that may loop, chain, hang, fail or leave things running, and comes back with what became of it. It does not
 * throw. What the work has left running is stopped at its end.
 *
 * Cancellation: an interrupt of the cell stops it.
 *
 * @param muted whether what it prints is left out
 * @param work is given a signal that is aborted when the budget is used up
 */
export async function runWithin<T>(
  { seconds, holdMs, steps }: Budget,
  muted: boolean,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<Spent<T>> {
  const unheard: unknown[] = [];
  const hear = (reason: unknown): void => {
    unheard.push(reason);
  };
  const trial = startTrialInCell({ holdMs, muted, unhandled: hear }) ?? plainTrial();
  const tooLong = (): void =>
    trial.stop(new BudgetError("seconds", `it has not ended after ${seconds} seconds`));
  const tooOften = (): void => trial.stop(new BudgetError("steps", `it went on ${steps} times`));
  const timer = setTimeout(tooLong, seconds * LESSON_SECOND_MS);
  const count = { steps: 0, most: steps, left: tooOften };
  const stopCounting = countSteps();
  const done = (end: Spent<T>["end"]): Spent<T> => ({ end, steps: count.steps, unheard });
  try {
    const value = await trial.run(() => within.run(count, () => work(trial.signal)));
    return done({ ok: true, value });
  } catch (error) {
    return done({ ok: false, error: trial.signal.aborted ? spent(trial.signal.reason, holdMs) : error });
  } finally {
    clearTimeout(timer);
    stopCounting();
    trial.stop(new Error("the trial is over"));
    // The eye on the thread closes in a turn of its own: what comes next may take long, as the first picture does.
    await immediate();
  }
}
