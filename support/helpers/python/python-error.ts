import { SupportError } from "../errors/support-error.ts";

/** What can keep a lesson's Python from giving its output. */
export type PythonErrorCode = "NO_PYTHON" | "TIME_LIMIT" | "OUTPUT_LIMIT";

/**
 * A lesson's Python could not be run to its end. That the Python code itself failed is no such error: its traceback is
 * what many a lesson wants to show. `value` is a path, a limit in ms, or a limit in characters.
 */
export class PythonError extends SupportError {
  declare readonly code: PythonErrorCode;

  constructor(code: PythonErrorCode, message: string, value: unknown) {
    super(code, message, value);
  }
}
