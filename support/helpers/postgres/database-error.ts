/** What can keep a lesson from its database. */
export type DatabaseErrorCode =
  | "NO_BINARIES"
  | "NO_ACCOUNT"
  | "NOT_STARTED"
  | "BAD_DATABASE_URL"
  | "NOT_REACHED";

/** A lesson could not get a database. */
export class DatabaseError extends Error {
  override readonly name = "DatabaseError";
  readonly code: DatabaseErrorCode;
  /** The offending value: a platform, an address without its password, or what the program said last. */
  readonly value: string;

  constructor(code: DatabaseErrorCode, message: string, value: string) {
    super(message);
    this.code = code;
    this.value = value;
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
