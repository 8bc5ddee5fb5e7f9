/** What can keep a lesson's Python from giving its output. */
export type PythonErrorCode = "NO_PYTHON" | "BAD_TIME_LIMIT" | "TIME_LIMIT" | "OUTPUT_LIMIT";

/**
 * A lesson's Python could not be run to its end. That the Python code itself failed is no such error: its traceback is
 * what many a lesson wants to show.
 */
export class PythonError extends Error {
  override readonly name = "PythonError";
  readonly code: PythonErrorCode;
  /** The offending value: a path, a limit in ms, or a limit in characters. */
  readonly value: unknown;

  constructor(code: PythonErrorCode, message: string, value: unknown) {
    super(message);
    this.code = code;
    this.value = value;
  }
}
