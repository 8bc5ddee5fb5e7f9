import { textOf } from "./text-of.ts";

/** What every error of the helpers is: its class says what went wrong, `code` says it to a program. */
export class SupportError extends Error {
  readonly code: string;
  /** The offending value. */
  readonly value: unknown;

  /** @param message what is wrong, and what to do */
  constructor(code: string, message: string, value: unknown, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.value = value;
  }
}

function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  return typeof value === "function" ? "a function" : textOf(value);
}

/** A call or a setting was given something that it can't work with. `code` says what kind of thing: `BAD_DURATION`, … */
export class ArgumentError extends SupportError {
  /**
   * @param what the argument, as in "the limit of a semaphore"
   * @param wanted what to give, as in "a whole number from 1 upwards"
   */
  constructor(code: string, what: string, value: unknown, wanted: string) {
    super(code, `${what} is ${shown(value)}; give ${wanted}`, value);
  }
}
