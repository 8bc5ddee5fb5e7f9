import { textOf } from "../errors/text-of.ts";

/** A stretch of time during which a task held the thread, in lesson seconds from the start of the recording. */
export interface Slice {
  start: number;
  end: number;
}

/** How a task ended; `running` when it had not ended by the time the recording did. */
export type Outcome = "result" | "error" | "cancelled" | "running";

/** An error as plain data. */
export interface PlainError {
  name: string;
  message: string;
}

/** One task of a recording. Times are lesson seconds from the start of the recording. */
export interface RecordedTask {
  name: string;
  /** The index of the task that started this one in `Recording.tasks`; null when the recorded function did. */
  parent: number | null;
  start: number;
  /** Where the recording ended, for a task that was still running then. */
  end: number;
  outcome: Outcome;
  /** For the outcomes `error` and `cancelled`. */
  error: PlainError | null;
  /** When the task held the thread, in order and without overlap. Between these it was suspended. */
  cpu: Slice[];
}

/** What {@link record} returns: plain data, times in lesson seconds from its start. */
export interface RecordingOf<T> {
  /** What the recorded function returned; undefined when it threw. */
  value: T | undefined;
  /** What the recorded function threw or rejected with; undefined when it did not. */
  error: unknown;
  /** True when the recorded function returned. */
  ok: boolean;
  /** When the recorded function itself was settled. */
  settled: number;
  /** From the start to the end of the last task or of the recorded function, whichever is later. */
  makespan: number;
  /** In the order of their starts. */
  tasks: RecordedTask[];
  /** When the recorded function held the thread itself, outside its tasks. */
  cpu: Slice[];
}

/** {@link RecordingOf} a run that may have failed: `ok` tells which, also to the type checker. */
export type Recording<T> = RecordingOf<T> & ({ ok: true; value: T } | { ok: false; value: undefined });

const CANCELLED_NAMES = new Set(["AbortError", "CanceledError"]);
const CANCELLED_CODES = new Set(["ABORT_ERR", "UND_ERR_ABORTED"]);

/** Anything thrown, as plain data: the name and the message, whatever it was. */
export function plainError(reason: unknown): PlainError {
  try {
    if (reason instanceof Error) return { name: textOf(reason.name), message: textOf(reason.message) };
  } catch {
    // Its name or message can't be had; what can be said of it follows.
  }
  return { name: typeof reason, message: textOf(reason) };
}

/**
 * Tells a cancelled task from a failed one by what it rejected with: an `AbortError` as Node and undici throw it, or
 * the time-out that `AbortSignal.timeout` aborts with.
 */
export function isCancellation(reason: unknown): boolean {
  try {
    return saysCancelled(reason);
  } catch {
    // What can't even be asked for its name is no cancellation.
    return false;
  }
}

function saysCancelled(reason: unknown): boolean {
  if (!(reason instanceof Error)) return false;
  if (CANCELLED_NAMES.has(reason.name)) return true;
  if (reason instanceof DOMException) return reason.name === "TimeoutError";
  return "code" in reason && typeof reason.code === "string" && CANCELLED_CODES.has(reason.code);
}
