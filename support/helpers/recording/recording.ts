import { textOf } from "../errors/text-of.ts";

/** A stretch of time during which a task held the thread, in lesson seconds from the start of the recording. */
export interface Slice {
  start: number;
  end: number;
}

/**
 * A wait of a task for something that a recording knows. What a task waits for beside that, such as input or a timer of the
 * reader's own, can't be seen, and is not guessed.
 */
export interface Wait {
  /** What it waited for: the name of a task, or words such as `an item of a queue`. */
  what: string;
  /** The index of that task in `Recording.tasks`; null when it is none of them. */
  task: number | null;
  start: number;
  /** When what it waited for was settled; null when that had not happened by the end of the recording. */
  end: number | null;
}

/** A moment in which what one task did let another one go on, or ended it. */
export interface Wake {
  /** The index of the task that did it; null when the recorded function did. */
  by: number | null;
  at: number;
}

/** How late the loop came to a timer of the recording's own, looked at again and again. Lesson seconds. */
export interface LoopDelay {
  /** How much time lay between a look and the next one that was due: what was shorter may have been missed. */
  every: number;
  /** In order; `due` from the start of the recording, `late` by how much the look was later, to about 1 ms. */
  looks: { due: number; late: number }[];
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
  /** When the task held the thread, in order and without overlap. */
  cpu: Slice[];
  /**
   * When it could have gone on and another held the thread: its timer was due, or the promise that it awaited was settled.
   * In order, and without overlap, also with `cpu`. Since when input was there the runtime does not tell. What is left
   * between these and `cpu` is waiting.
   */
  ready: Slice[];
  /** Where it was started: `In [3], line 2`; null outside a cell, and after the first thousand. */
  line: string | null;
  /** What it waited for, in the order in which the waits began; waits for several things at once overlap. */
  waits: Wait[];
  /** When other tasks let it go on. */
  wakes: Wake[];
  /** What aborted it: the index of a task, or null for the recorded function; undefined when it was not or nobody knows. */
  abortedBy?: number | null;
}

/**
 * Which form the plain data of a recording has. It goes up when a field changes its meaning or goes, so that who is given a
 * recording from elsewhere can tell.
 */
export const RECORDING_VERSION = 1;

/** What {@link record} returns: plain data, times in lesson seconds from its start. */
export interface RecordingOf<T> {
  /** {@link RECORDING_VERSION} of the helpers that made it. */
  version: number;
  /** The process and the thread that made it, as the system and Node number them. */
  process: number;
  thread: number;
  /** What the recorded function returned; undefined when it threw. */
  value: T | undefined;
  /** What the recorded function threw or rejected with; undefined when it did not. */
  error: unknown;
  /** True when the recorded function returned. */
  ok: boolean;
  /** The start, in ms since 1970: the clock that all threads and processes of a computer share. */
  startedAt: number;
  /** When the recorded function itself was settled. */
  settled: number;
  /** From the start to the end of the last task or of the recorded function, whichever is later. */
  makespan: number;
  /** In the order of their starts. */
  tasks: RecordedTask[];
  /** When the recorded function held the thread itself, outside its tasks. */
  cpu: Slice[];
  /** What the recorded function itself waited for. */
  waits: Wait[];
  loopDelay: LoopDelay;
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
