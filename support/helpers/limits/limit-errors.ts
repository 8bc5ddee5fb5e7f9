import { ArgumentError, SupportError } from "../errors/support-error.ts";

/**
 * @param what the limit's name, for the message
 * @param least the smallest limit that makes sense
 * @throws ArgumentError
 */
export function checkLimit(what: string, value: number, least: number): void {
  const countable = Number.isSafeInteger(value) || value === Number.POSITIVE_INFINITY;
  if (countable && value >= least) return;
  throw new ArgumentError("BAD_LIMIT", what, value, `a whole number from ${least} upwards, or Infinity`);
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
 * `value` has the items of the failed jobs. `cause` is there when something ended the pool early: the first failure, or the
 * reason of the signal.
 */
export class JobsFailedError extends SupportError {
  readonly errors: readonly unknown[];
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
    const message = `${what}${how}; look at errors for the reasons`;
    super(
      "JOBS_FAILED",
      message,
      failures.map(({ item }) => item),
      early && { cause: early.reason },
    );
    // Copies: what is told of a pool does not change while its source is still closing.
    this.errors = [...reasons];
    this.failures = [...failures];
  }
}
