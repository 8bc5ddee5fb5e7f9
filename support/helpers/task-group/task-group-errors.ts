import { SupportError } from "../errors/support-error.ts";
import { textOf } from "../errors/text-of.ts";

/** One who failed in a task group, and why. */
export interface TaskFailure {
  /** The name that the task was started with; `the block` for the function that started the group. */
  readonly name: string;
  /** What it threw or rejected with. */
  readonly reason: unknown;
}

/**
 * Tasks of a group failed: one or more, always in this form, so that a program that handles one failure handles two.
 * `failures` has all of them with their names, in the order in which they failed, and `errors` their reasons in the same
 * order. `cause` is there when the group was cancelled from outside as well: the reason of its signal.
 *
 * It is the language's `AggregateError`, which programs look for, with the `code` and `value` of the helpers' errors.
 * `value` has the names.
 */
export class TaskGroupError extends AggregateError {
  override readonly name = "TaskGroupError";
  readonly code = "TASKS_FAILED";
  readonly value: readonly string[];
  readonly failures: readonly TaskFailure[];

  constructor(failures: readonly TaskFailure[], options?: ErrorOptions) {
    const said = failures.map(({ name, reason }) => `${name} (${textOf(reason)})`);
    super(
      failures.map(({ reason }) => reason),
      `${said.length} in the task group failed: ${said.join(", ")}`,
      options,
    );
    this.failures = failures;
    this.value = failures.map(({ name }) => name);
  }
}

/**
 * What the tasks of a group are told when another one has failed. Its name and code are those of Node's own `AbortError`,
 * so that a task that ends with it counts as cancelled: it is another one that failed. `value` is the name of that one,
 * `cause` what it failed with.
 */
export class CancelledByError extends SupportError {
  constructor({ name, reason }: TaskFailure) {
    super("ABORT_ERR", `${name} failed`, name, { cause: reason });
    this.name = "AbortError";
  }
}

/** A task group is over: nothing can be started in it any more. `value` is the name of the task that came too late. */
export class TaskGroupClosedError extends SupportError {
  constructor(name: string) {
    super(
      "GROUP_CLOSED",
      `${name} was started in a task group that is over; start it before the block and its tasks have ended`,
      name,
    );
  }
}
