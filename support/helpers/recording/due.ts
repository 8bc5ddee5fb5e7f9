/** How far the clock of timers lies behind `performance.now()`, in ms: the least that was seen, as each look comes late. */
let timersBehind = Number.POSITIVE_INFINITY;

function startOf(timer: object): number | undefined {
  return "_idleStart" in timer && typeof timer._idleStart === "number" ? timer._idleStart : undefined;
}

/** Looks how far the clock of timers lies behind. The look is sharp where the loop's round has just begun. */
function compareClocks(): void {
  const probe = setTimeout(() => {}, 1);
  clearTimeout(probe);
  const start = startOf(probe);
  if (start !== undefined && start >= 0) timersBehind = Math.min(timersBehind, performance.now() - start);
}

setTimeout(compareClocks, 1).unref();

/**
 * What calls back: a timer that somebody waits for, the loop's next round; or input and all that a library does on its own
 * account, of which nobody can say for whom.
 */
export type Cause = "timer" | "round" | "other";

/** @param resource what runs, as `executionAsyncResource` gives it */
export function causeOf(resource: object): Cause {
  if (startOf(resource) !== undefined) return isWaitedFor(resource) ? "timer" : "other";
  return resource.constructor?.name === "Immediate" ? "round" : "other";
}

/** A timer that does not keep the process alive is a library's own. */
function isWaitedFor(timer: object): boolean {
  return "hasRef" in timer && typeof timer.hasRef === "function" && timer.hasRef() === true;
}

/**
 * When a timer that calls back now was due, by the clock of timers. Node's timers tell it, though not in their documentation; if
 * they should stop, nothing is said.
 */
export function dueByTimers(timer: object, now: number): number | undefined {
  const start = startOf(timer);
  if (start === undefined || !("_idleTimeout" in timer) || typeof timer._idleTimeout !== "number")
    return undefined;
  const due = start + timer._idleTimeout;
  timersBehind = Math.min(timersBehind, now - due);
  return due;
}

/** A time of the clock of timers in ms of `performance.now()`, as well as is known by now: each timer's call tells more. */
export function fromTimers(time: number): number {
  return time + timersBehind;
}

/** When a timer that calls back now was due, in ms of `performance.now()`. */
export function dueAt(timer: object, now: number): number | undefined {
  const due = dueByTimers(timer, now);
  return due === undefined ? undefined : fromTimers(due);
}
