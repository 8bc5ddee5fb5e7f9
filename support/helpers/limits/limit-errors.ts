import { textOf } from "../display/text.ts";

/** A number that can't be a limit. */
export class LimitError extends RangeError {
  override readonly name = "LimitError";
  readonly code = "BAD_LIMIT";
  readonly value: unknown;

  constructor(what: string, value: unknown, least: number) {
    super(`${what} is ${textOf(value)}; give a whole number from ${least} upwards, or Infinity`);
    this.value = value;
  }
}

/**
 * @param what the limit's name, for the message
 * @param least the smallest limit that makes sense
 * @throws LimitError
 */
export function checkLimit(what: string, value: number, least: number): void {
  const countable = Number.isSafeInteger(value) || value === Number.POSITIVE_INFINITY;
  if (!(countable && value >= least)) throw new LimitError(what, value, least);
}

/** Some jobs of a pool failed, and all others were done. `errors` has the reasons, in the order of the failures. */
export class JobsFailedError extends AggregateError {
  override readonly name = "JobsFailedError";
  readonly code = "JOBS_FAILED";

  constructor(reasons: readonly unknown[], ended: number) {
    super(reasons, `${reasons.length} of ${ended} jobs failed; look at errors for the reasons`);
  }
}
