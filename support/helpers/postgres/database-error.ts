import { SupportError } from "../errors/support-error.ts";

/** What can keep a lesson from its database. */
export type DatabaseErrorCode =
  | "NO_BINARIES"
  | "NO_ACCOUNT"
  | "NOT_STARTED"
  | "BAD_DATABASE_URL"
  | "NOT_REACHED";

/**
 * A lesson could not get a database. `value` is a platform, an address without its password, or what the program said
 * last.
 */
export class DatabaseError extends SupportError {
  declare readonly code: DatabaseErrorCode;
  declare readonly value: string;

  constructor(code: DatabaseErrorCode, message: string, value: string) {
    super(code, message, value);
  }
}

const CODES: readonly string[] = [
  "NO_BINARIES",
  "NO_ACCOUNT",
  "NOT_STARTED",
  "BAD_DATABASE_URL",
  "NOT_REACHED",
];

/** Whether something is one of the codes of a {@link DatabaseError}. */
export function isDatabaseErrorCode(code: unknown): code is DatabaseErrorCode {
  return typeof code === "string" && CODES.includes(code);
}
