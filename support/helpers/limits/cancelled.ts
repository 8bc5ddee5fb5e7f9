const CODES: readonly unknown[] = ["ABORT_ERR", "UND_ERR_ABORTED"];

function says(signal: AbortSignal, reason: unknown): boolean {
  if (reason === signal.reason) return true;
  if (typeof reason !== "object" || reason === null) return false;
  // Several errors in one tell of failures, even when their cause is that everything was told to stop.
  if ("errors" in reason) return false;
  if ("cause" in reason && reason.cause !== undefined && reason.cause === signal.reason) return true;
  if ("name" in reason && reason.name === "AbortError") return true;
  return "code" in reason && CODES.includes(reason.code);
}

/**
 * Whether work that was told to stop says that it stopped, and not that something went wrong: it rejected with the
 * signal's reason, with a single error that has it as its cause, or with an `AbortError` as Node and undici have it.
 */
export function stoppedBy(signal: AbortSignal, reason: unknown): boolean {
  try {
    return signal.aborted && says(signal, reason);
  } catch {
    // What can't be asked for its name doesn't say so.
    return false;
  }
}
