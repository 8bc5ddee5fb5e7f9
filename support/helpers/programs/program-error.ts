import { SupportError } from "../errors/support-error.ts";

/** What can keep a lesson's program from giving its output. */
export type ProgramErrorCode = "NO_PYTHON" | "TIME_LIMIT" | "OUTPUT_LIMIT";

/**
 * A lesson's program could not be run to its end. That the program itself failed is no such error: its traceback or its
 * exit status is what many a lesson wants to show. `value` is a path, a limit in ms, or a limit in characters.
 */
export class ProgramError extends SupportError {
  declare readonly code: ProgramErrorCode;

  constructor(code: ProgramErrorCode, message: string, value: unknown) {
    super(code, message, value);
  }
}
