import { textOf } from "../errors/text-of.ts";

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

/** A job of a pool that failed. */
export interface JobFailure {
  /** What it was to work on. */
  readonly item: unknown;
  /** What it threw or rejected with. */
  readonly reason: unknown;
}

/**
 * More went wrong in a pool than one error can say. `failures` has the jobs that failed, each with its item, in the order
 * in which they failed; `errors` has their reasons and those of the source and of the callbacks, in the same order.
 * `cause` is there when something ended the pool early: the first failure, or the reason of the signal.
 */
export class JobsFailedError extends AggregateError {
  override readonly name = "JobsFailedError";
  readonly code = "JOBS_FAILED";
  readonly failures: readonly JobFailure[];

  /**
   * @param reasons all that went wrong
   * @param failures those of jobs
   * @param ended how many jobs have ended in all
   * @param early what ended the pool early, if anything did
   */
  constructor(
    reasons: readonly unknown[],
    failures: readonly JobFailure[],
    ended: number,
    early?: { readonly reason: unknown },
  ) {
    const what = `${failures.length} of ${ended} jobs failed`;
    const how = early === undefined ? "" : ", and the pool was ended early (see cause)";
    super(reasons, `${what}${how}; look at errors for the reasons`, early && { cause: early.reason });
    this.failures = failures;
  }
}
