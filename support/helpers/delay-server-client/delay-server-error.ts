import { SupportError } from "../errors/support-error.ts";

/** A lesson could not get a delay server, or was refused by it. `value` is what was found instead. */
export class DelayServerError extends SupportError {
  constructor(message: string, value: unknown) {
    super("NO_DELAY_SERVER", message, value);
  }
}
